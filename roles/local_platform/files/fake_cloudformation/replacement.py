# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a change of a property can be made in place.

The schemas say what cannot (createOnlyProperties) and what depends (conditionalCreateOnlyProperties). The tables here decide
the latter, and what depends on a resource's UpdatePolicy. Sources: "Update requires" in each type's reference, and
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_cloudformation.functions import causes_of
from fake_cloudformation.schemas import ResourceType
from fake_cloudformation.schemas import flattened

Decision = Callable[[Any, Any], bool]


def _never(_before: Any, _after: Any) -> bool:
    return False


def _always(_before: Any, _after: Any) -> bool:
    return True


def _unless_removed(_before: Any, after: Any) -> bool:
    return after is not None


def _other_engine(before: Any, after: Any) -> bool:
    return str(before).partition("-")[0] != str(after).partition("-")[0]


def _switched_off(_before: Any, after: Any) -> bool:
    return after is not True


def _from_default(before: Any, _after: Any) -> bool:
    return before in (None, "default")


CONDITIONAL: dict[str, dict[str, Decision]] = {
    "AWS::EC2::VPC": {"InstanceTenancy": _from_default},
    "AWS::ElastiCache::ReplicationGroup": {"AuthToken": _never},
    "AWS::OpenSearchService::Domain": {
        "EncryptionAtRestOptions/Enabled": _switched_off,
        "EncryptionAtRestOptions/KmsKeyId": _always,
        "AdvancedSecurityOptions/Enabled": _switched_off,
    },
    "AWS::RDS::DBInstance": {
        "AutoMinorVersionUpgrade": _never,
        "AvailabilityZone": _always,
        "BackupRetentionPeriod": _never,
        "DBClusterSnapshotIdentifier": _always,
        "DBParameterGroupName": _never,
        # Removing the snapshot's name makes an empty database; removing the source promotes the replica.
        "DBSnapshotIdentifier": _always,
        "Engine": _other_engine,
        "MultiAZ": _never,
        "PerformanceInsightsKMSKeyId": _always,
        "PreferredMaintenanceWindow": _never,
        "RestoreTime": _unless_removed,
        "SourceDBClusterIdentifier": _unless_removed,
        "SourceDBInstanceAutomatedBackupsArn": _unless_removed,
        "SourceDBInstanceIdentifier": _unless_removed,
        "SourceDbiResourceId": _unless_removed,
        "UseLatestRestorableTime": _unless_removed,
    },
}
# type: property: the UpdatePolicy without which a change replaces.
BY_UPDATE_POLICY = {
    "AWS::ElastiCache::ReplicationGroup": {"NumNodeGroups": "UseOnlineResharding", "NodeGroupConfiguration": "UseOnlineResharding"},
    "AWS::Elasticsearch::Domain": {"ElasticsearchVersion": "EnableVersionUpgrade"},
    "AWS::OpenSearchService::Domain": {"EngineVersion": "EnableVersionUpgrade"},
}


def changed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Leaves that differ, by path: (before, after), None for what is not there."""
    old, new = dict(flattened(before)), dict(flattened(after))
    return {path: (old.get(path), new.get(path)) for path in sorted({*old, *new}) if path and old.get(path) != new.get(path)}


def plan_words(kind: ResourceType, path: str, update_policy: dict[str, Any]) -> str:
    """What a change set says of the path: Never, Conditionally or Always."""
    name = kind.schema["typeName"]
    wanted = BY_UPDATE_POLICY.get(name, {}).get(path.split("/")[0])
    if wanted:
        return "Never" if _is_true(update_policy.get(wanted)) else "Always"
    if any(_covers(own, path) for own in kind.create_only):
        return "Always"
    return "Conditionally" if any(_covers(own, path) for own in kind.conditional) else "Never"


def replaces(kind: ResourceType, path: str, before: Any, after: Any, update_policy: dict[str, Any]) -> bool:
    """What the execution does with the path."""
    words = plan_words(kind, path, update_policy)
    if words != "Conditionally":
        return words == "Always"
    decide = CONDITIONAL.get(kind.schema["typeName"], {}).get(path, _never)
    return bool(causes_of(after)) or decide(before, after)


def _covers(own: str, path: str) -> bool:
    own = own.split("/*")[0]
    return path == own or path.startswith(f"{own}/") or own.startswith(f"{path}/")


def _is_true(value: Any) -> bool:
    return value is True or str(value).lower() == "true"

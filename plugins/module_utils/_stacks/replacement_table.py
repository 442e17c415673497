# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What the resource schemas leave open: conditional properties, changes that restart, and what an UpdatePolicy decides.

Rows are read from the top, the first that fits counts. The resource reference of CloudFormation ("Update requires") is the source where none other is named.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Change:
    """The values of the property, and the whole properties of the resource, before and after; its UpdatePolicy."""

    old: Any
    new: Any
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    update_policy: Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """`action`: update | restart | replace. `when`: `condition` in words, for the table in the docs."""

    type: str
    property: str
    condition: str
    action: str
    source: str
    when: Callable[[Change], bool]


REFERENCE = "resource reference"
PROVIDER = "AWS's open RDS resource provider"
DATABASE = "AWS::RDS::DBInstance"
CLUSTER = "AWS::RDS::DBCluster"
SEARCH = "AWS::OpenSearchService::Domain"
CACHE = "AWS::ElastiCache::ReplicationGroup"
BROKERS = "AWS::MSK::Cluster"
QUEUE = "AWS::AmazonMQ::Broker"
# Mirroring, the reason why the schema calls MultiAZ conditional, is SQL Server's.
OPEN_ENGINES = ("postgres", "mysql", "mariadb")


def _always(change: Change) -> bool:
    return True


def _policy(name: str) -> Callable[[Change], bool]:
    return lambda change: change.update_policy.get(name) is True


def _open_engine(change: Change) -> bool:
    return change.before.get("Engine") in OPEN_ENGINES and change.after.get("Engine", change.before.get("Engine")) in OPEN_ENGINES


def _crosses_zero(change: Change) -> bool:
    return (str(change.old) == "0") != (str(change.new) == "0")


def _is_number(change: Change) -> bool:
    return str(change.new).isdigit() and (change.old is None or str(change.old).isdigit())


def _not_empty(change: Change) -> bool:
    return bool(change.new) and isinstance(change.new, str | Mapping)


def _switched_on(change: Change) -> bool:
    return str(change.new).lower() == "true" and str(change.old).lower() in ("none", "false")


def _new_engine(change: Change) -> bool:
    return all(str(side.get("EngineVersion", "")).startswith("OpenSearch_") for side in (change.before, change.after))


def _encryption_switched_on(change: Change) -> bool:
    had, has = (side.get("EncryptionAtRestOptions") or {} for side in (change.before, change.after))
    return _new_engine(change) and str(had.get("Enabled")).lower() in ("none", "false") and str(has.get("Enabled")).lower() == "true"


ROWS = (
    # Origins of a database: its data would be those of the origin again.
    *(
        Row(DATABASE, name, "always", "replace", PROVIDER, _always)
        for name in (
            "DBClusterSnapshotIdentifier", "DBSnapshotIdentifier", "RestoreTime", "SourceDBClusterIdentifier", "SourceDBInstanceAutomatedBackupsArn",
            "SourceDBInstanceIdentifier", "SourceDbiResourceId", "UseLatestRestorableTime",
        )
    ),
    Row(DATABASE, "AvailabilityZone", "always", "replace", REFERENCE, _always),
    Row(DATABASE, "Engine", "always", "replace", REFERENCE, _always),
    Row(DATABASE, "PerformanceInsightsKMSKeyId", "always", "replace", REFERENCE, _always),
    Row(DATABASE, "AutoMinorVersionUpgrade", "always", "update", REFERENCE, _always),
    Row(DATABASE, "PreferredMaintenanceWindow", "always", "update", REFERENCE, _always),
    Row(DATABASE, "MultiAZ", "engine is PostgreSQL, MySQL or MariaDB", "update", REFERENCE, _open_engine),
    Row(DATABASE, "BackupRetentionPeriod", "to or from 0", "restart", "RDS guide, backup retention", lambda one: _is_number(one) and _crosses_zero(one)),
    Row(DATABASE, "BackupRetentionPeriod", "between numbers above 0", "update", REFERENCE, _is_number),
    Row(DATABASE, "DBParameterGroupName", "to a group that is named", "restart", PROVIDER, _not_empty),
    *(
        Row(DATABASE, name, "always", "restart", REFERENCE, _always)
        for name in ("CACertificateIdentifier", "DBInstanceClass", "EngineVersion", "OptionGroupName")
    ),
    Row(CLUSTER, "AvailabilityZones", "always", "replace", REFERENCE, _always),
    Row(CLUSTER, "Engine", "always", "replace", REFERENCE, _always),
    Row(CLUSTER, "MasterUsername", "always", "replace", REFERENCE, _always),
    Row(CLUSTER, "EngineVersion", "always", "restart", REFERENCE, _always),
    Row(CACHE, "NumNodeGroups", "UpdatePolicy UseOnlineResharding", "update", "CloudFormation guide, UpdatePolicy", _policy("UseOnlineResharding")),
    Row(CACHE, "NumNodeGroups", "otherwise", "replace", "CloudFormation guide, UpdatePolicy", _always),
    Row(CACHE, "NodeGroupConfiguration", "UpdatePolicy UseOnlineResharding", "update", "CloudFormation guide, UpdatePolicy", _policy("UseOnlineResharding")),
    Row(CACHE, "NodeGroupConfiguration", "otherwise", "replace", "CloudFormation guide, UpdatePolicy", _always),
    Row(SEARCH, "EngineVersion", "UpdatePolicy EnableVersionUpgrade", "update", "CloudFormation guide, UpdatePolicy", _policy("EnableVersionUpgrade")),
    Row(SEARCH, "EngineVersion", "otherwise", "replace", "CloudFormation guide, UpdatePolicy", _always),
    Row(SEARCH, "EncryptionAtRestOptions", "switched on, OpenSearch engine", "update", REFERENCE, _encryption_switched_on),
    Row(SEARCH, "EncryptionAtRestOptions.Enabled", "otherwise", "replace", REFERENCE, _always),
    Row(SEARCH, "EncryptionAtRestOptions.KmsKeyId", "otherwise", "replace", REFERENCE, _always),
    Row(SEARCH, "AdvancedSecurityOptions.Enabled", "switched on, OpenSearch engine", "update", REFERENCE, lambda one: _new_engine(one) and _switched_on(one)),
    Row(SEARCH, "AdvancedSecurityOptions.Enabled", "otherwise", "replace", REFERENCE, _always),
    *(
        Row(BROKERS, name, "always", "restart", "MSK guide, update operations", _always)
        for name in ("BrokerNodeGroupInfo.InstanceType", "ConfigurationInfo", "KafkaVersion")
    ),
    *(Row(QUEUE, name, "always", "restart", REFERENCE, _always) for name in ("Configuration", "EngineVersion", "HostInstanceType")),
    Row("AWS::DynamoDB::Table", "KeySchema", "always", "replace", REFERENCE, _always),
    Row("AWS::EC2::Subnet", "Ipv6CidrBlock", "added", "update", REFERENCE, lambda change: change.old is None),
    Row("AWS::EC2::Subnet", "Ipv6CidrBlock", "otherwise", "replace", REFERENCE, _always),
    Row("AWS::EC2::VPC", "InstanceTenancy", "dedicated to default", "update", REFERENCE, lambda change: (change.old, change.new) == ("dedicated", "default")),
    Row("AWS::EC2::VPC", "InstanceTenancy", "otherwise", "replace", REFERENCE, _always),
    Row("AWS::Events::Rule", "EventBusName", "always", "replace", REFERENCE, _always),
)  # fmt: skip

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Deletes single resources that hold data, which a stack's deletion would leave in the account."""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws.session import AwsError
from ansible_collections.llmops.platform.plugins.module_utils._stacks import unprotecting
from ansible_collections.llmops.platform.plugins.module_utils._stacks.following import pause
from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import CallError
from ansible_collections.llmops.platform.plugins.module_utils._teardown import looking
from ansible_collections.llmops.platform.plugins.module_utils._teardown.policy import KEY_WINDOW
from ansible_collections.llmops.platform.plugins.module_utils._teardown.policy import KEYS

# {type: (operation, parameter of the identifier, further arguments)}, by the services' API references. No final snapshot: ours is verified already.
WAYS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "AWS::AmazonMQ::Broker": ("DeleteBroker", "BrokerId", {}),
    "AWS::DynamoDB::Table": ("DeleteTable", "TableName", {}),
    "AWS::ECR::Repository": ("DeleteRepository", "repositoryName", {"force": True}),
    "AWS::EFS::FileSystem": ("DeleteFileSystem", "FileSystemId", {}),
    "AWS::ElastiCache::ReplicationGroup": ("DeleteReplicationGroup", "ReplicationGroupId", {"RetainPrimaryCluster": False}),
    "AWS::ElastiCache::ServerlessCache": ("DeleteServerlessCache", "ServerlessCacheName", {}),
    "AWS::KMS::Key": ("ScheduleKeyDeletion", "KeyId", {"PendingWindowInDays": KEY_WINDOW}),
    "AWS::KMS::ReplicaKey": ("ScheduleKeyDeletion", "KeyId", {"PendingWindowInDays": KEY_WINDOW}),
    "AWS::MSK::Cluster": ("DeleteCluster", "ClusterArn", {}),
    "AWS::OpenSearchService::Domain": ("DeleteDomain", "DomainName", {}),
    "AWS::RDS::DBCluster": ("DeleteDBCluster", "DBClusterIdentifier", {"SkipFinalSnapshot": True}),
    "AWS::RDS::DBInstance": ("DeleteDBInstance", "DBInstanceIdentifier", {"SkipFinalSnapshot": True, "DeleteAutomatedBackups": False}),
    "AWS::S3::Bucket": ("DeleteBucket", "Bucket", {}),
    # With the window of recovery that the service has by default, 30 days.
    "AWS::SecretsManager::Secret": ("DeleteSecret", "SecretId", {"RecoveryWindowInDays": 30}),
}
# KMS and Secrets Manager only set a date.
WAITED = {kind for kind in WAYS if kind not in KEYS and kind != "AWS::SecretsManager::Secret"}
PAGE = 1000


class Remover:
    """`deadline`: seconds until a deleted resource is gone."""

    def __init__(
        self,
        calls: Any,
        say: Callable[[str], Any],
        deadline: float,
        poll: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Any] = time.sleep,
    ) -> None:
        self._calls, self._say, self._deadline, self._poll, self._clock, self._sleep = calls, say, deadline, poll, clock, sleep

    def remove(self, row: Mapping[str, Any], unprotect: bool, check: bool) -> dict[str, Any]:
        """`{stack, region, resource, type, id, action, note}`; action: deleted, scheduled, unprotected (a control plane) or absent. Raises AwsError."""
        kind, region, identifier = row["type"], row["region"], row["id"]
        table = {key: row[key] for key in ("stack", "region", "resource", "type", "id")} | {"note": ""}
        thing = looking.look(self._calls, kind, region, identifier)
        if thing is None or _going(kind, thing):
            if thing is not None and kind in WAITED and not check:
                self._until_gone(row)
            return {**table, "action": "absent"}
        protected = looking.is_protected(kind, thing)
        if protected and not unprotect:
            raise AwsError(f"{identifier} ({region}) is protected against deletion; name {_name(row)} in teardown_delete to have the protection taken off")
        if kind == "AWS::EKS::Cluster":
            # The control plane goes with its stack.
            if protected and not check:
                self.unprotect(row)
            return {**table, "action": "unprotected" if protected else "absent"}
        action = "scheduled" if kind in KEYS or kind == "AWS::SecretsManager::Secret" else "deleted"
        notes = ["deletion protection is taken off"] if protected else []
        if kind == "AWS::S3::Bucket":
            notes += [f"{self._objects(region, identifier)} objects and versions are deleted"]
        if action == "scheduled":
            notes.append(f"gone in {KEY_WINDOW} days")
        if check:
            return {**table, "action": action, "note": ", ".join(notes)}
        self._say(f"{identifier} ({kind}, {region}) is {action}")
        if protected:
            self.unprotect(row)
        if kind == "AWS::S3::Bucket":
            self._empty(region, identifier)
        if kind == "AWS::RDS::DBCluster":
            self._members(row, thing)
        operation, takes, given = WAYS[kind]
        arguments = dict(given)
        if kind == "AWS::RDS::DBInstance" and (thing.get("ReadReplicaSourceDBInstanceIdentifier") or thing.get("DBClusterIdentifier")):
            # RDS refuses the option for what has no backups of its own.
            arguments = {"SkipFinalSnapshot": True}
        try:
            self._calls(region, operation, looking.LOOKS[kind].service, **{takes: identifier}, **arguments)
        except CallError as error:
            if not looking.is_gone(error):
                raise
        if kind in WAITED:
            self._until_gone(row)
        return {**table, "action": action, "note": ", ".join(notes)}

    def unprotect(self, row: Mapping[str, Any]) -> None:
        """Take the service's own protection off. Raises CallError."""
        service, operation, takes, given = unprotecting.WAYS[row["type"]]
        self._say(f"deletion protection of {row['id']} ({row['type']}) is taken off, as teardown_delete names it")
        self._calls(row["region"], operation, service, **{takes: row["id"]}, **given)

    def _members(self, row: Mapping[str, Any], thing: Mapping[str, Any]) -> None:
        for member in thing.get("DBClusterMembers") or []:
            instance = {**row, "type": "AWS::RDS::DBInstance", "id": member["DBInstanceIdentifier"]}
            if looking.look(self._calls, instance["type"], row["region"], instance["id"]) is not None:
                self._calls(row["region"], "DeleteDBInstance", "rds", DBInstanceIdentifier=instance["id"], SkipFinalSnapshot=True)
                self._until_gone(instance)

    def _until_gone(self, row: Mapping[str, Any]) -> None:
        begin = said = self._clock()
        while looking.look(self._calls, row["type"], row["region"], row["id"]) is not None:
            elapsed = self._clock() - begin
            if elapsed > self._deadline:
                raise AwsError(f"{row['id']} ({row['type']}, {row['region']}) is still there {int(elapsed)} s after its deletion; start the same run again")
            if self._clock() - said > 30:
                said = self._clock()
                self._say(f"{row['id']} ({row['type']}) is being deleted, {int(elapsed)} s")
            self._sleep(pause(elapsed, self._poll))

    def _versions(self, region: str, bucket: str) -> Iterable[list[dict[str, str]]]:
        """Pages of what is in the bucket now; each is to be deleted, or the marks go on."""
        marks: dict[str, str] = {}
        while True:
            answer = self._calls(region, "ListObjectVersions", "s3", Bucket=bucket, MaxKeys=PAGE, **marks)
            yield [{"Key": one["Key"], "VersionId": one["VersionId"]} for kind in ("Versions", "DeleteMarkers") for one in answer.get(kind) or []]
            if not answer.get("IsTruncated"):
                return
            marks = {"KeyMarker": answer["NextKeyMarker"], "VersionIdMarker": answer["NextVersionIdMarker"]}

    def _objects(self, region: str, bucket: str) -> int:
        return sum(len(page) for page in self._versions(region, bucket))

    def _empty(self, region: str, bucket: str) -> None:
        for page in self._versions(region, bucket):
            if not page:
                continue
            answer = self._calls(region, "DeleteObjects", "s3", Bucket=bucket, Delete={"Objects": page, "Quiet": True})
            if answer.get("Errors"):
                first = answer["Errors"][0]
                raise AwsError(
                    f"bucket {bucket} cannot be emptied, {len(answer['Errors'])} objects stay, the first is {first.get('Key')}: {first.get('Code')} "
                    f"({first.get('Message')}); an object lock ends by itself, a policy has to be changed"
                )


def _name(row: Mapping[str, Any]) -> str:
    return f"{row['stack'].split('/', 1)[1]}/{row['resource']}"


def _going(kind: str, thing: Mapping[str, Any]) -> bool:
    """Whether it is being deleted already, or waits for it."""
    if kind in KEYS:
        return thing.get("KeyState") in ("PendingDeletion", "PendingReplicaDeletion")
    if kind == "AWS::SecretsManager::Secret":
        return bool(thing.get("DeletedDate"))
    states = (thing.get(key) for key in ("DBInstanceStatus", "Status", "State", "BrokerState", "LifeCycleState", "TableStatus"))
    return any(str(state).lower().replace("_", "-") in ("deleting", "deletion-in-progress") for state in states) or thing.get("Deleted") is True


def remove_all(remover: Remover, rows: Iterable[Mapping[str, Any]], allowed: Iterable[str], check: bool, parallel: int) -> list[dict[str, Any]]:
    """The table, by stack and name. Raises AwsError with all that went wrong."""
    names, wrong = set(allowed), []
    wanted = sorted(rows, key=lambda row: (row["stack"], row["resource"]))

    def one(row: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return remover.remove(row, _name(row) in names, check)
        except AwsError as error:
            wrong.append(str(error))
            return {}

    with ThreadPoolExecutor(max_workers=max(1, parallel)) as pool:
        table = list(pool.map(one, wanted))
    if wrong:
        raise AwsError("\n".join(sorted(wrong)))
    return table

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What becomes of each resource that holds data when its deployment goes."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# A key is scheduled with the longest window that KMS has, in days (API reference, ScheduleKeyDeletion).
KEY_WINDOW = 30


@dataclass(frozen=True)
class Data:
    """`action`: snapshot (taken and read back, then deleted), keep, or never (no teardown deletes it).

    `network`: it stands in the VPC, which cannot go before it. `why`: the reason to keep it.
    """

    action: str
    network: bool = False
    why: str = ""


NO_SNAPSHOTS = "the service takes no snapshot that outlives it"
KINDS = {
    "AWS::AmazonMQ::Broker": Data("keep", True, NO_SNAPSHOTS),
    "AWS::Backup::BackupVault": Data("never", why="a vault is kept with its backups"),
    "AWS::DynamoDB::Table": Data("keep", why="tables are kept"),
    "AWS::ECR::Repository": Data("keep", why="images are kept, other deployments may run them"),
    "AWS::EFS::FileSystem": Data("keep", why="file systems are kept"),
    "AWS::ElastiCache::ReplicationGroup": Data("snapshot", True),
    "AWS::ElastiCache::ServerlessCache": Data("snapshot", True),
    "AWS::KMS::Key": Data("keep", why="without its key nothing that it encrypted can be read"),
    "AWS::KMS::ReplicaKey": Data("keep", why="without its key nothing that it encrypted can be read"),
    "AWS::MSK::Cluster": Data("keep", True, "MSK has no snapshots"),
    "AWS::OpenSearchService::Domain": Data(
        "keep", True, "OpenSearch deletes its automated snapshots with the domain, and manual ones go through the domain's own endpoint"
    ),
    "AWS::RDS::DBCluster": Data("snapshot", True),
    "AWS::RDS::DBInstance": Data("snapshot", True),
    "AWS::S3::Bucket": Data("keep", why="buckets are kept"),
    "AWS::SecretsManager::Secret": Data("keep", why="secrets are kept"),
}
KEYS = ("AWS::KMS::Key", "AWS::KMS::ReplicaKey")


@dataclass(frozen=True)
class Choices:
    """Names `<stack name>/<LogicalId>`. `keep`: not touched; `delete`: may go, protected or not; `without_snapshot`: goes without one."""

    keep: frozenset[str] = frozenset()
    delete: frozenset[str] = frozenset()
    without_snapshot: frozenset[str] = frozenset()


def name_of(row: Mapping[str, Any]) -> str:
    """`<stack name>/<LogicalId>`, by which people name a resource."""
    return f"{row['stack'].split('/', 1)[1]}/{row['resource']}"


def decide(row: Mapping[str, Any], choices: Choices) -> tuple[str, str]:
    """`(action, why)` of one resource `{stack, resource, type}`; action: snapshot, delete or keep. Raises KeyError for a type without data."""
    kind, name = KINDS[row["type"]], name_of(row)
    if name in choices.keep:
        return "keep", "named in teardown_keep"
    if kind.action == "snapshot":
        return ("delete", "named in teardown_without_snapshot") if name in choices.without_snapshot else ("snapshot", "")
    if kind.action == "never":
        return "keep", f"{kind.why}; empty and delete it by hand"
    if name in choices.delete:
        return "delete", f"scheduled, {KEY_WINDOW} days" if row["type"] in KEYS else "named in teardown_delete"
    return "keep", f"{kind.why}; to delete it name {name} in teardown_delete"


def judged(rows: Iterable[Mapping[str, Any]], choices: Choices) -> list[dict[str, Any]]:
    """The rows with `action` and `why`, by stack and name."""
    found = []
    for row in rows:
        action, why = decide(row, choices)
        found.append({**row, "action": action, "why": why})
    return sorted(found, key=name_of)


def problems(rows: Iterable[Mapping[str, Any]], choices: Choices, declared: Iterable[str] = ()) -> list[str]:
    """What stands against beginning: protection that nobody lifted by name, a key that kept data needs, a name that is nothing.

    Rows are `judged`, each with `protected` (by its own service), and `uses`, what the parameters of its stack say. `declared`: names of what the declared
    stacks have, which an earlier run may have deleted already.
    """
    rows = list(rows)
    found = []
    for row in rows:
        if row["action"] != "keep" and row.get("protected") and name_of(row) not in choices.delete:
            found.append(f"{name_of(row)} ({row['id']}) is protected against deletion; name it in teardown_delete to have the protection taken off")
        if row["type"] in KINDS and KINDS[row["type"]].action == "never" and name_of(row) in choices.delete:
            found.append(f"{name_of(row)} is named in teardown_delete, but {row['why']}; take it out of the list")
    for key in (row for row in rows if row["type"] in KEYS and row["action"] == "delete"):
        users = [row for row in rows if row["type"] not in KEYS and row["action"] != "delete" and (row["stack"] == key["stack"] or _says(row, key["id"]))]
        if users:
            names = ", ".join(sorted(name_of(row) for row in users)[:5])
            found.append(
                f"{name_of(key)} encrypts what stays or is kept as a snapshot ({names}); take it out of teardown_delete, or have these deleted as well"
            )
    known = {name_of(row) for row in rows} | set(declared)
    for option in ("keep", "delete", "without_snapshot"):
        found += [f"teardown_{option} names {name}, which is no resource with data of this deployment" for name in sorted(getattr(choices, option) - known)]
    return found


def _says(row: Mapping[str, Any], key: str) -> bool:
    return any(key in value for value in row.get("uses") or ())


def kept_stacks(rows: Iterable[Mapping[str, Any]], needs: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """`{stack key: why}` of stacks that stay as data in their network stays: its own, and all that they need."""
    found: dict[str, str] = {}
    todo = [(row["stack"], f"{name_of(row)} is kept") for row in rows if row["action"] == "keep" and KINDS[row["type"]].network]
    while todo:
        key, why = todo.pop()
        if key in found or key not in needs:
            continue
        found[key] = why
        todo += [(one, f"{key} needs it, where {why}" if " where " not in why else why) for one in needs[key]]
    return found

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Snapshots of what is about to be deleted; one counts when its service says that it is there, and of what size."""

from __future__ import annotations

import datetime
import hashlib
import time
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws.session import AwsError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.following import pause
from ansible_collections.llmops.platform.plugins.module_utils._teardown import looking

MARK = "teardown"


@dataclass(frozen=True)
class Way:
    """How a service takes and lists snapshots. `of`: the argument that names the source, `name`: that names the snapshot, `rows`: where the list lies."""

    service: str
    create: str
    describe: str
    of: str
    name: str
    rows: str
    status: str
    arn: str
    longest: int


WAYS = {
    "AWS::ElastiCache::ReplicationGroup": Way(
        "elasticache", "CreateSnapshot", "DescribeSnapshots", "ReplicationGroupId", "SnapshotName", "Snapshots", "SnapshotStatus", "ARN", 255
    ),
    "AWS::ElastiCache::ServerlessCache": Way(
        "elasticache",
        "CreateServerlessCacheSnapshot",
        "DescribeServerlessCacheSnapshots",
        "ServerlessCacheName",
        "ServerlessCacheSnapshotName",
        "ServerlessCacheSnapshots",
        "Status",
        "ARN",
        128,
    ),
    "AWS::RDS::DBCluster": Way(
        "rds",
        "CreateDBClusterSnapshot",
        "DescribeDBClusterSnapshots",
        "DBClusterIdentifier",
        "DBClusterSnapshotIdentifier",
        "DBClusterSnapshots",
        "Status",
        "DBClusterSnapshotArn",
        255,
    ),
    "AWS::RDS::DBInstance": Way(
        "rds", "CreateDBSnapshot", "DescribeDBSnapshots", "DBInstanceIdentifier", "DBSnapshotIdentifier", "DBSnapshots", "Status", "DBSnapshotArn", 255
    ),
}
# Why there is none, for the table.
NONE = {
    "AWS::AmazonMQ::Broker": "Amazon MQ takes no snapshots",
    "AWS::MSK::Cluster": "MSK takes no snapshots; what must outlive it goes to a bucket by a connector beforehand",
    "AWS::OpenSearchService::Domain": "the domain takes them, not the API: register a bucket as its repository and take one; automated ones go with it",
}
FAILED = ("failed", "error", "deleting", "restore-error", "incompatible")


def name_for(identifier: str, now: datetime.datetime, longest: int) -> str:
    """`<identifier>-teardown-<date>t<time>`, one for each moment; a long identifier ends in six digits of its digest."""
    tail = f"-{MARK}-{now:%Y%m%dt%H%M%S}"
    if len(identifier) + len(tail) > longest:
        digest = hashlib.sha256(identifier.encode()).hexdigest()[:6]
        identifier = f"{identifier[: longest - len(tail) - 7].rstrip('-')}-{digest}"
    return f"{identifier}{tail}".lower()


def size_of(kind: str, snapshot: Mapping[str, Any]) -> str:
    """In the service's own words; empty where it names none.

    RDS: `AllocatedStorage`, GiB of the source; ElastiCache: `CacheSize` of each node's file, or `BytesUsedForCache` (API references).
    """
    if kind.startswith("AWS::RDS::"):
        given = snapshot.get("AllocatedStorage")
        return f"{given} GiB" if given is not None else ""
    if snapshot.get("BytesUsedForCache"):
        return f"{snapshot['BytesUsedForCache']} bytes"
    sizes = [str(node.get("CacheSize") or "") for node in snapshot.get("NodeSnapshots") or []]
    return " + ".join(size for size in sizes if size)


def counts(kind: str, snapshot: Mapping[str, Any]) -> str:
    """Why the snapshot does not count; empty where it does."""
    status = str(snapshot.get(WAYS[kind].status) or "")
    if status != "available":
        return f"it is {status or 'in no state'}"
    # ElastiCache names a size only where there is something in the cache.
    if kind.startswith("AWS::RDS::") and size_of(kind, snapshot) in ("", "0 GiB"):
        return "the service names no size"
    return ""


class Taker:
    """Takes and awaits. `fresh`: seconds that a snapshot of an earlier, killed run counts; `deadline`: seconds for one to become available."""

    def __init__(
        self,
        calls: Any,
        tags: Mapping[str, str],
        say: Callable[[str], Any],
        fresh: float,
        deadline: float,
        poll: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Any] = time.sleep,
    ) -> None:
        self._calls, self._say, self._fresh, self._deadline, self._poll, self._clock, self._sleep = calls, say, fresh, deadline, poll, clock, sleep
        self._tags = [{"Key": key, "Value": value} for key, value in {**tags, "llmops.platform/taken-by": MARK}.items()]

    def ours(self, row: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Snapshots that teardowns have taken of the resource, the newest first."""
        way = WAYS[row["type"]]
        try:
            found = list(self._pages(row["region"], way, {way.of: row["id"]}))
        except looking.CallError as error:
            if looking.is_gone(error):
                return []
            raise
        mine = [one for one in found if f"-{MARK}-" in str(one.get(way.name))]
        return sorted(mine, key=lambda one: str(one[way.name]), reverse=True)

    def _pages(self, region: str, way: Way, arguments: dict[str, Any]) -> Iterable[dict[str, Any]]:
        mark: dict[str, str] = {}
        while True:
            answer = self._calls(region, way.describe, way.service, **arguments, **mark)
            yield from answer.get(way.rows) or []
            if not answer.get("Marker"):
                return
            mark = {"Marker": answer["Marker"]}

    def recent(self, row: Mapping[str, Any], now: datetime.datetime) -> dict[str, Any] | None:
        """The newest one of a teardown that is young enough and has not failed."""
        way = WAYS[row["type"]]
        for snapshot in self.ours(row):
            try:
                taken = datetime.datetime.strptime(str(snapshot[way.name]).rpartition(f"-{MARK}-")[2], "%Y%m%dt%H%M%S").replace(tzinfo=datetime.UTC)
            except ValueError:
                continue
            if (now - taken).total_seconds() <= self._fresh and str(snapshot.get(way.status)) not in FAILED:
                return snapshot
        return None

    def take(self, row: Mapping[str, Any], now: datetime.datetime, check: bool) -> dict[str, Any]:
        """`{stack, region, resource, type, source, snapshot, arn, status, size, action, note}`; action: taken, there, none. Raises AwsError."""
        way = WAYS[row["type"]]
        table = {key: row[key] for key in ("stack", "region", "resource", "type")} | {"source": row["id"], "note": ""}
        if looking.look(self._calls, row["type"], row["region"], row["id"]) is None:
            return {**table, "snapshot": "", "arn": "", "status": "", "size": "", "action": "none", "note": "the source is gone"}
        found = self.recent(row, now)
        action = "there" if found else "taken"
        name = str(found[way.name]) if found else name_for(row["id"], now, way.longest)
        if check:
            status, size = (str(found.get(way.status)), size_of(row["type"], found)) if found else ("", "")
            return {**table, "snapshot": name, "arn": (found or {}).get(way.arn, ""), "status": status, "size": size, "action": action}
        if not found:
            self._say(f"{row['id']}: snapshot {name} is taken")
            self._calls(row["region"], way.create, way.service, **{way.of: row["id"], way.name: name, "Tags": self._tags})
        snapshot = self._awaited(row, name)
        size = size_of(row["type"], snapshot)
        return {**table, "snapshot": name, "arn": snapshot.get(way.arn, ""), "status": snapshot[way.status], "size": size, "action": action}

    def _awaited(self, row: Mapping[str, Any], name: str) -> dict[str, Any]:
        """Read back, by its own name, until it counts."""
        way, begin, said = WAYS[row["type"]], self._clock(), self._clock()
        while True:
            answer = self._calls(row["region"], way.describe, way.service, **{way.name: name})
            snapshot = next(iter(answer.get(way.rows) or []), {})
            why = counts(row["type"], snapshot)
            if not why:
                return snapshot
            elapsed = self._clock() - begin
            if elapsed > self._deadline or any(str(snapshot.get(way.status) or "").startswith(word) for word in FAILED):
                raise AwsError(f"snapshot {name} of {row['id']} ({row['region']}) does not count, {why} after {int(elapsed)} s; nothing was deleted")
            if self._clock() - said > 30:
                said = self._clock()
                self._say(f"{row['id']}: snapshot {name} is {snapshot.get(way.status)} ({snapshot.get('PercentProgress', '?')} %) after {int(elapsed)} s")
            self._sleep(pause(elapsed, self._poll))


def take_all(taker: Taker, rows: Iterable[Mapping[str, Any]], now: datetime.datetime, check: bool, parallel: int) -> list[dict[str, Any]]:
    """The table, by stack and name; of a type without snapshots why there is none. Raises AwsError with all that do not count."""
    wanted = sorted(rows, key=lambda row: (row["stack"], row["resource"]))
    wrong: list[str] = []

    def one(row: Mapping[str, Any]) -> dict[str, Any]:
        if row["type"] not in WAYS:
            none = {"snapshot": "", "arn": "", "status": "", "size": "", "action": "none", "note": NONE.get(row["type"], "no snapshots of this type")}
            return {key: row[key] for key in ("stack", "region", "resource", "type")} | {"source": row["id"]} | none
        try:
            return taker.take(row, now, check)
        except AwsError as error:
            wrong.append(str(error))
            return {}

    with ThreadPoolExecutor(max_workers=max(1, parallel)) as pool:
        table = list(pool.map(one, wanted))
    if wrong:
        raise AwsError("\n".join(sorted(wrong)))
    return table

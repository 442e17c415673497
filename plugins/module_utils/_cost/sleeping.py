# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Node groups to nothing and back, databases stopped and started. What was before stands in a tag, so that a run that was killed is run again."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws.session import AwsError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import CallError

# Its value is what is to come back. Set before anything is changed and taken away once all is back: a kill in between leaves it, and the next run goes on.
TAG = "llmops.platform/asleep"
NOTE = re.compile(r"min=([0-9]+) desired=([0-9]+)")
STATES = ("read", "asleep", "awake")
# The cluster's autoscaler may bring a node back before it is evicted itself.
TRIES = 3
# Of an instance that stands still; all others pass by themselves: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html
STILL = ("available", "stopped", "failed", "incompatible-parameters", "incompatible-network", "incompatible-restore", "storage-full")


class Sleeper:
    """`calls` is a Calls. `tags`: what a database must bear to be ours. `say` tells what is waited for; `pause` and `clock` are for tests. Seconds."""

    def __init__(
        self,
        calls: Any,
        region: str,
        cluster: str,
        tags: Mapping[str, str],
        say: Callable[[str], Any],
        *,
        poll: float = 15.0,
        timeout: float = 3600.0,
        pause: Callable[[float], Any] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if not tags:
            raise AwsError("no tags given; a database is ours by its tags, and without any all of the region would be")
        self._calls, self._region, self._cluster, self._tags, self._say = calls, region, cluster, dict(tags), say
        self._poll, self._timeout, self._pause, self._clock = poll, timeout, pause, clock

    def run(self, state: str, now: str, check: bool = False) -> list[dict[str, Any]]:
        """`[{kind, name, region, stack, asleep, action, note}]`; `action`: unchanged, slept, woken or skipped (`note` says why).

        `state`: read, asleep, awake; `now`: ISO time for the tag; with `check` nothing is changed. Nodes fall asleep before the databases that their pods use,
        and wake after them. Raises AwsError: refused, or not done in time.
        """
        if state not in STATES:
            raise AwsError(f"state is {state!r}; it is one of {', '.join(STATES)}")
        parts = [self._group_rows, self._database_rows]
        return [row for part in (reversed(parts) if state == "awake" else parts) for row in part(state, now, check)]

    def _eks(self, operation: str, **arguments: Any) -> dict[str, Any]:
        return self._calls(self._region, operation, "eks", **arguments)

    def _rds(self, operation: str, **arguments: Any) -> dict[str, Any]:
        return self._calls(self._region, operation, "rds", **arguments)

    def _row(self, kind: str, name: str, physical: str, asleep: bool, action: str, note: str) -> dict[str, Any]:
        """`stack`: the one that the resource belongs to, asked for only where something sleeps; empty where it is of none."""
        stack = ""
        if asleep:
            try:
                found = self._calls(self._region, "DescribeStackResources", PhysicalResourceId=physical)["StackResources"]
                stack = found[0]["StackName"] if found else ""
            except CallError as error:
                if not error.missing:
                    raise
        return {"kind": kind, "name": name, "region": self._region, "stack": stack, "asleep": asleep, "action": action, "note": note}

    def _until(self, what: str, ready: Callable[[], Any]) -> Any:
        begin, said = self._clock(), False
        while True:
            found = ready()
            if found:
                return found
            if self._clock() - begin > self._timeout:
                raise AwsError(f"{what} took longer than {self._timeout:.0f} seconds; what was before stands in its tag {TAG}, run the same again")
            if not said:
                self._say(f"{self._region}: waiting for {what}")
                said = True
            self._pause(self._poll)

    # Node groups.

    def _group_rows(self, state: str, now: str, check: bool) -> list[dict[str, Any]]:
        if not self._cluster:
            return []
        try:
            self._eks("DescribeCluster", name=self._cluster)
        except CallError as error:
            if error.code == "ResourceNotFoundException":
                return []
            raise
        names, token = [], {}
        while True:
            answer = self._eks("ListNodegroups", clusterName=self._cluster, **token)
            names += answer["nodegroups"]
            if not answer.get("nextToken"):
                break
            token = {"nextToken": answer["nextToken"]}
        return [self._group(name, state, now, check) for name in sorted(names)]

    def _described(self, name: str) -> dict[str, Any]:
        return self._eks("DescribeNodegroup", clusterName=self._cluster, nodegroupName=name)["nodegroup"]

    def _settled(self, name: str) -> dict[str, Any]:
        """The group once nobody changes it: EKS refuses two changes at once."""

        def ready() -> dict[str, Any] | None:
            group = self._described(name)
            return None if group["status"] in ("CREATING", "UPDATING") else group

        return self._until(f"node group {name}", ready)

    def _group(self, name: str, state: str, now: str, check: bool) -> dict[str, Any]:
        group = self._described(name)
        noted = (group.get("tags") or {}).get(TAG)
        scaling = group["scalingConfig"]
        empty = scaling["minSize"] == 0 and scaling["desiredSize"] == 0

        def row(asleep: bool, action: str, note: str) -> dict[str, Any]:
            return self._row("node_group", name, f"{self._cluster}/{name}", asleep, action, note)

        if group["status"] in ("DELETING", "CREATE_FAILED", "DELETE_FAILED"):
            return row(bool(noted), "skipped", f"is {group['status']}")
        if state == "asleep" and (noted is None or not empty):
            if noted is None and empty:
                return row(False, "unchanged", "has no nodes")
            note = noted or f"min={scaling['minSize']} desired={scaling['desiredSize']} since={now}"
            if not check:
                self._lull(name, group["nodegroupArn"], note, noted is None)
            return row(True, "slept", note)
        if state == "awake" and noted is not None:
            sizes = NOTE.match(noted)
            if not sizes:
                raise AwsError(f"tag {TAG} of node group {name} is {noted!r}, no sizes; write min=1 desired=1 into it and run again")
            if not check:
                self._rouse(name, group["nodegroupArn"], int(sizes[1]), int(sizes[2]))
            return row(False, "woken", noted)
        return row(noted is not None, "unchanged", noted or "")

    def _lull(self, name: str, arn: str, note: str, fresh: bool) -> None:
        self._settled(name)
        if fresh:
            self._eks("TagResource", resourceArn=arn, tags={TAG: note})
        for _try in range(TRIES):
            scaling = self._settled(name)["scalingConfig"]
            if scaling["minSize"] == 0 and scaling["desiredSize"] == 0:
                return
            self._scale(name, {"minSize": 0, "desiredSize": 0, "maxSize": scaling["maxSize"]})
        raise AwsError(f"node group {name} grows again each time that it is emptied; stop whoever scales it (an autoscaler outside of it) and run again")

    def _rouse(self, name: str, arn: str, least: int, desired: int) -> None:
        scaling = self._settled(name)["scalingConfig"]
        # The most may have become less meanwhile, and somebody may have woken some of them by hand.
        most = scaling["maxSize"]
        least = min(least, most)
        wanted = {"minSize": least, "desiredSize": max(min(desired, most), least, min(scaling["desiredSize"], most)), "maxSize": most}
        if wanted != {key: scaling[key] for key in wanted}:
            self._scale(name, wanted)
            self._settled(name)
        self._eks("UntagResource", resourceArn=arn, tagKeys=[TAG])

    def _scale(self, name: str, sizes: Mapping[str, int]) -> None:
        self._eks("UpdateNodegroupConfig", clusterName=self._cluster, nodegroupName=name, scalingConfig=dict(sizes))

    # Databases.

    def _database_rows(self, state: str, now: str, check: bool) -> list[dict[str, Any]]:
        found, marker = [], {}
        while True:
            answer = self._rds("DescribeDBInstances", **marker)
            found += answer["DBInstances"]
            if not answer.get("Marker"):
                break
            marker = {"Marker": answer["Marker"]}
        mine = [one for one in found if self._tags.items() <= _tags(one).items()]
        return [self._database(one, state, now, check) for one in sorted(mine, key=lambda one: one["DBInstanceIdentifier"])]

    def _database(self, one: dict[str, Any], state: str, now: str, check: bool) -> dict[str, Any]:
        name, status, noted = one["DBInstanceIdentifier"], one["DBInstanceStatus"], _tags(one).get(TAG)

        def row(asleep: bool, action: str, note: str) -> dict[str, Any]:
            return self._row("database", name, name, asleep, action, note)

        if state == "asleep":
            why = _unstoppable(one)
            if why:
                return row(False, "skipped", why)
            if status == "stopped":
                return row(noted is not None, "unchanged", noted or "was stopped by somebody else")
            note = noted or f"since={now}"
            if not check:
                if noted is None:
                    self._rds("AddTagsToResource", ResourceName=one["DBInstanceArn"], Tags=[{"Key": TAG, "Value": note}])
                self._to(name, "available", "stopped", "StopDBInstance")
            return row(True, "slept", note)
        if state == "awake" and noted is not None:
            if not check:
                self._to(name, "stopped", "available", "StartDBInstance")
                self._rds("RemoveTagsFromResource", ResourceName=one["DBInstanceArn"], TagKeys=[TAG])
            return row(False, "woken", noted)
        # After seven days RDS starts it by itself; the tag then says what is wanted, not what is.
        return row(noted is not None, "unchanged", noted or "")

    def _to(self, name: str, before: str, after: str, operation: str) -> None:
        """From one state to the other, once what goes on has ended."""

        def still() -> str | None:
            status = self._rds("DescribeDBInstances", DBInstanceIdentifier=name)["DBInstances"][0]["DBInstanceStatus"]
            return status if status in STILL else None

        status = self._until(f"database {name}", still)
        if status == before:
            self._rds(operation, DBInstanceIdentifier=name)
            status = self._until(f"database {name}", still)
        if status != after:
            raise AwsError(f"database {name} is {status}, not {after}; RDS' events say why. Run the same again once that is mended")


def _tags(one: Mapping[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in one.get("TagList") or []}


def _unstoppable(one: Mapping[str, Any]) -> str:
    """Why RDS would refuse: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html#USER_StopInstance.Limitations"""
    if one.get("DBClusterIdentifier"):
        return "belongs to a cluster, which sleeps as a whole"
    if one.get("ReadReplicaSourceDBInstanceIdentifier"):
        return "is a read replica, which RDS does not stop"
    if one.get("ReadReplicaDBInstanceIdentifiers"):
        return "has read replicas, so RDS does not stop it"
    return ""

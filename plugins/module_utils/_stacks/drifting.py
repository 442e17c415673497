# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What was changed outside CloudFormation, resource by resource."""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws.session import AwsError
from ansible_collections.llmops.platform.plugins.module_utils._stacks import secrets
from ansible_collections.llmops.platform.plugins.module_utils._stacks.following import pause
from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import CallError

LONGEST = 30 * 60
STATUSES = {
    "IN_SYNC": "in sync",
    "MODIFIED": "drifted",
    "DELETED": "deleted",
    "NOT_CHECKED": "not checked",
    "UNKNOWN": "not checked",
    "UNSUPPORTED": "not checked",
}
UNSUPPORTED = "CloudFormation detects no drift of this type"


def detect(
    calls: Any,
    region: str,
    stack: str,
    operated: Iterable[str],
    longest_poll: float,
    sleep: Callable[[float], Any] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> list[dict[str, Any]]:
    """`[{resource, type, id, status: in sync | drifted | deleted | not checked, properties: [{path, expected, actual}], note}]` of every resource of the stack.

    `operated` are `<LogicalId>.<property path>` that operations change: no drift. Values are masked. Raises AwsError.
    """
    note = _detected(calls, region, stack, longest_poll, sleep, clock)
    checked = {row["LogicalResourceId"]: row for row in calls.pages(region, "DescribeStackResourceDrifts", "StackResourceDrifts", StackName=stack)}
    ignored = tuple(operated)
    rows = []
    for resource in calls.pages(region, "ListStackResources", "StackResourceSummaries", StackName=stack):
        name = resource["LogicalResourceId"]
        drift = checked.get(name)
        row = {"resource": name, "type": resource["ResourceType"], "id": resource.get("PhysicalResourceId") or "", "status": "not checked", "properties": []}
        rows.append({**row, "note": note or UNSUPPORTED} if drift is None else {**row, **_judged(name, drift, ignored)})
    return sorted(rows, key=lambda row: row["resource"])


def _detected(calls: Any, region: str, stack: str, longest_poll: float, sleep: Callable[[float], Any], clock: Callable[[], float]) -> str:
    """Wait for the detection; why a part of it failed."""
    try:
        number = calls(region, "DetectStackDrift", StackName=stack)["StackDriftDetectionId"]
    except CallError as error:
        raise AwsError(f"{stack}: its drift cannot be detected: {error}") from error
    begin = clock()
    while True:
        found = calls(region, "DescribeStackDriftDetectionStatus", StackDriftDetectionId=number)
        if found["DetectionStatus"] != "DETECTION_IN_PROGRESS":
            return found.get("DetectionStatusReason") or "" if found["DetectionStatus"] == "DETECTION_FAILED" else ""
        elapsed = clock() - begin
        if elapsed > LONGEST:
            raise AwsError(f"{stack}: the detection of drift has not ended after {LONGEST // 60} minutes; start this run again")
        sleep(pause(elapsed, longest_poll))


def _judged(name: str, drift: Mapping[str, Any], operated: tuple[str, ...]) -> dict[str, Any]:
    status = STATUSES.get(drift["StackResourceDriftStatus"], "not checked")
    properties, left = [], []
    for difference in drift.get("PropertyDifferences") or []:
        path = difference["PropertyPath"].strip("/").replace("/", ".")
        if any(f"{name}.{path}" == one or f"{name}.{path}".startswith(f"{one}.") for one in operated):
            left.append(path)
            continue
        expected, actual = (secrets.shown(path, difference.get(key)) for key in ("ExpectedValue", "ActualValue"))
        properties.append({"path": path, "expected": expected, "actual": actual})
    note = drift.get("DriftStatusReason") or ("" if status != "not checked" else UNSUPPORTED)
    if status == "drifted" and left and not properties:
        status, note = "in sync", f"changed by operations: {', '.join(left)}"
    return {"status": status, "properties": properties, "note": note}


def steps(key: str, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows as steps of a plan: what a deployment would have to put back."""
    return [
        {
            "action": "create" if row["status"] == "deleted" else "update",
            "what": f"{key}/{row['resource']} ({row['type']})",
            "fields": [f"{one['path']}: {one['actual']} → {one['expected']}" for one in row["properties"]],
            "note": "deleted outside CloudFormation" if row["status"] == "deleted" else "changed outside CloudFormation",
        }
        for row in rows
        if row["status"] in ("drifted", "deleted")
    ]

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Node groups as they are: at EKS, and in CloudFormation by the stacks that made them."""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks import live
from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import CallError

OUTPUT = "NodegroupName"
NOT_FOUND = "ResourceNotFoundException"
DIGEST = re.compile(r"-[0-9a-f]{6}$")


def read(calls: Any, region: str, cluster: str, prefix: str) -> dict[str, Any]:
    """What there is: `{cluster, groups, stacks}`.

    `cluster`: `{exists, version, status}`.
    `groups`: by name `{name, stack, pool, version, release_version, status, desired, issues}`; `stack` is empty for a group
    that no stack of ours made. `stacks`: those whose name begins with `prefix`, by name `{pool, status, nodegroup}`; `nodegroup` is empty where the creation
    did not come that far. Raises CallError.
    """
    stacks: dict[str, dict[str, Any]] = {}
    for row in calls.pages(region, "DescribeStacks", "Stacks"):
        if row["StackName"].startswith(prefix) and row["StackStatus"] not in ("DELETE_COMPLETE", "REVIEW_IN_PROGRESS"):
            outputs = live.summary(row)["outputs"]
            pool = DIGEST.sub("", row["StackName"].removeprefix(prefix))
            stacks[row["StackName"]] = {"pool": pool, "status": row["StackStatus"], "nodegroup": outputs.get(OUTPUT, "")}
    try:
        found = calls(region, "DescribeCluster", "eks", name=cluster)["cluster"]
    except CallError as error:
        if error.code != NOT_FOUND:
            raise
        return {"cluster": {"exists": False, "version": "", "status": ""}, "groups": {}, "stacks": stacks}
    for name, stack in stacks.items():
        stack["nodegroup"] = stack["nodegroup"] or _of_unfinished(calls, region, name)
    owners = {stack["nodegroup"]: name for name, stack in stacks.items() if stack["nodegroup"]}
    groups = {}
    for name in _names(calls, region, cluster):
        try:
            one = calls(region, "DescribeNodegroup", "eks", clusterName=cluster, nodegroupName=name)["nodegroup"]
        except CallError as error:
            if error.code == NOT_FOUND:
                # Gone since the list was made.
                continue
            raise
        owner = owners.get(name, "")
        groups[name] = {
            "name": name,
            "stack": owner,
            "pool": stacks[owner]["pool"] if owner else "",
            "version": one.get("version") or "",
            "release_version": one.get("releaseVersion") or "",
            "status": one.get("status") or "",
            "desired": int((one.get("scalingConfig") or {}).get("desiredSize") or 0),
            "issues": [f"{issue.get('code')}: {issue.get('message')}" for issue in (one.get("health") or {}).get("issues") or []],
        }
    return {"cluster": {"exists": True, "version": found.get("version") or "", "status": found.get("status") or ""}, "groups": groups, "stacks": stacks}


def _of_unfinished(calls: Any, region: str, stack: str) -> str:
    """The node group of a stack without outputs: one that is being made, or whose creation failed after its group was there."""
    try:
        rows = calls(region, "DescribeStackResources", StackName=stack)["StackResources"]
    except CallError as error:
        if error.missing:
            return ""
        raise
    ids = [row.get("PhysicalResourceId") or "" for row in rows if row["ResourceType"] == "AWS::EKS::Nodegroup"]
    return ids[0].rpartition("/")[2] if ids else ""


def _names(calls: Any, region: str, cluster: str) -> list[str]:
    found: list[str] = []
    token: dict[str, str] = {}
    while True:
        answer = calls(region, "ListNodegroups", "eks", clusterName=cluster, **token)
        found += answer["nodegroups"]
        if not answer.get("nextToken"):
            return sorted(found)
        token = {"nextToken": answer["nextToken"]}

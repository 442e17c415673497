# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Node groups and their stacks, read from scripted answers."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._drain import live_groups
from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import CallError

PREFIX = "hub-dev-nodes-"


def row(name, status="CREATE_COMPLETE", group=""):
    outputs = [{"OutputKey": "NodegroupName", "OutputValue": group}] if group else []
    return {"StackName": name, "StackId": f"arn:{name}", "StackStatus": status, "Outputs": outputs}


class Calls:
    """`groups` by name as EKS describes them; None for one that goes between list and description."""

    def __init__(self, stacks, groups, version="1.35"):
        self.stacks, self.groups, self.version, self.made = stacks, groups, version, []

    def pages(self, region, operation, result):
        return iter(self.stacks)

    def __call__(self, region, operation, service="cloudformation", **arguments):
        self.made.append(operation)
        if operation == "DescribeCluster":
            if not self.version:
                raise CallError(operation, region, "ResourceNotFoundException", "No cluster found for name: hub.")
            return {"cluster": {"version": self.version, "status": "ACTIVE"}}
        if operation == "ListNodegroups":
            names = sorted(self.groups)
            at = int(arguments.get("nextToken", 0))
            return {"nodegroups": names[at : at + 1], **({"nextToken": str(at + 1)} if at + 1 < len(names) else {})}
        if operation == "DescribeNodegroup":
            found = self.groups[arguments["nodegroupName"]]
            if found is None:
                raise CallError(operation, region, "ResourceNotFoundException", "No node group found for name")
            return {"nodegroup": found}
        assert operation == "DescribeStackResources"
        return {"StackResources": [{"ResourceType": "AWS::EKS::Nodegroup", "PhysicalResourceId": "hub/web-cccccc"}]}


GROUP = {"version": "1.35", "releaseVersion": "1.35.3-20260901", "status": "ACTIVE", "scalingConfig": {"desiredSize": 3}, "health": {"issues": []}}


def test_groups_are_found_by_their_stacks():
    issue = {"issues": [{"code": "NodeCreationFailure", "message": "no nodes"}]}
    calls = Calls(
        [
            row(f"{PREFIX}my-pool-aaaaaa", group="my-pool-aaaaaa"),
            row(f"{PREFIX}web-cccccc", "CREATE_FAILED"),
            row(f"{PREFIX}gone-bbbbbb", "DELETE_COMPLETE", "gone-bbbbbb"),
            row("hub-dev-network"),
        ],
        {"my-pool-aaaaaa": GROUP, "by-hand": {**GROUP, "health": issue}, "vanished": None, "web-cccccc": {**GROUP, "status": "CREATE_FAILED"}},
    )
    found = live_groups.read(calls, "us-east-1", "hub", PREFIX)
    assert found["cluster"] == {"exists": True, "version": "1.35", "status": "ACTIVE"}
    assert found["stacks"] == {
        f"{PREFIX}my-pool-aaaaaa": {"pool": "my-pool", "status": "CREATE_COMPLETE", "nodegroup": "my-pool-aaaaaa"},
        f"{PREFIX}web-cccccc": {"pool": "web", "status": "CREATE_FAILED", "nodegroup": "web-cccccc"},
    }
    assert {name: (group["stack"], group["pool"], group["desired"]) for name, group in found["groups"].items()} == {
        "by-hand": ("", "", 3),
        "my-pool-aaaaaa": (f"{PREFIX}my-pool-aaaaaa", "my-pool", 3),
        "web-cccccc": (f"{PREFIX}web-cccccc", "web", 3),
    }
    assert found["groups"]["by-hand"]["issues"] == ["NodeCreationFailure: no nodes"]
    assert all(operation.startswith(("Describe", "List")) for operation in calls.made)


def test_a_cluster_that_does_not_exist():
    found = live_groups.read(Calls([], {}, version=""), "us-east-1", "hub", PREFIX)
    assert found == {"cluster": {"exists": False, "version": "", "status": ""}, "groups": {}, "stacks": {}}


def test_a_refusal_is_no_absence():
    calls = Calls([], {"a": GROUP})
    calls.groups["a"] = None
    assert live_groups.read(calls, "us-east-1", "hub", PREFIX)["groups"] == {}

    def denied(region, operation, service="cloudformation", **arguments):
        raise CallError(operation, region, "AccessDeniedException", "no")

    denied.pages = calls.pages
    with pytest.raises(CallError, match="AccessDenied"):
        live_groups.read(denied, "us-east-1", "hub", PREFIX)

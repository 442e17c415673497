# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What CloudFormation has of a stack: three reads (DescribeStacks, GetTemplate, GetStackPolicy), one where it does not exist."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import CallError


def describe(calls: Any, region: str, name: str) -> dict[str, Any] | None:
    """DescribeStacks of one stack by name or id; None where there is none. Raises CallError."""
    try:
        found = calls(region, "DescribeStacks", StackName=name)["Stacks"]
    except CallError as error:
        if error.missing:
            return None
        raise
    # By its id a deleted stack is still described for ninety days.
    return found[0] if found and found[0]["StackStatus"] != "DELETE_COMPLETE" else None


def summary(stack: dict[str, Any]) -> dict[str, Any]:
    """`{stack_id, status, status_reason, outputs, parameters, tags, protection, service_role, change_set, changed_at}` of DescribeStacks' answer."""
    return {
        "stack_id": stack["StackId"],
        "status": stack["StackStatus"],
        "status_reason": stack.get("StackStatusReason") or "",
        "outputs": {row["OutputKey"]: row["OutputValue"] for row in stack.get("Outputs") or []},
        "parameters": {row["ParameterKey"]: row.get("ParameterValue", "") for row in stack.get("Parameters") or []},
        "tags": {row["Key"]: row["Value"] for row in stack.get("Tags") or []},
        "protection": bool(stack.get("EnableTerminationProtection")),
        "service_role": stack.get("RoleARN"),
        "change_set": stack.get("ChangeSetId"),
        "changed_at": str(stack.get("LastUpdatedTime") or stack.get("CreationTime") or ""),
    }


def read(calls: Any, region: str, name: str) -> dict[str, Any] | None:
    """`summary` with `template` (text as it was given) and `policy` (a map, or None); None where the stack does not exist. Raises CallError."""
    stack = describe(calls, region, name)
    if stack is None:
        return None
    live = {**summary(stack), "template": "", "policy": None}
    if live["status"] in ("REVIEW_IN_PROGRESS", "DELETE_IN_PROGRESS"):
        return live
    try:
        body = calls(region, "GetTemplate", StackName=name, TemplateStage="Original").get("TemplateBody") or ""
        # Botocore parses a template in JSON, one in YAML stays text.
        live["template"] = body if isinstance(body, str) else json.dumps(body)
        policy = calls(region, "GetStackPolicy", StackName=name).get("StackPolicyBody")
        live["policy"] = json.loads(policy) if policy else None
    except CallError as error:
        if error.missing:
            return None
        raise
    return live

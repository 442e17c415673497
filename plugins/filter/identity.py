# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of role identity: its roles as the templates render them, and as other roles read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._identity import plan
from ansible_collections.llmops.platform.plugins.plugin_utils._filters import as_filter

OUTPUTS = {
    "cluster_role_arn": "ClusterRoleArn",
    "node_role_arn": "NodeRoleArn",
    "node_instance_profile": "NodeInstanceProfileName",
    "controller_role_arn": "ControllerRoleArn",
    "boundary_policy_arn": "BoundaryPolicyArn",
    "break_glass_role_arn": "BreakGlassRoleArn",
    "github_role_arn": "GithubRoleArn",
}


def identity_facts(planned: Mapping[str, Any], outputs: Mapping[str, str]) -> dict[str, Any]:
    """`identity_result` but for what the inventory says: ARNs are empty while there is no stack."""
    pods = {
        role["key"]: {
            "role_arn": outputs.get(role["output"], ""),
            "output": role["output"],
            "namespace": role["namespace"],
            "service_account": role["service_account"],
        }
        for role in planned["pods"]
    }
    return {**{name: outputs.get(output, "") for name, output in OUTPUTS.items()}, "pods": pods}


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict:
        return {"identity_plan": as_filter("identity_plan", plan.plan), "identity_facts": as_filter("identity_facts", identity_facts)}

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Deletion protection of single resources, by their own services: what made a deletion or a rollback fail, taken off by name only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks.context import Context
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Stack

# {type: (service, operation, parameter that takes the physical id, further arguments)}, by the services' API references.
WAYS: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "AWS::DynamoDB::Table": ("dynamodb", "UpdateTable", "TableName", {"DeletionProtectionEnabled": False}),
    "AWS::EKS::Cluster": ("eks", "UpdateClusterConfig", "name", {"deletionProtection": False}),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": (
        "elbv2",
        "ModifyLoadBalancerAttributes",
        "LoadBalancerArn",
        {"Attributes": [{"Key": "deletion_protection.enabled", "Value": "false"}]},
    ),
    "AWS::RDS::DBCluster": ("rds", "ModifyDBCluster", "DBClusterIdentifier", {"DeletionProtection": False, "ApplyImmediately": True}),
    "AWS::RDS::DBInstance": ("rds", "ModifyDBInstance", "DBInstanceIdentifier", {"DeletionProtection": False, "ApplyImmediately": True}),
}


def unprotect(context: Context, stack: Stack, names: Iterable[str]) -> None:
    """Take the protection off the resources named and still there. Raises AwsError."""
    wanted = set(names)
    if not wanted:
        return
    for resource in list(context.calls.pages(stack.region, "ListStackResources", "StackResourceSummaries", StackName=stack.name)):
        name, kind, physical = resource["LogicalResourceId"], resource["ResourceType"], resource.get("PhysicalResourceId")
        if name not in wanted or kind not in WAYS or not physical or resource["ResourceStatus"] == "DELETE_COMPLETE":
            continue
        service, operation, identifier, arguments = WAYS[kind]
        context.say(f"{stack.name}: deletion protection of {name} ({kind}) is taken off, as an allowance names it")
        with context.noted(stack, operation, resource=name):
            context.calls(stack.region, operation, service, **{identifier: physical}, **arguments)

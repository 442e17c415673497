# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stacks of a platform over two regions, and how long the graph of them takes at the least.

What roles render is taken as they render it for the marketplace's production; data services and the edge, which no role in its graph has yet, are small
stand-ins on its outputs."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import yaml

from ansible_collections.llmops.platform.plugins.module_utils._stacks import graph
from ansible_collections.llmops.platform.plugins.module_utils._stacks.stateful import stack_policy
from ansible_collections.llmops.platform.plugins.module_utils._stacks.templates import load
from ansible_collections.llmops.platform.plugins.module_utils._stacks.templates import references
from tests.benchmarks.bootstrap import templates

HOME, AWAY = "us-east-1", "us-west-2"
ACCOUNT = "123456789012"
NAME = "llm-marketplace-production"
TAGS = {"platform": "llm_marketplace", "environment": "production", "owner": "platform-team", "cost-center": "platform", "managed-by": "llmops-platform"}
# What a service takes to create it, a second for each minute (rounded up from AWS's own guides and from experience; what counts is that they differ much).
SECONDS = {
    "AWS::EKS::Cluster": 10.0,
    "AWS::EKS::Nodegroup": 3.0,
    "AWS::EKS::Addon": 1.0,
    "AWS::RDS::DBInstance": 15.0,
    "AWS::ElastiCache::ReplicationGroup": 10.0,
    "AWS::MSK::Cluster": 25.0,
    "AWS::OpenSearchService::Domain": 15.0,
    "AWS::EC2::NatGateway": 2.0,
    "AWS::CloudFront::Distribution": 8.0,
}
# The fake knows seconds per type; a replica is made in another region, where there is no other instance.
REPLICA_SECONDS = 8.0


def key_of(thing: str, region: str = HOME) -> str:
    return f"{region}/{NAME}-{thing}"


def _stack(thing: str, template: templates.Template, region: str = HOME, outputs: Mapping[str, tuple[str, str]] | None = None, **more: Any) -> dict[str, Any]:
    """`outputs`: parameters by the thing and the output that give them, in the same region unless the thing names another."""
    parameters = {
        name: {"stack": given if "/" in given else key_of(given, region), "output": output} for name, (given, output) in sorted((outputs or {}).items())
    }
    first = thing in ("state", "cloudformation")
    return {
        key_of(thing, region): {
            "name": f"{NAME}-{thing}",
            "region": region,
            "account": ACCOUNT,
            # By way of JSON, as CloudFormation knows no aliases.
            "template": yaml.safe_dump(json.loads(json.dumps(template)), sort_keys=True),
            "parameters": parameters,
            "tags": TAGS,
            "policy": stack_policy(),
            "service_role": None if first else {"stack": key_of("cloudformation"), "output": "RoleArn"},
            "needs": [],
            **more,
        }
    }


def network_stack(region: str = HOME, cidr: str = "10.0.0.0/16") -> dict[str, Any]:
    """The stack of a region's network."""
    made = _stack("network", templates.network(region), region)
    made[key_of("network", region)]["parameters"] = {"VpcCidr": {"value": cidr}}
    return made


def network_alone() -> dict[str, Any]:
    """The same as a graph of its own."""
    (stack,) = network_stack().values()
    return {key_of("network"): {**stack, "needs": [], "service_role": None}}


def rendered() -> dict[str, Any]:
    """The marketplace's production as ansible-playbook renders it: foundation, network, encryption, identity, registry, cluster, in both regions."""
    from tests.support import rendered_stacks

    return rendered_stacks.graphs("production")["llm_marketplace"]


def platform(graph: Mapping[str, Any]) -> dict[str, Any]:
    """The graph as `aws_stacks` takes it: `graph`, what roles render, and data services on it."""
    data = {"DatabaseSubnetIds": ("network", "DatabaseSubnetIds")}
    later: dict[str, Any] = {"needed_for": ["data_services"]}

    def keyed(group: str) -> dict[str, tuple[str, str]]:
        return {**data, "KeyArn": ("encryption", "DataKeyArn"), "SecurityGroupId": ("network", f"{group}SecurityGroupId")}

    stand_ins = {
        **_stack("postgresql", templates.postgres(NAME), outputs=keyed("Postgresql"), **later),
        **_stack("redis", templates.redis(NAME), outputs={**data, "SecurityGroupId": ("network", "RedisSecurityGroupId")}, **later),
        **_stack("kafka", templates.kafka(NAME), outputs=keyed("Kafka"), **later),
        **_stack("elasticsearch", templates.search("llm-marketplace-bench"), outputs=keyed("Elasticsearch"), **later),
        **_stack(
            "postgresql",
            templates.replica(NAME, HOME),
            AWAY,
            {**keyed("Postgresql"), "SourceArn": (key_of("postgresql"), "InstanceArn")},
            service_role={"stack": key_of("cloudformation", AWAY), "output": "RoleArn"},
            **later,
        ),
    }
    if not any(name.endswith("-edge") for name in graph):
        stand_ins |= _stack("edge", templates.edge(NAME), needed_for=["edge"])
    return {**{key: stack for key, stack in stand_ins.items() if key not in graph}, **graph}


def seconds_of(stack: Mapping[str, Any]) -> float:
    """The longest chain of resources inside a stack, by Ref, GetAtt, Sub and DependsOn."""
    resources = load(stack["template"]).resources

    def ends(name: str) -> float:
        resource = resources[name]
        depends = resource.get("DependsOn") or []
        needs = {*([depends] if isinstance(depends, str) else depends), *(other for _function, other, _attribute in references(resource))}
        own = SECONDS.get(resource["Type"], 0.0)
        if "SourceDBInstanceIdentifier" in resource["Properties"]:
            own = REPLICA_SECONDS
        return own + max((ends(other) for other in needs & set(resources)), default=0.0)

    return max(map(ends, resources))


def least(stacks: Mapping[str, Any]) -> dict[str, Any]:
    """`{chain, chain_seconds, sequential_seconds}`: what no run can be faster than, and what one stack after the other would take."""
    edges = {}
    for name, stack in stacks.items():
        wanted = {*stack["needs"], *(value["stack"] for value in stack["parameters"].values() if "stack" in value)}
        if stack.get("service_role"):
            wanted.add(stack["service_role"]["stack"])
        edges[name] = frozenset(wanted & set(stacks))
    seconds = {name: seconds_of(stack) for name, stack in stacks.items()}
    total, chain = graph.longest_chain(edges, seconds)
    short = [re.sub(rf"/{NAME}-", " ", name) for name in chain]
    return {"chain": " > ".join(short), "chain_seconds": total, "sequential_seconds": sum(seconds.values())}

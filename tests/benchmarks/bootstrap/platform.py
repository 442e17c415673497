# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stacks of a platform over two regions, and how long the graph of them takes at the least."""

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
NAME = "llm-marketplace-bench"
TAGS = {"platform": "llm_marketplace", "environment": "bench", "owner": "platform-team", "cost-center": "platform", "managed-by": "llmops-platform"}
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
            "needs": [] if thing == "state" else [key_of("state")],
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


def platform() -> dict[str, Any]:
    """The graph, as `aws_stacks` takes it: 19 stacks."""
    cluster = {"ClusterName": ("cluster", "ClusterName")}
    node = {**cluster, "NodeRoleArn": ("identity", "NodesArn"), "PrivateSubnetIds": ("network", "PrivateSubnetIds")}
    data = {"DatabaseSubnetIds": ("network", "DatabaseSubnetIds"), "SecurityGroupId": ("network", "SecurityGroupId")}
    keyed = {**data, "KeyArn": ("encryption", "KeyArn")}
    later: dict[str, Any] = {"needed_for": ["data_services"]}
    pools = {"general": "m7i.large", "compute": "c7i.xlarge", "memory": "r7i.large"}
    found = {
        **_stack("state", templates.bucket(f"{NAME}-state-{ACCOUNT}-{HOME}")),
        **_stack("cloudformation", templates.roles(Role="cloudformation"), capabilities=["CAPABILITY_NAMED_IAM"]),
        **_stack("encryption", templates.key(f"{NAME} data")),
        **network_stack(),
        **_stack("identity", templates.roles(Cluster="eks", Nodes="ec2"), capabilities=["CAPABILITY_NAMED_IAM"]),
        **_stack(
            "cluster",
            templates.cluster(NAME),
            outputs={"ClusterRoleArn": ("identity", "ClusterArn"), "PrivateSubnetIds": ("network", "PrivateSubnetIds")},
        ),
        **_stack("addons-before", templates.addons("vpc-cni", "kube-proxy", "eks-pod-identity-agent"), outputs=cluster),
        **_stack("postgresql", templates.postgres(NAME), outputs=keyed, **later),
        **_stack("redis", templates.redis(NAME), outputs=data, **later),
        **_stack("kafka", templates.kafka(NAME), outputs=keyed, **later),
        **_stack("elasticsearch", templates.search("llm-marketplace-bench"), outputs=keyed, **later),
        **_stack("edge", templates.edge(NAME), needed_for=["edge"]),
        **_stack("encryption", templates.key(f"{NAME} data"), AWAY),
        **network_stack(AWAY, "10.1.0.0/16"),
        **_stack("postgresql", templates.replica(NAME, HOME), AWAY, {**keyed, "SourceArn": (key_of("postgresql"), "InstanceArn")}, **later),
    }
    for pool, kind in pools.items():
        found |= _stack(f"nodes-{pool}", templates.nodes(pool, kind), outputs=node, needs=[key_of("state"), key_of("addons-before")])
    after = templates.addons("coredns", "aws-ebs-csi-driver", "metrics-server")
    return found | _stack("addons-after", after, outputs=cluster, needs=[key_of("state"), *(key_of(f"nodes-{pool}") for pool in pools)])


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
        if stack["service_role"]:
            wanted.add(stack["service_role"]["stack"])
        edges[name] = frozenset(wanted & set(stacks))
    seconds = {name: seconds_of(stack) for name, stack in stacks.items()}
    total, chain = graph.longest_chain(edges, seconds)
    short = [re.sub(rf"/{NAME}-", " ", name) for name in chain]
    return {"chain": " > ".join(short), "chain_seconds": total, "sequential_seconds": sum(seconds.values())}

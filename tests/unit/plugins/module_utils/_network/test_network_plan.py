# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A network as a whole, and its result."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ansible_collections.llmops.platform.plugins.module_utils._network import facts
from ansible_collections.llmops.platform.plugins.module_utils._network import plan
from ansible_collections.llmops.platform.plugins.module_utils._network.flows import most_rules
from ansible_collections.llmops.platform.plugins.module_utils._preflight.quotas import SHARED_RULES

ROOT = Path(__file__).resolve().parents[5]
KEY = "us-east-1/shop-staging-network"
DECLARED = {
    "environment": "staging",
    "region": "us-east-1",
    "stack": KEY,
    "cidr": "10.12.0.0/16",
    "zones": {letter: f"us-east-1{letter}" for letter in "abc"},
    "subnets": {"public": {"zones": 3, "prefix_length": 24}, "private": {"zones": 3, "prefix_length": 19}},
    "nat": "per_az",
    "endpoints": {"s3": {"type": "gateway"}, "ecr.api": {"type": "interface"}},
    "peers": {"office": "192.168.0.0/16"},
    "flows": {"web": {"from": "node", "to": "internet", "ports": [443]}, "dns": {"from": "office", "to": "node", "ports": [53], "protocol": "udp"}},
    "flow_log_retention_days": 30,
}


def found(**changes) -> list[tuple[str, str]]:
    return [(".".join(finding.path), finding.problem) for finding in plan.problems({**DECLARED, **changes})]


def test_a_good_network():
    assert found() == []


@pytest.mark.parametrize(
    ("changes", "path", "problem"),
    [
        ({"cidr": "10.12.0.0/20"}, "network_cidr", "is too small, a network has a /16"),
        ({"nat": "singel"}, "network_nat", "is none of single, per_az, none"),
        ({"nat": "single"}, "network_nat", "is for local and dev only: with its zone staging would lose the way out"),
        ({"subnets": {"private": {"zones": 3, "prefix_length": 19}}}, "network_nat", "needs a tier public in network_subnets, where the gateways are"),
        ({"endpoints": {"ecr.api": {"type": "gateway"}}}, "network_vpc_endpoints.ecr.api.type", "is for dynamodb and s3 only"),
        ({"endpoints": {"ECR api": {"type": "interface"}}}, "network_vpc_endpoints.ECR api", "is no name of a service"),
        ({"flow_log_retention_days": 31}, "network_flow_log_retention_days", "is no number of days that CloudWatch Logs knows"),
        ({"peers": {"office": "10.12.0.0/24"}}, "network_peers.office", "overlaps network_cidr 10.12.0.0/16, so nothing could be sent there"),
    ],
)
def test_networks_that_are_refused(changes, path, problem):
    assert found(**changes) == [(path, problem)]


@pytest.mark.parametrize("environment", ["local", "dev"])
def test_one_gateway_will_do_where_little_is_lost(environment):
    assert found(nat="single", environment=environment) == []


def test_all_problems_are_said_at_once_with_their_remedies():
    with pytest.raises(ValueError, match="network_cidr") as caught:
        plan.plan({**DECLARED, "cidr": "10.12.0.0/20", "nat": "single"})
    assert str(caught.value).splitlines() == [
        "network_cidr ('10.12.0.0/20') is too small, a network has a /16; write 10.12.0.0/16, or another /16 that is free",
        "network_nat ('single') is for local and dev only: with its zone staging would lose the way out; write per_az",
    ]


@pytest.mark.parametrize(
    ("changes", "gateways", "ways"),
    [
        ({}, ["A", "B", "C"], {"A": "A", "B": "B", "C": "C"}),
        ({"nat": "single", "environment": "dev"}, ["A"], {"A": "A", "B": "A", "C": "A"}),
        ({"nat": "none"}, [], {}),
        # Fewer public subnets than private ones: the zone without a gateway goes by the first.
        (
            {"subnets": {"public": {"zones": 2, "prefix_length": 24}, "private": {"zones": 3, "prefix_length": 19}}},
            ["A", "B"],
            {"A": "A", "B": "B", "C": "A"},
        ),
        # A gateway where no node is would serve nobody.
        (
            {"subnets": {"public": {"zones": 3, "prefix_length": 24}, "private": {"zones": 1, "prefix_length": 19}}},
            ["A"],
            {"A": "A"},
        ),
    ],
)
def test_gateways(changes, gateways, ways):
    made = plan.plan({**DECLARED, **changes})
    assert (made["gateways"], made["gateway_of"]) == (gateways, ways)


def test_parameters_come_from_the_inventory_or_from_the_networks_stack():
    made = plan.plan(DECLARED)["parameters"]
    assert made["network"]["VpcCidr"] == {"value": "10.12.0.0/16"}
    assert made["network"]["PrivateSubnetCCidr"] == {"value": "10.12.64.0/19"}
    assert made["network"]["ZoneB"] == {"value": "us-east-1b"}
    assert set(made["endpoints"]) == {"VpcId", "EndpointRouteTableIds", "EndpointSecurityGroupId", "PrivateSubnetIds"}
    assert made["flows"] == {"NodeSecurityGroupId": {"stack": KEY, "output": "NodeSecurityGroupId"}}


def test_rules_of_both_address_families():
    assert [row["name"] for row in plan.plan({**DECLARED, "ipv6": True})["rules"]] == [
        "EgressNodeToInternetTcp443",
        "EgressNodeToInternetTcp443V6",
        "IngressOfficeToNodeUdp53",
    ]
    (_v4, _v6, office) = plan.plan({**DECLARED, "ipv6": True})["rules"]
    assert (office["key"], office["value"]) == ("CidrIp", "192.168.0.0/16")


def test_the_quota_check_knows_how_many_rules_every_network_has():
    assert most_rules(yaml.safe_load((ROOT / "roles" / "network" / "defaults" / "main.yml").read_text())["network_flows_shared"]) == SHARED_RULES


HEAD = {"provider": "aws", "region": "us-east-1", "zones": {"a": "us-east-1a"}, "cidr": "10.12.0.0/16"}
KEYS = {"network": KEY, "endpoints": f"{KEY}-endpoints", "flow_logs": f"{KEY}-flow-logs"}
STACKS = {
    KEY: {
        "exists": True,
        "parameters": {"PrivateSubnetACidr": "10.12.0.0/19"},
        "outputs": {
            "VpcId": "vpc-1",
            "VpcCidr": "10.12.0.0/16",
            "PrivateSubnetB": "subnet-b",
            "PrivateSubnetA": "subnet-a",
            "PrivateSubnetIds": "subnet-a,subnet-b",
            "NodeSecurityGroupId": "sg-1",
            "NatAddressA": "198.51.100.7",
        },
    },
    f"{KEY}-endpoints": {"exists": True, "outputs": {"EcrApiEndpointId": "vpce-1"}},
    f"{KEY}-flow-logs": {"exists": True, "outputs": {"FlowLogId": "fl-1", "LogGroupArn": "arn"}},
}


def test_the_result_out_of_stacks():
    result = facts.facts(HEAD, stacks=STACKS, keys=KEYS)
    assert result["exists"] and result["vpc"] == {"id": "vpc-1", "cidr": "10.12.0.0/16", "ipv6_cidr": ""}
    assert result["subnets"]["private"] == {"a": {"id": "subnet-a", "cidr": "10.12.0.0/19"}, "b": {"id": "subnet-b", "cidr": ""}}
    assert result["subnet_ids"] == {"private": ["subnet-a", "subnet-b"], "public": [], "database": []}
    assert result["security_groups"]["node"] == "sg-1"
    assert (result["nat_addresses"], result["endpoints"], result["flow_log"]) == (["198.51.100.7"], {"EcrApi": "vpce-1"}, "fl-1")


def test_the_result_of_a_network_that_is_not_there_yet():
    result = facts.facts(HEAD, stacks={KEY: {"exists": False, "outputs": {}}}, keys=KEYS)
    assert not result["exists"]
    assert result["vpc"]["id"] == result["security_groups"]["node"] == "(known after apply)"
    assert result["subnet_ids"]["private"] == []


def test_the_result_by_ids_has_the_same_shape():
    existing = {"vpc_id": "vpc-9", "subnets": {"private": {"b": "subnet-2", "a": "subnet-1"}}, "security_groups": {"node": "sg-9"}}
    result = facts.facts({**HEAD, "provider": "existing"}, existing=existing)
    assert result.keys() == facts.facts(HEAD, stacks=STACKS, keys=KEYS).keys()
    assert result["exists"] and result["vpc"]["id"] == "vpc-9" and result["vpc"]["cidr"] == "10.12.0.0/16"
    assert result["subnet_ids"]["private"] == ["subnet-1", "subnet-2"]
    assert (result["security_groups"]["node"], result["security_groups"]["redis"]) == ("sg-9", "")


def test_a_stack_that_was_not_read_is_no_missing_network():
    with pytest.raises(ValueError, match="shop-staging-network was not read"):
        facts.facts(HEAD, stacks={}, keys=KEYS)

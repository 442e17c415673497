# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Network, load balancers and traffic: exact quantities."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import network
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import transfer
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import balancer
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from tests.support.bill_cases import SUBNETS
from tests.support.bill_cases import ZONES
from tests.support.bill_cases import doubled
from tests.support.bill_cases import line
from tests.support.bill_cases import place
from tests.support.bill_cases import quantities
from tests.support.bill_cases import skus

USAGE = {"nat_gb": 200, "endpoint_gb": "50.5", "flow_log_gb": 73}
VARIABLES = {
    "network_zones": ZONES,
    "network_subnets": SUBNETS,
    "network_nat": "per_az",
    "network_vpc_endpoints": {"s3": {"type": "gateway"}, "sts": {"type": "interface"}, "ecr.api": {"type": "interface"}},
    "network_flow_log_retention_days": 365,
    "cost_usage": USAGE,
}


def test_a_network_over_three_zones():
    found = network.lines(VARIABLES, place())
    assert quantities(found) == {
        "nat/gateways": "2190",
        "nat/traffic": "200",
        "nat/public addresses": "2190",
        "endpoints/sts": "2190",
        "endpoints/ecr.api": "2190",
        "endpoints/traffic": "50.5",
        "flow logs/log ingestion": "73",
        # 73 GB a month, kept twelve months, at 0.15.
        "flow logs/log storage": "131.4",
    }
    assert skus(found)["nat/public addresses"] == "aws/ipv4/hour"
    assert skus(found)["endpoints/sts"] == "aws/vpc-endpoint/hour"
    assert {one.name: one.usage for one in found if one.service == "nat"} == {"gateways": False, "traffic": True, "public addresses": False}


@pytest.mark.parametrize(
    ("changes", "gateways"),
    [
        ({"network_nat": "single"}, "730"),
        ({"network_nat": "per_az"}, "2190"),
        ({"network_subnets": {**SUBNETS, "public": {"zones": 2, "prefix_length": 24}}}, "1460"),
        ({"network_subnets": {**SUBNETS, "public": {"cidrs": {"b": "10.0.1.0/24"}}}}, "730"),
        ({"network_zones": {}, "cluster_zones": ZONES}, "2190"),
    ],
)
def test_gateways_by_zones(changes, gateways):
    found = quantities(network.lines({**VARIABLES, **changes}, place()))
    assert (found["nat/gateways"], found["nat/public addresses"]) == (gateways, gateways)


def test_no_gateway_has_no_address_and_no_traffic():
    assert not [one for one in network.lines({**VARIABLES, "network_nat": "none"}, place()) if one.service == "nat"]


def test_gateway_endpoints_are_free():
    found = network.lines({**VARIABLES, "network_vpc_endpoints": {"s3": {"type": "gateway"}}}, place())
    assert not [one for one in found if one.service == "endpoints"]


def test_endpoints_of_all_layers_are_counted():
    more = {"network_vpc_endpoints_environment": {"kms": {"type": "interface"}, "sts": None}}
    found = quantities(network.lines({**VARIABLES, **more}, place()))
    assert "endpoints/kms" in found
    assert "endpoints/sts" not in found


def test_flow_logs_in_a_bucket_or_nowhere():
    bucket = network.lines({**VARIABLES, "network_flow_log_destination": "s3"}, place())
    assert (skus(bucket)["flow logs/log delivery"], quantities(bucket)["flow logs/log delivery"]) == ("aws/cloudwatch/logs-to-s3", "73")
    assert not [one for one in network.lines({**VARIABLES, "network_flow_logs": False}, place()) if one.service == "flow logs"]


@pytest.mark.parametrize("changes", [{"provider": "azure"}, {"provider": "existing"}])
def test_other_providers_have_no_network_of_ours(changes):
    assert network.lines(VARIABLES, place(**changes)) == []


def test_an_existing_network_is_its_owners():
    assert network.lines({**VARIABLES, "network_provider": "existing"}, place()) == []


def test_a_figure_that_is_not_declared_is_said():
    found = line(network.lines({**VARIABLES, "cost_usage": {}}, place()), "nat/traffic")
    assert (found.quantity.expected, found.assumption) == (0, "cost_usage.nat_gb is not declared: counted as 0")
    assert found.undeclared == ["nat_gb"]


@pytest.mark.parametrize("name", ["nat_gb", "endpoint_gb", "flow_log_gb"])
def test_twice_the_traffic_is_twice_its_lines_and_nothing_else(name):
    lines = {"nat_gb": ["nat/traffic"], "endpoint_gb": ["endpoints/traffic"], "flow_log_gb": ["flow logs/log ingestion", "flow logs/log storage"]}[name]
    usage = {**USAGE, "endpoint_gb": 50}
    before = network.lines({**VARIABLES, "cost_usage": usage}, place())
    assert doubled(before, network.lines({**VARIABLES, "cost_usage": {**usage, name: usage[name] * 2}}, place()), lines)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"network_nat": "per_zone"}, r"network_nat is 'per_zone'; did you mean per_az"),
        ({"network_vpc_endpoints": {"s3": {"type": "gatewy"}}}, r"network_vpc_endpoints\.s3\.type is 'gatewy'; did you mean gateway\?"),
        ({"network_vpc_endpoints": ["s3"]}, r"network_vpc_endpoints is \['s3'\]; give a map"),
        ({"network_subnets": {**SUBNETS, "private": {"zones": 4}}}, r"network_subnets\.private\.zones is 4; give 1 to 3"),
        ({"network_flow_log_retention_days": -1}, r"network_flow_log_retention_days is -1; give 0 to 36500"),
        ({"cost_usage": {"nat_gb": -5}}, r"cost_usage\.nat_gb is -5; give 0 to 1000000000000"),
        ({"cost_usage": {"nat_gb": 1.5}}, r"cost_usage\.nat_gb is 1\.5; give a whole number, or a decimal number in quotes"),
        ({"cost_usage": {"nat_gb": 10**15}}, r"cost_usage\.nat_gb is 1000000000000000; give 0 to 1000000000000"),
        ({"cost_usage": {"nat_gbs": 5}}, r"cost_usage\.nat_gbs is counted nowhere; did you mean nat_gb"),
    ],
)
def test_what_cannot_be_is_refused_by_name(changes, said):
    with pytest.raises(CostError, match=said):
        network.lines({**VARIABLES, **changes}, place())


CLUSTER = {"platform_components": {"cluster": True}, "cost_usage": {"cross_zone_gb": 1000, "inter_region_gb": 20, "internet_out_gb": 250}}


def test_traffic_between_zones_is_paid_at_both_ends():
    found = transfer.lines(CLUSTER, place())
    assert quantities(found) == {"internet/out": "250", "between regions/out": "20", "between zones/in": "1000", "between zones/out": "1000"}
    assert all(one.usage for one in found)


@pytest.mark.parametrize(
    ("changes", "ways"),
    [({"provider": "gcp"}, ["between zones/out"]), ({"provider": "azure"}, []), ({"zones": 1}, [])],
)
def test_who_bills_traffic_between_zones(changes, ways):
    assert [name for name in quantities(transfer.lines(CLUSTER, place(**changes))) if name.startswith("between zones")] == ways


def test_without_a_cluster_there_is_no_traffic():
    assert transfer.lines({**CLUSTER, "platform_components": {}}, place()) == []
    assert transfer.lines(CLUSTER, place(provider="existing")) == []


@pytest.mark.parametrize(
    ("kind", "usage", "units"),
    [
        # By bytes: a unit holds 1 GB an hour.
        ("nlb", {"load_balancer_gb": 7300, "load_balancer_new_connections": 0, "load_balancer_active_connections": 0}, "7300"),
        # By new connections: 1,600 / 800 = 2 units all month.
        ("nlb", {"load_balancer_gb": 10, "load_balancer_new_connections": 1600, "load_balancer_active_connections": 0}, "1460"),
        # By open connections: 150,000 / 100,000.
        ("nlb", {"load_balancer_gb": 10, "load_balancer_new_connections": 0, "load_balancer_active_connections": 150_000}, "1095"),
        # An application load balancer holds 25 new connections.
        ("alb", {"load_balancer_gb": 10, "load_balancer_new_connections": 50, "load_balancer_active_connections": 0}, "1460"),
        ("alb", {"load_balancer_gb": 0, "load_balancer_rules_evaluated": 3000}, "2190"),
    ],
)
def test_capacity_units_are_those_of_the_busiest_dimension(kind, usage, units):
    found = balancer(place(), "edge", "load balancer", {"cost_usage": usage}, kind, busy=True)
    assert quantities(found) == {"load balancer/load balancer": "730", "load balancer/capacity units": units, "load balancer/public address": "2190"}
    assert skus(found)["load balancer/capacity units"] == f"aws/{kind}/lcu"


def test_an_internal_load_balancer_has_no_public_address():
    found = balancer(place(), "edge", "load balancer", {}, "nlb", busy=False, internal=True)
    assert quantities(found) == {"load balancer/load balancer": "730"}


@pytest.mark.parametrize("provider", ["azure", "gcp"])
def test_load_balancers_of_others_have_the_same_shape(provider):
    found = balancer(place(provider=provider), "edge", "load balancer", {"cost_usage": {"load_balancer_gb": 12}}, "cloud", busy=True)
    assert skus(found) == {
        "load balancer/load balancer": f"{provider}/lb/rule",
        "load balancer/public address": f"{provider}/ipv4/hour",
        "load balancer/traffic": f"{provider}/lb/gb",
    }
    assert quantities(found)["load balancer/traffic"] == "12"

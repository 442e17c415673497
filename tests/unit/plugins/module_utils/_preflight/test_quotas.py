# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service quotas against what is declared."""

from __future__ import annotations

import re

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._preflight import quotas

DECLARED = {
    "network": True,
    "nat": "per_az",
    "zones": 3,
    "subnets": {"public": {"zones": 2, "prefix_length": 24}, "private": {"zones": 3, "prefix_length": 19}},
    "endpoints": {"s3": {"type": "gateway"}, "sts": {"type": "interface"}, "ecr.api": {"type": "interface"}},
    "flows": {"mail": {"from": "node", "to": "internet", "ports": [465, 587]}},
    "cluster": True,
    "node_pools": {
        "general": {"instance_type": "t3.xlarge", "capacity_type": "on_demand", "min": 3, "max": 10},
        "batch": {"instance_type": "c5.2xlarge", "capacity_type": "spot", "min": 1, "desired": 2, "max": 4},
        "models": {"instance_type": "g5.xlarge", "min": 1, "max": 1},
    },
    "postgresql": {"main": {"replicas": 2}, "other": {}},
    "redis": {"main": {"nodes": 3, "shards": 2}},
    "elasticsearch": {"search": {}},
}
VCPUS = {"t3.xlarge": 4, "c5.2xlarge": 8, "g5.xlarge": 4}


def use(**changes) -> dict:
    return {name: (row["least"], row["most"]) for name, row in quotas.declared_use({**DECLARED, **changes}, VCPUS).items()}


def test_declared_use():
    assert use() == {
        "vpcs": (1, 1),
        "internet_gateways": (1, 1),
        "nat_gateways_per_zone": (1, 1),
        # The zone without a public subnet has no gateway.
        "elastic_ips": (2, 2),
        "subnets_per_vpc": (5, 5),
        "route_tables_per_vpc": (6, 6),
        "security_groups": (9, 9),
        "rules_per_security_group": (14, 14),
        "gateway_endpoints": (1, 1),
        "interface_endpoints_per_vpc": (2, 2),
        "eks_clusters": (1, 1),
        "vcpus_on_demand_standard": (12, 40),
        "vcpus_spot_standard": (16, 32),
        "vcpus_on_demand_g": (4, 4),
        "rds_instances": (4, 4),
        "elasticache_nodes": (6, 6),
        "opensearch_domains": (1, 1),
    }


def test_a_single_nat_gateway_needs_one_address():
    assert use(nat="single")["elastic_ips"] == (1, 1)


def test_without_gateways_there_are_no_addresses():
    assert not {"elastic_ips", "nat_gateways_per_zone"} & use(nat="none").keys()


def test_ipv6_needs_a_gateway_of_its_own():
    assert use(ipv6=True)["egress_only_gateways"] == (1, 1)


def test_what_is_not_declared_is_not_counted():
    assert use(network=False, cluster=False, postgresql={}, redis={}, elasticsearch={}) == {}


def test_an_unknown_instance_type_is_no_data_never_zero():
    declaration = {"cluster": True, "node_pools": {"a": {"instance_type": "t9.huge", "min": 1, "max": 2}}}
    read = {"us-east-1": {"quotas": {name: row(5) for name in quotas.QUOTAS}, "instance_types": {"t9.huge": None}}}
    found = {finding["what"]: finding for finding in quotas.judge_quotas(read, declaration)}
    assert found["vcpus_on_demand_standard in us-east-1"]["level"] == "warning"
    assert found["vcpus_on_demand_standard in us-east-1"]["found"].startswith("no data: the vCPUs of t9.huge")


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("m7g.large", "standard"),
        ("t3.medium", "standard"),
        ("im4gn.large", "standard"),
        ("g6e.xlarge", "g"),
        ("p5.48xlarge", "p"),
        ("inf2.xlarge", None),
        ("x2idn.large", None),
    ],
)
def test_families(name, group):
    assert quotas.family(name) == group


def row(limit: float | None, own: float | None = 0, others: float | None = 0, problem: str | None = None) -> dict:
    return {"limit": limit, "own": own, "others": others, "problem": problem}


@pytest.mark.parametrize(
    ("read", "level"),
    [
        (row(5), "ok"),
        (row(5, others=4), "ok"),
        (row(5, others=5), "error"),
        (row(5, own=1, others=4), "ok"),
        (row(0), "error"),
        (row(None, problem="answered AccessDenied"), "warning"),
        (row(5, own=None, others=None), "warning"),
        ({}, "warning"),
    ],
)
def test_own_things_count_once_and_no_data_is_no_zero(read, level):
    (finding,) = (
        found
        for found in quotas.judge_quotas({"us-east-1": {"quotas": {"vpcs": read}, "instance_types": {}}}, {"network": True, "nat": "single", "zones": 1})
        if "vpcs" in found["what"]
    )
    assert finding["level"] == level
    if level == "error":
        assert "L-F678F1CE" in finding["remedy"]


@pytest.mark.parametrize(("limit", "level"), [(40, "ok"), (39, "warning"), (12, "warning"), (11, "error")])
def test_the_least_must_fit_and_the_most_should(limit, level):
    declaration = {"cluster": True, "node_pools": {"general": DECLARED["node_pools"]["general"]}}
    read = {"us-east-1": {"quotas": {"vcpus_on_demand_standard": row(limit), "eks_clusters": row(100)}, "instance_types": VCPUS}}
    found = {finding["what"]: finding["level"] for finding in quotas.judge_quotas(read, declaration)}
    assert found == {"eks_clusters in us-east-1": "ok", "vcpus_on_demand_standard in us-east-1": level}


def test_every_region_is_judged():
    read = {region: {"quotas": {}, "instance_types": {}} for region in ("us-east-1", "us-west-2")}
    assert {finding["what"] for finding in quotas.judge_quotas(read, {"elasticsearch": {"a": {}}})} == {
        "opensearch_domains in us-east-1",
        "opensearch_domains in us-west-2",
    }


def test_codes_are_written_as_aws_writes_them():
    codes = [quota.code for quota in quotas.QUOTAS.values()]
    assert len(set(codes)) == len(codes)
    for quota in quotas.QUOTAS.values():
        assert re.fullmatch(r"L-[0-9A-F]{8}", quota.code) and quota.source.startswith("https://docs.aws.amazon.com/"), quota

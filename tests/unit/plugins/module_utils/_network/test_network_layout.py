# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where subnets lie, and what is refused."""

from __future__ import annotations

import itertools
from ipaddress import IPv4Network

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._network import layout

ZONES = {"a": "us-east-1a", "b": "us-east-1b", "c": "us-east-1c"}
TIERS = {
    "public": {"zones": 3, "prefix_length": 24},
    "private": {"zones": 3, "prefix_length": 19},
    "database": {"zones": 3, "prefix_length": 24},
}


def cidrs(cidr="10.12.0.0/16", tiers=None, zones=None) -> dict[str, str]:
    return {subnet.name: subnet.cidr for subnet in layout.subnets(cidr, tiers or TIERS, zones or ZONES)}


def test_the_layout():
    assert cidrs() == {
        "DatabaseSubnetA": "10.12.192.0/24",
        "DatabaseSubnetB": "10.12.193.0/24",
        "DatabaseSubnetC": "10.12.194.0/24",
        "PrivateSubnetA": "10.12.0.0/19",
        "PrivateSubnetB": "10.12.32.0/19",
        "PrivateSubnetC": "10.12.64.0/19",
        "PublicSubnetA": "10.12.128.0/24",
        "PublicSubnetB": "10.12.129.0/24",
        "PublicSubnetC": "10.12.130.0/24",
    }


@pytest.mark.parametrize("cidr", ["10.0.0.0/16", "172.31.0.0/16", "192.168.0.0/16"])
@pytest.mark.parametrize("number", [1, 2, 3, 4])
@pytest.mark.parametrize(("public", "private", "database"), [(24, 19, 24), (20, 19, 21), (28, 28, 28), (26, 22, 25)])
def test_subnets_are_within_the_network_and_apart(cidr, number, public, private, database):
    zones = {letter: f"us-east-1{letter}" for letter in "abcdef"[:number]}
    tiers = {tier: {"zones": number, "prefix_length": length} for tier, length in (("public", public), ("private", private), ("database", database))}
    assert list(layout.tier_problems(cidr, tiers, zones)) == []
    found = [IPv4Network(subnet) for subnet in cidrs(cidr, tiers, zones).values()]
    assert len(found) == 3 * number
    assert all(subnet.subnet_of(IPv4Network(cidr)) for subnet in found)
    assert not any(one.overlaps(other) for one, other in itertools.combinations(found, 2))
    # What comes later has the last eighth.
    assert not any(subnet.overlaps(list(IPv4Network(cidr).subnets(3))[7]) for subnet in found)


def test_another_tier_or_zone_moves_nothing():
    before = cidrs(tiers={"private": {"zones": 2, "prefix_length": 19}})
    assert before.items() <= cidrs(tiers={"private": {"zones": 2, "prefix_length": 19}, "public": TIERS["public"]}).items()
    assert before.items() <= cidrs().items()
    # Zone c of ca-central-1 does not exist: d stays where d is, whether or not somebody adds one in between.
    sparse = cidrs(zones={"a": "ca-central-1a", "b": "ca-central-1b", "d": "ca-central-1d"})
    assert sparse["PrivateSubnetD"] == "10.12.96.0/19"
    assert cidrs(tiers={"private": {"zones": 4, "prefix_length": 19}}, zones={**ZONES, "d": "us-east-1d"})["PrivateSubnetD"] == "10.12.96.0/19"


def test_ipv6_numbers_are_apart_and_fit_a_56():
    zones = {letter: f"us-east-1{letter}" for letter in "abcdef"}
    tiers = {tier: {"zones": 6, "prefix_length": 24} for tier in layout.SHARES}
    numbers = [subnet.ipv6 for subnet in layout.subnets("10.0.0.0/16", tiers, zones)]
    assert len(set(numbers)) == 18 and max(numbers) < layout.IPV6_SUBNETS


def test_ranges_of_a_network_that_was_made_elsewhere():
    tiers = {"private": {"cidrs": {"b": "10.12.2.0/24", "a": "10.12.1.0/24"}}}
    assert list(layout.tier_problems("10.12.0.0/16", tiers, ZONES)) == []
    assert cidrs(tiers=tiers) == {"PrivateSubnetA": "10.12.1.0/24", "PrivateSubnetB": "10.12.2.0/24"}


@pytest.mark.parametrize(
    ("tiers", "path", "problem", "remedy"),
    [
        ({"private": {"zones": 4, "prefix_length": 20}}, "private.zones", "is more than the 3 zones of the deployment", "write 3 at most"),
        ({"private": {"zones": 0, "prefix_length": 20}}, "private.zones", "is no number of zones", "write 1 at least"),
        ({"private": {"zones": 3, "prefix_length": 18}}, "private.prefix_length", "leaves room for 2 subnets in the tier's 4 eighths", "write 19"),
        (
            {**TIERS, "database": {"zones": 3, "prefix_length": 20}},
            "database.prefix_length",
            "leaves room for 2 subnets in the tier's 1 eighths of 10.12.0.0/16, zone c is number 3",
            "write 21",
        ),
        ({"private": {"zones": 3, "prefix_length": 16}}, "private.prefix_length", "leaves room for 0 subnets", "write 19"),
        ({"private": {"zones": 3, "prefix_length": 29}}, "private.prefix_length", "is smaller than AWS' smallest subnet, a /28", "write 28"),
        ({**TIERS, "dmz": {"zones": 1, "prefix_length": 24}}, "dmz", "is no tier", "there are database, private, public"),
        ({"public": TIERS["public"]}, "", "has no tier private", "add private"),
        ({"private": {}}, "private", "says neither zones and prefix_length nor cidrs", "write {zones: 3"),
        ({"private": {"cidrs": {"a": "10.13.0.0/24"}}}, "private.cidrs.a", "is no range within 10.12.0.0/16", "write one"),
        ({"private": {"cidrs": {"a": "10.12.0.1/24"}}}, "private.cidrs.a", "is no range within 10.12.0.0/16", "write one"),
        ({"private": {"cidrs": {"f": "10.12.0.0/24"}}}, "private.cidrs.f", "is in no zone", "network_zones has a, b, c"),
        ({**TIERS, "public": {"cidrs": {"a": "10.12.31.0/24"}}}, "public.cidrs.a", "overlaps 10.12.0.0/19 of PrivateSubnetA", "move one"),
    ],
)
def test_tiers_that_are_refused(tiers, path, problem, remedy):
    (found,) = layout.tier_problems("10.12.0.0/16", tiers, ZONES)
    assert ".".join(found.path) == ".".join(filter(None, ("network_subnets", path)))
    assert found.problem.startswith(problem) and found.remedy.startswith(remedy)


@pytest.mark.parametrize(
    ("zones", "region", "path", "problem"),
    [
        ({}, "us-east-1", "network_zones", "is empty"),
        ({letter: f"eu-west-1{letter}" for letter in "abcd"}, "eu-west-1", "network_zones", "has 4 zones, eu-west-1 has 3"),
        ({"a": "us-west-2a"}, "us-east-1", "network_zones.a", "is no zone of us-east-1"),
        ({"a": "us-east-1"}, "us-east-1", "network_zones.a", "is no zone of us-east-1"),
        ({"a": "us-east-1a", "b": "us-east-1a"}, "us-east-1", "network_zones.b", "is network_zones.a too"),
        ({"one": "us-east-1a"}, "us-east-1", "network_zones.one", "has a key that is no letter"),
    ],
)
def test_zones_that_are_refused(zones, region, path, problem):
    (found,) = layout.zone_problems(zones, region)
    assert (".".join(found.path), found.problem) == (path, problem)


@pytest.mark.parametrize(("region", "letters"), [("us-east-1", "abcdef"), ("us-west-2", "abcd"), ("eu-central-1", "abc"), ("ca-central-1", "abd")])
def test_zones_that_a_region_has(region, letters):
    assert list(layout.zone_problems({letter: f"{region}{letter}" for letter in letters}, region)) == []

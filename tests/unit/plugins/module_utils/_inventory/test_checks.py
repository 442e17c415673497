# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deployments one by one, and what they have in common."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._inventory import checks
from ansible_collections.llmops.platform.plugins.module_utils._inventory.contract import build
from ansible_collections.llmops.platform.plugins.module_utils._inventory.deployment import Deployment
from ansible_collections.llmops.platform.plugins.module_utils._inventory.deployment import judge

CONTRACT = build(
    [
        (
            "rules",
            "",
            {
                "platform": {
                    "options": {
                        "platform_name": {"type": "str", "required": True},
                        "platform_components": {"type": "dict", "values": {"type": "bool"}},
                        "platform_components_environment": {"type": "dict"},
                    }
                },
                "network": {"options": {"network_cidr": {"type": "str", "required": True}, "network_nat": {"type": "str"}}},
                "cluster": {
                    "options": {
                        "cluster_pools": {"type": "dict", "values": {"type": "dict", "options": {"max": {"type": "int", "required": True}}}},
                        "cluster_pools_environment": {"type": "dict"},
                        "cluster_pools_common": {"type": "dict"},
                    }
                },
            },
        )
    ]
)


def deployment(platform="shop", environment="production", side="primary", groups=None, name=None, inventory="", **values):
    values = {
        "platform_name": platform,
        "platform_environment": environment,
        "platform_region_group": side,
        "platform_region": f"region-{side}",
        **values,
    }
    return Deployment(
        name or f"{platform}_{environment}_{side}",
        inventory or f"{environment}.yml",
        frozenset(groups or (platform, environment, side, "all")),
        {key: value for key, value in values.items() if value is not None},
    )


def said(located):
    return [(".".join(entry.finding.path), entry.finding.problem, entry.finding.remedy) for entry in located]


def judged(**values):
    host = deployment(**values)
    for name in ("platform_environment", "platform_region_group", "platform_region"):
        del host.values[name]
    return [(".".join(finding.path), finding.problem, finding.remedy) for finding in judge(host, CONTRACT)]


@pytest.mark.parametrize(
    ("values", "path", "problem", "remedy"),
    [
        ({"netwrok_nat": "single"}, "netwrok_nat", "is a variable that no role knows", "did you mean network_nat?"),
        ({"zzz": 1}, "zzz", "is a variable that no role knows", "remove it, or begin its name with an underscore if it is your own"),
        ({"platform_components": {"netwrok": True}}, "platform_components.netwrok", "is no role", "did you mean network?"),
        ({"platform_components": {"network": True}}, "network_cidr", "is missing", "set it"),
        ({"platform_components": {"cluster": True}, "cluster_pools": {"a": {}}}, "cluster_pools.a.max", "is missing", "set it"),
        ({"cluster_pools_environment": {"a": {"maxx": 1}}}, "cluster_pools_environment.a.maxx", "is an unknown key", "did you mean max?"),
        ({"cluster_pools_common": {"maxx": 1}}, "cluster_pools_common.maxx", "is an unknown key", "did you mean max?"),
    ],
)
def test_one_problem_of_a_deployment(values, path, problem, remedy):
    assert judged(**values) == [(path, problem, remedy)]


@pytest.mark.parametrize(
    "values",
    [
        {"ansible_host": 1, "_mine": object()},
        {"platform_components": {"network": True}, "platform_components_environment": {"network": None}},
        {"platform_components": {"network": False}},
        {"platform_components": {"cluster": True}, "cluster_pools": {"a": {}}, "cluster_pools_common": {"max": 3}},
        {"platform_components": {"cluster": True}, "cluster_pools": {"a": {}}, "cluster_pools_environment": {"a": {"max": 3}}},
    ],
)
def test_good_deployments(values):
    assert judged(**values) == []


def test_an_unknown_platform_is_named():
    good = deployment()
    typo = deployment(name="shpo_dev_primary", platform=None, environment="dev", groups=("shpo", "dev", "primary"))
    other = deployment(platform="shopp", groups=("shop", "production", "primary"))
    nothing = deployment(name="zzz_dev_primary", platform=None, environment="dev", groups=("zzz", "dev"))
    assert said(checks.platforms([good, typo, other, nothing], {"depot"})) == [
        ("platform_name", "is not set, as there is no platform shpo", "did you mean shop?"),
        ("platform_name", "is an unknown platform, no group of the host bears its name", "did you mean shop?"),
        (
            "platform_name",
            "is not set, as there is no platform zzz",
            "known: depot, shop; add the host to the group of its platform, or the platform to group_vars",
        ),
    ]


def test_names():
    good, misnamed = deployment(), deployment(name="shop_prod_1")
    twice = deployment(inventory="copy.yml")
    elsewhere = deployment(environment="dev", groups=("shop", "staging", "primary"))
    assert [problem for _path, problem, _remedy in said(checks.names([good, misnamed, twice, elsewhere]))] == [
        "does not say platform, environment and region group",
        "stands in production.yml too",
        "is not the environment of its groups",
    ]


def test_production_needs_both_sides():
    shop, depot = deployment(), deployment("depot", side="standby", platform_provider="existing")
    assert [(path, problem.split(":")[0]) for path, problem, _remedy in said(checks.regions([shop, depot]))] == [
        ("groups.standby", "has no host of shop"),
        ("groups.primary", "has no host of depot"),
    ]


def test_both_sides_in_two_regions():
    assert said(checks.regions([deployment(), deployment(side="standby")])) == []
    (found,) = said(checks.regions([deployment(), deployment(side="standby", platform_region="region-primary")]))
    assert found[:2] == ("platform_region", "is the primary's region too")


def test_other_environments_need_one_side_only():
    assert said(checks.regions([deployment(environment="staging")])) == []


RESERVED = {"dev": {"primary": "10.1.0.0/16"}, "production": {"primary": "10.2.0.0/16", "standby": "10.3.0.0/16"}}


@pytest.mark.parametrize(
    ("deployments", "expected"),
    [
        ([deployment(network_cidrs=RESERVED, network_cidr="10.2.0.0/16"), deployment(side="standby", network_cidrs=RESERVED)], []),
        # Between platforms, environments, regions.
        ([deployment(network_cidr="10.0.0.0/8"), deployment("depot", network_cidr="10.9.0.0/16")], [("network_cidr", "shop production primary")]),
        ([deployment(network_cidr="10.9.0.0/16"), deployment(environment="dev", network_cidr="10.9.0.0/16")], [("network_cidr", "shop dev primary")]),
        ([deployment(network_cidrs={"dev": {"primary": "10.1.0.0/16", "standby": "10.1.128.0/17"}})], [("network_cidrs.dev.standby", "shop dev primary")]),
        # A range of one's own beside the reserved one.
        ([deployment(network_cidrs=RESERVED, network_cidr="10.3.4.0/24")], [("network_cidr", "shop production standby")]),
        # All that lie within a wide one, not the next only.
        (
            [deployment(network_cidrs={"dev": {"a": "10.0.0.0/8", "b": "10.1.0.0/16", "c": "10.2.0.0/16"}})],
            [("network_cidrs.dev.b", "shop dev a"), ("network_cidrs.dev.c", "shop dev a")],
        ),
        ([deployment(network_cidr="nonsense"), deployment("depot", network_cidr=5), deployment("kiosk", network_cidr="2001:db8::/32")], []),
    ],
)
def test_address_ranges(deployments, expected):
    found = said(checks.networks(deployments))
    assert [path for path, _problem, _remedy in found] == [path for path, _other in expected]
    for (_path, problem, _remedy), (_where, other) in zip(found, expected, strict=True):
        assert problem.endswith(f"of {other}")


NETWORK = {
    "platform_provider": "aws",
    "platform_components": {"network": True},
    "platform_region": "us-east-1",
    "network_cidr": "10.2.0.0/16",
    "cluster_zones": {letter: f"us-east-1{letter}" for letter in "abc"},
    "network_subnets": {"private": {"zones": 3, "prefix_length": 19}, "public": {"zones": 3, "prefix_length": 24}},
    "network_nat": "per_az",
}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, []),
        ({"network_cidr": "10.2.4.0/20"}, ["network_cidr"]),
        ({"network_nat": "single"}, ["network_nat"]),
        ({"network_subnets": {**NETWORK["network_subnets"], "private": {"zones": 4, "prefix_length": 19}}}, ["network_subnets.private.zones"]),
        ({"network_flows": {"web": {"from": "internet", "to": "node", "ports": [443]}}}, ["network_flows.web.from"]),
        # Of the wrong shape, which others say; and what nobody makes is not judged.
        ({"network_subnets": {"private": 3}}, []),
        ({"platform_provider": "existing", "network_nat": "single"}, []),
        ({"network_provider": "existing", "network_nat": "single"}, []),
        ({"platform_components": {}, "network_nat": "single"}, []),
    ],
)
def test_a_network_is_judged_as_its_role_would(values, expected):
    assert [path for path, _problem, _remedy in said(checks.networks([deployment(**{**NETWORK, **values})]))] == expected


@pytest.mark.parametrize(("peer", "expected"), [("10.9.0.0/16", []), ("10.10.0.0/16", []), ("10.9.4.0/24", ["of depot"]), ("10.8.0.0/15", ["of depot"])])
def test_a_peer_is_a_whole_network_or_none_of_ours(peer, expected):
    found = said(checks.networks([deployment(network_cidr="10.2.0.0/16", network_peers={"depot": peer}), deployment("depot", network_cidr="10.9.0.0/16")]))
    assert [problem[problem.index("of ") :].split(" production")[0] for _path, problem, _remedy in found] == expected

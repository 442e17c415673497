# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated nodes: how many, where, of what size."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._local.nodes import build_nodes
from ansible_collections.llmops.platform.plugins.module_utils._local.nodes import split_taints

ZONES = {"a": "us-east-1a", "b": "us-east-1b", "c": "us-east-1c"}
TYPES = {"t3.xlarge": {"cpu": 4, "memory_gib": 16, "pods": 110}}


def pool(**changes):
    return {"instance_type": "t3.xlarge", "capacity_type": "on_demand", "min": 3, "max": 20, **changes}


@pytest.mark.parametrize(
    ("settings", "zones"),
    [
        (pool(), ["a", "b", "c"]),
        (pool(min=1), ["a", "b", "c"]),
        (pool(desired=5), ["a", "b", "c", "a", "b"]),
        (pool(min=2, desired=2), ["a", "b", "c"]),
    ],
)
def test_spread(settings, zones):
    nodes = build_nodes({"general": settings}, ZONES, "us-east-1", TYPES)
    assert [node["metadata"]["labels"]["topology.kubernetes.io/zone"][-1] for node in nodes] == zones


def test_names_and_addresses_are_unique_over_pools():
    nodes = build_nodes({"general": pool(desired=6), "memory": pool()}, ZONES, "us-east-1", TYPES)
    assert len({node["metadata"]["name"] for node in nodes}) == len(nodes) == 9
    assert len({node["metadata"]["annotations"]["local.llmops.platform/address"] for node in nodes}) == 9


def test_size_labels_and_taints():
    settings = pool(labels={"workload": "data"}, taints={"workload": {"value": "data", "effect": "NoSchedule"}})
    node = build_nodes({"data": settings}, ZONES, "us-east-1", TYPES)[0]
    assert node["metadata"]["annotations"]["local.llmops.platform/memory"] == "16Gi"
    assert node["metadata"]["labels"]["workload"] == "data"
    assert node["metadata"]["name"] == "data-0.us-east-1a"
    assert node["spec"]["taints"] == [{"key": "workload", "value": "data", "effect": "NoSchedule"}]


@pytest.mark.parametrize(
    ("pools", "zones", "said"),
    [
        ({"general": pool(instance_type="m9.huge")}, ZONES, "cluster_node_pools.general.instance_type: the size of m9.huge is not known"),
        ({"general": pool()}, {}, "cluster_zones is empty"),
    ],
)
def test_refused(pools, zones, said):
    with pytest.raises(ValueError, match=said):
        build_nodes(pools, zones, "us-east-1", TYPES)


def test_taints_go_apart_from_their_nodes():
    pools = {"general": pool(), "data": pool(taints={"workload": {"value": "data", "effect": "NoSchedule"}})}
    nodes = build_nodes(pools, ZONES, "us-east-1", TYPES)
    bare, taints = split_taints(nodes)
    assert [node["metadata"] for node in bare] == [node["metadata"] for node in nodes]
    assert not any("spec" in node for node in bare)
    assert [node["metadata"] for node in taints] == [{"name": f"data-0.{zone}"} for zone in ZONES.values()]
    assert all(node["spec"]["taints"][0]["value"] == "data" for node in taints)

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cluster: control plane, extended support, nodes and their volumes; exact quantities."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import cluster
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.families import FAMILIES
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from tests.support.bill_cases import doubled
from tests.support.bill_cases import line
from tests.support.bill_cases import place
from tests.support.bill_cases import quantities
from tests.support.bill_cases import skus

ROOT = Path(__file__).resolve().parents[5]
POOL = {"instance_type": "m6i.large", "min": 2, "desired": 3, "max": 6, "disk_gib": 40}
VARIABLES = {
    "platform_components": {"cluster": True, "cluster_addons": True},
    "cluster_eks": True,
    "cluster_version": "1.36",
    "cluster_eks_releases": {
        "1.35": {"until": "2026-11-20", "extended_until": "2027-11-20"},
        "1.36": {"until": "2027-08-02", "extended_until": "2028-08-02"},
    },
    "cluster_support": "standard",
    "cluster_node_pools": {"general": POOL},
    "cluster_log_types": {"audit": True},
    "cluster_log_retention_days": 365,
    "cost_usage": {"cluster_log_gb": 10},
}


def bill(**changes):
    return cluster.lines({**VARIABLES, **changes}, place())


def pool(**changes):
    return {"cluster_node_pools": {"general": {**POOL, **changes}}}


def test_a_cluster_with_one_pool():
    found = bill()
    assert quantities(found) == {
        "control plane/control plane": "730",
        "pool general/nodes": "1460..2190..4380",
        "pool general/root volumes": "80..120..240",
        "control plane/log ingestion": "10",
        "control plane/log storage": "18",
    }
    assert skus(found)["pool general/nodes"] == "aws/ec2/m6i.large"
    nodes = line(found, "pool general/nodes")
    assert (nodes.scales, nodes.purchase, nodes.labels["architecture"], nodes.labels["instance_type"]) == (True, "on_demand", "x86_64", "m6i.large")


@pytest.mark.parametrize(
    ("version", "support", "as_of", "names"),
    [
        ("1.36", "extended", "2026-11-21", []),
        # The last day is still one of standard support.
        ("1.35", "extended", "2026-11-20", []),
        ("1.35", "extended", "2026-11-21", ["730"]),
        ("1.35", "extended", "2027-11-20", ["730"]),
        ("1.35", "extended", "2027-11-21", []),
        ("1.35", "standard", "2026-11-21", []),
    ],
)
def test_extended_support_by_the_versions_date(version, support, as_of, names):
    found = cluster.lines({**VARIABLES, "cluster_version": version, "cluster_support": support}, place(as_of=as_of))
    assert [str(one.quantity.expected) for one in found if one.sku == "aws/eks/extended-support"] == names
    assert quantities(found)["control plane/control plane"] == "730"


@pytest.mark.parametrize(
    ("support", "as_of", "said"),
    [
        ("standard", "2026-11-21", "EKS upgraded it by itself after 2026-11-20, as cluster_support is standard"),
        ("extended", "2027-12-01", "EKS upgraded it by itself after 2027-11-20, the end of extended support"),
        ("extended", "2026-12-01", ""),
    ],
)
def test_what_ends_by_itself_is_said(support, as_of, said):
    found = cluster.lines({**VARIABLES, "cluster_version": "1.35", "cluster_support": support}, place(as_of=as_of))
    assert line(found, "control plane/control plane").assumption == said


@pytest.mark.parametrize(
    ("changes", "spot_enabled", "purchase", "said"),
    [
        ({"capacity_type": "spot"}, True, "spot", ""),
        ({"capacity_type": "spot"}, False, "on_demand", "declared as spot, but cluster_spot_enabled is false: on demand"),
        ({"capacity_type": "on_demand"}, True, "on_demand", ""),
        ({}, True, "on_demand", ""),
    ],
)
def test_spot_needs_both_switches(changes, spot_enabled, purchase, said):
    found = bill(**pool(**changes), cluster_spot_enabled=spot_enabled)
    nodes = line(found, "pool general/nodes")
    assert (nodes.purchase, nodes.assumption, nodes.sku) == (purchase, said, "aws/ec2/m6i.large")
    # A volume is never bought on the spot market.
    assert line(found, "pool general/root volumes").purchase == "on_demand"


@pytest.mark.parametrize(
    ("changes", "scales"),
    [
        ({}, True),
        (pool(min=3, max=3), False),
        (pool(scaling={"mode": "manual"}), False),
        (pool(scaling={"mode": "none"}), False),
        (pool(scaling={"mode": "automatic"}), True),
        ({"cluster_addons_autoscaler": "none"}, False),
        ({"platform_components": {"cluster": True}}, False),
    ],
)
def test_whether_a_pool_scales_by_itself(changes, scales):
    assert line(bill(**changes), "pool general/nodes").scales is scales


def test_layers_of_pools_and_what_is_common():
    found = bill(
        cluster_node_pools={"general": {"instance_type": "t3.large", "min": 3, "max": 6}},
        cluster_node_pools_environment={"general": {"instance_type": "t4g.large", "min": 1}},
        cluster_disk_gib=50,
        cost_usage={"cpu_credit_vcpu_hours": 12},
    )
    assert quantities(found)["pool general/nodes"] == "730..730..4380"
    assert quantities(found)["pool general/root volumes"] == "50..50..300"
    assert quantities(found)["nodes/surplus credits"] == "12"
    assert line(found, "pool general/nodes").labels["architecture"] == "arm64"


def test_types_that_do_not_burst_have_no_credits():
    assert "nodes/surplus credits" not in quantities(bill())


def test_detailed_monitoring_is_seven_metrics_a_node():
    assert quantities(bill(cluster_detailed_monitoring=True))["pool general/detailed monitoring"] == "14..21..42"


def test_auto_mode_adds_its_fee_to_each_hour():
    found = bill(cluster_compute="auto_mode")
    assert quantities(found)["pool general/auto mode"] == quantities(found)["pool general/nodes"] == "1460..2190..4380"
    assert skus(found)["pool general/auto mode"] == "aws/eks/auto-mode/m6i.large"
    assert line(found, "pool general/nodes").assumption == "EKS Auto Mode chooses by itself: as the pool is declared"
    with pytest.raises(CostError, match=r"cluster_node_pools is empty; EKS chooses the nodes"):
        bill(cluster_compute="auto_mode", cluster_node_pools={})


def test_karpenters_queue():
    found = bill(cluster_addons_autoscaler="karpenter", cost_usage={"queue_requests": 2_500_000})
    assert (quantities(found)["interruptions/calls"], skus(found)["interruptions/calls"]) == ("2.5", "aws/sqs/requests-1m")


def test_twice_the_nodes_are_twice_their_lines_and_nothing_else():
    twice = pool(min=4, desired=6, max=12)
    assert doubled(bill(), bill(**twice), ["pool general/nodes", "pool general/root volumes"])


def test_no_log_types_no_log():
    assert "control plane/log ingestion" not in quantities(bill(cluster_log_types={"audit": False}))


@pytest.mark.parametrize("changes", [{"cluster_eks": False}, {"cluster_eks": None, "cluster_provider": "existing"}])
def test_somebody_elses_cluster_costs_nothing_here(changes):
    variables = {key: value for key, value in {**VARIABLES, **changes}.items() if value is not None}
    assert cluster.lines(variables, place()) == []
    assert cluster.lines(VARIABLES, place(provider="existing")) == []


@pytest.mark.parametrize(
    ("provider", "types", "names"),
    [
        ("azure", {"m6i.large": "Standard_D2s_v3"}, ("azure/aks/standard", "azure/vm/Standard_D2s_v3", "azure/disk/P6", "2..3..6")),
        ("gcp", {"m6i.large": "n2-standard-2"}, ("gcp/gke/cluster", "gcp/gce/n2-standard-2", "gcp/disk/pd-balanced", "80..120..240")),
    ],
)
def test_clusters_of_others_have_the_same_shape(provider, types, names):
    found = cluster.lines({**VARIABLES, "cluster_instance_types": types}, place(provider=provider))
    assert skus(found) == {"control plane/control plane": names[0], "pool general/nodes": names[1], "pool general/root volumes": names[2]}
    assert quantities(found) == {"control plane/control plane": "730", "pool general/nodes": "1460..2190..4380", "pool general/root volumes": names[3]}


@pytest.mark.parametrize(("gib", "sku"), [(1, "P1"), (32, "P4"), (33, "P6"), (64, "P6"), (65, "P10"), (128, "P10"), (4096, "P50")])
def test_azure_sells_disks_by_size(gib, sku):
    variables = {**VARIABLES, **pool(disk_gib=gib), "cluster_instance_types": {"m6i.large": "Standard_D2s_v3"}}
    assert skus(cluster.lines(variables, place(provider="azure")))["pool general/root volumes"] == f"azure/disk/{sku}"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"cluster_version": "1.37"}, r"cluster_version '1\.37' has no row in cluster_eks_releases; did you mean 1\.3[56] or 1\.3[56]\? Or add one"),
        ({"cluster_support": "extend"}, r"cluster_support is 'extend'; did you mean extended\?"),
        ({"cluster_compute": "auto"}, r"cluster_compute is 'auto'; did you mean auto_mode\?"),
        (pool(instance_type="m6.large"), r"general\.instance_type is 'm6\.large', of no known family; did you mean m6\w+ or m6\w+ or m6\w+\?"),
        (pool(instance_type="m6i.huge"), r"general\.instance_type is 'm6i\.huge'; give a family and a size, such as t3\.xlarge"),
        (pool(instance_type=None), r"general\.instance_type is None"),
        (pool(min=-1), r"cluster_node_pools\.general\.min is -1; give 0 to 450"),
        (pool(max=100_000), r"cluster_node_pools\.general\.max is 100000; give 1 to 450"),
        (pool(min=5, desired=4), r"cluster_node_pools\.general: min 5, desired 4, max 6"),
        (pool(max="many"), r"cluster_node_pools\.general\.max is 'many'; give a whole number"),
        (pool(min=True), r"cluster_node_pools\.general\.min is True; give a whole number"),
        (pool(disk_gib=20_000), r"cluster_node_pools\.general\.disk_gib is 20000; give 1 to 16384"),
        (pool(capacity_type="spots"), r"cluster_node_pools\.general\.capacity_type is 'spots'; did you mean spot\?"),
        ({"cluster_log_retention_days": "long"}, r"cluster_log_retention_days is 'long'; give a number"),
    ],
)
def test_what_cannot_be_is_refused_by_name(changes, said):
    with pytest.raises(CostError, match=said):
        bill(**changes)


def test_a_family_of_ones_own():
    found = bill(**pool(instance_type="m99z.large"), cluster_instance_families={"m99z": {}})
    assert skus(found)["pool general/nodes"] == "aws/ec2/m99z.large"


def test_a_machine_that_another_provider_has_no_name_for():
    with pytest.raises(CostError, match=r"cluster_instance_types\.m6i\.large is missing; name the machine of azure that pool general takes for it"):
        cluster.lines(VARIABLES, place(provider="azure"))


def test_families_are_those_of_the_role():
    table = yaml.safe_load((ROOT / "roles" / "cluster" / "files" / "instance_families.yml").read_text(encoding="utf-8"))
    assert frozenset(table["families"]) == FAMILIES

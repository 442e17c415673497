# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Allocation: OpenCost's examples, sums that are exact, what Prometheus saw."""

from __future__ import annotations

import random
from decimal import Decimal
from decimal import localcontext
from pathlib import Path

import pytest
import yaml

from ansible_collections.llmops.platform.plugins.module_utils._cost.allocation import allocate
from ansible_collections.llmops.platform.plugins.module_utils._cost.allocation import node_split
from ansible_collections.llmops.platform.plugins.module_utils._cost.allocation import split
from ansible_collections.llmops.platform.plugins.module_utils._cost.capacity import GIB
from ansible_collections.llmops.platform.plugins.module_utils._cost.capacity import capacity
from ansible_collections.llmops.platform.plugins.module_utils._cost.estimate import estimate
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import HOURS
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import fixed
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import hours
from ansible_collections.llmops.platform.plugins.module_utils._cost.measured_usage import QUERIES
from ansible_collections.llmops.platform.plugins.module_utils._cost.measured_usage import usage
from ansible_collections.llmops.platform.plugins.module_utils._cost.prices import table
from ansible_collections.llmops.platform.plugins.module_utils._cost.workloads import declared
from tests.support.costs import record

ROOT = Path(__file__).parents[5]
PLACE = Place("p", "dev", "p_dev", "aws", "us-east-1", 3, "2026-07-31")
PRICES = {
    "aws/ec2/m5.xlarge": "0.192", "aws/ec2/t3.large": "0.0832", "aws/ebs/gp3": "0.08", "aws/eks/cluster": "0.10", "aws/nlb/hour": "0.0225",
    "aws/rds-postgresql/db.r6g.large": "0.225",
}  # fmt: skip
SERVICES = {
    "web": {"namespace": "shop", "component": "frontend", "replicas": 2, "resources": {"requests": {"cpu": "500m", "memory": "1Gi"}}},
    "api": {
        "namespace": "shop", "component": "backend", "scaling": {"min": 4, "max": 9, "cpu_percent": 70},
        "resources": {"requests": {"cpu": 1, "memory": "2Gi"}},
    },
}  # fmt: skip
VARIABLES = {"application_services": SERVICES}


def prices(**more):
    return table([record(sku, usd, unit="GB-month" if sku == "aws/ebs/gp3" else "hour") for sku, usd in (PRICES | more).items() if usd])


def pool(name, kind, nodes, disk=50):
    labels = {"pool": name, "instance_type": kind, "nodes": str(nodes)}
    return [
        Line(PLACE, "cluster", f"pool {name}", "nodes", f"aws/ec2/{kind}", hours(nodes), "hour", labels=labels),
        Line(PLACE, "cluster", f"pool {name}", "root volumes", "aws/ebs/gp3", fixed(nodes * disk), "GB-month", labels=labels),
    ]


def bill(*pools):
    return [
        *(line for one in pools for line in one),
        Line(PLACE, "cluster", "control plane", "control plane", "aws/eks/cluster", hours(), "hour"),
        Line(PLACE, "istio", "gateway", "load balancer", "aws/nlb/hour", hours(), "hour"),
        Line(PLACE, "postgresql", "main", "instance", "aws/rds-postgresql/db.r6g.large", hours(), "hour", stateful=True),
    ]


def estimated(*pools, table_of_prices=None):
    return estimate(bill(*pools), table_of_prices or prices(), {}, "2026-07-31")


def money(data, *path):
    for key in path:
        data = data[key]
    return Decimal(data)


def test_a_node_of_35_dollars_is_scaled_by_half():
    # The specification's appendix A has base prices of 30 and 30 and 10 (GPU) for a node of 35; without the GPU, by our base prices.
    cpu, ram = node_split(Decimal(35), Decimal(4), 16 * GIB)
    base_cpu, base_ram = 4 * Decimal("0.031611"), 16 * Decimal("0.004237")
    assert cpu + ram == 35
    assert abs(cpu / ram - base_cpu / base_ram) < Decimal("1e-15")


def test_split_scales_as_the_specification_does():
    assert split(Decimal(35), [Decimal(30), Decimal(30), Decimal(10)]) == [15, 15, 5]


@pytest.mark.parametrize("seed", range(20))
def test_split_is_exact(seed):
    chance = random.Random(seed)
    total = Decimal(chance.randrange(10**9)) / 7
    weights = [Decimal(chance.randrange(1000)) / 3 for _number in range(chance.randrange(1, 40))]
    with localcontext() as context:
        context.prec = 80
        assert sum(split(total, weights)) == total
    assert all(part >= 0 for part in split(total, weights))


def test_workloads_idle_and_overhead_by_hand():
    found = allocate(declared(VARIABLES), estimated(pool("general", "m5.xlarge", 3)), "p_dev")
    # Three m5.xlarge: 12 cores, 48 GiB; asked for are 2 x 0.5 + 4 x 1 = 5 cores and 2 x 1 + 4 x 2 = 10 GiB.
    nodes = 3 * 730 * Decimal("0.192") + 150 * Decimal("0.08")
    ratio = 4 * Decimal("0.031611") / (4 * Decimal("0.031611") + 16 * Decimal("0.004237"))
    workload = nodes * (ratio * 5 / 12 + (1 - ratio) * 10 / 48)
    assert abs(money(found, "cluster", "workload") - workload) < Decimal("1e-9")
    assert abs(money(found, "cluster", "idle") - (nodes - workload)) < Decimal("1e-9")
    assert money(found, "cluster", "overhead") == 73
    assert money(found, "shared") == Decimal("16.425") and money(found, "external") == Decimal("164.25")
    api = next(one for one in found["allocations"] if one["name"] == "shop/api")
    assert api["properties"] == {"cluster": "p_dev", "namespace": "shop", "controller": "api", "tier": "backend"}
    assert money(api, "cpuCoreHours") == 4 * 730 and money(api, "ramByteHours") == 8 * GIB * 730
    assert money(api, "cpuCoreRequestAverage") == 4 and api["cpuCoreUsageAverage"] is None
    assert abs(money(api, "cpuCost") - nodes * ratio * 4 / 12) < Decimal("1e-9")
    assert set(found["by"]["tier"]) == {"frontend", "backend"} and set(found["by"]["namespace"]) == {"shop"}


@pytest.mark.parametrize("share", ["none", "uniform", "proportional"])
@pytest.mark.parametrize("seed", range(15))
def test_all_sums_are_exact(seed, share):
    chance = random.Random(seed)
    services = {
        f"s{number}": {
            "namespace": f"n{chance.randrange(3)}",
            "replicas": chance.randrange(6),
            "resources": {"requests": {"cpu": f"{chance.randrange(2000)}m", "memory": f"{chance.randrange(1, 4000)}Mi"}},
        }
        for number in range(chance.randrange(1, 8))
    }
    pools = [pool(f"p{number}", chance.choice(["m5.xlarge", "t3.large"]), chance.randrange(1, 5), chance.randrange(20, 90)) for number in range(3)]
    found = estimated(*pools)
    one = allocate(declared({"application_services": services}), found, "p_dev", share=share)
    with localcontext() as context:
        context.prec = 100
        cluster = one["cluster"]
        assert money(cluster, "workload") + money(cluster, "idle") + money(cluster, "overhead") == money(cluster, "total")
        assert money(cluster, "total") + money(one, "shared") + money(one, "external") == money(one, "total") == money(found, "totals", "effective", "expected")
        for names in one["by"].values():
            assert sum(map(Decimal, names.values())) == money(one, "total")
        if share != "none" and any(Decimal(row["cpuCost"]) for row in one["allocations"]):
            assert sum(money(row, "totalCost") for row in one["allocations"]) == money(one, "total")
        assert all(Decimal(value) >= 0 for row in one["allocations"] for key, value in row.items() if key.endswith("Cost"))


def test_doubled_replicas_double_the_cost():
    twice = {
        "application_services": {
            name: service | ({"replicas": 4} if "replicas" in service else {"scaling": {"min": 8, "max": 9}}) for name, service in SERVICES.items()
        }
    }
    found = [allocate(declared(one), estimated(pool("general", "m5.xlarge", 9)), "p_dev") for one in (VARIABLES, twice)]
    assert abs(money(found[1], "cluster", "workload") - 2 * money(found[0], "cluster", "workload")) < Decimal("1e-15")


def test_what_does_not_fit_is_said_and_nothing_is_idle_below_nothing():
    found = allocate(declared(VARIABLES), estimated(pool("general", "t3.large", 1)), "p_dev")
    assert [text for text in found["problems"] if "ask for 250 % of the nodes' cores" in text]
    assert money(found, "idle", "cpuCost") == 0


def test_a_missing_price_is_said():
    found = estimate(bill(pool("general", "t3.large", 3)), prices(**{"aws/nlb/hour": None}), {}, "2026-07-31")
    assert "p_dev/istio/gateway/load balancer has no price" in allocate([], found, "p_dev")["problems"][0]


def test_an_unknown_size_is_overhead_and_said():
    found = allocate([], estimated(pool("odd", "x2gd.large", 1), table_of_prices=prices(**{"aws/ec2/x2gd.large": "0.167"})), "p_dev")
    assert "pool odd: capacity of x2gd.large is not known" in found["problems"][0]
    assert money(found, "cluster", "overhead") == 73 + 730 * Decimal("0.167") + 4


def test_wrong_input_is_refused():
    found = estimated(pool("general", "t3.large", 1))
    with pytest.raises(CostError, match="has no lines of 'p_prod'; it has p_dev"):
        allocate([], found, "p_prod")
    with pytest.raises(CostError, match="one of none, uniform, proportional"):
        allocate([], found, "p_dev", share="fair")
    with pytest.raises(CostError, match=r"application_services\.web\.resources\.requests\.cpu is None"):
        declared({"application_services": {"web": {"resources": {}}}})
    with pytest.raises(CostError, match=r"application_services\.web\.replicas is 1.5|whole number"):
        declared({"application_services": {"web": SERVICES["web"] | {"replicas": "1.5"}}})


def test_layers_are_laid_as_role_application_does():
    found = declared(
        {
            "application_service_defaults": {"namespace": "default", "component": "service", "replicas": 3, "scaling": {}},
            "application_services_common": {
                "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}},
                "scaling": {"min": 3, "max": 10, "memory_percent": 80},
            },
            "application_services": {"web": {}, "gone": {}},
            "application_services_environment": {"web": {"scaling": {"min": 2}}},
            "application_services_deployment": {"gone": None},
        }
    )
    assert [(one.name, one.replicas.minimum, one.replicas.maximum, one.scales_on) for one in found] == [("default/web", 2, 10, ("memory",))]


def test_capacities_are_those_of_the_cluster_role():
    families = yaml.safe_load((ROOT / "roles/cluster/files/instance_families.yml").read_text())["families"]
    ladder = {"medium": 1, "large": 2, "xlarge": 4}
    checked = 0
    for family, row in families.items():
        for size in row["sizes"]:
            found = capacity(f"{family}.{size}")
            if found is None:
                continue
            if isinstance(row["sizes"], dict):
                expected = row["sizes"][size]
            else:
                vcpus = ladder.get(size) or 4 * int(size.removesuffix("xlarge"))
                expected = [vcpus, vcpus * row["gib_per_vcpu"]]
            assert (found[0], found[1] / GIB) == tuple(Decimal(str(value)) for value in expected), f"{family}.{size}"
            checked += 1
    assert checked > 300


def row(value, **labels):
    return {"metric": labels, "value": [0, value]}


def answers():
    """Two days: a pod of a Deployment that ran all the time, one that ran for a day, one that never got its image."""
    web = [{"namespace": "shop", "pod": f"web-6d5f7c9b4-{end}"} for end in ("aaaaa", "bbbbb", "ccccc")]
    inside = [one | {"container": "web"} for one in web]
    return {
        "window_seconds": "172800",
        "running_seconds": [row("172800", **web[0]), row("86400", **web[1]), row("0", **web[2]), row("172800", namespace="mesh", pod="proxy")],
        "owner": [row("1", owner_kind="ReplicaSet", owner_name="web-6d5f7c9b4", **one) for one in web],
        "cpu": [row("0.7", **inside[0]), row("0.1", **inside[1]), row("0.2", namespace="mesh", pod="proxy", container="envoy")],
        "memory": [row(str(GIB // 2), **one) for one in inside[:2]],
        "cpu_request": [row("0.5", **one) for one in inside],
        "memory_request": [row(str(GIB), **one) for one in inside],
        "cpu_p95": [row("0.9", **inside[0]), row("0.2", **inside[1])],
        "memory_max": [row(str(GIB), **inside[0])],
    }


def test_prometheus_answers_become_figures():
    found = usage(answers())
    # 1.5 pods on average; the first is charged its usage for 2 of 3 days, the second its request.
    assert {name: Decimal(value) for name, value in found["shop/web"].items()} == {
        "replicas": Decimal("1.5"), "cpu": Decimal("0.5"), "cpu_request": Decimal("0.5"), "cpu_charged": Decimal("0.633333333"),
        "memory": GIB / 2, "memory_request": GIB, "memory_charged": GIB, "cpu_p95": Decimal("0.9"), "memory_max": GIB,
    }  # fmt: skip
    assert found["mesh/proxy"]["cpu_charged"] == "0.2"


def test_measured_allocation_charges_the_greater_and_knows_more_workloads():
    seen = allocate(declared(VARIABLES), estimated(pool("general", "m5.xlarge", 3)), "p_dev", used=usage(answers()))
    rows = {one["name"]: one for one in seen["allocations"]}
    assert seen["provenance"] == "measured" and set(rows) == {"shop/api", "shop/web", "mesh/proxy"}
    assert money(rows["shop/web"], "cpuCoreHours") == Decimal("0.633333333") * Decimal("1.5") * HOURS
    assert money(rows["shop/web"], "cpuCoreUsageAverage") == Decimal("0.75")
    assert money(rows["mesh/proxy"], "cpuCost") > 0
    with localcontext() as context:
        context.prec = 100
        assert money(seen["cluster"], "workload") + money(seen["cluster"], "idle") + money(seen["cluster"], "overhead") == money(seen["cluster"], "total")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"window_seconds": "0"}, "not above 0"),
        ({"cpu": [row("NaN", namespace="a", pod="b", container="c")]}, "no figure of 0 or more"),
        ({"cpu": [row("-1", namespace="a", pod="b", container="c")]}, "no figure of 0 or more"),
        ({"cpu": [row("1", namespace="a")]}, "without the labels namespace and pod"),
        ({"cpu": [row("1", namespace="a", pod="b"), row("2", namespace="a", pod="b")]}, "two answers for a/b"),
        ({"gpu": []}, "answers of gpu"),
    ],
)  # fmt: skip
def test_answers_that_are_none_are_refused(change, words):
    with pytest.raises(CostError, match=words):
        usage(answers() | change)


def test_the_file_of_queries_has_all_of_them():
    queries = yaml.safe_load((ROOT / "roles/cost/files/allocation_queries.yml").read_text())
    assert set(queries) == set(QUERIES)
    assert all("$window" in query for query in queries.values())

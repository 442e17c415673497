# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Advice: each kind by hand, in turn, never counted twice."""

from __future__ import annotations

import dataclasses
import random
from dataclasses import replace
from decimal import Decimal
from decimal import localcontext

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.advise import KINDS
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.advise import advise
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.commitments import break_even_month
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.endpoints import break_even_gb
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.graviton import twins
from ansible_collections.llmops.platform.plugins.module_utils._cost.estimate import estimate
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import fixed
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import hours
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import ranged
from ansible_collections.llmops.platform.plugins.module_utils._cost.prices import table
from tests.support.costs import record

PRICES = {
    "aws/ec2/t3.xlarge": "0.1664", "aws/ec2/t4g.xlarge": "0.1344", "aws/ec2/m5.xlarge": "0.192", "aws/ec2/m6g.xlarge": "0.154",
    "aws/ec2/m7g.xlarge": "0.1632",
    "aws/ec2/m6i.xlarge": "0.192", "aws/ec2/c7a.xlarge": "0.2", "aws/ebs/gp3": "0.08", "aws/eks/cluster": "0.10", "aws/nat/hour": "0.045",
    "aws/nat/gb": "0.045",
    "aws/ipv4/hour": "0.005", "aws/transfer/cross-zone": "0.01", "aws/vpc-endpoint/hour": "0.01", "aws/vpc-endpoint/gb": "0.01",
    "aws/rds-postgresql/db.m5.large": "0.178", "aws/rds-postgresql/db.m6g.large": "0.159", "aws/rds/gp3": "0.115",
    "aws/elasticache-redis/cache.r6g.large": "0.206",

    "aws/msk/kafka.m5.large": "0.21", "aws/msk/kafka.m7g.large": "0.204", "aws/s3/standard": "0.023", "aws/s3/standard-ia": "0.0125",
    "aws/s3/glacier-flexible": "0.0036", "aws/s3/deep-archive": "0.00099", "aws/s3/transition-ia": "0.01", "aws/s3/transition-glacier": "0.03",
    "aws/s3/transition-deep-archive": "0.05", "aws/cloudwatch/logs-store": "0.03",
}  # fmt: skip
UNITS = dict.fromkeys(("aws/ebs/gp3", "aws/rds/gp3", "aws/s3/standard", "aws/cloudwatch/logs-store"), "GB-month")
UNITS |= dict.fromkeys(("aws/nat/gb", "aws/transfer/cross-zone", "aws/vpc-endpoint/gb"), "GB")
ZONES = {"cluster_zones": {"a": {}, "b": {}, "c": {}}}
NIGHTS = {"cost_off_hours": "off=(M-U,20);on=(M-U,8)"}
# Awake all the time but for a moment: so that off-hours do not hide what is looked at.
AWAKE = {"cost_off_hours": {"scale_down": "0 0 1 1 *", "scale_up": "1 0 1 1 *"}}


def prices(without=()):
    return table([record(sku, usd, unit=UNITS.get(sku, "hour")) for sku, usd in PRICES.items() if sku not in without])


def place(environment="dev"):
    return Place("p", environment, f"p_{environment}", "aws", "us-east-1", 3, "2026-07-31")


def nodes(kind="t3.xlarge", number=(3, 3, 3), environment="dev", **more):
    labels = {"pool": "general", "instance_type": kind, "nodes": str(number[1])}
    return Line(
        place(environment),
        "cluster",
        "pool general",
        "nodes",
        f"aws/ec2/{kind}",
        ranged(*number).times(730),
        "hour",
        labels=labels,
        scales=number[0] != number[2],
        **more,
    )


def line(component, name, sku, quantity, environment="dev", unit="hour", **more):
    return Line(
        place(environment), component, more.pop("service", name), name, sku, quantity if hasattr(quantity, "expected") else fixed(quantity), unit, **more
    )


def advice(lines, variables=None, measured=None, without=(), terms=None):
    lines = list(lines)
    name = lines[0].place.deployment
    table_of_prices = prices(without)
    found = estimate(lines, table_of_prices, terms or {}, "2026-07-31")
    return advise(found, {name: {**ZONES, **(variables or {})}}, table_of_prices, {name: measured} if measured else None)


def only(found, kind):
    return [item for item in found["items"] if item["kind"] == kind]


def saving(found, kind):
    (item,) = only(found, kind)
    return Decimal(item["monthly_saving"])


def near(one, two):
    assert abs(Decimal(one) - Decimal(two)) < Decimal("1e-9"), (one, two)


@pytest.mark.parametrize(("region", "names"), [("us-west-2", {"us-east-1", "us-west-2"}), ("us-east-1", {"p_dev", "shop_dev_standby"})])
def test_advice_names_its_region_or_deployment_where_there_are_two(region, names):
    lines = [nodes(), replace(nodes(), place=replace(place("dev"), deployment="shop_dev_standby", region=region))]
    table_of_prices = prices()
    found = estimate(lines, table_of_prices, {}, "2026-07-31")
    items = advise(found, {line.place.deployment: ZONES for line in lines}, table_of_prices)["items"]
    titles = [item["title"] for item in items]
    assert len(titles) > 1 and len(set(titles)) == len(titles)
    assert {title.rpartition("(")[2].rstrip(")") for title in titles} == names
    assert all("(" not in item["title"] for item in advice([nodes()])["items"])


def test_spot_takes_all_nodes_in_dev_and_those_above_a_base_in_production():
    near(saving(advice([nodes()], AWAKE, without=["aws/ec2/t4g.xlarge"]), "spot") / Decimal("0.6"), 3 * 730 * Decimal("0.1664") * (1 - Decimal(1) / 525600))
    found = advice([nodes(number=(5, 5, 10), environment="production")], without=["aws/ec2/t4g.xlarge"])
    near(saving(found, "spot"), 2 * 730 * Decimal("0.1664") * Decimal("0.6"))
    assert only(found, "spot")[0]["facts"] == {"base_nodes": "3"}
    assert not only(advice([nodes(environment="production")]), "spot")


@pytest.mark.parametrize(
    ("more", "variables"),
    [
        ({"stateful": True}, {}),
        ({"purchase": "spot"}, {}),
        ({}, {"cluster_node_pools": {"general": {"labels": {"spot": "false"}}}}),
        ({}, {"cluster_node_pools": {"general": {"labels": {"workload": "data"}}}}),
        ({}, {"cluster_node_pools": {"general": {}}, "cluster_node_pools_environment": {"general": {"reserved": True}}}),
    ],
)
def test_spot_is_never_for_data_or_what_is_kept(more, variables):
    assert not only(advice([nodes(**more)], AWAKE | variables), "spot")
    assert only(advice([nodes()], AWAKE), "spot")


@pytest.mark.parametrize(
    ("component", "labels", "pools", "proposed"),
    [
        ("postgresql", {}, {"general": {}}, False),
        ("postgresql", {"pool": "general"}, {"general": {}, "data": {"labels": {"workload": "data"}}}, False),
        ("postgresql", {"pool": "data"}, {"general": {}, "data": {"labels": {"workload": "data"}}}, True),
        ("redis", {}, {"general": {}, "data": {"labels": {"workload": "data"}}}, True),
        ("monitoring", {}, {"general": {}}, True),
    ],
)
def test_spot_is_never_for_nodes_that_a_database_may_stand_on(component, labels, pools, proposed):
    volume = line(component, "volumes", "aws/ebs/gp3", 20, unit="GB-month", stateful=True, labels=labels)
    assert bool(only(advice([nodes(), volume], {**AWAKE, "cluster_node_pools": pools}), "spot")) is proposed


def test_volumes_of_databases_stay_while_their_nodes_sleep():
    volume = line("postgresql", "volumes", "aws/ebs/gp3", 700, unit="GB-month", stateful=True, labels={"pool": "general"})
    root = line("cluster", "root volumes", "aws/ebs/gp3", 150, unit="GB-month", labels={"pool": "general"})
    (item,) = only(advice([nodes(), root, volume], NIGHTS), "off_hours")
    assert sorted(item["lines"]) == sorted([nodes().id, root.id])
    # Asleep from 20 to 8, half of the time: half of 3 x 0.1664 x 730 and of 150 x 0.08.
    assert abs(Decimal(item["monthly_saving"]) - (3 * Decimal("0.1664") * 730 + 12) / 2) < Decimal("0.01")


def test_spot_takes_the_declared_percentage():
    for variables, percent in (({"cost_spot_discount_percent": "70"}, 70), ({"cost_savings_assumed": {"spot": {"line": "ec2", "percent": 65}}}, 65), ({}, 60)):
        found = advice([nodes(number=(6, 6, 6), environment="production")], variables, without=["aws/ec2/t4g.xlarge"])
        near(saving(found, "spot"), 3 * 730 * Decimal("0.1664") * percent / 100)
    with pytest.raises(CostError, match="cost_spot_discount_percent is 101"):
        advice([nodes()], {"cost_spot_discount_percent": "101"})


def test_databases_are_never_for_spot():
    found = advice([line("postgresql", "main", "aws/rds-postgresql/db.m5.large", hours(), stateful=True)])
    assert not only(found, "spot")


def test_commitments_come_last_and_pay_what_always_runs():
    # Ten expected, of which three stay on demand as a base, and five are sure to run.
    found = advice([nodes(number=(5, 10, 12), environment="production")], without=["aws/ec2/t4g.xlarge"])
    whole = 730 * Decimal("0.1664")
    near(saving(found, "spot"), 7 * whole * Decimal("0.6"))
    near(saving(found, "commitments"), 3 * whole * Decimal("0.37"))
    assert only(found, "commitments")[0]["facts"]["break_even_month"] == "8"
    # Without spot five of ten are sure.
    found = advice(
        [nodes(number=(5, 10, 12), environment="production")], {"cluster_node_pools": {"general": {"reserved": True}}}, without=["aws/ec2/t4g.xlarge"]
    )
    near(saving(found, "commitments"), 5 * whole * Decimal("0.37"))


def test_what_sleeps_is_never_committed():
    found = advice([nodes(), line("postgresql", "main", "aws/rds-postgresql/db.m5.large", hours(), stateful=True)], NIGHTS)
    assert not only(found, "commitments")


def test_committed_lines_are_left_out_and_named():
    terms = {
        "commitments": [
            {"name": "ri", "kind": "reserved", "sku": "aws/ec2/t3.xlarge", "count": 3, "region": "us-east-1", "term_months": 12, "discount_percent": "37"}
        ]
    }
    found = advice([nodes(), line("network", "gateways", "aws/nat/hour", hours(3))], terms=terms)
    assert {item["kind"] for item in found["items"]} == {"single_nat"}
    assert any("p_dev/cluster/pool general/nodes" in note for note in found["notes"])


@pytest.mark.parametrize(("percent", "month"), [("37", 8), ("31", 9), ("40", 8), ("50", 6), ("0", 12), ("100", 0)])
def test_break_even_month(percent, month):
    assert break_even_month(Decimal(percent)) == month


def test_databases_without_a_known_rate_are_a_question():
    rows = [line("postgresql", "main", "aws/rds-postgresql/db.m5.large", hours(), environment="production", stateful=True)]
    (item,) = only(advice(rows, without=["aws/rds-postgresql/db.m6g.large"]), "commitments")
    assert item["monthly_saving"] == "?"
    assumed = {"cost_savings_assumed": {"reserved_databases": {"line": "rds", "percent": 40}}}
    near(saving(advice(rows, assumed, without=["aws/rds-postgresql/db.m6g.large"]), "commitments"), 730 * Decimal("0.178") * Decimal("0.4"))


@pytest.mark.parametrize(
    ("sku", "expected"),
    [
        ("aws/ec2/m5.xlarge", ["aws/ec2/m6g.xlarge", "aws/ec2/m7g.xlarge"]),
        ("aws/rds-postgresql/db.r5.xlarge/multi-az", ["aws/rds-postgresql/db.r6g.xlarge/multi-az", "aws/rds-postgresql/db.r7g.xlarge/multi-az"]),
        ("aws/elasticache-valkey/cache.t3.medium", ["aws/elasticache-valkey/cache.t4g.medium"]),
        ("aws/msk/kafka.m5.large", ["aws/msk/kafka.m7g.large"]),
        ("aws/msk/kafka.t3.small", []),
        ("aws/opensearch/t3.medium.search", []),
        ("aws/opensearch/r5.large.search", ["aws/opensearch/r6g.large.search", "aws/opensearch/r7g.large.search"]),
        ("aws/ec2/m6g.xlarge", []),
        ("aws/ec2/t2.micro", []),
        ("aws/ec2/c5.9xlarge", []),
        ("aws/ec2/g5.xlarge", []),
        ("aws/ec2/cpu-credit", []),
        ("aws/ebs/gp3", []),
    ],
)
def test_twins_on_graviton(sku, expected):
    assert twins(sku) == expected


def test_graviton_takes_the_cheapest_and_its_price():
    near(saving(advice([nodes("m5.xlarge", environment="production")]), "graviton"), 3 * 730 * (Decimal("0.192") - Decimal("0.154")))
    (item,) = only(advice([nodes("m5.xlarge", environment="production")]), "graviton")
    assert item["facts"] == {"from": "aws/ec2/m5.xlarge", "to": "aws/ec2/m6g.xlarge"}
    # A twin that costs more is none; one without a price is a question.
    assert not only(advice([nodes("m6i.xlarge", environment="production")], without=["aws/ec2/m6g.xlarge", "aws/ec2/m5.xlarge"]), "nothing")
    assert only(advice([nodes("c7a.xlarge", environment="production")]), "graviton")[0]["monthly_saving"] == "?"


def test_one_nat_gateway_in_dev_only():
    def rows(environment):
        return [
            line("network", "gateways", "aws/nat/hour", hours(3), environment, service="nat"),
            line("network", "public addresses", "aws/ipv4/hour", hours(3), environment, service="nat"),
            line("network", "traffic", "aws/nat/gb", 300, environment, unit="GB", service="nat"),
        ]

    # Two of three gateways and addresses; 200 GB cross a zone, there and back.
    near(saving(advice(rows("dev")), "single_nat"), 2 * 730 * Decimal("0.05") - 200 * 2 * Decimal("0.01"))
    assert not only(advice(rows("production")), "single_nat") and not only(advice(rows("staging")), "single_nat")
    assert not only(advice([line("network", "gateways", "aws/nat/hour", hours(1), service="nat")]), "single_nat")
    # So much traffic that it would cost more.
    assert not only(advice([*rows("dev")[:2], line("network", "traffic", "aws/nat/gb", 9000, unit="GB", service="nat")]), "single_nat")


def test_endpoints_only_above_their_break_even():
    # 0.01 x 730 x 3 / (0.045 - 0.01)
    near(break_even_gb(Decimal("0.01"), Decimal("0.01"), Decimal("0.045"), 3), Decimal("625.714285714"))
    assert break_even_gb(Decimal("0.01"), Decimal("0.045"), Decimal("0.045"), 3) is None
    rows = [line("network", "traffic", "aws/nat/gb", 5000, unit="GB", service="nat")]
    found = advice(
        rows,
        measured={"nat_gb": {"s3": "1000", "ecr.api": "625", "ecr.dkr": "626", "sts": "1000"}},
        variables={"network_vpc_endpoints_environment": {"sts": {"type": "interface"}}},
    )
    assert {item["id"].rpartition("/")[2] for item in only(found, "endpoints")} == {"s3", "ecr.dkr"}
    amounts = {item["id"].rpartition("/")[2]: Decimal(item["monthly_saving"]) for item in only(found, "endpoints")}
    near(amounts["s3"], 45)
    near(amounts["ecr.dkr"], 626 * Decimal("0.035") - Decimal("21.9"))
    assert not only(advice(rows), "endpoints")
    # What is measured beyond the estimate saves no more than the estimate has.
    near(saving(advice(rows, measured={"nat_gb": {"s3": "90000"}}), "endpoints"), 225)


def test_off_hours_save_the_share_asleep_but_not_storage():
    rows = [
        nodes(),
        line("postgresql", "main", "aws/rds-postgresql/db.m5.large", hours(), stateful=True),
        line("postgresql", "storage", "aws/rds/gp3", 100, unit="GB-month"),
    ]
    near(saving(advice(rows, NIGHTS), "off_hours"), (3 * 730 * Decimal("0.1664") + 730 * Decimal("0.178")) / 2)
    assert not only(advice([nodes(environment="production")], NIGHTS), "off_hours")
    (item,) = only(advice(rows), "off_hours")
    assert "cost_off_hours is not declared" in item["assumption"]


def test_lifecycle_by_measured_age():
    rows = [line("object_storage", "standard", "aws/s3/standard", 1000, unit="GB-month", service="backups")]
    measured = {"objects": {"backups": {"older_gb": {"30": "800", "180": "300"}, "objects_a_month": "10000"}}}
    expected = 300 * (Decimal("0.023") - Decimal("0.00099")) + 500 * (Decimal("0.023") - Decimal("0.0125")) - 10 * (Decimal("0.05") + Decimal("0.01"))
    near(saving(advice(rows, measured=measured), "lifecycle"), expected)
    assert only(advice(rows), "lifecycle")[0]["monthly_saving"] == "?"


def test_log_retention_never_of_the_audit_trail():
    def log(component, days, environment="dev"):
        return line(component, "log storage", "aws/cloudwatch/logs-store", 70, environment, "GB-month", usage=True, labels={"retention_days": days})

    near(saving(advice([log("cloudwatch", "30")]), "log_retention"), 70 * Decimal("0.03") * 16 / 30)
    assert not only(advice([log("cloudwatch", "14")]), "log_retention")
    assert not only(advice([log("cluster", "365")]), "log_retention")
    assert not only(advice([log("cloudwatch", "90", "production")]), "log_retention")


def test_cross_zone_traffic():
    rows = [line("transfer", way, "aws/transfer/cross-zone", 1000, unit="GB", service="between zones", usage=True) for way in ("in", "out")]
    assert only(advice(rows), "cross_zone")[0]["monthly_saving"] == "?"
    near(saving(advice(rows, measured={"cross_zone_avoidable_gb": "400"}), "cross_zone"), 8)
    assert not only(advice(rows, measured={"cross_zone_avoidable_gb": "0"}), "cross_zone")


def test_idle_and_unattached_from_measurements_only():
    rows = [line("extra", "old", "aws/ec2/t3.xlarge", hours(), environment="production")]
    assert not only(advice(rows), "idle")
    measured = {"idle": {rows[0].id: "no connection for 30 days"}, "unattached": {"vol-1": {"sku": "aws/ebs/gp3", "quantity": "100", "region": "us-east-1"}}}
    found = advice(rows, measured=measured)
    assert [(item["outside"], Decimal(item["monthly_saving"])) for item in only(found, "idle")] == [(False, 730 * Decimal("0.1664")), (True, 8)]
    assert (Decimal(found["left"]), Decimal(found["outside_saving"])) == (0, 8)
    # Nothing is saved on what is gone.
    assert {item["kind"] for item in found["items"]} == {"idle"}
    with pytest.raises(CostError, match="which is no line of the estimate"):
        advice(rows, measured={"idle": {"p_production/extra/gone": "x"}})


SERVICES = {
    "web": {"namespace": "shop", "replicas": 2, "resources": {"requests": {"cpu": "1", "memory": "1Gi"}}},
    "api": {"namespace": "shop", "scaling": {"min": 2, "max": 9, "cpu_percent": 70}, "resources": {"requests": {"cpu": "1", "memory": "1Gi"}}},
}


def test_right_sizing_is_a_question_where_an_autoscaler_goes_by_the_resource():
    gib = 1024**3
    seen = {"shop/web": {"cpu_p95": "0.5", "memory_max": str(gib // 2)}, "shop/api": {"cpu_p95": "0.25", "memory_max": str(gib // 2)}}
    found = advice([nodes(number=(2, 4, 6), environment="production")], {"application_services": SERVICES}, {"workloads": seen}, without=["aws/ec2/t4g.xlarge"])
    priced, question = only(found, "right_sizing")
    assert question["monthly_saving"] == "?" and question["id"].endswith("shop/api/cpu")
    # CPU: 2 x 0.5 + 2 x 1 of 4 stays, memory less: nodes go by the CPU.
    near(priced["monthly_saving"], 4 * 730 * Decimal("0.1664") * Decimal("0.25"))
    assert set(priced["facts"]["requests"]) == {"shop/web", "shop/api"} and set(priced["facts"]["requests"]["shop/api"]) == {"memory"}


def test_right_sizing_leaves_pools_their_minimum_and_takes_vpa_first():
    seen = {"shop/web": {"cpu_p95": "0.9", "vpa_cpu": "0.01", "memory_max": "1"}, "shop/api": {"memory_max": "1"}}
    services = SERVICES | {"api": SERVICES["web"] | {"resources": {"requests": {"cpu": "10m", "memory": "1Gi"}}}}
    found = advice([nodes(number=(3, 4, 6), environment="production")], {"application_services": services}, {"workloads": seen})
    near(saving(found, "right_sizing"), 730 * Decimal("0.1664"))
    fixed_pool = advice([nodes(number=(4, 4, 4), environment="production")], {"application_services": services}, {"workloads": seen})
    (item,) = only(fixed_pool, "right_sizing")
    assert item["monthly_saving"] == "?" and "lower min" in item["assumption"]


def test_every_item_says_what_must_be_known():
    found = everything(2)
    assert {item["kind"] for item in found["items"]} == {kind for kind, _module in KINDS}
    for item in found["items"]:
        for key in ("title", "assumption", "risk", "precondition", "undo"):
            assert len(item[key]) > 5, (item["id"], key)
    ids = [item["id"] for item in found["items"]]
    assert len(ids) == len(set(ids))
    order = [kind for kind, _module in KINDS]
    known = [item for item in found["items"] if item["monthly_saving"] != "?"]
    assert [item["order"] for item in found["items"]] == list(range(1, len(ids) + 1))
    assert [order.index(item["kind"]) for item in known] == sorted(order.index(item["kind"]) for item in known)
    assert found["items"][: len(known)] == known


def mixed(chance):
    number = sorted(chance.randrange(1, 12) for _end in range(3))
    return [
        nodes(chance.choice(["t3.xlarge", "m5.xlarge"]), number),
        line("cluster", "root volumes", "aws/ebs/gp3", 50 * number[1], unit="GB-month", labels={"pool": "general"}, service="pool general"),
        line("postgresql", "main", "aws/rds-postgresql/db.m5.large", hours(chance.randrange(1, 3)), stateful=True),
        line("redis", "main", "aws/elasticache-redis/cache.r6g.large", hours(chance.randrange(1, 4)), stateful=True),
        line("kafka", "main", "aws/msk/kafka.m5.large", hours(3), stateful=True),
        line("network", "gateways", "aws/nat/hour", hours(chance.randrange(1, 4)), service="nat"),
        line("network", "traffic", "aws/nat/gb", chance.randrange(5000), unit="GB", usage=True, service="nat"),
        line("object_storage", "standard", "aws/s3/standard", chance.randrange(1, 9000), unit="GB-month", service="backups", usage=True),
        line("cloudwatch", "log storage", "aws/cloudwatch/logs-store", 70, unit="GB-month", usage=True, labels={"retention_days": "90"}),
        *(line("transfer", way, "aws/transfer/cross-zone", 900, unit="GB", service="between zones", usage=True) for way in ("in", "out")),
    ]


def everything(seed=0):
    chance = random.Random(seed)
    measured = {
        "nat_gb": {"s3": str(chance.randrange(9000)), "ecr.api": str(chance.randrange(9000)), "sts": str(chance.randrange(9000))},
        "cross_zone_avoidable_gb": str(chance.randrange(1, 2000)),
        "objects": {"backups": {"older_gb": {"30": str(chance.randrange(9000)), "90": str(chance.randrange(9000))}, "objects_a_month": "1000"}},
        "workloads": {"shop/web": {"cpu_p95": "0.1", "memory_max": "1000000"}, "shop/api": {"cpu_p95": "0.1"}},
        "unattached": {"vol-1": {"sku": "aws/ebs/gp3", "quantity": "100", "region": "us-east-1"}},
    }
    return advice(mixed(chance), {"application_services": SERVICES} | (AWAKE if seed % 2 else {}), measured)


@pytest.mark.parametrize("seed", range(12))
def test_nothing_is_saved_twice(seed):
    found = everything(seed)
    with localcontext() as context:
        context.prec = 100
        inside = [Decimal(item["monthly_saving"]) for item in found["items"] if item["monthly_saving"] != "?" and not item["outside"]]
        total, saved, left = (Decimal(found[name]) for name in ("total", "total_saving", "left"))
        assert total - saved == left
    assert all(amount > 0 for amount in inside)
    assert 0 <= saved <= total and left >= 0
    near(sum(inside), saved)


@pytest.mark.parametrize("seed", range(4))
def test_advice_twice_is_the_same_and_no_kind_saves_more_for_those_before_it(seed):
    assert everything(seed) == everything(seed)
    rows = mixed(random.Random(seed))
    alone, together = (advice([rows[0], *more], AWAKE) for more in ([], rows[1:]))
    assert saving(alone, "spot") == saving(together, "spot")


def test_unknown_measurements_are_refused():
    with pytest.raises(CostError, match=r"measured\.p_dev\.nat is not known"):
        advice([nodes()], measured={"nat": {}})
    with pytest.raises(CostError, match="give 0 or more"):
        advice([line("network", "traffic", "aws/nat/gb", 10, unit="GB")], measured={"nat_gb": {"s3": "-1"}})


def test_lines_without_a_price_are_named():
    found = advice([nodes(), dataclasses.replace(nodes(), name="odd", sku="aws/ec2/unheard.of")])
    assert any("aws/ec2/unheard.of" in note for note in found["notes"])

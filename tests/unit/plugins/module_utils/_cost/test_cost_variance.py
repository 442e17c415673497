# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Six synthetic bills against one estimate: each difference is put down to the cause that was built into it, and at most 5 % stay unexplained."""

from __future__ import annotations

import copy
from decimal import Decimal
from pathlib import Path

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost.actuals import Question
from ansible_collections.llmops.platform.plugins.module_utils._cost.actuals import measure
from ansible_collections.llmops.platform.plugins.module_utils._cost.estimate import estimate as estimated
from ansible_collections.llmops.platform.plugins.module_utils._cost.explorer import Explorer
from ansible_collections.llmops.platform.plugins.module_utils._cost.kept import Kept
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import fixed
from ansible_collections.llmops.platform.plugins.module_utils._cost.meters import METERS
from ansible_collections.llmops.platform.plugins.module_utils._cost.meters import meter
from ansible_collections.llmops.platform.plugins.module_utils._cost.period import moment
from ansible_collections.llmops.platform.plugins.module_utils._cost.period import period
from ansible_collections.llmops.platform.plugins.module_utils._cost.price_files import files
from ansible_collections.llmops.platform.plugins.module_utils._cost.price_files import load
from ansible_collections.llmops.platform.plugins.module_utils._cost.price_files import records
from ansible_collections.llmops.platform.plugins.module_utils._cost.variance import APART
from ansible_collections.llmops.platform.plugins.module_utils._cost.variance import variance
from tests.support.fake_cost_explorer import TARGET
from tests.support.fake_cost_explorer import Charge
from tests.support.fake_cost_explorer import FakeCostExplorer

NOW = moment("2026-11-21T12:00:00Z")
PRICES = Path(__file__).resolve().parents[5] / "roles" / "cost" / "files" / "prices"
EKS, EC2, OTHER = "Amazon Elastic Container Service for Kubernetes", "Amazon Elastic Compute Cloud - Compute", "EC2 - Other"
RDS, BALANCING = "Amazon Relational Database Service", "Amazon Elastic Load Balancing"
TAGS = {"platform": "demo", "environment": "production"}
# (service, SKU, quantity, unit price, usage type, unit of the bill)
PLAN = (
    (EKS, "aws/eks/cluster", "730", "0.10", "USE1-AmazonEKS-Hours:perCluster", "Hours"),
    (EC2, "aws/ec2/m5.xlarge", "4380", "0.192", "BoxUsage:m5.xlarge", "Hrs"),
    (OTHER, "aws/ebs/gp3", "600", "0.08", "EBS:VolumeUsage.gp3", "GB-Mo"),
    (OTHER, "aws/nat/hour", "2190", "0.045", "NatGateway-Hours", "Hrs"),
    (OTHER, "aws/nat/gb", "500", "0.045", "NatGateway-Bytes", "GB"),
    (RDS, "aws/rds-postgresql/db.r6g.xlarge/multi-az", "730", "0.899", "Multi-AZUsage:db.r6g.xl", "Hrs"),
    (BALANCING, "aws/nlb/hour", "1460", "0.0225", "LoadBalancerUsage", "Hrs"),
)


def line(service, sku, quantity, price, discount="0", purchase="on_demand"):
    listed = Decimal(quantity) * Decimal(price)
    effective = listed * (100 - Decimal(discount)) / 100
    figures = {"list": listed, "contracted": effective if purchase == "on_demand" else listed, "effective": effective}
    cost = {stage: dict.fromkeys(("minimum", "expected", "maximum"), str(figure)) for stage, figure in figures.items()}
    quantities = dict.fromkeys(("minimum", "expected", "maximum"), quantity)
    return {"id": f"demo/{sku}", "provider_service": service, "sku": sku, "quantity": quantities, "purchase": purchase, "cost": cost}


def estimate(*changes, discount="0"):
    lines = [line(*row[:4], discount=discount) for row in PLAN] + list(changes)
    return {"currency": "USD", "lines": lines, "incomplete": False, "missing": []}


def bill(rate="1", count="1", only=None, tagged=True):
    """As planned, all of it or `only` some services with other prices or quantities."""
    charges = []
    for service, _sku, quantity, price, usage_type, unit in PLAN:
        factor, times = (Decimal(rate), Decimal(count)) if only is None or service in only else (Decimal(1), Decimal(1))
        amount = Decimal(quantity) * times
        charges.append(Charge(service, usage_type, str(amount * Decimal(price) * factor), str(amount), unit, tags=TAGS if tagged else {}))
    return charges


def measured(charges, tag="", value="", **options):
    """By the explorer, from the fake's answers without a wire."""
    fake = FakeCostExplorer()
    fake.charges = charges
    explorer = Explorer(lambda region, operation, service, **request: fake.answer(TARGET, request)[1], Kept("", 0, NOW), {}, 20)
    start, end = options.pop("start", None), options.pop("end", None)
    return measure(explorer, Question(period(start, end, NOW), NOW, tag=tag, value=value, **options))


# What nobody wrote a meter for: it stays unexplained, and is little.
REST = Charge(EC2, "USE1-DataTransfer-Unknown-Bytes", "11.5", "1150", "GB", tags=TAGS)


def more_nodes():
    return estimate(), measured([*bill(count="1.5", only=[EC2]), REST]), {"quantity": "420.48"}


def dearer_databases():
    return estimate(), measured([*bill(rate="1.1", only=[RDS]), REST]), {"price": "65.627"}


def smaller_discount():
    charges = bill()
    for charge in list(charges):
        charges.append(Charge(charge.service, charge.usage_type, str(-Decimal(charge.usd) / 20), record_type="Enterprise Discount Program Discount"))
    planned, found = estimate(discount="10"), measured([*charges, REST])
    return planned, found, {"discount": str(sum(Decimal(charge.usd) for charge in bill()) / 20)}


def forgotten_resources():
    extra = [
        Charge(EC2, "BoxUsage:r5.2xlarge", "367.92", "730", tags=TAGS),
        Charge(OTHER, "EBS:VolumeUsage.gp2", "40", "400", "GB-Mo", tags=TAGS),
        Charge("Amazon SageMaker", "ml.m5.large", "84", "730", tags=TAGS),
    ]
    return estimate(), measured([*bill(), *extra, REST]), {"unplanned_resource": "491.92"}


def nodes_without_tag():
    charges = [charge for charge in bill() if charge.service != EC2]
    charges += [Charge(EC2, "BoxUsage:m5.xlarge", "560.64", "2920", tags=TAGS), Charge(EC2, "BoxUsage:m5.xlarge", "280.32", "1460")]
    charges += [Charge(EC2, "BoxUsage:c5.large", "100", "1000", tags={"platform": "other"}), REST]
    return estimate(), measured(charges, tag="platform", value="demo"), {"missing_tag": "-280.32"}


def credit_refund_and_tax():
    apart = [
        Charge(EC2, "BoxUsage:m5.xlarge", "-300", record_type="Credit"),
        Charge(RDS, "Multi-AZUsage:db.r6g.xl", "-20", record_type="Refund"),
        Charge("Tax", "", "95.5", record_type="Tax", unit=""),
    ]
    return estimate(), measured([*bill(), *apart, REST]), {"credit_or_tax": "-224.5"}


BILLS = (more_nodes, dearer_databases, smaller_discount, forgotten_resources, nodes_without_tag, credit_refund_and_tax)


def sums(result):
    for row in result["rows"]:
        assert Decimal(row["explained"]) == sum(map(Decimal, row["causes"].values()))
        assert Decimal(row["explained"]) + Decimal(row["unexplained"]) == Decimal(row["difference"]) == Decimal(row["actual"]) - Decimal(row["estimate"])
    for name in ("estimate", "actual", "difference"):
        assert sum(Decimal(row[name]) for row in result["rows"]) == Decimal(result["totals"][name])


@pytest.mark.parametrize("built", BILLS)
def test_the_cause_that_was_built_in_is_found(built):
    planned, found, causes = built()
    result = variance(planned, found)
    assert result["comparable"] and {cause: Decimal(amount) for cause, amount in result["causes"].items()} == {
        cause: Decimal(amount) for cause, amount in causes.items()
    }
    sums(result)
    # Exactly what no meter knows, and no more than 5 % of the bill.
    assert Decimal(result["unexplained"]) == Decimal("11.5")
    assert Decimal(0) < Decimal(result["unexplained_percent"]) <= 5


def test_a_bill_as_planned_has_no_cause():
    result = variance(estimate(), measured(bill()))
    assert (result["causes"], result["unexplained"], result["totals"]["difference"]) == ({}, "0", "0")
    assert {row["cause"] for row in result["rows"]} == {None}


def test_all_causes_at_once_add_up():
    planned, _found, _causes = smaller_discount()
    charges = bill(rate="1.05", count="0.8", only=[EC2]) + [Charge(EC2, "BoxUsage:r5.2xlarge", "367.92", "730"), REST]
    charges += [Charge(EC2, "BoxUsage:m5.xlarge", "-60", record_type="Enterprise Discount Program Discount")]
    charges += [Charge(EKS, "", "-10", record_type="Credit")]
    result = variance(planned, measured(charges))
    sums(result)
    (nodes,) = [row for row in result["rows"] if row["service"] == EC2]
    # 876 hours of 0.192 fewer; 3504 hours of 0.0096 more each; 84.096 of discount were planned and 60 came.
    assert nodes["causes"] == {"quantity": "-168.192", "price": "33.6384", "discount": "24.096", "unplanned_resource": "367.92"}
    assert nodes["cause"] == "unplanned_resource"


def test_rows_begin_with_the_greatest_difference():
    planned, found, _causes = forgotten_resources()
    assert [row["service"] for row in variance(planned, found)["rows"]][:3] == [EC2, "Amazon SageMaker", OTHER]


def test_what_was_planned_and_is_not_billed_is_quantity():
    charges = [charge for charge in bill() if charge.usage_type != "NatGateway-Bytes"]
    assert variance(estimate(), measured(charges))["causes"] == {"quantity": "-22.5"}


def test_a_spot_price_is_no_discount_and_missing_spot_is_price():
    planned = estimate()
    planned["lines"] = [line(EC2, "aws/ec2/m5.xlarge", "1000", "0.192", discount="60", purchase="spot")]
    assert variance(planned, measured([Charge(EC2, "SpotUsage:m5.xlarge", "76.8", "1000")]))["causes"] == {}
    assert variance(planned, measured([Charge(EC2, "BoxUsage:m5.xlarge", "192", "1000")]))["causes"] == {"price": "115.2"}


def test_without_usage_types_the_difference_stays_unexplained():
    planned, _found, _causes = more_nodes()
    result = variance(planned, measured(bill(count="1.5", only=[EC2]), usage=False))
    assert (result["causes"], result["unexplained"]) == ({}, "420.48")
    (row,) = [row for row in result["rows"] if row["service"] == EC2]
    assert row["cause"] == "unexplained"


def test_a_service_whose_tags_are_all_missing():
    charges = [charge for charge in bill() if charge.service != EKS] + [Charge(EKS, "USE1-AmazonEKS-Hours:perCluster", "73", "730")]
    result = variance(estimate(), measured(charges, tag="platform", value="demo", expected=(EKS,)))
    (row,) = [row for row in result["rows"] if row["service"] == EKS]
    assert (row["actual"], row["cause"], row["causes"]) == ("0", "missing_tag", {"missing_tag": "-73"})


def test_credits_of_the_account_are_not_a_platforms():
    charges = [*bill(), Charge(EC2, "BoxUsage:m5.xlarge", "-300", record_type="Credit")]
    result = variance(estimate(), measured(charges, tag="platform", value="demo"))
    assert APART not in [row["service"] for row in result["rows"]] and result["causes"] == {}


@pytest.mark.parametrize(
    ("charges", "options"),
    [
        ([], {}),
        (bill(tagged=False), {"tag": "platform", "value": "demo"}),
        ([*bill()[:-1], Charge(BALANCING, "LoadBalancerUsage", "32.85", "1460", currency="EUR")], {}),
    ],
)
def test_no_data_is_compared_with_nothing(charges, options):
    services = tuple(sorted({row[0] for row in PLAN}))
    result = variance(estimate(), measured(charges, expected=services, **options))
    assert not result["comparable"] and result["problems"]
    assert (result["unexplained"], result["totals"]["actual"], result["causes"]) == (None, None, {})
    assert result["not_measured"] == list(services)
    assert {(row["actual"], row["difference"], row["cause"]) for row in result["rows"]} == {(None, None, None)}


@pytest.mark.parametrize(("start", "end"), [("2026-11-01", "2026-12-01"), ("2026-10-01", "2026-10-20"), ("2026-09-01", "2026-11-01")])
def test_what_is_no_single_whole_month_is_not_compared(start, end):
    charges = bill()
    for charge in charges:
        charge.day = "2026-11-05" if start == "2026-11-01" else "2026-10-05"
    result = variance(estimate(), measured(charges, start=start, end=end))
    assert not result["comparable"] and result["totals"]["difference"] is None
    assert all(row["actual"] and row["difference"] is None for row in result["rows"])
    assert {problem["name"] for problem in result["problems"]} <= {"partial_month", "not_one_month"} and result["problems"]


def test_a_missing_price_is_said():
    planned = estimate() | {"incomplete": True, "missing": [{"sku": "aws/mq/storage", "region": "us-east-1", "near": [], "lines": ["a"]}]}
    assert "no price for aws/mq/storage" in variance(planned, measured(bill()))["problems"][0]["message"]


def test_two_currencies_are_refused():
    with pytest.raises(CostError, match="the estimate is in EUR and the actual costs are in USD"):
        variance(estimate() | {"currency": "EUR"}, measured(bill()))


def test_inputs_stay_as_they_are_and_runs_are_alike():
    planned, found, _causes = more_nodes()
    before = copy.deepcopy((planned, found))
    assert variance(planned, found) == variance(planned, found)
    assert (planned, found) == before


def test_the_estimate_of_our_own_price_table_meets_the_bill():
    place = Place("demo", "production", "demo_production_primary", "aws", "us-east-1", 3, "2026-11-21")
    lines = [Line(place, "cluster", "demo", sku, sku, fixed(quantity), "unit") for _service, sku, quantity, *_rest in PLAN]
    planned = estimated(lines, load(PRICES), {"discounts": {"services": {EC2: "5"}}}, "2026-11-21")
    assert not planned["incomplete"]
    result = variance(planned, measured([*bill(count="2", only=[OTHER]), REST]))
    sums(result)
    # As planned, but for twice the volumes and gateways; the discount that was planned did not come.
    assert result["causes"] == {"quantity": "169.05", "discount": "42.048"}
    assert result["unexplained"] == "11.5"


def test_every_meter_is_of_the_service_that_its_price_is_of():
    services = {}
    for path in files(PRICES):
        for record in records(path):
            services.setdefault(record["sku"], set()).add(record["service"])
    for one in METERS:
        found = {service for sku, named in services.items() if one.may_be(sku) for service in named}
        assert found == {one.service}, one


@pytest.mark.parametrize(
    ("service", "usage_type", "skus"),
    [
        (EC2, "USW2-BoxUsage:t3.large", ("aws/ec2/t3.large",)),
        (EC2, "EU-SpotUsage:m5.xlarge", ("aws/ec2/m5.xlarge",)),
        (RDS, "InstanceUsage:db.r6g.2xl", ("aws/rds-postgresql/db.r6g.2xlarge",)),
        (RDS, "APN1-RDS:Multi-AZ-GP3-Storage", ("aws/rds/gp3/multi-az",)),
        (BALANCING, "LCUUsage", ("aws/alb/lcu", "aws/nlb/lcu")),
        ("Amazon Managed Streaming for Apache Kafka", "USE1-Kafka.m5.large", ("aws/msk/kafka.m5.large",)),
        ("Amazon Managed Streaming for Apache Kafka", "USE1-Kafka.Storage.GP2", ("aws/msk/storage",)),
    ],
)
def test_usage_types_as_bills_have_them(service, usage_type, skus):
    assert meter(service, usage_type)[0] == skus


@pytest.mark.parametrize(("service", "usage_type"), [(EC2, "EBS:VolumeUsage.gp3"), (EC2, "BoxUsage"), (OTHER, "EBS:VolumeUsage.gp4")])
def test_a_usage_type_that_nobody_wrote_down_is_not_guessed(service, usage_type):
    assert meter(service, usage_type) is None

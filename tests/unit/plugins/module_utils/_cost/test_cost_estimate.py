# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Estimates: fixed cases to the cent, and what holds for any bill."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost.estimate import estimate
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Quantity
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import fixed
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import hours
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import ranged
from ansible_collections.llmops.platform.plugins.module_utils._cost.prices import table
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import GROUPS
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import SCENARIOS
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import STAGES
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import combined
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import judged
from tests.support.costs import AS_OF
from tests.support.costs import line
from tests.support.costs import many
from tests.support.costs import place
from tests.support.costs import prices
from tests.support.costs import record

TERMS = {
    "spot": {"discount_percent": "63.7", "share_percent": "85", "source": "made up"},
    "discounts": {"all": "3.3", "services": {"Amazon Relational Database Service": "7"}, "skus": {"aws/ec2/kind1": "11.1", "aws/ec2/kind2": {"usd": "0.0123"}}},
    "commitments": [
        {
            "name": "databases",
            "kind": "reserved",
            "sku": "aws/rds-postgresql/kind3",
            "count": 7,
            "term_months": 12,
            "discount_percent": "37",
            "upfront_usd": "1000",
        },
        {"name": "family", "kind": "instance_savings_plan", "skus": ["aws/ec2/kind1"], "hourly_usd": "3.07", "discount_percent": "41"},
        {"name": "compute", "kind": "compute_savings_plan", "hourly_usd": "17.3", "discount_percent": "27", "term_months": 36},
    ],
}
SEEDS = range(5)


def made(*lines, terms=None, table_=None):
    return estimate(lines or [line()], table_ or prices(), terms or {}, AS_OF)


def expected(found, stage="effective"):
    return Decimal(found["totals"][stage]["expected"])


@pytest.mark.parametrize(
    ("sku", "usd", "quantity", "cost"),
    [
        ("aws/ec2/m5.large", "0.096", hours(3), "210.24"),
        ("aws/rds-postgresql/db.r6g.xlarge/multi-az", "0.899", hours(), "656.27"),
        ("aws/ebs/gp3", "0.08", fixed(100), "8"),
        ("aws/nat/hour", "0.045", hours(2), "65.7"),
        ("aws/transfer/internet-out", [{"up_to": "10240", "usd": "0.09"}, {"up_to": "51200", "usd": "0.085"}, {"usd": "0.07"}], fixed(10240), "921.6"),
        ("aws/transfer/internet-out", [{"up_to": "10240", "usd": "0.09"}, {"up_to": "51200", "usd": "0.085"}, {"usd": "0.07"}], fixed("10241"), "921.685"),
        ("aws/transfer/internet-out", [{"up_to": "10240", "usd": "0.09"}, {"up_to": "51200", "usd": "0.085"}, {"usd": "0.07"}], fixed(51201), "4403.27"),
    ],
)
def test_a_component_costs_to_the_cent_what_the_provider_bills(sku, usd, quantity, cost):
    found = made(line(sku=sku, quantity=quantity), table_=prices(record(sku, usd)))
    assert found["lines"][0]["cost"]["list"] == {"minimum": cost, "expected": cost, "maximum": cost}
    assert not found["incomplete"]


def test_what_scales_has_a_range():
    found = made(line(quantity=ranged(1, 2, 5).times(730)))
    assert found["totals"]["list"] == {"minimum": "70.08", "expected": "140.16", "maximum": "350.4"}


@pytest.mark.parametrize("parts", [(-1, 0, 0), (0, 0, 10**12 + 1), (2, 1, 3), (1, 3, 2)])
def test_quantities_that_no_bill_has_are_refused_with_line_and_bounds(parts):
    low, middle, high = map(Decimal, parts)
    with pytest.raises(CostError, match=rf"cluster/general/nodes: quantity {low} to {middle} to {high} hour; give 0 to 1000000000000, none smaller"):
        line(quantity=Quantity(low, middle, high))


def test_of_nothing_there_is_no_data_and_it_is_complete():
    found = estimate([], prices(), {}, AS_OF)
    assert found["totals"]["effective"] == {"minimum": None, "expected": None, "maximum": None}
    assert not found["incomplete"] and found["prices"]["oldest"] is None


def test_a_missing_price_is_named_with_near_ones_and_is_in_no_sum():
    found = made(line(), line("other", sku="aws/ec2/m5.lrage"))
    assert found["incomplete"] and expected(found) == Decimal("70.08")
    assert found["missing"] == [
        {"sku": "aws/ec2/m5.lrage", "region": "us-east-1", "near": ["aws/ec2/m5.large"], "lines": ["shop_dev_primary/cluster/general/other"]}
    ]
    row = next(row for row in found["lines"] if row["name"] == "other")
    assert row["cost"] is None and row["unit_price"] is None and row["price"] is None


def test_another_regions_price_is_said_to_be_assumed():
    found = made(line(place=place(region="us-west-2")))
    assert found["lines"][0]["price"]["strength"] == "assumed" and found["prices"]["strengths"] == {"A": 0, "B": 0, "C": 0, "assumed": 1}
    assert found["assumptions"] == ["aws/ec2/m5.large costs in us-west-2 what it costs in us-east-1"]


@pytest.mark.parametrize(("as_of", "warned"), [("2026-10-18", False), ("2026-10-19", True)])
def test_prices_older_than_ninety_days_are_warned_of(as_of, warned):
    found = estimate([line()], prices(), {}, as_of)["prices"]
    assert found["age_days"] == 90 + warned and bool(found["warning"]) == warned


@pytest.mark.parametrize("as_of", ["", "31.07.2026", "2026-13-01", None])
def test_a_date_that_is_none_is_refused(as_of):
    with pytest.raises(CostError, match="as_of"):
        estimate([line()], prices(), {}, as_of)


def test_two_lines_of_one_id_are_refused_with_both():
    with pytest.raises(CostError, match=r"billed twice, as aws/ec2/m5\.large and as aws/ec2/m5\.xlarge"):
        made(line(), line(sku="aws/ec2/m5.xlarge"))


def test_spot_is_a_step_of_its_own():
    terms = {"spot": {"discount_percent": "60", "share_percent": "50"}, "discounts": {"all": "10"}}
    found = made(line(purchase="spot"), terms=terms)
    assert [expected(found, stage) for stage in STAGES] == [Decimal("70.08"), Decimal("63.072"), Decimal("44.1504")]
    assert found["spot"]["saving"] == "18.9216" and found["spot"]["lines"] == ["shop_dev_primary/cluster/general/nodes"]


@pytest.mark.parametrize(
    ("discounts", "contracted"),
    [
        ({"all": "10"}, "63.072"),
        ({"all": "10", "services": {"Amazon Elastic Compute Cloud - Compute": "20"}}, "56.064"),
        ({"all": "10", "services": {"Amazon Elastic Compute Cloud - Compute": "20"}, "skus": {"aws/ec2/m5.large": "50"}}, "35.04"),
        ({"all": "10", "skus": {"aws/ec2/m5.large": {"usd": "0.05"}}}, "36.5"),
        ({"services": {"Amazon Relational Database Service": "20"}}, "70.08"),
    ],
)
def test_the_most_specific_discount_counts_and_only_that(discounts, contracted):
    found = made(terms={"discounts": discounts}, table_=prices(record(), record("aws/rds-postgresql/db.m5.large")))
    assert found["totals"]["contracted"]["expected"] == contracted
    assert found["totals"]["list"]["expected"] == "70.08"
    assert sum(Decimal(entry["saving"]) for entry in found["discounts"]) == Decimal("70.08") - Decimal(contracted)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_sum_of_components_is_the_sum_of_every_grouping_and_the_total_exactly(seed):
    lines, records = many(120, "dev", seed)
    found = estimate(lines, table(records), TERMS, AS_OF)
    for stage in STAGES:
        for scenario in SCENARIOS:
            assert sum(Fraction(row["cost"][stage][scenario]) for row in found["lines"]) == Fraction(found["totals"][stage][scenario])
        for group in GROUPS:
            assert sum(Fraction(own[stage]) for own in found["by"][group].values()) == Fraction(found["totals"][stage]["expected"]), group


@pytest.mark.parametrize("seed", SEEDS)
def test_minimum_is_no_more_than_expected_and_that_no_more_than_maximum(seed):
    lines, records = many(120, "dev", seed)
    found = estimate(lines, table(records), TERMS, AS_OF)
    for costs in [row["cost"] for row in found["lines"]] + [found["totals"]]:
        for stage in STAGES:
            assert Decimal(costs[stage]["minimum"]) <= Decimal(costs[stage]["expected"]) <= Decimal(costs[stage]["maximum"])


@pytest.mark.parametrize("seed", SEEDS)
def test_double_the_quantity_costs_double(seed):
    lines, records = many(60, "dev", seed)
    terms = {**TERMS, "commitments": []}
    one = estimate(lines, table(records), terms, AS_OF)["totals"]
    two = estimate([replace(entry, quantity=entry.quantity.times(2)) for entry in lines], table(records), terms, AS_OF)["totals"]
    for stage in STAGES:
        for scenario in SCENARIOS:
            assert 2 * Fraction(one[stage][scenario]) == Fraction(two[stage][scenario])


@pytest.mark.parametrize("seed", SEEDS)
def test_whichever_price_is_dropped_its_lines_are_named_and_the_rest_stays(seed):
    lines, records = many(40, "dev", seed)
    whole = {row["id"]: row for row in estimate(lines, table(records), {}, AS_OF)["lines"]}
    for sku in sorted({entry.sku for entry in lines}):
        found = estimate(lines, table([known for known in records if known["sku"] != sku]), {}, AS_OF)
        gone = sorted(entry.id for entry in lines if entry.sku == sku)
        assert found["incomplete"] and [(entry["sku"], entry["lines"]) for entry in found["missing"]] == [(sku, gone)]
        assert Decimal(found["totals"]["list"]["expected"]) == sum(Decimal(row["cost"]["list"]["expected"]) for key, row in whole.items() if key not in gone)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_lines_prices_and_terms_changes_no_byte(seed):
    lines, records = many(80, "dev", seed)
    first = json.dumps(estimate(lines, table(records), TERMS, AS_OF))
    dice = random.Random(seed)
    for shuffled in (lines, records):
        dice.shuffle(shuffled)
    terms = {**TERMS, "commitments": TERMS["commitments"][::-1]}
    assert json.dumps(estimate(lines, table(records), terms, AS_OF)) == first


def test_estimates_of_accounts_add_up():
    dev, records = many(30, "dev")
    production, _records = many(50, "production")
    both = combined([estimate(dev, table(records), {}, AS_OF), estimate(production, table(records), {"discounts": {"all": "5"}}, AS_OF)])
    assert set(both["by"]["environment"]) == {"dev", "production"} and len(both["lines"]) == 80
    whole = estimate([*dev, *production], table(records), {}, AS_OF)
    assert both["totals"]["list"] == whole["totals"]["list"] and both["by"]["deployment"]["shop_dev_primary"] == whole["by"]["deployment"]["shop_dev_primary"]


def test_estimates_of_two_dates_or_with_a_common_line_do_not_add_up():
    one = made()
    with pytest.raises(CostError, match="of one date"):
        combined([one, estimate([line("other")], prices(), {}, "2026-08-01")])
    with pytest.raises(CostError, match="stands in two estimates"):
        combined([one, one])


def test_a_gate_does_not_ask_for_the_price_of_what_is_not_used():
    idle = made(line("idle", sku="aws/ec2/none", quantity=fixed(0)))
    assert idle["incomplete"] and not judged(idle)["incomplete"] and judged(idle)["missing"] == []
    once = made(line("idle", sku="aws/ec2/none", quantity=fixed(0)), line("peak", sku="aws/ec2/none", quantity=ranged(0, 0, 1)))
    assert judged(once)["incomplete"] and judged(once)["missing"][0]["lines"] == ["shop_dev_primary/cluster/general/peak"]
    assert judged(made(terms={"commitments": [{"name": "x", "kind": "reserved", "sku": "aws/ec2/none", "discount_percent": "3"}]}))["incomplete"]


def test_commitments_and_missing_prices_of_accounts_stay_apart():
    lost = line("lost", sku="aws/ec2/none", place=place("production"))
    both = combined([made(line("lost", sku="aws/ec2/none")), made(lost)])
    assert both["incomplete"] and len(both["missing"]) == 1 and len(both["missing"][0]["lines"]) == 2

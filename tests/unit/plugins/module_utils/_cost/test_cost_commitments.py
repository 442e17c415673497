# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reservations and savings plans: the most specific first, nothing covered twice, what is not used is paid all the same."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost.estimate import estimate
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import hours
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import ranged
from ansible_collections.llmops.platform.plugins.module_utils._cost.prices import table
from ansible_collections.llmops.platform.plugins.module_utils._cost.terms import terms
from tests.support.costs import AS_OF
from tests.support.costs import line
from tests.support.costs import many
from tests.support.costs import place
from tests.support.costs import prices
from tests.support.costs import record

# Recorded: a t3.medium reserved for a year without upfront payment is 19.05 a month.
RESERVED = {"name": "nodes", "kind": "reserved", "sku": "aws/ec2/m5.large", "count": 2, "term_months": 12, "hourly_usd": "0.06"}
PLAN = {"name": "all", "kind": "compute_savings_plan", "hourly_usd": "0.07", "discount_percent": "30", "term_months": 12}
FAMILY = {"name": "m5", "kind": "instance_savings_plan", "skus": ["aws/ec2/m5."], "hourly_usd": "0.048", "discount_percent": "50", "term_months": 12}


def made(commitments, *lines, **changes):
    table_ = prices(record(), record("aws/ec2/c5.large", "0.085"), record("aws/fargate/vcpu", "0.04"), record("aws/ec2/cpu-credit", "0.05"))
    return estimate(lines or [line()], table_, {"commitments": commitments, **changes}, AS_OF)


def effective(found, scenario="expected"):
    return Decimal(found["totals"]["effective"][scenario])


def test_a_reservation_takes_the_place_of_what_it_covers():
    found = made([RESERVED], line(quantity=hours(3)))
    # Two at 0.06, one at 0.096.
    assert effective(found) == (2 * Decimal("0.06") + Decimal("0.096")) * 730
    assert found["totals"]["contracted"]["expected"] == "210.24"
    assert found["commitments"] == [
        {
            "name": "nodes",
            "kind": "reserved",
            "skus": ["aws/ec2/m5.large"],
            "lines": ["shop_dev_primary/cluster/general/nodes"],
            "covered": "1460",
            "monthly": "87.6",
            "on_demand": "140.16",
            "saving": "52.56",
            "unused": "0",
            "unused_quantity": "0",
            "used": {"shop_dev_primary/cluster/general/nodes": {"quantity": "1460", "cost": "87.6"}},
            "term_months": 12,
            "break_even_month": 8,
            "upfront": "0",
        }
    ]


def test_what_is_reserved_and_not_used_is_a_row_of_its_own():
    found = made([RESERVED], line(quantity=hours(1)))
    assert next(entry for entry in found["lines"] if entry["component"] == "cluster")["cost"]["effective"]["expected"] == "43.8"
    unused = next(entry for entry in found["lines"] if entry["sku"] == "commitment/nodes")
    assert unused["cost"]["effective"]["expected"] == "43.8" and unused["cost"]["list"]["expected"] == "0"
    assert unused["id"] == "shop_dev_primary/cost/commitments/nodes"
    assert effective(found) == Decimal("87.6") and found["by"]["provider_service"]["Unused commitments"]["effective"] == "43.8"
    assert found["commitments"][0]["saving"] == "-17.52" and found["commitments"][0]["break_even_month"] is None


def test_upfront_payment_is_spread_over_the_term():
    found = made([{**RESERVED, "hourly_usd": "0", "upfront_usd": "525.6"}], line(quantity=hours(2)))
    # 525.60 over 8,760 hours is 0.06.
    assert found["commitments"][0]["monthly"] == "87.6" and found["commitments"][0]["upfront"] == "1051.2"
    assert found["commitments"][0]["break_even_month"] == 8


def test_a_percentage_is_taken_off_the_list_price():
    commitment = {key: value for key, value in RESERVED.items() if key != "hourly_usd"} | {"discount_percent": "37", "count": 1}
    found = made([commitment], discounts={"all": "10"})
    assert effective(found) == Decimal("70.08") * Decimal("0.63")
    assert found["commitments"][0]["on_demand"] == "63.072"


@pytest.mark.parametrize(
    ("hourly", "month"),
    # 0.096 on demand; the term costs 12 times that much of it.
    [("0.008", 1), ("0.0081", 2), ("0.048", 6), ("0.096", 12), ("0.0961", None)],
)
def test_the_break_even_month(hourly, month):
    found = made([{**RESERVED, "count": 1, "hourly_usd": hourly}])
    assert found["commitments"][0]["break_even_month"] == month


def test_the_order_is_reservation_then_family_then_compute():
    lines = [line(quantity=hours(4))]
    found = made([PLAN, FAMILY, RESERVED], *lines)
    assert [entry["name"] for entry in found["commitments"]] == ["nodes", "m5", "all"]
    # Two reserved; the family's 0.048 an hour pays for one at half price; the plan's 0.07 for all of the fourth at 0.0672, the rest lies idle.
    assert [entry["covered"] for entry in found["commitments"]] == ["1460", "730", "730"]
    assert [entry["unused"] for entry in found["commitments"]] == ["0", "0", "2.044"]
    assert effective(found) == (2 * Decimal("0.06") + Decimal("0.048") + Decimal("0.07")) * 730


def test_a_plan_pays_for_a_part_of_a_line():
    found = made([{**PLAN, "hourly_usd": "0.0336"}])
    # Half an m5.large at 30 % off, the other half on demand.
    assert effective(found) == Decimal("0.0336") * 730 + Decimal("0.048") * 730
    assert found["commitments"][0]["covered"] == "365"


def test_no_plan_covers_spot_credits_tiers_or_another_service():
    lines = [line(purchase="spot"), line("credits", sku="aws/ec2/cpu-credit"), line("disk", sku="aws/ebs/gp3"), line("fargate", sku="aws/fargate/vcpu")]
    found = estimate(
        lines,
        prices(
            record(),
            record("aws/ec2/cpu-credit", "0.05"),
            record("aws/fargate/vcpu", "0.04"),
            record("aws/ebs/gp3", [{"up_to": "9", "usd": "0.2"}, {"usd": "0.1"}]),
        ),
        {"commitments": [{**PLAN, "skus": ["aws/"], "hourly_usd": "9"}]},
        AS_OF,
    )
    assert found["commitments"][0]["lines"] == ["shop_dev_primary/cluster/general/fargate"]


def test_a_commitment_of_another_region_covers_nothing():
    found = made([{**RESERVED, "region": "us-west-2"}])
    assert found["commitments"][0]["covered"] == "0" and found["commitments"][0]["unused"] == "87.6"


def test_a_commitment_covers_all_regions_unless_it_names_one():
    lines = [line(), line(place=place(deployment="shop_dev_standby", region="us-west-2", standby=True))]
    assert made([RESERVED], *lines)["commitments"][0]["covered"] == "1460"
    assert made([{**RESERVED, "region": "us-east-1"}], *lines)["commitments"][0]["lines"] == ["shop_dev_primary/cluster/general/nodes"]


def test_what_scales_keeps_its_order_under_commitments():
    found = made([RESERVED], line(quantity=ranged(1, 3, 6).times(730)))
    assert effective(found, "minimum") == Decimal("43.8")
    assert effective(found, "maximum") == (2 * Decimal("0.06") + 4 * Decimal("0.096")) * 730


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_covered_twice(seed):
    lines, records = many(80, "dev", seed)
    dice = random.Random(seed)
    lines = [replace(entry, purchase="on_demand") for entry in lines]
    commitments = [
        {
            "name": f"plan{number}",
            "kind": "compute_savings_plan",
            "skus": ["aws/"],
            "hourly_usd": str(dice.randrange(1, 400)),
            "discount_percent": str(dice.randrange(99)),
        }
        for number in range(5)
    ] + [{"name": f"ri{number}", "kind": "reserved", "sku": f"aws/ec2/kind{number % 3}", "count": 9, "discount_percent": "33"} for number in range(6)]
    found = estimate(lines, table(records), {"commitments": commitments}, AS_OF)
    covered = sum(Fraction(entry["covered"]) for entry in found["commitments"])
    assert 0 < covered <= sum(Fraction(entry.quantity.expected) for entry in lines)
    # What is saved over what was on demand is what all commitments say together.
    saved = Fraction(found["totals"]["contracted"]["expected"]) - Fraction(found["totals"]["effective"]["expected"])
    assert abs(saved - sum(Fraction(entry["saving"]) for entry in found["commitments"])) < Fraction(1, 10**6)
    assert all(entry["cost"]["effective"]["expected"] >= "0" for entry in found["lines"])


def test_a_reservation_of_what_has_no_price_makes_the_estimate_incomplete():
    commitment = {"name": "gone", "kind": "reserved", "sku": "aws/ec2/m5.lrage", "discount_percent": "37"}
    found = made([commitment])
    assert found["missing"][0]["sku"] == "aws/ec2/m5.lrage" and found["missing"][0]["lines"] == ["cost_commitments[gone]"] and found["incomplete"]


@pytest.mark.parametrize(
    ("commitment", "said"),
    [
        ({"kind": "reserved"}, "has no name"),
        ({"name": "x", "kind": "lease"}, "kind is 'lease'; give one of reserved"),
        ({"name": "x", "kind": "reserved", "discount_percent": "3"}, "names no sku"),
        ({**RESERVED, "discount_percent": "3"}, "either hourly_usd"),
        ({key: value for key, value in RESERVED.items() if key != "hourly_usd"}, "either hourly_usd"),
        ({**RESERVED, "count": 0}, "count is 0; give a whole number from 1"),
        ({**RESERVED, "count": 99_999_999}, "count is 99999999; give a whole number from 1 to 1000000"),
        ({**RESERVED, "term_months": 2}, "term_months is 2; give 12 or 36"),
        ({**RESERVED, "count": "2"}, "count is '2'; give a whole number"),
        ({**RESERVED, "hourly_usd": "-1"}, "hourly_usd is '-1'; give 0 to"),
        ({**PLAN, "hourly_usd": "1e400"}, "hourly_usd is '1e400'; give a number of ordinary size"),
        ({**PLAN, "hourly_usd": "1e13"}, "hourly_usd is '1e13'; give 0 to"),
        ({**RESERVED, "hourly_usd": 0.06}, "hourly_usd is 0.06; give a whole number, or a decimal number in quotes"),
        ({**RESERVED, "term_month": 12}, "has term_month; known are"),
        ({**PLAN, "discount_percent": "100"}, "no plan is free"),
        ({**PLAN, "discount_percent": "101"}, "give a percentage from 0 to 100"),
        ({**PLAN, "discount_percent": None}, "give hourly_usd"),
        ({**FAMILY, "skus": []}, "names no skus"),
        ({**FAMILY, "skus": "aws/ec2/m5."}, "skus is 'aws/ec2/m5.'; give a list"),
    ],
)
def test_a_commitment_that_makes_no_sense_is_refused_by_name(commitment, said):
    with pytest.raises(CostError, match=said):
        terms({"commitments": [commitment]})


def test_two_commitments_of_one_name_are_refused():
    with pytest.raises(CostError, match="nodes stands there twice"):
        terms({"commitments": [RESERVED, RESERVED]})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"discounts": {"al": "10"}}, "cost_discounts has al; known are all, services, skus"),
        ({"discounts": {"all": "110"}}, "cost_discounts.all is '110'"),
        ({"discounts": {"services": {"AWS Lambda": 3.5}}}, "cost_discounts.services.AWS Lambda is 3.5"),
        ({"discounts": {"skus": {"aws/ec2/m5.large": {"eur": "1"}}}}, "has eur; known are usd"),
        ({"discounts": {"skus": {"aws/ec2/m5.large": {"usd": "-1"}}}}, "give 0 to"),
        ({"discounts": {"services": ["AWS Lambda"]}}, "cost_discounts.services is .* give a map"),
        ({"spot": {"discount_percent": "-1"}}, "cost_spot_discount_percent is '-1'"),
        ({"spot": {"percent": "1"}}, "spot has percent"),
    ],
)
def test_terms_that_make_no_sense_are_refused_by_name(data, said):
    with pytest.raises(CostError, match=said):
        terms(data)


@pytest.mark.parametrize(
    ("discounts", "said"),
    [
        ({"skus": {"aws/ec2/m5.lagre": "10"}}, "skus.aws/ec2/m5.lagre is no sku of the price table; near: aws/ec2/m5.large"),
        ({"services": {"Amazon EC2": "10"}}, "services.Amazon EC2 is no service of the price table; near: Amazon Elastic"),
    ],
)
def test_a_discount_that_would_silently_take_nothing_off_is_refused(discounts, said):
    with pytest.raises(CostError, match=said):
        estimate([], prices(), {"discounts": discounts}, AS_OF)


@pytest.mark.parametrize("as_of", ["20260731", "2026-W31-5", "tomorrow", "2026-7-31", "0001-01-01", None])
def test_what_is_no_date_is_refused(as_of):
    with pytest.raises(CostError, match=r"as_of is .* give a date such as 2026-07-31"):
        estimate([], prices(), {}, as_of)


def test_a_commitment_in_an_estimate_without_lines_is_refused():
    with pytest.raises(CostError, match="without any line"):
        estimate([], prices(), {"commitments": [RESERVED]}, AS_OF)

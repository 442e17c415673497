# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Budget, growth, and what may not be judged."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost.gate import gate
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError


def estimate(cost, missing=()):
    rows = [{"sku": sku, "region": "us-west-2", "near": [], "lines": ["demo/redis/cache/nodes"]} for sku in missing]
    totals = {"effective": {"minimum": "0", "expected": cost, "maximum": "99999"}, "list": {"expected": "99999"}}
    return {"currency": "USD", "hours_per_month": "730", "totals": totals, "incomplete": bool(rows), "missing": rows}


def actual(*amounts, data="measured", currency="USD"):
    services = {f"service {number}": amount for number, amount in enumerate(amounts)}
    return {"data": data, "currency": currency, "services": services, "period": {"start": "2026-11-01", "end": "2026-12-01", "complete": False}}


def names(*arguments, **options):
    return [problem["name"] for problem in gate(*arguments, **options)]


@pytest.mark.parametrize(
    ("cost", "found"), [("299.99", []), ("300", []), ("300.00", []), ("300.0000001", ["over_budget"]), ("300.01", ["over_budget"]), ("0", [])]
)
def test_the_budget_is_a_limit_that_may_be_reached(cost, found):
    assert names(estimate(cost), budget="300.00") == found


def test_the_message_names_all_three_amounts():
    (problem,) = gate(estimate("1312.345"), budget="300.00")
    assert problem["message"] == "the estimate of $1,312.34 a month passes the budget of $300.00 by $1,012.34"


@pytest.mark.parametrize(
    ("before", "cost", "percent", "found"),
    [
        ("100", "110", 10, []),
        ("100", "110.000001", 10, ["growth"]),
        ("100", "110.5", "10.5", []),
        ("100", "100", 0, []),
        ("100", "100.01", 0, ["growth"]),
        ("100", "20", 0, []),
        ("0", "0", 10, []),
        ("0", "0.01", 10, ["growth"]),
    ],
)
def test_growth_is_counted_from_the_baseline(before, cost, percent, found):
    assert names(estimate(cost), estimate(before), growth_percent=percent) == found


def test_growth_says_how_much():
    assert gate(estimate("125"), estimate("100"), growth_percent="10")[0]["message"].endswith("(25.00 %); up to 10 % may pass")
    assert "(from nothing)" in gate(estimate("125"), estimate("0"), growth_percent=100)[0]["message"]


def test_an_incomplete_estimate_passes_nothing_and_names_what_is_missing():
    (problem,) = gate(estimate("1", ["aws/elasticache-redis/cache.x9"]), estimate("1"), "300", 10)
    assert problem["name"] == "incomplete" and "aws/elasticache-redis/cache.x9 in us-west-2 (of demo/redis/cache/nodes; near: none)" in problem["message"]
    near = estimate("1", ["aws/ec2/m5.lagre"])
    near["missing"][0]["near"] = ["aws/ec2/m5.large"]
    assert "near: aws/ec2/m5.large" in gate(near)[0]["message"]
    assert names(estimate("301", ["aws/mq/storage"]), budget="300") == ["incomplete", "over_budget"]


def test_no_growth_from_a_baseline_that_cannot_be_compared():
    assert names(estimate("1"), None, growth_percent=10) == ["no_baseline"]
    assert names(estimate("1"), estimate("1", ["aws/mq/storage"]), growth_percent=10) == ["baseline_incomplete"]
    assert names(estimate("1"), estimate("1") | {"currency": "EUR"}, growth_percent=10) == ["baseline_differs"]
    assert names(estimate("1"), estimate("1") | {"hours_per_month": "744"}, growth_percent=10) == ["baseline_differs"]


def test_a_budget_below_what_is_spent():
    (problem,) = gate(estimate("200"), budget="300", actual=actual("250", "60.5", None))
    assert problem["name"] == "actual_over_budget" and "$310.50 were spent, $10.50 more than the budget of $300.00" in problem["message"]
    assert names(estimate("200"), budget="300", actual=actual("250", "50", None)) == []
    assert names(estimate("200"), budget="300", actual=actual("250", "60", currency="EUR")) == ["currency"]
    assert names(estimate("200"), budget="300", actual=actual(None, data="no data")) == []


def test_nothing_to_judge_by_passes():
    assert gate(estimate("99999")) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"budget": 300.0}, "give a whole number, or a decimal number in quotes"),
        ({"budget": "much"}, "give a number such as"),
        ({"budget": "0"}, "give more than 0"),
        ({"budget": "-1"}, "give more than 0"),
        ({"growth_percent": -1}, "cost_gate.growth_percent is -1; give 0 or more"),
        ({"growth_percent": "NaN"}, "give a number such as"),
    ],
)
def test_limits_that_make_no_sense_are_refused(options, said):
    with pytest.raises(CostError, match=said):
        gate(estimate("1"), estimate("1"), **options)

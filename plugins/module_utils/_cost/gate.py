# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Whether an estimate may pass: by its budget and by how much it has grown. An estimate that leaves something out passes neither."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from decimal import localcontext
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import decimal
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import words
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import DIGITS


def gate(
    estimate: Mapping[str, Any],
    baseline: Mapping[str, Any] | None = None,
    budget: Any = None,
    growth_percent: Any = None,
    actual: Mapping[str, Any] | None = None,
) -> list[dict[str, str]]:
    """Problems, each `{name, message}`; none means that the estimate passes. Its expected effective cost counts, to the last digit.

    `budget`: USD a month as text, None for none. `baseline`: the estimate that it must not outgrow by more than `growth_percent` percent.
    `actual`: as `_cost.actuals.measure`; what is spent already must not pass the budget. Raises CostError for a budget or a percentage that makes no sense.
    """
    with localcontext() as context:
        context.prec = DIGITS
        problems = _incomplete(estimate, "the estimate", "incomplete")
        cost = _cost(estimate)
        if budget is not None:
            limit = decimal(budget, "cost_budget_monthly_usd")
            if limit <= 0:
                raise CostError(f"cost_budget_monthly_usd is {budget}; give more than 0, or leave it out where nothing is to be judged")
            problems += _over_budget(cost, limit, actual)
        if growth_percent is not None:
            percent = decimal(growth_percent, "cost_gate.growth_percent")
            if percent < 0:
                raise CostError(f"cost_gate.growth_percent is {growth_percent}; give 0 or more")
            problems += _grown(estimate, cost, baseline, percent)
        return problems


def _cost(estimate: Mapping[str, Any]) -> Decimal:
    # Nothing that was counted is nothing to judge.
    return decimal(estimate["totals"]["effective"]["expected"] or 0, "the estimate's total")


def _incomplete(estimate: Mapping[str, Any], what: str, name: str) -> list[dict[str, str]]:
    if not estimate["incomplete"]:
        return []
    rows = [f"{row['sku']} in {row['region']} (of {', '.join(row['lines'])}; near: {', '.join(row['near']) or 'none'})" for row in estimate["missing"]]
    return [
        _problem(
            name, f"{what} is incomplete and may not be judged: no price for {'; '.join(rows)}. Correct the names, add the prices, or take the components out"
        )
    ]


def _over_budget(cost: Decimal, limit: Decimal, actual: Mapping[str, Any] | None) -> list[dict[str, str]]:
    found = []
    if cost > limit:
        found.append(_problem("over_budget", f"the estimate of {_usd(cost)} a month passes the budget of {_usd(limit)} by {_usd(cost - limit)}"))
    if actual is None or actual["data"] != "measured":
        return found
    spent = sum((Decimal(amount) for amount in actual["services"].values() if amount is not None), Decimal(0))
    if actual["currency"] != "USD":
        found.append(_problem("currency", f"the budget is in USD and the actual costs are in {actual['currency']}; nothing is converted"))
    elif spent > limit:
        period = actual["period"]
        message = f"from {period['start']} to {period['end']} (exclusive) {_usd(spent)} were spent, {_usd(spent - limit)} more than the budget of {_usd(limit)}"
        found.append(_problem("actual_over_budget", f"{message}; a budget below what is spent alerts at once: cut the costs, or raise it"))
    return found


def _grown(estimate: Mapping[str, Any], cost: Decimal, baseline: Mapping[str, Any] | None, percent: Decimal) -> list[dict[str, str]]:
    if baseline is None:
        return [
            _problem("no_baseline", "growth_percent is set and there is no baseline to compare with; write one with cost_report, or leave growth_percent out")
        ]
    if baseline["currency"] != estimate["currency"] or baseline["hours_per_month"] != estimate["hours_per_month"]:
        return [_problem("baseline_differs", "baseline and estimate count in another currency or another month; write the baseline anew")]
    if found := _incomplete(baseline, "the baseline", "baseline_incomplete"):
        return found
    before = _cost(baseline)
    # Compared as a product: a baseline of nothing has no percentage.
    if cost * 100 <= before * (100 + percent):
        return []
    grown = f"{words.cents((cost - before) * 100 / before)} %" if before else "from nothing"
    return [_problem("growth", f"the estimate grew from {_usd(before)} to {_usd(cost)} a month ({grown}); up to {percent.normalize():f} % may pass")]


def _problem(name: str, message: str) -> dict[str, str]:
    return {"name": name, "message": message}


def _usd(amount: Decimal) -> str:
    """Whole cents. What is over by less shows as equal, so the digits stay where they matter."""
    cents = words.cents(amount)
    return f"${cents:,}" if cents or not amount else f"${amount.normalize():f}"

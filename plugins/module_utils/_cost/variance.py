# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Why a month did cost other than estimated: each service's difference, split into causes that add up to it.

For a SKU with quantity q and unit price p, e estimated at list, a billed before discounts:
quantity (qa - qe) * pe, price qa * (pa - pe); together they are qa * pa - qe * pe. Discount: what was billed off, less what was estimated off.
That is the usual split of a cost variance, with the quantity at the planned price: https://en.wikipedia.org/wiki/Variance_(accounting)
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from decimal import localcontext
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain
from ansible_collections.llmops.platform.plugins.module_utils._cost.meters import meter
from ansible_collections.llmops.platform.plugins.module_utils._cost.meters import metered
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import DIGITS
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import PLACES

CAUSES = ("quantity", "price", "discount", "unplanned_resource", "missing_tag", "credit_or_tax")
UNEXPLAINED = "unexplained"
# No service of AWS: what its bill says apart from services.
APART = "Credits, refunds and tax"
ZERO = Decimal(0)


def variance(estimate: Mapping[str, Any], actual: Mapping[str, Any]) -> dict[str, Any]:
    """`estimate`: as `_cost.estimate` makes it; `actual`: as `_cost.actuals.measure` does, of the same scope. Amounts are decimal text, effective cost.

    `{comparable, rows, causes, unexplained, unexplained_percent, totals, not_measured, problems}`. Rows by service, greatest difference first: `{service,
    estimate, actual, difference, cause, causes: {cause: usd}, explained, unexplained}`; explained + unexplained = difference, exactly. `cause` is the greatest.
    What was not measured is null and in no sum. `unexplained` is the sum without signs, its percentage that of what was billed for services.
    Not comparable (all differences null): no data, or a period that is no whole month. Raises CostError for two currencies.
    """
    if estimate["currency"] != actual["currency"]:
        raise CostError(f"the estimate is in {estimate['currency']} and the actual costs are in {actual['currency']}; nothing is converted")
    with localcontext() as context:
        context.prec = DIGITS
        return _compared(estimate, actual)


def _compared(estimate: Mapping[str, Any], actual: Mapping[str, Any]) -> dict[str, Any]:
    planned: dict[str, list[Mapping[str, Any]]] = {}
    for line in estimate["lines"]:
        if line["cost"] is not None:
            planned.setdefault(line["provider_service"], []).append(line)
    problems = list(actual["problems"])
    if estimate["incomplete"]:
        names = ", ".join(sorted({entry["sku"] for entry in estimate["missing"]}))
        problems.append({"name": "incomplete", "message": f"the estimate has no price for {names}; what they cost shows as unplanned or unexplained"})
    months = _months(actual["period"])
    comparable = actual["data"] == "measured" and actual["period"]["complete"] and months == 1
    if actual["period"]["complete"] and months != 1:
        problems.append({"name": "not_one_month", "message": f"the actual costs are of {months} months, the estimate is for one; ask for one"})
    billed = {name: Decimal(amount) for name, amount in actual["services"].items() if amount is not None}
    rows = []
    for service in sorted({*planned, *actual["services"]}):
        expected = sum((_figure(line, "effective") for line in planned.get(service, ())), ZERO)
        amount = billed.get(service)
        # The answer knows the service, and nothing of it bears the tag: that is measured.
        if amount is None and (actual["untagged"] or {}).get(service) and actual["scope"]["value"]:
            amount = ZERO
        causes = None if amount is None or not comparable else _Causes(service, planned.get(service, []), expected, amount, actual).found()
        rows.append(_row(service, expected, amount, causes))
    if not actual["scope"]["value"] and comparable:
        apart = sum((Decimal(actual[kind]) for kind in ("credits", "refunds", "tax")), ZERO)
        if apart:
            rows.append(_row(APART, ZERO, apart, {"credit_or_tax": apart}))
    return _summed(rows, problems, comparable, sum(billed.values(), ZERO))


def _months(period: Mapping[str, Any]) -> int:
    (year, month), (until, last) = ((int(day[:4]), int(day[5:7])) for day in (period["start"], period["end"]))
    return (until - year) * 12 + last - month


def _figure(line: Mapping[str, Any], stage: str) -> Decimal:
    return Decimal(line["cost"][stage]["expected"])


class _Causes:
    """Of one service. `missing`: what others could have been ours, had it the tag."""

    def __init__(self, service: str, lines: list[Mapping[str, Any]], expected: Decimal, amount: Decimal, actual: Mapping[str, Any]) -> None:
        self._service, self._lines, self._amount = service, lines, amount
        self._difference = amount - expected
        scoped = bool(actual["scope"]["value"])
        self._missing = Decimal((actual["untagged"] or {}).get(service, "0")) if scoped else ZERO
        self._usage = (actual["usage"] or {}).get(service)
        self._reduced = None if scoped else actual["discounts"].get(service)
        self._causes = dict.fromkeys(CAUSES, ZERO)
        # A spot price is the market's, not a discount: its effective price is the planned one.
        self._base = {id(line): _figure(line, "effective" if line["purchase"] == "spot" else "list") for line in lines}
        self._saved = expected - sum(self._base.values(), ZERO)

    def found(self) -> dict[str, Decimal]:
        """Causes that are not zero; what they leave of the difference is unexplained."""
        if self._service.startswith("Savings Plans"):
            self._causes["discount"] = self._difference
        elif not self._lines:
            self._causes["unplanned_resource"] = self._difference
        elif self._usage is not None:
            self._by_usage(self._usage)
        elif self._reduced is not None:
            self._causes["discount"] = Decimal(self._reduced) - self._saved
        self._untagged()
        return {cause: amount for cause, amount in self._causes.items() if amount}

    def _by_usage(self, usage: Mapping[str, Mapping[str, Any]]) -> None:
        left = list(self._lines)
        seen: dict[tuple[str, ...], list[Decimal | None]] = {}
        for usage_type, told in usage.items():
            known = meter(self._service, usage_type)
            if known is None or told["quantity"] is None:
                continue
            skus, per = known
            one = seen.setdefault(skus, [ZERO, ZERO])
            one[0] += Decimal(told["quantity"]) / per
            one[1] += Decimal(told["usd"])
        for skus, (quantity, usd) in seen.items():
            own = [line for line in left if line["sku"] in skus]
            left = [line for line in left if line["sku"] not in skus]
            self._sku(own, quantity, usd)
        for line in left:
            if metered(self._service, line["sku"]):
                self._causes["quantity"] -= self._base[id(line)]
        gross = sum((Decimal(told["usd"]) for told in usage.values()), ZERO)
        self._causes["discount"] += (self._amount - gross) - self._saved

    def _sku(self, lines: list[Mapping[str, Any]], quantity: Decimal, usd: Decimal) -> None:
        wanted = sum((Decimal(line["quantity"]["expected"]) for line in lines), ZERO)
        base = sum((self._base[id(line)] for line in lines), ZERO)
        if not wanted:
            self._causes["unplanned_resource"] += usd - base
            return
        more = ((quantity - wanted) * base / wanted).quantize(PLACES)
        self._causes["quantity"] += more
        self._causes["price"] += usd - base - more

    def _untagged(self) -> None:
        """Less than planned, and cost of this very service that bears no tag: so much of it is taken to be ours."""
        by_usage = self._usage is not None and bool(self._lines)
        quantity = self._causes["quantity"]
        short = ZERO - quantity if by_usage else sum(self._causes.values(), ZERO) - self._difference
        moved = max(ZERO, min(self._missing, short))
        if by_usage:
            self._causes["quantity"] += moved
        self._causes["missing_tag"] -= moved


def _row(service: str, expected: Decimal, amount: Decimal | None, causes: Mapping[str, Decimal] | None) -> dict[str, Any]:
    row: dict[str, Any] = {"service": service, "estimate": plain(expected), "actual": None if amount is None else plain(amount)}
    if causes is None:
        return row | {"difference": None, "cause": None, "causes": {}, "explained": None, "unexplained": None}
    difference = amount - expected
    explained = sum(causes.values(), ZERO)
    rest = difference - explained
    greatest = max([*causes.items(), (UNEXPLAINED, rest)], key=lambda cause: abs(cause[1]))
    return row | {
        "difference": plain(difference),
        "cause": greatest[0] if greatest[1] else None,
        "causes": {cause: plain(value) for cause, value in causes.items()},
        "explained": plain(explained),
        "unexplained": plain(rest),
    }


def _summed(rows: list[dict[str, Any]], problems: list[dict[str, str]], comparable: bool, billed: Decimal) -> dict[str, Any]:
    rows.sort(key=lambda row: (-abs(Decimal(row["difference"] or 0)), row["service"]))
    told = [row for row in rows if row["difference"] is not None]
    sums = {name: sum((Decimal(row[name]) for row in told), ZERO) for name in ("estimate", "actual", "difference", "explained")}
    causes = {cause: sum((Decimal(row["causes"].get(cause, "0")) for row in told), ZERO) for cause in CAUSES}
    rest = sum((abs(Decimal(row["unexplained"])) for row in told), ZERO)
    return {
        "comparable": comparable,
        "rows": rows,
        "causes": {cause: plain(amount) for cause, amount in causes.items() if amount} if comparable else {},
        "unexplained": plain(rest) if comparable else None,
        "unexplained_percent": plain((rest * 100 / billed).quantize(Decimal("0.01"))) if comparable and billed else None,
        "totals": {name: plain(amount) if comparable else None for name, amount in sums.items()},
        "not_measured": [row["service"] for row in rows if row["actual"] is None],
        "problems": problems,
    }

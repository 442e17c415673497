# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What all reports say alike: money, quantities, names, and what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN
from decimal import Decimal
from decimal import localcontext
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.history import since
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import DIGITS

NO_DATA = "no data"
STAGES = ("list", "contracted", "effective")
CENT = Decimal("0.01")
# Where the division of an amount by a quantity would not end.
PLACES = Decimal(1).scaleb(-18)
# Control characters, line and paragraph separators, and those that turn the direction of writing: none belongs into a name, each can forge what is shown.
UNSHOWN = re.compile("[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb]")


def clean(text: Any) -> str:
    """One line of text in which every character shows: the others as their code."""
    return UNSHOWN.sub(lambda found: f"\\u{ord(found[0]):04x}", str(text))


def number(value: Any) -> Decimal | None:
    """The decimal of an estimate's text; None for what is not known (None, `?`). Raises CostError for what is no number."""
    if value is None or value in ("?", "", NO_DATA):
        return None
    if isinstance(value, float | bool):
        raise CostError(f"{value!r} is no amount; give decimal text")
    try:
        found = Decimal(str(value))
    except ArithmeticError as error:
        raise CostError(f"{clean(value)!r} is no amount") from error
    if not found.is_finite():
        raise CostError(f"{value!r} is no amount")
    return found


def cents(value: Decimal) -> Decimal:
    """Rounded half to even, the one time that an amount is."""
    with localcontext() as context:
        context.prec = DIGITS
        return value.quantize(CENT, ROUND_HALF_EVEN) + 0


def quotient(one: Decimal, other: Decimal) -> Decimal:
    """Of an amount and a quantity that is not 0, to PLACES."""
    with localcontext() as context:
        context.prec = DIGITS
        return (one / other).quantize(PLACES, ROUND_HALF_EVEN) + 0


def money(value: Any, sign: bool = False) -> str:
    """`$1,234.50`, or `no data`. `sign`: also before what is more."""
    amount = number(value)
    if amount is None:
        return NO_DATA
    shown = cents(amount)
    mark = "-" if shown < 0 else "+" if sign and shown > 0 else ""
    return f"{mark}${abs(shown):,.2f}"


def amount_of(value: Any) -> str:
    """A quantity: exact where it is short, else with as many digits as tell something."""
    found = number(value)
    if found is None:
        return NO_DATA
    if len(plain(found)) <= 10 and found == found.to_integral_value():
        return f"{found:,.0f}"
    return plain(found) if len(plain(found)) <= 8 else f"{found:,.2f}" if abs(found) >= 1 else f"{found:.4g}"


def percent(part: Any, whole: Any) -> str:
    """`12.5 %` of a whole; empty where there is none."""
    one, all_ = number(part), number(whole)
    if one is None or not all_:
        return ""
    return f"{(one / all_ * 100).quantize(Decimal('0.1'), ROUND_HALF_EVEN) + 0} %"


def total(values: Iterable[Any]) -> Decimal:
    """Sum to the last digit."""
    with localcontext() as context:
        context.prec = DIGITS
        return sum((Decimal(str(value)) for value in values), Decimal(0))


def estimate_of(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document's estimate. Raises CostError where there is none."""
    found = document.get("estimate") if isinstance(document, Mapping) else None
    if not isinstance(found, Mapping) or "lines" not in found or "totals" not in found:
        raise CostError("the report has no estimate; give {estimate: …} as the estimate is made from the bill of materials")
    return found


def title_of(document: Mapping[str, Any]) -> str:
    return clean(document.get("title") or "Cost")


def generated(document: Mapping[str, Any]) -> str:
    """The date that the report is made for; never the clock's, so that the same input gives the same bytes."""
    return clean(document.get("generated") or estimate_of(document)["as_of"])


def known(row: Mapping[str, Any]) -> bool:
    """Whether anything is known of what a line costs: it has a price, and the figure of usage that it waits for is declared."""
    return row["cost"] is not None and not row.get("undeclared")


def expected(row: Mapping[str, Any], stage: str = "effective") -> Decimal | None:
    """A line's expected cost; None where it is not known."""
    return number(row["cost"][stage]["expected"]) if known(row) else None


def quantity(row: Mapping[str, Any]) -> str:
    """A line's expected quantity, or `no data`."""
    return NO_DATA if row.get("undeclared") else amount_of(row["quantity"]["expected"])


def undeclared_text(estimate: Mapping[str, Any]) -> str:
    """Which figures of usage are not declared."""
    lines = sum(bool(row.get("undeclared")) for row in estimate["lines"])
    named = ", ".join(clean(name) for name in estimate["undeclared"])
    return f"Not declared in cost_usage, so that {lines} line{'s have' if lines != 1 else ' has'} no data and every sum is too small by them: {named}"


def costliest(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What has no price first, as nobody knows how dear it is; then the dearest."""
    return sorted(rows, key=lambda row: (row["cost"] is not None, -(expected(row) or Decimal(0)), row["id"]))


def grouped(estimate: Mapping[str, Any], by: str) -> list[tuple[str, Mapping[str, Any]]]:
    """`(name, {list, contracted, effective})` of a grouping, the dearest first. What has only lines of which nothing is known has no figures."""
    names = {row[by]: False for row in estimate["lines"] if row.get(by) is not None}
    names |= {row[by]: True for row in estimate["lines"] if row.get(by) is not None and known(row)}
    found = {name: estimate["by"][by][name] if some else dict.fromkeys(STAGES) for name, some in names.items()}
    return sorted(found.items(), key=lambda item: (-(number(item[1]["effective"]) or Decimal(0)), str(item[0])))


def missing_text(entry: Mapping[str, Any]) -> str:
    """One SKU without price, as a sentence's part."""
    lines = len(entry.get("lines") or [])
    near = ", ".join(clean(sku) for sku in entry.get("near") or [])
    return f"{clean(entry['sku'])} in {clean(entry['region'])} ({lines} line{'s' if lines != 1 else ''}{'; near: ' + near if near else ''})"


def incomplete(estimate: Mapping[str, Any]) -> str:
    """Empty, or what has to stand beside every sum."""
    if not estimate["incomplete"]:
        return ""
    names = sorted({clean(entry["sku"]) for entry in estimate["missing"]})
    return (
        f"INCOMPLETE: {len(names)} SKU{'s have' if len(names) != 1 else ' has'} no price and {'are' if len(names) != 1 else 'is'} in no sum: {', '.join(names)}"
    )


def warnings(document: Mapping[str, Any]) -> list[str]:
    """What a reader has to know before the figures, the gravest first."""
    estimate = estimate_of(document)
    found = [incomplete(estimate)] if estimate["incomplete"] else []
    if (estimate.get("prices") or {}).get("warning"):
        found.append(clean(estimate["prices"]["warning"]))
    if document.get("run_by_others"):
        found.append(f"not counted, as others run them: {', '.join(clean(name) for name in document['run_by_others'])}")
    if estimate.get("undeclared"):
        found.append(undeclared_text(estimate))
    found += [clean(problem) for problem in document.get("problems") or []]
    return found


def budget_rows(document: Mapping[str, Any]) -> list[tuple[str, str, str, bool]]:
    """`(what, its amount, by how much the estimate is over or under, over)` for limit and target."""
    budget = document.get("budget") or {}
    spent = number(estimate_of(document)["totals"]["effective"]["expected"])
    found = []
    for key, name in (("limit", "Budget"), ("target", "Target")):
        limit = number(budget.get(key))
        if limit is not None and spent is None:
            found.append((name, money(limit), NO_DATA, False))
        elif limit is not None:
            over = spent > limit
            found.append((name, money(limit), f"{money(abs(spent - limit))} {'over' if over else 'left'}", over))
    return found


def problem_texts(actual: Mapping[str, Any]) -> list[str]:
    """Why figures of what was spent are not there, or not comparable; each a text, or with a name as `_cost.actuals` has it."""
    return [clean(problem["message"] if isinstance(problem, Mapping) else problem) for problem in actual.get("problems") or []]


def since_text(document: Mapping[str, Any]) -> str:
    """How the estimate has moved since the last report, or that nothing is known of one."""
    found = since(document)
    if found is None:
        return "Since the last report: no data"
    mark = "; INCOMPLETE, so it may be another line that has a price now" if found["incomplete"] else ""
    return f"Since the last report, of {clean(found['period'])}: {money(found['difference'], sign=True)}, from {money(found['before'])}{mark}"


def prices_text(estimate: Mapping[str, Any]) -> str:
    """How old and how well founded the prices are."""
    prices = estimate.get("prices") or {}
    if not prices.get("oldest"):
        return "no price was used"
    strengths = ", ".join(f"{count} {name}" for name, count in prices["strengths"].items() if count)
    return f"prices of {clean(prices['oldest'])} to {clean(prices['newest'])}, the oldest {prices['age_days']} days old; strength {clean(strengths)}"

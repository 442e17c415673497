# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The report as one HTML page that needs nothing from outside: its style and charts are in it, scripts are none, and its policy forbids them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN
from decimal import Decimal
from decimal import localcontext
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.report import html_parts
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import words
from ansible_collections.llmops.platform.plugins.module_utils._cost.report.charts import COLOURS
from ansible_collections.llmops.platform.plugins.module_utils._cost.report.charts import Bar
from ansible_collections.llmops.platform.plugins.module_utils._cost.report.charts import Part
from ansible_collections.llmops.platform.plugins.module_utils._cost.report.charts import bars
from ansible_collections.llmops.platform.plugins.module_utils._cost.report.charts import stack
from ansible_collections.llmops.platform.plugins.module_utils._cost.report.charts import text
from ansible_collections.llmops.platform.plugins.module_utils._cost.report.charts import trend
from ansible_collections.llmops.platform.plugins.module_utils._cost.report.style import STYLE
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import DIGITS

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
ZERO = Decimal(0)


def render(document: Mapping[str, Any]) -> str:
    """The page. Raises CostError where the document has no estimate."""
    with localcontext() as context:
        context.prec = DIGITS
        title = text(words.title_of(document))
        sections = [_head(document), _composition(document), _waterfall(document), _trend(document), _actual(document), *html_parts.sections(document)]
        body = "\n".join(section for section in sections if section)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">\n'
        f"<title>{title}</title>\n<style>\n{STYLE}\n</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _head(document: Mapping[str, Any]) -> str:
    estimate = words.estimate_of(document)
    effective, listed = estimate["totals"]["effective"], estimate["totals"]["list"]
    mark = ' <span class="bad">INCOMPLETE</span>' if estimate["incomplete"] else ""
    cards = [
        ("a month, expected", words.money(effective["expected"]), ""),
        ("at list prices", words.money(listed["expected"]), ""),
        ("least and most, by scaling", f"{_whole(effective['minimum'])} to {_whole(effective['maximum'])}", ""),
    ]
    cards += [(f"{name.lower()} {limit}", rest, "bad" if over else "good") for name, limit, rest, over in words.budget_rows(document)]
    advice = document.get("advice") or {}
    if words.number(advice.get("total_saving")):
        cards.append(("a month less by the advice", words.money(advice["total_saving"]), ""))
    shown = "".join(f'<div class="card"><b class="{kind}">{text(amount)}</b><span>{text(name)}</span></div>' for name, amount, kind in cards)
    alerts = "".join(f'<div class="alert" role="alert">{text(warning)}</div>' for warning in words.warnings(document))
    note = f"{estimate['provenance']} from the inventory, for a month of {estimate['hours_per_month']} hours, as of {words.generated(document)}"
    note = f"{note[:1].upper()}{note[1:]}; {words.prices_text(estimate)}"
    title = f"<h1>{text(words.title_of(document))}{mark}</h1>"
    return f'<header>\n{title}\n<p class="soft">{text(note)}</p>\n{alerts}\n<div class="cards">{shown}</div>\n</header>'


def _whole(amount: Any) -> str:
    found = words.number(amount)
    return words.NO_DATA if found is None else f"${found.quantize(Decimal(1), ROUND_HALF_EVEN):,}"


def _composition(document: Mapping[str, Any]) -> str:
    estimate = words.estimate_of(document)
    whole = estimate["totals"]["effective"]["expected"]
    groups = words.grouped(estimate, "component")
    unpriced = {row["component"] for row in estimate["lines"] if row["cost"] is None}
    priced = [(name, Decimal(amounts["effective"])) for name, amounts in groups if amounts["effective"] is not None]
    parts = priced[: COLOURS - 1] + ([("the others", words.total(amount for name, amount in priced[COLOURS - 1 :]))] if len(priced) >= COLOURS else [])
    rows = []
    for place, (name, amounts) in enumerate(groups):
        shares = []
        if amounts["effective"] is not None:
            colour = f"c{min(place, COLOURS - 1) + 1}"
            shares = [Part(ZERO, Decimal(amounts["list"]), "faint"), Part(ZERO, Decimal(amounts["effective"]), colour)]
        share = words.percent(amounts["effective"], whole)
        shown = f"{words.money(amounts['effective'])}{f' · {share}' if share else ''}"
        rows.append(Bar(f"{name}{' (INCOMPLETE)' if name in unpriced else ''}", shown, shares))
    legend = '<p class="legend"><span><i class="key c1"></i>in effect</span><span><i class="key faint"></i>at list prices</span></p>'
    return html_parts.section("What it is made of", stack("Shares of components", parts) + bars("Cost by component", rows) + legend)


def _waterfall(document: Mapping[str, Any]) -> str:
    estimate = words.estimate_of(document)
    if estimate["totals"]["effective"]["expected"] is None:
        return ""
    listed, contracted, effective = (Decimal(estimate["totals"][stage]["expected"]) for stage in words.STAGES)
    rows, at = [Bar("List", words.money(listed), [Part(ZERO, listed, "c1")], strong=True)], listed
    spot = words.number((estimate.get("spot") or {}).get("saving")) or ZERO
    steps = [("Discounts", listed - contracted), ("Spot", spot), ("Commitments", contracted - effective - spot)]
    for name, saving in steps:
        if saving:
            rows.append(_step(name, at, saving))
            at -= saving
    if len(rows) > 1:
        rows.append(Bar("In effect", words.money(effective), [Part(ZERO, effective, "c1")], strong=True))
    items = (document.get("advice") or {}).get("items") or []
    for item in items:
        saving = words.number(item["monthly_saving"])
        if item.get("outside"):
            rows.append(Bar(item["title"], f"{words.money(saving)} outside the estimate"))
            continue
        rows.append(_step(item["title"], at, saving) if saving else Bar(item["title"], "?" if saving is None else words.money(ZERO)))
        at -= saving or ZERO
    if items:
        rows.append(Bar("After the advice", words.money(at), [Part(ZERO, at, "c1")], strong=True))
    if len(rows) == 1:
        return ""
    target = words.number((document.get("budget") or {}).get("target"))
    return html_parts.section("Savings", bars("Savings, one after another", rows, target, f"target {words.money(target)}" if target is not None else ""))


def _step(name: str, at: Decimal, saving: Decimal) -> Bar:
    return Bar(name, words.money(-saving, sign=True), [Part(at - saving, at, "saved" if saving > 0 else "over")])


def _trend(document: Mapping[str, Any]) -> str:
    history = document.get("history") or []
    if len(history) < 2:
        return html_parts.section("Trend", f'<p class="soft">{text(words.since_text(document))}</p>')
    periods = [str(entry["period"]) for entry in history]
    lines = [
        (name, kind, [words.number(entry.get(key)) for entry in history]) for name, kind, key in (("estimate", "c1", "estimate"), ("actual", "c2", "actual"))
    ]
    rows = [(text(period), *(words.money(amounts[place]) for _name, _kind, amounts in lines)) for place, period in enumerate(periods)]
    shown = html_parts.table(("report of", "estimate a month", "actual of the month before"), "<>>", rows)
    return html_parts.section("Trend", f'<p class="soft">{text(words.since_text(document))}</p>\n{trend("Cost by report", periods, lines)}{shown}')


def _actual(document: Mapping[str, Any]) -> str:
    actual = document.get("actual")
    if not actual:
        return ""
    rows, cells = [], []
    for row in actual.get("rows") or []:
        ours, theirs = words.number(row.get("estimate")), words.number(row.get("actual"))
        rows.append(Bar(f"{row['service']}", f"{words.money(ours)} estimated", [Part(ZERO, ours, "faint")] if ours else []))
        rows.append(Bar("", f"{words.money(theirs)} actual", [Part(ZERO, theirs, "c2")] if theirs else []))
        amounts = [text(words.money(row.get(key), sign=key == "difference")) for key in ("estimate", "actual", "difference")]
        causes = "; ".join(f"{name.replace('_', ' ')} {words.money(amount, sign=True)}" for name, amount in (row.get("causes") or {}).items())
        cells.append((text(row["service"]), *amounts, text(causes or str(row.get("cause") or "").replace("_", " "))))
    legend = '<p class="legend"><span><i class="key faint"></i>estimate</span><span><i class="key c2"></i>actual</span></p>'
    why = html_parts.table(("service", "estimate", "actual", "difference", "causes"), "<>>><", cells)
    told = [f"Unexplained: {words.money(actual.get('unexplained'))}", *words.problem_texts(actual)]
    note = "".join(f'<p class="soft">{text(sentence)}</p>' for sentence in told)
    return html_parts.section("Estimate against actual", bars("Estimate and actual by service", rows) + legend + why + note)

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The report as text for a terminal: a tree of components and lines, at most WIDTH columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.diff import diff
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import words
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import places

WIDTH = 158
Row = Sequence[str]


def render(document: Mapping[str, Any]) -> str:
    """The text. Raises CostError where the document has no estimate."""
    estimate = words.estimate_of(document)
    blocks = [_head(document), _lines(estimate)]
    blocks += [_totals(document), _change(document), _actual(document), _advice(document), _documented(document)]
    blocks.append(_block("Assumptions", [f"  {words.clean(text)}" for text in estimate.get("assumptions") or []]))
    return "\n".join(part for line in "\n\n".join(block for block in blocks if block).split("\n") for part in _folded(line)) + "\n"


def _folded(line: str) -> list[str]:
    """Sentences on several lines, where one is too long; tables are no wider than WIDTH anyway."""
    return wrap(line, WIDTH, subsequent_indent="    ", break_on_hyphens=False) if len(line) > WIDTH else [line]


def _head(document: Mapping[str, Any]) -> str:
    estimate = words.estimate_of(document)
    month = f"USD a month of {estimate['hours_per_month']} hours"
    first = f"{words.title_of(document)}: {month}, {words.clean(estimate['provenance'])} as of {words.generated(document)}"
    return "\n".join([first, words.prices_text(estimate), words.since_text(document), *words.warnings(document)])


def _lines(estimate: Mapping[str, Any]) -> str:
    rows: list[Row] = [("component", "SKU", "quantity", "unit", "list", "contracted", "effective")]
    where = {deployment: f", {words.clean(name)}" if name else "" for deployment, name in places(estimate["lines"]).items()}
    for name, amounts in words.grouped(estimate, "component"):
        own = [row for row in estimate["lines"] if row["component"] == name]
        mark = " (INCOMPLETE)" if any(row["cost"] is None for row in own) else ""
        rows.append((f"{words.clean(name)}{mark}", "", "", "", *(words.money(amounts[stage]) for stage in words.STAGES)))
        waiting = sorted({figure for row in own for figure in row.get("undeclared") or []})
        ordered = [row for row in words.costliest(own) if not row.get("undeclared")]
        for row in ordered:
            branch = "└─" if row is ordered[-1] and not waiting else "├─"
            cost = [words.money(words.expected(row, stage)) for stage in words.STAGES]
            label = f"{branch} {words.clean(row['service'])}/{words.clean(row['name'])}{where[row['deployment']]}{' *' if row['usage'] else ''}"
            rows.append((label, words.clean(row["sku"]), words.quantity(row), words.clean(row["unit"]), *cost))
        rows += [("└─ by usage that is not declared *", words.clean(", ".join(waiting)), *([words.NO_DATA, ""] + [words.NO_DATA] * 3))] if waiting else []
    return "\n".join([*_columns(rows, "<<><>>>"), "* by usage or volume, which nobody can know before"])


def _totals(document: Mapping[str, Any]) -> str:
    estimate = words.estimate_of(document)
    rows: list[Row] = [("total", "minimum", "expected", "maximum")]
    for stage in words.STAGES:
        amounts = estimate["totals"][stage]
        rows.append((stage, *(words.money(amounts[scenario]) for scenario in ("minimum", "expected", "maximum"))))
    found = _columns(rows, "<>>>")
    found += [f"{name} {limit}: {rest}{' (OVER)' if over else ''}" for name, limit, rest, over in words.budget_rows(document)]
    if estimate["incomplete"]:
        found += ["INCOMPLETE, no price is known of:", *(f"  {words.missing_text(entry)}" for entry in estimate["missing"])]
    return "\n".join(found)


def _change(document: Mapping[str, Any]) -> str:
    if not document.get("baseline"):
        return ""
    found = diff(document["baseline"], words.estimate_of(document))
    signs = {"added": "+", "removed": "-", "changed": "~"}
    rows: list[Row] = [("", "line", "before", "after", "monthly", "cause")]
    for row in found["rows"]:
        sides = [words.money(side["effective"]) if side else "" for side in (row["before"], row["after"])]
        rows.append(
            (signs[row["change"]], words.clean(row["id"]), *sides, words.money(row["monthly"], sign=True), (row["cause"] or row["change"]).replace("_", " "))
        )
    return _block(changed_text(found), _columns(rows, "<<>>><") if found["rows"] else [])


def changed_text(found: Mapping[str, Any]) -> str:
    """One line on a difference."""
    totals = found["totals"]["expected"]
    share = f" ({totals['percent']} %)" if totals["percent"] is not None else ""
    mark = f"; INCOMPLETE without {', '.join(words.clean(sku) for sku in found['missing'])}" if found["incomplete"] else ""
    return f"Change: {words.money(totals['difference'], sign=True)}{share}, from {words.money(totals['before'])} to {words.money(totals['after'])}{mark}"


def _actual(document: Mapping[str, Any]) -> str:
    actual = document.get("actual")
    if not actual:
        return ""
    rows: list[Row] = [("service", "estimate", "actual", "difference", "cause")]
    for row in actual.get("rows") or []:
        difference = words.money(row.get("difference"), sign=True)
        rows.append((words.clean(row["service"]), words.money(row.get("estimate")), words.money(row.get("actual")), difference, _words(row.get("cause"))))
    return _block("Estimate against actual", [*_columns(rows, "<>>><"), f"unexplained: {words.money(actual.get('unexplained'))}", *words.problem_texts(actual)])


def _words(text: Any) -> str:
    return words.clean(text or "").replace("_", " ")


def _advice(document: Mapping[str, Any]) -> str:
    advice = document.get("advice")
    if not advice or not advice.get("items"):
        return ""
    rows: list[Row] = [("", "advice", "saves a month", "risk")]
    for place, item in enumerate(advice["items"], start=1):
        saving = "?" if item["monthly_saving"] == "?" else words.money(item["monthly_saving"])
        rows.append((f"{place}.", words.clean(item["title"]), saving, words.clean(item.get("risk") or "")))
    return _block(f"Advice, in this order: saves {words.money(advice.get('total_saving'))} a month", _columns(rows, "><><"))


def _documented(document: Mapping[str, Any]) -> str:
    blocks = []
    for found in document.get("documented") or []:
        rows: list[Row] = [("line", "document", "ours", "difference")]
        for row in [*found["lines"], found["total"]]:
            rows.append((words.clean(row["line"]), words.money(row["documented"]), words.money(row["ours"]), words.money(row["difference"], sign=True)))
        notes = [f"  {words.clean(row['line'])}: {words.clean(text)}" for row in found["lines"] for text in row["explanation"]]
        notes += [f"  {words.clean(text)}" for text in found["notes"]]
        blocks.append(_block(f"The document's figures for {words.clean(found['title'])} beside ours", [*_columns(rows, "<>>>"), *notes]))
    return "\n\n".join(blocks)


def _block(title: str, rows: Iterable[str]) -> str:
    found = list(rows)
    return "\n".join([title, *found]) if found else ("" if title == "Assumptions" else title)


def columns_of(text: str) -> int:
    """How many columns a terminal gives a text: two for wide characters, none for marks over others."""
    # Nearly all are ASCII, and there are thousands.
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def cut(text: str, width: int) -> str:
    """At most `width` columns, with a sign where something is cut off."""
    if columns_of(text) <= width:
        return text
    while columns_of(text) > width - 1:
        text = text[:-1]
    return f"{text}…"


def _columns(rows: Sequence[Row], sides: str) -> list[str]:
    widths = [max(columns_of(row[place]) for row in rows) for place in range(len(sides))]
    while sum(widths) + 2 * (len(widths) - 1) > WIDTH:
        widest = widths.index(max(widths))
        widths[widest] -= 1
    found = []
    for row in rows:
        cells = []
        for text, width, side in zip(row, widths, sides, strict=True):
            short = cut(text, width)
            gap = " " * (width - columns_of(short))
            cells.append(short + gap if side == "<" else gap + short)
        found.append("  ".join(cells).rstrip())
    return [found[0], "─" * max(columns_of(line) for line in found), *found[1:]]

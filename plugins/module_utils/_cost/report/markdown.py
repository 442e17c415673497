# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The report as Markdown that fits a comment of a pull request: what does not fit is left out and counted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.diff import diff
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import words
from ansible_collections.llmops.platform.plugins.module_utils._cost.report.table import changed_text

# GitHub takes 65,536 characters in a comment. Counted in bytes of UTF-8, which are never fewer, and with room for a line that a workflow puts before it.
LIMIT = 65_000
# Names and texts have at most that many characters, so that a few long ones do not use up the comment.
LONGEST = 300
# What Markdown, GitHub's extensions to it or HTML take for more than a letter: `@` would tell somebody, `://` and `www.` become links, `:x:` a picture,
# `$` a formula.
SPECIAL = re.compile(r"[\\`*_\[\]<>|~@&$#]|:(?=\S)|(?<=www)\.|^[-+=]|(?<=^\d)[.)]", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """Rows of cells that are already escaped. `folded`: shown only when somebody opens it."""

    title: str
    header: Sequence[str]
    sides: str
    rows: Sequence[Sequence[str]]
    after: Sequence[str] = ()
    folded: bool = False


def render(document: Mapping[str, Any], limit: int = LIMIT) -> str:
    """At most `limit` bytes of UTF-8. What is shortened are the tables' last rows, the last table first.

    Raises CostError where the document has no estimate.
    """
    head = _head(document)
    tables = [table for table in (_change(document), _components(document), _missing(document), *_documented(document)) if table]
    tables += [table for table in (_actual(document), _advice(document), _lines(document), _assumptions(document)) if table]
    spare = limit - len(head.encode()) - sum(len(_shown(table, 0).encode()) for table in tables)
    found = [head]
    for table in tables:
        room = max(0, spare) + len(_shown(table, 0).encode())
        rows = _fitting(table, room)
        shown = _shown(table, rows)
        spare -= len(shown.encode()) - len(_shown(table, 0).encode())
        found.append(shown)
    text = "".join(found)
    return text if len(text.encode()) <= limit else _cut(text, limit)


def escape(text: Any) -> str:
    """A text that shows as it is in a cell of a table."""
    found = words.clean(text)
    short = found if len(found) <= LONGEST else f"{found[: LONGEST - 1]}…"
    return SPECIAL.sub(lambda letter: f"&#{ord(letter[0])};", short)


def _fitting(table: Table, room: int) -> int:
    low, high = 0, len(table.rows)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if len(_shown(table, middle).encode()) <= room else (low, middle - 1)
    return low


def _shown(table: Table, count: int) -> str:
    left = len(table.rows) - count
    parts = [f"| {' | '.join(table.header)} |", f"| {' | '.join('---:' if side == '>' else '---' for side in table.sides)} |"] if count else []
    parts += [f"| {' | '.join(row)} |" for row in table.rows[:count]]
    note = f"\n*{left} of {len(table.rows)} rows are left out, as they do not fit.*\n" if left else ""
    body = "\n".join(parts) + ("\n" if parts else "") + note + "".join(f"\n{line}\n" for line in table.after)
    if table.folded:
        return f"\n<details><summary>{table.title}</summary>\n\n{body}\n</details>\n"
    return f"\n### {table.title}\n\n{body}"


def _cut(text: str, limit: int) -> str:
    """Where even the heads do not fit: whole lines, and how many are missing."""
    lines = text.split("\n")
    for count in range(len(lines), -1, -1):
        found = "\n".join([*lines[:count], "", f"*{len(lines) - count} lines are left out, as they do not fit.*", ""])
        if len(found.encode()) <= limit:
            return found
    return ""


def _head(document: Mapping[str, Any]) -> str:
    estimate = words.estimate_of(document)
    effective = estimate["totals"]["effective"]
    mark = " (INCOMPLETE)" if estimate["incomplete"] else ""
    parts = [f"## {escape(words.title_of(document))}: {words.money(effective['expected'])} a month{mark}", ""]
    for text in words.warnings(document)[:20]:
        parts += [f"> **{escape(text)}**", ""]
    parts += [f"| USD a month | {' | '.join(words.STAGES)} |", "| --- | ---: | ---: | ---: |"]
    for scenario in ("minimum", "expected", "maximum"):
        amounts = [words.money(estimate["totals"][stage][scenario]) for stage in words.STAGES]
        parts.append(f"| {scenario} | {' | '.join(f'**{amount}**' if scenario == 'expected' else amount for amount in amounts)} |")
    parts.append("")
    parts += [f"{name} {limit}: {'**' if over else ''}{rest}{'**' if over else ''}." for name, limit, rest, over in words.budget_rows(document)]
    parts += ["", escape(f"{words.since_text(document)}.")]
    note = f"{estimate['provenance']} for a month of {estimate['hours_per_month']} hours as of {words.generated(document)}"
    parts += ["", escape(f"{note}; {words.prices_text(estimate)}.")]
    return "\n".join(parts) + "\n"


def _change(document: Mapping[str, Any]) -> Table | None:
    if not document.get("baseline"):
        return None
    found = diff(document["baseline"], words.estimate_of(document))
    rows = []
    for row in found["rows"]:
        sides = [words.money(side["effective"]) if side else "" for side in (row["before"], row["after"])]
        rows.append((row["change"], escape(row["id"]), *sides, words.money(row["monthly"], sign=True), escape((row["cause"] or "").replace("_", " "))))
    return Table(escape(changed_text(found)), ("", "line", "before", "after", "monthly", "cause"), "<<>>><", rows)


def _components(document: Mapping[str, Any]) -> Table:
    estimate = words.estimate_of(document)
    whole = estimate["totals"]["effective"]["expected"]
    unpriced = {row["component"] for row in estimate["lines"] if row["cost"] is None}
    rows = [
        (
            escape(name) + (" (INCOMPLETE)" if name in unpriced else ""),
            *(words.money(amounts[stage]) for stage in words.STAGES),
            words.percent(amounts["effective"], whole),
        )
        for name, amounts in words.grouped(estimate, "component")
    ]
    return Table("By component", ("component", *words.STAGES, "share"), "<>>>>", rows)


def _missing(document: Mapping[str, Any]) -> Table | None:
    rows = [
        (escape(entry["sku"]), escape(entry["region"]), escape(", ".join(entry["lines"])), escape(", ".join(entry.get("near") or [])))
        for entry in words.estimate_of(document)["missing"]
    ]
    return Table("No price", ("SKU", "region", "lines", "known ones most like it"), "<<<<", rows) if rows else None


def _actual(document: Mapping[str, Any]) -> Table | None:
    actual = document.get("actual")
    if not actual:
        return None
    rows = [
        (
            escape(row["service"]),
            words.money(row.get("estimate")),
            words.money(row.get("actual")),
            words.money(row.get("difference"), sign=True),
            _plain(row.get("cause")),
        )
        for row in actual.get("rows") or []
    ]
    after = (f"Unexplained: {words.money(actual.get('unexplained'))}.", *(f"* {escape(text)}" for text in words.problem_texts(actual)))
    return Table("Estimate against actual", ("service", "estimate", "actual", "difference", "cause"), "<>>><", rows, after)


def _plain(text: Any) -> str:
    return escape(str(text or "").replace("_", " "))


def _advice(document: Mapping[str, Any]) -> Table | None:
    advice = document.get("advice")
    if not advice or not advice.get("items"):
        return None
    rows = []
    for item in advice["items"]:
        saving = "?" if item["monthly_saving"] == "?" else words.money(item["monthly_saving"])
        rows.append((escape(item["title"]), saving, *(escape(item.get(part) or "") for part in ("assumption", "risk", "precondition", "undo"))))
    title = f"Advice, in this order: saves {words.money(advice.get('total_saving'))} a month"
    return Table(title, ("advice", "saves a month", "assumption", "risk", "precondition", "to undo"), "<><<<<", rows, folded=True)


def _documented(document: Mapping[str, Any]) -> Iterable[Table]:
    for found in document.get("documented") or []:
        rows = []
        for row in [*found["lines"], found["total"]]:
            why = " ".join(escape(text) for text in row["explanation"])
            rows.append((escape(row["line"]), words.money(row["documented"]), words.money(row["ours"]), words.money(row["difference"], sign=True), why))
        after = [f"* {escape(text)}" for text in found["notes"]]
        yield Table(
            f"The document's figures for {escape(found['title'])}", ("line", "document", "ours", "difference", "why"), "<>>><", rows, after, folded=True
        )


def _lines(document: Mapping[str, Any]) -> Table:
    rows = []
    for row in words.costliest(words.estimate_of(document)["lines"]):
        quantity = f"{words.quantity(row)} {escape(row['unit'])}{' by usage' if row['usage'] else ''}"
        rows.append((escape(row["id"]), escape(row["sku"]), quantity, *(words.money(words.expected(row, stage)) for stage in ("list", "effective"))))
    return Table(f"All {len(rows)} lines", ("line", "SKU", "quantity", "list", "effective"), "<<>>>", rows, folded=True)


def _assumptions(document: Mapping[str, Any]) -> Table | None:
    rows = [(escape(text),) for text in words.estimate_of(document).get("assumptions") or []]
    return Table("Assumptions", ("assumption",), "<", rows, folded=True) if rows else None

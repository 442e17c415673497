# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The HTML page's tables: change, the documents' figures, advice, allocation, lines, and what is not known."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.diff import diff
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import words
from ansible_collections.llmops.platform.plugins.module_utils._cost.report.charts import text
from ansible_collections.llmops.platform.plugins.module_utils._cost.report.table import changed_text


def sections(document: Mapping[str, Any]) -> list[str]:
    """Those that the document has something for."""
    return [_change(document), *_documented(document), _advice(document), _allocation(document), _missing(document), _lines(document), _assumptions(document)]


def table(header: Sequence[str], sides: str, rows: Iterable[Sequence[str]], last_is_total: bool = False) -> str:
    """A table of cells that are HTML already. On a narrow screen each row is a block with its columns' names."""
    kinds = [' class="n"' if side == ">" else "" for side in sides]
    found = [f"<th{kind}>{text(name)}</th>" for name, kind in zip(header, kinds, strict=True)]
    body, cells = [], list(rows)
    for place, row in enumerate(cells):
        shown = "".join(
            f"<td{kind}{f' data-name={chr(34)}{text(name)}{chr(34)}' if column else ''}>{value}</td>"
            for column, (name, kind, value) in enumerate(zip(header, kinds, row, strict=True))
        )
        mark = ' class="total"' if last_is_total and place == len(cells) - 1 else ""
        body.append(f"<tr{mark}>{shown}</tr>")
    return f'<div class="scroll stacked"><table>\n<thead><tr>{"".join(found)}</tr></thead>\n<tbody>\n' + "\n".join(body) + "\n</tbody></table></div>"


def section(title: str, *body: str) -> str:
    """A section of parts that are HTML already; empty ones are left out."""
    return f"<section>\n<h2>{text(title)}</h2>\n" + "\n".join(part for part in body if part) + "\n</section>"


def _items(texts: Iterable[Any]) -> str:
    found = "".join(f"<li>{text(item)}</li>" for item in texts)
    return f"<ul>{found}</ul>" if found else ""


def _change(document: Mapping[str, Any]) -> str:
    if not document.get("baseline"):
        return ""
    found = diff(document["baseline"], words.estimate_of(document))
    rows = []
    for row in found["rows"]:
        sides = [text(words.money(side["effective"])) if side else "" for side in (row["before"], row["after"])]
        cause = (row["cause"] or "").replace("_", " ")
        rows.append((text(row["id"]), text(row["change"]), *sides, text(words.money(row["monthly"], sign=True)), text(cause)))
    shown = table(("line", "change", "before", "after", "monthly", "cause"), "<<>>><", rows) if rows else ""
    return section("Change", f"<p>{text(changed_text(found))}</p>", shown)


def _documented(document: Mapping[str, Any]) -> list[str]:
    found = []
    for entry in document.get("documented") or []:
        rows = []
        for row in [*entry["lines"], entry["total"]]:
            amounts = [text(words.money(row[key], sign=key == "difference")) for key in ("documented", "ours", "difference")]
            rows.append((text(str(row["line"]).replace("_", " ")), *amounts, _items(row["explanation"])))
        shown = table(("line", "document", "ours", "difference", "why"), "<>>><", rows, last_is_total=True)
        savings = _savings(entry.get("savings"))
        found.append(section(f"The document's figures for {words.clean(entry['title'])}", shown, savings, _items(entry["notes"])))
    return found


def _savings(savings: Mapping[str, Any] | None) -> str:
    if not savings or not savings["items"]:
        return ""
    rows = [
        (text(item["name"]), text(item["line"]), text(words.money(item["saving"])), text(words.money(item["left"])), text(item["note"]))
        for item in savings["items"]
    ]
    return "<h3>Its savings</h3>" + table(("saving", "of", "a month", "leaves", "note"), "<<>><", rows)


def _advice(document: Mapping[str, Any]) -> str:
    advice = document.get("advice")
    if not advice or not advice.get("items"):
        return ""
    rows = []
    for item in advice["items"]:
        saving = "?" if item["monthly_saving"] == "?" else words.money(item["monthly_saving"])
        rows.append((text(item["title"]), text(saving), *(text(item.get(part) or "") for part in ("assumption", "risk", "precondition", "undo"))))
    return section("Advice, in this order", table(("advice", "saves a month", "assumption", "risk", "before it", "to undo"), "<><<<<", rows))


def _allocation(document: Mapping[str, Any]) -> str:
    """Of every list of named entries that the allocation of a cluster has, what each costs in all; one of filter cost_allocation is of one cluster."""
    allocation = document.get("allocation") or {}
    blocks = []
    for cluster, found in sorted(allocation.get("clusters", {"": allocation}).items()):
        for name, group in sorted(found.items()):
            rows = _named(group)
            if rows:
                title = f"{cluster}: {name.replace('_', ' ')}" if cluster else name.replace("_", " ")
                blocks.append(f"<h3>{text(title)}</h3>" + table(("name", "a month"), "<>", rows))
    rest = [(text(name), text(words.money(cost))) for name, cost in sorted((allocation.get("not_allocated") or {}).items())]
    if rest:
        blocks.append("<h3>not allocated</h3>" + table(("deployment", "a month"), "<>", rest))
    return section("Who uses it", *blocks) if blocks else ""


def _named(group: Any) -> list[tuple[str, str]]:
    entries = (
        group.items()
        if isinstance(group, Mapping)
        else [(entry.get("name", ""), entry) for entry in group if isinstance(entry, Mapping)]
        if isinstance(group, list)
        else []
    )
    return [(text(name), text(words.money(entry["totalCost"]))) for name, entry in entries if isinstance(entry, Mapping) and "totalCost" in entry]


def _missing(document: Mapping[str, Any]) -> str:
    rows = [
        (f"<code>{text(entry['sku'])}</code>", text(entry["region"]), _items(entry["lines"]), text(", ".join(entry.get("near") or [])))
        for entry in words.estimate_of(document)["missing"]
    ]
    return section("No price is known of", table(("SKU", "region", "lines", "known ones most like it"), "<<<<", rows)) if rows else ""


def _lines(document: Mapping[str, Any]) -> str:
    estimate = words.estimate_of(document)
    rows = []
    for row in words.costliest(estimate["lines"]):
        quantity = f"{words.quantity(row)} {row['unit']}{' *' if row['usage'] else ''}"
        cost = row["cost"]
        spread = f"{words.money(cost['effective']['minimum'])} to {words.money(cost['effective']['maximum'])}" if cost and row["scales"] else ""
        amounts = [text(words.money(words.expected(row, stage))) for stage in ("list", "effective")]
        where = f'{text(row["component"])} / {text(row["service"])} / {text(row["name"])}<br><span class="soft">{text(row["deployment"])}</span>'
        rows.append((where, f"<code>{text(row['sku'])}</code>", text(quantity), *amounts, text(spread)))
    note = '<p class="soft">* by usage or volume, which nobody can know before</p>'
    return section(f"All {len(rows)} lines", table(("line", "SKU", "quantity", "list", "in effect", "least to most"), "<<>>>>", rows), note)


def _assumptions(document: Mapping[str, Any]) -> str:
    found = words.estimate_of(document).get("assumptions") or []
    return section("Assumptions", _items(found)) if found else ""

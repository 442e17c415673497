# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Estimates in a line each."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.report import words

# The environment that costs nothing: its figures are what the same would cost at the provider.
LOCAL = "local"
AS_IF = "as if it stood at the provider; nothing is billed"


def summarised(documents: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The sums by the documents' names, USD as text; None where nothing was counted. `billed`: not where it is only counted as if it stood at a provider."""
    found = {}
    for document in documents:
        estimate = document["estimate"]
        found[document["name"]] = {
            "list": estimate["totals"]["list"]["expected"],
            "contracted": estimate["totals"]["contracted"]["expected"],
            "effective": dict(estimate["totals"]["effective"]),
            "budget": (document["budget"] or {}).get("limit"),
            "run_by_others": list(document.get("run_by_others") or ()),
            "billed": document.get("environment") != LOCAL,
            "missing": sorted({entry["sku"] for entry in estimate["missing"]}),
            "undeclared": list(estimate["undeclared"]),
        }
    return found


def shown(summary: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """A table of `summarised`, rounded to cents. A sum that is incomplete, or without usage that nobody declared, says so."""
    head = ("USD a month", "list", "contracted", "effective", "minimum", "maximum", "budget", "")
    rows = [head]
    for name, own in summary.items():
        effective = own["effective"]
        usd = [_cents(value) for value in (own["list"], own["contracted"], effective["expected"], effective["minimum"], effective["maximum"])]
        notes = [] if own["billed"] else [AS_IF]
        notes += [f"not counted, as others run them: {', '.join(own['run_by_others'])}"] if own["run_by_others"] else []
        notes += [f"INCOMPLETE: no price for {', '.join(own['missing'])}"] if own["missing"] else []
        count = len(own["undeclared"])
        notes += [f"without {count} figure{'s' if count != 1 else ''} of cost_usage"] if count else []
        rows.append((name, *usd, _cents(own["budget"]) if own["budget"] else "", "; ".join(notes)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(head) - 1)]
    return [
        "  ".join([row[0].ljust(widths[0]), *(text.rjust(width) for text, width in zip(row[1:-1], widths[1:], strict=True)), row[-1]]).rstrip() for row in rows
    ]


def _cents(value: str | None) -> str:
    return words.NO_DATA if value is None else f"{words.cents(Decimal(value)):,}"

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What changes between two estimates: of two inventories, two revisions or two environments."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from decimal import Decimal
from decimal import localcontext
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import DIGITS
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import SCENARIOS

MATCHES = ("deployment", "line")


def diff(before: Mapping[str, Any], after: Mapping[str, Any], match: str = "deployment") -> dict[str, Any]:
    """Rows of what was added, removed or changed, in USD a month (effective, expected) as decimal text, the greatest change first.

    `match`: `deployment` compares lines of one id; `line` leaves the deployment's name out, to compare one environment with another. A row's `monthly` is None
    where one side has no price. `cause` of a change is `sku`, `quantity`, `price` (the list price), `terms` (discounts, commitments, spot) or `no_price`.
    `totals.difference` is exact over what has a price on both sides or stands on one side only; `incomplete` where anything has none. Raises CostError for two
    currencies.
    """
    if match not in MATCHES:
        raise CostError(f"match is {match!r}; give one of {', '.join(MATCHES)}")
    currencies = {estimate.get("currency", "USD") for estimate in (before, after)}
    if len(currencies) > 1:
        raise CostError(f"estimates in {' and '.join(sorted(currencies))} cannot be compared")
    with localcontext() as context:
        context.prec = DIGITS
        old, new = _keyed(before["lines"], match), _keyed(after["lines"], match)
        rows = [row for key in sorted({*old, *new}) if (row := _row(key, old.get(key), new.get(key)))]
        rows.sort(key=lambda row: (row["monthly"] is not None, -abs(Decimal(row["monthly"] or 0)), row["id"]))
        return {
            "match": match,
            "rows": rows,
            "unchanged": len({*old, *new}) - len(rows),
            "totals": {scenario: _total(before, after, scenario) for scenario in SCENARIOS},
            "incomplete": bool(before.get("incomplete") or after.get("incomplete")),
            "missing": sorted({entry["sku"] for estimate in (before, after) for entry in estimate.get("missing") or []}),
        }


def _keyed(rows: Iterable[Mapping[str, Any]], match: str) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (bool(row.get("standby")), row["id"])):
        key = row["id"] if match == "deployment" else row["id"].removeprefix(f"{row['deployment']}/")
        copies = 1
        # Several regions have lines of one name: the first is compared with the first.
        while (key if copies == 1 else f"{key} ({copies})") in found:
            copies += 1
        found[key if copies == 1 else f"{key} ({copies})"] = row
    return found


def _side(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "id": row["id"],
        "sku": row["sku"],
        "quantity": row["quantity"]["expected"],
        "unit": row["unit"],
        "unit_price": None if row["unit_price"] is None else row["unit_price"]["list"],
        "list": None if row["cost"] is None else row["cost"]["list"]["expected"],
        "effective": None if row["cost"] is None else row["cost"]["effective"]["expected"],
    }


def _row(key: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> dict[str, Any] | None:
    old, new = _side(before), _side(after)
    if old and new and {**old, "id": ""} == {**new, "id": ""}:
        return None
    unpriced = any(side and side["effective"] is None for side in (old, new))
    monthly = None if unpriced else Decimal((new or {}).get("effective", "0")) - Decimal((old or {}).get("effective", "0"))
    return {
        "id": key,
        "change": "removed" if new is None else "added" if old is None else "changed",
        "cause": _cause(old, new) if old and new else None,
        "before": old,
        "after": new,
        "monthly": None if monthly is None else plain(monthly),
    }


def _cause(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    if old["effective"] is None or new["effective"] is None:
        return "no_price"
    for cause, fields in (("sku", ("sku", "unit")), ("quantity", ("quantity",)), ("price", ("unit_price", "list"))):
        if any(old[field] != new[field] for field in fields):
            return cause
    return "terms"


def _total(before: Mapping[str, Any], after: Mapping[str, Any], scenario: str) -> dict[str, str | None]:
    old, new = (Decimal(estimate["totals"]["effective"][scenario] or 0) for estimate in (before, after))
    share = plain(((new - old) / old * 100).quantize(Decimal("0.1"))) if old else None
    return {"before": plain(old), "after": plain(new), "difference": plain(new - old), "percent": share}

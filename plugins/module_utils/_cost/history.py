# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What earlier reports of a platform and environment came to: one entry a date, in a file beside its reports."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import decimal

FILE = "history.json"
# A report a day for a year; the oldest entries are dropped.
MOST = 366
AMOUNTS = ("estimate", "actual")


def read(folder: Path) -> list[dict[str, Any]]:
    """The entries kept in a folder, by date; none where there is no file. Raises CostError: it cannot be read or is no history."""
    file = folder / FILE
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        for one in found:
            datetime.date.fromisoformat(one["period"])
            if not isinstance(one["incomplete"], bool) or one["estimate"] is None:
                raise ValueError(f"the entry of {one['period']} is none")
            for amount in (one[name] for name in AMOUNTS if one[name] is not None):
                # A number of JSON would have lost digits.
                if not isinstance(amount, str):
                    raise ValueError(f"{amount!r} of {one['period']} is no text")
                decimal(amount, f"an amount of {one['period']}")
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError, CostError) as error:
        raise CostError(f"{file} cannot be read as a history: {error}; restore it, or delete it and lose the trend") from error
    return sorted(found, key=lambda one: one["period"])


def entry(document: Mapping[str, Any]) -> dict[str, Any] | None:
    """`{period, estimate, actual, incomplete}` of a report: the effective, expected total, and what Cost Explorer had of the month before, if anything.

    None where nothing was counted.
    """
    estimate, actual = document["estimate"], document.get("actual") or {}
    if estimate["totals"]["effective"]["expected"] is None:
        return None
    spent = (actual.get("totals") or {}).get("actual")
    return {"period": estimate["as_of"], "estimate": estimate["totals"]["effective"]["expected"], "actual": spent, "incomplete": bool(estimate["incomplete"])}


def added(entries: Iterable[Mapping[str, Any]], new: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """With the new entry, if there is one, in place of one of its date, by date, the last MOST of them. Twice the same is the same."""
    if new is None:
        return list(entries)
    kept = [*(one for one in entries if one["period"] != new["period"]), new]
    return sorted(kept, key=lambda one: one["period"])[-MOST:]


def until(entries: Iterable[Mapping[str, Any]], day: str) -> list[Mapping[str, Any]]:
    """What a report of that day knows: a report made anew for an earlier day does not change by those after it."""
    return [one for one in entries if one["period"] <= day]


def text(entries: Iterable[Mapping[str, Any]]) -> str:
    """The file."""
    return json.dumps(list(entries), indent=1, sort_keys=True) + "\n"


def since(document: Mapping[str, Any]) -> dict[str, Any] | None:
    """`{period, before, difference, incomplete}` against the last report before the document's; None where there is none. USD as Decimal."""
    history = document.get("history") or []
    estimate = document["estimate"]
    earlier = [one for one in history if str(one["period"]) < estimate["as_of"] and one.get("estimate") is not None]
    if not earlier or estimate["totals"]["effective"]["expected"] is None:
        return None
    last = max(earlier, key=lambda one: str(one["period"]))
    before = decimal(last["estimate"], f"history of {last['period']}")
    difference = Decimal(estimate["totals"]["effective"]["expected"]) - before
    return {"period": last["period"], "before": before, "difference": difference, "incomplete": bool(last.get("incomplete") or estimate["incomplete"])}

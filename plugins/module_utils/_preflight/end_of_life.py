# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Versions against the days on which their support ends."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any

WARNING_DAYS = 90


def as_date(value: Any, what: str) -> datetime.date:
    """A day, from a date or from text as YYYY-MM-DD.

    Raises ValueError that names `what` otherwise.
    """
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError as error:
        raise ValueError(f"{what} is '{value}', not a day as YYYY-MM-DD") from error


def find_cycle(version: str, cycles: Mapping[str, Any]) -> str | None:
    """The cycle that is the longest prefix of `version`, number by number: 1.36.3 is of 1.36, 17.2 of 17, 1.30 not of 1.3."""
    numbers = re.split(r"[-+_]", version.strip().removeprefix("v"), maxsplit=1)[0].split(".")
    for length in range(len(numbers), 0, -1):
        if (candidate := ".".join(numbers[:length])) in cycles:
            return candidate
    return None


def judge(
    pins: Mapping[str, Mapping[str, Any]],
    table: Mapping[str, Mapping[str, Any]],
    today: Any,
    overrides: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[dict[str, Any]]:
    """A finding for each of `pins` (`{item: {product, version}}`) by the `table` of cycles, and one for each override that nothing needs.

    Raises ValueError that says what is wrong with a pin, the table or an override.
    """
    day = as_date(today, "today")
    allowed = {item: _checked_override(item, override) for item, override in (overrides or {}).items()}
    found = [_overridden(_judged(item, pin, table, day), allowed.get(item), day) for item, pin in pins.items()]
    good = {finding["item"] for finding in found if finding["level"] == "ok"}
    for item in allowed:
        if item not in pins:
            found.append(_unused(item, "there is no such pin"))
        elif item in good:
            found.append(_unused(item, "the pin needs none"))
    return found


def _judged(item: str, pin: Mapping[str, Any], table: Mapping[str, Mapping[str, Any]], today: datetime.date) -> dict[str, Any]:
    product, version = _checked_pin(item, pin)
    finding = {"item": item, "product": product, "version": version, "cycle": None, "end_of_life": None, "days_left": None}
    cycles = (table.get(product) or {}).get("cycles") or {}
    cycle = find_cycle(version, cycles)
    if cycle is None:
        known = f"it knows {', '.join(cycles)}" if cycles else "it has no such product"
        return {**finding, "level": "unknown", "message": f"{item}: no cycle of {product} {version} in the table of ends of life ({known})"}
    row = cycles[cycle]
    finding["cycle"] = cycle
    note = f" ({row['note']})" if row.get("note") else ""
    name = f"{item}: {product} {version}"
    if row.get("end_of_life") is None:
        return {**finding, "level": "unknown", "message": f"{name} has no known end of life{note}"}
    end = as_date(row["end_of_life"], f"end_of_life of {product} {cycle}")
    left = (end - today).days
    finding |= {"end_of_life": end.isoformat(), "days_left": left}
    if left > WARNING_DAYS:
        return {**finding, "level": "ok", "message": f"{name} is supported until {end}{note}"}
    if left >= 0:
        return {**finding, "level": "warning", "message": f"{name} is supported until {end} only, {left} days from now{note}"}
    extended = as_date(row["extended"], f"extended of {product} {cycle}") if row.get("extended") else None
    if extended and extended >= today:
        return {**finding, "level": "warning", "message": f"{name} is past its end of life on {end}, in extended support until {extended}{note}"}
    last = f"{end}, its extended support on {extended}" if extended else f"{end}"
    return {**finding, "level": "error", "message": f"{name} reached its end of life on {last}{note}"}


def _checked_pin(item: str, pin: Any) -> tuple[str, str]:
    if not isinstance(pin, Mapping) or not isinstance(pin.get("product"), str) or not pin["product"] or pin.get("version") in (None, ""):
        raise ValueError(f"pin '{item}' needs product and version")
    version = pin["version"]
    # YAML reads 1.30 as the number 1.3.
    if isinstance(version, bool) or not isinstance(version, (str, int)):
        raise ValueError(f"version of pin '{item}' is the number {version}; quote it")
    return pin["product"], str(version)


def _checked_override(item: str, override: Any) -> tuple[str, datetime.date]:
    if not isinstance(override, Mapping) or not str(override.get("reason") or "").strip() or not override.get("until"):
        raise ValueError(f"override of '{item}' needs reason and until (a day as YYYY-MM-DD)")
    return str(override["reason"]).strip(), as_date(override["until"], f"until of the override of '{item}'")


def _overridden(finding: dict[str, Any], override: tuple[str, datetime.date] | None, today: datetime.date) -> dict[str, Any]:
    if override is None or finding["level"] == "ok":
        return finding
    reason, until = override
    if until < today:
        return {**finding, "message": f"{finding['message']}; its override ended on {until}"}
    return {**finding, "level": "overridden", "message": f"{finding['message']}; overridden until {until}: {reason}"}


def _unused(item: str, why: str) -> dict[str, Any]:
    empty = dict.fromkeys(("product", "version", "cycle", "end_of_life", "days_left"))
    return {"item": item, **empty, "level": "warning", "message": f"{item}: the override is not used, {why}; remove it"}

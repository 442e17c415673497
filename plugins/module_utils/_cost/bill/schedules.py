# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""How often a backup runs and how many of them are kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import count
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._inventory.formats import MONTHS
from ansible_collections.llmops.platform.plugins.module_utils._inventory.formats import WEEKDAYS
from ansible_collections.llmops.platform.plugins.module_utils._inventory.formats import cron

WORDS = {**MONTHS, **WEEKDAYS}
MACROS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
LEAST = (0, 0, 1, 1, 0)
MOST = (59, 23, 31, 12, 6)
MONTH = Fraction(365, 12)
# The longest that a rung of backup_retention is for, in days between two backups. An hour is 1/24.
RUNGS = (("hourly", Fraction(1, 24)), ("daily", Fraction(1)), ("weekly", Fraction(7)), ("monthly", Fraction(31)))
TTL = re.compile(r"([0-9]+)([smh])")
SECONDS = {"s": 1, "m": 60, "h": 3600}
MOST_DAYS = 36_500


def per_day(schedule: Any, where: str) -> Fraction:
    """Runs a day, mean over a common year of 365 days: minutes x hours x share of days. Raises CostError for what is no cron schedule."""
    if problem := cron(schedule):
        raise CostError(f"{where} is {schedule!r}; {problem}")
    text = str(schedule).strip().lower()
    minutes, hours, days, months, weekdays = (_many(field, at) for at, field in enumerate(MACROS.get(text, text).split()))
    any_day, any_weekday = days == MOST[2], weekdays == MOST[4] + 1
    # cron runs on either where both are given: 1 - (1 - share of days) x (1 - share of weekdays).
    by_day, by_weekday = days / MONTH, Fraction(weekdays, 7)
    if any_day and any_weekday:
        share = Fraction(1)
    elif any_weekday:
        share = by_day
    elif any_day:
        share = by_weekday
    else:
        share = 1 - (1 - by_day) * (1 - by_weekday)
    return Fraction(minutes * hours) * share * Fraction(months, 12)


def _many(field: str, at: int) -> Fraction:
    """How many values a field has."""
    found: set[str | int] = set()
    for part in field.split(","):
        span, _slash, step = part.partition("/")
        first, _dash, last = span.partition("-")
        if first in "*?":
            low, high = LEAST[at], MOST[at]
        elif not first.isdecimal() or (last and not last.isdecimal()):
            # A word such as mon, or a range of them.
            low, high = WORDS[first], WORDS[last or first]
        else:
            low, high = int(first), int(last) if last else (MOST[at] if step else int(first))
        # Sunday is 0 and 7.
        found.update(value % 7 if at == 4 else value for value in range(low, high + 1, int(step or 1)))
    return Fraction(len(found))


def number(value: Fraction) -> Decimal:
    """As a decimal to show, to six places."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.000001")).normalize() + Decimal(0)


def copies(runs: Fraction, days: Fraction) -> int:
    """How many are there at once, the newest included; at least one."""
    return max(1, ceil(runs * days))


def keep_days(variables: Mapping[str, Any], name: str, settings: Mapping[str, Any]) -> Fraction:
    """How long a schedule's backups are kept: by itself, by the rung of backup_retention for its frequency, by backup_remote_retention_days, or by
    backup_retention_days. Raises CostError.
    """
    where = f"backup_schedules.{name}"
    if (own := _kept(settings, where)) is not None:
        return own
    runs = per_day(settings.get("schedule"), f"{where}.schedule")
    between = 1 / runs if runs else Fraction(MOST_DAYS)
    rung = next((rung for rung, longest in RUNGS if between <= longest), "monthly")
    by_rung = (variables.get("backup_retention") or {}).get(rung)
    if by_rung is not None and (found := _kept(by_rung, f"backup_retention.{rung}")) is not None:
        return found
    for variable in ("backup_remote_retention_days", "backup_retention_days"):
        if variables.get(variable) is not None:
            return Fraction(count(variables[variable], variable, most=MOST_DAYS))
    raise CostError(f"{where} says nothing of how long it is kept; give keep_days, or backup_retention_days")


def _kept(settings: Mapping[str, Any], where: str) -> Fraction | None:
    if settings.get("ttl") is not None:
        match = TTL.fullmatch(str(settings["ttl"]))
        if not match:
            raise CostError(f"{where}.ttl is {settings['ttl']!r}; give hours such as 720h")
        return Fraction(int(match[1]) * SECONDS[match[2]], 86400)
    for key, days in (("keep_hours", Fraction(1, 24)), ("keep_days", Fraction(1)), ("keep_months", MONTH)):
        if settings.get(key) is not None:
            return count(settings[key], f"{where}.{key}", least=1, most=MOST_DAYS) * days
    return None

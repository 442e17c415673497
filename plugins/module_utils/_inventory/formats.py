# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Formats of single values. Each takes a value and returns what to write instead, or None where it is good."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import Any

MONTHS = dict(zip(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), range(1, 13), strict=True))
WEEKDAYS = dict(zip(("sun", "mon", "tue", "wed", "thu", "fri", "sat"), range(7), strict=True))
CRON = (("minute", 0, 59, {}), ("hour", 0, 23, {}), ("day of month", 1, 31, {}), ("month", 1, 12, MONTHS), ("day of week", 0, 7, WEEKDAYS))
DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MACROS = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
HOSTNAME = re.compile(rf"^(\*\.)?{LABEL}(\.{LABEL})*\.?$", re.IGNORECASE)
DURATION = re.compile(r"^([0-9]+(\.[0-9]+)?(ns|us|ms|s|m|h|d|w|y))+$")
VERSION = re.compile(r"^v?[0-9]+(\.[0-9]+)*([-+._]?[0-9A-Za-z]+)*$")
EMAIL = re.compile(r"^[^@\s]+@[^@\s]+$")
USD = re.compile(r"^[0-9]+(\.[0-9]{1,2})?$")


def cidr(value: Any) -> str | None:
    try:
        ipaddress.ip_network(str(value))
    except ValueError:
        try:
            return f"the range is written {ipaddress.ip_network(str(value), strict=False)}" if "/" in str(value) else "write a range such as 10.0.0.0/16"
        except ValueError:
            return "write a range such as 10.0.0.0/16"
    return None if "/" in str(value) else "add the prefix length, as in 10.0.0.0/16"


def cron(value: Any) -> str | None:
    """Five fields as Kubernetes' CronJob takes them."""
    text = str(value).strip().lower()
    if text in MACROS:
        return None
    fields = text.split()
    if len(fields) != len(CRON):
        return f"write the five fields minute, hour, day of month, month and day of week, as in '0 5 * * 0'; there are {len(fields)}"
    allowed: list[set[int]] = []
    for field, (name, least, most, words) in zip(fields, CRON, strict=True):
        numbers = _cron_field(field, least, most, words)
        if numbers is None:
            return f"correct the {name} {field!r}; it takes {least} to {most}, lists, ranges and steps"
        allowed.append(numbers)
    if fields[4] == "*" and not any(day <= DAYS[month - 1] for month in allowed[3] for day in allowed[2]):
        return "no such day ever comes; correct the day of month or the month"
    return None


def _cron_field(field: str, least: int, most: int, words: dict[str, int]) -> set[int] | None:
    found: set[int] = set()
    for part in field.split(","):
        match = re.fullmatch(r"(\*|\?|\w+)(?:-(\w+))?(?:/([0-9]+))?", part)
        if not match:
            return None
        first, last, step = match.groups()
        if first in "*?":
            low, high = (least, most) if last is None else (-1, -1)
        else:
            low, high = _number(first, words), _number(last, words) if last else None
            high = high if last else (most if step else low)
        if low is None or high is None or not least <= low <= high <= most or step == "0" or (step and int(step) > most):
            return None
        found.update(range(low, high + 1, int(step or 1)))
    return found


def _number(text: str, words: dict[str, int]) -> int | None:
    return int(text) if re.fullmatch("[0-9]{1,3}", text) else words.get(text)


def _matching(pattern: re.Pattern[str], remedy: str) -> Callable[[Any], str | None]:
    return lambda value: None if pattern.match(str(value)) else remedy


def _between(least: float, most: float) -> Callable[[Any], str | None]:
    def check(value: Any) -> str | None:
        try:
            return None if least <= float(value) <= most else f"give a number from {least:g} to {most:g}"
        except (TypeError, ValueError):
            return f"give a number from {least:g} to {most:g}"

    return check


FORMATS: dict[str, Callable[[Any], str | None]] = {
    "cidr": cidr,
    "cron": cron,
    "duration": _matching(DURATION, "write a number with its unit, such as 30s, 5m or 720h"),
    "version": _matching(VERSION, "write a version such as 1.36 or 1.2.3"),
    "hostname": _matching(HOSTNAME, "write a host name such as api.example.com"),
    "email": _matching(EMAIL, "write an address such as team@example.com"),
    "port": _between(1, 65535),
    "percent": _between(0, 100),
    "usd": _matching(USD, "write an amount in dollars such as 250.00"),
}

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Gate freeze: windows in which nothing is released, as wall clocks show them."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterator
from collections.abc import Mapping
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from datetime import tzinfo
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._release.findings import ERROR
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import WARNING
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import Finding
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import finding
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import wrong

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
KEYS = {"from", "to", "weekly", "timezone", "reason"}
# A release may take hours: one that would run into a window is told of it.
NOTICE = timedelta(hours=24)

Interval = tuple[datetime, datetime]


class WindowError(Exception):
    """What is wrong in a window, by key, with the remedy."""

    def __init__(self, key: str, what: str, remedy: str) -> None:
        super().__init__(what)
        self.key, self.what, self.remedy = key, what, remedy


def judge(windows: Mapping[str, Any], now: datetime | str) -> list[Finding]:
    """Windows that are open at `now` refuse, those that begin soon warn, those that cannot be meant are settings to correct."""
    moment = _moment("now", now, UTC).astimezone(UTC)
    found = []
    for name, window in (windows or {}).items():
        if window is None:
            continue
        variable = f"release_gates.freeze.{name}"
        try:
            found += _judged(name, window, moment)
        except WindowError as error:
            found.append(wrong(f"{variable}.{error.key}" if error.key else variable, error.what, error.remedy))
    return found


def _judged(name: str, window: Any, now: datetime) -> Iterator[Finding]:
    zone = _checked(window)
    reason = f" ({window['reason']})" if window.get("reason") else ""
    for begin, end in sorted(_weekly(window["weekly"], zone, now) if "weekly" in window else [_once(window, zone)]):
        if begin <= now < end:
            remedy = f"Wait until {_shown(end, zone)}, or overrule it with release_override.freeze and a reason."
            yield finding("freeze", ERROR, f"freeze '{name}'{reason} is in force from {_shown(begin, zone)} until {_shown(end, zone)}", remedy)
            return
        if now < begin <= now + NOTICE:
            remedy = "A release that is not finished by then stays at its weight until somebody resumes it."
            yield finding("freeze", WARNING, f"freeze '{name}'{reason} begins soon, at {_shown(begin, zone)}", remedy)
            return


def _checked(window: Any) -> tzinfo:
    if not isinstance(window, Mapping):
        raise WindowError("", f"is {window!r}, no map", "Write {from, to, reason} or {weekly: {days, from, to}, reason}.")
    if unknown := sorted(set(window) - KEYS):
        raise WindowError(unknown[0], "is unknown", f"Use {', '.join(sorted(KEYS))}.")
    if "weekly" in window and ("from" in window or "to" in window):
        raise WindowError("weekly", "stands beside from or to", "Make two windows of it.")
    name = window.get("timezone") or "UTC"
    try:
        return zoneinfo.ZoneInfo(str(name))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        remedy = "Write a name such as Europe/Berlin. If it is right, install the time zones: the package tzdata, of the system or for Python."
        raise WindowError("timezone", f"is '{name}', which this machine does not know", remedy) from error


def _once(window: Mapping[str, Any], zone: tzinfo) -> Interval:
    for key in ("from", "to"):
        if window.get(key) in (None, ""):
            raise WindowError(key, "is missing", "Write date and time as 2026-12-20T18:00, or a date.")
    begin, end = _moment("from", window["from"], zone, min), _moment("to", window["to"], zone, max)
    if end <= begin:
        raise WindowError("to", f"is {window['to']}, not after from, {window['from']}", "Swap them, or correct the year.")
    return begin, end


def _weekly(weekly: Any, zone: tzinfo, now: datetime) -> Iterator[Interval]:
    """The intervals around now. One that ends at or before its beginning on the clock lasts over midnight."""
    if not isinstance(weekly, Mapping) or set(weekly) != {"days", "from", "to"}:
        raise WindowError("weekly", "must have days, from and to", "Write weekly: {days: [fri], from: '16:00', to: '24:00'}.")
    days = [weekly["days"]] if isinstance(weekly["days"], str) else list(weekly["days"] or [])
    if not days or set(days) - set(DAYS):
        raise WindowError("weekly.days", f"is {weekly['days']!r}", f"List some of {', '.join(DAYS)}.")
    begins, ends = _clock("weekly.from", weekly["from"]), _clock("weekly.to", weekly["to"])
    if begins >= timedelta(days=1) or begins == ends:
        raise WindowError("weekly.to", f"is {weekly['to']}, from is {weekly['from']}", "A whole day is from '00:00' to '24:00'.")
    today = now.astimezone(zone).date()
    for offset in range(-2, 3):
        day = today + timedelta(days=offset)
        if DAYS[day.weekday()] in days:
            last = day if ends > begins else day + timedelta(days=1)
            yield _wall(day, begins, zone, min), _wall(last, ends, zone, max)


def _clock(key: str, value: Any) -> timedelta:
    match = CLOCK.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise WindowError(key, f"is {value!r}", "Write hours and minutes in quotes, '16:00': without them YAML makes a number of it.")
    return timedelta(days=1) if match[1] is None else timedelta(hours=int(match[1]), minutes=int(match[2]))


def _wall(day: date, clock: timedelta, zone: tzinfo, choose: Any) -> datetime:
    return _instant(datetime.combine(day, time()) + clock, zone, choose)


def _instant(local: datetime, zone: tzinfo, choose: Any) -> datetime:
    """Where clocks are set, a time is there twice or not at all: of both readings the one that makes the window longer."""
    return choose(local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))


def _moment(key: str, value: Any, zone: tzinfo, choose: Any = min) -> datetime:
    """ISO 8601, or what YAML made of it. Without an offset it is a wall clock; a date alone is the whole day."""
    try:
        if not isinstance(value, datetime):
            text = value.isoformat() if isinstance(value, date) else str(value).strip()
            if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
                return _wall(date.fromisoformat(text), timedelta(days=1 if choose is max else 0), zone, choose)
            value = datetime.fromisoformat(text)
        return value.astimezone(UTC) if value.tzinfo else _instant(value, zone, choose)
    except (ValueError, OverflowError) as error:
        raise WindowError(key, f"is {value!r}, no date and time", "Write it by ISO 8601, as 2026-12-20T18:00 or 2026-12-20.") from error


def _shown(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="minutes")

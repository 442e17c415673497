# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Off-hours: when something sleeps, and for how many hours of a month, exactly, also where clocks are changed."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from functools import lru_cache
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost import when
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import HOURS
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain

UTC = datetime.UTC
DAY = datetime.timedelta(days=1)
# A yearly moment lies at most a leap year back.
LOOK_BACK = 367
# Zones that people abbreviate, each with its summer time, as Cloud Custodian has them.
SHORT = {
    "pt": "America/Los_Angeles", "mt": "America/Denver", "ct": "America/Chicago", "et": "America/New_York", "bst": "Europe/London", "cet": "Europe/Paris",
    "gmt": "Etc/UTC", "utc": "Etc/UTC", "ist": "Asia/Kolkata", "jst": "Asia/Tokyo", "sgt": "Asia/Singapore", "aet": "Australia/Sydney",
}  # fmt: skip


@dataclass(frozen=True)
class Schedule:
    """`off` and `on` are moments by the clock of `zone`. What sleeps is asleep from one of `off` to the next of `on`."""

    off: tuple[when.When, ...]
    on: tuple[when.When, ...]
    zone: str
    text: str

    @cached_property
    def clock(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.zone)

    def _instant(self, local: datetime.datetime) -> datetime.datetime:
        """A time that clocks skip is when they go on; one that comes twice is the first of both, as cron does it."""
        instant = local.replace(tzinfo=self.clock).astimezone(UTC)
        if instant.astimezone(self.clock).replace(tzinfo=None) == local:
            return instant
        # In the gap the offset before it puts the time as far after the gap as it lies after its beginning.
        before = local.replace(tzinfo=self.clock, fold=0).utcoffset()
        after = local.replace(tzinfo=self.clock, fold=1).utcoffset()
        low, high = sorted(((local - before).replace(tzinfo=UTC), (local - after).replace(tzinfo=UTC)))
        while high - low > datetime.timedelta(seconds=1):
            middle = low + (high - low) / 2
            low, high = (middle, high) if middle.astimezone(self.clock).utcoffset() == low.astimezone(self.clock).utcoffset() else (low, middle)
        return high.replace(microsecond=0)

    def changes(self, begin: datetime.datetime, end: datetime.datetime) -> list[tuple[datetime.datetime, bool]]:
        """`[(instant in UTC, whether it falls asleep)]` within [begin, end), in order. Raises CostError where both are at once."""
        found: dict[datetime.datetime, tuple[datetime.datetime, bool]] = {}
        for local, asleep in self._local(begin.astimezone(self.clock).date() - DAY, end.astimezone(self.clock).date() + DAY):
            instant = self._instant(local)
            known = found.get(instant)
            if known and known[0] == local and known[1] != asleep:
                raise CostError(f"{self.text}: falls asleep and wakes at once on {local:%Y-%m-%d %H:%M}; move one of both")
            # A gap in the clock puts several of its times on one instant: the last one by the clock counts.
            if begin <= instant < end and (known is None or known[0] <= local):
                found[instant] = (local, asleep)
        return [(instant, found[instant][1]) for instant in sorted(found)]

    def _local(self, day: datetime.date, last: datetime.date) -> Iterator[tuple[datetime.datetime, bool]]:
        while day <= last:
            for rules, asleep in ((self.off, True), (self.on, False)):
                for rule in rules:
                    for local in rule.on(day):
                        yield local, asleep
            day += DAY

    def asleep(self, at: datetime.datetime) -> bool:
        """Whether it sleeps at an instant, which needs its zone. Awake where nothing was before."""
        _aware(at)
        for back in (8, LOOK_BACK):
            before = self.changes(at - DAY * back, at + datetime.timedelta(microseconds=1))
            if before:
                return before[-1][1]
        return False

    def next_change(self, at: datetime.datetime) -> tuple[datetime.datetime, bool] | None:
        """`(instant in UTC, whether it falls asleep)` of the next real change after `at`; None if there is none within a year."""
        now = self.asleep(at)
        for far in (8, LOOK_BACK):
            for instant, asleep in self.changes(at, at + DAY * far):
                if instant > at and asleep != now:
                    return instant, asleep
        return None

    def hours_off(self, begin: datetime.datetime, end: datetime.datetime) -> Decimal:
        """Hours asleep within [begin, end), by the seconds that really pass."""
        _aware(begin)
        seconds, since = 0, begin if self.asleep(begin) else None
        for instant, asleep in self.changes(begin, end):
            if asleep and since is None:
                since = instant
            elif not asleep and since is not None:
                seconds += _seconds(since, instant)
                since = None
        if since is not None:
            seconds += _seconds(since, end)
        return Decimal(seconds) / 3600

    def month(self, year: int, month: int) -> tuple[Decimal, Decimal]:
        """`(hours asleep, hours in all)` of a calendar month of the schedule's zone."""
        begin, end = self._midnight(year, month), self._midnight(year + month // 12, month % 12 + 1)
        return self.hours_off(begin, end), Decimal(_seconds(begin, end)) / 3600

    def share(self, year: int) -> Decimal:
        """Share of a year asleep, 0 to 1."""
        return _share(self, year)

    def _midnight(self, year: int, month: int) -> datetime.datetime:
        if not 1 <= month <= 12 or not 1970 < year < 9999:
            raise CostError(f"{year}-{month} is no month")
        return self._instant(datetime.datetime(year, month, 1))


# Hosts of an environment mostly share one schedule.
@lru_cache(maxsize=64)
def _share(schedule: Schedule, year: int) -> Decimal:
    begin, end = schedule._midnight(year, 1), schedule._midnight(year + 1, 1)
    return schedule.hours_off(begin, end) * 3600 / _seconds(begin, end)


def _seconds(begin: datetime.datetime, end: datetime.datetime) -> int:
    """Between two instants; Python counts two times of one zone by their clock."""
    return int((end.astimezone(UTC) - begin.astimezone(UTC)).total_seconds())


def _aware(at: datetime.datetime) -> None:
    if at.tzinfo is None:
        raise CostError(f"{at.isoformat()} has no time zone")


def _zone(text: str, where: str) -> str:
    name = SHORT.get(text.strip().lower(), text.strip())
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CostError(
            f"{where}: time zone {text!r} is not known here; give one of the IANA names, such as Europe/Berlin (they come with package tzdata)"
        ) from error
    return name


def parse(given: Any, where: str = "cost_off_hours") -> Schedule:
    """A schedule of `off=(M-F,19);on=(M-F,7);tz=Europe/Berlin`, of that as `{schedule}`, or of `{scale_down: cron, scale_up: cron, timezone}`.

    Times are UTC without a zone. Raises CostError that begins with `where`: what is not read, an unknown zone, one that never sleeps or never wakes.
    """
    if isinstance(given, Mapping) and set(given) == {"schedule"}:
        given, where = given["schedule"], f"{where}.schedule"
    if isinstance(given, Mapping):
        unknown = sorted(set(given) - {"scale_down", "scale_up", "timezone"})
        if unknown or not {"scale_down", "scale_up"} <= set(given):
            raise CostError(f"{where} has the keys {', '.join(sorted(map(str, given)))}; give scale_down and scale_up as cron, and timezone if not UTC")
        off, on = ((when.cron(given[key], f"{where}.{key}"),) for key in ("scale_down", "scale_up"))
        text = f"off={given['scale_down']};on={given['scale_up']};tz={given.get('timezone') or 'Etc/UTC'}"
        zone = _zone(given.get("timezone") or "Etc/UTC", f"{where}.timezone")
    elif isinstance(given, str):
        parts = {}
        for part in filter(str.strip, given.split(";")):
            name, _equals, value = part.partition("=")
            if name.strip().lower() in parts or name.strip().lower() not in ("off", "on", "tz"):
                raise CostError(f"{where}: {part.strip()!r} is none of off=, on= and tz=, or stands twice; write off=(M-F,19);on=(M-F,7);tz=Europe/Berlin")
            parts[name.strip().lower()] = value
        if not {"off", "on"} <= set(parts):
            raise CostError(f"{where}: {given!r} lacks off= or on=; write off=(M-F,19);on=(M-F,7);tz=Europe/Berlin")
        off, on = (when.pairs(parts[key], f"{where}.{key}") for key in ("off", "on"))
        text, zone = given.strip(), _zone(parts.get("tz") or "Etc/UTC", f"{where}.tz")
    else:
        raise CostError(f"{where} is {given!r}; give text such as off=(M-F,19);on=(M-F,7);tz=Europe/Berlin, or a map with scale_down and scale_up")
    found = Schedule(tuple(off), tuple(on), zone, text)
    begin = datetime.datetime(2024, 1, 1, tzinfo=UTC)
    try:
        kinds = {asleep for _instant, asleep in found.changes(begin, begin + DAY * LOOK_BACK)}
    except CostError as error:
        raise CostError(f"{where}: {error}") from error
    if kinds != {True, False}:
        raise CostError(f"{where}: {text} never {'wakes' if kinds == {True} else 'falls asleep'}; give both moments on days that exist")
    return found


def describe(schedule: Schedule, year: int, month: int) -> dict[str, Any]:
    """Plain data: `{text, zone, month, hours_off, hours, share_percent, hours_off_average}`; decimals as text, the average out of a month of 730 hours."""
    off, total = schedule.month(year, month)
    share = schedule.share(year)
    return {
        "text": schedule.text,
        "zone": schedule.zone,
        "month": f"{year:04d}-{month:02d}",
        "hours_off": plain(off),
        "hours": plain(total),
        "share_percent": plain((share * 100).quantize(Decimal("0.01"))),
        "hours_off_average": plain((share * HOURS).quantize(Decimal("0.01"))),
    }

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Moments that come again, read from cron's five fields or from a pair such as (M-F,19)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError

# Something goes to sleep and wakes; a field left as * by mistake would stop it every minute.
MOST_A_DAY = 24
MONTHS = {name: number for number, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)}
WEEKDAYS = {name: number for number, name in enumerate(["sun", "mon", "tue", "wed", "thu", "fri", "sat"])}
# Cloud Custodian's letters, https://cloudcustodian.io/docs/quickstart/offhours.html: H is Thursday, U is Sunday. Numbers as cron has them.
LETTERS = {"M": 1, "T": 2, "W": 3, "H": 4, "F": 5, "S": 6, "U": 0}
FIELDS = (("minute", 0, 59, {}), ("hour", 0, 23, {}), ("day of month", 1, 31, {}), ("month", 1, 12, MONTHS), ("day of week", 0, 7, WEEKDAYS))
PAIR = re.compile(r"\(\s*([MTWHFSU])\s*(?:-\s*([MTWHFSU])\s*)?,\s*([0-9]{1,2})(?::([0-9]{2}))?\s*\)")


@dataclass(frozen=True)
class When:
    """Wall clock times of the days that fit. `weekdays` count from Sunday = 0; `either`: day of month or weekday, as cron takes two that are both given."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either: bool = False

    def on(self, day: datetime.date) -> Iterator[datetime.datetime]:
        """The naive local times of one day, in order."""
        if day.month not in self.months:
            return
        of_month, of_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        if not (of_month or of_week if self.either else of_month and of_week):
            return
        for hour in sorted(self.hours):
            for minute in sorted(self.minutes):
                yield datetime.datetime.combine(day, datetime.time(hour, minute))


def _field(text: str, name: str, least: int, most: int, names: dict[str, int], where: str) -> frozenset[int]:
    def number(word: str) -> int:
        value = names.get(word.lower(), int(word) if word.isascii() and word.isdigit() else -1)
        if not least <= value <= most:
            raise CostError(f"{where}: {name} {word!r} is not between {least} and {most}")
        return value

    found: set[int] = set()
    for part in text.split(","):
        span, _slash, step = part.partition("/")
        if _slash and not (step.isascii() and step.isdigit() and int(step)):
            raise CostError(f"{where}: {name} {part!r} has no step after its slash; write it as */2")
        if span == "*":
            low, high = least, most
        else:
            first, dash, last = span.partition("-")
            low = number(first)
            high = number(last) if dash else most if _slash else low
        if low > high:
            raise CostError(f"{where}: {name} {part!r} ends before it begins; write two ranges with a comma")
        found.update(range(low, high + 1, int(step or 1)))
    return frozenset(found)


def cron(text: str, where: str) -> When:
    """Minute, hour, day of month, month, day of week, as crontab(5) has them, with English names. Raises CostError that begins with `where`."""
    words = str(text).split()
    if len(words) != len(FIELDS):
        raise CostError(f"{where}: {text!r} has {len(words)} fields; give five: minute, hour, day of month, month, day of week")
    minutes, hours, days, months, weekdays = (_field(word, *field, where) for word, field in zip(words, FIELDS, strict=True))
    if len(minutes) * len(hours) > MOST_A_DAY:
        raise CostError(f"{where}: {text!r} comes {len(minutes) * len(hours)} times a day; give the hours at which it shall happen, such as 0 19 * * 1-5")
    weekdays = frozenset(day % 7 for day in weekdays)
    return When(minutes, hours, days, months, weekdays, either=not words[2].startswith("*") and not words[4].startswith("*"))


def pairs(text: str, where: str) -> tuple[When, ...]:
    """`(M-F,19)`, or several in brackets: days by letter (H Thursday, U Sunday; a range may pass the weekend), hour 0 to 23, also with minutes 19:30."""
    inner = text.strip()
    inner = inner[1:-1] if inner.startswith("[") and inner.endswith("]") else inner
    found = []
    for match in PAIR.finditer(inner):
        first, last, hour, minute = LETTERS[match[1]], LETTERS[match[2] or match[1]], int(match[3]), int(match[4] or 0)
        if hour > 23 or minute > 59:
            raise CostError(f"{where}: {match[0]} has no hour between 0 and 23 with minutes below 60")
        # The days from the first one on, around the end of the week.
        weekdays = frozenset((first + step) % 7 for step in range((last - first) % 7 + 1))
        found.append(When(frozenset([minute]), frozenset([hour]), frozenset(range(1, 32)), frozenset(range(1, 13)), weekdays))
    if not found or re.sub(r"[\s,]", "", PAIR.sub("", inner)):
        raise CostError(f"{where}: {text!r} is not read; write it as (M-F,19), or [(M-H,20),(F,17)], with the days M T W H F S U")
    return tuple(found)

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Months as AWS bills them: by days of UTC, the end exclusive."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError

# "refreshes your cost data at least once every 24 hours": https://docs.aws.amazon.com/cost-management/latest/userguide/ce-what-is.html
SETTLING = datetime.timedelta(hours=24)
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """From `start` to before `end`."""

    start: datetime.date
    end: datetime.date

    @property
    def whole(self) -> bool:
        """Whether it is one month or several."""
        return self.start.day == 1 and self.end.day == 1

    def data(self) -> dict[str, str]:
        """As Cost Explorer takes it."""
        return {"Start": self.start.isoformat(), "End": self.end.isoformat()}


def moment(text: str, what: str = "as_of") -> datetime.datetime:
    """An ISO 8601 time in UTC; a day alone is its first moment in UTC. Raises CostError: no time, or one without zone, which is another day elsewhere."""
    try:
        found = datetime.datetime.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise CostError(f"{what} is {text!r}; give a time such as 2026-11-21T14:00:00Z") from error
    if len(text) == len("2026-11-21"):
        return found.replace(tzinfo=datetime.UTC)
    if found.tzinfo is None:
        raise CostError(f"{what} is {text!r} and says no time zone; at a month's end that decides the month: add Z or an offset such as +02:00")
    return found.astimezone(datetime.UTC)


def day(text: str, what: str) -> datetime.date:
    """Raises CostError."""
    try:
        return datetime.date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise CostError(f"{what} is {text!r}; give a day such as 2026-11-01") from error


def last_month(at: datetime.datetime) -> Period:
    """The last month that is over in UTC, whatever the zone of `at`."""
    end = at.astimezone(datetime.UTC).date().replace(day=1)
    return Period((end - DAY).replace(day=1), end)


def period(start: str | None, end: str | None, at: datetime.datetime) -> Period:
    """What is declared, by default the last whole month. Raises CostError for half a declaration, an empty period and one in the future."""
    if not start and not end:
        return last_month(at)
    if not start or not end:
        raise CostError(f"start is {start!r} and end is {end!r}; give both or none")
    found = Period(day(start, "start"), day(end, "end"))
    if found.start >= found.end:
        raise CostError(f"start is {start} and end, which is exclusive, is {end}; the period is empty")
    if found.start > at.astimezone(datetime.UTC).date():
        raise CostError(f"start is {start}, and in UTC it is {at.astimezone(datetime.UTC).date()}; nothing has been billed of that period")
    return found


def unfinished(found: Period, at: datetime.datetime) -> list[tuple[str, str]]:
    """`(name, message)` of why the period cannot stand beside an estimate for a month; empty where it can."""
    now = at.astimezone(datetime.UTC)
    over = datetime.datetime.combine(found.end, datetime.time(), datetime.UTC)
    shown = f"{found.start} to {found.end} (exclusive, UTC)"
    if not found.whole:
        return [("partial_month", f"{shown} is not a whole month, {(found.end - found.start).days} days; an estimate for a month cannot be compared with it")]
    if now < over:
        return [("partial_month", f"{shown} is not over: it is {now:%Y-%m-%d %H:%M} in UTC; ask for a month that has ended")]
    if now - over < SETTLING:
        return [
            ("settling", f"{shown} ended less than a day ago and Cost Explorer is up to a day behind; ask again after {over + SETTLING:%Y-%m-%d %H:%M} UTC")
        ]
    return []

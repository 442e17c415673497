# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Days of UTC at a month's end, and whole months."""

from __future__ import annotations

import datetime

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.period import last_month
from ansible_collections.llmops.platform.plugins.module_utils._cost.period import moment
from ansible_collections.llmops.platform.plugins.module_utils._cost.period import period
from ansible_collections.llmops.platform.plugins.module_utils._cost.period import unfinished


@pytest.mark.parametrize(
    ("clock", "month"),
    [
        # One moment apart, in UTC: the month is over or it is not.
        ("2026-10-31T23:59:59Z", "2026-09-01"),
        ("2026-11-01T00:00:00Z", "2026-10-01"),
        # Still October here, November in UTC; and the other way round.
        ("2026-10-31T20:30:00-05:00", "2026-10-01"),
        ("2026-11-01T00:30:00+02:00", "2026-09-01"),
        ("2026-01-01T12:00:00Z", "2025-12-01"),
        ("2028-03-01", "2028-02-01"),
    ],
)
def test_the_last_month_is_that_of_utc(clock, month):
    assert last_month(moment(clock)).start.isoformat() == month


def test_a_month_of_february_ends_where_march_begins():
    assert last_month(moment("2028-03-05")).data() == {"Start": "2028-02-01", "End": "2028-03-01"}


@pytest.mark.parametrize(
    ("start", "end", "clock", "names"),
    [
        ("2026-10-01", "2026-11-01", "2026-11-05T00:00:00Z", []),
        ("2026-08-01", "2026-11-01", "2026-11-05T00:00:00Z", []),
        ("2026-10-01", "2026-11-01", "2026-11-01T23:59:00Z", ["settling"]),
        ("2026-10-01", "2026-11-01", "2026-11-02T00:00:00Z", []),
        # In this zone it is the second already, in UTC not.
        ("2026-10-01", "2026-11-01", "2026-11-02T01:30:00+02:00", ["settling"]),
        ("2026-11-01", "2026-12-01", "2026-11-21T00:00:00Z", ["partial_month"]),
        ("2026-10-01", "2026-10-31", "2026-11-21T00:00:00Z", ["partial_month"]),
        ("2026-10-02", "2026-11-01", "2026-11-21T00:00:00Z", ["partial_month"]),
    ],
)
def test_what_is_no_month_says_so(start, end, clock, names):
    at = moment(clock)
    assert [name for name, _message in unfinished(period(start, end, at), at)] == names


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2026-10-01", None, "give both or none"),
        ("2026-10-01", "2026-10-01", "the period is empty"),
        ("2026-11-22", "2026-12-01", "in UTC it is 2026-11-21"),
        ("2026-10-32", "2026-11-01", "start is '2026-10-32'; give a day"),
    ],
)
def test_wrong_periods_are_refused(start, end, said):
    with pytest.raises(CostError, match=said):
        period(start, end, moment("2026-11-21T23:00:00Z"))


@pytest.mark.parametrize(("text", "said"), [("2026-11-01T00:30:00", "says no time zone"), ("today", "give a time such as")])
def test_a_clock_without_zone_is_refused(text, said):
    with pytest.raises(CostError, match=said):
        moment(text)


def test_a_moment_is_one_whatever_the_zone():
    assert moment("2026-11-01T02:00:00+02:00") == datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)

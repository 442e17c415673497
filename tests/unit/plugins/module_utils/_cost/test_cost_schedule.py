# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Off-hours, counted by hand and across changes of clocks."""

from __future__ import annotations

import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.schedule import describe
from ansible_collections.llmops.platform.plugins.module_utils._cost.schedule import parse

OFFICE = "off=(M-F,19);on=(M-F,7);tz="
CRON = {"scale_down": "0 20 * * 1-5", "scale_up": "0 6 * * 1-5", "timezone": "Etc/UTC"}


@pytest.mark.parametrize(
    ("given", "year", "month", "off", "total"),
    [
        # February 2026 begins on a Sunday and has 20 working days of 12 hours awake.
        (OFFICE + "Etc/UTC", 2026, 2, 672 - 20 * 12, 672),
        # June 2026: 22 working days.
        (OFFICE + "Etc/UTC", 2026, 6, 720 - 22 * 12, 720),
        # March 2026 in Berlin has 743 hours: the missing one is on a Sunday, asleep.
        (OFFICE + "Europe/Berlin", 2026, 3, 743 - 22 * 12, 743),
        # October 2026 in Berlin has 745 hours, 22 working days.
        (OFFICE + "Europe/Berlin", 2026, 10, 745 - 22 * 12, 745),
        (CRON, 2026, 6, 720 - 22 * 14, 720),
        ({"schedule": OFFICE + "Etc/UTC"}, 2026, 6, 720 - 22 * 12, 720),
        # Awake through the night of the change: off from 8 to 20 each day, so that the hour is missing awake.
        ("off=(M-U,8);on=(M-U,20);tz=Europe/Berlin", 2026, 3, 31 * 12, 743),
        # Asleep through each night, the change included.
        ("off=(M-U,20);on=(M-U,8);tz=Europe/Berlin", 2026, 3, 31 * 12 - 1, 743),
        ("off=(M-U,20);on=(M-U,8);tz=Europe/Berlin", 2026, 10, 31 * 12 + 1, 745),
        # Minutes, several pairs.
        ("off=[(M-H,19:30),(F,17)];on=(M-F,7)", 2026, 2, 672 - 16 * Decimal("12.5") - 4 * 10, 672),
        # Leap year.
        (OFFICE + "utc", 2024, 2, 696 - 21 * 12, 696),
    ],
)
def test_hours_of_a_month(given, year, month, off, total):
    assert parse(given).month(year, month) == (off, total)


def test_months_add_up_to_the_year():
    for zone in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Etc/UTC"):
        schedule = parse(OFFICE + zone)
        months = [schedule.month(2026, month) for month in range(1, 13)]
        assert sum(total for _off, total in months) == 8760
        assert schedule.share(2026) == sum(off for off, _total in months) / 8760


@pytest.mark.parametrize(
    ("text", "asleep"),
    [
        ("2026-06-05T18:59:59+02:00", False),
        ("2026-06-05T19:00:00+02:00", True),
        ("2026-06-07T12:00:00+02:00", True),
        ("2026-06-08T06:59:59+02:00", True),
        ("2026-06-08T07:00:00+02:00", False),
        ("2026-06-08T05:00:00+00:00", False),
    ],
)
def test_asleep_over_the_weekend(text, asleep):
    assert parse(OFFICE + "Europe/Berlin").asleep(datetime.datetime.fromisoformat(text)) is asleep


def test_a_time_that_clocks_skip_is_when_they_go_on_and_one_that_comes_twice_is_the_first():
    schedule = parse("off=(M-U,2:30);on=(M-U,5);tz=Europe/Berlin")
    berlin = ZoneInfo("Europe/Berlin")
    spring = schedule.next_change(datetime.datetime(2026, 3, 29, 0, 30, tzinfo=berlin))
    assert spring == (datetime.datetime(2026, 3, 29, 1, 0, tzinfo=datetime.UTC), True)
    autumn = schedule.next_change(datetime.datetime(2026, 10, 25, 0, 30, tzinfo=berlin))
    assert autumn == (datetime.datetime(2026, 10, 25, 0, 30, tzinfo=datetime.UTC), True)


def test_both_moments_in_the_skipped_hour_end_awake():
    schedule = parse("off=(M-U,2:15);on=(M-U,2:45);tz=Europe/Berlin")
    assert schedule.changes(
        datetime.datetime(2026, 3, 29, tzinfo=datetime.UTC), datetime.datetime(2026, 3, 30, tzinfo=datetime.UTC)
    ) == [(datetime.datetime(2026, 3, 29, 1, 0, tzinfo=datetime.UTC), False)]  # fmt: skip


def test_next_change_skips_what_changes_nothing():
    schedule = parse({"scale_down": "0 19,20,21 * * *", "scale_up": "0 7 * * *"})
    at = datetime.datetime(2026, 6, 1, 19, 30, tzinfo=datetime.UTC)
    assert schedule.asleep(at)
    assert schedule.next_change(at) == (datetime.datetime(2026, 6, 2, 7, tzinfo=datetime.UTC), False)


def test_yearly_moments_are_found_a_year_back():
    schedule = parse({"scale_down": "0 0 1 aug *", "scale_up": "0 0 1 sep *"})
    assert not schedule.asleep(datetime.datetime(2026, 7, 31, tzinfo=datetime.UTC))
    assert schedule.asleep(datetime.datetime(2026, 8, 20, tzinfo=datetime.UTC))
    assert [schedule.month(2026, month)[0] for month in (7, 8, 9)] == [0, 744, 0]


def test_cron_takes_either_of_two_given_days():
    # The first of the month or a Sunday, as crontab(5) says.
    schedule = parse({"scale_down": "0 1 1 * sun", "scale_up": "0 2 * * *"})
    assert schedule.month(2026, 6)[0] == 5
    assert parse({"scale_down": "0 1 * * 7", "scale_up": "0 2 * * *"}).month(2026, 6)[0] == 4


def test_a_range_of_letters_passes_the_weekend():
    # June 2026 begins on a Monday: 17 nights, and the end of Sunday's.
    assert parse("off=(F-M,19);on=(M-U,7)").month(2026, 6)[0] == 17 * 12 + 7


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("off=(M-F,19)", "lacks off= or on="),
        ("off=(M-F,24);on=(M-F,7)", "hour between 0 and 23"),
        ("off=(X-F,19);on=(M-F,7)", "is not read"),
        ("off=(M-F,19) or so;on=(M-F,7)", "is not read"),
        ("off=(M-F,19);on=(M-F,7);off=(M,3)", "stands twice"),
        ("off=(M-F,19);on=(M-F,7);tz=Europe/Atlantis", "time zone 'Europe/Atlantis' is not known"),
        ("off=(M-F,7);on=(M-F,7)", "falls asleep and wakes at once"),
        ({"scale_down": "0 19 * * 1-5"}, "give scale_down and scale_up"),
        ({"scale_down": "0 19 * *", "scale_up": "0 7 * * *"}, "has 4 fields"),
        ({"scale_down": "* * * * *", "scale_up": "0 7 * * *"}, "comes 1440 times a day"),
        ({"scale_down": "61 1 * * *", "scale_up": "0 7 * * *"}, "minute '61' is not between 0 and 59"),
        ({"scale_down": "0 19 * * 5-1", "scale_up": "0 7 * * *"}, "ends before it begins"),
        ({"scale_down": "0 */x * * *", "scale_up": "0 7 * * *"}, "no step"),
        ({"scale_down": "0 19 30 2 *", "scale_up": "0 7 * * *"}, "never falls asleep"),
        ({"scale_down": "0 19 * * *", "scale_up": "0 7 31 6 *"}, "never wakes"),
        (None, "give text such as"),
    ],
)
def test_what_is_not_read_is_refused(given, words):
    with pytest.raises(CostError, match="cost_off_hours") as caught:
        parse(given)
    assert words in str(caught.value)


def test_naive_times_are_refused():
    with pytest.raises(CostError, match="no time zone"):
        parse(CRON).asleep(datetime.datetime(2026, 1, 1))


def test_described_for_people():
    found = describe(parse(OFFICE + "Etc/UTC"), 2026, 2)
    # 2026 has 261 working days: 8760 - 261 * 12 = 5628 hours asleep.
    assert found == {
        "text": "off=(M-F,19);on=(M-F,7);tz=Etc/UTC", "zone": "Etc/UTC", "month": "2026-02", "hours_off": "432", "hours": "672",
        "share_percent": "64.25", "hours_off_average": "469",
    }  # fmt: skip

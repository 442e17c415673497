# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Formats of single values: what is accepted, and what is said to do otherwise."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._inventory.formats import FORMATS

GOOD = [
    ("cidr", "10.0.0.0/16"),
    ("cidr", "2001:db8::/32"),
    ("cron", "0 5 * * 0"),
    ("cron", "*/15 0-6,20 1 */3 MON-FRI"),
    ("cron", "0 20 * * 1-5"),
    ("cron", "0 8 7 1,4,7,10 *"),
    ("cron", "0 0 29 2 *"),
    ("cron", "0 0 31 2 sun"),
    ("cron", "5/20 * ? jan 7"),
    ("cron", "@daily"),
    ("duration", "720h"),
    ("duration", "1h30m"),
    ("duration", "0.5s"),
    ("version", "1.36"),
    ("version", "v1.2.3-rc.1"),
    ("hostname", "api.example.com"),
    ("hostname", "*.example.com"),
    ("email", "team@example.com"),
    ("port", 65535),
    ("percent", 99.9),
    ("usd", "10000.00"),
]
BAD = [
    ("cidr", "10.0.0.0", "add the prefix length"),
    ("cidr", "10.0.0.1/16", "written 10.0.0.0/16"),
    ("cidr", "10.0.0.0/33", "write a range"),
    ("cidr", "office", "write a range"),
    ("cron", "0 5 * *", "there are 4"),
    ("cron", "60 5 * * 0", "correct the minute '60'"),
    ("cron", "0 25 * * *", "correct the hour '25'"),
    ("cron", "0 5 0 * *", "correct the day of month '0'"),
    ("cron", "0 5 * foo *", "correct the month 'foo'"),
    ("cron", "0 5 * * 5-1", "correct the day of week '5-1'"),
    ("cron", "*/0 5 * * *", "correct the minute"),
    ("cron", "1,,2 5 * * *", "correct the minute"),
    ("cron", "0 0 31 4 *", "no such day"),
    ("cron", "@often", "there are 1"),
    ("cron", "$(reboot) * * * *", "correct the minute"),
    ("duration", "30", "with its unit"),
    ("duration", "5 min", "with its unit"),
    ("version", "latest", "write a version"),
    ("version", "1.2.3 ", "write a version"),
    ("hostname", "https://example.com", "write a host name"),
    ("hostname", "a..b", "write a host name"),
    ("email", "team", "write an address"),
    ("port", 0, "from 1 to 65535"),
    ("port", "http", "from 1 to 65535"),
    ("percent", 100.5, "from 0 to 100"),
    ("usd", "1.234,00", "write an amount"),
]


@pytest.mark.parametrize(("kind", "value"), GOOD)
def test_good(kind, value):
    assert FORMATS[kind](value) is None


@pytest.mark.parametrize(("kind", "value", "remedy"), BAD)
def test_bad(kind, value, remedy):
    assert remedy in (FORMATS[kind](value) or "nothing")


def test_each_format_is_tested_both_ways():
    assert {kind for kind, _value in GOOD} == {kind for kind, _value, _remedy in BAD} == set(FORMATS)

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from tests.support.findings import MOST
from tests.support.findings import findings
from tests.support.findings import plain

PAINTED = """collected 2 items
\x1b[1m\x1b[31mE       assert 1 == 2\x1b[0m
\x1b[31mFAILED\x1b[0m molecule/cost/tests/test_cost_report.py::test_one - assert 1 == 2
fatal: [localhost]: FAILED! => {"msg": "no route"}
\x1b[32mcost\x1b[0m: Executed: Failed
"""


def test_what_failed_is_found_under_its_colours_and_the_test_named_last():
    assert findings(plain(PAINTED)) == [
        "E       assert 1 == 2",
        'fatal: [localhost]: FAILED! => {"msg": "no route"}',
        "FAILED molecule/cost/tests/test_cost_report.py::test_one - assert 1 == 2",
    ]


def test_an_output_without_a_finding_has_none():
    assert findings(plain("all good\nEverything passed\n")) == []


def test_many_lines_leave_room_for_the_names():
    lines = [*(f"E   {number}" for number in range(1000)), "FAILED a::b"]
    assert findings(lines) == [*lines[:MOST], "FAILED a::b"]

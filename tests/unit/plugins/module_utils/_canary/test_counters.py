# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counters to increments and slices."""

from __future__ import annotations

import math

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._canary import counters

# What was read before, samples, counts of requests, counts of events, unusable samples.
INCREMENTS = {
    "the first sample only starts": ({}, [(15, 100)], [(15, 3)], 0, 0, 0),
    "plain": ({"requests": [0, 10], "events": [0, 1]}, [(15, 30)], [(15, 4)], 20, 3, 0),
    "reset": ({"requests": [0, 1000], "events": [0, 50]}, [(15, 30)], [(15, 2)], 30, 2, 0),
    "reset between samples": ({"requests": [0, 10], "events": [0, 1]}, [(15, 30), (30, 5), (45, 9)], [(15, 2), (30, 0), (45, 1)], 29, 2, 0),
    "old samples again": ({"requests": [30, 10], "events": [30, 1]}, [(15, 5), (30, 10)], [(15, 0), (30, 1)], 0, 0, 0),
    "out of order": ({"requests": [0, 0], "events": [0, 0]}, [(30, 20), (15, 10)], [(30, 2), (15, 1)], 20, 2, 0),
    "NaN and infinite": ({"requests": [0, 0], "events": [0, 0]}, [(15, math.nan), (30, 8)], [(15, math.inf), (30, 1)], 8, 1, 2),
    "events appear later": ({"requests": [0, 10]}, [(15, 30)], [(15, 4)], 20, 4, 0),
    "no events at all": ({"requests": [0, 10]}, [(15, 30)], [], 20, 0, 0),
}


@pytest.mark.parametrize("case", INCREMENTS)
def test_increments(case):
    last, requests, events, served, had, wrong = INCREMENTS[case]
    increments, bad = counters.pod_increments({key: list(value) for key, value in last.items()}, {"requests": requests, "events": events})
    sums = {key: sum(count for _time, name, count in increments if name == key) for key in ("requests", "events")}
    assert (sums, bad) == ({"requests": served, "events": had}, wrong)


def arms(time: float, canary: float | None, stable: float | None) -> dict:
    found: dict = {"canary": {}, "baseline": {}}
    for arm, value in (("canary", canary), ("baseline", stable)):
        if value is not None:
            found[arm]["p"] = {"requests": [(time, value)], "events": [(time, 0)]}
    return found


def served(closed: list) -> list:
    return [tuple(one[arm].get("p", {}).get("requests") for arm in ("canary", "baseline")) for one in closed]


def closed_by(steps: list, warm_up: float = 0) -> list:
    state, closed = counters.initial(), []
    for time, canary, stable in steps:
        closed += counters.slices(state, arms(time, canary, stable), 15, warm_up, 60)[0]
    return served(closed)


def test_a_gap_of_one_arm_is_waited_for_in_both():
    steps = [(0, 0, 0), (15, 10, 100), (30, None, 200), (45, None, 300), (60, 40, 400)]
    assert closed_by(steps) == [(0, 0), (10, 100), (30, 300)]


def test_a_pod_that_is_gone_is_not_waited_for_for_ever():
    steps = [(0, 0, 0), (15, 10, 100), *((15 * n, None, 100 * n) for n in range(2, 12)), (180, 1000, 1200), (195, 1010, 1300)]
    closed = closed_by(steps)
    assert sum(stable for _canary, stable in closed if stable) == 1300
    # What it counted while it was away has nothing to be compared with.
    assert [canary for canary, _stable in closed if canary] == [10, 10]


def test_warm_up_leaves_out_both_arms():
    steps = [(15 * n, 10 * n, 100 * n) for n in range(5)]
    assert [one for one in closed_by(steps, 30) if one != (None, None)] == [(10, 100), (10, 100)]

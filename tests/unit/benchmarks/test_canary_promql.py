# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rates and quantiles as Prometheus computes them: samples and expected values are those of Prometheus's own functions.test and histograms.test."""

from __future__ import annotations

import math

import pytest

from tests.benchmarks.canary.promql import histogram_quantile
from tests.benchmarks.canary.promql import increase
from tests.benchmarks.canary.promql import rate

MINUTE = 60.0


def samples(values, every=5 * MINUTE):
    return [every * number for number in range(len(values))], values


def rising(start, step, times=10):
    return [start + step * number for number in range(times + 1)]


@pytest.mark.parametrize(
    ("values", "window", "expected"),
    [
        (rising(0, 10), 50, 100),
        (rising(0, 18, 5) + rising(0, 18, 5)[:-1], 50, 160),
        (rising(10, 10), 50, 100),
        (rising(0, 10), 100, 100),
        (rising(0, 18, 5) + rising(0, 18, 5)[:-1], 100, 162),
        (rising(10, 10), 100, 105),
        # It would have been zero half a minute before its first sample, and not earlier.
        (rising(1, 10), 100, 101),
    ],
)
def test_increase_at_50_minutes(values, window, expected):
    # The range is open at its left end: a window of 50 minutes has lost the first of eleven samples.
    assert increase(samples(values), 50 * MINUTE, window * MINUTE) == pytest.approx(expected)


def test_increase_of_a_counter_that_was_reset_counts_from_zero():
    assert increase(samples([0, 1, 2, 3, 2, 3, 4]), 30 * MINUTE, 30 * MINUTE) == pytest.approx(7)


@pytest.mark.parametrize(
    ("values", "window", "expected"),
    [
        (rising(0, 27, 4) + rising(0, 27, 5), 50, 0.08),
        (rising(0, 80), 50, 0.26666666666666666),
        (rising(0, 10, 9) + [0, 10], 6, 0.0),
    ],
)
def test_rate_at_50_minutes(values, window, expected):
    assert rate(samples(values), 50 * MINUTE, window * MINUTE) == pytest.approx(expected)


@pytest.mark.parametrize(("start", "expected"), [(0, 0.5), (60, 0.55), (120, 0.6), (180, 0.6), (300, 0.6)])
def test_rate_goes_back_to_zero_but_half_an_interval_at_most(start, expected):
    counter = samples(rising(start, 240), every=4 * MINUTE)
    assert rate(counter, 10 * MINUTE, 20 * MINUTE) == pytest.approx(expected)
    assert rate(counter, 50 * MINUTE, 20 * MINUTE) == pytest.approx(0.6)


def test_one_sample_is_no_rate():
    assert rate(samples(rising(0, 10, 9) + [0, 10]), 50 * MINUTE, 5 * MINUTE) is None


POSITIVE = [(0.1, 50), (0.2, 70), (1.0, 110), (math.inf, 120)]
NEGATIVE = [(-0.2, 10), (-0.1, 20), (0.3, 20), (math.inf, 30)]
MIDDLES = [(0.0, 0), (2.0, 1), (4.0, 2), (6.0, 3), (math.inf, 3)]
SUMMED = [(0.1, 100), (0.2, 190), (math.inf, 250)]


@pytest.mark.parametrize(
    ("quantile", "buckets", "expected"),
    [
        (0, POSITIVE, 0),
        (1, POSITIVE, 1),
        (0.2, POSITIVE, 0.048),
        (0.5, POSITIVE, 0.15),
        (0.8, POSITIVE, 0.72),
        (0, NEGATIVE, -0.2),
        (1, NEGATIVE, 0.3),
        (0.5, NEGATIVE, -0.15),
        (0.8, NEGATIVE, 0.3),
        (1 / 6, MIDDLES, 1),
        (0.5, MIDDLES, 3),
        (5 / 6, MIDDLES, 5),
        (0.3, SUMMED, 0.075),
        (0.5, SUMMED, 0.1277777777777778),
    ],
)
def test_histogram_quantile(quantile, buckets, expected):
    assert histogram_quantile(quantile, buckets) == pytest.approx(expected)


@pytest.mark.parametrize("buckets", [[(0.1, 0.0), (math.inf, 0.0)], [(math.inf, 5.0)], [(0.1, 1.0), (0.2, 2.0)], []])
def test_quantile_of_nothing_is_no_number(buckets):
    assert math.isnan(histogram_quantile(0.99, buckets))

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prometheus's rate(), increase() and histogram_quantile(), modelled: a server would take seconds for what is asked a million times here.

Counters only, float samples, ranges open at their left end as since Prometheus 3.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence

Samples = tuple[Sequence[float], Sequence[float]]


def rate(samples: Samples, end: float, window: float) -> float | None:
    """Of one series, at this time over this window; None with fewer than two samples in it."""
    found = increase(samples, end, window)
    return None if found is None else found / window


def increase(samples: Samples, end: float, window: float) -> float | None:
    times, values = samples
    first, last = bisect_right(times, end - window), bisect_right(times, end) - 1
    if last - first < 1:
        return None
    growth = values[last] - values[first]
    previous = values[first]
    for value in values[first + 1 : last + 1]:
        if value < previous:
            growth += previous
        previous = value
    return growth * _extrapolation(times[first], times[last], last - first, values[first], growth, end - window, end)


def _extrapolation(first: float, last: float, gaps: int, value: float, growth: float, start: float, end: float) -> float:
    """By how much the growth between two samples is stretched to the window."""
    covered = last - first
    between = covered / gaps
    before, after = first - start, end - last
    if before >= between * 1.1:
        before = between / 2.0
    # A counter cannot have been below zero.
    if growth > 0.0 and value >= 0.0:
        before = min(before, covered * (value / growth))
    if after >= between * 1.1:
        after = between / 2.0
    return (covered + before + after) / covered


def histogram_quantile(quantile: float, buckets: Sequence[tuple[float, float]]) -> float:
    """`buckets`: upper bound and cumulative count, the last one infinite; NaN without observations."""
    if len(buckets) < 2 or not math.isinf(buckets[-1][0]):
        return math.nan
    bounds = [bound for bound, _count in buckets]
    counts: list[float] = []
    for _bound, count in buckets:
        # Extrapolation may have put a bucket below the one before it.
        counts.append(max(count, counts[-1]) if counts else count)
    if counts[-1] == 0.0 or math.isnan(counts[-1]):
        return math.nan
    rank = quantile * counts[-1]
    chosen = next(number for number, count in enumerate(counts) if count >= rank)
    if chosen == len(counts) - 1:
        return bounds[-2]
    if chosen == 0 and bounds[0] <= 0.0:
        return bounds[0]
    low, below = (bounds[chosen - 1], counts[chosen - 1]) if chosen else (0.0, 0.0)
    return low + (bounds[chosen] - low) * ((rank - below) / (counts[chosen] - below))

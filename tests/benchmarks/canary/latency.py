# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long requests take: mixtures of log-normal distributions, as shares of a classic histogram's buckets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from statistics import NormalDist

# Upper bounds of Istio's istio_request_duration_milliseconds; the ones above a minute stay empty here.
BOUNDS = (0.5, 1.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1000.0, 2500.0, 5000.0, 10000.0, 30000.0, 60000.0, math.inf)
# Milliseconds, and deviation of the logarithm: a 99th percentile of 408 ms.
MEDIAN, SIGMA = 80.0, 0.7
# A part of a mixture: its share, its median in milliseconds, its deviation.
Part = tuple[float, float, float]
_below = NormalDist().cdf


def usual(scale: float = 1.0, sigma: float = SIGMA) -> tuple[Part, ...]:
    return ((1.0, MEDIAN * scale, sigma),)


def with_tail(share: float, seconds: float) -> tuple[Part, ...]:
    """Some requests wait this long in addition."""
    return ((1.0 - share, MEDIAN, SIGMA), (share, MEDIAN + 1000.0 * seconds, SIGMA * MEDIAN / (MEDIAN + 1000.0 * seconds)))


def with_slow_keys(share: float, factor: float) -> tuple[Part, ...]:
    return ((1.0 - share, MEDIAN, SIGMA), (share, MEDIAN * factor, SIGMA))


def above(parts: Sequence[Part], bound: float) -> float:
    """Share of requests that take longer."""
    return sum(share * (1.0 - _below((math.log(bound) - math.log(median)) / sigma)) for share, median, sigma in parts)


def shares(parts: Sequence[Part], scale: float = 1.0) -> tuple[tuple[int, float], ...]:
    """Number of each bucket that is not practically empty, and its share; the scale is rounded to a half per cent."""
    return _shares(tuple(parts), round(200.0 * scale) / 200.0)


@lru_cache(maxsize=4096)
def _shares(parts: tuple[Part, ...], scale: float) -> tuple[tuple[int, float], ...]:
    scaled = [(share, median * scale, sigma) for share, median, sigma in parts]
    over = [1.0, *(above(scaled, bound) for bound in BOUNDS[:-1]), 0.0]
    return tuple((number, high - low) for number, (high, low) in enumerate(pairwise(over)) if high - low > 1e-9)

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random draws that the standard library lacks. All exact, none approximated by a normal distribution."""

from __future__ import annotations

import math
from random import Random

# Above this mean a search from zero takes longer than rejection.
SEARCH = 12.0


def poisson(random: Random, mean: float) -> int:
    """A count of events of which `mean` are expected."""
    if mean <= 0.0:
        return 0
    return _searched(random, mean) if mean < SEARCH else _rejected(random, mean)


def _searched(random: Random, mean: float) -> int:
    drawn, chance, count = random.random(), math.exp(-mean), 0
    while drawn > chance > 0.0:
        drawn -= chance
        count += 1
        chance *= mean / count
    return count


def _rejected(random: Random, mean: float) -> int:
    """Hoermann's PTRS (1993): transformed rejection with a squeeze."""
    logarithm = math.log(mean)
    b = 0.931 + 2.53 * math.sqrt(mean)
    a = -0.059 + 0.02483 * b
    inverse = 1.1239 + 1.1328 / (b - 3.4)
    quick = 0.9277 - 3.6224 / (b - 2.0)
    while True:
        u, v = random.random() - 0.5, random.random()
        us = 0.5 - abs(u)
        count = math.floor((2.0 * a / us + b) * u + mean + 0.43) if us else -1
        if us >= 0.07 and v <= quick:
            return count
        if count < 0 or (us < 0.013 and v > us):
            continue
        if math.log(v * inverse / (a / (us * us) + b)) <= count * logarithm - mean - math.lgamma(count + 1.0):
            return count


def gamma(random: Random, variation: float) -> float:
    """A factor with mean 1 and this coefficient of variation."""
    if variation <= 0.0:
        return 1.0
    shape = 1.0 / (variation * variation)
    return random.gammavariate(shape, 1.0 / shape)


class Autoregression:
    """A factor whose logarithm wanders: AR(1), correlation `rho` from one step to the next, mean of the factor 1."""

    def __init__(self, random: Random, rho: float, deviation: float) -> None:
        self._random, self._rho, self._deviation = random, rho, deviation
        self._step = deviation * math.sqrt(1.0 - rho * rho)
        self._value = random.gauss(0.0, deviation)

    def __call__(self) -> float:
        self._value = self._rho * self._value + self._random.gauss(0.0, self._step)
        return math.exp(self._value - self._deviation * self._deviation / 2.0)

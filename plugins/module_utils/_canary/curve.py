# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The curve of a ratio: the log likelihood of every ratio on a fixed grid, and the e-values that are read from it.

A slice has x_c of S = x_c + x_b events in the canary, whose share of the requests is a = n_c / n_b. Given S, x_c is binomial with
theta(r) = r*a / (1 + r*a), so l(r) = x_c*ln(r) - S*ln(1 + r*a) up to what does not depend on r: exact for Poisson counts, whatever rate both share
(Lindon and Malek, NeurIPS 2022, arXiv:2011.03567). A mean of likelihood ratios over alternatives is an e-process, and one that ever reaches 1/alpha
does so with probability alpha at most (Ville 1939; Ramdas, Gruenwald, Vovk and Shafer, arXiv:2210.01948). l is concave in ln r, so that the test of the
edge of a null hypothesis tests all of it.
"""

from __future__ import annotations

import math

#: Twelve steps an octave, four octaves to each side of 1: ratios from 1/16 to 16, 6 % apart, 2 among them.
STEPS_AN_OCTAVE = 12
OCTAVES = 4
MIDDLE = STEPS_AN_OCTAVE * OCTAVES
SIZE = 2 * MIDDLE + 1
STEP = math.log(2) / STEPS_AN_OCTAVE
LOG_RATIOS = [(index - MIDDLE) * STEP for index in range(SIZE)]
RATIOS = [2 ** ((index - MIDDLE) / STEPS_AN_OCTAVE) for index in range(SIZE)]
#: How far alternatives reach: 40 steps are a ratio of 10.
REACH = 40
#: Below it exp() is nothing beside 1.
NOTHING = -60.0


def index_above(log_ratio: float) -> int:
    """The grid point at or above a log ratio, so that a tolerance is never made stricter by the grid."""
    return min(SIZE - 2, max(1, MIDDLE + math.ceil(log_ratio / STEP - 1e-9)))


def index_below(log_ratio: float) -> int:
    """The grid point at or below a log ratio, so that a harm is never made milder by the grid."""
    return min(SIZE - 2, max(1, MIDDLE + math.floor(log_ratio / STEP + 1e-9)))


def increment(x_c: float, x_b: float, share: float) -> list[float]:
    """l of one slice: `share` is n_c / n_b > 0."""
    total, log1p = x_c + x_b, math.log1p
    return [x_c * rho - total * log1p(ratio * share) for rho, ratio in zip(LOG_RATIOS, RATIOS, strict=True)]


def added(curve: list[float], one: list[float], dispersion: float = 1.0) -> list[float]:
    """The curve with one slice more: `dispersion` >= 1 divides what the slice says (quasi-likelihood)."""
    weight = 1.0 / dispersion
    return [value + weight * more for value, more in zip(curve, one, strict=True)]


def observed(x_c: float, x_b: float, share: float) -> tuple[float, float]:
    """ln of the ratio in a slice and its variance, half an event added to each side (Haldane 1956, Anscombe 1956)."""
    return math.log((x_c + 0.5) / (x_b + 0.5) / share), 1.0 / (x_c + 0.5) + 1.0 / (x_b + 0.5)


def added_normal(curve: list[float], log_ratio: float, variance: float) -> list[float]:
    """The curve with one slice more of which only ln of its ratio and the variance of that count."""
    weight = 0.5 / variance
    first = 2.0 * log_ratio * weight
    return [value + rho * (first - rho * weight) for value, rho in zip(curve, LOG_RATIOS, strict=True)]


def between(low: list[float], high: list[float], part: float) -> list[float]:
    """The curve `part` of the way from one to another."""
    return [a + part * (b - a) for a, b in zip(low, high, strict=True)]


def log_mean(values: list[float], reference: float) -> float:
    """ln of the mean of exp(value - reference)."""
    top = max(values)
    exp = math.exp
    return top - reference + math.log(sum(exp(value - top) for value in values if value - top > NOTHING) / len(values))


def log_e_above(curve: list[float], index: int) -> float:
    """ln E against "the ratio is RATIOS[index] or less"."""
    return log_mean(curve[index + 1 : index + 1 + REACH], curve[index])


def log_e_below(curve: list[float], index: int) -> float:
    """ln E against "the ratio is RATIOS[index] or more"."""
    return log_mean(curve[max(0, index - REACH) : index], curve[index])


def interval(curve: list[float], alpha: float) -> tuple[float | None, float | None]:
    """The confidence sequence: the ratios that a mixture over the whole grid does not refute; None where it goes beyond the grid."""
    limit = log_mean(curve, 0.0) - math.log(1 / alpha)
    inside = [index for index, value in enumerate(curve) if value > limit]
    low, high = inside[0], inside[-1]
    return (RATIOS[low - 1] if low > 0 else None), (RATIOS[high + 1] if high < SIZE - 1 else None)

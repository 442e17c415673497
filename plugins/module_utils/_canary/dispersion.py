# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Over-dispersion, measured: how much more the canary's share of events varies than a binomial does.

Counts of one arm may vary more than Poisson counts, alone or for minutes on end, and pods differ. Two guards, both heuristic and measured by the benchmark:

- over time: d = ln of the ratio in a slice less ln of the ratio so far, of variance v = 1/x_c + 1/x_b for Poisson counts. The mean excess of d*d over v is
  the variance g that both arms add (a moment estimator as of DerSimonian and Laird 1986). Blocks of 1, 4 and 16 slices are looked at, as a slow
  wander shows in long blocks only, and the largest g counts. What a slice of S events says is divided by
  1 + g * S*theta*(1-theta) (beta-binomial, Williams 1982).
- between pods: the variance tau^2 of ln rate among pods of one arm, over all their time. It does not shrink with time, so it widens tolerance and harm.

All slices are always divided by the g of now, the newest slice's surprise included, so that one slice alone never decides. For that a curve is kept for
each of a few values of g.
"""

from __future__ import annotations

import math
from typing import Any

BLOCKS = (1, 4, 16)
#: The values of g for which curves are kept side by side, as g is known only later; between them is interpolated.
LEVELS = (0.01, 0.04, 0.16, 0.64, 2.56, 10.24)
#: What is believed of g before anything is measured, by length of block, of pods (2.5 %), and how many full observations that is worth. A wander of minutes
#: is believed possible until long blocks were seen: it costs a true ratio of 2 two minutes, one of 4 nothing.
PRIORS = (0.01, 0.03, 0.1)
PRIOR_WEIGHT = 2.0
FEW = 3.0
POD_PRIOR = 0.025**2
POD_PRIOR_WEIGHT = 2.0
#: The variance at which an observation has half its weight's root: few events say little about dispersion.
SCALE = 0.25
POD_SCALE = 0.01
#: Standard deviations of the difference between pods that are not held against the canary.
POD_DEVIATIONS = 1.5


def initial() -> dict[str, Any]:
    """`blocks`: for each length slices in it, x_c, x_b, expected x_c, sum of weights, weighted excess; `ratio`: Mantel-Haenszel sums."""
    return {"blocks": [[0, 0.0, 0.0, 0.0, 0.0, 0.0] for _block in BLOCKS], "ratio": [0.0, 0.0], "pods": {}}


def log_ratio(state: dict[str, Any]) -> float:
    """ln of the Mantel-Haenszel ratio so far, a quarter of an event added to each side; 0 before anything was counted."""
    above, below = state["ratio"]
    return math.log((above + 0.25) / (below + 0.25))


def update(state: dict[str, Any], x_c: float, x_b: float, n_c: float, n_b: float) -> float:
    """Learns from a slice and returns S*theta*(1-theta), its binomial variance: with g it is divided by 1 + g times that."""
    total = x_c + x_b
    theta = n_c / (n_c + n_b)
    rho = log_ratio(state)
    for length, block in zip(BLOCKS, state["blocks"], strict=True):
        block[0] += 1
        block[1] += x_c
        block[2] += x_b
        block[3] += total * theta
        if block[0] >= length:
            _close(block, length, rho, theta)
    state["ratio"][0] += x_c * n_b / (n_c + n_b)
    state["ratio"][1] += x_b * n_c / (n_c + n_b)
    return total * theta * (1.0 - theta)


def _close(block: list[float], length: int, rho: float, theta: float) -> None:
    """A full block becomes one observation of g."""
    x_c, x_b, expected = block[1], block[2], block[3]
    total = x_c + x_b
    block[:4] = [0, 0.0, 0.0, 0.0]
    if total < 2:
        return
    odds = expected / (total - expected) if total > expected > 0 else theta / (1.0 - theta)
    variance = 1.0 / (x_c + 0.5) + 1.0 / (x_b + 0.5)
    distance = math.log((x_c + 0.5) / (x_b + 0.5) / odds) - rho
    # A block's variance is that of its mean: what varies from slice to slice is `length` times as much.
    weight = (SCALE / (variance * length + SCALE)) ** 2
    block[4] += weight
    block[5] += weight * length * (distance * distance - variance)


def _excess(block: list[float], prior: float) -> float:
    # A variance out of few observations is believed to be larger than they show, as Student's t does.
    return max(0.0, (PRIOR_WEIGHT * prior + block[5] * (1.0 + FEW / (1.0 + block[4]))) / (PRIOR_WEIGHT + block[4]))


def excess(state: dict[str, Any]) -> float:
    """g: the variance of ln ratio from slice to slice beyond that of Poisson counts."""
    return max(_excess(block, prior) for block, prior in zip(state["blocks"], PRIORS, strict=True))


def level(state: dict[str, Any]) -> tuple[int, float]:
    """Between which two of LEVELS the present g is: the lower one's index, and how far up from it (0 to 1)."""
    position = math.log(min(LEVELS[-1], max(LEVELS[0], excess(state))) / LEVELS[0]) / math.log(LEVELS[1] / LEVELS[0])
    index = min(len(LEVELS) - 2, int(position))
    return index, position - index


def update_pods(state: dict[str, Any], arm: str, counts: dict[str, tuple[float, float]]) -> None:
    """Learns from the pods of one arm in one slice, `{pod: (events, requests)}`: what each had, and what its share of the arm's requests would give."""
    if len(counts) < 2:
        return
    events = sum(count[0] for count in counts.values())
    requests = sum(count[1] for count in counts.values())
    if not events or not requests:
        return
    for pod, (had, served) in counts.items():
        entry = state["pods"].setdefault(f"{arm}/{pod}", [0.0, 0.0])
        entry[0] += had
        entry[1] += events * served / requests


def pod_variance(state: dict[str, Any]) -> float:
    """tau^2: the variance of ln rate between pods."""
    weights, sums = 0.0, 0.0
    arms: dict[str, int] = {}
    for name, (_had, expected) in state["pods"].items():
        if expected > 0:
            arm = name.split("/", 1)[0]
            arms[arm] = arms.get(arm, 0) + 1
    for name, (had, expected) in state["pods"].items():
        if expected > 0:
            size = arms[name.split("/", 1)[0]]
            if size < 2:
                continue
            free = (size - 1) / size
            weight = free * (POD_SCALE / (1.0 / expected + POD_SCALE)) ** 2
            weights += weight
            sums += weight * (((had - expected) / expected) ** 2 / free - 1.0 / expected)
    return max(0.0, (POD_PRIOR_WEIGHT * POD_PRIOR + sums) / (POD_PRIOR_WEIGHT + weights))


def pod_margin(state: dict[str, Any], canaries: int, stables: int) -> float:
    """By how much of ln ratio the pods of two arms may differ though nothing is wrong."""
    return POD_DEVIATIONS * math.sqrt(pod_variance(state) * (1.0 / max(1, canaries) + 1.0 / max(1, stables)))

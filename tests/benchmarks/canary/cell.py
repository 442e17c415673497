# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One cell of the benchmark: what happens to a service during a release, and what a judge should make of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tests.benchmarks.canary.latency import Part
from tests.benchmarks.canary.latency import above
from tests.benchmarks.canary.latency import usual

SCRAPE = 15.0
HORIZON = 3600.0
# Slower than this is bad, as is an error.
SLOW = 500.0
NULL, HARM, BLIND = "null", "harm", "blind"
# Minutes, and the canary's share of the traffic from then on.
PLANS: dict[str, tuple[tuple[float, float], ...]] = {
    "10/50/100": ((0, 0.1), (20, 0.5), (40, 1.0)),
    "90/10": ((0, 0.1),),
    "cohort 1 %": ((0, 0.01),),
    "blue-green": ((0, 0.0), (5, 1.0)),
}


@dataclass(frozen=True)
class Cell:
    """`null`: the canary is as good as the control. `harm`: it is worse. `blind`: nobody can know."""

    name: str
    kind: str
    rps: float = 100.0
    plan: str = "90/10"
    # The control is a fresh one with the canary's share of traffic, instead of all of the old version.
    equal: bool = False
    stable_pods: int = 4
    canary_pods: int = 2
    # Minutes that no judge looks at.
    warm_up: float = 0.0

    # Load: constant, sine, burst, gamma, autoregressive.
    load: str = "constant"
    variation: float = 0.0
    base_error: float = 0.002
    # A pod's own errors: over-dispersed from scrape to scrape, or wandering; `pod_variation`: for its whole life.
    error_variation: float = 0.0
    error_wander: float = 0.0
    latency_wander: float = 0.0
    pod_variation: float = 0.0
    pod_latency_variation: float = 0.0
    # Both versions' errors, for ten minutes.
    incident: float | None = None
    gaps: float = 0.0
    # Minutes from one restart of a pod to the next.
    restarts: float = 0.0
    # none: no traffic at all; control: none for the canary; canary: none for the control.
    traffic: str = "both"
    histograms: bool = True
    # What the canary's scrapes give: values or nothing.
    scraped: bool = True

    # Harm.
    canary_error: float | None = None
    latency_scale: float = 1.0
    canary_latency: tuple[Part, ...] | None = None
    cold_start: bool = False
    leak: float = 0.0
    bad_pod_error: float | None = None
    served: float = 1.0
    harm_starts: float = 0.0

    def weight(self, seconds: float) -> float:
        """The canary's share of the traffic."""
        return next(weight for minute, weight in reversed(PLANS[self.plan]) if seconds >= 60.0 * minute)

    def begins(self) -> float:
        """Seconds until the canary has traffic, and harm if it does any."""
        first = next(minute for minute, weight in PLANS[self.plan] if weight > 0.0)
        return 60.0 * max(first, self.harm_starts)

    def compared_until(self) -> float:
        """Seconds at which a decision is due: once the canary has all the traffic, there is nothing left to compare it with."""
        return next((60.0 * minute for minute, weight in PLANS[self.plan] if weight >= 1.0 and minute > self.begins() / 60.0), HORIZON)

    def harmful(self, seconds: float) -> bool:
        return self.kind == HARM and seconds >= 60.0 * self.harm_starts

    def at_once(self) -> bool:
        """Whether harm is all there from the beginning."""
        return not self.harm_starts and not self.leak

    def canary_error_rate(self, seconds: float) -> float:
        """On average over the canary's pods."""
        if not self.harmful(seconds):
            return self.base_error
        usual_rate = self.base_error if self.canary_error is None else self.canary_error
        if self.bad_pod_error is not None:
            return usual_rate + (self.bad_pod_error - usual_rate) / self.canary_pods
        return usual_rate

    def canary_scale(self, seconds: float) -> float:
        """How much slower the canary is than its distribution says."""
        scale = self.latency_scale if self.harmful(seconds) else 1.0
        if self.leak and self.harmful(seconds):
            scale *= 1.0 + self.leak * seconds / 60.0
        if self.cold_start:
            scale *= max(1.0, 3.0 * math.exp(-seconds / 180.0))
        return scale

    def canary_parts(self, seconds: float) -> tuple[Part, ...]:
        return self.canary_latency if self.canary_latency and self.harmful(seconds) else usual()

    def ratio(self, bounds: tuple[float, ...] = (250.0, SLOW, 1000.0)) -> float:
        """How many times as often the worst of errors and slow requests happens on the canary, when harm has begun and, if it grows, at its end."""
        at = HORIZON - 1.0
        scale = self.canary_scale(at)
        scaled = [(share, median * scale, sigma) for share, median, sigma in self.canary_parts(at)]
        error = self.canary_error_rate(at)
        ratios = [above(scaled, bound) / above(usual(), bound) for bound in bounds]
        if self.base_error:
            ratios.append(error / self.base_error)
        elif error:
            ratios.append(math.inf)
        return max(ratios)

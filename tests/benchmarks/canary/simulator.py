# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulates what Prometheus would have scraped from the pods of a release: cumulative counters and histogram buckets, one fixed seed a trial."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from dataclasses import field
from random import Random

from tests.benchmarks.canary.cell import HORIZON
from tests.benchmarks.canary.cell import SCRAPE
from tests.benchmarks.canary.cell import SLOW
from tests.benchmarks.canary.cell import Cell
from tests.benchmarks.canary.draws import Autoregression
from tests.benchmarks.canary.draws import gamma
from tests.benchmarks.canary.draws import poisson
from tests.benchmarks.canary.latency import BOUNDS
from tests.benchmarks.canary.latency import above
from tests.benchmarks.canary.latency import shares
from tests.benchmarks.canary.latency import usual

STEPS = int(HORIZON / SCRAPE)
RHO = 0.8
CONTROL, CANARY = "control", "canary"


@dataclass
class Pod:
    """Its scrapes. A value is None where the scrape failed, or the series did not exist yet: Envoy shows a counter once it has counted something."""

    name: str
    arm: str
    times: list[float] = field(default_factory=list)
    requests: list[int | None] = field(default_factory=list)
    errors: list[int | None] = field(default_factory=list)
    # Cumulative over bounds, one list a scrape.
    buckets: list[list[int] | None] = field(default_factory=list)


@dataclass
class Trial:
    """All scrapes of one release, and what really happened, step by step and summed up."""

    cell: Cell
    number: int
    pods: list[Pod]
    canary_requests: list[int]
    # Bad requests of the canary above what the control would have had: expected, not drawn.
    excess: list[float]

    def arm(self, name: str) -> list[Pod]:
        return [pod for pod in self.pods if pod.arm == name]


def simulate(cell: Cell, number: int) -> Trial:
    """The same cell and number give the same scrapes, whatever else the cell list holds."""
    random = Random(hashlib.sha256(f"{cell.name}/{number}".encode()).digest())
    load = _loads(cell, random)
    incident = _incident(cell, random)
    trial = Trial(cell, number, [], [0] * (STEPS + 1), [0.0] * (STEPS + 1))
    for arm, count in ((CONTROL, cell.canary_pods if cell.equal else cell.stable_pods), (CANARY, cell.canary_pods)):
        for index in range(count):
            trial.pods.append(_pod(cell, random, arm, index, count, load, incident, trial.canary_requests))
    for step in range(STEPS):
        trial.canary_requests[step + 1] += trial.canary_requests[step]
        trial.excess[step + 1] = trial.excess[step] + _excess(cell, load[step], (step + 0.5) * SCRAPE)
    return trial


def _loads(cell: Cell, random: Random) -> list[float]:
    """Factor of the traffic of everybody, step by step."""
    match cell.load:
        case "constant":
            return [1.0] * (STEPS + 1)
        case "sine":
            # An hour stands for the day.
            return [1.0 + 0.5 * math.sin(2.0 * math.pi * step / STEPS) for step in range(STEPS + 1)]
        case "burst":
            begin = random.uniform(300.0, HORIZON - 420.0)
            return [5.0 if begin <= step * SCRAPE < begin + 120.0 else 1.0 for step in range(STEPS + 1)]
        case "gamma":
            return [gamma(random, cell.variation) for _step in range(STEPS + 1)]
        case "autoregressive":
            wander = Autoregression(random, RHO, cell.variation)
            return [wander() for _step in range(STEPS + 1)]
    raise ValueError(f"there is no load {cell.load!r}")


def _incident(cell: Cell, random: Random) -> tuple[float, float]:
    if cell.incident is None:
        return (HORIZON + 1.0, HORIZON + 1.0)
    begin = random.uniform(300.0, HORIZON - 900.0)
    return (begin, begin + 600.0)


def _share(cell: Cell, arm: str, seconds: float) -> float:
    """Share of all traffic that an arm serves."""
    if cell.traffic == "none" or (cell.traffic == "control" and arm == CANARY) or (cell.traffic == "canary" and arm == CONTROL):
        return 0.0
    weight = cell.weight(seconds)
    if arm == CANARY:
        return weight * (cell.served if cell.harmful(seconds) else 1.0)
    return min(weight, 1.0 - weight) if cell.equal else 1.0 - weight


def _pod(cell: Cell, random: Random, arm: str, index: int, count: int, load: list[float], incident: tuple[float, float], canary_requests: list[int]) -> Pod:
    pod = Pod(f"{arm}-{index}", arm)
    offset = random.uniform(0.0, SCRAPE)
    own_load, own_error = gamma(random, cell.pod_variation), gamma(random, cell.pod_variation)
    own_scale = gamma(random, cell.pod_latency_variation)
    errors_wander = Autoregression(random, RHO, cell.error_wander) if cell.error_wander else None
    latency_wander = Autoregression(random, RHO, cell.latency_wander) if cell.latency_wander else None
    # Pods restart one after the other.
    restart = 60.0 * cell.restarts * (1.0 + index / count) if cell.restarts else HORIZON * 2
    requests = errors = 0
    counts = [0] * len(BOUNDS)
    if arm == CONTROL and not cell.equal and cell.traffic in ("both", "control"):
        # It has been there for an hour.
        expected = HORIZON * cell.rps * _share(cell, arm, 0.0) / count
        for bucket, share in shares(usual()):
            counts[bucket] = round(expected * share)
        requests, errors = sum(counts), round(expected * cell.base_error)
    pod.times.append(offset)
    _scrape(cell, pod, random, requests, errors, counts)
    for step in range(STEPS):
        # Between this scrape and the next one.
        seconds = offset + (step + 0.5) * SCRAPE
        if seconds > restart:
            requests = errors = 0
            counts = [0] * len(BOUNDS)
            restart += 60.0 * cell.restarts
        mean = cell.rps * SCRAPE * _share(cell, arm, seconds) / count * load[step] * own_load
        error, scale, parts = cell.base_error, own_scale, usual()
        if arm == CANARY:
            scale *= cell.canary_scale(seconds)
            parts = cell.canary_parts(seconds)
            if cell.harmful(seconds):
                error = cell.canary_error if cell.canary_error is not None else error
                if cell.bad_pod_error is not None and index == 0:
                    error = cell.bad_pod_error
        if incident[0] <= seconds < incident[1]:
            error = max(error, cell.incident or 0.0)
        error *= own_error
        if cell.error_variation:
            error *= gamma(random, cell.error_variation)
        if errors_wander:
            error *= errors_wander()
        if latency_wander:
            scale *= latency_wander()
        if mean > 0.0:
            served = 0
            for bucket, share in shares(parts, scale):
                drawn = poisson(random, mean * share)
                counts[bucket] += drawn
                served += drawn
            requests += served
            errors += random.binomialvariate(served, min(error, 1.0)) if served and error else 0
            if arm == CANARY:
                canary_requests[step + 1] += served
        pod.times.append(offset + (step + 1) * SCRAPE)
        _scrape(cell, pod, random, requests, errors, counts)
    return pod


def _scrape(cell: Cell, pod: Pod, random: Random, requests: int, errors: int, counts: list[int]) -> None:
    lost = (cell.gaps and random.random() < cell.gaps) or (pod.arm == CANARY and not cell.scraped)
    if lost or not requests:
        pod.requests.append(None)
        pod.errors.append(None)
        pod.buckets.append(None)
        return
    pod.requests.append(requests)
    pod.errors.append(errors or None)
    if not cell.histograms and pod.arm == CANARY:
        pod.buckets.append(None)
        return
    total, summed = 0, []
    for count in counts:
        total += count
        summed.append(total)
    pod.buckets.append(summed)


def _excess(cell: Cell, load: float, seconds: float) -> float:
    if not cell.harmful(seconds):
        return 0.0
    served = cell.rps * SCRAPE * _share(cell, CANARY, seconds) * load
    scale = cell.canary_scale(seconds)
    slow = above([(share, median * scale, sigma) for share, median, sigma in cell.canary_parts(seconds)], SLOW)
    bad = 1.0 - (1.0 - cell.canary_error_rate(seconds)) * (1.0 - slow)
    usual_bad = 1.0 - (1.0 - cell.base_error) * (1.0 - above(usual(), SLOW))
    # What it did not serve is as bad as an error.
    return served * (bad - usual_bad) + served / cell.served * (1.0 - cell.served)

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every judge is given, out of the same scrapes: points by PromQL for those that look at values, raw samples for the one that counts."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from tests.benchmarks.canary.cell import HORIZON
from tests.benchmarks.canary.latency import BOUNDS
from tests.benchmarks.canary.promql import histogram_quantile
from tests.benchmarks.canary.promql import rate
from tests.benchmarks.canary.simulator import CANARY
from tests.benchmarks.canary.simulator import CONTROL
from tests.benchmarks.canary.simulator import Pod
from tests.benchmarks.canary.simulator import Trial

WINDOW = INTERVAL = 60.0
# Bounds of the counted judge's latency, and where they stand among the buckets.
SLOWER_THAN = (250.0, 500.0, 1000.0)
_PLACES = [BOUNDS.index(bound) for bound in SLOWER_THAN]


def minutes(trial: Trial) -> list[dict[str, dict[str, dict[str, Any]]]]:
    """By arm, one element a minute: `success` in percent and `p99` in milliseconds, each with `value` and `status`."""
    series = {arm: [_Series(pod) for pod in trial.arm(arm)] for arm in (CANARY, CONTROL)}
    return [{arm: _values(of, INTERVAL * minute) for arm, of in series.items()} for minute in range(1, int(HORIZON / INTERVAL) + 1)]


class _Series:
    """A pod's samples as Prometheus stores them: one series for each response code and each bucket."""

    def __init__(self, pod: Pod) -> None:
        kept = [
            (time, requests - (errors or 0), errors, buckets)
            for time, requests, errors, buckets in zip(pod.times, pod.requests, pod.errors, pod.buckets, strict=True)
            if requests is not None
        ]
        good = [(time, value) for time, value, _errors, _buckets in kept if value]
        failed = [(time, errors) for time, _good, errors, _buckets in kept if errors]
        filled = [(time, buckets) for time, _good, _errors, buckets in kept if buckets is not None]
        self.good, self.failed = _columns(good), _columns(failed)
        times = [time for time, _buckets in filled]
        # Equal neighbours have equal rates: most of the outer buckets.
        self.buckets = [(times, list(column)) for column in zip(*(buckets for _time, buckets in filled), strict=True)]

    def bucket_rates(self, end: float) -> list[float] | None:
        found: list[float] = []
        previous: list[int] | None = None
        for times, values in self.buckets:
            if values == previous:
                found.append(found[-1])
                continue
            value = rate((times, values), end, WINDOW)
            if value is None:
                return None
            found.append(value)
            previous = values
        return found or None


def _columns(pairs: list[tuple[float, int]]) -> tuple[list[float], list[int]]:
    return [time for time, _value in pairs], [value for _time, value in pairs]


def _values(arm: list[_Series], end: float) -> dict[str, dict[str, Any]]:
    good, failed = _sum((series.good for series in arm), end), _sum((series.failed for series in arm), end)
    success: dict[str, Any] = {"value": None, "status": "empty"}
    if good is not None or failed is not None:
        total = (good or 0.0) + (failed or 0.0)
        # The query's numerator is every code but 5xx: without a good request there is no such series.
        if good is not None:
            success = {"value": 100.0 * good / total, "status": "ok"} if total else {"value": None, "status": "nan"}
    rates = [found for found in (series.bucket_rates(end) for series in arm) if found is not None]
    p99: dict[str, Any] = {"value": None, "status": "empty"}
    if rates:
        value = histogram_quantile(0.99, list(zip(BOUNDS, (sum(column) for column in zip(*rates, strict=True)), strict=True)))
        p99 = {"value": None, "status": "nan"} if math.isnan(value) else {"value": value, "status": "ok"}
    return {"success": success, "p99": p99}


def _sum(series: Iterator[tuple[list[float], list[int]]], end: float) -> float | None:
    found = [value for value in (rate(samples, end, WINDOW) for samples in series) if value is not None]
    return sum(found) if found else None


def raw_looks(trial: Trial, interval: float) -> Iterator[dict[str, Any]]:
    """One look every `interval` seconds with the raw samples since the last one."""
    series = [(arm, pod.name, _raw(pod)) for arm, pods in (("canary", trial.arm(CANARY)), ("baseline", trial.arm(CONTROL))) for pod in pods]
    for number in range(1, int(HORIZON / interval) + 1):
        errors: dict[str, Any] = {"canary": {}, "baseline": {}}
        latency: dict[str, Any] = {"canary": {}, "baseline": {}}
        for arm, pod, samples in series:
            since = _between(samples, interval * (number - 1), interval * number)
            if not since:
                continue
            errors[arm][pod] = {"requests": [(time, count) for time, count, _errors, _slower in since]}
            if failed := [(time, count) for time, _requests, count, _slower in since if count is not None]:
                errors[arm][pod]["events"] = failed
            if measured := [(time, count, slower) for time, count, _errors, slower in since if slower is not None]:
                latency[arm][pod] = {
                    "requests": [(time, count) for time, count, _slower in measured],
                    "above": {str(int(bound)): [(time, slower[place]) for time, _count, slower in measured] for place, bound in enumerate(SLOWER_THAN)},
                }
        yield {"time": interval * number, "metrics": {"errors": _arms(errors), "latency": _arms(latency)}}


def _arms(found: dict[str, Any]) -> dict[str, Any]:
    """A query that gives nothing at all is told as such."""
    return found if found["canary"] or found["baseline"] else {"status": "empty"}


_Raw = tuple[float, int, int | None, tuple[int, ...] | None]


def _raw(pod: Pod) -> list[_Raw]:
    return [
        (time, requests, errors, None if buckets is None else tuple(buckets[-1] - buckets[place] for place in _PLACES))
        for time, requests, errors, buckets in zip(pod.times, pod.requests, pod.errors, pod.buckets, strict=True)
        if requests is not None
    ]


def _between(samples: list[_Raw], after: float, until: float) -> list[_Raw]:
    return samples[bisect_left(samples, after, key=itemgetter(0)) : bisect_left(samples, until, key=itemgetter(0))]

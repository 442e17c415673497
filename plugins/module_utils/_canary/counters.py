# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Raw cumulative counters to slices of time: what each arm counted between two moments at which every pod was read.

Counters fall when a pod restarts; the new value is then what was counted since. Nothing is extrapolated, as increase() of Prometheus would do.
Both arms are compared over the same time only: a slice is closed when all living pods have a new sample, so that an incident seen by one arm is
never held against a gap in the other. A pod that stays away longer than `gap` is forgotten, and starts anew when it comes back.
"""

from __future__ import annotations

import math
from typing import Any

CANARY = "canary"
BASELINE = "baseline"
ARMS = (CANARY, BASELINE)
REQUESTS = "requests"
#: The key of a metric that counts one kind of event; those of a histogram are its bounds.
EVENTS = "events"


def initial() -> dict[str, Any]:
    """`last` and `seen` by arm and pod: `{series: [time, value]}` and the first time; `open` by arm and pod: `{series: count}` of the slice to come."""
    return {"last": {arm: {} for arm in ARMS}, "seen": {arm: {} for arm in ARMS}, "open": {arm: {} for arm in ARMS}, "start": None}


def series_of(samples: dict[str, Any]) -> dict[str, list]:
    """A pod's series by key: `requests`, and `events` or the bounds of `above`."""
    found = {str(bound): values for bound, values in (samples.get("above") or {}).items()} if "above" in samples else {EVENTS: samples.get(EVENTS) or []}
    found[REQUESTS] = samples.get(REQUESTS) or []
    return found


def usable(values: list) -> tuple[list[tuple[float, float]], int]:
    """The finite, non-negative samples in order of time, and how many were neither."""
    kept = [(float(time), float(value)) for time, value in values if value is not None and math.isfinite(float(value)) and float(value) >= 0]
    kept.sort()
    return kept, len(values) - len(kept)


def pod_increments(last: dict[str, list], samples: dict[str, Any]) -> tuple[list[tuple[float, str, float]], int]:
    """What a pod counted as (time, key, count), with `last` moved on; the first sample of a pod only starts it. Also how many samples were unusable."""
    increments: list[tuple[float, str, float]] = []
    bad = 0
    known_since = last[REQUESTS][0] if REQUESTS in last else None
    series = series_of(samples)
    requests, wrong = usable(series.pop(REQUESTS))
    bad += wrong
    first = known_since if known_since is not None else (requests[0][0] if requests else None)
    for key, values in [(REQUESTS, requests), *((key, None) for key in series)]:
        if values is None:
            values, wrong = usable(series[key])
            bad += wrong
        before = last.get(key)
        for time, value in values:
            if before is not None and time <= before[0]:
                continue
            if before is None:
                # A counter of events that appears after its pod did began at nothing.
                count = value if key != REQUESTS and first is not None and time > first else 0.0
            else:
                count = value - before[1] if value >= before[1] else value
            increments.append((time, key, count))
            before = [time, value]
        if before is not None:
            last[key] = before
    return increments, bad


def _gather(state: dict[str, Any], arms: dict[str, Any], slice_seconds: float, warm_up: float) -> tuple[dict, dict, int]:
    """Increments by slot, arm and pod; the last slot of each pod in this look; how many samples were unusable."""
    slots: dict[int, dict[tuple[str, str], dict[str, float]]] = {}
    ends: dict[tuple[str, str], int] = {}
    bad = 0
    for arm in ARMS:
        for pod in sorted(arms.get(arm) or {}):
            last = state["last"][arm].setdefault(pod, {})
            increments, wrong = pod_increments(last, arms[arm][pod])
            bad += wrong
            if not last:
                del state["last"][arm][pod]
            if not increments:
                continue
            first = min(increments)[0]
            begun = state["seen"][arm].setdefault(pod, first)
            if arm == CANARY and state["start"] is None:
                state["start"] = first
            late = begun if arm == CANARY or (state["start"] is not None and begun > state["start"]) else None
            for time, key, count in increments:
                slot = int(time // slice_seconds)
                ends[arm, pod] = max(slot, ends.get((arm, pod), slot))
                counted = slots.setdefault(slot, {}).setdefault((arm, pod), {"cold": 0.0})
                if warm_up > 0 and late is not None and time <= late + warm_up:
                    counted["cold"] = 1.0
                else:
                    counted[key] = counted.get(key, 0.0) + count
    return slots, ends, bad


def slices(state: dict[str, Any], arms: dict[str, Any], slice_seconds: float, warm_up: float, gap: float) -> tuple[list[dict[str, Any]], int]:
    """The slices that a look closes, each `{"time": its end, arm: {pod: {key: count}}}`, and how many of its samples were unusable. `state` is changed."""
    slots, ends, bad = _gather(state, arms, slice_seconds, warm_up)
    closed = []
    for slot in sorted(slots):
        now = (slot + 1) * slice_seconds
        warming = warm_up > 0 and (state["start"] is None or now - slice_seconds <= state["start"] + warm_up)
        for (arm, pod), counts in slots[slot].items():
            cold = counts.pop("cold")
            into = state["open"][arm].setdefault(pod, {})
            # Until the canary is warm, what stable counts has nothing to be compared with.
            if cold or warming:
                continue
            for key, count in counts.items():
                into[key] = into.get(key, 0.0) + count
        for arm in ARMS:
            for pod in list(state["last"][arm]):
                read = state["last"][arm][pod].get(REQUESTS, [-math.inf])[0]
                waits = pod not in state["open"][arm] and ends.get((arm, pod), -1) <= slot
                if waits and now - read > gap + slice_seconds:
                    del state["last"][arm][pod]
        if all(pod in state["open"][arm] for arm in ARMS for pod in state["last"][arm]):
            closed.append({"time": now, **state["open"]})
            state["open"] = {arm: {} for arm in ARMS}
    return closed, bad

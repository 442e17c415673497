# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""One look: asks Prometheus, judges, and says what it saw. A long stretch of time is judged minute by minute, as it would have been live."""

from __future__ import annotations

import platform
import re
import time
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._canary import argo
from ansible_collections.llmops.platform.plugins.module_utils._canary import counters
from ansible_collections.llmops.platform.plugins.module_utils._canary import evidence
from ansible_collections.llmops.platform.plugins.module_utils._canary import kayenta
from ansible_collections.llmops.platform.plugins.module_utils._canary import limits
from ansible_collections.llmops.platform.plugins.module_utils._canary import samples
from ansible_collections.llmops.platform.plugins.module_utils._canary import sequential
from ansible_collections.llmops.platform.plugins.module_utils._canary import settings
from ansible_collections.llmops.platform.plugins.module_utils._canary import templates
from ansible_collections.llmops.platform.plugins.module_utils._canary import threshold
from ansible_collections.llmops.platform.plugins.module_utils._canary.prometheus import SKEW
from ansible_collections.llmops.platform.plugins.module_utils._canary.prometheus import Client

MODES = {"sequential": sequential, "threshold": threshold, "argo": argo, "kayenta": kayenta}
VERSION = 1
#: Seconds between two judgements, and of samples before the last look that may have been stored late.
MINUTE = 60.0
LATE = 60.0
#: A selector whose raw samples can be had; anything else is evaluated at steps.
PLAIN = re.compile(r'[a-zA-Z_:][a-zA-Z0-9_:]*(?:{(?:[^"{}]|"(?:[^"\\]|\\.)*")*})?\Z')


def initial_state(mode: str, begun: float) -> dict[str, Any]:
    """The state before the first look."""
    return {
        "version": VERSION,
        "mode": mode,
        "begun": begun,
        "last": begun,
        "looks": 0,
        "counts": {},
        "judge": MODES[mode].initial_state(),
        "path": [],
        "final": None,
    }


def checked_state(state: Any, mode: str) -> dict[str, Any] | None:
    """A state of an earlier look, or None where there is none."""
    if not state:
        return None
    if not isinstance(state, dict) or state.get("version") != VERSION or "judge" not in state:
        raise settings.SettingsError("state is none that canary_analysis returned; pass what the last look returned as 'state', or nothing to start anew")
    if state["mode"] != mode:
        raise settings.SettingsError(f"state is of mode {state['mode']}, and mode is {mode}; pass no state to start anew")
    return sequential.clone(state)


def take(arguments: dict[str, Any]) -> dict[str, Any]:
    """The result of the module: `verdict`, `final`, `reason`, `state`, `evidence`."""
    mode = arguments["mode"]
    found = settings.metrics(arguments["metrics"], mode)
    config = settings.judge_config(arguments, found)
    state = checked_state(arguments.get("state"), mode)
    texts = {name: templates.queries(name, metric, arguments["target"]) for name, metric in found.items() if not metric.get("query")}
    if state and state["final"]:
        return {**state["final"], "state": state}
    client = Client(arguments["prometheus"])
    clock, answer = client.clock()
    here = time.time()
    now = float(arguments["now"]) if arguments.get("now") is not None else (here if clock is None else clock)
    begin = float(arguments["since"]) if arguments.get("since") is not None else now - MINUTE
    if state is None:
        if begin >= now:
            raise settings.SettingsError(f"since {begin:g} is not before now {now:g}; give the time at which the canary got its first request")
        state = initial_state(mode, begin)
    begin = state["last"]
    looked, asked = _ask(client, texts, found, begin, now)
    seen = _judge_all(arguments, config, state, looked, client, found, begin, now)
    notes = _notes(clock, here, answer, asked)
    state["looks"] += 1
    state["last"] = max(begin, now)
    shown = evidence.of_look(arguments, config, state, seen, asked, notes, (begin, now))
    shown["versions"] = {"judge": sequential.VERSION, "state": VERSION, "python": platform.python_version(), "prometheus": client.version()}
    result = {"verdict": seen["verdict"], "final": seen["final"], "reason": seen["reason"], "evidence": shown}
    if seen["final"]:
        state["final"] = result
    return {**result, "state": state}


def _notes(clock: float | None, here: float, answer: dict[str, Any], asked: list[dict[str, Any]]) -> list[str]:
    notes = []
    if clock is None:
        notes.append(f"Prometheus does not tell its time ({answer['status']}: {answer['message']}); this machine's clock is used")
    elif abs(clock - here) > SKEW:
        notes.append(f"the clocks of this machine and of Prometheus differ by {clock - here:+.0f} seconds; those of Prometheus count")
    slow = sum(bool(one["slow"]) for one in asked)
    if slow:
        notes.append(f"{slow} of {len(asked)} queries took more than half of prometheus.timeout")
    return notes


def _ask(client: Client, texts: dict, found: dict, begin: float, now: float) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    looked: dict[str, Any] = {}
    asked: list[dict[str, Any]] = []

    def ask(text: str) -> dict[str, Any]:
        if PLAIN.match(text):
            return client.samples(text, begin - LATE, now)
        return client.evaluated(text, begin - LATE, now, 15)

    for name, arms in texts.items():
        looked[name], queries = samples.metric_look(arms, templates.bounds_of(found[name]), found[name].get("pod_label"), ask)
        asked += [{"metric": name, **one} for one in queries]
    return looked, asked


def _judge_all(arguments: dict, config: dict, state: dict, looked: dict, client: Client, found: dict, begin: float, now: float) -> dict[str, Any]:
    """Every minute from `begin` to `now`, until one is final."""
    seen: dict[str, Any] = {}
    edges = [begin + MINUTE * step for step in range(1, int((now - begin) // MINUTE) + 1)]
    if not edges or now - edges[-1] > 0.5:
        edges.append(now)
    before = begin - LATE if state["looks"] else begin
    for edge in edges:
        part = samples.without_silent(samples.cut(looked, before, edge))
        before = edge
        seen = _judge_one(arguments, config, state, {"time": edge, "metrics": part}, client, found)
        if seen["final"]:
            break
    return seen


def _judge_one(arguments: dict, config: dict, state: dict, look: dict, client: Client, found: dict) -> dict[str, Any]:
    mode = arguments["mode"]
    seconds = look["time"] - state["begun"]
    if mode == "sequential":
        verdict, state["judge"], details = sequential.judge(config, state["judge"], look)
    else:
        rates = _rates(state, look)
        for name, metric in found.items():
            if metric.get("query"):
                rates[name] = client.value(metric["query"], look["time"])
        if mode == "kayenta":
            verdict, details = _kayenta(config, state, rates, seconds)
        else:
            verdict, state["judge"], details = MODES[mode].judge(config, state["judge"], {"time": look["time"], "metrics": rates})
    state["counts"] = limits.counted(state["counts"], limits.kind([one["status"] for one in details["metrics"].values()]))
    verdict, final, reason = limits.conclude(arguments, verdict, details, state["counts"], seconds)
    evidence.remember(state, look["time"], verdict, details)
    return {"verdict": verdict, "final": final, "reason": reason, "details": details, "time": look["time"]}


def _rates(state: dict[str, Any], look: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Rates of events in this minute, for the rules that know values only: `value` of the canary, and both arms."""
    kept = state.setdefault("counters", {})
    rates = {}
    for name, data in look["metrics"].items():
        if data.get("status", "ok") != "ok":
            rates[name] = {**data, "value": None}
            continue
        closed, bad = counters.slices(kept.setdefault(name, counters.initial()), data, 15, 0, 60)
        arms = {arm: _rate(closed, arm) for arm in counters.ARMS}
        status = "nan" if bad else "ok" if arms[counters.CANARY] is not None else "no_traffic"
        rates[name] = {"status": status, "value": arms[counters.CANARY], **arms}
    return rates


def _rate(closed: list[dict[str, Any]], arm: str) -> float | None:
    """Events by requests; of a histogram the part that is slower than the lowest bound."""
    sums: dict[str, float] = {}
    for one in closed:
        for counts in one[arm].values():
            for key, count in counts.items():
                sums[key] = sums.get(key, 0.0) + count
    requests = sums.pop(counters.REQUESTS, 0.0)
    events = sums[min(sums, key=sequential.bound_order)] if sums else 0.0
    return min(1.0, events / requests) if requests > 0 else None


def _kayenta(config: dict, state: dict, rates: dict[str, dict[str, Any]], seconds: float) -> tuple[str, dict[str, Any]]:
    """Collects a point a minute, and judges whenever an interval is over."""
    points = state.setdefault("points", {})
    for name, one in rates.items():
        arms = points.setdefault(name, {arm: [] for arm in counters.ARMS})
        for arm in counters.ARMS:
            if one.get(arm) is not None:
                arms[arm].append(one[arm])
    judged = len(state["judge"]["scores"])
    interval = float(config.get("interval") or 1200)
    if seconds < (judged + 1) * interval:
        details = {"metrics": {name: {"status": one["status"]} for name, one in rates.items()}}
        return sequential.INCONCLUSIVE, {**details, "reason": f"look {judged + 1} is due {(judged + 1) * interval:g} seconds after the begin"}
    data = {name: {"status": rates[name]["status"], **points[name]} for name in points}
    verdict, state["judge"], details = kayenta.judge(config, state["judge"], {"metrics": data})
    return verdict, details

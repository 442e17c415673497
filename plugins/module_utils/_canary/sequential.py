# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Anytime-valid test of a canary's event counts against those of the concurrent stable version.

Counters become slices of time (`counters`), a slice is divided by its measured dispersion (`dispersion`) and added to the curve of the ratio
(`curve`). At every look, however often one looks:

- harm: E against "ratio <= tolerance" of K/alpha or more rolls back. K tests are run, so alpha is shared among them (Bonferroni);
- safety: E against "ratio >= harm" of 1/beta or more in every metric, with `min_requests` of the canary and the SLO floor, promotes;
- else nothing is decided yet: `inconclusive`.

A histogram is a metric whose pods hold `above`, requests slower than each of several bounds. For harm the mean of the bounds' E is an
e-value again; for safety each bound that was passed at all has to be safe by itself.
"""

from __future__ import annotations

import math
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._canary import counters
from ansible_collections.llmops.platform.plugins.module_utils._canary import curve as curves
from ansible_collections.llmops.platform.plugins.module_utils._canary import dispersion
from ansible_collections.llmops.platform.plugins.module_utils._canary.counters import BASELINE
from ansible_collections.llmops.platform.plugins.module_utils._canary.counters import CANARY
from ansible_collections.llmops.platform.plugins.module_utils._canary.counters import REQUESTS

PROMOTE = "promote"
ROLL_BACK = "roll_back"
INCONCLUSIVE = "inconclusive"
VERSION = 1
#: Two slices can be alike by chance whatever their dispersion.
MIN_SLICES = 3
#: Events of a slice, as S*theta*(1-theta), from which on ln of their ratio is about normal.
NORMAL_FROM = 4.0
DEFAULTS: dict[str, Any] = {
    "alpha": 0.01,
    "beta": 0.05,
    "min_requests": 200,
    "warm_up": 0,
    "slice_seconds": 15,
    "gap": 60,
    "min_duration": 300,
    "floor_requests": 20,
}
METRIC_DEFAULTS: dict[str, Any] = {"direction": "increase", "tolerance": 1.25, "harm": 2.0, "slo": None, "negligible": None, "warm_up": None}


def initial_state() -> dict[str, Any]:
    """The state before the first look, JSON-able."""
    return {"version": VERSION, "metrics": {}}


def clone(value: Any) -> Any:
    """A deep copy of JSON-like data, faster than copy.deepcopy."""
    if isinstance(value, dict):
        return {key: clone(item) for key, item in value.items()}
    if isinstance(value, list):
        # Numbers only, as in a curve, or all of one kind.
        return [clone(item) for item in value] if value and isinstance(value[0], (dict, list)) else value[:]
    return value


def judge(config: dict[str, Any], state: dict[str, Any], look: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """One look: the verdict, the state for the next look and the details for the evidence. `state` itself is not changed."""
    config = {**DEFAULTS, **config}
    state = clone(state) if state else initial_state()
    tests = sum(2 if metric.get("direction") == "either" else 1 for metric in config["metrics"].values())
    details = {}
    for name in sorted(config["metrics"]):
        metric = {**METRIC_DEFAULTS, **config["metrics"][name]}
        if metric["warm_up"] is None:
            metric["warm_up"] = config["warm_up"]
        details[name] = _judge_metric(config, metric, state["metrics"], name, look["metrics"].get(name) or {"status": "empty"}, tests, look["time"])
    verdict, reason = _together(details)
    return verdict, state, {"metrics": details, "reason": reason, "floor": _floor(config, details)}


def _floor(config: dict[str, Any], details: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Whether every metric has an SLO that the canary keeps, for services with too little traffic to be compared."""
    said, holds = [], bool(details)
    for name, detail in details.items():
        metric = {**METRIC_DEFAULTS, **config["metrics"][name]}
        n_c = detail[CANARY]["requests"]
        if metric["slo"] is None or detail["status"] not in ("ok", "no_baseline_traffic") or n_c < config["floor_requests"]:
            holds = False
            said.append(f"{name}: no SLO, or less than {config['floor_requests']} requests")
            continue
        rate = detail[CANARY]["events"] / n_c
        holds = holds and within_floor(metric, rate)
        said.append(f"{name}: rate {rate:.4g} in {n_c:g} requests, SLO {metric['slo']:g}")
    return {"holds": holds, "said": "; ".join(said)}


def _together(details: dict[str, dict[str, Any]]) -> tuple[str, str]:
    bad = [name for name, detail in details.items() if detail["verdict"] == ROLL_BACK]
    if bad:
        return ROLL_BACK, "; ".join(f"{name}: {details[name]['reason']}" for name in bad)
    open_ones = [name for name, detail in details.items() if detail["verdict"] != PROMOTE]
    if open_ones or not details:
        return INCONCLUSIVE, "; ".join(f"{name}: {details[name]['reason']}" for name in open_ones) or "no metric is declared"
    return PROMOTE, "; ".join(f"{name}: {detail['reason']}" for name, detail in details.items())


def _judge_metric(config: dict, metric: dict, states: dict, name: str, data: dict[str, Any], tests: int, now: float) -> dict[str, Any]:
    state = states.setdefault(name, {"counters": counters.initial(), "total": {CANARY: {}, BASELINE: {}}, "pods": [0, 0], "bounds": {}, "since": None})
    status = data.get("status", "ok")
    before = _served(state)
    if status == "ok":
        closed, bad = counters.slices(state["counters"], data, config["slice_seconds"], metric["warm_up"], config["gap"])
        for one in closed:
            if _learn(state, one, metric["direction"]) and state["since"] is None:
                state["since"] = min(now, one["time"]) - config["slice_seconds"]
        status = _status(data, before, _served(state), bad)
    return _conclude(config, metric, state, status, tests, 0.0 if state["since"] is None else now - state["since"])


def _served(state: dict[str, Any]) -> tuple[float, float]:
    """Requests of the canary and of stable, those of the open slice too."""
    waiting = state["counters"]["open"]
    return tuple(state["total"][arm].get(REQUESTS, 0.0) + sum(pod.get(REQUESTS, 0.0) for pod in waiting[arm].values()) for arm in (CANARY, BASELINE))


def _status(data: dict[str, Any], before: tuple, now: tuple, bad: int) -> str:
    if not data.get(CANARY) and not data.get(BASELINE):
        return "empty"
    if not data.get(BASELINE):
        return "no_baseline"
    if not data.get(CANARY):
        return "no_canary"
    if bad:
        return "nan"
    if now[0] <= before[0]:
        return "no_traffic"
    return "ok" if now[1] > before[1] else "no_baseline_traffic"


def _learn(state: dict[str, Any], closed: dict[str, Any], direction: str) -> bool:
    """One closed slice. Whether both arms had requests in it."""
    sums: dict[str, dict[str, float]] = {}
    for arm in (CANARY, BASELINE):
        total = sums[arm] = {}
        for counts in closed[arm].values():
            for key, count in counts.items():
                total[key] = total.get(key, 0.0) + count
        for key, count in total.items():
            state["total"][arm][key] = state["total"][arm].get(key, 0.0) + count
    n_c, n_b = sums[CANARY].get(REQUESTS, 0.0), sums[BASELINE].get(REQUESTS, 0.0)
    if n_c <= 0 or n_b <= 0:
        return False
    state["pods"] = [len(closed[CANARY]), len(closed[BASELINE])]
    for key in sorted((set(sums[CANARY]) | set(sums[BASELINE])) - {REQUESTS}):
        bound = state["bounds"].setdefault(
            key, {"curves": [[0.0] * curves.SIZE for _level in dispersion.LEVELS], "information": 0.0, "slices": 0, "dispersion": dispersion.initial()}
        )
        events, requests = (sums[CANARY].get(key, 0.0), sums[BASELINE].get(key, 0.0)), (n_c, n_b)
        if direction == "decrease":
            # Fewer good events are the harm: the same test with the arms changed over.
            events, requests = events[::-1], requests[::-1]
        _add(bound, *events, *requests)
        for arm in (CANARY, BASELINE):
            pods = {pod: (counts.get(key, 0.0), counts.get(REQUESTS, 0.0)) for pod, counts in closed[arm].items() if counts.get(REQUESTS, 0.0) > 0}
            dispersion.update_pods(bound["dispersion"], arm, pods)
    return True


def _add(bound: dict[str, Any], x_c: float, x_b: float, n_c: float, n_b: float) -> None:
    variance = dispersion.update(bound["dispersion"], x_c, x_b, n_c, n_b)
    bound["slices"] += 1
    bound["information"] += variance
    if x_c + x_b > 0:
        share = n_c / n_b
        one = curves.increment(x_c, x_b, share)
        log_ratio, poisson = curves.observed(x_c, x_b, share)
        for index, g in enumerate(dispersion.LEVELS):
            kept = bound["curves"][index]
            # Where dispersion outweighs the counts, a normal random effect on ln ratio: it favours neither the smaller nor the larger arm. With few
            # events the added halves would be evidence of their own; whether they are few must not depend on whose they were.
            normal = variance >= NORMAL_FROM and g * variance > 1.0
            bound["curves"][index] = curves.added_normal(kept, log_ratio, poisson + g) if normal else curves.added(kept, one, 1.0 + g * variance)


def _curve(bound: dict[str, Any]) -> list[float]:
    """The curve at the dispersion as measured by now."""
    index, part = dispersion.level(bound["dispersion"])
    return curves.between(bound["curves"][index], bound["curves"][index + 1], part)


def _phi(bound: dict[str, Any]) -> float:
    """What a slice is divided by, at their mean."""
    return 1.0 + dispersion.excess(bound["dispersion"]) * bound["information"] / max(1, bound["slices"])


def _log_mean_exp(values: list[float]) -> float:
    return curves.log_mean(values, 0.0) if values else 0.0


def _edges(metric: dict[str, Any], bound: dict[str, Any], pods: list[int]) -> tuple[int, int]:
    """The grid points of tolerance and harm, apart from each other by what pods differ. Harm stays above the tolerance by a step at least."""
    margin = dispersion.pod_margin(bound["dispersion"], pods[0], pods[1])
    low = curves.index_above(math.log(metric["tolerance"]) + margin)
    high = curves.index_below(math.log(metric["harm"]) - margin)
    return low, max(high, curves.index_above(math.log(metric["tolerance"])) + 1)


def _negligible(config: dict[str, Any], metric: dict[str, Any], state: dict[str, Any], key: str) -> bool:
    """Whether the canary's rate of these events is provably below what is declared negligible."""
    if metric["negligible"] is None or metric["direction"] != "increase":
        return False
    events, requests = (state["total"][CANARY].get(name, 0.0) for name in (key, REQUESTS))
    return below(events, requests, metric["negligible"], config["beta"], _phi(state["bounds"][key]))


def _e_values(config: dict[str, Any], metric: dict[str, Any], state: dict[str, Any]) -> dict[str, float]:
    """ln E for harm and for safety, and the bound that speaks loudest."""
    harms, safes, loudest, tolerance, harm = [], [], None, metric["tolerance"], metric["harm"]
    slices = max((bound["slices"] for bound in state["bounds"].values()), default=0)
    for key in sorted(state["bounds"], key=bound_order):
        bound = state["bounds"][key]
        low, high = _edges(metric, bound, state["pods"])
        values = _curve(bound)
        above = curves.log_e_above(values, low)
        safe = curves.log_e_below(values, high)
        if metric["direction"] == "either":
            above = max(above, curves.log_e_below(values, 2 * curves.MIDDLE - low))
            safe = min(safe, curves.log_e_above(values, 2 * curves.MIDDLE - high))
        harms.append(above)
        # A bound that nothing has passed yet says nothing; each of the others has to be safe by itself, or provably rare.
        if bound["information"] > 0 and not _negligible(config, metric, state, key):
            safes.append(safe)
        if loudest is None or above >= max(harms[:-1], default=-math.inf):
            loudest, tolerance, harm = key, curves.RATIOS[low], curves.RATIOS[high]
    return {"harm": _log_mean_exp(harms), "safe": min(safes, default=0.0), "loudest": loudest, "tolerance": tolerance, "ceiling": harm, "slices": slices}


def bound_order(key: str) -> tuple[float, str]:
    """Bounds by their number, others last."""
    try:
        return float(key), key
    except ValueError:
        return math.inf, key


def _conclude(config: dict, metric: dict, state: dict, status: str, tests: int, seconds: float) -> dict[str, Any]:
    found = _e_values(config, metric, state)
    n_c, n_b = state["total"][CANARY].get(REQUESTS, 0.0), state["total"][BASELINE].get(REQUESTS, 0.0)
    loudest = found["loudest"]
    events = {arm: state["total"][arm].get(loudest, 0.0) if loudest else 0.0 for arm in (CANARY, BASELINE)}
    detail: dict[str, Any] = {
        "status": status,
        "seconds": seconds,
        "bound": loudest,
        CANARY: {"events": events[CANARY], "requests": n_c},
        BASELINE: {"events": events[BASELINE], "requests": n_b},
        "ratio": _ratio(config, metric, state, loudest, events, n_c, n_b),
        "e_harm": _shown(found["harm"]),
        "e_harm_needed": tests / config["alpha"],
        "e_safe": _shown(found["safe"]),
        "e_safe_needed": 1 / config["beta"],
        "tolerance": round(found["tolerance"], 4),
        "harm": round(found["ceiling"], 4),
        "dispersion": round(_phi(state["bounds"][loudest]), 4) if loudest else 1.0,
    }
    harmed = found["harm"] >= math.log(tests / config["alpha"]) and found["slices"] >= MIN_SLICES
    safe = found["safe"] >= math.log(1 / config["beta"])
    rare = bool(state["bounds"]) and all(_negligible(config, metric, state, key) for key in state["bounds"])
    detail["verdict"], detail["reason"] = _verdict(config, metric, detail, harmed, safe, rare)
    return detail


def _shown(log_e: float) -> float:
    """E for people and files; beyond 1e12 nothing changes any more."""
    return float(f"{math.exp(max(-27.0, min(27.6, log_e))):.6g}")


def _ratio(config: dict, metric: dict, state: dict, key: str | None, events: dict[str, float], n_c: float, n_b: float) -> dict[str, float | None]:
    """Canary to stable: the Mantel-Haenszel estimate, which shared changes of rate do not move, and its confidence sequence; None where unknown."""
    if key is None:
        return {"estimate": None, "low": None, "high": None}
    bound = state["bounds"][key]
    low, high = curves.interval(_curve(bound), config["alpha"])
    estimate = None
    if events[CANARY] > 0 and events[BASELINE] > 0:
        estimate = math.exp(dispersion.log_ratio(bound["dispersion"]))
    elif events[BASELINE] > 0:
        estimate = 0.0
    if metric["direction"] == "decrease":
        low, high = (1 / high if high else None), (1 / low if low else None)
        estimate = 1 / estimate if estimate else None
    return {"estimate": _rounded(estimate), "low": _rounded(low), "high": _rounded(high)}


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


def _verdict(config: dict, metric: dict, detail: dict[str, Any], harmed: bool, safe: bool, rare: bool) -> tuple[str, str]:
    n_c, x_c = detail[CANARY]["requests"], detail[CANARY]["events"]
    ratio = detail["ratio"]["estimate"]
    said = "events in the canary only" if ratio is None else f"{ratio:g} times stable's rate"
    if harmed:
        return ROLL_BACK, f"worse than stable: {said}, E {detail['e_harm']:g} of {detail['e_harm_needed']:g} needed"
    if detail["status"] != "ok":
        return INCONCLUSIVE, f"no usable data in this look ({detail['status']})"
    if n_c < config["min_requests"]:
        return INCONCLUSIVE, f"{n_c:g} requests of the canary, {config['min_requests']} are needed"
    if detail["seconds"] < config["min_duration"]:
        return INCONCLUSIVE, f"compared for {detail['seconds']:g} seconds, {config['min_duration']:g} are needed"
    rate = x_c / n_c
    if metric["slo"] is not None and not within_floor(metric, rate):
        return INCONCLUSIVE, f"the canary's rate {rate:.4g} does not meet the SLO floor {metric['slo']:g}"
    if safe:
        return PROMOTE, f"not {detail['harm']:g} times as bad as stable: E {detail['e_safe']:g} of {detail['e_safe_needed']:g} needed"
    if rare:
        return PROMOTE, f"the canary's rate is below {metric['negligible']:g}, which is declared negligible"
    return (
        INCONCLUSIVE,
        f"not decided: harm E {detail['e_harm']:g} of {detail['e_harm_needed']:g}, safety E {detail['e_safe']:g} of {detail['e_safe_needed']:g}",
    )


def within_floor(metric: dict[str, Any], rate: float) -> bool:
    """Whether the canary's own rate is on the right side of the SLO: a ceiling of bad events, or a floor of good ones."""
    return rate >= metric["slo"] if metric["direction"] == "decrease" else rate <= metric["slo"]


def below(events: float, requests: float, rate: float, beta: float, phi: float = 1.0) -> bool:
    """Whether the events refute "the rate is `rate` or more", whenever one looks: a mixture of binomial likelihood ratios reaches 1/beta."""
    if requests <= 0 or not 0 < rate < 1:
        return False
    logs = []
    for step in range(1, 25):
        lower = rate * 10 ** (-step / 12)
        logs.append((events * math.log(lower / rate) + (requests - events) * (math.log1p(-lower) - math.log1p(-rate))) / max(1.0, phi))
    return curves.log_mean(logs, 0.0) >= math.log(1 / beta)


def requests_needed(ratio: float, rate: float, share: float, config: dict[str, Any] | None = None) -> dict[str, int | None]:
    """How many of the canary's requests each verdict needs if counts come just as expected: `{"roll_back": n, "promote": n}`, None if it never comes.

    `rate` is stable's rate of events (0 to 1), `ratio` how many times that the canary has, `share` the canary's part of the traffic (0 to 1). Poisson
    counts of one metric; no pods, no dispersion.
    """
    config = {**DEFAULTS, **METRIC_DEFAULTS, **(config or {})}
    if not 0 < rate <= 1 or not 0 < share < 1 or ratio < 0:
        raise ValueError("rate has to be above 0 and 1 at most, share between 0 and 1, ratio not negative")
    odds = share / (1 - share)
    one = curves.increment(ratio * rate, rate / odds, odds)
    low = curves.index_above(math.log(config["tolerance"]))
    high = max(low + 1, curves.index_below(math.log(config["harm"])))
    tests = config.get("tests", 1)
    roll_back = _first(one, lambda values: curves.log_e_above(values, low) >= math.log(tests / config["alpha"]))
    promote = _first(one, lambda values: curves.log_e_below(values, high) >= math.log(1 / config["beta"]))
    return {"roll_back": roll_back, "promote": None if promote is None else max(promote, config["min_requests"])}


def _first(one: list[float], reached: Any) -> int | None:
    """The smallest number of requests, to three digits, whose expected curve is enough."""
    low, high = 0.0, 1.0
    while not reached([value * high for value in one]):
        low, high = high, high * 2
        if high > 1e12:
            return None
    while high - low > 0.0005 * high:
        middle = (low + high) / 2
        low, high = (low, middle) if reached([value * middle for value in one]) else (middle, high)
    return math.ceil(high)

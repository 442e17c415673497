# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sequential test: what it decides, what it refuses to decide, and that it does so byte for byte alike."""

from __future__ import annotations

import json
import math
import random

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._canary import curve
from ansible_collections.llmops.platform.plugins.module_utils._canary import dispersion
from ansible_collections.llmops.platform.plugins.module_utils._canary import sequential

CONFIG = {"min_duration": 60, "metrics": {"errors": {}}}


def poisson(rng: random.Random, mean: float) -> int:
    if mean > 50:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, count, product = math.exp(-mean), 0, rng.random()
    while product > limit:
        count, product = count + 1, product * rng.random()
    return count


def traffic(
    seed: int, *, ratio: float = 1.0, rate: float = 0.02, canary: float = 150, stable: float = 1350, slices: int = 80, pods: int = 3, shape=None, noise=0.0
):
    """Looks 15 seconds apart: cumulative counters of one canary pod and some of stable."""
    rng = random.Random(seed)
    counters: dict = {}
    for step in range(slices):
        arms: dict = {"canary": {}, "baseline": {}}
        now = 15.0 * step
        for arm, names, load, factor in (("canary", ["c"], canary, ratio), ("baseline", [f"s{n}" for n in range(pods)], stable / pods, 1.0)):
            effect = rng.gammavariate(noise**-2, noise**2) if noise else 1.0
            for pod in names:
                served = poisson(rng, load)
                chance = min(1.0, factor * effect * (shape(now) if shape else rate))
                total = counters.setdefault((arm, pod), [0, 0])
                total[0] += served
                total[1] += min(served, poisson(rng, served * chance))
                arms[arm][pod] = {"requests": [(now, total[0])], "events": [(now, total[1])]}
        yield {"time": now, "metrics": {"errors": arms}}


def run(looks, config=None):
    config = config or CONFIG
    state, verdict, details, time = sequential.initial_state(), "inconclusive", {}, 0.0
    for look in looks:
        verdict, state, details = sequential.judge(config, state, look)
        time = look["time"]
        if verdict != "inconclusive":
            break
    return verdict, time, state, details


SHAPES = {
    "constant": {},
    "shared incident": {"shape": lambda now: 0.03 if 300 <= now < 900 else 0.002},
    "arms of 30 % noise": {"noise": 0.3},
    "few events": {"rate": 0.0005},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_wrong_is_not_rolled_back(shape):
    verdicts = [run(traffic(seed, **SHAPES[shape]))[0] for seed in range(25)]
    assert verdicts.count("roll_back") == 0


def test_nothing_wrong_is_promoted():
    verdicts = [run(traffic(seed))[0] for seed in range(25)]
    assert verdicts.count("promote") >= 23


@pytest.mark.parametrize(("ratio", "minutes"), [(2, 20), (4, 3), (10, 2)])
def test_harm_is_found(ratio, minutes):
    found = [run(traffic(seed, ratio=ratio, rate=0.02, canary=300, stable=2700))[:2] for seed in range(20)]
    assert [verdict for verdict, _time in found].count("roll_back") >= 19
    assert sorted(time for _verdict, time in found)[10] <= minutes * 60


def test_errors_in_the_canary_only():
    verdict, time, _state, details = run(traffic(1, rate=0.0, shape=None, ratio=1))
    assert verdict == "inconclusive", details
    looks = list(traffic(1, rate=0.0))
    for look in looks:
        pod = look["metrics"]["errors"]["canary"]["c"]
        pod["events"] = [(at, value // 20) for at, value in pod["requests"]]
    verdict, time, _state, details = run(looks)
    assert (verdict, time <= 60) == ("roll_back", True)
    assert details["metrics"]["errors"]["ratio"]["estimate"] is None


def test_same_samples_same_bytes_also_through_json():
    def bytes_of(through_json: bool) -> list[str]:
        state, seen = sequential.initial_state(), []
        for look in traffic(3, noise=0.3, slices=40):
            before = json.dumps(state)
            verdict, after, details = sequential.judge(CONFIG, state, look)
            assert json.dumps(state) == before, "the state given was changed"
            state = json.loads(json.dumps(after)) if through_json else after
            seen.append(json.dumps([verdict, state, details], sort_keys=True))
        return seen

    assert bytes_of(False) == bytes_of(False) == bytes_of(True)


def test_a_look_twice_counts_once():
    looks = list(traffic(4, slices=30))
    once, twice = run(looks)[2], run([look for look in looks for _time in range(2)])[2]
    assert once["metrics"]["errors"]["total"] == twice["metrics"]["errors"]["total"]


BAD = {
    "query error": ({"status": "error"}, "error"),
    "nothing": ({}, "empty"),
    "no series": ({"canary": {}, "baseline": {}}, "empty"),
    "no baseline": ({"canary": {"c": {"requests": [(9e9, 1e6)], "events": []}}, "baseline": {}}, "no_baseline"),
    "no canary": ({"canary": {}, "baseline": {"s0": {"requests": [(9e9, 1e6)], "events": []}}}, "no_canary"),
    "NaN": ({arm: {pod: {"requests": [(9e9, math.nan)], "events": []}} for arm, pod in (("canary", "c"), ("baseline", "s0"))}, "nan"),
    "negative": ({arm: {pod: {"requests": [(9e9, -1)], "events": []}} for arm, pod in (("canary", "c"), ("baseline", "s0"))}, "nan"),
}


@pytest.mark.parametrize("kind", BAD)
def test_never_promotes_on(kind):
    """Though all else is ready to promote."""
    looks = list(traffic(5, slices=60))
    state = sequential.initial_state()
    for look in looks:
        verdict, state, _details = sequential.judge(CONFIG, state, look)
    assert verdict == "promote"
    data, status = BAD[kind]
    verdict, _state, details = sequential.judge(CONFIG, state, {"time": 1000.0, "metrics": {"errors": data}})
    assert (verdict, details["metrics"]["errors"]["status"]) == ("inconclusive", status)


def test_no_traffic_never_promotes():
    looks = list(traffic(5, slices=60))
    for look in looks[30:]:
        look["metrics"]["errors"]["canary"]["c"] = {
            key: [(look["time"], values[0][1])] for key, values in looks[29]["metrics"]["errors"]["canary"]["c"].items()
        }
    state = sequential.initial_state()
    for look in looks:
        verdict, state, details = sequential.judge(CONFIG, state, look)
    assert (verdict, details["metrics"]["errors"]["status"]) == ("inconclusive", "no_traffic")


@pytest.mark.parametrize(
    ("config", "word"),
    [({"min_requests": 1e9}, "requests of the canary"), ({"min_duration": 1e9}, "seconds"), ({"metrics": {"errors": {"slo": 0.001}}}, "SLO")],
)
def test_what_promotion_waits_for(config, word):
    verdict, _time, _state, details = run(traffic(6), {**CONFIG, **config})
    assert verdict == "inconclusive"
    assert word in details["reason"]


def test_every_metric_has_to_be_safe():
    looks = [{**look, "metrics": {**look["metrics"], "other": {"status": "empty"}}} for look in traffic(7)]
    assert run(looks, {**CONFIG, "metrics": {"errors": {}, "other": {}}})[0] == "inconclusive"


def test_fewer_good_events_are_harm_when_the_direction_says_so():
    looks = list(traffic(8, rate=0.5, ratio=0.4))
    assert run(looks, {**CONFIG, "metrics": {"errors": {"direction": "decrease"}}})[0] == "roll_back"
    assert run(looks, {**CONFIG, "metrics": {"errors": {"direction": "either"}}})[0] == "roll_back"
    assert run(looks)[0] == "promote"


def test_warm_up_does_not_count():
    def cold(now):
        return 0.4 if now < 120 else 0.02

    looks = []
    for warm, hot in zip(traffic(9), traffic(9, shape=cold), strict=True):
        warm["metrics"]["errors"]["canary"] = hot["metrics"]["errors"]["canary"]
        looks.append(warm)
    assert run(looks)[0] == "roll_back"
    assert run(looks, {**CONFIG, "warm_up": 180})[0] == "promote"


def test_histogram_bounds_are_one_metric():
    looks = []
    for look in traffic(10, ratio=4):
        for arm in look["metrics"]["errors"].values():
            for pod in arm.values():
                pod["above"] = {"250": pod["requests"], "500": pod.pop("events")}
        looks.append(look)
    verdict, _time, state, details = run(looks)
    assert verdict == "roll_back"
    assert details["metrics"]["errors"]["bound"] == "500"
    assert set(state["metrics"]["errors"]["bounds"]) == {"250", "500"}


def test_confidence_sequence_covers_always():
    missed = 0
    for seed in range(40):
        state = sequential.initial_state()
        for look in traffic(seed, ratio=1.5, slices=40):
            _verdict, state, details = sequential.judge(CONFIG, state, look)
            ratio = details["metrics"]["errors"]["ratio"]
            if (ratio["low"] or 0) > 1.5 or (ratio["high"] or math.inf) < 1.5:
                missed += 1
                break
    assert missed <= 2


@pytest.mark.parametrize(("log_ratio", "above", "below"), [(0.0, 48, 48), (math.log(2), 60, 60), (math.log(1.25), 52, 51), (99.0, 95, 95), (-99.0, 1, 1)])
def test_the_grid_rounds_to_the_safe_side(log_ratio, above, below):
    assert (curve.index_above(log_ratio), curve.index_below(log_ratio)) == (above, below)


def test_e_is_one_before_the_first_event_and_is_an_e_value():
    flat = [0.0] * curve.SIZE
    assert curve.log_e_above(flat, 50) == curve.log_e_below(flat, 50) == 0.0
    # The mean of E over all outcomes of a binomial at the edge of the hypothesis is 1 at most.
    index, share, total = 52, 0.25, 12
    theta = curve.RATIOS[index] * share / (1 + curve.RATIOS[index] * share)
    mean = sum(
        math.comb(total, x) * theta**x * (1 - theta) ** (total - x) * math.exp(curve.log_e_above(curve.increment(x, total - x, share), index))
        for x in range(total + 1)
    )
    assert mean == pytest.approx(1.0)


def test_pods_that_differ_widen_the_margin():
    alike, apart = dispersion.initial(), dispersion.initial()
    for _slice in range(50):
        dispersion.update_pods(alike, "baseline", {"a": (20, 1000), "b": (20, 1000), "c": (20, 1000)})
        dispersion.update_pods(apart, "baseline", {"a": (10, 1000), "b": (20, 1000), "c": (30, 1000)})
    assert dispersion.pod_margin(apart, 1, 3) > 3 * dispersion.pod_margin(alike, 1, 3)


@pytest.mark.parametrize(("ratio", "verdict"), [(1, "promote"), (4, "roll_back")])
def test_requests_needed(ratio, verdict):
    few, many = sequential.requests_needed(ratio, 0.01, 0.1), sequential.requests_needed(ratio, 0.001, 0.1)
    assert 8 < many[verdict] / few[verdict] < 12
    assert few[{"promote": "roll_back", "roll_back": "promote"}[verdict]] is None


@pytest.mark.parametrize(("rate", "share"), [(0, 0.1), (0.1, 0), (0.1, 1), (2, 0.1)])
def test_requests_needed_refuses(rate, share):
    with pytest.raises(ValueError, match="share between 0 and 1"):
        sequential.requests_needed(1, rate, share)

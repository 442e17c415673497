# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated scrapes, and what the canary benchmark concludes from verdicts."""

from __future__ import annotations

import math
import statistics
from itertools import pairwise
from random import Random
from types import SimpleNamespace

import pytest

from tests.benchmarks import bench_canary
from tests.benchmarks.canary import measures
from tests.benchmarks.canary.cell import HORIZON
from tests.benchmarks.canary.cell import PLANS
from tests.benchmarks.canary.cell import SCRAPE
from tests.benchmarks.canary.cell import Cell
from tests.benchmarks.canary.cells import CELLS
from tests.benchmarks.canary.cells import chosen
from tests.benchmarks.canary.draws import Autoregression
from tests.benchmarks.canary.draws import gamma
from tests.benchmarks.canary.draws import poisson
from tests.benchmarks.canary.judges import JUDGES
from tests.benchmarks.canary.judges import OURS
from tests.benchmarks.canary.judges import Outcome
from tests.benchmarks.canary.judges import followed
from tests.benchmarks.canary.judges import outcomes
from tests.benchmarks.canary.latency import BOUNDS
from tests.benchmarks.canary.latency import above
from tests.benchmarks.canary.latency import shares
from tests.benchmarks.canary.latency import usual
from tests.benchmarks.canary.latency import with_tail
from tests.benchmarks.canary.simulator import CANARY
from tests.benchmarks.canary.simulator import CONTROL
from tests.benchmarks.canary.simulator import Pod
from tests.benchmarks.canary.simulator import simulate
from tests.benchmarks.canary.views import minutes
from tests.benchmarks.canary.views import raw_looks

SAME = Cell("test/same", "null", rps=20.0)


@pytest.mark.parametrize("mean", [0.05, 3.0, 11.9, 12.1, 80.0, 3000.0])
def test_poisson_has_its_mean_and_variance(mean):
    random = Random(1)
    drawn = [poisson(random, mean) for _number in range(20000)]
    error = 5.0 * math.sqrt(mean / len(drawn))
    assert abs(statistics.fmean(drawn) - mean) < error
    assert statistics.variance(drawn) == pytest.approx(mean, rel=0.1 if mean > 1 else 0.2)
    assert poisson(random, 0.0) == 0


def test_factors_have_mean_one_and_the_variation_asked_for():
    random = Random(2)
    drawn = [gamma(random, 0.3) for _number in range(20000)]
    assert statistics.fmean(drawn) == pytest.approx(1.0, abs=0.02) and statistics.stdev(drawn) == pytest.approx(0.3, rel=0.05)
    assert gamma(random, 0.0) == 1.0
    wander = Autoregression(random, 0.8, 0.3)
    walked = [wander() for _number in range(40000)]
    assert statistics.fmean(walked) == pytest.approx(1.0, abs=0.05)
    logs = [math.log(value) for value in walked]
    assert statistics.correlation(logs[:-1], logs[1:]) == pytest.approx(0.8, abs=0.03)


def test_buckets_share_out_all_requests():
    assert sum(share for _number, share in shares(usual())) == pytest.approx(1.0, abs=1e-6)
    assert above(usual(), 80.0) == pytest.approx(0.5)
    slow = sum(share for number, share in shares(usual(), 1.3) if number > BOUNDS.index(500.0))
    assert slow == pytest.approx(above([(1.0, 104.0, 0.7)], 500.0), rel=1e-3)
    assert above(with_tail(0.05, 2.0), 1000.0) == pytest.approx(0.05, rel=0.01)


def test_the_same_trial_has_the_same_scrapes_and_another_has_others():
    first, again, other = simulate(SAME, 7), simulate(SAME, 7), simulate(SAME, 8)
    assert first == again
    assert first.pods != other.pods


def test_counters_only_grow_and_agree_with_each_other():
    trial = simulate(SAME, 0)
    assert [pod.arm for pod in trial.pods] == [CONTROL] * 4 + [CANARY] * 2
    for pod in trial.pods:
        assert len(pod.times) == len(pod.requests) == len(pod.errors) == len(pod.buckets) == HORIZON / SCRAPE + 1
        known = [(requests, errors or 0, buckets) for requests, errors, buckets in zip(pod.requests, pod.errors, pod.buckets, strict=True) if requests]
        assert all(after[0] >= before[0] and after[1] >= before[1] for before, after in pairwise(known))
        assert all(buckets[-1] == requests >= errors and buckets == sorted(buckets) for requests, errors, buckets in known)
    canary = sum(pod.requests[-1] for pod in trial.arm(CANARY))
    assert canary == trial.canary_requests[-1] == pytest.approx(0.1 * 20.0 * HORIZON, rel=0.05)
    assert trial.excess[-1] == 0.0


def test_a_series_begins_with_its_first_event():
    trial = simulate(Cell("test/late", "harm", base_error=0.0, canary_error=0.02, harm_starts=15.0), 0)
    for pod in trial.arm(CANARY):
        first = next(number for number, errors in enumerate(pod.errors) if errors is not None)
        assert pod.times[first] > 900.0 and pod.errors[first] > 0
    assert all(errors is None for pod in trial.arm(CONTROL) for errors in pod.errors)
    assert trial.excess[60] == 0.0 and trial.excess[-1] == pytest.approx(2700.0 * 10.0 * 0.02, rel=0.02)


def test_a_restarted_pod_counts_from_zero():
    pods = simulate(Cell("test/restarts", "null", restarts=5.0), 0).pods
    assert all(sum(after < before for before, after in pairwise(value for value in pod.requests if value)) >= 10 for pod in pods)


def test_lost_scrapes_are_missing():
    trial = simulate(Cell("test/gaps", "null", gaps=0.5), 0)
    lost = [value is None for pod in trial.pods for value in pod.requests]
    assert sum(lost) / len(lost) == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize(("traffic", "silent"), [("none", {CANARY, CONTROL}), ("control", {CANARY}), ("canary", {CONTROL})])
def test_who_has_no_traffic_has_no_series(traffic, silent):
    trial = simulate(Cell("test/silent", "blind", traffic=traffic), 0)
    assert {pod.arm for pod in trial.pods if pod.requests[-1] is None} == silent


def test_minutes_are_what_promql_gives():
    times = [7.0 + 15.0 * number for number in range(241)]
    arms = [
        Pod(
            f"{arm}-0",
            arm,
            times,
            [150 * number + 1 for number in range(241)],
            [3 * number + 1 for number in range(241)],
            [[0] * 8 + [150 * number] * 8 for number in range(241)],
        )
        for arm in (CANARY, CONTROL)
    ]
    found = minutes(SimpleNamespace(arm=lambda name: [pod for pod in arms if pod.arm == name]))
    assert len(found) == 60
    # All between 250 and 500 ms; 98 % without an error.
    assert found[30][CANARY] == {"success": {"value": pytest.approx(98.0), "status": "ok"}, "p99": {"value": pytest.approx(497.5), "status": "ok"}}


def test_minutes_without_data_say_so():
    nothing = minutes(simulate(Cell("test/none", "blind", traffic="control"), 0))[10]
    assert nothing[CANARY] == {"success": {"value": None, "status": "empty"}, "p99": {"value": None, "status": "empty"}}
    assert nothing[CONTROL]["success"]["status"] == "ok"


def test_looks_show_every_sample_once():
    trial = simulate(SAME, 3)
    looks = list(raw_looks(trial, SCRAPE))
    assert len(looks) == HORIZON / SCRAPE
    pod = trial.arm(CANARY)[0]
    seen = [sample for look in looks for sample in look["metrics"]["errors"]["canary"].get(pod.name, {}).get("requests", [])]
    assert seen == [(time, value) for time, value in zip(pod.times, pod.requests, strict=True) if value is not None and time < HORIZON]
    slow = looks[100]["metrics"]["latency"]["canary"][pod.name]
    index = BOUNDS.index(250.0)
    at = pod.times.index(slow["requests"][0][0])
    assert slow["above"]["250"][0][1] == pod.buckets[at][-1] - pod.buckets[at][index]


def test_cells_have_their_own_names_and_are_what_they_say():
    assert len({cell.name for cell in CELLS}) == len(CELLS)
    for cell in CELLS:
        assert cell.plan in PLANS
        assert cell.name.startswith(f"{cell.kind}/")
        if cell.kind == "harm":
            assert cell.ratio() > 1.0 or cell.served < 1.0, cell.name
        elif not cell.cold_start:
            assert cell.ratio() == pytest.approx(1.0), cell.name
    assert Cell("test/pod", "harm", canary_pods=10, bad_pod_error=0.1).ratio() == pytest.approx(5.9)
    assert {cell.kind for cell in chosen("^null/")} == {"null"}
    with pytest.raises(ValueError, match="no cell's name matches 'nowhere'"):
        chosen("nowhere")


def test_a_plan_is_decided_while_there_is_a_control():
    assert Cell("test/a", "null", plan="10/50/100").compared_until() == 2400.0
    assert Cell("test/b", "null").compared_until() == HORIZON
    assert [Cell("test/c", "null", plan="10/50/100").weight(60.0 * minute) for minute in (0, 19, 20, 40)] == [0.1, 0.1, 0.5, 1.0]
    assert Cell("test/d", "harm", plan="blue-green").begins() == 300.0


def judge(*verdicts):
    """One that says this, look by look."""

    def said(_config, state, _look):
        return verdicts[state["looks"]], {"looks": state["looks"] + 1}, {}

    return SimpleNamespace(initial_state=lambda: {"looks": 0}, judge=said)


TRIAL = SimpleNamespace(canary_requests=list(range(0, 2410, 10)), excess=[float(step) for step in range(241)])
LOOKS = [{"time": 60.0}, {"time": 120.0}, {"time": 180.0}]


def test_the_first_roll_back_ends_a_trial():
    outcome = followed("some", judge("promote", "roll_back", "promote"), {}, LOOKS, TRIAL)
    assert (outcome.verdict, outcome.seconds, outcome.first_promote, outcome.requests, outcome.excess, outcome.looks) == ("roll_back", 120.0, 60.0, 80, 8.0, 2)


@pytest.mark.parametrize(
    ("verdicts", "more", "expected"),
    [
        (("promote", "inconclusive", "inconclusive"), {}, "inconclusive"),
        (("inconclusive", "promote", "inconclusive"), {"until": 120.0}, "promote"),
        (("inconclusive", "inconclusive", "inconclusive"), {"at_the_end": "promote"}, "promote"),
        (("inconclusive", "promote", "roll_back"), {"until": 120.0}, "roll_back"),
    ],
)
def test_what_is_said_when_the_decision_is_due_counts(verdicts, more, expected):
    outcome = followed("some", judge(*verdicts), {}, LOOKS, TRIAL, **more)
    assert outcome.verdict == expected
    assert outcome.seconds == (180.0 if expected == "roll_back" else HORIZON)


def outcome(verdict, seconds=HORIZON, first=None, name=OURS):
    return Outcome(name, verdict, seconds, first, 500, 2.0, 0.01, 10)


def test_wilson_intervals():
    assert wilson_percent(10, 100) == (pytest.approx(5.52, abs=0.01), pytest.approx(17.44, abs=0.01))
    assert wilson_percent(0, measures.ENOUGH)[1] <= 1.0 < wilson_percent(0, measures.ENOUGH - 1)[1]
    assert wilson_percent(100, 100)[1] == pytest.approx(100.0)


def wilson_percent(found, trials):
    return tuple(100.0 * value for value in measures.wilson(found, trials))


HARMFUL = Cell("test/harm", "harm", canary_error=0.008)


def test_a_trial_that_never_rolls_back_takes_for_ever():
    row = measures.row(HARMFUL, OURS, [outcome("roll_back", 60.0), outcome("roll_back", 90.0), outcome("inconclusive"), outcome("promote", first=900.0)])
    assert (row["rolled_back_percent"], row["promoted_percent"], row["ever_promoted_percent"], row["inconclusive_percent"]) == (50.0, 25.0, 25.0, 25.0)
    assert (row["roll_back_s_median"], row["roll_back_s_p95"]) == (90.0, None)
    assert row["ratio"] == 4.0 and row["great"]


def test_a_promotion_before_the_roll_back_is_held_against_the_judge():
    trials = [outcome("roll_back", 1200.0, first=300.0), outcome("roll_back", 1200.0)]
    assert measures.row(HARMFUL, OURS, trials)["ever_promoted_percent"] == 50.0
    # Fifteen minutes later there is something to see, and at minute five there was nothing.
    late = Cell("test/late", "harm", canary_error=0.008, harm_starts=15.0)
    row = measures.row(late, OURS, trials)
    assert row["ever_promoted_percent"] == 0.0 and row["roll_back_s_median"] == 300.0


def values(rows):
    return {goal["goal"]: (goal["value"], goal["met"]) for goal in measures.goals(rows)}


def test_goals_are_those_of_the_worst_cell():
    calm, wild = Cell("test/calm", "null"), Cell("test/wild", "null")
    fine = [outcome("promote")] * 500
    rows = [measures.row(calm, OURS, fine, True), measures.row(wild, OURS, [*fine[:490], *[outcome("roll_back", 60.0)] * 10], True)]
    rows += [measures.row(HARMFUL, OURS, [outcome("roll_back", 60.0)] * 96 + [outcome("promote")] * 4, False)]
    rows += [measures.row(HARMFUL, "kayenta_3", [outcome("roll_back", 1200.0)] * 100), measures.row(HARMFUL, "flagger_5", [outcome("roll_back", 45.0)] * 100)]
    rows += [measures.row(Cell("test/blind", "blind"), OURS, [outcome("inconclusive")] * 100)]
    found = values(rows)
    assert found["false_rollback_worst"] == (2.0, False)
    assert found["false_rollback_upper_worst"][1] is False
    assert found["false_promotion_worst"] == (4.0, True)
    assert found["detected_in_half_of_kayenta_3"] == (100.0, True)
    assert found["detected_as_soon_as_flagger_5"] == (0.0, False)
    assert found["promoted_without_data"] == (0.0, True)
    assert found["same_samples_same_verdict"] == (66.667, False)


def test_few_trials_cannot_show_a_small_share():
    rows = [measures.row(Cell("test/calm", "null"), OURS, [outcome("promote")] * 100)]
    assert values(rows)["false_rollback_upper_worst"] == (None, None)
    assert values(rows)["false_rollback_worst"] == (0.0, True)
    assert values([])["promoted_without_data"] == (None, None)


@pytest.mark.parametrize(
    ("mine", "its", "expected"), [(600.0, 1200.0, True), (601.0, 1200.0, False), (60.0, None, True), (None, 1200.0, False), (None, None, False)]
)
def test_sooner_means_half_the_time(mine, its, expected):
    assert measures.sooner({"roll_back_s_median": mine}, {"roll_back_s_median": its}, 0.5) is expected


def test_cells_that_nobody_detects_are_no_defeat():
    nobody = [measures.row(HARMFUL, name, [outcome("inconclusive")] * 10) for name in (OURS, "kayenta_3")]
    assert measures.detectable(nobody, "kayenta_3") == []


def test_a_small_canary_is_not_rolled_back_for_one_error():
    cell = next(cell for cell in CELLS if cell.name == "null/same, cohort 1 %")
    # One error of 415 requests, and stable 94 of 44,526: once E was 258 here.
    assert outcomes(simulate(cell, 0), (OURS,))[0].verdict != "roll_back"


def test_summary_has_a_line_a_cell():
    rows = [measures.row(HARMFUL, name, [outcome("roll_back", 60.0)] * 4) for name in JUDGES]
    assert bench_canary.summary(rows) == [
        {"cell": "test/harm", "trials": 4, "measure": "rolled back %, median s, excess", **dict.fromkeys(JUDGES, "100, 60, 2")}
    ]

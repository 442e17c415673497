# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of Flagger, Argo Rollouts and Kayenta by tables, and what ends an analysis."""

from __future__ import annotations

import math
import random

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._canary import argo
from ansible_collections.llmops.platform.plugins.module_utils._canary import kayenta
from ansible_collections.llmops.platform.plugins.module_utils._canary import limits
from ansible_collections.llmops.platform.plugins.module_utils._canary import threshold


def run(judge, config, values):
    state, verdict, details = judge.initial_state(), "inconclusive", {}
    for value in values:
        data = value if isinstance(value, dict) else {"value": value}
        verdict, state, details = judge.judge(config, state, {"time": 0, "metrics": {"m": data}})
        if verdict != "inconclusive":
            break
    return verdict, state, details


@pytest.mark.parametrize(
    ("values", "verdict", "failed"),
    [
        ([99, 99, 99], "inconclusive", 0),
        ([98, 99, 98], "roll_back", 2),
        ([98, 99, 99, 99, 99], "promote", 1),
        ([math.nan, None], "roll_back", 2),
        ([{"status": "error"}, {"status": "timeout", "value": 99}], "roll_back", 2),
    ],
)
def test_threshold(values, verdict, failed):
    found = run(threshold, {"threshold": 2, "steps": 4, "metrics": {"m": {"min": 99}}}, values)
    assert (found[0], found[1]["failed_checks"]) == (verdict, failed)


def test_threshold_stops_at_the_first_that_fails():
    look = {"time": 0, "metrics": {"a": {"value": 9}, "b": {"value": 1}}}
    details = threshold.judge({"metrics": {"a": {"max": 1}, "b": {"max": 1}}}, {}, look)[2]
    assert list(details["metrics"]) == ["a"]


GOOD, BAD = {"max": 1}, {"min": 5}


@pytest.mark.parametrize(
    ("metric", "values", "verdict", "phase"),
    [
        ({"success": GOOD, "count": 2}, [0, 0], "promote", "successful"),
        ({"success": GOOD}, [0, 2], "roll_back", "failed"),
        ({"success": GOOD, "failure_limit": 1}, [0, 2, 0], "inconclusive", "running"),
        ({"failure": BAD, "count": 1}, [0], "promote", "successful"),
        ({"success": GOOD, "failure": BAD}, [3], "inconclusive", "inconclusive"),
        ({"success": GOOD, "failure": BAD, "inconclusive_limit": 1, "count": 3}, [3, 0, 0], "promote", "successful"),
        ({"success": GOOD, "failure": BAD, "inconclusive_limit": 1}, [3, 6], "roll_back", "failed"),
        ({"success": GOOD}, [None] * 4, "inconclusive", "running"),
        ({"success": GOOD}, [None] * 5, "roll_back", "error"),
        ({"success": GOOD, "count": 1}, [None], "inconclusive", "running"),
        ({"success": GOOD, "consecutive_success_limit": 2, "failure_limit": 3}, [0, 2, 0, 0], "promote", "successful"),
        ({"success": GOOD, "interval": False}, [0], "promote", "successful"),
    ],
)
def test_argo(metric, values, verdict, phase):
    found = run(argo, {"metrics": {"m": metric}}, values)
    assert (found[0], found[2]["phase"]) == (verdict, phase)


def points(seed: int, mean: float, sigma: float, count: int) -> list[float]:
    rng = random.Random(seed)
    return [mean * math.exp(rng.gauss(0, sigma)) for _number in range(count)]


KAYENTA = {
    "alike": ({}, points(1, 1, 0.1, 60), points(2, 1, 0.1, 60), "pass"),
    "one per cent more is high": ({"direction": "increase"}, points(3, 1.01, 0.01, 60), points(4, 1, 0.01, 60), "high"),
    "unless an effect is asked for": ({"direction": "increase", "effect": {"increase": 1.1}}, points(3, 1.01, 0.01, 60), points(4, 1, 0.01, 60), "pass"),
    "less is low": ({}, points(3, 0.5, 0.1, 20), points(4, 1, 0.1, 20), "low"),
    "less is no increase": ({"direction": "increase"}, points(3, 0.5, 0.1, 20), points(4, 1, 0.1, 20), "pass"),
    "the same": ({}, [1, 2, 3], [3, 1, 2], "pass"),
    "one value": ({}, [2, 2], [2, 2, 2], "pass"),
    "two constants": ({}, [2, 2, 2], [1, 1, 1], "high"),
    "7 of 10 at a hundred times": ({}, [100] * 7 + [1] * 3, [1] * 10, "pass"),
    "8 of 10 at a hundred times": ({}, [100] * 8 + [1] * 2, [1] * 10, "high"),
    "nothing": ({}, [], [1], "nodata"),
    "only NaN": ({}, [math.nan], [1], "nodata"),
    "NaN as 0": ({"nan": "replace"}, [], [1], "pass"),
    "data demanded": ({"must_have_data": True}, [], [1], "nodata_fail"),
}


@pytest.mark.parametrize("case", KAYENTA)
def test_kayenta_labels(case):
    metric, experiment, control, label = KAYENTA[case]
    assert kayenta.classify(metric, experiment, control)["label"] == label


def test_three_points_are_enough_for_high():
    """The false positive that its users report: without noise of the pods' own, nothing but chance."""
    high = sum(kayenta.classify({"direction": "increase"}, points(2 * n, 1, 0.1, 3), points(2 * n + 1, 1, 0.1, 3))["label"] == "high" for n in range(2000))
    assert 0.015 < high / 2000 < 0.04


def labels(**given) -> dict:
    return {name: {"label": label.removeprefix("!"), "critical": label.startswith("!")} for name, label in given.items()}


@pytest.mark.parametrize(
    ("found", "config", "score"),
    [
        (labels(a="pass", b="high", c="pass"), {}, 66.67),
        (labels(a="pass", b="!high"), {}, 0),
        (labels(a="pass", b="nodata"), {}, 0),
        (labels(a="pass", b="pass", c="nodata"), {}, 100),
        (labels(a="pass", b="pass", c="nodata_fail"), {}, 66.67),
        (labels(a="pass", b="error"), {}, 50),
        (labels(a="pass", b="high"), {"groups": {"x": 80}, "metrics": {"a": {"group": "x"}, "b": {}}}, 80),
        (labels(a="pass", b="high"), {"metrics": {"a": {}, "b": {"muted": True}}}, 100),
        ({}, {}, 0),
    ],
)
def test_kayenta_scores(found, config, score):
    assert kayenta.score({"metrics": {name: {} for name in found}, **config}, found) == score


def test_kayenta_needs_every_look_marginal_and_the_last_good():
    config = {"looks": 2, "metrics": {"m": {}}}
    same = {"canary": [1, 2], "baseline": [2, 1]}
    assert run(kayenta, config, [same])[0] == "inconclusive"
    assert run(kayenta, config, [same, same])[0] == "promote"
    assert run(kayenta, config, [{"status": "error"}])[0] == "roll_back"
    assert run(kayenta, config, [{}])[0] == "roll_back"


@pytest.mark.parametrize(
    ("statuses", "kind"),
    [(["ok"], None), ([], "no_data"), (["ok", "nan"], "bad"), (["nan", "error"], "query_error"), (["no_traffic"], "no_data"), (["several"], "query_error")],
)
def test_kinds_of_looks(statuses, kind):
    assert limits.kind(statuses) == kind


DETAILS = {"reason": "r", "floor": {"holds": True, "said": "s"}}
NONE = {"bad": 0, "no_data": 0, "query_error": 0}


@pytest.mark.parametrize(
    ("options", "verdict", "counts", "seconds", "expected"),
    [
        ({}, "inconclusive", {}, 1e6, ("inconclusive", False)),
        ({}, "promote", {}, 0, ("promote", True)),
        ({}, "promote", {"no_data": 1}, 0, ("inconclusive", False)),
        ({}, "roll_back", {"query_error": 99}, 0, ("roll_back", True)),
        ({}, "inconclusive", {"query_error": 6}, 0, ("inconclusive", True)),
        ({"on_limit": "roll_back"}, "inconclusive", {"bad": 4}, 0, ("roll_back", True)),
        ({"limits": {"no_data": 2}}, "inconclusive", {"no_data": 3}, 0, ("inconclusive", True)),
        ({"limits": {"bad": None}}, "inconclusive", {"bad": 99}, 0, ("inconclusive", False)),
        ({"deadline": 60}, "inconclusive", {}, 60, ("inconclusive", True)),
        ({"deadline": 60, "on_deadline": "roll_back"}, "inconclusive", {}, 60, ("roll_back", True)),
        ({"low_traffic": {"policy": "slo", "after": 60}}, "inconclusive", {}, 60, ("promote", True)),
        ({"low_traffic": {"policy": "slo", "after": 60}}, "inconclusive", {"no_data": 1}, 60, ("inconclusive", False)),
        ({"low_traffic": {"policy": "hold", "after": 60}}, "inconclusive", {}, 60, ("inconclusive", False)),
    ],
)
def test_how_it_ends(options, verdict, counts, seconds, expected):
    assert limits.conclude(options, verdict, DETAILS, {**NONE, **counts}, seconds)[:2] == expected

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans of releases, by tables."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._release import plan

CANARY = {
    "steps": [10, 50, 100],
    "replicas_min": 1,
    "match_first": True,
    "mirror_percent": 0,
    "gates": {},
    "step_needs": "no_harm",
    "judge_full": False,
    "keep_old_minutes": 0,
}
BLUE_GREEN = {"smoke_test_path": "/health", "approve_switch": False, "judge": True, "keep_old_minutes": 60}


def settings(strategy="canary", traffic="VirtualService", matched=True, judged=True, **changes):
    return {
        "strategy": strategy,
        "traffic": traffic,
        "matched": matched,
        "judged": judged,
        "canary": {**CANARY, **changes},
        "blue_green": {**BLUE_GREEN, **changes},
    }


def kinds(stages):
    return [stage["kind"] for stage in stages]


def test_a_canary_has_capacity_before_weight():
    stages = plan.plan(settings(), 4)
    assert kinds(stages) == ["capacity", "weight", "weight", "capacity", "weight", "capacity", "weight", "finish"]
    assert [stage["replicas"] for stage in stages if stage["kind"] == "capacity"] == [1, 2, 4]
    assert [(stage["canary"], stage["matched"], stage["judge"]) for stage in stages if stage["kind"] == "weight"] == [
        (0, 100, False),
        (10, 100, True),
        (50, 100, True),
        (100, 100, False),
    ]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [([10, 50, 100], [10, 50, 100]), ([10], [10, 100]), ([1, 2, 5, 10, 25, 50, 100], [1, 2, 5, 10, 25, 50, 100]), ([100], [100])],
)
def test_schedules(steps, expected):
    assert plan.check_steps(steps) == expected


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([], "is empty"),
        ([50, 10], "does not rise"),
        ([10, 10], "does not rise"),
        ([0, 50], "has 0"),
        ([10, 101], "has 101"),
        ([-5], "has -5"),
        (["10"], "has '10'"),
        ([True], "has True"),
    ],
)
def test_schedules_that_are_refused(steps, said):
    with pytest.raises(plan.PlanError, match=said):
        plan.check_steps(steps)


def test_gates_and_a_warm_old_version():
    stages = plan.plan(settings(gates={"match": True, 50: True, "finish": True, 10: False}, keep_old_minutes=10), 2)
    assert [stage["gate"] for stage in stages if stage["kind"] == "gate"] == ["match", "50", "finish"]
    assert kinds(stages)[-3:] == ["gate", "keep", "finish"]
    with pytest.raises(plan.PlanError, match="names 30"):
        plan.plan(settings(gates={30: True}), 2)


def test_without_a_match_route_no_request_is_chosen():
    assert all(stage.get("matched", 0) == 0 for stage in plan.plan(settings(matched=False), 2))


def test_copies_before_any_weight():
    first = next(stage for stage in plan.plan(settings(mirror_percent=20), 2) if stage["kind"] == "weight")
    assert (first["canary"], first["mirror"], first["judge"]) == (0, 20, True)


def test_blue_green_is_whole_tested_and_kept_warm():
    stages = plan.plan(settings("blue_green"), 5)
    assert kinds(stages) == ["capacity", "weight", "smoke", "weight", "keep", "finish"]
    assert stages[0]["replicas"] == 5
    assert stages[4]["minutes"] == 60
    assert kinds(plan.plan(settings("blue_green", traffic="Service", matched=False, smoke_test_path="", keep_old_minutes=0), 1)) == [
        "capacity",
        "weight",
        "finish",
    ]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (settings("canary", traffic="Service"), "a Service has none"),
        (settings("canary", traffic="none"), "istio_services"),
        (settings("blue_green", traffic="none"), "istio_services"),
        (settings(judged=False), "release_prometheus.url"),
        (settings("recreate"), "choose rolling, blue_green, canary"),
    ],
)
def test_what_cannot_be_planned(wanted, said):
    with pytest.raises(plan.PlanError, match=said):
        plan.plan(wanted, 3)


def test_rolling_needs_nothing():
    assert kinds(plan.plan(settings("rolling", traffic="none"), 3)) == ["roll"]


@pytest.mark.parametrize(("weight", "full", "pods"), [(10, 1, 1), (10, 10, 1), (11, 10, 2), (50, 3, 2), (100, 3, 3), (1, 3, 1)])
def test_pods_for_a_weight(weight, full, pods):
    assert plan.replicas_for(weight, full) == pods


def test_rows_mark_what_is_done():
    rows = plan.rows(plan.plan(settings(), 4), done=2)
    assert rows[0] == "x 1. new version ready: 1 pods"
    assert rows[2] == "  3. stable 90 %, canary 10 %, chosen requests to canary, judged"

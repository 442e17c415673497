# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A canary whose figures are like those of the old version is promoted, and the evidence says why."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.load import report

STEPS = {"release_canary_steps": [20, 50, 100]}


def test_check_mode_shows_the_plan_and_changes_nothing(releases):
    before = (releases.weights(), releases.record(), releases.get("deployment", "consumption")["metadata"]["resourceVersion"])
    done = releases.release("3.0.0", "canary", "--check", **STEPS)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "stable 80 %, canary 20 %" in " ".join(done.stdout.split())
    assert (releases.weights(), releases.record(), releases.get("deployment", "consumption")["metadata"]["resourceVersion"]) == before
    assert releases.get("deployment", "consumption-canary") == {}


def test_a_good_canary_is_promoted_under_load(releases):
    with releases.load(200, 480) as load:
        done = releases.release("3.0.0", "canary", **STEPS)
    assert done.returncode == 0, done.stdout[-4000:]
    result = report(load.answers)
    assert result["failed"] == []
    assert set(result["versions"]) == {"1.0.0", "3.0.0"}
    record = releases.record()
    assert (record["phase"], record["version"]) == ("promoted", "3.0.0")
    events = [entry["event"] for entry in json.loads(record["history"])]
    assert any(event.startswith("20 %: go on") for event in events)
    assert any(event.startswith("50 %: go on") for event in events)
    assert releases.weights()["primary"] == (100, 0)
    assert releases.version() == "3.0.0"
    assert releases.get("deployment", "consumption-canary") == {}
    reports = sorted(Path(releases.directory / "reports" / "releases").glob("*consumption-3.0.0.*"))
    assert {path.suffix for path in reports} >= {".json", ".md", ".html"}


def test_requests_that_bear_the_header_reach_the_canary_alone(releases):
    releases.rest()
    gate = {
        "release_canary": {
            "steps": [20, 100],
            "replicas_min": 1,
            "match_first": True,
            "mirror_percent": 0,
            "gates": {"20": True},
            "step_needs": "no_harm",
            "judge_full": False,
            "keep_old_minutes": 0,
        }
    }
    done = releases.release("3.1.0", "canary", release_gate_mode="stop", **gate)
    assert done.returncode == 0, done.stdout[-3000:]
    assert releases.record()["phase"] == "paused"
    assert releases.weights() == {"canary-match": (0, 100), "primary": (100, 0)}
    with releases.load(20, 5) as plain, releases.load(20, 5, **{"x-canary": "true"}) as chosen:
        pass_time(plain, chosen)
    assert set(report(plain.answers)["versions"]) == {"1.0.0"}
    assert set(report(chosen.answers)["versions"]) == {"3.1.0"}


def pass_time(*loads):
    from tests.support.mesh import eventually

    eventually(lambda: all(len(load.answers) >= 50 for load in loads), "50 answers each", 30)

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A release outlives its run: killed, paused, aborted, run twice."""

from __future__ import annotations

import json
import os
import signal

import pytest

from tests.support.load import report
from tests.support.mesh import eventually

STEPS = {"release_canary_steps": [20, 100]}


def kill(running):
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()


@pytest.mark.parametrize("stage", [0, 2])
def test_a_killed_run_is_taken_up_by_the_next(releases, stage):
    releases.rest()
    with releases.load(200, 480) as load:
        running = releases.start("5.0.0", "canary", **STEPS)
        eventually(lambda: releases.record().get("phase") == "progressing" and int(releases.record()["stage"]) >= stage, f"stage {stage}", 150)
        kill(running)
        assert releases.record()["phase"] == "progressing"
        done = releases.release("", "", **STEPS)
        assert done.returncode == 0, done.stdout[-4000:]
    assert report(load.answers)["failed"] == []
    record = releases.record()
    assert record["phase"] == "promoted"
    assert any("taken up again at stage" in entry["event"] for entry in json.loads(record["history"]))
    assert releases.weights()["primary"] == (100, 0)
    assert releases.get("deployment", "consumption-canary") == {}


def test_requests_of_other_runs_and_a_second_release(releases):
    releases.rest()
    slow = {"release_watch": {"every": 2, "hold": 300, "deadline": 600, "on_deadline": "hold"}}
    running = releases.start("5.1.0", "canary", **STEPS, **slow)
    try:
        eventually(lambda: releases.weights()["primary"] == (80, 20), "20 %", 150)
        second = releases.release("5.2.0", "canary", **STEPS)
        assert second.returncode != 0
        assert "consumption" in second.stdout
        assert releases.record()["version"] == "5.1.0"
        assert releases.act("pause").returncode == 0
        assert running.wait(60) == 0
        assert releases.record()["phase"] == "paused"
        other = releases.release("5.2.0", "canary", **STEPS)
        assert other.returncode != 0
        assert "5.1.0 is being released" in " ".join(other.stdout.split())
        assert releases.act("abort").returncode == 0
        ended = releases.release("", "", **STEPS)
        assert ended.returncode != 0
        assert "abort was asked for" in " ".join(ended.stdout.split())
        assert releases.record()["phase"] == "rolled_back"
        assert releases.weights()["primary"] == (100, 0)
    finally:
        running.kill()


def test_a_route_that_somebody_edited_is_not_touched(releases):
    releases.rest()
    patch = '[{"op": "replace", "path": "/spec/http/0/timeout", "value": "9s"}]'
    releases.kubectl("patch", "virtualservice", "consumption", "--type=json", "-p", patch)
    done = releases.release("5.3.0", "canary", **STEPS)
    assert done.returncode != 0
    assert "was last edited by kubectl-patch" in " ".join(done.stdout.split())
    assert releases.get("deployment", "consumption-canary") == {}

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole second set, tested, switched in one patch and kept warm."""

from __future__ import annotations

import time

from tests.support.load import report
from tests.support.mesh import eventually
from tests.support.releases import faulty

WARM = {"smoke_test_path": "/", "approve_switch": False, "judge": False, "keep_old_minutes": 10}


def test_a_switch_under_load_and_back_in_one_patch(releases):
    with releases.load(100, 300) as load:
        running = releases.start("2.0.0", "blue_green", release_blue_green=WARM)
        try:
            eventually(lambda: releases.record().get("warm_until"), "green with all traffic", 200)
            eventually(lambda: all(answer.version == "2.0.0" for answer in load.answers[-200:]), "answers of green alone", 20)
            assert releases.weights()["primary"] == (0, 100)
            old = set(releases.kubectl("get", "pods", "-l", "app=consumption,llmops.platform/track=stable", "-o", "name").split())
            begun = time.monotonic()
            back = releases.rollback()
            assert back.returncode == 0, back.stdout[-3000:]
            running.wait(60)
        finally:
            running.kill()
        assert releases.weights()["primary"] == (100, 0)
        eventually(lambda: all(answer.version == "1.0.0" for answer in load.answers[-200:]), "answers of blue alone", 20)
    assert time.monotonic() - begun < 120
    # No pod was started for the way back.
    assert old == set(releases.kubectl("get", "pods", "-l", "app=consumption,llmops.platform/track=stable", "-o", "name").split())
    result = report(load.answers)
    assert result["failed"] == []
    assert set(result["versions"]) == {"1.0.0", "2.0.0"}
    assert releases.record()["phase"] == "rolled_back"
    assert releases.get("deployment", "consumption-canary") == {}, releases.started_log.read_text()[-2000:]


def test_a_smoke_test_that_fails_shifts_nothing(releases):
    with releases.load(50, 300) as load:
        done = releases.release("2.1.0", "blue_green", release_blue_green=WARM, release_smoke_timeout=10, **faulty(100))
    assert done.returncode != 0
    assert "its smoke test failed" in " ".join(done.stdout.split())
    result = report(load.answers)
    assert result["failed"] == []
    assert set(result["versions"]) == {"1.0.0"}
    assert releases.get("deployment", "consumption-canary") == {}


def test_the_end_of_the_old_colour(releases):
    with releases.load(100, 300) as load:
        done = releases.release("2.2.0", "blue_green", release_blue_green={**WARM, "keep_old_minutes": 0.1})
        assert done.returncode == 0, done.stdout[-3000:]
    result = report(load.answers)
    assert result["failed"] == []
    assert releases.record()["phase"] == "promoted"
    assert releases.version() == "2.2.0"
    assert releases.get("deployment", "consumption-canary") == {}
    assert releases.get("horizontalpodautoscaler", "consumption-hpa")["spec"]["minReplicas"] == 3

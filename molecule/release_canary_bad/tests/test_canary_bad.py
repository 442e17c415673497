# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A canary with errors is led back by its figures, soon, and nobody has to be awake for it."""

from __future__ import annotations

from pathlib import Path

from tests.support.load import report
from tests.support.releases import faulty


def test_five_percent_errors_are_led_back_within_a_minute(releases):
    with releases.load(200, 300) as load:
        done = releases.release("4.0.0", "canary", release_canary_steps=[10, 50, 100], **faulty(5))
    assert done.returncode != 0
    printed = " ".join(done.stdout.split())
    assert "consumption 4.0.0 was rolled back to 1.0.0" in printed
    canary = [answer for answer in load.answers if answer.version == "4.0.0"]
    assert canary
    assert max(answer.at for answer in canary) - min(answer.at for answer in canary) <= 60
    # Only the canary's own errors were seen.
    assert all(answer.track == "canary" for answer in load.answers if answer.failed)
    assert releases.record()["phase"] == "rolled_back"
    assert releases.weights()["primary"] == (100, 0)
    assert releases.version() == "1.0.0"
    assert releases.get("deployment", "consumption-canary") == {}
    assert "roll_back" in Path(next(releases.directory.glob("reports/releases/*consumption-4.0.0.json"))).read_text()
    assert report(load.answers)["versions"]["1.0.0"] > 0


def test_pods_that_never_become_ready_get_no_weight(releases):
    huge = {"application_services_deployment": {"consumption": {"resources": {"requests": {"memory": "900Gi"}, "limits": {"memory": "900Gi"}}}}}
    with releases.load(20, 300) as load:
        done = releases.release("4.1.0", "canary", release_ready_timeout=15, **huge)
    assert done.returncode != 0
    assert "its pods did not become ready" in " ".join(done.stdout.split())
    result = report(load.answers)
    assert result["failed"] == []
    assert set(result["versions"]) == {"1.0.0"}
    assert releases.get("deployment", "consumption-canary") == {}


def test_without_traffic_nothing_is_promoted(releases):
    watch = {"release_watch": {"every": 2, "hold": 2, "deadline": 10, "on_deadline": "hold"}}
    done = releases.release("4.2.0", "canary", release_canary_steps=[10, 100], **watch)
    assert done.returncode != 0
    assert "was held" in " ".join(done.stdout.split())
    assert releases.record()["phase"] == "paused"
    assert releases.weights()["primary"] == (90, 10)
    assert releases.version() == "1.0.0"

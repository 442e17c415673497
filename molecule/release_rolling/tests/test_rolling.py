# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kubernetes' own roll-out under release's record: promoted, undone when its pods fail, led back."""

from __future__ import annotations

from tests.support.load import report


def test_a_rolling_release_fails_no_request(releases):
    with releases.load(50, 180) as load:
        done = releases.release("1.1.0", "rolling")
        assert done.returncode == 0, done.stdout[-3000:]
    result = report(load.answers)
    assert result["failed"] == []
    assert set(result["versions"]) == {"1.0.0", "1.1.0"}
    record = releases.record()
    assert (record["phase"], record["version"], record["stable_version"], record["strategy"]) == ("promoted", "1.1.0", "1.0.0", "rolling")
    strategy = releases.get("deployment", "consumption")["spec"]["strategy"]["rollingUpdate"]
    assert (strategy["maxSurge"], strategy["maxUnavailable"]) == (1, 0)


def test_pods_that_never_become_ready_are_undone(releases):
    # No node has so much memory, so the new pods stay Pending.
    huge = {"application_services_deployment": {"consumption": {"resources": {"requests": {"memory": "900Gi"}, "limits": {"memory": "900Gi"}}}}}
    with releases.load(20, 180) as load:
        done = releases.release("1.2.0", "rolling", release_ready_timeout=60, **huge)
    assert done.returncode != 0
    assert "was rolled back to 1.1.0" in " ".join(done.stdout.split())
    assert releases.record()["phase"] == "rolled_back"
    assert releases.version() == "1.1.0"
    assert report(load.answers)["failed"] == []


def test_the_way_back_after_a_promotion(releases):
    assert releases.release("1.3.0", "rolling").returncode == 0
    done = releases.rollback()
    assert done.returncode == 0, done.stdout[-3000:]
    assert releases.version() == "1.1.0"
    assert releases.record()["phase"] == "rolled_back"
    again = releases.rollback()
    assert again.returncode == 0
    assert "runs 1.1.0 already" in " ".join(again.stdout.split())

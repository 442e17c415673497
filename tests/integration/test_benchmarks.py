# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark of manifest_set as `make bench` runs it, quickly: that it works and what it says, not how fast anything is."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.support.modules import ROOT

TOOLS = {"empty_playbook", "floor", "manifest_set", "k8s"}


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """The finished command and its report."""
    folder = tmp_path_factory.mktemp("bench")
    reports, plane = folder / "reports", folder / "work" / "plane"
    command = [sys.executable, "-m", "tests.benchmarks.run", "manifest_set", "--quick", "--reports", str(reports), "--directory", str(plane)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert not plane.exists()
    return done, json.loads((reports / "bench-manifest_set.json").read_text())


def test_report_has_its_shape(bench):
    report = bench[1]
    assert set(report) == {"name", "commit", "machine", "started", "seconds", "goals", "rows"}
    assert report["name"] == "manifest_set"
    assert report["machine"]["cores"] > 0 and report["machine"]["memory_gib"] > 0
    assert {key for goal in report["goals"] for key in goal} == {"goal", "target", "value", "unit", "met"}
    measured = {goal["goal"]: goal["value"] is not None for goal in report["goals"]}
    # One round of one object may be faster than its own start-up, measured apart: then its ratio is no data.
    assert "one_object_vs_k8s" in measured
    assert measured["changed_truthful"] and not measured["5000_memory_mib"]


def test_everything_was_measured(bench):
    rows = bench[1]["rows"]
    assert {(row["tool"], row["size"]) for row in rows} == {(tool, size) for tool in TOOLS for size in (1, 200)}
    assert all(row["seconds"] > 0 and row["cpu_seconds"] > 0 and row["peak_rss_mib"] > 1 and row["rounds"] == 1 for row in rows)


def test_what_really_changed_is_what_each_phase_changes(bench):
    expected = {"cold": lambda size: size, "warm": lambda _size: 0, "one-percent": lambda size: max(size // 100, 1)}
    for row in bench[1]["rows"]:
        if row["tool"] != "empty_playbook":
            assert row["really_changed"] == expected[row["phase"]](row["size"]), row


def test_ours_reports_changed_truthfully(bench):
    said = {(row["size"], row["phase"]): row["said_changed"] for row in bench[1]["rows"] if row["tool"] == "manifest_set"}
    assert said == {(size, phase): phase != "warm" for size in (1, 200) for phase in ("cold", "warm", "one-percent")}
    assert next(goal["met"] for goal in bench[1]["goals"] if goal["goal"] == "changed_truthful")


def test_the_same_is_printed(bench):
    for goal in bench[1]["goals"]:
        assert goal["goal"] in bench[0].stdout
    assert "no data" in bench[0].stdout

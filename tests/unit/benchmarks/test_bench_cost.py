# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the bench of cost reports concludes, and that what it measures is a whole report."""

from __future__ import annotations

import json

from tests.benchmarks import bench_cost
from tests.benchmarks.cost import cold


def values(rows):
    return {goal["goal"]: (goal["value"], goal["met"]) for goal in bench_cost.goals(rows)}


def report(seconds, digest="a"):
    return {"run": bench_cost.REPORT, "seconds": seconds, "cpu_seconds": seconds / 2, "digest": digest}


def test_medians_are_judged_and_the_slowest_filter():
    rows = [report(1.0), report(1.5), report(9.0)] + [{"run": name, "seconds": seconds, "cpu_seconds": 0.1} for name, seconds in (("x", 0.1), ("y", 0.25))]
    assert values(rows) == {
        "report_seconds": (1.5, True),
        "report_cpu_seconds": (0.75, True),
        "slowest_filter_seconds": (0.25, False),
        "different_reports": (1, True),
    }


def test_reports_that_differ_are_no_success_and_one_alone_is_none():
    assert values([report(1.0), report(1.0, "b")])["different_reports"] == (2, False)
    assert values([report(1.0)])["different_reports"] == values([])["report_seconds"] == (None, None)


def test_what_is_measured_is_complete_and_of_the_size_asked_for(tmp_path):
    cold.main(tmp_path, 2, 30)
    made = json.loads((tmp_path / "all" / "estimate.json").read_text())
    assert sum(line["component"] != "cost" for line in made["lines"]) == 60 and not made["incomplete"]
    first = bench_cost.digest(tmp_path)
    (tmp_path / "all" / "report.txt").write_text("other")
    assert bench_cost.digest(tmp_path) != first

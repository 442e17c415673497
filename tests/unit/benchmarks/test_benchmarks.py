# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmarks conclude from what they measured."""

from __future__ import annotations

import fcntl
import json

import pytest

from tests.benchmarks import bench_manifest_set
from tests.benchmarks import bench_site
from tests.benchmarks import report
from tests.benchmarks import run
from tests.benchmarks.floor import path
from tests.benchmarks.objects import objects


def row(tool, size, seconds, phase="cold", **more):
    return {"tool": tool, "size": size, "phase": phase, "round": 1, "seconds": seconds, "peak_rss_mib": 100.0, "truthful": None, **more}


def values(goals):
    return {goal["goal"]: (goal["value"], goal["met"]) for goal in goals}


@pytest.mark.parametrize(
    ("target", "value", "met"),
    [(">= 3.5", 3.5, True), (">= 3.5", 3.4, False), ("< 400", 400.0, False), ("<= 1.5", 1.5, True), ("= 0", 0, True), ("= 0", 1, False), ("= 0", None, None)],
)
def test_a_goal_without_a_figure_is_neither_met_nor_missed(target, value, met):
    assert report.Goal("some", target, "unit").judged(value) == {"goal": "some", "target": target, "value": value, "unit": "unit", "met": met}


def test_goals_compare_medians_with_the_best_of_the_others():
    rows = [row("manifest_set", 1000, seconds, truthful=True) for seconds in (1.0, 9.0, 2.0)]
    rows += [row("k8s", 1000, 10.0, truthful=False), row("kubectl", 1000, 8.0), row("floor", 1000, 1.0), row("empty_playbook", 1000, 0.5)]
    rows += [row("manifest_set", 5000, 9.0, truthful=False, peak_rss_mib=300.0)]
    found = values(bench_manifest_set.goals(rows))
    # The floor is no competitor.
    assert found["1000_cold_vs_best"] == (4.0, True)
    assert found["1000_vs_floor"] == (1.5, True)
    assert found["growth_5000_vs_1000"] == (4.5, True)
    assert found["5000_memory_mib"] == (300.0, True)
    assert found["changed_truthful"] == (0.75, False)
    assert found["1000_warm_vs_best"] == found["one_object_vs_k8s"] == (None, None)


def test_one_object_is_compared_without_what_every_playbook_costs():
    rows = [row("manifest_set", 1, 1.125), row("k8s", 1, 2.25), row("empty_playbook", 1, 1.0)]
    assert values(bench_manifest_set.goals(rows))["one_object_vs_k8s"] == (10.0, True)


def test_a_second_run_counts_only_if_the_probe_saw_the_first():
    first, second = {"run": "first run", "mutating_calls": 120, "changed": 20}, {"run": "second run", "mutating_calls": 0, "changed": 0}
    assert values(bench_site.goals([first, second])) == {"second_run_changed": (0, True), "second_run_mutating_calls": (0, True)}
    assert values(bench_site.goals([{**first, "mutating_calls": 0}, second]))["second_run_mutating_calls"] == (None, None)


def test_objects_are_the_same_each_time_and_one_per_cent_changes():
    first, again, changed = objects(1000, "here"), objects(1000, "here"), objects(1000, "here", changed=True)
    assert first == again
    assert sum(before != after for before, after in zip(first, changed, strict=True)) == 10
    assert objects(1, "here", changed=True) != objects(1, "here")
    assert len({path(body) for body in first}) == 1000
    roles = {body["metadata"]["name"] for body in first if body["kind"] == "Role"}
    assert {body["roleRef"]["name"] for body in first if body["kind"] == "RoleBinding"} <= roles


def test_report_is_put_in_place_whole(tmp_path):
    made = report.build("some", "abc", "2026-01-01T00:00:00+00:00", 1.25, [], [{"tool": "a"}])
    assert json.loads(report.write(made, tmp_path).read_text()) == made
    assert list(made) == ["name", "commit", "machine", "started", "seconds", "goals", "rows"]
    assert [file.name for file in tmp_path.iterdir()] == ["bench-some.json"]


def test_a_missing_figure_is_no_data():
    assert report.table([{"tool": "a", "cold": 1.0}, {"tool": "b", "cold": None}])[-1].split() == ["b", "no", "data"]


@pytest.mark.parametrize("words", [[], ["nonsense"]])
def test_an_unknown_name_lists_the_names(words, capsys):
    assert run.main(words) == 2
    assert "bootstrap, canary, cost, manifest_set, release, site" in capsys.readouterr().err


def test_two_runs_never_share_a_folder(tmp_path):
    lock = run.lock_of(tmp_path / "work")
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(SystemExit, match=r"is running already in .*work"):
            run.main(["site", "--directory", str(tmp_path / "work")])

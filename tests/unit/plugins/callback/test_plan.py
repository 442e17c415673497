# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan at the end of a run in check mode."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from ansible_collections.llmops.platform.plugins.callback import plan
from tests.support.programs import program

ROOT = Path(__file__).resolve().parents[4]
ROW = {"api_version": "apps/v1", "kind": "Deployment", "namespace": "shop", "name": "cart", "message": ""}


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ({"changed": False, "objects": [{**ROW, "action": "unchanged"}]}, []),
        ({"changed": True, "objects": [{**ROW, "action": "created"}]}, [("create", "Deployment shop/cart", [], "")]),
        (
            {"changed": True, "objects": [{**ROW, "action": "configured", "fields": ["spec.replicas: 1 → 2"], "message": "not ready"}]},
            [("update", "Deployment shop/cart", ["spec.replicas: 1 → 2"], "")],
        ),
        (
            {"changed": True, "objects": [{**ROW, "namespace": "", "action": "deleted", "message": "left the set"}]},
            [("destroy", "Deployment cart", [], "left the set")],
        ),
        (
            {"changed": False, "failed": True, "objects": [{**ROW, "action": "refused", "message": "belongs to argocd"}, {**ROW, "action": "skipped"}]},
            [("refuse", "Deployment shop/cart", [], "belongs to argocd")],
        ),
        ({"changed": True}, [("update", "Do it", [], plan.AFTER)]),
        ({"changed": True, "plan": [{"action": "replace", "what": "DBInstance main"}]}, [("replace", "DBInstance main", [], "")]),
        ({}, []),
    ],
)
def test_steps_of_a_result(result, expected):
    steps = plan.steps_of("a", "Do it", result)
    assert [(step["action"], step["what"], step["fields"], step["note"]) for step in steps] == expected
    assert all(step["host"] == "a" for step in steps)


def test_what_is_dangerous_stands_first():
    steps = [
        {"host": host, "action": action, "what": f"X {action}", "fields": ["f: 1 → 2"] if action == "update" else [], "note": ""}
        for host in ("b", "a")
        for action in ("create", "update", "destroy", "replace")
    ]
    text = [line for line, _colour in plan.lines(steps, "Plan")]
    heads = [line for line in text if line and not line.startswith(" ")]
    assert heads == ["replace (2)", "destroy (2)", "update (2)", "create (2)", "Plan: 2 to replace, 2 to destroy, 2 to update, 2 to create."]
    assert text[2:6] == ["  a", "   -/+ X replace", "  b", "   -/+ X replace"]
    assert text.count("         f: 1 → 2") == 2
    assert plan.lines([], "Drift")[-1][0] == "Drift: nothing differs."
    refused = [{"host": "a", "action": "refuse", "what": "X", "fields": [], "note": "taken"}]
    assert [line for line, _colour in plan.lines(refused, "Plan")][-1].endswith("0 to create, 1 refused.")


def test_what_was_compared_is_counted_and_what_was_not_says_why():
    stack = {"exists": True, "status": "CREATE_COMPLETE"}
    part = {"resource": "Vpc", "type": "AWS::EC2::VPC", "note": ""}
    stacks = {
        "r/net": {**stack, "drift": [{**part, "status": "in sync"}, {**part, "resource": "Door", "status": "not checked", "note": "no detection"}]},
        "r/busy": {**stack, "status": "UPDATE_IN_PROGRESS", "drift": []},
        "r/old": {**stack, "drift": [{**part, "status": "deleted"}]},
        "r/none": {"exists": False, "status": "", "drift": []},
    }
    objects = [{**ROW, "action": "unchanged"}, {**ROW, "name": "shop", "action": "configured"}, {**ROW, "name": "tv", "action": "skipped", "message": "late"}]
    assert plan.checks_of("a", {"stacks": stacks, "compared": False}) == []
    rows = plan.checks_of("a", {"stacks": stacks, "compared": True}) + plan.checks_of("a", {"objects": objects})
    assert {row["what"]: row["status"] for row in rows} == {
        "r/net/Vpc (AWS::EC2::VPC)": "in sync",
        "r/net/Door (AWS::EC2::VPC)": "not checked",
        "r/busy": "not checked",
        "r/old/Vpc (AWS::EC2::VPC)": "drifted",
        "Deployment shop/cart": "in sync",
        "Deployment shop/shop": "drifted",
        "Deployment shop/tv": "not checked",
    }
    text = [line for line, _colour in plan.table(rows)]
    assert [line.split() for line in text if line.startswith(("manifests", "stacks"))] == [["manifests", "1", "1", "1"], ["stacks", "1", "1", "2"]]
    assert any("no detection" in line and "Door" in line for line in text) and any("UPDATE_IN_PROGRESS" in line for line in text)
    steps = [{"action": "update", "what": "DNS A shop"}, {"action": "destroy", "what": "DNS A old"}]
    records = plan.checks_of("a", {"records": 4, "plan": steps})
    assert sorted(row["status"] for row in records) == ["drifted", "drifted", "in sync", "in sync", "in sync"]
    # The result of a change has no comparison in it.
    assert plan.checks_of("a", {"stacks": {"r/net": {"action": "created", "status": "CREATE_COMPLETE"}}}) == [] and plan.table([]) == []


def test_a_failure_before_anything_was_compared_is_no_empty_plan(tmp_path):
    (tmp_path / "play.json").write_text(json.dumps([{"name": "Only", "hosts": "all", "gather_facts": False, "tasks": [{"ansible.builtin.fail": {}}]}]))
    command = [program("ansible-playbook"), "-i", "a,", "-c", "local", str(tmp_path / "play.json"), "--check"]
    environment = {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "LLMOPS_PLAN_FILE": str(tmp_path / "plan.json")}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=ROOT)
    assert "Plan: none, as a failed before anything was compared." in done.stdout
    assert "nothing differs" not in done.stdout
    assert not json.loads((tmp_path / "plan.json").read_text())["complete"]


@pytest.mark.parametrize(("broken", "check"), [(False, True), (True, True), (False, False)])
def test_a_run(tmp_path, broken, check):
    tasks = [{"name": "Change", "ansible.builtin.debug": {"msg": "x"}, "changed_when": True, "loop": [1, 2]}]
    tasks += [{"ansible.builtin.fail": {"msg": "on purpose"}}] if broken else []
    (tmp_path / "play.json").write_text(json.dumps([{"name": "Only", "hosts": "all", "gather_facts": False, "tasks": tasks}]))
    file = tmp_path / "plans" / "plan.json"
    command = [program("ansible-playbook"), "-i", "a,", "-c", "local", str(tmp_path / "play.json"), *(["--check"] if check else [])]
    environment = {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "LLMOPS_PLAN_FILE": str(file)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=ROOT)
    if not check:
        assert "to replace" not in done.stdout
        assert not file.exists()
        return
    assert "Plan: 0 to replace, 0 to destroy, 2 to update, 0 to create." in done.stdout
    assert ("This is not the whole: a failed" in done.stdout) == broken
    document = json.loads(file.read_text())
    assert document["complete"] != broken
    assert document["totals"]["update"] == len(document["steps"]) == 2
    assert file.stat().st_mode & 0o777 == 0o600

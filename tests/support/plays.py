# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays and stories of manifest_set against a test's control plane, run by ansible-playbook as an operator would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.modules import ROOT


def config_map(name: str, namespace: str = "story", **data: str) -> dict:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": namespace}, "data": data}


def namespace(name: str) -> dict:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


class Outcome:
    """Result of one step, and what it changed on the wire."""

    def __init__(self, result: dict[str, Any], mutating: list[str]) -> None:
        self.result = result
        self.mutating = mutating
        self.changed = result.get("changed")
        self.failed = bool(result.get("failed"))
        self.message = result.get("msg", "")
        self.actions = {f"{entry['kind']}/{entry['name']}": entry["action"] for entry in result.get("objects", [])}


def play(tasks: list[dict], control_plane, *options: str) -> tuple[list[dict], str]:
    """Run tasks on localhost. Returns their results in order, and all that was printed."""
    defaults = {"group/llmops.platform.k8s": {"kubeconfig": str(control_plane.kubeconfig)}}
    book = [{"hosts": "localhost", "gather_facts": False, "connection": "local", "module_defaults": defaults, "tasks": tasks}]
    file = control_plane.directory / "playbook.json"
    file.write_text(json.dumps(book), encoding="utf-8")
    environment = {
        **os.environ,
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
    }
    environment.pop("KUBECONFIG", None)
    command = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", "localhost,", str(file), *options]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=False)
    printed = done.stdout + done.stderr
    assert '"plays"' in done.stdout, printed[-3000:]
    document = json.JSONDecoder().raw_decode(done.stdout[done.stdout.index('{\n    "custom_stats"') :])[0]
    return [task["hosts"]["localhost"] for task in document["plays"][0]["tasks"]], printed


def tell(story: list[dict], control_plane) -> dict[str, Outcome]:
    """All steps in one run of ansible-playbook; between them the length of the audit log is noted."""
    count = {"ansible.builtin.command": {"argv": ["wc", "-l", str(control_plane.audit_log)]}, "changed_when": False}
    tasks: list[dict] = [count]
    for step in story:
        arguments = {key: value for key, value in step.items() if key not in ("step", "check", "keywords")}
        task = {"name": step["step"], "llmops.platform.manifest_set": {"name": "demo", **arguments}, "ignore_errors": True}
        tasks += [{**task, "check_mode": step.get("check", False), **step.get("keywords", {})}, count]
    results, printed = play(tasks, control_plane, "--diff", "-vvv")
    (control_plane.directory / "printed").write_text(printed, encoding="utf-8")
    assert len(results) == 2 * len(story) + 1
    lines = [int(result["stdout"].split()[0]) for result in results[::2]]
    return {
        step["step"]: Outcome(result, control_plane.mutating(lines[number], lines[number + 1]))
        for number, (step, result) in enumerate(zip(story, results[1::2], strict=True))
    }

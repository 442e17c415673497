# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two runs at once on one deployment: one is told who holds the lock, or waits; a killed holder is replaced. As a file and as a Lease."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.modules import ROOT
from tests.support.modules import run_module


@pytest.fixture(params=["file", "lease"])
def lock(request, tmp_path, control_plane) -> dict:
    if request.param == "file":
        return {"name": "demo_file", "directory": str(tmp_path / "locks")}
    return {"name": "demo_dev_primary", "kubeconfig": str(control_plane.kubeconfig)}


@pytest.fixture
def holder(lock, tmp_path):
    """A run that has the lock and goes on."""
    book = tmp_path / "hold.yml"
    tasks = [
        {"llmops.platform.deployment_lock": lock},
        {"llmops.platform.deployment_lock": lock},
        {"ansible.builtin.copy": {"dest": str(tmp_path / "held"), "content": "", "mode": "0600"}},
        {"ansible.builtin.wait_for": {"path": str(tmp_path / "never"), "timeout": 120}},
    ]
    book.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "connection": "local", "tasks": tasks}]), encoding="utf-8")
    environment = {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}
    command = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", "localhost,", str(book), "-e", "password=hunter2"]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True) as process:
        deadline = time.monotonic() + 30
        while not (tmp_path / "held").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert (tmp_path / "held").exists()
        yield process
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def test_second_run_is_told_who_holds_it_and_goes_on_when_that_was_killed(lock, holder):
    refused = run_module("deployment_lock", lock)
    assert refused["failed"]
    for words in (f"{lock['name']} is being changed by ", f"(pid {holder.pid}, ansible-playbook hold.yml)", "cluster_lock_wait", "make unlock"):
        assert words in refused["msg"]
    assert "hunter2" not in json.dumps(refused)
    late = run_module("deployment_lock", {**lock, "wait": 3})
    assert late["failed"]
    shown = run_module("deployment_lock", {**lock, "state": "shown"})
    assert f"pid {holder.pid}" in shown["holder"]
    assert not shown["held"]
    plan = run_module("deployment_lock", lock, check=True)
    assert not plan["failed"]
    assert not plan["held"]

    os.killpg(holder.pid, signal.SIGKILL)
    taken = run_module("deployment_lock", {**lock, "wait": 20})
    assert not taken["failed"], taken.get("msg")
    assert taken["held"]
    assert not taken["changed"]


def test_it_is_free_again_after_the_run(lock):
    assert run_module("deployment_lock", lock)["held"]
    deadline = time.monotonic() + 20
    while run_module("deployment_lock", {**lock, "state": "shown"})["holder"] and time.monotonic() < deadline:
        time.sleep(0.5)
    assert run_module("deployment_lock", {**lock, "state": "shown"})["holder"] == ""


def test_breaking(lock, holder):
    check = run_module("deployment_lock", {**lock, "state": "broken"}, check=True)
    assert check["changed"]
    assert run_module("deployment_lock", lock)["failed"]
    broken = run_module("deployment_lock", {**lock, "state": "broken"})
    assert broken["changed"]
    assert f"pid {holder.pid}" in broken["holder"]
    again = run_module("deployment_lock", {**lock, "state": "broken"})
    assert not again["changed"]
    assert run_module("deployment_lock", lock)["held"]

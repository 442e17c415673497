# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to an apply when the world around it breaks: a quota, a refusal, the API server, the run itself, the disk."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.support.control_plane import BINARIES
from tests.support.control_plane import ControlPlane
from tests.support.modules import ROOT
from tests.support.modules import run_module
from tests.support.plays import config_map
from tests.support.plays import namespace

MANY = 600


@pytest.fixture(scope="module")
def plane(tmp_path_factory):
    plane = ControlPlane(tmp_path_factory.mktemp("plane"), "bad-days")
    yield plane.start()
    plane.stop()


@pytest.fixture
def apply(plane):
    def run(manifests: list[dict], **more) -> dict:
        return run_module("manifest_set", {"kubeconfig": str(plane.kubeconfig), "manifests": manifests, **more})

    return run


def maps(where: str, number: int) -> list[dict]:
    return [config_map(f"map-{index:04}", where, value=str(index)) for index in range(number)]


class Run:
    """An ansible-playbook of one manifest_set, in the background."""

    def __init__(self, plane: ControlPlane, folder: Path, arguments: dict) -> None:
        book = [{"hosts": "localhost", "gather_facts": False, "tasks": [{"llmops.platform.manifest_set": {"kubeconfig": str(plane.kubeconfig), **arguments}}]}]
        (folder / "play.json").write_text(json.dumps(book), encoding="utf-8")
        self._log = (folder / "log").open("w+", encoding="utf-8")
        environment = {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}
        command = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", "localhost,", "-c", "local", str(folder / "play.json")]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=self._log, stderr=self._log, start_new_session=True)

    def said(self) -> str:
        self._log.seek(0)
        return " ".join(self._log.read().split())


def count(plane: ControlPlane, where: str) -> int:
    return len([item for item in plane.get("configmaps", "-n", where)["items"] if item["metadata"]["name"].startswith("map-")])


def wait_for(condition, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.05)


def test_quota(apply):
    quota = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "tight", "namespace": "quota"},
        "spec": {"hard": {"count/configmaps": "4"}},
    }
    assert not apply([namespace("quota"), quota], wait=True)["failed"]
    refused = apply(maps("quota", 8))
    assert refused["failed"]
    assert "exceeded quota: tight" in refused["msg"]
    assert "ask for less, or raise that ResourceQuota" in refused["msg"]
    quota["spec"]["hard"]["count/configmaps"] = "20"
    assert not apply([quota])["failed"]
    again = apply(maps("quota", 8))
    assert not again["failed"], again["msg"]
    assert again["changed"]
    assert not apply(maps("quota", 8))["changed"]


def test_a_refusal_in_the_middle_tells_what_was_done_and_a_second_run_converges(apply):
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "middle"}, "spec": {"ports": [{"port": 99999}]}}
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "web", "namespace": "middle"}}
    pod_budget = {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": "web", "namespace": "middle"},
        "spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "web"}}},
    }
    manifests = [namespace("middle"), pod_budget, service, account]
    refused = apply(manifests, wait=False)
    actions = {row["kind"]: row["action"] for row in refused["objects"]}
    assert actions == {"Namespace": "created", "ServiceAccount": "created", "Service": "refused", "PodDisruptionBudget": "skipped"}
    assert "field spec.ports[0].port" in refused["msg"]
    service["spec"]["ports"][0]["port"] = 80
    done = apply(manifests, wait=False)
    assert not done["failed"], done["msg"]
    assert {row["kind"]: row["action"] for row in done["objects"]} == {
        "Namespace": "unchanged",
        "ServiceAccount": "unchanged",
        "Service": "created",
        "PodDisruptionBudget": "created",
    }


def test_killed_run_leaves_nothing_unknown(plane, apply, tmp_path):
    assert not apply([namespace("killed")])["failed"]
    group = {"name": "killed", "namespace": "killed"}
    run = Run(plane, tmp_path, {"manifests": maps("killed", MANY), "apply_set": group, "parallelism": 1})
    wait_for(lambda: count(plane, "killed") > 20)
    os.killpg(run.process.pid, signal.SIGKILL)
    run.process.wait()
    begun = count(plane, "killed")
    assert 20 < begun < MANY
    # The next run wants less than the killed one had made: the rest is known and goes.
    done = apply(maps("killed", 10), apply_set=group)
    assert not done["failed"], done["msg"]
    assert count(plane, "killed") == 10
    assert not apply(maps("killed", 10), apply_set=group)["changed"]


def test_an_api_server_that_hangs_for_a_while_is_waited_for(plane, apply, tmp_path):
    assert not apply([namespace("hangs")])["failed"]
    server = api_server(plane)
    run = Run(plane, tmp_path, {"manifests": maps("hangs", MANY)})
    wait_for(lambda: count(plane, "hangs") > 20)
    server.suspend()
    time.sleep(8)
    server.resume()
    assert run.process.wait(120) == 0, run.said()
    assert count(plane, "hangs") == MANY


def test_an_api_server_that_ends_is_named_and_a_second_run_converges(plane, apply, tmp_path):
    assert not apply([namespace("ends")])["failed"]
    run = Run(plane, tmp_path, {"manifests": maps("ends", MANY), "parallelism": 1})
    wait_for(lambda: count(plane, "ends") > 20)
    api_server(plane).kill()
    assert run.process.wait(180) == 2
    said = run.said()
    assert "cannot be reached for " in said
    assert "check that the cluster runs, then run again" in said
    environment = {**os.environ, "KWOK_WORKDIR": str(plane.directory / "kwok"), "KUBECONFIG": str(plane.kubeconfig)}
    with (plane.directory / "restart.log").open("ab") as log:
        subprocess.run(
            [str(BINARIES / "kwokctl"), "--name", plane.name, "start", "cluster", "--wait", "90s"], env=environment, stdout=log, stderr=log, check=True
        )
    plane.forget_processes()
    done = apply(maps("ends", MANY))
    assert not done["failed"], done["msg"]
    assert done["summary"]["created"] < MANY
    assert count(plane, "ends") == MANY


def test_disk_full_is_said_and_leaves_nothing_half_written(tmp_path):
    full = tmp_path / "full"
    full.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(full)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("only root can mount a small file system")
    try:
        with pytest.raises(OSError, match="No space left"), (full / "ballast").open("wb", buffering=0) as ballast:
            while True:
                ballast.write(b"x" * 4096)
        refused = run_module("deployment_lock", {"name": "demo", "directory": str(full / "locks")})
        started = run_module("local_process", {"name": "sleeper", "directory": str(full), "argv": ["/bin/sleep", "4711"]})
        for result in (refused, started):
            assert result["failed"], result
            assert "No space left on device" in result["msg"], result["msg"]
        assert not list(full.rglob("*.json"))
        assert not [process for process in psutil.process_iter(["cmdline"]) if process.info["cmdline"] == ["/bin/sleep", "4711"]]
    finally:
        subprocess.run(["umount", str(full)], check=True)


def api_server(plane: ControlPlane) -> psutil.Process:
    pid = int((plane.audit_log.parent.parent / "pids" / "kube-apiserver.pid").read_text(encoding="utf-8"))
    return psutil.Process(pid)

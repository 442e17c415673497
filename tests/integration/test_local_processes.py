# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The local environment's processes: started once, found again, recovered after a kill, gone without a trace."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import yaml

from tests.support.modules import DEFAULTS
from tests.support.modules import ROOT
from tests.support.modules import run_module

BINARIES = ROOT / ".local" / "bin"
ROLE = ROOT / "roles" / "local_platform"


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    folder = tmp_path_factory.mktemp("environment")
    yield folder
    run_module("local_cluster", arguments(folder, state="absent"))


def arguments(directory: Path, **changes) -> dict:
    return {
        "name": "demo_local_primary",
        "directory": str(directory),
        "binaries": str(BINARIES),
        "version": DEFAULTS["local_platform_kubernetes_version"],
        "audit_policy": str(ROLE / "files" / "audit_policy.yml"),
        "stages": [str(ROLE / "files" / "stages.yml"), str(ROLE / "files" / "pod_addresses.yml")],
        **changes,
    }


def processes(directory: Path) -> list[psutil.Process]:
    return [p for p in psutil.process_iter(["cmdline"]) if any(str(directory) in part for part in p.info["cmdline"] or ())]


def kubectl(directory: Path, *words: str) -> str:
    command = [str(BINARIES / "kubectl"), "--kubeconfig", str(directory / "kubeconfigs" / "demo_local_primary.yml"), *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


# The tests of this file are one story and run in this order.
def test_check_mode_starts_nothing(directory):
    result = run_module("local_cluster", arguments(directory), check=True)
    assert result["changed"]
    assert result["cluster"]["kubeconfig"] == "(known after apply)"
    assert processes(directory) == []


def test_a_start_that_never_got_ready_is_made_anew(directory):
    broken = directory / "kwok" / "clusters" / "demo_local_primary"
    (broken / "pki").mkdir(parents=True)
    (broken / "pki" / "ca.crt").write_text("half a certificate")
    (broken / "pids").mkdir()
    (broken / "pids" / "etcd.pid").write_text(str(os.getpid()))
    result = run_module("local_cluster", arguments(directory))
    assert result["changed"], result
    assert kubectl(directory, "get", "--raw", "/readyz") == "ok"
    kubectl(directory, "create", "configmap", "kept", "--from-literal=a=b")


def test_a_second_start_changes_nothing(directory):
    before = sorted(p.pid for p in processes(directory))
    result = run_module("local_cluster", arguments(directory))
    assert not result["changed"], result
    assert sorted(p.pid for p in processes(directory)) == before


def test_everything_listens_on_loopback_only(directory):
    listening = [c.laddr for p in processes(directory) for c in p.net_connections() if c.status == psutil.CONN_LISTEN]
    assert len(listening) >= 5
    assert {address.ip for address in listening} == {"127.0.0.1"}


def test_secrets_are_for_the_owner_alone(directory):
    files = [*directory.rglob("*.key"), *(directory / "kubeconfigs").iterdir()]
    assert len(files) >= 3
    assert {file.stat().st_mode & 0o077 for file in files} == {0}


def test_a_load_balancer_gets_a_name_that_cannot_resolve(directory):
    kubectl(directory, "create", "service", "loadbalancer", "web", "--tcp=80:80")
    kubectl(directory, "wait", "service/web", "--for=jsonpath={.status.loadBalancer.ingress[0].hostname}=web.default.lb.invalid", "--timeout=20s")


@pytest.mark.parametrize("killed", [["kube-apiserver"], ["etcd", "kube-scheduler", "kwok-controller"]])
def test_killed_programs_are_started_again_and_nothing_is_lost(directory, killed):
    for process in processes(directory):
        if Path(process.info["cmdline"][0]).name in killed:
            process.send_signal(signal.SIGKILL)
    result = run_module("local_cluster", arguments(directory))
    assert result["changed"], result
    assert kubectl(directory, "get", "configmap", "kept", "-o", "jsonpath={.data.a}") == "b"
    assert not run_module("local_cluster", arguments(directory))["changed"]


def test_removal_leaves_no_process_and_no_file(directory):
    assert run_module("local_cluster", arguments(directory, state="absent"), check=True)["changed"]
    assert processes(directory) != []
    result = run_module("local_cluster", arguments(directory, state="absent"))
    assert result["changed"], result
    assert processes(directory) == []
    assert [path for path in directory.rglob("*demo_local_primary*") if path.suffix != ".lock"] == []
    assert not run_module("local_cluster", arguments(directory, state="absent"))["changed"]


def test_missing_programs_name_the_remedy(directory):
    result = run_module("local_cluster", arguments(directory, binaries=str(directory / "nowhere")))
    assert result["failed"]
    assert "make binaries" in result["msg"]


@pytest.mark.parametrize("keyword", [{"async": 10, "poll": 5}, {"delegate_to": "elsewhere"}, {"become": True}])
def test_keywords_that_mean_nothing_here_are_refused(tmp_path, keyword):
    playbook = tmp_path / "play.yml"
    task = {"llmops.platform.local_platform_info": {"name": "a", "directory": str(tmp_path)}, "check_mode": True, **keyword}
    playbook.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]))
    command = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", "localhost,", "-c", "local", str(playbook)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")})
    assert done.returncode == 2
    assert f"remove '{next(iter(keyword))}'" in done.stdout + done.stderr

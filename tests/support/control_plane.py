# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real control plane for tests: etcd, kube-apiserver, controller-manager and scheduler under kwokctl, on loopback only."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.support.modules import DEFAULTS
from tests.support.modules import ROOT

BINARIES = ROOT / ".local" / "bin"
STAGES = ROOT / "roles" / "local_platform" / "files"
PROGRAMS = ("etcd", "kwok", "kwokctl", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl")
PORTS = ("kubeApiserverPort", "etcdPort", "etcdPeerPort", "kubeControllerManagerPort", "kubeSchedulerPort", "kwokControllerPort")
AUDIT_POLICY = {
    "apiVersion": "audit.k8s.io/v1",
    "kind": "Policy",
    "omitStages": ["RequestReceived", "ResponseStarted"],
    "rules": [{"level": "None", "verbs": ["get", "list", "watch"]}, {"level": "Metadata"}],
}


class ControlPlane:
    """One control plane below `directory`. `start` it, use `kubeconfig` and `audit_log`, `stop` it."""

    def __init__(self, directory: Path, name: str = "test", *, stages: bool = False, pod_addresses: bool = True, api_versions: Sequence[str] = ()) -> None:
        """`api_versions`: what the API server serves beside its defaults, as `group/version=true`."""
        self.directory = directory
        self._api_versions = api_versions
        self.name = name
        # With role local_platform's own: volumes are bound and load balancers get a name.
        files = ["stages.yml", *(["pod_addresses.yml"] if pod_addresses else [])] if stages else []
        self._stages = [stage for file in files for stage in yaml.safe_load((STAGES / file).read_text(encoding="utf-8"))]
        self.kubeconfig = directory / "kubeconfig"
        self.audit_log = directory / "kwok" / "clusters" / name / "logs" / "audit.log"
        self.pids: list[int] = []

    def start(self) -> ControlPlane:
        missing = [program for program in PROGRAMS if not (BINARIES / program).exists()]
        if missing:
            raise RuntimeError(f"{', '.join(missing)} not found in {BINARIES}: run `make binaries`")
        self.directory.mkdir(parents=True, exist_ok=True)
        policy = self.directory / "audit_policy.yml"
        policy.write_text(yaml.safe_dump(AUDIT_POLICY), encoding="utf-8")
        configuration = self.directory / "kwokctl.yml"
        configuration.write_text(yaml.safe_dump_all([self._configuration(policy), *self._stages]), encoding="utf-8")
        self._kwokctl("--config", str(configuration), "create", "cluster", "--kubeconfig", str(self.kubeconfig), "--wait", "90s")
        self.forget_processes()
        return self

    def forget_processes(self) -> None:
        """After a restart: which processes `stop` must see ending."""
        self.pids = [int(file.read_text()) for file in self.audit_log.parent.parent.joinpath("pids").glob("*.pid")]

    def stop(self) -> None:
        self._kwokctl("delete", "cluster", "--kubeconfig", str(self.kubeconfig))
        deadline = time.monotonic() + 20
        while (left := [pid for pid in self.pids if _alive(pid)]) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not left, f"processes {left} of the test control plane are still running"

    def kubectl(self, *words: str, stdin: str | None = None) -> str:
        command = [str(BINARIES / "kubectl"), "--kubeconfig", str(self.kubeconfig), *words]
        return subprocess.run(command, capture_output=True, text=True, check=True, input=stdin).stdout

    def get(self, *words: str) -> dict[str, Any]:
        """`kubectl get <words> -o json`."""
        return json.loads(self.kubectl("get", *words, "-o", "json"))

    def mutating(self, first: int = 0, last: int | None = None, agent: str = "llmops-platform/") -> list[str]:
        """`verb path` of each audited request of `agent` that could change something, dry runs apart, by line of the audit log."""
        found = []
        for line in self.audit_log.read_text(encoding="utf-8").splitlines()[first:last]:
            event = json.loads(line)
            if event.get("userAgent", "").startswith(agent) and "dryRun=All" not in event["requestURI"]:
                found.append(f"{event['verb']} {event['requestURI'].partition('?')[0]}")
        return found

    def _configuration(self, policy: Path) -> dict[str, Any]:
        options: dict[str, Any] = {
            "runtime": "binary",
            "bindAddress": "127.0.0.1",
            "kubeVersion": f"v{DEFAULTS['local_platform_kubernetes_version']}",
            "kubeAuditPolicy": str(policy),
        }
        options.update(zip(PORTS, free_ports(len(PORTS)), strict=True))
        for option, program in {
            "kubeApiserverBinary": "kube-apiserver",
            "kubeControllerManagerBinary": "kube-controller-manager",
            "kubeSchedulerBinary": "kube-scheduler",
            "kubectlBinary": "kubectl",
            "etcdBinary": "etcd",
            "kwokControllerBinary": "kwok",
        }.items():
            options[option] = str(BINARIES / program)
        # kwokctl's own Service range is full after 250 Services.
        arguments = [{"key": "service-cluster-ip-range", "value": DEFAULTS["local_platform_component_arguments"]["kube-apiserver"]["service-cluster-ip-range"]}]
        if self._api_versions:
            arguments.append({"key": "runtime-config", "value": ",".join(self._api_versions)})
        patches = [{"name": "kube-apiserver", "extraArgs": arguments}]
        return {"apiVersion": "config.kwok.x-k8s.io/v1alpha1", "kind": "KwokctlConfiguration", "options": options, "componentsPatches": patches}

    def _kwokctl(self, *words: str) -> None:
        environment = {**os.environ, "KWOK_WORKDIR": str(self.directory / "kwok"), "KUBECONFIG": str(self.kubeconfig)}
        # Into a file: the control plane's processes inherit the output and would keep a pipe open.
        log = self.directory / "kwokctl.log"
        with log.open("ab") as output:
            done = subprocess.run([str(BINARIES / "kwokctl"), "--name", self.name, *words], env=environment, stdout=output, stderr=output, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"kwokctl {' '.join(words)} failed: {log.read_text(encoding='utf-8')[-2000:]}")


def free_ports(number: int) -> list[int]:
    """Ports that are free on loopback now, all different."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _number in range(number)]
    ports = [opened.getsockname()[1] for opened in sockets]
    for opened in sockets:
        opened.close()
    return ports


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False

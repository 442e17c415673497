# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""One kwok control plane: its files, its configuration, its health."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import ssl
import time
from dataclasses import dataclass
from pathlib import Path

from ansible_collections.llmops.platform.plugins.plugin_utils._local.processes import mentioning

COMPONENTS = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok-controller")
PORTS = ("apiserver", "etcd", "etcd_peer", "controller_manager", "scheduler", "kwok")
# Seconds that a busy machine is given.
PATIENCE = 60


@dataclass(frozen=True)
class ControlPlane:
    """Where the control plane `name` keeps what below the local environment's `directory`."""

    directory: Path
    name: str

    @property
    def home(self) -> Path:
        """kwokctl's own folder (KWOK_WORKDIR)."""
        return self.directory / "kwok"

    @property
    def workdir(self) -> Path:
        return self.home / "clusters" / self.name

    @property
    def configuration(self) -> Path:
        return self.directory / "state" / "clusters" / f"{self.name}.yml"

    @property
    def record(self) -> Path:
        return self.directory / "state" / "clusters" / f"{self.name}.json"

    @property
    def kubeconfig(self) -> Path:
        return self.directory / "kubeconfigs" / f"{self.name}.yml"

    @property
    def audit_log(self) -> Path:
        return self.workdir / "logs" / "audit.log"

    @property
    def log(self) -> Path:
        return self.directory / "log" / f"{self.name}.log"

    def processes(self) -> dict[str, int]:
        """Running components: `{component: pid}`, recognised by this control plane's paths in their arguments."""
        running = {}
        for process in mentioning(f"{self.workdir}{os.sep}"):
            program = Path(process.info["cmdline"][0]).name
            if program in COMPONENTS:
                running[program] = process.pid
        return running

    def forget_stale_pids(self) -> None:
        """Drop pid files that name other programs: kwokctl would take those for its own and start nothing."""
        running = self.processes()
        for file in (self.workdir / "pids").glob("*.pid"):
            if str(running.get(file.stem)) != file.read_text(encoding="utf-8").strip():
                file.unlink()

    def protect(self) -> None:
        """Keys and kubeconfigs are for the owner alone; kwokctl leaves some readable by all."""
        for file in [*(self.workdir / "pki").glob("*"), *self.workdir.glob("*.yaml"), self.kubeconfig]:
            file.chmod(0o600)

    def answers(self, port: int, path: str = "/readyz") -> bool:
        """Whether the API server says 200 to an authenticated request."""
        pki = self.workdir / "pki"
        try:
            context = ssl.create_default_context(cafile=str(pki / "ca.crt"))
            context.load_cert_chain(pki / "admin.crt", pki / "admin.key")
            connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=5, context=context)
            connection.request("GET", path)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False

    def settled(self, port: int) -> bool:
        """Whether the whole control plane runs and answers. A busy machine's API server is given PATIENCE seconds, as long as nothing of it ended."""
        end = time.monotonic() + PATIENCE
        while len(self.processes()) == len(COMPONENTS):
            if self.answers(port):
                return True
            if time.monotonic() > end:
                return False
            time.sleep(1)
        return False


def configuration(binaries: Path, ports: dict[str, int], version: str, audit_policy: Path, arguments: dict, stages: list[dict]) -> list[dict]:
    """kwokctl's configuration documents: everything on loopback, our ports, our binaries, what is simulated.

    `arguments`: `{component: {flag: value}}`. `stages`: documents of kind Stage.
    """
    options = {
        "runtime": "binary",
        # kwokctl's default is 0.0.0.0, with an etcd that asks nobody who they are.
        "bindAddress": "127.0.0.1",
        "kubeVersion": f"v{version}",
        "kubeApiserverPort": ports["apiserver"],
        "etcdPort": ports["etcd"],
        "etcdPeerPort": ports["etcd_peer"],
        "kubeControllerManagerPort": ports["controller_manager"],
        "kubeSchedulerPort": ports["scheduler"],
        "kwokControllerPort": ports["kwok"],
        "kubeApiserverBinary": str(binaries / "kube-apiserver"),
        "kubeControllerManagerBinary": str(binaries / "kube-controller-manager"),
        "kubeSchedulerBinary": str(binaries / "kube-scheduler"),
        "kubectlBinary": str(binaries / "kubectl"),
        "etcdBinary": str(binaries / "etcd"),
        "kwokControllerBinary": str(binaries / "kwok"),
        "kubeAuditPolicy": str(audit_policy),
    }
    patches = [
        {"name": component, "extraArgs": [{"key": flag, "value": str(value)} for flag, value in flags.items()]} for component, flags in arguments.items()
    ]
    head = {
        "apiVersion": "config.kwok.x-k8s.io/v1alpha1",
        "kind": "KwokctlConfiguration",
        "options": options,
        "componentsPatches": patches,
    }
    return [head, *stages]


def digest(documents: list[dict]) -> str:
    """A digest of the settings, ports apart, to notice that a running control plane was made from others."""
    head = {**documents[0], "options": {k: v for k, v in documents[0]["options"].items() if not k.endswith("Port")}}
    return hashlib.sha256(json.dumps([head, *documents[1:]], sort_keys=True).encode()).hexdigest()[:12]

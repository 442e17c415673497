# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Istio's own agent and Envoy as one process tree: for a gateway, or as the sidecar of a pod."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import json
import os
import shutil
import signal
import socket
from dataclasses import dataclass
from pathlib import Path

from mesh_runner.api import Api

# Nobody renews it in a short-lived environment; the certificate that it buys is renewed by the agent.
TOKEN_SECONDS = 30 * 24 * 3600
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Programs:
    """What every proxy is started from."""

    agent: Path
    envoy: Path
    bootstrap: Path
    directory: Path
    discovery: str


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Proxy:
    """One agent with its Envoy. It is started again when it ends by itself."""

    def __init__(self, programs: Programs, kind: str, namespace: str, name: str, service_account: str, labels: dict[str, str], admin: int = 0) -> None:
        self._programs = programs
        self._kind = kind
        self._namespace = namespace
        self._name = name
        self._service_account = service_account
        self._labels = labels
        self.admin = admin or free_port()
        self._home = programs.directory / f"{namespace}.{name}"
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task | None = None

    async def start(self, api: Api) -> None:
        await self._prepare(api)
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        if self._keeper:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        if self._process and self._process.returncode is None:
            await _end(self._process)
        shutil.rmtree(self._home, ignore_errors=True)

    async def _prepare(self, api: Api) -> None:
        """The files that a kubelet would mount: a token for istiod, and istiod's root certificate."""
        shutil.rmtree(self._home, ignore_errors=True)
        tokens, roots = self._home / "var/run/secrets/tokens", self._home / "var/run/secrets/istio"
        annotations = self._home / "etc/istio/pod"
        for folder in (tokens, roots, annotations, self._home / "etc/istio/proxy"):
            folder.mkdir(parents=True, mode=0o700)
        # The agent's own server would listen on all addresses; only an annotation can switch it off.
        (annotations / "annotations").write_text('status.sidecar.istio.io/port="0"', encoding="utf-8")
        (tokens / "istio-token").touch(mode=0o600)
        (tokens / "istio-token").write_text(await api.token(self._namespace, self._service_account, "istio-ca", TOKEN_SECONDS), encoding="utf-8")
        root = await api.request("GET", f"/api/v1/namespaces/{self._namespace}/configmaps/istio-ca-root-cert")
        (roots / "root-cert.pem").write_text(root["data"]["root-cert.pem"], encoding="utf-8")

    async def _keep(self) -> None:
        while True:
            with open(self._home / "log", "ab") as log:
                self._process = await asyncio.create_subprocess_exec(
                    *(str(self._programs.agent), "proxy", self._kind, f"--templateFile={self._programs.bootstrap}"),
                    *("--proxyLogLevel=warning", "--profiling=false", "--log_output_level=default:warn"),
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd=self._home,
                    env=self._environment(),
                    preexec_fn=_die_with_parent if os.uname().sysname == "Linux" else None,
                )
            await self._process.wait()
            await asyncio.sleep(1)

    def _environment(self) -> dict[str, str]:
        configuration = {
            "discoveryAddress": self._programs.discovery,
            "binaryPath": str(self._programs.envoy),
            "configPath": "./etc/istio/proxy",
            "proxyAdminPort": self.admin,
            "concurrency": 1,
            "terminationDrainDuration": "1s",
            "drainDuration": "2s",
        }
        return {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(self._home),
            "PROXY_CONFIG": json.dumps(configuration),
            "POD_NAME": self._name,
            "POD_NAMESPACE": self._namespace,
            "SERVICE_ACCOUNT": self._service_account,
            "INSTANCE_IP": "127.0.0.1",
            "ISTIOD_SAN": "istiod.istio-system.svc",
            "CA_ADDR": self._programs.discovery,
            "JWT_POLICY": "third-party-jwt",
            "ISTIO_META_CLUSTER_ID": "Kubernetes",
            "ISTIO_META_MESH_ID": "cluster.local",
            "ISTIO_META_INTERCEPTION_MODE": "NONE",
            "ISTIO_META_WORKLOAD_NAME": self._name,
            "ISTIO_METAJSON_LABELS": json.dumps(self._labels),
            "ECC_SIGNATURE_ALGORITHM": "ECDSA",
            "EXIT_ON_ZERO_ACTIVE_CONNECTIONS": "true",
            "MINIMUM_DRAIN_DURATION": "0s",
        }


async def _end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), 8)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()

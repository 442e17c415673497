# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A local environment with a mesh for tests: started by role local_platform itself, with one small deployment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support.modules import DEFAULTS
from tests.support.modules import ROOT

HOST = "mesh_local_primary"
NAMESPACE = "shop"
VARIABLES = {
    "platform_environment": "local",
    "platform_region": "us-east-1",
    "platform_components": {"istio": True},
    "cluster_zones": {"a": "us-east-1a"},
    "cluster_node_pools": {"general": {"instance_type": "t3.large", "min": 1, "desired": 1, "max": 1}},
    "istio_gateways": {"ingress": {"namespace": "istio-system", "kind": "ingress"}},
    "local_platform_crds": {**dict.fromkeys(DEFAULTS["local_platform_crds"], False)},
    "local_platform_binaries_directory": str(ROOT / ".local" / "bin"),
    "local_platform_tools_directory": str(ROOT / "tools"),
    "local_platform_timeout": 300,
}


class Mesh:
    """The environment below `directory`: `up`, then `facts`, and `down`."""

    def __init__(self, directory: Path, **variables: Any) -> None:
        self.directory = directory
        self.facts: dict[str, Any] = {}
        hosts = {HOST: {"ansible_connection": "local", "local_platform_directory": str(directory / "local"), **VARIABLES, **variables}}
        (directory / "inventory.json").write_text(json.dumps({"all": {"hosts": hosts}}), encoding="utf-8")

    def up(self) -> str:
        """What ansible-playbook printed."""
        result = {"ansible.builtin.copy": {"content": "{{ local_platform_result | to_json }}", "dest": str(self.directory / "facts.json"), "mode": "0600"}}
        printed = self._play("present", [{**result, "changed_when": False}])
        self.facts = json.loads((self.directory / "facts.json").read_text(encoding="utf-8"))
        return printed

    def down(self) -> str:
        return self._play("absent", [])

    def _play(self, state: str, tasks: list[dict[str, Any]]) -> str:
        role = {"ansible.builtin.import_role": {"name": "llmops.platform.local_platform"}, "vars": {"local_platform_state": state}}
        playbook = self.directory / f"{state}.json"
        playbook.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": [role, *tasks]}]), encoding="utf-8")
        environment = {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}
        command = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", str(self.directory / "inventory.json"), str(playbook)]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=False)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
        return done.stdout

    def kubectl(self, *words: str, stdin: str | None = None) -> str:
        command = [str(ROOT / ".local" / "bin" / "kubectl"), "--kubeconfig", self.facts["cluster"]["kubeconfig"], *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False, input=stdin)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def apply(self, *manifests: dict[str, Any]) -> None:
        document = {"apiVersion": "v1", "kind": "List", "items": list(manifests)}
        self.kubectl("apply", "--server-side", "--force-conflicts", "-f", "-", stdin=json.dumps(document))

    def pods(self) -> list[dict[str, Any]]:
        """What the runner says it runs."""
        return json.loads(fetch(f"{self.facts['mesh']['runner_url']}/pods"))

    def behave(self, **settings: Any) -> list[str]:
        """Set latency or errors of pods. Returns their names."""
        request = urllib.request.Request(f"{self.facts['mesh']['runner_url']}/behaviour", json.dumps(settings).encode(), method="PUT")
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)["pods"]

    def query(self, promql: str) -> dict[str, float]:
        """Values of an instant query by its labels' values, joined by a comma."""
        url = f"{self.facts['mesh']['prometheus_url']}/api/v1/query?{urllib.parse.urlencode({'query': promql})}"
        rows = json.loads(fetch(url))["data"]["result"]
        return {",".join(value for _name, value in sorted(row["metric"].items())): float(row["value"][1]) for row in rows}

    @property
    def url(self) -> str:
        return self.facts["mesh"]["gateways"]["ingress"]["http_url"] + "/"


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def eventually(ready: Callable[[], Any], what: str, seconds: float = 60) -> Any:
    """The first true value of `ready()`; an OSError counts as not yet."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            value = ready()
        except OSError:
            value = None
        if value:
            return value
        assert time.monotonic() < deadline, f"after {seconds:g} s: no {what}"
        time.sleep(0.1)


def deployment(name: str, track: str, version: str, replicas: int) -> dict[str, Any]:
    """Pods of service `web` that the runner runs."""
    labels = {"app": "web", "llmops.platform/track": track, "app.kubernetes.io/version": version}
    pod = {
        "metadata": {"labels": labels, "annotations": {"llmops.platform/run": "true", "llmops.platform/run-latency-ms": "2"}},
        "spec": {
            "serviceAccountName": "web",
            "containers": [{"name": "web", "image": f"shop/web:{version}", "ports": [{"name": "http", "containerPort": 3001}]}],
        },
    }
    spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": pod}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": NAMESPACE}, "spec": spec}


def virtual_service(stable: int, canary: int) -> dict[str, Any]:
    host = f"web.{NAMESPACE}.svc.cluster.local"
    destinations = [
        {"destination": {"host": host, "port": {"number": 80}, "subset": subset}, "weight": weight}
        for subset, weight in (("stable", stable), ("canary", canary))
    ]
    spec = {
        "hosts": ["*"],
        "gateways": ["istio-system/main"],
        "http": [{"name": "primary", "route": destinations, "retries": {"attempts": 2, "retryOn": "connect-failure,refused-stream,reset"}}],
    }
    return {"apiVersion": "networking.istio.io/v1", "kind": "VirtualService", "metadata": {"name": "web", "namespace": NAMESPACE}, "spec": spec}


def shop() -> list[dict[str, Any]]:
    """A service with a stable and a canary version behind the gateway, STRICT."""
    account = {"apiVersion": "v1", "kind": "ServiceAccount"}
    gateway = {
        "selector": {"istio": "ingressgateway"},
        "servers": [{"port": {"number": 80, "name": "http", "protocol": "HTTP"}, "hosts": ["*"]}],
    }
    subsets = [{"name": track, "labels": {"llmops.platform/track": track}} for track in ("stable", "canary")]
    rule = {"host": f"web.{NAMESPACE}.svc.cluster.local", "subsets": subsets}
    istio = "networking.istio.io/v1"
    return [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE, "labels": {"istio-injection": "enabled"}}},
        {**account, "metadata": {"name": "istio-ingressgateway", "namespace": "istio-system"}},
        {**account, "metadata": {"name": "web", "namespace": NAMESPACE}},
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": "web", "namespace": NAMESPACE},
            "spec": {"selector": {"app": "web"}, "ports": [{"name": "http", "port": 80, "targetPort": "http"}]},
        },
        deployment("web", "stable", "1.0.0", 2),
        deployment("web-canary", "canary", "2.0.0", 1),
        {
            "apiVersion": "security.istio.io/v1",
            "kind": "PeerAuthentication",
            "metadata": {"name": "default", "namespace": "istio-system"},
            "spec": {"mtls": {"mode": "STRICT"}},
        },
        {"apiVersion": istio, "kind": "Gateway", "metadata": {"name": "main", "namespace": "istio-system"}, "spec": gateway},
        {"apiVersion": istio, "kind": "DestinationRule", "metadata": {"name": "web", "namespace": NAMESPACE}, "spec": rule},
        virtual_service(90, 10),
    ]

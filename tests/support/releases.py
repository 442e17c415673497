# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Releases on the local environment, under real requests through the real gateway: for scenarios, the demo and the benchmark."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from tests.support.load import Background
from tests.support.load import Load

ROOT = Path(__file__).resolve().parents[2]
HOST = "llm_marketplace_local_primary"
NAMESPACE = "llm-marketplace"
SERVICE = "consumption"
INVENTORY_VERSION = "1.0.0"
# Small times, so that a release is over in a minute. On a busy machine latency would judge the machine, so that errors alone are judged.
QUICK = {
    "release_watch": {"every": 2, "hold": 6, "deadline": 240, "on_deadline": "hold"},
    "release_drain_seconds": 3,
    "release_services": {SERVICE: {"analysis": {"metrics": {"errors": {"template": "marketplace_errors", "slo": 0.02, "negligible": 0.002}}}}},
}


def faulty(error_percent: int, **annotations: str) -> dict[str, Any]:
    """Variables of a release whose new pods answer so many percent of their requests with an error."""
    pods = {"llmops.platform/run": "true", **annotations, "llmops.platform/run-error-percent": str(error_percent)}
    return {"application_services_deployment": {SERVICE: {"pod_annotations": pods}}}


class Releases:
    """One service of one deployment below `directory` (the local environment's folder)."""

    def __init__(self, directory: Path, service: str = SERVICE) -> None:
        self.directory = directory
        self.service = service
        self._facts: dict[str, Any] = {}

    @property
    def facts(self) -> dict[str, Any]:
        """`local_platform_result.mesh` of the deployment."""
        if not self._facts:
            self._facts = self._read_facts()
        return self._facts

    def _read_facts(self) -> dict[str, Any]:
        with tempfile.TemporaryDirectory() as folder:
            facts = Path(folder) / "facts.json"
            tasks = [
                {"ansible.builtin.include_role": {"name": "llmops.platform.local_platform", "tasks_from": "facts"}},
                {"ansible.builtin.copy": {"content": "{{ local_platform_result.mesh | to_json }}", "dest": str(facts), "mode": "0600"}},
            ]
            playbook = Path(folder) / "facts.yml"
            playbook.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": tasks}]), encoding="utf-8")
            done = self._run(self._command(str(playbook), {}))
            assert done.returncode == 0, done.stdout[-3000:]
            return json.loads(facts.read_text(encoding="utf-8"))

    def _command(self, playbook: str, variables: dict[str, Any], *more: str) -> list[str]:
        command = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", "inventories/local.yml", "--limit", HOST, playbook]
        fixed = {"local_platform_directory": str(self.directory), "local_platform_binaries_directory": str(ROOT / ".local" / "bin")}
        return [*command, "-e", json.dumps({**fixed, **variables}), *more]

    @property
    def _environment(self) -> dict[str, str]:
        return {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}

    def _run(self, command: list[str]) -> subprocess.CompletedProcess:
        return subprocess.run(command, cwd=ROOT, env=self._environment, capture_output=True, text=True, check=False)

    def release(self, version: str, strategy: str, *more: str, **variables: Any) -> subprocess.CompletedProcess:
        """Run playbooks/release.yml to its end."""
        return self._run(self._release_command(version, strategy, variables, *more))

    def start(self, version: str, strategy: str, **variables: Any) -> subprocess.Popen:
        """Begin a release and come back at once; its process group is its own, so that all of it can be killed. Its output goes to `started_log`."""
        command = self._release_command(version, strategy, variables)
        # A pipe that nobody reads would stop it.
        with self.started_log.open("w", encoding="utf-8") as output:
            return subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)

    @property
    def started_log(self) -> Path:
        return self.directory / "started_release.log"

    def _release_command(self, version: str, strategy: str, variables: dict[str, Any], *more: str) -> list[str]:
        named = {"release_service": self.service, **({"release_version": version} if version else {}), **({"release_strategy": strategy} if strategy else {})}
        reports = {"release_reports_directory": str(self.directory / "reports" / "releases")}
        return self._command("playbooks/release.yml", {**QUICK, **reports, **named, **variables}, *more)

    def act(self, action: str) -> subprocess.CompletedProcess:
        return self.release("", "", release_action=action)

    def rollback(self) -> subprocess.CompletedProcess:
        return self._run(self._command("playbooks/rollback.yml", {**QUICK, "release_service": self.service}))

    def rest(self) -> None:
        """Back to the inventory's version, with nothing in progress."""
        if self.record().get("phase") in ("progressing", "paused"):
            done = self.rollback()
            assert done.returncode == 0, done.stdout[-3000:]
        if self.version() != INVENTORY_VERSION:
            done = self.release(INVENTORY_VERSION, "rolling")
            assert done.returncode == 0, done.stdout[-3000:]
        self.kubectl("delete", "configmap", f"release-{self.service}", "--ignore-not-found")

    def kubectl(self, *words: str, stdin: str | None = None) -> str:
        kubeconfig = self.directory / "kubeconfigs" / f"{HOST}.yml"
        command = [str(ROOT / ".local" / "bin" / "kubectl"), "--kubeconfig", str(kubeconfig), "--namespace", NAMESPACE, *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False, input=stdin)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def get(self, kind: str, name: str) -> dict[str, Any]:
        """The object, or {}."""
        printed = self.kubectl("get", kind, name, "--ignore-not-found", "-o", "json")
        return json.loads(printed) if printed else {}

    def record(self) -> dict[str, str]:
        return self.get("configmap", f"release-{self.service}").get("data") or {}

    def version(self) -> str:
        """Version of the stable pods' template."""
        return self.get("deployment", self.service)["spec"]["template"]["spec"]["containers"][0]["image"].rpartition(":")[2]

    def weights(self) -> dict[str, tuple[int, ...]]:
        """(stable, canary) by route."""
        routes = self.get("virtualservice", self.service)["spec"]["http"]
        return {route["name"]: tuple(entry.get("weight", 0) for entry in route["route"]) for route in routes}

    def load(self, rate: float, seconds: float, **headers: str) -> Background:
        """Requests through the ingress gateway, as a client outside sends them."""
        virtual_service = self.get("virtualservice", self.service)["spec"]
        host = next(host for host in virtual_service["hosts"] if not host.endswith(".svc.cluster.local"))
        path = virtual_service["http"][-1].get("match", [{}])[0].get("uri", {}).get("prefix", "/")
        url = self.facts["gateways"]["ingress"]["http_url"] + path
        return Background(Load(url, rate, seconds, {"Host": host, **headers}))

    def behave(self, **settings: Any) -> None:
        """Latency and errors of pods that run."""
        body = json.dumps({"namespace": NAMESPACE, "service": self.service, **settings}).encode()
        request = urllib.request.Request(f"{self.facts['runner_url']}/behaviour", body, method="PUT")
        urllib.request.urlopen(request, timeout=10).close()

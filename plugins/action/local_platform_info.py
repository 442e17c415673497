# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what runs of the local environment; documented in the module of the same name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._local import guard
from ansible_collections.llmops.platform.plugins.module_utils._local import mesh
from ansible_collections.llmops.platform.plugins.plugin_utils._action import UNKNOWN
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction
from ansible_collections.llmops.platform.plugins.plugin_utils._local import kwok
from ansible_collections.llmops.platform.plugins.plugin_utils._local import processes


class ActionModule(ApiAction):
    """Read-only."""

    errors = (processes.LocalError,)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        directory = Path(arguments["directory"]).resolve()
        result = {"changed": False, "cluster": self._cluster(directory, arguments["name"]), "aws": self._aws(directory)}
        if arguments["mesh"]:
            result["mesh"] = self._mesh(directory, arguments["name"])
        return result

    def _cluster(self, directory: Path, name: str) -> dict[str, Any]:
        if not name:
            return dict.fromkeys(("name", "server", "kubeconfig", "audit_log", "version"), "")
        plane = kwok.ControlPlane(directory, name)
        record = processes.read_record(plane.record)
        if record and len(plane.processes()) == len(kwok.COMPONENTS):
            return record
        return self._missing(f"the control plane of {name}", {"name": name, "server": UNKNOWN, "kubeconfig": UNKNOWN, "audit_log": UNKNOWN, "version": UNKNOWN})

    def _aws(self, directory: Path) -> dict[str, Any]:
        record = self._running(directory, "moto")
        if record:
            endpoint = f"http://127.0.0.1:{record['ports']['http']}"
            return {"endpoint": endpoint, "environment": guard.aws_environment(endpoint)}
        return self._missing("the fake of AWS", {"endpoint": UNKNOWN, "environment": {}})

    def _mesh(self, directory: Path, name: str) -> dict[str, Any]:
        programs = {"istiod": f"istiod-{name}", "runner": f"mesh-{name}", "prometheus": "prometheus"}
        records = {part: self._running(directory, program) for part, program in programs.items()}
        for part, record in records.items():
            if not record:
                return self._missing(f"{part} of the mesh of {name}", {"gateways": {}, "prometheus_url": UNKNOWN, "runner_url": UNKNOWN})
        return mesh.addresses(*(records[part]["ports"] for part in programs))

    def _running(self, directory: Path, program: str) -> dict[str, Any] | None:
        record = processes.read_record(directory / "state" / "processes" / f"{program}.json")
        return record if record and processes.alive(record["pid"], record["created"]) else None

    def _missing(self, what: str, unknown: dict[str, Any]) -> dict[str, Any]:
        if self.check_mode:
            return unknown
        raise processes.LocalError(f"{what} does not run; start it with `make up` (playbooks/local_up.yml)")

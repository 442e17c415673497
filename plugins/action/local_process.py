# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts or ends a long-running program of the local environment; documented in the module of the same name."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from ansible.module_utils.urls import open_url

from ansible_collections.llmops.platform.plugins.plugin_utils._action import UNKNOWN
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction
from ansible_collections.llmops.platform.plugins.plugin_utils._local import ports
from ansible_collections.llmops.platform.plugins.plugin_utils._local import processes

try:
    import psutil
except ImportError:
    psutil = None

KEPT_ENVIRONMENT = ("PATH", "HOME", "LANG")


class ActionModule(ApiAction):
    """One program, one record in state/processes."""

    errors = (processes.LocalError, OSError)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        directory = Path(arguments["directory"]).resolve()
        record_path = directory / "state" / "processes" / f"{arguments['name']}.json"
        record = processes.read_record(record_path)
        running = record is not None and processes.alive(record["pid"], record["created"])
        if arguments["state"] == "stopped":
            return self._stop(arguments["name"], directory, record_path, record, running)
        command = hashlib.sha256(repr((arguments["argv"], sorted(arguments["environment"].items()), sorted(arguments["ports"]))).encode()).hexdigest()[:12]
        if running and record["command"] == command:
            return {"changed": False, "process": record, "restarted_after_crash": False}
        if self.check_mode:
            return {
                "changed": True,
                "process": {"name": arguments["name"], "ports": dict.fromkeys(arguments["ports"], UNKNOWN)},
                "restarted_after_crash": False,
            }
        if running:
            processes.stop([psutil.Process(record["pid"])])
        process = self._start(arguments, directory, command)
        try:
            processes.write_record(record_path, process)
        except OSError:
            # Without its record nobody would ever end it.
            processes.stop([psutil.Process(process["pid"])])
            raise
        return {"changed": True, "process": process, "restarted_after_crash": record is not None and not running}

    def _start(self, arguments: dict[str, Any], directory: Path, command: str) -> dict[str, Any]:
        chosen = ports.reserve(directory / "state", arguments["name"], arguments["ports"])
        log = directory / "log" / f"{arguments['name']}.log"
        environment = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ} | arguments["environment"]
        started = processes.start([part % chosen for part in arguments["argv"]], environment, log)
        try:
            self._wait(arguments, chosen, started, log)
        except processes.LocalError:
            if processes.alive(started["pid"], started["created"]):
                processes.stop([psutil.Process(started["pid"])])
            raise
        return {"name": arguments["name"], **started, "ports": chosen, "command": command, "log": str(log)}

    def _wait(self, arguments: dict[str, Any], chosen: dict[str, int], started: dict[str, Any], log: Path) -> None:
        if arguments["ready_url"]:
            processes.wait_until(
                lambda: _answers(arguments["ready_url"] % chosen),
                arguments["timeout"],
                arguments["name"],
                log,
                gone=lambda: not processes.alive(started["pid"], started["created"]),
            )

    def _stop(self, name: str, directory: Path, record_path: Path, record: dict | None, running: bool) -> dict[str, Any]:
        if record is None or self.check_mode:
            return {"changed": record is not None}
        if running:
            processes.stop([psutil.Process(record["pid"])])
        ports.release(directory / "state", name)
        record_path.unlink(missing_ok=True)
        return {"changed": True}


def _answers(url: str) -> bool:
    try:
        return open_url(url, timeout=5, use_proxy=False).status < 500
    except HTTPError as error:
        return error.code < 500
    except OSError:
        return False

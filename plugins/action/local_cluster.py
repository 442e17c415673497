# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts or removes one control plane on this machine; documented in the module of the same name."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.llmops.platform.plugins.plugin_utils._action import UNKNOWN
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction
from ansible_collections.llmops.platform.plugins.plugin_utils._local import kwok
from ansible_collections.llmops.platform.plugins.plugin_utils._local import ports
from ansible_collections.llmops.platform.plugins.plugin_utils._local import processes


class ActionModule(ApiAction):
    """One control plane, one record in state/clusters, written only once it answered."""

    errors = (processes.LocalError, OSError)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        plane = kwok.ControlPlane(Path(arguments["directory"]).resolve(), arguments["name"])
        with ports.locked(plane.directory / "state" / f"{plane.name}.lock"):
            return self._remove(plane) if arguments["state"] == "absent" else self._ensure(plane, arguments)

    def _ensure(self, plane: kwok.ControlPlane, arguments: dict[str, Any]) -> dict[str, Any]:
        record = processes.read_record(plane.record)
        if record and plane.settled(record["port"]):
            if record["settings"] != self._settings(arguments):
                self._display.warning(f"The control plane of {plane.name} was made from other settings; `make down` and `make up` renew it.")
            return {"changed": False, "cluster": record}
        if self.check_mode:
            return {"changed": True, "cluster": {"name": plane.name, "server": UNKNOWN, "kubeconfig": UNKNOWN, "audit_log": UNKNOWN}}
        begin = time.monotonic()
        if record:
            # It was ready once and may hold somebody's objects: only its processes are started again.
            record = self._start(plane, arguments, record["port"], record["settings"])
        else:
            # Killed before it was ever ready: nothing in it is worth keeping.
            self._clear(plane)
            record = self._create(plane, arguments)
        return {"changed": True, "cluster": record, "seconds": round(time.monotonic() - begin, 1)}

    def _create(self, plane: kwok.ControlPlane, arguments: dict[str, Any]) -> dict[str, Any]:
        chosen = ports.reserve(plane.directory / "state", plane.name, list(kwok.PORTS))
        for folder in (plane.home, plane.kubeconfig.parent, plane.configuration.parent):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        documents = self._documents(arguments, chosen)
        plane.configuration.write_text(yaml.safe_dump_all(documents, sort_keys=False), encoding="utf-8")
        return self._start(plane, arguments, chosen["apiserver"], kwok.digest(documents))

    def _start(self, plane: kwok.ControlPlane, arguments: dict[str, Any], port: int, settings: str) -> dict[str, Any]:
        begin, say = time.monotonic(), self._every(10, plane.name, arguments["timeout"])
        # On a busy machine a controller may give up before its API server answers; what is missing then is started again.
        while len(plane.processes()) < len(kwok.COMPONENTS) or not plane.answers(port):
            left = arguments["timeout"] - (time.monotonic() - begin)
            if left <= 0:
                missing = ", ".join(sorted(set(kwok.COMPONENTS) - set(plane.processes())))
                raise processes.LocalError(f"the control plane of {plane.name} does not stay up: {missing} ended again and again; see {plane.workdir}/logs")
            self._run_kwokctl(plane, Path(arguments["binaries"]) / "kwokctl", port, left, say)
        plane.protect()
        record = {
            "name": plane.name,
            "server": f"https://127.0.0.1:{port}",
            "port": port,
            "kubeconfig": str(plane.kubeconfig),
            "audit_log": str(plane.audit_log),
            "version": arguments["version"],
            "settings": settings,
        }
        processes.write_record(plane.record, record)
        return record

    def _run_kwokctl(self, plane: kwok.ControlPlane, program: Path, port: int, timeout: float, say: Callable[[float], None]) -> None:
        """Let kwokctl start what does not run, and wait for the API server."""
        plane.forget_stale_pids()
        plane.log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        command = [str(program), "--name", plane.name, "--config", str(plane.configuration), "create", "cluster", "--kubeconfig", str(plane.kubeconfig)]
        with open(plane.log, "ab") as log:
            try:
                kwokctl = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "KWOK_WORKDIR": str(plane.home)}, start_new_session=True)
            except OSError as error:
                raise processes.LocalError(f"{program} cannot be started ({error.strerror}); run `make binaries`") from error
        try:
            processes.wait_until(
                lambda: kwokctl.poll() == 0 and plane.answers(port),
                timeout,
                f"the control plane of {plane.name}",
                plane.log,
                gone=lambda: kwokctl.poll() not in (None, 0),
                progress=say,
            )
        finally:
            if kwokctl.poll() is None:
                kwokctl.kill()

    def _remove(self, plane: kwok.ControlPlane) -> dict[str, Any]:
        exists = plane.workdir.exists() or plane.record.exists() or bool(plane.processes())
        if exists and not self.check_mode:
            self._clear(plane)
        return {"changed": exists}

    def _clear(self, plane: kwok.ControlPlane) -> None:
        # Nothing of it is kept, so an orderly end is not worth a long wait.
        processes.stop(processes.mentioning(f"{plane.workdir}{os.sep}"), grace=1)
        shutil.rmtree(plane.workdir, ignore_errors=True)
        for file in (plane.configuration, plane.kubeconfig, plane.log, plane.record):
            file.unlink(missing_ok=True)
        ports.release(plane.directory / "state", plane.name)

    def _settings(self, arguments: dict[str, Any]) -> str:
        return kwok.digest(self._documents(arguments, dict.fromkeys(kwok.PORTS, 0)))

    def _documents(self, arguments: dict[str, Any], chosen: dict[str, int]) -> list[dict]:
        stages = [stage for file in arguments["stages"] for stage in yaml.safe_load(Path(file).read_text(encoding="utf-8"))]
        audit_policy = Path(arguments["audit_policy"])
        return kwok.configuration(Path(arguments["binaries"]), chosen, arguments["version"], audit_policy, arguments["component_arguments"], stages)

    def _every(self, interval: float, name: str, timeout: int):
        last = 0.0

        def say(elapsed: float) -> None:
            nonlocal last
            if elapsed - last >= interval:
                last = elapsed
                self.progress(f"  control plane of {name}: waiting for its API server, {elapsed:.0f} s of at most {timeout} s")

        return say

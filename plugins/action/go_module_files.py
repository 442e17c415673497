# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes files of pinned Go modules as one YAML file each; documented in the module of the same name."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import as_completed
from pathlib import Path
from typing import Any

from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction
from ansible_collections.llmops.platform.plugins.plugin_utils._local import go
from ansible_collections.llmops.platform.plugins.plugin_utils._local import go_files
from ansible_collections.llmops.platform.plugins.plugin_utils._local.ports import locked
from ansible_collections.llmops.platform.plugins.plugin_utils._local.processes import LocalError


class ActionModule(ApiAction):
    """Several modules, one file each, one record."""

    errors = (LocalError, OSError)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        destination = Path(arguments["destination"]).resolve()
        sources = self._sources(arguments)
        stale = go_files.outdated(destination, sources)
        result: dict[str, Any] = {"changed": bool(stale), "written": [source.name for source in stale], "missing": []}
        result["files"] = {source.name: str(destination / source.file) for source in sources}
        if self.diff_wanted:
            result["diff"] = [go_files.difference(destination, source) for source in stale]
        if not stale:
            return result
        try:
            go.run(arguments["go"], ["version"], Path.cwd())
        except go.GoMissing:
            if arguments["go_required"]:
                raise
            return {**result, **self._without_go(result)}
        if not self.check_mode:
            begin = time.monotonic()
            destination.mkdir(parents=True, exist_ok=True)
            with locked(destination / ".lock"):
                # Whoever held the lock may have written them.
                self._make(arguments, go_files.outdated(destination, sources), destination)
            result["seconds"] = round(time.monotonic() - begin, 1)
        return result

    def _sources(self, arguments: dict[str, Any]) -> list[go_files.Source]:
        names = [entry["name"] for entry in arguments["modules"]]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise LocalError(f"option 'modules' has {', '.join(twice)} twice; give each a name of its own")
        if arguments["parallelism"] < 1:
            raise LocalError("option 'parallelism' must be at least 1")
        kinds, descriptions = tuple(arguments["kinds"]), arguments["descriptions"]
        return [
            go_files.Source(entry["name"], Path(entry["module"]), tuple(entry["files"]), kinds, descriptions, go_files.pinned(Path(entry["module"])))
            for entry in arguments["modules"]
        ]

    def _without_go(self, result: dict[str, Any]) -> dict[str, Any]:
        missing = result["written"]
        self.progress(f"no Go: {', '.join(missing)} not fetched")
        files = {name: path for name, path in result["files"].items() if name not in missing}
        return {"changed": False, "written": [], "missing": missing, "files": files, "diff": []}

    def _make(self, arguments: dict[str, Any], stale: list[go_files.Source], destination: Path) -> None:
        """Write what is stale. Raises LocalError with every fault; what succeeded stays."""
        faults: list[str] = []
        with ThreadPoolExecutor(arguments["parallelism"]) as pool:
            pending = {pool.submit(go_files.make, arguments["go"], source, destination, arguments["timeout"]): source for source in stale}
            for number, future in enumerate(as_completed(pending), start=1):
                source = pending[future]
                try:
                    count = future.result()
                except LocalError as error:
                    faults.append(str(error))
                    continue
                go_files.remember(destination, source)
                self.progress(f"  {source.name} {source.pin.version}: {count} objects ({number} of {len(stale)})")
        if faults:
            raise LocalError("; ".join(faults))

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds programs from a pinned go.mod; documented in the module of the same name."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction
from ansible_collections.llmops.platform.plugins.plugin_utils._local import go
from ansible_collections.llmops.platform.plugins.plugin_utils._local.ports import locked
from ansible_collections.llmops.platform.plugins.plugin_utils._local.processes import LocalError


class ActionModule(ApiAction):
    """One go.mod, several programs."""

    errors = (LocalError, OSError)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        module, destination = Path(arguments["module"]), Path(arguments["destination"])
        command = arguments["go"]
        version, *platform = go.run(command, ["env", "GOVERSION", "GOOS", "GOARCH"], Path.cwd()).split()
        digest = go.wanted(module, version, "/".join(platform), arguments["variables"])
        stale = go.outdated(destination, arguments["programs"], digest)
        if not stale or self.check_mode:
            return {"changed": bool(stale), "built": stale}
        destination.mkdir(parents=True, exist_ok=True)
        begin = time.monotonic()
        with locked(destination / ".build.lock"):
            # Whoever held the lock may have built them.
            stale = go.outdated(destination, arguments["programs"], digest)
            if stale:
                self.progress(f"Building {', '.join(stale)} with {version}; this is done once and takes minutes.")
            programs = {name: arguments["programs"][name] for name in stale}
            go.build(command, module, destination, programs, arguments["variables"], digest, self._say)
        return {"changed": bool(stale), "built": stale, "seconds": round(time.monotonic() - begin, 1)}

    def _say(self, name: str, done: int, total: int, seconds: float) -> None:
        self.progress(f"  {name}: {done} of at most {total} packages compiled, {seconds:.0f} s")

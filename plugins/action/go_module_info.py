# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says where a pinned Go module lies; documented in the module of the same name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction
from ansible_collections.llmops.platform.plugins.plugin_utils._local import go
from ansible_collections.llmops.platform.plugins.plugin_utils._local.processes import LocalError


class ActionModule(ApiAction):
    """Go keeps what it fetched; a second call answers at once."""

    errors = (LocalError, OSError)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        found = go.download(arguments["go"], Path(arguments["module"]), float(arguments["timeout"]), arguments["path"])
        return {"changed": False, "directory": found["Dir"], "version": found["Version"], "checksum": found["Sum"]}

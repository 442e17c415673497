# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says where the values of a variable come from; documented in the module of the same name."""

from __future__ import annotations

from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._inventory.origin import UnknownVariable
from ansible_collections.llmops.platform.plugins.module_utils._inventory.origin import explain
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction
from ansible_collections.llmops.platform.plugins.plugin_utils._action import plain
from ansible_collections.llmops.platform.plugins.plugin_utils._inventory import origin


class ActionModule(ApiAction):
    """Read-only."""

    errors = (UnknownVariable,)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        rows = explain(arguments["variable"], task_vars, origin)
        for row in rows:
            row["value"] = plain(row["value"])
        self._print(rows)
        return {"changed": False, "leaves": rows}

    def _print(self, rows: list[dict[str, Any]]) -> None:
        width = max(len(f"{row['path']} = {row['value']!r}") for row in rows)
        for row in rows:
            left = f"{row['path']} = {row['value']!r}"
            self.progress(f"{left.ljust(min(width, 100))}  {row['file']}:{row['line']}")

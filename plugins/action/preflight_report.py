# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints what preflight found and refuses to go on with errors; documented in the module of the same name."""

from __future__ import annotations

from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._preflight import findings
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction


class PreflightError(Exception):
    """What stops the run."""


class ActionModule(ApiAction):
    """Read-only."""

    errors = (PreflightError,)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        lines = findings.table(arguments["findings"])
        for line in lines:
            self.progress(line)
        errors = findings.sentences(arguments["findings"])
        if errors:
            raise PreflightError("\n".join([f"Preflight found {len(errors)} error{'s' if len(errors) > 1 else ''}. Nothing was changed.", *errors]))
        return {"changed": False, "table": lines}

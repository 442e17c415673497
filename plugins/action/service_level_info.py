# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads requests and errors out of Prometheus; documented in the module of the same name."""

from __future__ import annotations

from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._release import service_level
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction


class ActionModule(ApiAction):
    """Read-only."""

    secrets = (("token",),)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {"requests": None, "errors": None, "problem": None, "queries": []}
        with self.task_environment():
            try:
                requests, errors = service_level.counters(arguments)
                ask = service_level.prometheus({key: arguments[key] for key in ("url", "token", "ca_path", "timeout")})
                found = service_level.measure(ask, requests, errors, arguments["window"])
            except service_level.ServiceLevelError as error:
                found["problem"] = str(error)
        return {"changed": False, **found}

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what is installed on the controller; documented in the module of the same name."""

from __future__ import annotations

import platform
from typing import Any

from ansible.release import __version__ as core_version

from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction
from ansible_collections.llmops.platform.plugins.plugin_utils._preflight import programs


class ActionModule(ApiAction):
    """Read-only."""

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        return {
            "changed": False,
            "tools": programs.probe_all(arguments["tools"], arguments["directories"], arguments["timeout"]),
            "controller": {
                "python": platform.python_version(),
                "ansible_core": core_version,
                "collections": {name: programs.collection_version(name) for name in arguments["collections"]},
                "roles": {name: programs.collection_roles(name) for name in arguments["roles"]},
                "libraries": {name: programs.library_version(name) for name in arguments["libraries"]},
            },
        }

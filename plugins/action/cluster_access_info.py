# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads credentials, reachability and permissions of a cluster; documented in the module of the same name."""

from __future__ import annotations

from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s.access import cluster_access
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction


class ActionModule(ApiAction):
    """Read-only: what it creates are access reviews, which the API server answers and forgets."""

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        return {"changed": False, **cluster_access(arguments["kubeconfig"], arguments["context"], arguments["permissions"], arguments["timeout"])}

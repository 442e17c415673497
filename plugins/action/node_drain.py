# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Empties nodes; documented in the module of the same name."""

from __future__ import annotations

from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._drain.draining import Drain
from ansible_collections.llmops.platform.plugins.module_utils._k8s import connection
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError
from ansible_collections.llmops.platform.plugins.plugin_utils._action import UNKNOWN
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction


class ActionModule(ApiAction):
    """All thinking is in module_utils/_drain."""

    errors = (KubernetesError,)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        if self.check_mode and arguments["kubeconfig"] == UNKNOWN:
            return {"changed": False, "nodes": {}, "evicted": 0, "blocked": [], "plan": []}
        client = Client(connection.load(arguments["kubeconfig"], arguments["context"]), "node_drain")
        try:
            result = Drain(client, arguments, self.progress).run(self.check_mode)
        finally:
            client.close()
        if self.diff_wanted and result["changed"]:
            result["diff"] = [_diff(name, row) for name, row in sorted(result["nodes"].items()) if row["changed"]]
        return result


def _diff(name: str, row: dict[str, Any]) -> dict[str, str]:
    label = f"Node/{name}"
    pods = "".join(f"pod {pod}\n" for pod in row["evicted"])
    return {"before_header": label, "after_header": label, "before": f"{row['before']}\n{pods}", "after": f"{row['after']}\n"}

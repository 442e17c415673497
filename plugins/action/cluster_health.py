# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits until a cluster is as healthy as before; documented in the module of the same name."""

from __future__ import annotations

from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._drain.health import Health
from ansible_collections.llmops.platform.plugins.module_utils._k8s import connection
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError
from ansible_collections.llmops.platform.plugins.plugin_utils._action import UNKNOWN
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction


class ActionModule(ApiAction):
    """All thinking is in module_utils/_drain."""

    errors = (KubernetesError,)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        if arguments["state"] == "remembered" and not arguments["operation"]:
            raise KubernetesError("state remembered needs 'operation', which says what the record is for")
        if self.check_mode and arguments["kubeconfig"] == UNKNOWN:
            return {"changed": False, "problems": [], "workloads": {}, "nodes": [], "server_version": ""}
        client = Client(connection.load(arguments["kubeconfig"], arguments["context"]), "cluster_health")
        try:
            return Health(client, arguments, self.progress).run(self.check_mode)
        finally:
            client.close()

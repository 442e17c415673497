# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks and replaces the mesh's certificate authority; documented in the module of the same name."""

from __future__ import annotations

import datetime
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s import connection
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import path_of
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError
from ansible_collections.llmops.platform.plugins.module_utils._mesh.authority import KEYS
from ansible_collections.llmops.platform.plugins.module_utils._mesh.authority import authority_problems
from ansible_collections.llmops.platform.plugins.module_utils._mesh.authority import rotation_problems
from ansible_collections.llmops.platform.plugins.plugin_utils._action import UNKNOWN
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction


class ActionModule(ApiAction):
    """The key never leaves this process."""

    errors = (KubernetesError,)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        if self.check_mode and arguments["kubeconfig"] == UNKNOWN:
            return {"changed": False, "problems": [], "warned": [], "exists": False}
        client = Client(connection.load(arguments["kubeconfig"], arguments["context"]), "mesh_authority")
        try:
            return self._replaced(client, arguments) if arguments["replace_with"] else self._checked(client, arguments, arguments["name"])
        finally:
            client.close()

    def _checked(self, client: Client, arguments: dict[str, Any], name: str) -> dict[str, Any]:
        live = client.find(_path(arguments, name))
        if live is None:
            return {"changed": False, "problems": [f"Secret {arguments['namespace']}/{name} does not exist"], "warned": [], "exists": False}
        now = datetime.datetime.now(datetime.UTC)
        found, warned = authority_problems(live.get("data") or {}, f"Secret {arguments['namespace']}/{name}", now, arguments["warn_days"])
        return {"changed": False, "problems": found, "warned": warned, "exists": True}

    def _replaced(self, client: Client, arguments: dict[str, Any]) -> dict[str, Any]:
        for name in (arguments["name"], arguments["replace_with"]):
            checked = self._checked(client, arguments, name)
            if checked["problems"]:
                return checked
        old, new = (client.get(_path(arguments, name))["data"] for name in (arguments["name"], arguments["replace_with"]))
        data = {key: new[key] for key in KEYS}
        if data == {key: old.get(key) for key in KEYS}:
            return {**checked, "changed": False}
        found = rotation_problems(old, data, f"Secret {arguments['namespace']}/{arguments['replace_with']}", arguments["retire_roots"])
        if found:
            return {**checked, "problems": found}
        if not self.check_mode:
            client.request("PATCH", _path(arguments, arguments["name"]), {}, {"data": data}, "application/merge-patch+json")
        return {**checked, "changed": True}


def _path(arguments: dict[str, Any], name: str) -> str:
    return f"/api/v1/{path_of('namespaces', arguments['namespace'], 'secrets', name)}"

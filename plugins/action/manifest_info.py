# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads Kubernetes objects; documented in the module of the same name."""

from __future__ import annotations

from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s import connection
from ansible_collections.llmops.platform.plugins.module_utils._k8s.catalogue import Catalogue
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import ApiError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError
from ansible_collections.llmops.platform.plugins.plugin_utils._action import UNKNOWN
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction


class ActionModule(ApiAction):
    """Read-only."""

    errors = (KubernetesError,)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        if self.check_mode and arguments["kubeconfig"] == UNKNOWN:
            return {"changed": False, "resources": []}
        client = Client(connection.load(arguments["kubeconfig"], arguments["context"]), "manifest_info")
        try:
            return {"changed": False, "resources": self._read(client, arguments)}
        except ApiError as error:
            raise KubernetesError(f"{arguments['kind']} objects cannot be read: {error.message} ({error.status})") from error
        finally:
            client.close()

    @staticmethod
    def _read(client: Client, arguments: dict[str, Any]) -> list[dict[str, Any]]:
        api_version, kind = arguments["api_version"], arguments["kind"]
        resource = Catalogue(client, []).resource(api_version, kind)
        if resource is None:
            return []
        query = {"labelSelector": arguments["label_selector"]} if arguments["label_selector"] else {}
        places = sorted(set(arguments["namespaces"])) if resource.namespaced and arguments["namespaces"] else [""]
        found = [
            {"apiVersion": api_version, "kind": kind, **live}
            for place in places
            for listed, _remaining in client.pages(resource.path(place), **query)
            for live in listed
        ]
        for live in found:
            live["metadata"].pop("managedFields", None)
            if kind == "Secret":
                live.pop("data", None)
        return sorted(found, key=lambda live: (live["metadata"].get("namespace") or "", live["metadata"]["name"]))

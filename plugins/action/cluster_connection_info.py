# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says which cluster a kubeconfig leads to; documented in the module of the same name."""

from __future__ import annotations

import hashlib
import ssl
from pathlib import Path
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import K8sError
from ansible_collections.llmops.platform.plugins.module_utils._local.guard import is_loopback
from ansible_collections.llmops.platform.plugins.plugin_utils._action import UNKNOWN
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction


class ActionModule(ApiAction):
    """Read-only."""

    errors = (K8sError,)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        kubeconfig = arguments["kubeconfig"]
        if kubeconfig == UNKNOWN and self.check_mode:
            connection = dict.fromkeys(("kubeconfig", "context", "server", "ca_sha256", "uid", "version"), UNKNOWN)
            return {"changed": False, "connection": connection}
        client = Client(kubeconfig, arguments["context"])
        if arguments["require_loopback"] and not is_loopback(client.server):
            raise K8sError(f"kubeconfig '{kubeconfig}' leads to {client.server}, which is not on this machine; environment local never leaves it")
        system = client.get({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "kube-system"}}) or {"metadata": {"uid": ""}}
        connection = {
            "kubeconfig": kubeconfig,
            "context": client.context,
            "server": client.server,
            "ca_sha256": _digest(client.ca_file),
            "uid": system["metadata"]["uid"],
            "version": client.request("GET", "/version")["gitVersion"],
        }
        return {"changed": False, "connection": connection}


def _digest(ca_file: str | None) -> str:
    if not ca_file:
        return ""
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(Path(ca_file).read_text(encoding="ascii"))).hexdigest()

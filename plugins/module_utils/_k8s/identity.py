# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Which cluster a kubeconfig really leads to."""

from __future__ import annotations

from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.connection import is_loopback
from ansible_collections.llmops.platform.plugins.module_utils._k8s.connection import load
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import ApiError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError


def cluster_connection(kubeconfig: str | None, context: str | None, *, require_loopback: bool) -> dict[str, Any]:
    """`{kubeconfig, context, server, ca_sha256, uid, version}`. Raises KubernetesError.

    With `require_loopback` another machine's address is refused before anything is sent there.
    """
    connection = load(kubeconfig, context)
    if require_loopback and not (is_loopback(connection.server) and (not connection.proxy or is_loopback(connection.proxy))):
        where = f"{connection.server} through {connection.proxy}" if connection.proxy else connection.server
        raise KubernetesError(
            f"context {connection.context!r} of {connection.kubeconfig} leads to {where}, which is not this machine; "
            "set option 'kubeconfig' to the local environment's own file (this run requires a loopback address)"
        )
    client = Client(connection, "cluster_connection_info")
    try:
        version = client.get("/version")["gitVersion"].removeprefix("v")
        uid = client.get("/api/v1/namespaces/kube-system")["metadata"]["uid"]
    except ApiError as error:
        raise KubernetesError(f"{connection.server} refuses {connection.kubeconfig}: {error.message} ({error.status}); correct the credentials") from error
    finally:
        client.close()
    return {
        "kubeconfig": connection.kubeconfig,
        "context": connection.context,
        "server": connection.server,
        "ca_sha256": connection.ca_sha256,
        "uid": uid,
        "version": version,
    }

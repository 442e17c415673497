# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Why a workload is late: what its newest unready pod says."""

from __future__ import annotations

from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import K8sError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.readiness import READY
from ansible_collections.llmops.platform.plugins.module_utils._k8s.readiness import readiness

WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job")


def explanation(client: Client, live: dict[str, Any]) -> str:
    """The pod's words, or an empty string: an explanation is never worth a failure of its own."""
    if live["kind"] not in WORKLOADS:
        return ""
    selector = ((live.get("spec") or {}).get("selector") or {}).get("matchLabels") or {}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": live["metadata"]["namespace"], "name": ""}}
    try:
        pods = client.list(pod, labelSelector=",".join(f"{key}={value}" for key, value in selector.items()))
    except K8sError:
        return ""
    pods = [{"apiVersion": "v1", "kind": "Pod", **item} for item in pods]
    unready = [item for item in pods if readiness(item)[0] != READY]
    if not unready:
        return ""
    newest = max(unready, key=lambda item: item["metadata"]["creationTimestamp"])
    return f"pod {newest['metadata']['name']}: {readiness(newest)[1]}"

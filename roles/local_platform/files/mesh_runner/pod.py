# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is run of a pod, read out of its manifest."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Any

RUN = "llmops.platform/run"
LATENCY = "llmops.platform/run-latency-ms"
ERRORS = "llmops.platform/run-error-percent"
TRACK = "llmops.platform/track"


@dataclass(frozen=True)
class Pod:
    """A pod that is to be run."""

    name: str
    namespace: str
    uid: str
    service: str
    version: str
    track: str
    service_account: str
    labels: dict[str, str]
    ports: dict[str, int]
    latency_ms: float
    error_percent: float
    zone: str = field(default="", compare=False)

    @property
    def owner(self) -> dict[str, str]:
        return {"apiVersion": "v1", "kind": "Pod", "name": self.name, "uid": self.uid}


def wanted(manifest: dict[str, Any]) -> bool:
    """Whether the pod is to be served: marked, on a node and not about to go."""
    metadata = manifest["metadata"]
    if metadata.get("annotations", {}).get(RUN) != "true" or "deletionTimestamp" in metadata:
        return False
    return manifest.get("status", {}).get("phase") == "Running"


def readiness(moment: str) -> dict[str, Any]:
    """What a kubelet says of a pod whose containers passed their probes, as a strategic merge patch of its status."""
    return {"status": {"conditions": [{"type": kind, "status": "True", "lastTransitionTime": moment} for kind in ("ContainersReady", "Ready")]}}


def read(manifest: dict[str, Any]) -> Pod:
    """The pod out of its manifest."""
    metadata, specification = manifest["metadata"], manifest["spec"]
    labels, annotations = metadata.get("labels", {}), metadata.get("annotations", {})
    service = labels.get("app") or labels.get("app.kubernetes.io/name") or metadata["name"]
    containers = specification["containers"]
    version = labels.get("version") or labels.get("app.kubernetes.io/version") or containers[0]["image"].rpartition(":")[2]
    ports = {
        port.get("name", f"port-{port['containerPort']}"): port["containerPort"]
        for container in containers
        for port in container.get("ports", [])
        if port.get("protocol", "TCP") == "TCP"
    }
    return Pod(
        name=metadata["name"],
        namespace=metadata["namespace"],
        uid=metadata["uid"],
        service=service,
        version=version,
        track=labels.get(TRACK, "stable"),
        service_account=specification.get("serviceAccountName", "default"),
        labels=labels,
        ports=ports,
        latency_ms=_number(annotations.get(LATENCY)),
        error_percent=_number(annotations.get(ERRORS)),
    )


def _number(text: str | None) -> float:
    """An annotation's number; what is none counts as 0, as nobody could correct a running pod's template here."""
    try:
        return max(0.0, float(text or 0))
    except ValueError:
        return 0.0


def workload_entry(pod: Pod, address: str, mtls: bool) -> dict[str, Any]:
    """The pod's endpoint for the mesh; it goes with the pod."""
    return {
        "apiVersion": "networking.istio.io/v1",
        "kind": "WorkloadEntry",
        "metadata": {"name": pod.name, "namespace": pod.namespace, "ownerReferences": [pod.owner]},
        "spec": {
            "address": address,
            "ports": pod.ports,
            "labels": {**pod.labels, "security.istio.io/tlsMode": "istio" if mtls else "disabled"},
            "serviceAccount": pod.service_account,
        },
    }


def sidecar(pod: Pod, address: str, behind: int, selector: dict[str, str]) -> dict[str, Any]:
    """Listeners of the pod's proxy: the ports of the pod, all leading to the server at port `behind`; nothing outbound, as nothing is redirected here."""
    return {
        "apiVersion": "networking.istio.io/v1",
        "kind": "Sidecar",
        "metadata": {"name": pod.name, "namespace": pod.namespace, "ownerReferences": [pod.owner]},
        "spec": {
            "workloadSelector": {"labels": selector},
            "ingress": [
                {"port": {"number": number, "protocol": "HTTP", "name": name}, "bind": address, "defaultEndpoint": f"127.0.0.1:{behind}"}
                for name, number in pod.ports.items()
            ],
            "egress": [{"hosts": ["~/*"]}],
        },
    }

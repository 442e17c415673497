# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What a namespace has from the start: labels, quota, limits, and a wall around it with the doors that everything needs."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

MANAGED = {"app.kubernetes.io/managed-by": "llmops-platform"}
INJECTION = ("enabled", "disabled")
LEVELS = ("restricted", "baseline", "privileged", "none")
# https://istio.io/latest/docs/ops/deployment/application-requirements/#ports-used-by-istio
ISTIOD_PORTS = (15010, 15012, 15014, 15017)
MESH_METRIC_PORTS = (15020, 15090)
NODE_LOCAL_DNS = "169.254.20.10/32"


def namespace(name: str, settings: Mapping[str, Any], version: str) -> dict[str, Any]:
    """Raises ValueError naming the variable for a value that is not known."""
    for key, allowed in (("istio_injection", INJECTION), ("pod_security", LEVELS)):
        if settings.get(key) not in allowed:
            raise ValueError(f"cluster_baseline_namespaces.{name}.{key} is {settings.get(key)!r}; use one of {', '.join(allowed)}")
    labels = {"name": name, "istio-injection": settings["istio_injection"], **MANAGED}
    if settings["pod_security"] != "none":
        # Pods are judged by enforce; warn and audit also speak up for the workloads that would make them.
        for mode in ("enforce", "warn", "audit"):
            labels[f"pod-security.kubernetes.io/{mode}"] = settings["pod_security"]
            labels[f"pod-security.kubernetes.io/{mode}-version"] = version
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {**labels, **settings["labels"]}}}


def limits(name: str, settings: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """ResourceQuota and LimitRange, where the namespace has any."""
    metadata = {"namespace": name, "labels": MANAGED}
    if settings.get("quota"):
        yield {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "quota", **metadata}, "spec": {"hard": dict(settings["quota"])}}
    if settings.get("limits"):
        rows = [{"type": kind, **values} for kind, values in settings["limits"].items()]
        yield {"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "limits", **metadata}, "spec": {"limits": rows}}


def network_policies(name: str, settings: Mapping[str, Any], peers: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """`default-deny`, and the doors that are wanted."""
    wanted = settings.get("network") or {}
    if not wanted.get("default_deny"):
        return
    yield policy("default-deny", name, {}, ["Ingress", "Egress"])
    if wanted.get("dns"):
        resolver = {"namespaceSelector": in_namespace(peers["dns"]), "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}}
        to = [resolver, {"ipBlock": {"cidr": NODE_LOCAL_DNS}}]
        yield policy("allow-dns", name, {"egress": [{"to": to, "ports": [*ports(53, protocol="UDP"), *ports(53)]}]}, ["Egress"])
    if wanted.get("mesh") and settings["istio_injection"] == "enabled":
        istiod = {"to": [{"namespaceSelector": in_namespace(peers["mesh"])}], "ports": ports(*ISTIOD_PORTS)}
        yield policy("allow-mesh", name, {"egress": [istiod]}, ["Egress"])
    if wanted.get("metrics") and settings["istio_injection"] == "enabled":
        scraper = {"from": [{"namespaceSelector": in_namespace(peers["metrics"])}], "ports": ports(*MESH_METRIC_PORTS)}
        yield policy("allow-metrics", name, {"ingress": [scraper]}, ["Ingress"])


def policy(name: str, where: str, rules: Mapping[str, Any], types: list[str]) -> dict[str, Any]:
    spec = {"podSelector": {}, "policyTypes": types, **rules}
    metadata = {"name": name, "namespace": where, "labels": MANAGED}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


def in_namespace(name: str) -> dict[str, Any]:
    # The API server sets this label itself, so nobody can pretend to be another namespace.
    return {"matchLabels": {"kubernetes.io/metadata.name": name}}


def ports(*numbers: int, protocol: str = "TCP") -> list[dict[str, Any]]:
    return [{"protocol": protocol, "port": number} for number in numbers]

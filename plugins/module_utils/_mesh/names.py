# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Names and small pieces that all of the mesh's objects share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NETWORKING = "networking.istio.io/v1"
SECURITY = "security.istio.io/v1"
TELEMETRY = "telemetry.istio.io/v1"
GATEWAY_API = "gateway.networking.k8s.io/v1"

TRACK = "llmops.platform/track"
TRACKS = ("stable", "canary")
MATCH, PRIMARY = "canary-match", "primary"

Objects = list[dict[str, Any]]
Named = Mapping[str, Mapping[str, Any]]


def thing(api_version: str, kind: str, name: str, namespace: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    """One object."""
    metadata = {"name": name, "namespace": namespace, "labels": {"app.kubernetes.io/managed-by": "llmops-platform"}}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, "spec": dict(spec)}


def host(service: str, namespace: str) -> str:
    """Name of a Kubernetes Service within its cluster."""
    return f"{service}.{namespace}.svc.cluster.local"


def principal(account: str, namespace: str) -> str:
    """Identity of a service account. The mesh takes cluster.local for whatever its own trust domain is."""
    return f"cluster.local/ns/{namespace}/sa/{account}"


def gateway_name(key: str, gateway: Mapping[str, Any]) -> str:
    """Name of a gateway's release, Service and service account."""
    return gateway.get("name") or f"istio-{key}gateway"


def gateway_selector(name: str) -> dict[str, str]:
    """The labels that the gateway's chart gives to its pods."""
    return {"app": name, "istio": name.removeprefix("istio-")}


def switched_on(switches: Mapping[str, Any] | None) -> list[str]:
    """Keys whose value is true, in order."""
    return [name for name, on in (switches or {}).items() if on]


def object_name(*parts: str) -> str:
    """A name that Kubernetes takes."""
    return "-".join(part.replace("_", "-") for part in parts)

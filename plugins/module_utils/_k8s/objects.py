# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Manifests as data: what is wrong with them, in which order they go, what of them is shown."""

from __future__ import annotations

import copy
import hashlib
import json
from typing import Any

Manifest = dict[str, Any]

# Kinds in the order in which they are applied; deletion goes the other way. What is not named comes with the custom resources.
RANKS: tuple[tuple[str, ...], ...] = (
    ("CustomResourceDefinition",),
    ("Namespace", "PriorityClass", "StorageClass", "RuntimeClass", "IngressClass"),
    ("Node", "ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "ResourceQuota", "LimitRange", "NetworkPolicy"),
    ("Secret", "ConfigMap", "PersistentVolume", "PersistentVolumeClaim"),
    ("Service",),
    ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Pod", "Job", "CronJob"),
    ("HorizontalPodAutoscaler", "VerticalPodAutoscaler", "PodDisruptionBudget"),
)
LAST_RANK = len(RANKS)

# The digest of what was applied last. Who changes a field takes it over from us, so digest and ownership together prove equality.
APPLIED = "llmops.platform/applied"
SERVER_FIELDS = ("managedFields", "resourceVersion", "uid", "generation", "creationTimestamp", "selfLink")


def rank(manifest: Manifest) -> int:
    """Place in the order of application, 0 first."""
    return next((number for number, kinds in enumerate(RANKS) if manifest["kind"] in kinds), LAST_RANK)


def identity(manifest: Manifest) -> tuple[str, str, str, str]:
    """apiVersion, kind, namespace (empty where there is none), name."""
    metadata = manifest["metadata"]
    return manifest["apiVersion"], manifest["kind"], metadata.get("namespace") or "", metadata["name"]


def title(manifest: Manifest) -> str:
    """What people call the object: Deployment/shop/cart."""
    return "/".join(part for part in identity(manifest)[1:] if part)


def problems(manifests: Any) -> list[str]:
    """What is wrong with the list before anything is sent; empty when nothing is."""
    if not isinstance(manifests, list):
        return ["manifests must be a list of maps"]
    found: list[str] = []
    seen: set[tuple[str, str, str, str]] = set()
    for number, manifest in enumerate(manifests):
        where = f"manifests[{number}]"
        if not isinstance(manifest, dict):
            found.append(f"{where} is {'null' if manifest is None else type(manifest).__name__}, not a map; drop it or correct the template that made it")
            continue
        missing = [key for key in ("apiVersion", "kind") if not manifest.get(key)]
        metadata = manifest.get("metadata")
        if not isinstance(metadata, dict) or not metadata.get("name"):
            missing.append("metadata.name")
        if missing:
            found.append(f"{where} ({manifest.get('kind') or 'no kind'}) has no {', '.join(missing)}")
        elif identity(manifest) in seen:
            found.append(f"{where}: {title(manifest)} stands in manifests twice; one would overwrite the other")
        else:
            seen.add(identity(manifest))
    return found


def stripped(value: Any) -> Any:
    """The value without nulls in maps: to the server a null is as good as absent."""
    if isinstance(value, dict):
        return {key: stripped(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [stripped(item) for item in value]
    return value


def prepared(manifest: Manifest) -> Manifest:
    """The manifest as it is sent: no nulls, no server-made fields, no status, with the digest of itself."""
    body = stripped(copy.deepcopy(manifest))
    body.pop("status", None)
    metadata = body["metadata"]
    for field in SERVER_FIELDS:
        metadata.pop(field, None)
    metadata["annotations"] = {**(metadata.get("annotations") or {}), APPLIED: ""}
    metadata["annotations"][APPLIED] = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]
    return body


def content(live: Manifest | None) -> Manifest:
    """What of a live object counts as its content: not the server's bookkeeping, not our digest, not the status."""
    if live is None:
        return {}
    body = {key: value for key, value in live.items() if key != "status"}
    metadata = {key: value for key, value in live.get("metadata", {}).items() if key not in SERVER_FIELDS}
    annotations = {key: value for key, value in (metadata.get("annotations") or {}).items() if key not in (APPLIED, "deployment.kubernetes.io/revision")}
    metadata.pop("annotations", None)
    return {**body, "metadata": {**metadata, **({"annotations": annotations} if annotations else {})}}


def shown(live: Manifest | None) -> Manifest:
    """The content as a diff may show it: a Secret's values are digests."""
    body = content(live)
    if body.get("kind") == "Secret":
        body = dict(body)
        for field in ("data", "stringData"):
            if body.get(field):
                body[field] = {key: _digest(value) for key, value in body[field].items()}
    return body


def _digest(value: Any) -> str:
    return "sha256:" + hashlib.sha256(str(value).encode()).hexdigest()[:8]

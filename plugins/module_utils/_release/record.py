# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The record of a service's release, ConfigMap `release-<service>`: who reads it knows how far the release is, also after a killed run.

Keys are patched one by one, so that a request (`pause`, `abort`, `approve`) from another run is never overwritten.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import path_of
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import ApiError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError

LABEL = "llmops.platform/release"
MANAGER = "llmops-release"
PHASES = ("progressing", "paused", "promoted", "rolled_back")
REQUESTS = ("pause", "resume", "abort", "approve", "finish")
# Everything but these is text.
STRUCTURED = ("plan", "analysis", "overrides", "history", "stage", "holds")
# etcd keeps objects of at most 1.5 MB; the newest events matter.
EVENTS = 60
MERGE_PATCH = "application/merge-patch+json"


def name_of(service: str) -> str:
    return f"release-{service}"


def now() -> str:
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def decoded(live: Mapping[str, Any] | None) -> dict[str, Any]:
    """The record as values; empty if there is none. Raises KubernetesError for a record that nobody can read."""
    if live is None:
        return {}
    found: dict[str, Any] = dict(live.get("data") or {})
    for key in STRUCTURED:
        if key in found:
            try:
                found[key] = json.loads(found[key])
            except ValueError as error:
                metadata = live["metadata"]
                raise KubernetesError(
                    f"ConfigMap {metadata['name']} in namespace {metadata['namespace']}: key {key!r} is no JSON ({error}); correct it, or delete the ConfigMap"
                    " once no traffic goes to the canary"
                ) from error
    return found


def encoded(values: Mapping[str, Any]) -> dict[str, str | None]:
    """Values as a ConfigMap holds them; None removes a key."""
    return {
        key: None if value is None else json.dumps(value, sort_keys=True, separators=(",", ":")) if key in STRUCTURED else str(value)
        for key, value in values.items()
    }


def read(client: Client, namespace: str, service: str) -> dict[str, Any]:
    return decoded(client.find(_path(namespace, service)))


def write(client: Client, namespace: str, service: str, values: Mapping[str, Any], event: str = "") -> dict[str, Any]:
    """Set (or, by None, remove) keys and note an event. Returns the record as it is then. Raises KubernetesError."""
    changes = {**values, "updated": now()}
    if event:
        # A null begins a new history.
        history = [] if "history" in values else read(client, namespace, service).get("history") or []
        changes["history"] = [*history, {"time": changes["updated"], "event": event}][-EVENTS:]
    labels = {LABEL: service, "app.kubernetes.io/managed-by": MANAGER, "app.kubernetes.io/name": service}
    body = {"metadata": {"labels": labels}, "data": encoded(changes)}
    try:
        return decoded(client.request("PATCH", _path(namespace, service), {"fieldManager": MANAGER}, body, MERGE_PATCH))
    except ApiError as error:
        if error.status != 404:
            raise
    data = {key: value for key, value in body["data"].items() if value is not None}
    created = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name_of(service), "labels": labels}, "data": data}
    return decoded(client.request("POST", f"/api/v1/namespaces/{path_of(namespace)}/configmaps", {"fieldManager": MANAGER}, created))


def _path(namespace: str, service: str) -> str:
    return f"/api/v1/namespaces/{path_of(namespace)}/configmaps/{path_of(name_of(service))}"

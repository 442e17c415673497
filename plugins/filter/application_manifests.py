# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters that turn a service's maps into the lists of its manifests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def versioned_name(data: Mapping[str, str], name: str) -> str:
    """`<name>-<10 hex digits of the content's SHA-256>`: a ConfigMap's name follows its content."""
    return f"{name}-{hashlib.sha256(json.dumps(dict(data), sort_keys=True).encode()).hexdigest()[:10]}"


def configuration_sources(service: Mapping[str, Any], name: str, configurations: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A container's `envFrom`: the shared configurations first, the service's own last, as the last one wins."""
    names = [versioned_name(configurations[shared]["data"], shared) for shared, wanted in service["shared_configurations"].items() if wanted]
    if service["configuration"]:
        names.append(versioned_name(service["configuration"], name))
    return [{"configMapRef": {"name": configuration}} for configuration in names]


def volume_claims(service: Mapping[str, Any], name: str, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """A PersistentVolumeClaim `<service>-<volume>` for each of the service's volumes."""
    return [
        {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": {"name": f"{name}-{volume}", "namespace": service["namespace"], "labels": dict(labels)},
            "spec": {
                "accessModes": [settings["access_mode"]],
                "storageClassName": settings["storage_class"],
                "resources": {"requests": {"storage": settings["size"]}},
            },
        }
        for volume, settings in service["volumes"].items()
    ]


def pod_volumes(service: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """A pod's volumes: the claims, and room for temporary files beside a root file system that cannot be written."""
    claims = [{"name": volume, "persistentVolumeClaim": {"claimName": f"{name}-{volume}"}} for volume in service["volumes"]]
    return [*claims, {"name": "tmp", "emptyDir": {"sizeLimit": "256Mi"}}]


def volume_mounts(service: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Where the container sees its volumes."""
    mounts = [{"name": volume, "mountPath": settings["mount_path"]} for volume, settings in service["volumes"].items()]
    return [*mounts, {"name": "tmp", "mountPath": "/tmp"}]


def service_summary(item: Mapping[str, Any]) -> dict[str, Any]:
    """What other roles need to know of a service, `{key: name, value: service}`."""
    service = item["value"]
    return {
        "namespace": service["namespace"],
        "service": item["key"],
        "ports": {name: port["port"] for name, port in (service["service"].get("ports") or {}).items()},
        "version": service["image"]["tag"],
    }


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict:
        return {
            "versioned_name": versioned_name,
            "configuration_sources": configuration_sources,
            "volume_claims": volume_claims,
            "pod_volumes": pod_volumes,
            "volume_mounts": volume_mounts,
            "service_summary": service_summary,
        }

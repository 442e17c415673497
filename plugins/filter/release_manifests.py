# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of role release that make the new version's own objects out of the service's."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.llmops.platform.plugins.module_utils._release.traffic import TRACK_LABEL


def canary_manifests(manifests: list[Mapping[str, Any]], service: str, replicas: int) -> list[dict[str, Any]]:
    """Deployment, Service and (where stable has one) autoscaler of the new version: `<service>-canary`, track canary, at least `replicas` pods."""
    name = f"{service}-canary"
    by_kind = {manifest["kind"]: manifest for manifest in manifests if manifest["kind"] in ("Deployment", "HorizontalPodAutoscaler")}
    own_services = [manifest for manifest in manifests if manifest["kind"] == "Service" and manifest["metadata"]["name"] == service]
    if "Deployment" not in by_kind:
        raise AnsibleFilterError(f"canary_manifests - {service} has no Deployment")
    deployment = _renamed(by_kind["Deployment"], name)
    labels = {"app": service, TRACK_LABEL: "canary"}
    deployment["spec"]["selector"] = {"matchLabels": labels}
    deployment["spec"]["template"]["metadata"]["labels"].update(labels)
    found = [deployment]
    autoscaler = by_kind.get("HorizontalPodAutoscaler")
    if autoscaler:
        own = _renamed(autoscaler, f"{autoscaler['metadata']['name']}-canary")
        own["spec"]["scaleTargetRef"]["name"] = name
        own["spec"]["minReplicas"] = replicas
        own["spec"]["maxReplicas"] = max(replicas, own["spec"]["maxReplicas"])
        found.append(own)
        # The number of pods belongs to the autoscaler.
        deployment["spec"].pop("replicas", None)
    else:
        deployment["spec"]["replicas"] = replicas
    for entry in own_services:
        own = _renamed(entry, name)
        own["spec"]["selector"] = labels
        found.append(own)
    return found


def release_kept_size(live: Mapping[str, Any], size: int) -> list[dict[str, Any]]:
    """The least number of pods of stable's autoscaler while its traffic is elsewhere."""
    autoscaler = live["autoscaler"]
    metadata = {"name": autoscaler["metadata"]["name"], "namespace": autoscaler["metadata"]["namespace"]}
    return [
        {
            "apiVersion": "autoscaling/v2",
            "kind": "HorizontalPodAutoscaler",
            "metadata": metadata,
            "spec": {"minReplicas": max(int(size), int(autoscaler["spec"].get("minReplicas") or 1))},
        }
    ]


def _renamed(manifest: Mapping[str, Any], name: str) -> dict[str, Any]:
    own = copy.deepcopy(dict(manifest))
    own["metadata"]["name"] = name
    own["metadata"]["labels"] = {**(own["metadata"].get("labels") or {}), TRACK_LABEL: "canary", "app.kubernetes.io/managed-by": "llmops-release"}
    return own


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict:
        return {"canary_manifests": canary_manifests, "release_kept_size": release_kept_size}

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter namespace_manifests of role cluster_baseline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

INJECTION = ("enabled", "disabled")
LEVELS = ("restricted", "baseline", "privileged", "none")


def namespace_manifests(namespaces: Mapping[str, Any], version: str) -> list[dict[str, Any]]:
    """Namespaces with Istio's and Pod Security's labels."""
    return [_manifest(name, settings, version) for name, settings in namespaces.items()]


def _manifest(name: str, settings: Mapping[str, Any], version: str) -> dict[str, Any]:
    for key, allowed in (("istio_injection", INJECTION), ("pod_security", LEVELS)):
        if settings.get(key) not in allowed:
            raise AnsibleFilterError(
                f"namespace_manifests - cluster_baseline_namespaces.{name}.{key} is {settings.get(key)!r}; use one of {', '.join(allowed)}"
            )
    labels = {"name": name, "istio-injection": settings["istio_injection"], "app.kubernetes.io/managed-by": "llmops-platform"}
    if settings["pod_security"] != "none":
        # Pods are judged by enforce; warn and audit also speak up for the workloads that would make them.
        for mode in ("enforce", "warn", "audit"):
            labels[f"pod-security.kubernetes.io/{mode}"] = settings["pod_security"]
            labels[f"pod-security.kubernetes.io/{mode}-version"] = version
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {**labels, **settings["labels"]}}}


class FilterModule:
    """The filter by name."""

    def filters(self) -> dict:
        return {"namespace_manifests": namespace_manifests}

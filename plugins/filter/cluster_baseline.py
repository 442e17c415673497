# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of role cluster_baseline: maps of the inventory to manifests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.llmops.platform.plugins.module_utils._baseline import namespaces as baseline

ROLES = ("viewer", "operator", "debugger")


def namespace_manifests(namespaces: Mapping[str, Any], version: str) -> list[dict[str, Any]]:
    """Namespaces with Istio's and Pod Security's labels."""
    try:
        return [baseline.namespace(name, settings, version) for name, settings in namespaces.items()]
    except ValueError as error:
        raise AnsibleFilterError(f"namespace_manifests - {error}") from error


def namespace_limits(namespaces: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A ResourceQuota and a LimitRange for each namespace that wants them."""
    return [manifest for name, settings in namespaces.items() for manifest in baseline.limits(name, settings)]


def namespace_network_policies(namespaces: Mapping[str, Any], peers: Mapping[str, str]) -> list[dict[str, Any]]:
    """Default-deny NetworkPolicies and the allowances that every pod needs."""
    return [manifest for name, settings in namespaces.items() for manifest in baseline.network_policies(name, settings, peers)]


def group_bindings(groups: Mapping[str, Any], namespaces: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A RoleBinding for each group in each of its namespaces."""
    found = []
    for group, settings in groups.items():
        role = settings.get("role")
        if role not in ROLES:
            raise AnsibleFilterError(f"group_bindings - cluster_baseline_groups.{group}.role is {role!r}; use one of {', '.join(ROLES)}")
        wanted = [name for name, yes in (settings.get("namespaces") or dict.fromkeys(namespaces, True)).items() if yes]
        for name in wanted:
            if name not in namespaces:
                raise AnsibleFilterError(f"group_bindings - cluster_baseline_groups.{group}.namespaces.{name}: there is no such namespace; add or correct it")
            found.append(
                {
                    "apiVersion": "rbac.authorization.k8s.io/v1",
                    "kind": "RoleBinding",
                    "metadata": {"name": f"llmops-{role}-{group}".lower().replace(":", "-").replace("/", "-"), "namespace": name, "labels": baseline.MANAGED},
                    "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": f"llmops-{role}"},
                    "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": group}],
                }
            )
    return found


def priority_class(item: Mapping[str, Any]) -> dict[str, Any]:
    """A PriorityClass out of `{key: name, value: {value, preemption, description}}`."""
    settings = item["value"]
    return {
        "apiVersion": "scheduling.k8s.io/v1",
        "kind": "PriorityClass",
        "metadata": {"name": item["key"], "labels": baseline.MANAGED},
        "value": settings["value"],
        "globalDefault": False,
        "preemptionPolicy": settings.get("preemption", "PreemptLowerPriority"),
        "description": settings.get("description", ""),
    }


def storage_class(item: Mapping[str, Any], default: str) -> dict[str, Any]:
    """A StorageClass out of `{key: name, value: {provisioner, parameters, binding, expansion, reclaim}}`."""
    settings = item["value"]
    annotations = {"storageclass.kubernetes.io/is-default-class": "true" if item["key"] == default else "false"}
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": item["key"], "labels": baseline.MANAGED, "annotations": annotations},
        "provisioner": settings["provisioner"],
        "parameters": settings.get("parameters") or None,
        "volumeBindingMode": settings.get("binding", "WaitForFirstConsumer"),
        "allowVolumeExpansion": settings.get("expansion", True),
        "reclaimPolicy": settings.get("reclaim", "Delete"),
    }


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict:
        return {
            "namespace_manifests": namespace_manifests,
            "namespace_limits": namespace_limits,
            "namespace_network_policies": namespace_network_policies,
            "group_bindings": group_bindings,
            "priority_class": priority_class,
            "storage_class": storage_class,
        }

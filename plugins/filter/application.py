# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of role application."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.llmops.platform.plugins.module_utils._application.validation import problems
from ansible_collections.llmops.platform.plugins.module_utils._inventory.layering import merge

VERSION_LABEL = "app.kubernetes.io/version"


def with_defaults(services: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Each value laid over the defaults."""
    for name, service in services.items():
        if not isinstance(service, Mapping):
            raise AnsibleFilterError(f"with_defaults - {name} is {type(service).__name__}, not a map")
    return {name: merge(defaults, service) for name, service in services.items()}


def named_list(items: Mapping[str, Any], key: str = "name") -> list[dict[str, Any]]:
    """Kubernetes' list of named things out of a map by name."""
    if not isinstance(items, Mapping):
        raise AnsibleFilterError(f"named_list - the input is {type(items).__name__}, not a map")
    return [{key: name, **value} for name, value in items.items()]


def object_references(rows: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What manifest_set needs to find again the objects that another manifest_set returned."""
    return [
        {
            "apiVersion": row["api_version"],
            "kind": row["kind"],
            "metadata": {"name": row["name"], **({"namespace": row["namespace"]} if row["namespace"] else {})},
        }
        for row in rows
    ]


def chosen_services(services: Mapping[str, Any], only: list[str], versions: Mapping[str, str]) -> dict[str, Any]:
    """Those of `only` (all if empty), with the image tag of `versions` where it has one."""
    unknown = [name for name in [*only, *versions] if name not in services]
    if unknown:
        raise AnsibleFilterError(f"chosen_services - there is no service {', '.join(dict.fromkeys(unknown))}; there are {', '.join(services) or 'none'}")
    return {
        name: merge(service, {"image": {"tag": str(versions[name])}}) if name in versions else dict(service)
        for name, service in services.items()
        if not only or name in only
    }


def with_pod_template(manifests: list[Mapping[str, Any]], template: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The manifests of a way back: Deployments with `template` for their pods, or, where that is empty, what pods are reached and counted by."""
    if not template:
        return [dict(manifest) for manifest in manifests if manifest["kind"] in ("HorizontalPodAutoscaler", "Service")]
    own = {**template, "metadata": {key: value for key, value in template["metadata"].items() if key != "creationTimestamp"}}
    own["metadata"]["labels"] = {key: value for key, value in own["metadata"]["labels"].items() if key != "pod-template-hash"}
    version = own["metadata"]["labels"].get(VERSION_LABEL)
    found = []
    for manifest in manifests:
        if manifest["kind"] == "Deployment":
            labels = {**manifest["metadata"]["labels"], **({VERSION_LABEL: version} if version else {})}
            found.append({**manifest, "metadata": {**manifest["metadata"], "labels": labels}, "spec": {**manifest["spec"], "template": own}})
    return found


def application_problems(services: Mapping[str, Any], configurations: Mapping[str, Any], secrets: Mapping[str, Any] | None = None) -> list[str]:
    """What contradicts itself in the services, all at once."""
    return problems(services, configurations, secrets)


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict:
        return {
            "with_defaults": with_defaults,
            "chosen_services": chosen_services,
            "named_list": named_list,
            "with_pod_template": with_pod_template,
            "object_references": object_references,
            "application_problems": application_problems,
        }

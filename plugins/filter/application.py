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


def application_problems(services: Mapping[str, Any], configurations: Mapping[str, Any], secrets: Mapping[str, Any] | None = None) -> list[str]:
    """What contradicts itself in the services, all at once."""
    return problems(services, configurations, secrets)


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict:
        return {
            "with_defaults": with_defaults,
            "named_list": named_list,
            "object_references": object_references,
            "application_problems": application_problems,
        }

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of role istio: what contradicts itself, and the mesh's objects out of variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.llmops.platform.plugins.module_utils._mesh import facts
from ansible_collections.llmops.platform.plugins.module_utils._mesh import gateways
from ansible_collections.llmops.platform.plugins.module_utils._mesh import policies
from ansible_collections.llmops.platform.plugins.module_utils._mesh import problems
from ansible_collections.llmops.platform.plugins.module_utils._mesh import routes
from ansible_collections.llmops.platform.plugins.module_utils._mesh import upgrade


def istio_problems(settings: Mapping[str, Any]) -> list[str]:
    """One sentence a contradiction."""
    return problems.problems(settings)


def istio_routes(services: Mapping[str, Any], defined: Mapping[str, Any], live: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Subsets and routes with the weights that are live."""
    try:
        return routes.routes(services, defined, live)
    except ValueError as error:
        raise AnsibleFilterError(f"istio_routes - {error}") from error


def istio_weight_problems(live: list[Mapping[str, Any]]) -> list[str]:
    """Live weights that nobody could have meant."""
    return routes.weight_problems(live)


def istio_policies(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Mutual TLS, authorization, tokens, telemetry."""
    return policies.policies(settings)


def istio_doors(defined: Mapping[str, Any], services: Mapping[str, Any], hosts: Mapping[str, Any], namespace: str) -> list[dict[str, Any]]:
    """Gateways, and the hosts outside."""
    return [*gateways.gateways_manifests(defined, services), *gateways.egress(hosts, defined, namespace)]


def istio_gateway_releases(defined: Mapping[str, Any], hosts: Mapping[str, Any], zones: int, common: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Releases of the gateways' chart."""
    return gateways.gateway_releases(defined, hosts, zones, common)


def istio_control_planes(deployments: list[Mapping[str, Any]]) -> dict[str, str]:
    """The version of each revision that runs."""
    return upgrade.control_planes(deployments)


def istio_upgrade_problems(wanted: Mapping[str, Any], running: Mapping[str, str], namespaces: list[Mapping[str, Any]], definitions: list[str]) -> list[str]:
    """What speaks against the version that is wanted."""
    return upgrade.upgrade_problems(wanted, running, namespaces, definitions)


def istio_late_proxies(pods: list[Mapping[str, Any]], version: str) -> list[str]:
    """Pods whose proxy is further behind than Istio supports."""
    return upgrade.late_proxies(version, pods)


def istio_revision_users(pods: list[Mapping[str, Any]], revision: str) -> list[str]:
    """Pods that belong to a revision."""
    return upgrade.users(revision, pods)


def istio_gateway_facts(defined: Mapping[str, Any], services: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Where each gateway is reached."""
    return facts.gateway_facts(defined, services)


def istio_service_facts(services: Mapping[str, Any]) -> dict[str, Any]:
    """What role release needs of each service."""
    return facts.service_facts(services)


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict:
        return {name: value for name, value in globals().items() if name.startswith("istio_")}

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of role local_platform: simulated nodes, the local mesh, and the guard of environment local."""

from __future__ import annotations

import os
from collections.abc import Mapping

from ansible.errors import AnsibleFilterError

from ansible_collections.llmops.platform.plugins.module_utils._local.guard import problems
from ansible_collections.llmops.platform.plugins.module_utils._local.mesh import gateway_arguments
from ansible_collections.llmops.platform.plugins.module_utils._local.mesh import targets
from ansible_collections.llmops.platform.plugins.module_utils._local.nodes import build_nodes
from ansible_collections.llmops.platform.plugins.module_utils._local.nodes import split_taints


def local_nodes(pools: Mapping, zones: Mapping, region: str, instance_types: Mapping) -> list[dict]:
    """Node manifests of a platform's node pools."""
    try:
        return build_nodes(pools, zones, region, instance_types)
    except (KeyError, ValueError) as error:
        raise AnsibleFilterError(f"local_nodes - {error.args[0]}") from error


def local_node_taints(nodes: list[dict]) -> dict[str, list[dict]]:
    """The nodes without taints, and their taints alone."""
    bare, taints = split_taints(nodes)
    return {"nodes": bare, "taints": taints}


def local_guard(endpoints: Mapping, environment: Mapping) -> list[str]:
    """Why environment local may not run; empty when it may."""
    return problems(endpoints, {**os.environ, **environment})


def mesh_gateway_arguments(gateways: Mapping, ports: Mapping) -> list[str]:
    """Arguments of the mesh's runner for the gateways."""
    try:
        return gateway_arguments(gateways, ports)
    except KeyError as error:
        raise AnsibleFilterError(f"mesh_gateway_arguments - each gateway of istio_gateways needs {error.args[0]}") from error


def mesh_targets(ports: Mapping, deployment: str) -> list[dict]:
    """What Prometheus scrapes of a deployment's mesh."""
    return targets(ports, deployment)


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict:
        return {
            "local_nodes": local_nodes,
            "local_node_taints": local_node_taints,
            "local_guard": local_guard,
            "mesh_gateway_arguments": mesh_gateway_arguments,
            "mesh_targets": mesh_targets,
        }

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Simulated nodes out of a platform's own node pools."""

from __future__ import annotations

import ipaddress

# RFC 2544: addresses for tests, never routed.
ADDRESSES = ipaddress.ip_network("198.18.0.0/15")


# Root volume of a node whose pool names none.
DISK_GIB = 80


def build_nodes(pools: dict, zones: dict[str, str], region: str, instance_types: dict) -> list[dict]:
    """Node manifests: each pool spread over the zones in turn, at least one node a zone and pool.

    `pools`: `{pool: {instance_type, capacity_type, min, desired, disk_gib, labels, taints: {key: {value, effect}}}}`;
    `zones`: `{letter: zone name}`; `instance_types`: `{type: {cpu, memory_gib, pods}}`.
    Raises ValueError naming the pool whose instance type has no size, or that there are no zones.
    """
    if not zones:
        raise ValueError("cluster_zones is empty; name at least one zone")
    nodes: list[dict] = []
    names = list(zones.values())
    for pool, settings in pools.items():
        size = instance_types.get(settings["instance_type"])
        if size is None:
            known = ", ".join(sorted(instance_types))
            raise ValueError(
                f"cluster_node_pools.{pool}.instance_type: the size of {settings['instance_type']} is not known; "
                f"add it to local_platform_instance_types or use one of {known}"
            )
        count = max(settings.get("desired", settings["min"]), len(names))
        for number in range(count):
            zone = names[number % len(names)]
            address = str(ADDRESSES[256 + len(nodes)])
            nodes.append(_node(f"{pool}-{number // len(names)}.{zone}", address, pool, settings, size, zone, region))
    return nodes


def _node(name: str, address: str, pool: str, settings: dict, size: dict, zone: str, region: str) -> dict:
    labels = {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "topology.kubernetes.io/region": region,
        "topology.kubernetes.io/zone": zone,
        "node.kubernetes.io/instance-type": settings["instance_type"],
        "llmops.platform/node-pool": pool,
        "llmops.platform/capacity-type": settings.get("capacity_type", "on_demand"),
        **settings.get("labels", {}),
    }
    node = {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name,
            "labels": labels,
            "annotations": {
                "kwok.x-k8s.io/node": "fake",
                "local.llmops.platform/address": address,
                "local.llmops.platform/cpu": str(size["cpu"]),
                "local.llmops.platform/memory": f"{size['memory_gib']}Gi",
                "local.llmops.platform/pods": str(size["pods"]),
                "local.llmops.platform/disk": f"{settings.get('disk_gib', DISK_GIB)}Gi",
            },
        },
    }
    taints = [{"key": key, **taint} for key, taint in settings.get("taints", {}).items()]
    if taints:
        node["spec"] = {"taints": taints}
    return node


def split_taints(nodes: list[dict]) -> tuple[list[dict], list[dict]]:
    """The nodes without their taints, and manifests of the taints alone.

    A new node is tainted as not ready, and the controller that takes this away again becomes the owner of the list. So
    our taints are applied once the node is ready.
    """
    bare = [{key: value for key, value in node.items() if key != "spec"} for node in nodes]
    taints = [{**node, "metadata": {"name": node["metadata"]["name"]}} for node in nodes if "spec" in node]
    return bare, taints

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Node pools as managed node groups: what is create-only in them, and whether the subnets have the addresses."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cluster import instances
from ansible_collections.llmops.platform.plugins.module_utils._cluster import versions
from ansible_collections.llmops.platform.plugins.module_utils._stacks.names import aws_name

Problem = tuple[str, str]
DIGEST = 6
# Kubernetes' words and those of the EKS API.
EFFECTS = {"NoSchedule": "NO_SCHEDULE", "PreferNoSchedule": "PREFER_NO_SCHEDULE", "NoExecute": "NO_EXECUTE"}
CAPACITY = {"on_demand": "ON_DEMAND", "spot": "SPOT"}
# Addresses of a prefix, of a subnet that AWS keeps, and of a node's own interfaces (four on most types).
PREFIX, RESERVED, INTERFACES = 16, 5, 4
# https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html: managed node groups for each cluster, nodes for each group.
MOST_POOLS, MOST_NODES = 100, 450


def pools(declared: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[Problem]]:
    """The pools as their templates need them, sorted by name, and what is wrong with them by variable.

    `declared`: see plan.plan. A pool is `{name, stack, nodegroup, launch_template, digest, instance_types, ami_type, capacity_type, version, release, min, max,
    desired, disk_gib, labels, taints: [{Key, Value, Effect}], max_pods, max_unavailable, nodes_each_zone}`; `stack` is the thing in the name of its stack.
    """
    found: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for name, pool in sorted((declared.get("pools") or {}).items()):
        wrong = list(_figures(name, pool))
        problems += wrong
        try:
            row = _pool(name, pool, declared)
        except ValueError as error:
            problems.append((f"cluster_node_pools.{name}", str(error)))
            continue
        if not wrong:
            found.append(row)
    if len(found) > MOST_POOLS:
        problems.append(("cluster_node_pools", f"has {len(found)} pools; EKS takes {MOST_POOLS} node groups for each cluster"))
    return found, problems


def _figures(name: str, pool: Mapping[str, Any]) -> Iterator[Problem]:
    where = f"cluster_node_pools.{name}"
    least, most = int(pool["min"]), int(pool["max"])
    desired = int(pool.get("desired", least))
    if most < 1 or least > most:
        yield f"{where}.min", f"is {least} and max {most}; write 0 <= min <= max, and a max of at least 1"
    elif not least <= desired <= most:
        yield f"{where}.desired", f"is {desired}, not between min {least} and max {most}"
    if most > MOST_NODES:
        yield f"{where}.max", f"is {most}; EKS takes {MOST_NODES} nodes for each node group: make it two pools"


def _types(pool: Mapping[str, Any], families: Mapping[str, Any]) -> list[instances.Instance]:
    names = [pool["instance_type"], *sorted(other for other, used in (pool.get("further_instance_types") or {}).items() if used)]
    found = []
    for name in names:
        try:
            found.append(instances.instance(name, families))
        except ValueError as error:
            raise ValueError(f"instance type {name} {error}") from error
    for other in found[1:]:
        same = ("architecture", "accelerator", "vcpus", "memory_gib")
        differs = [key for key in same if getattr(other, key) != getattr(found[0], key)]
        if differs:
            raise ValueError(
                f"instance type {other.type} has another {' and '.join(differs)} than {found[0].type}; an autoscaler takes all of a pool's nodes for equal: "
                "leave it out or make another pool of it"
            )
    return found


def _pool(name: str, pool: Mapping[str, Any], declared: Mapping[str, Any]) -> dict[str, Any]:
    types = _types(pool, declared["instance_families"])
    try:
        ami_type = instances.ami_type(types[0], pool.get("ami_type") or "")
    except ValueError as error:
        raise ValueError(f"instance type {types[0].type} {error}") from error
    version = (declared.get("pool_versions") or {}).get(name) or declared["nodes_version"]
    problem = versions.nodes_problem(version, declared["version"])
    if problem:
        raise ValueError(f"nodes of Kubernetes {problem}")
    release = pool.get("ami_release") or declared["releases"].get(version, {}).get("ami")
    if not release:
        raise ValueError(f"nodes of Kubernetes {version} have no row in cluster_eks_releases; add it with the release of the node AMI")
    capacity = pool.get("capacity_type") or "on_demand"
    if capacity not in CAPACITY:
        raise ValueError(f"capacity_type is {capacity!r}; it is one of {', '.join(CAPACITY)}")
    # Without permission for spot all are on demand.
    capacity = CAPACITY[capacity if declared["spot"] else "on_demand"]
    disk = int(pool.get("disk_gib") or declared["disk_gib"])
    least, most = int(pool["min"]), int(pool["max"])
    only_once = {
        "ami_type": ami_type, "capacity_type": capacity, "cluster": declared["name"], "disk_gib": disk, "disk_key": declared["disk_key"],
        "instance_types": [one.type for one in types],
    }  # fmt: skip
    digest = hashlib.sha256(json.dumps(only_once, sort_keys=True).encode()).hexdigest()[:DIGEST]
    thing, names = f"nodes_{name}_{digest}", (declared["platform"], declared["environment"])
    prefixes = -(-types[0].max_pods // PREFIX) + 1
    return {
        "name": name,
        "digest": digest,
        "stack": thing,
        "nodegroup": aws_name(f"{name}_{digest}", "nodegroup", *names),
        "launch_template": aws_name(thing, "launch_template", *names),
        "instance_types": only_once["instance_types"],
        "architecture": types[0].architecture,
        "ami_type": ami_type,
        "capacity_type": capacity,
        "version": version,
        "release": release,
        "min": least,
        "max": most,
        "desired": int(pool.get("desired", least)),
        "disk_gib": disk,
        "labels": {key: str(value) for key, value in sorted((pool.get("labels") or {}).items())},
        "taints": [_taint(key, taint) for key, taint in sorted((pool.get("taints") or {}).items())],
        # EKS works it out itself where each pod has an address of its own.
        "max_pods": types[0].max_pods if declared["prefix_delegation"] else 0,
        "max_unavailable": int(pool.get("max_unavailable") or declared["max_unavailable"]),
        "addresses": prefixes * PREFIX + INTERFACES,
    }


def _taint(key: str, taint: Mapping[str, Any]) -> dict[str, str]:
    if taint["effect"] not in EFFECTS:
        raise ValueError(f"taint {key} has the effect {taint['effect']!r}; it is one of {', '.join(EFFECTS)}")
    return {"Key": key, "Value": str(taint["value"]), "Effect": EFFECTS[taint["effect"]]}


def room_problem(found: list[Mapping[str, Any]], zones: int, prefix_length: int) -> str:
    """What is wrong where all pools at their greatest do not fit a private subnet in each zone; empty if they do.

    With prefix delegation a node holds blocks of 16 addresses for all pods that it may run, and one spare:
    https://docs.aws.amazon.com/eks/latest/best-practices/prefix-mode-linux.html
    """
    if not found or not zones or not prefix_length:
        return ""
    has = 2 ** (32 - prefix_length) - RESERVED
    needs = sum(-(-pool["max"] // zones) * pool["addresses"] for pool in found)
    if needs <= has:
        return ""
    fits = 32 - (needs + RESERVED - 1).bit_length()
    return (
        f"the pools' nodes at their most ({sum(pool['max'] for pool in found)} over {zones} zones) hold up to {needs} addresses of each private subnet, "
        f"which has {has} (/{prefix_length}); write network_subnets.private.prefix_length: {fits} before the network is made, let the pools grow less, "
        "or write cluster_prefix_delegation: false"
    )

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What a deployment declares of its EKS cluster: judged as a whole, and worked out for the templates."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cluster import addons
from ansible_collections.llmops.platform.plugins.module_utils._cluster import pools
from ansible_collections.llmops.platform.plugins.module_utils._cluster import versions

COMPUTE = ("node_groups", "auto_mode")
AUTOSCALERS = ("cluster_autoscaler", "karpenter", "none")
LOGS = ("api", "audit", "authenticator", "controllerManager", "scheduler")
# Where the whole internet may knock at the API.
SMALL = ("local", "dev")
# https://docs.aws.amazon.com/eks/latest/APIReference/API_VpcConfigRequest.html
MOST_CIDRS = 40
# https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
POLICIES = {"cluster_admin": "AmazonEKSClusterAdminPolicy", "admin": "AmazonEKSAdminPolicy", "edit": "AmazonEKSEditPolicy", "view": "AmazonEKSViewPolicy"}


def plan(declared: Mapping[str, Any]) -> dict[str, Any]:
    """The cluster as its templates need it, all of it sorted. Raises ValueError with every problem, a line each, naming the variable.

    `declared`: `{name, platform, environment, version, nodes_version, pool_versions: {pool: version}, releases, support, today, compute, autoscaler, cni,
    cni_mode, prefix_delegation, pools, spot, instance_families, disk_gib, disk_key, max_unavailable, zones: number, subnet_length, nodes_private,
    addons: {name: bool}, tags, coredns_replicas: [least, most], endpoint: {private, public, cidrs: {name: range}}, log_types: {type: bool},
    log_retention_days, access: {name: {role, policy, namespaces}}}`.
    Result: `{auto_mode, karpenter, support, endpoint: {private, public, cidrs}, logs, pools, addons: {before, after}, access}`.
    """
    problems = list(versions.problems(declared["version"], declared["releases"], declared["support"], declared["today"]))
    problems += _choices(declared) or [*_endpoint(declared), *_logs(declared)]
    if problems:
        _refuse(problems)
    auto_mode = declared["compute"] == "auto_mode"
    found, wrong = ([], []) if auto_mode else pools.pools(declared)
    problems += wrong
    if not auto_mode and not declared.get("pools"):
        problems.append(("cluster_node_pools", "is empty; a cluster needs nodes: declare a pool, or cluster_compute: auto_mode"))
    if declared["prefix_delegation"] and not wrong:
        room = pools.room_problem(found, int(declared["zones"]), int(declared["subnet_length"] or 0))
        problems += [("cluster_node_pools", room)] if room else []
    rows: list[dict[str, Any]] = []
    try:
        rows = addons.addons(addons.chosen(declared["addons"], auto_mode), declared["version"], declared["releases"], declared)
    except ValueError as error:
        problems.append(("", str(error)))
    access, wrong = _access(declared.get("access") or {})
    _refuse(problems + wrong)
    return {
        "auto_mode": auto_mode,
        "karpenter": declared["autoscaler"] == "karpenter" and not auto_mode,
        "support": declared["support"].upper(),
        "endpoint": {**declared["endpoint"], "cidrs": sorted(set(declared["endpoint"]["cidrs"].values())) if declared["endpoint"]["public"] else []},
        "logs": [name for name in LOGS if declared["log_types"].get(name)],
        "pools": found,
        "addons": {"before": [row for row in rows if row["before"]], "after": [row for row in rows if not row["before"]]},
        "access": access,
    }


def _refuse(problems: list[tuple[str, str]]) -> None:
    if problems:
        raise ValueError("\n".join(f"{variable} {problem}".strip() for variable, problem in problems))


def _choices(declared: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = []
    for variable, value, known in (
        ("cluster_compute", declared["compute"], COMPUTE),
        ("cluster_addons_autoscaler", declared["autoscaler"], AUTOSCALERS),
    ):
        if value not in known:
            found.append((variable, f"is {value!r}; it is one of {', '.join(known)}"))
    problem = addons.cni_problem(declared["cni"], declared["cni_mode"], declared["compute"] == "auto_mode")
    if problem:
        found.append(("", problem))
    if not declared["nodes_private"]:
        found.append(("cluster_nodes_private", "is false; nodes with public addresses are not built: write true"))
    try:
        problem = versions.nodes_problem(declared["nodes_version"], declared["version"])
    except ValueError as error:
        problem = str(error)
    return found + ([("cluster_nodes_version", problem)] if problem else [])


def _endpoint(declared: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    endpoint = declared["endpoint"]
    if not endpoint["private"] and not endpoint["public"]:
        yield "cluster_endpoint_private_access", "is false and so is cluster_endpoint_public_access; nobody could reach the API: write one of them true"
    # Nodes would go by the internet to their own control plane.
    if not endpoint["private"] and endpoint["public"]:
        yield "cluster_endpoint_private_access", "is false; nodes without public addresses would need a way over the internet: write true"
    if not endpoint["public"]:
        return
    cidrs = endpoint["cidrs"]
    if not cidrs:
        yield (
            "cluster_endpoint_public_cidrs",
            "is empty, which opens the API to everybody; name the ranges that may call, or cluster_endpoint_public_access: false",
        )
    if len(cidrs) > MOST_CIDRS:
        yield "cluster_endpoint_public_cidrs", f"has {len(cidrs)} ranges; EKS takes {MOST_CIDRS}: join some"
    known = []
    for name, value in sorted(cidrs.items()):
        where = f"cluster_endpoint_public_cidrs.{name}"
        try:
            network = ipaddress.ip_network(value)
        except ValueError:
            yield where, f"is {value!r}, which is no range; write it like 203.0.113.0/24"
            continue
        known.append(network)
        if network.prefixlen == 0 and declared["environment"] not in SMALL:
            yield where, f"is {value}: the whole internet may knock in {' and '.join(SMALL)} only; name your own ranges"
        elif network.is_private and not network.is_link_local and network.version == 4 and not _documentation(network):
            yield where, f"is {value}, a private range, from which nothing arrives at a public endpoint; name the public addresses of who calls"
    if declared["environment"] not in SMALL and not any(network.prefixlen == 0 for network in known):
        joined = [one for version in (4, 6) for one in ipaddress.collapse_addresses(network for network in known if network.version == version)]
        if any(network.prefixlen == 0 for network in joined):
            yield "cluster_endpoint_public_cidrs", f"joined is the whole internet, which may knock in {' and '.join(SMALL)} only; name your own ranges"


def _documentation(network: Any) -> bool:
    """Ranges of examples, which this project's own inventories have."""
    return any(network.subnet_of(ipaddress.ip_network(one)) for one in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"))


def _logs(declared: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    unknown = sorted(set(declared["log_types"]) - set(LOGS))
    if unknown:
        yield f"cluster_log_types.{unknown[0]}", f"is no log of the control plane; there are {', '.join(LOGS)}"
    days = declared["log_retention_days"]
    if days not in RETENTION:
        larger = next((number for number in RETENTION if number > days), RETENTION[-1])
        yield "cluster_log_retention_days", f"is {days}, no number of days that CloudWatch Logs knows; write {larger}"


# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
RETENTION = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)


def _access(access: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """Further entries beside the controller's and the one for emergencies."""
    found, problems = [], []
    for name, entry in sorted(access.items()):
        where, namespaces = f"cluster_access.{name}", sorted(key for key, used in (entry.get("namespaces") or {}).items() if used)
        if entry.get("policy") not in POLICIES:
            problems.append((f"{where}.policy", f"is {entry.get('policy')!r}; it is one of {', '.join(POLICIES)}"))
            continue
        if not str(entry.get("role") or "").startswith("arn:"):
            problems.append((f"{where}.role", f"is {entry.get('role')!r}; write the ARN of an IAM role"))
            continue
        if namespaces and entry["policy"] == "cluster_admin":
            problems.append((f"{where}.namespaces", "limits cluster_admin, which EKS allows for the whole cluster only; write admin"))
            continue
        words = "".join(word.capitalize() for word in name.replace("-", "_").split("_"))
        found.append({"id": f"{words}Access", "role": entry["role"], "policy": POLICIES[entry["policy"]], "namespaces": namespaces})
    return found, problems

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Nodes by pool: their versions against the control plane's, before and after."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._upgrade import versions

FARGATE = ("eks.amazonaws.com/compute-type", "fargate")


def row(node: Mapping[str, Any], pool_labels: Sequence[str], now: int) -> dict[str, Any]:
    """`{name, pool, version, skew, ready, schedulable}`; `skew`: minors behind the control plane, null for a kubelet that has never said its version."""
    labels = node["metadata"].get("labels") or {}
    status = node.get("status") or {}
    version = (status.get("nodeInfo") or {}).get("kubeletVersion") or ""
    try:
        skew: int | None = now - versions.minor_of(version, "")
    except ValueError:
        skew = None
    ready = any(one.get("type") == "Ready" and one.get("status") == "True" for one in status.get("conditions") or [])
    pool = next((labels[label] for label in pool_labels if labels.get(label)), "fargate" if labels.get(FARGATE[0]) == FARGATE[1] else "")
    schedulable = not (node.get("spec") or {}).get("unschedulable")
    return {"name": node["metadata"]["name"], "pool": pool, "version": version.removeprefix("v"), "skew": skew, "ready": ready, "schedulable": schedulable}


def pools(
    nodes: Iterable[Mapping[str, Any]], groups: Mapping[str, Mapping[str, Any]], pool_labels: Sequence[str], order: Sequence[str], now: int
) -> list[dict[str, Any]]:
    """`[{name, nodes, ready, versions, oldest, groups, status}]` in `order`, others by name after.

    `groups`: managed node groups `{name: {version, status, labels}}`; one is of the pool that its nodes' labels name, else a pool of its own name.
    `oldest`: the least minor of the pool's nodes, or of its groups where it has no nodes; null where nobody knows.
    `status` is that of a group that is not ACTIVE, if there is one.
    """
    found: dict[str, dict[str, Any]] = {}
    for name, group in groups.items():
        labels = group.get("labels") or {}
        pool = _pool(found, next((labels[label] for label in pool_labels if labels.get(label)), name))
        pool["groups"].append(name)
        if pool["status"] in ("", "ACTIVE"):
            pool["status"] = group.get("status", "")
    for node in nodes:
        pool = _pool(found, node["pool"])
        pool["nodes"] += 1
        pool["ready"] += node["ready"]
        pool["versions"][node["version"]] = pool["versions"].get(node["version"], 0) + 1
        if node["skew"] is not None:
            pool["oldest"] = min(now - node["skew"], pool["oldest"] if pool["oldest"] is not None else now - node["skew"])
    for pool in found.values():
        if pool["oldest"] is None:
            minors = [versions.minor_of(groups[name]["version"], f"version of node group {name}") for name in pool["groups"] if groups[name].get("version")]
            pool["oldest"] = min(minors, default=None)
    places = {name: place for place, name in enumerate(order)}
    return sorted(found.values(), key=lambda pool: (places.get(pool["name"], len(places)), pool["name"]))


def _pool(found: dict[str, dict[str, Any]], name: str) -> dict[str, Any]:
    return found.setdefault(name, {"name": name, "nodes": 0, "ready": 0, "versions": {}, "oldest": None, "groups": [], "status": ""})


def findings(nodes: Sequence[Mapping[str, Any]], of_pools: Sequence[Mapping[str, Any]], order: Sequence[str], now: int, to: int) -> tuple[list[str], list[str]]:
    """`(problems, warnings)` of the nodes for a way from 1.`now` to 1.`to`."""
    problems, warnings = [], []
    names = {pool["name"] for pool in of_pools}
    for pool in of_pools:
        name, oldest = pool["name"], pool["oldest"]
        if pool["status"] not in ("", "ACTIVE"):
            problems.append(f"node group {', '.join(pool['groups'])} is {pool['status']}; wait until it is ACTIVE, or correct what EKS says of its health")
        if oldest is None:
            continue
        called = f"pool {name}" if name else "nodes of no pool"
        if what := versions.kubelet_problem(oldest, now):
            problems.append(f"{called}: {what}; bring them to {versions.text(now)} first")
        elif what := versions.kubelet_problem(oldest, max(now, min(to, now + 1))):
            problems.append(f"{called}: after the upgrade {what}; replace them by nodes of {versions.text(now)} first")
        elif oldest < now:
            warnings.append(f"{called}: kubelets of {versions.text(oldest)} under a control plane of {versions.text(now)}; they go up with the others")
    above = {pool["name"] for pool in of_pools if (pool["oldest"] or 0) > now}
    newer = sorted({node["pool"] for node in nodes if node["skew"] is not None and node["skew"] < 0} - above)
    problems += [f"pool {name or '(none)'} has kubelets that are newer than the control plane's {versions.text(now)}; replace those nodes" for name in newer]
    problems += [
        f"pools names {name}, which no node and no node group has; known are {', '.join(sorted(names - {''})) or 'none'}" for name in order if name not in names
    ]
    unready = [node["name"] for node in nodes if not node["ready"]]
    if unready:
        warnings.append(f"{_few(unready)} not ready: their pods count as disrupted and their room is missing while others drain; repair or delete them first")
    cordoned = [node["name"] for node in nodes if node["ready"] and not node["schedulable"]]
    if cordoned:
        warnings.append(f"{_few(cordoned)} cordoned already: no evicted pod finds a place there")
    homeless = [node["name"] for node in nodes if not node["pool"]]
    if homeless:
        warnings.append(f"{_few(homeless)} of no pool that the labels of pool_labels name: nothing moves them; upgrade them by hand")
    return problems, warnings


def _few(names: Sequence[str]) -> str:
    shown = ", ".join(names[:5])
    return f"{len(names)} nodes ({shown}{', …' if len(names) > 5 else ''}) are" if len(names) > 1 else f"node {shown} is"

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The plan of an upgrade out of all that was read."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._upgrade import removals
from ansible_collections.llmops.platform.plugins.module_utils._upgrade import versions

CONTROL_PLANE, ADDONS, NODE_POOLS = "control_plane", "addons", "node_pools"
ORDER = (CONTROL_PLANE, ADDONS, NODE_POOLS)


def checked_order(order: Sequence[str]) -> list[str]:
    """Raises ValueError where a part is missing or the control plane is not the first."""
    if sorted(order) != sorted(ORDER) or order[0] != CONTROL_PLANE:
        raise ValueError(f"order is {list(order)}; it needs {', '.join(ORDER)}, each once, the control plane first: nothing may be newer than that")
    return list(order)


def steps(now: int, to: int, order: Sequence[str], addons: Sequence[Mapping[str, Any]], pools: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """`[{minor, order: [{kind, name, from, to}]}]`, a step for each minor on the way; where the control plane is there already, one for what is behind it."""
    found = []
    # What an earlier step has done is not done again.
    had = {row["name"]: row["installed"] for row in addons}
    levels = {pool["name"]: pool["oldest"] for pool in pools}
    for minor in versions.way(now, to) or ([now] if to == now else []):
        name = versions.text(minor)
        parts: dict[str, list[dict[str, Any]]] = {part: [] for part in order}
        if minor > now:
            parts[CONTROL_PLANE].append({"kind": "control_plane", "name": "", "from": versions.text(minor - 1), "to": name})
        for row in addons:
            if row["minor"] == name and row["wanted"] and row["wanted"] != had[row["name"]]:
                parts[ADDONS].append({"kind": "addon", "name": row["name"], "from": had[row["name"]], "to": row["wanted"]})
                had[row["name"]] = row["wanted"]
        for pool in pools:
            level = levels[pool["name"]]
            if pool["name"] and level is not None and level < minor:
                parts[NODE_POOLS].append({"kind": "node_pool", "name": pool["name"], "from": versions.text(level), "to": name})
                levels[pool["name"]] = minor
        found.append({"minor": name, "order": [one for part in order for one in parts[part]]})
    return [step for step in found if step["order"]]


def same_cluster(eks: Mapping[str, Any], ca_sha256: str, eks_ca_sha256: str, api_version: str) -> tuple[list[str], list[str]]:
    """`(problems, warnings)` where the kubeconfig's API server seems not to be that of the EKS cluster."""
    name, version = eks.get("name"), eks.get("version")
    if ca_sha256 and eks_ca_sha256 and ca_sha256 != eks_ca_sha256:
        return [f"the kubeconfig trusts another authority than EKS cluster {name} has: two clusters; correct kubeconfig, context or cluster_name"], []
    if versions.minor_of(api_version, "the API server's version") != versions.minor_of(version, "EKS' version"):
        return [], [f"the API server runs {api_version}, EKS says {version} of cluster {name}: an update is under way, or these are two clusters"]
    return [], []


def table_warning(to: int) -> list[str]:
    """How far the table of removals reaches."""
    if to <= removals.FINAL:
        return []
    return [f"the table of removed APIs is final up to {versions.text(removals.FINAL)}; {versions.text(to)} is there as announced; read its release notes"]


def control_plane(now: int, to: int, version: str, eks: Mapping[str, Any] | None, kubectl: str | None) -> tuple[dict[str, Any], list[str], list[str]]:
    """`(row, problems, warnings)`."""
    skew = versions.kubectl_skew(kubectl, now, to)
    row = {"version": version, "eks_version": eks.get("version") if eks else None, "status": eks.get("status") if eks else None, "kubectl_skew": skew}
    problems, warnings = [], []
    if eks and eks.get("status") not in (None, "ACTIVE"):
        problems.append(f"EKS cluster {eks.get('name')} is {eks.get('status')}; wait until it is ACTIVE")
    if skew and not skew["supported"]:
        reach = f"{versions.text(max(now, to) - 1)} to {versions.text(now + 1)}"
        warnings.append(f"kubectl {kubectl} is more than one minor away from the control plane before or after; install one of {reach}")
    return row, problems, warnings

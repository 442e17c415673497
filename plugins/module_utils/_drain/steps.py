# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""From what is there and what is declared to the steps of an upgrade: which minors, and for each pool what becomes of its node groups."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

MINOR = re.compile(r"1\.([0-9]{1,3})")


def number(version: Any, what: str) -> int:
    """36 of "1.36". Raises ValueError that names `what`."""
    found = MINOR.fullmatch(version) if isinstance(version, str) else None
    if not found:
        raise ValueError(f'{what} is {version!r}, which is no Kubernetes minor; write it in quotes, like "1.36"')
    return int(found[1])


def minors(live: str, wanted: str, several: bool = False, nodes: Iterable[str] = ()) -> list[str]:
    """The minors to go through, in turn; the live one alone where the version stays and only node groups change.

    `nodes`: versions of our node groups. Where one is behind the control plane, the live minor is finished first.
    Raises ValueError for a version below the live one, and for a skipped minor unless `several` says to go through all of them.
    """
    now, target = number(live, "the control plane's version"), number(wanted, "upgrade_to (cluster_version)")
    if target < now:
        raise ValueError(
            f"the control plane runs {live} and {wanted} is asked for: Kubernetes never goes down. Write {live}, or build a new cluster and move over"
        )
    if target - now > 1 and not several:
        raise ValueError(
            f"the control plane runs {live} and {wanted} is asked for: a minor is never skipped. Run with upgrade_to=1.{now + 1} first, "
            "or let this run go through all of them, one after another, by upgrade_several=true"
        )
    behind = any(number(version, "the version of a node group") < now for version in nodes if version)
    return [f"1.{minor}" for minor in range(now if behind or target == now else now + 1, target + 1)]


def moves(graph: Mapping[str, Any], found: Mapping[str, Any], prefix: str) -> list[dict[str, Any]]:
    """For each pool, in the order of names, `{pool, key, action, old: [{stack, nodegroup}], nodes}`.

    `graph`: stacks by key as role cluster renders them. `found`: see live_groups.read. `prefix`: what the names of node groups' stacks begin with.
    `action`: create (a pool that was not there), replace (its digest has changed: a new group, then the old ones are emptied and deleted),
    update (in place, EKS rolls the nodes), remove (no longer declared). `nodes`: how many the old groups have.
    """
    declared = {stack["name"]: key for key, stack in graph.items() if stack["name"].startswith(prefix)}
    pools = {re.sub(r"-[0-9a-f]{6}$", "", name.removeprefix(prefix)): name for name in declared}
    live = found["stacks"]
    rows = []
    for pool in sorted({*pools, *(stack["pool"] for stack in live.values())}):
        name = pools.get(pool, "")
        old = [{"stack": one, "nodegroup": stack["nodegroup"]} for one, stack in sorted(live.items()) if stack["pool"] == pool and one != name]
        groups = [found["groups"].get(one["nodegroup"]) for one in old]
        action = "remove" if not name else "replace" if old else "update" if name in live else "create"
        nodes = sum(group["desired"] for group in groups if group)
        rows.append({"pool": pool, "key": declared.get(name, ""), "action": action, "old": old, "nodes": nodes})
    return rows


def for_minor(graph: Mapping[str, Any], minor: str) -> dict[str, Any]:
    """The graph with its control plane at this minor, also where role cluster takes the version from what is live."""
    return {key: _with(stack, lambda value: {"value": minor} if _property(value) == "Version" else value) for key, stack in graph.items()}


def sized(stack: Mapping[str, Any], nodes: int) -> dict[str, Any]:
    """A new group's stack that begins with as many nodes as the old ones have now, within its own bounds."""

    def larger(value: Mapping[str, Any]) -> Mapping[str, Any]:
        if not _property(value).endswith("DesiredSize"):
            return value
        observed = value["observed"]
        least, most = (int(observed.get(key) or bound) for key, bound in (("minimum", 0), ("maximum", 10**6)))
        wanted = max(int(observed.get("create") or 0), nodes, least)
        return {"observed": {**observed, "create": str(min(wanted, most))}}

    return _with(stack, larger)


def _property(value: Mapping[str, Any]) -> str:
    return str((value.get("observed") or {}).get("property") or "")


def _with(stack: Mapping[str, Any], change: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> dict[str, Any]:
    """The stack with other parameters."""
    return {**stack, "parameters": {name: change(value) for name, value in (stack.get("parameters") or {}).items()}}


def problems(found: Mapping[str, Any], minor: str) -> list[str]:
    """What an upgrade to this minor would end at, before anything is begun."""
    said = []
    cluster = found["cluster"]
    if not cluster["exists"]:
        return ["there is no such cluster at EKS; make it with playbooks/site.yml first"]
    if cluster["status"] not in ("ACTIVE", "UPDATING"):
        said.append(f"the cluster is {cluster['status']}; wait, or see what is wrong with it at EKS")
    for group in found["groups"].values():
        said += [f"node group {group['name']} is not well: {issue}" for issue in group["issues"]]
        if group["version"] and number(minor, "minor") - number(group["version"], f"the version of node group {group['name']}") > 3:
            said.append(f"node group {group['name']} runs {group['version']}, more than three minors behind {minor}; upgrade its nodes first")
    return said


def by_hand(found: Mapping[str, Any]) -> list[str]:
    """Node groups that no stack of ours made: left as they are."""
    return sorted(name for name, group in found["groups"].items() if not group["stack"])


def plan_rows(graph: Mapping[str, Any], found: Mapping[str, Any], prefix: str, path: list[str]) -> list[dict[str, Any]]:
    """Steps for callback `plan`."""
    live = found["cluster"]["version"]
    rows = [
        {"action": "update", "what": "control plane and add-ons", "fields": [f"{before} → {after}"], "note": "one way"}
        for before, after in zip([live, *path], path, strict=False)
        if before != after
    ]
    for move in moves(graph, found, prefix):
        old = [f"{one['stack']} is emptied and deleted" for one in move["old"]]
        if move["action"] in ("replace", "create"):
            rows.append({"action": "create", "what": f"node group {move['key']}", "fields": [], "note": f"pool {move['pool']}"})
        if old:
            rows.append({"action": "destroy", "what": f"old node groups of pool {move['pool']}", "fields": old, "note": f"{move['nodes']} nodes"})
        if move["action"] == "update" and path and path[-1] != live:
            rows.append({"action": "update", "what": f"node group {move['key']}", "fields": [f"{live} → {path[-1]}"], "note": "EKS rolls its nodes"})
    return rows

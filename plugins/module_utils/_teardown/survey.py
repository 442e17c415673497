# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The stacks of a deployment as they live, in the graph by which they go: also those that nobody declares any more."""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks import live
from ansible_collections.llmops.platform.plugins.module_utils._stacks import stateful
from ansible_collections.llmops.platform.plugins.module_utils._stacks import templates

# A value this short, a number or a word, says nothing about where it came from.
SHORTEST = 8


def living(calls: Any, regions: Iterable[str], tags: Mapping[str, str], declared: Iterable[str]) -> dict[str, dict[str, Any]]:
    """`{key: live.summary}` of the stacks with all these tags, and of those declared, by one listing a region. Raises CallError."""
    known, found = set(declared), {}
    for region in sorted(set(regions)):
        for stack in calls.pages(region, "DescribeStacks", "Stacks"):
            key = f"{region}/{stack['StackName']}"
            if stack["StackStatus"] == "DELETE_COMPLETE" or stack.get("ParentId"):
                continue
            one = live.summary(stack)
            if key in known or (tags and tags.items() <= one["tags"].items()):
                found[key] = one
    return found


def declared_edges(stacks: Mapping[str, Mapping[str, Any]]) -> dict[str, set[str]]:
    """`{key: keys that it needs}` of stacks as roles render them."""
    found: dict[str, set[str]] = {}
    for key, stack in stacks.items():
        values = [*(stack.get("parameters") or {}).values(), stack.get("service_role")]
        found[key] = {value["stack"] for value in values if isinstance(value, Mapping) and "stack" in value} | set(stack.get("needs") or ())
    return found


def declared_names(stacks: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """`<stack>/<logical id>` of every resource that the stacks declare. Raises StackError for a template that is none."""
    return {f"{key.partition('/')[2]}/{name}" for key, stack in stacks.items() for name in templates.load(stack["template"]).resources}


def inferred_edges(found: Mapping[str, Mapping[str, Any]]) -> dict[str, set[str]]:
    """The same of live stacks: who has another's output as a parameter, or runs by the role that it made, needs it."""
    made: dict[str, str | None] = {}
    for key, stack in found.items():
        for value in stack["outputs"].values():
            if len(value) >= SHORTEST:
                made[value] = key if made.get(value, key) == key else None
    edges = {}
    for key, stack in found.items():
        values = [*stack["parameters"].values(), stack.get("service_role") or ""]
        edges[key] = {other for value in values if (other := made.get(value)) and other != key}
    return edges


def edges(found: Mapping[str, Mapping[str, Any]], declared: Mapping[str, Mapping[str, Any]]) -> dict[str, set[str]]:
    """`{key: keys that it needs}` among the living: what is declared by its declaration, all else by what it shows."""
    said, seen = declared_edges(declared), inferred_edges(found)
    return {key: (said[key] if key in said else seen[key]) & found.keys() - {key} for key in found}


def stand_in(kinds: Iterable[str]) -> str:
    """A template for the graph of a deletion, which reads the live one: the types tell how long it may take."""
    plain = sorted({kind for kind in kinds if not stateful.is_stateful(kind)}) or ["AWS::CloudFormation::WaitConditionHandle"]
    return json.dumps({"Resources": {f"R{number}": {"Type": kind} for number, kind in enumerate(plain)}})


def last_first(needs: Mapping[str, Iterable[str]]) -> list[str]:
    """Keys in an order in which they can go: each before what it needs. What stands in a circle comes last, by name."""
    left = {key: set(wanted) for key, wanted in needs.items()}
    order = []
    while left:
        free = sorted(key for key in left if not any(key in wanted for wanted in left.values())) or sorted(left)
        order += free
        for key in free:
            del left[key]
    return order


def resources(calls: Any, key: str, stack: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`[{stack, resource, type, id, uses}]` of what the stack has. `uses`: the values of its parameters. Raises CallError."""
    region, name = key.split("/", 1)
    return [
        {
            "stack": key,
            "region": region,
            "resource": one["LogicalResourceId"],
            "type": one["ResourceType"],
            "id": one["PhysicalResourceId"],
            "uses": sorted(stack["parameters"].values()),
        }
        for one in calls.pages(region, "ListStackResources", "StackResourceSummaries", StackName=name)
        if one.get("PhysicalResourceId") and one["ResourceStatus"] not in ("DELETE_COMPLETE", "DELETE_SKIPPED")
    ]

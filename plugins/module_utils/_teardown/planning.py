# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What of a deployment is at AWS, what is to go, in which order, what stays, and what stands against beginning."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks.states import state_of
from ansible_collections.llmops.platform.plugins.module_utils._teardown import looking
from ansible_collections.llmops.platform.plugins.module_utils._teardown import policy
from ansible_collections.llmops.platform.plugins.module_utils._teardown import survey

# Made for a cluster by other than its stacks they stop its deletion half-way.
IN_A_CLUSTER = (("ListNodegroups", "nodegroups", "node group"), ("ListFargateProfiles", "fargateProfileNames", "Fargate profile"))


def plan(
    calls: Any,
    account: str,
    regions: Iterable[str],
    tags: Mapping[str, str],
    declared: Mapping[str, Mapping[str, Any]],
    state_stack: str,
    choices: policy.Choices,
    parallel: int = 10,
) -> dict[str, Any]:
    """The result of module aws_teardown_info, read-only.

    `graph`: the stacks to delete in aws_stacks' shape; `order`: their keys, the first to go first; `state`: the state stack alone, where it lives;
    `data`: rows of policy.judged; `kept`: `{key: why}`; `problems`: what stops the whole before anything is done. Raises CallError.
    """
    found = survey.living(calls, regions, tags, declared)
    needs = survey.edges(found, declared)
    with ThreadPoolExecutor(max_workers=max(1, parallel)) as pool:
        lists = dict(zip(found, pool.map(lambda key: survey.resources(calls, key, found[key]), found), strict=True))
        rows = [row for key in sorted(lists) if key != state_stack for row in lists[key]]
        guarded = [row for row in rows if row["type"] in looking.LOOKS]
        things = list(pool.map(lambda row: looking.look(calls, row["type"], row["region"], row["id"]), guarded))
    there = [{**row, "protected": looking.is_protected(row["type"], thing)} for row, thing in zip(guarded, things, strict=True) if thing is not None]
    data = policy.judged((row for row in there if row["type"] in policy.KINDS), choices)
    kept = policy.kept_stacks(data, needs)
    for row in data:
        if row["stack"] in kept and row["action"] != "keep":
            row |= {"action": "keep", "why": f"its stack stays, as {kept[row['stack']]}"}
    clusters = [row for row in there if row["type"] == "AWS::EKS::Cluster" and row["stack"] not in kept]
    going = {key: needs[key] - kept.keys() - {state_stack} for key in found if key != state_stack and key not in kept}
    found_problems = [
        *policy.problems([*data, *({**row, "action": "delete"} for row in clusters)], choices, survey.declared_names(declared)),
        *(line for row in clusters for line in _strangers(calls, row, lists)),
        *_stuck(found, kept),
    ]
    graph = {key: _stack(key, account, found[key]["tags"], {row["type"] for row in lists[key]}, going[key]) for key in going}
    state = {key: _stack(key, account, found[key]["tags"], {row["type"] for row in lists[key]}, ()) for key in found if key == state_stack}
    return {
        "graph": graph,
        "order": survey.last_first(going),
        "state": state,
        "state_data": [{**_short(row), "action": "delete", "why": "the state goes last"} for row in lists.get(state_stack, []) if row["type"] in policy.KINDS],
        "networks": sorted(row["id"] for row in rows if row["type"] == "AWS::EC2::VPC"),
        "data": [_short(row) for row in data],
        "kept": kept,
        "clusters": [_short(row) for row in clusters],
        "undeclared": sorted(found.keys() - set(declared)),
        "problems": found_problems,
    }


def _short(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: item for key, item in row.items() if key != "uses"}


def _stack(key: str, account: str, tags: Mapping[str, str], kinds: set[str], needs: Iterable[str]) -> dict[str, Any]:
    region, name = key.split("/", 1)
    stack = {"name": name, "region": region, "account": account, "tags": dict(tags), "needs": sorted(needs)}
    named = {"capabilities": ["CAPABILITY_NAMED_IAM"]} if any(kind.startswith("AWS::IAM::") for kind in kinds) else {}
    return {**stack, **named, "template": survey.stand_in(kinds), "protection": True}


def _strangers(calls: Any, cluster: Mapping[str, Any], lists: Mapping[str, list[dict[str, Any]]]) -> list[str]:
    """What hangs on the cluster and belongs to no stack of the deployment."""
    ours = {row["id"].rpartition("/")[2].rpartition("|")[2] for rows in lists.values() for row in rows if row["type"].startswith("AWS::EKS::")}
    found = []
    for operation, key, word in IN_A_CLUSTER:
        # Karpenter and Auto Mode make instances, no node groups: what is listed here somebody made.
        for name in calls(cluster["region"], operation, "eks", clusterName=cluster["id"]).get(key) or []:
            if name not in ours:
                found.append(
                    f"{word} {name} of cluster {cluster['id']} ({cluster['region']}) was made by no stack of this deployment; "
                    f"delete it (aws eks delete-{word.lower().replace('node group', 'nodegroup').replace(' ', '-')}), or adopt it into a stack"
                )
    return found


def _stuck(found: Mapping[str, Mapping[str, Any]], kept: Mapping[str, str]) -> list[str]:
    """Stacks that only a person can bring on."""
    return [
        f"{key} {state_of(stack['status']).words} ({stack['status']}); look at it in CloudFormation"
        for key, stack in sorted(found.items())
        if key not in kept and state_of(stack["status"]).absent == "stop"
    ]

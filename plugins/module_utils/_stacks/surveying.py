# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What a run knows before it decides: the graph, who calls, which regions answer, what every stack is."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks import live
from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.journal import last_outputs
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Output
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Stack
from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import Unreachable


@dataclass
class Survey:
    """`found`: `{key: live.read}` of reachable stacks; `silent`: `{region: why}`, `declared` those that the inventory gave up."""

    found: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    silent: dict[str, str] = field(default_factory=dict)
    declared: frozenset[str] = frozenset()


def references(graph: Mapping[str, Any]) -> set[str]:
    """Keys of all stacks that a graph's stacks refer to, in the graph or not; what has another shape is left to the model."""
    found: set[str] = set()
    for stack in graph.values():
        if not isinstance(stack, Mapping):
            continue
        values = [*(stack.get("parameters") or {}).values(), stack.get("service_role")]
        found |= {value["stack"] for value in values if isinstance(value, Mapping) and isinstance(value.get("stack"), str)}
        found |= {key for key in stack.get("needs") or [] if isinstance(key, str)}
    return found


def survey(calls: Any, stacks: Iterable[tuple[str, str, str]], declared: Iterable[str], known: set[str], parallel: int) -> Survey:
    """Read `(key, region, name)`, all at once. A region that gives no answer, or that nobody knows, is in `silent`. Raises CallError."""
    result = Survey(declared=frozenset(declared))
    result.silent = dict.fromkeys(result.declared, "declared unreachable")
    wanted = list(stacks)
    for region in sorted({region for _key, region, _name in wanted}):
        if known and region not in known and region not in result.silent:
            result.silent[region] = f"no region of AWS is called {region}; correct its name, or update boto3"

    def one(row: tuple[str, str, str]) -> None:
        key, region, name = row
        if region in result.silent:
            return
        try:
            result.found[key] = live.read(calls, region, name)
        except Unreachable as error:
            result.silent[region] = str(error)

    with ThreadPoolExecutor(max_workers=max(1, parallel)) as pool:
        list(pool.map(one, wanted))
    result.found = {key: found for key, found in result.found.items() if key.split("/", 1)[0] not in result.silent}
    return result


def without_regions(
    stacks: Mapping[str, Stack], silent: Mapping[str, str], outputs: dict[str, dict[str, str]], store: Callable[[], Any]
) -> tuple[dict[str, str], dict[str, str]]:
    """`(away, blocked)`: `{key: why}` of stacks in silent regions, and of those that need what nobody wrote down of them. Fills in their last outputs."""
    away = {key: f"region {stack.region} does not answer: {silent[stack.region]}" for key, stack in stacks.items() if stack.region in silent}
    if not away:
        return {}, {}
    remembered: set[str] = set()
    for key in away:
        last = last_outputs(store(), stacks[key].region, stacks[key].name)
        if last is not None:
            outputs[key] = last
            remembered.add(key)
    blocked: dict[str, str] = {}
    for key, stack in stacks.items():
        if key in away:
            continue
        wanted = [value for value in (*stack.parameters.values(), stack.service_role) if isinstance(value, Output)]
        missing = sorted({value.stack for value in wanted if value.stack in away and value.output not in outputs.get(value.stack, {})})
        missing += sorted(one for one in stack.needs if one in away and one not in remembered and one not in missing)
        if missing:
            blocked[key] = f"needs {', '.join(missing)}: {away[missing[0]]}, and its last outputs were never written down"
    return away, blocked


def outside_outputs(calls: Any, keys: Iterable[str], silent: Mapping[str, str], must_be: bool) -> dict[str, dict[str, str]]:
    """Outputs of stacks that are not of this graph, by one read each. Raises StackError for one that does not exist, if it must."""
    found: dict[str, dict[str, str]] = {}
    missing = []
    for key in sorted(keys):
        region, _slash, name = key.partition("/")
        if region in silent:
            continue
        stack = live.describe(calls, region, name)
        if stack is None:
            missing.append(f"{key} is referred to, but is neither in the graph nor in CloudFormation; deploy it first, or correct the reference")
        else:
            found[key] = live.summary(stack)["outputs"]
    if missing and must_be:
        raise StackError(missing)
    return found

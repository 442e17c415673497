# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Stacks as they are: for facts of roles and for the drift gate. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws.session import AwsError
from ansible_collections.llmops.platform.plugins.module_utils._stacks import drifting
from ansible_collections.llmops.platform.plugins.module_utils._stacks import live
from ansible_collections.llmops.platform.plugins.module_utils._stacks.following import is_final


def inspect(calls: Any, stacks: Mapping[str, Mapping[str, Any]], drift: bool, longest_poll: float, parallel: int) -> dict[str, Any]:
    """The module's result: one read a stack, with `drift` its detection. `stacks` is `{key: {name, region[, operated]}}`. Raises AwsError."""
    wrong = sorted(key for key, stack in stacks.items() if not isinstance(stack, Mapping) or not stack.get("name") or not stack.get("region"))
    if wrong:
        raise AwsError(f"option 'stacks': {', '.join(wrong)} lacks 'name' or 'region'; give both")

    def one(key: str) -> dict[str, Any]:
        region, name = stacks[key]["region"], stacks[key]["name"]
        stack = live.describe(calls, region, name)
        if stack is None:
            return {"exists": False, "status": "", "stack_id": "", "outputs": {}, "parameters": {}, "tags": {}, "drift": []}
        found = live.summary(stack)
        rows = []
        if drift and is_final(found["status"]):
            rows = drifting.detect(calls, region, name, stacks[key].get("operated") or [], longest_poll)
        return {"exists": True, **{part: found[part] for part in ("status", "stack_id", "outputs", "parameters", "tags")}, "drift": rows}

    with ThreadPoolExecutor(max_workers=max(1, parallel)) as pool:
        found = dict(zip(stacks, pool.map(one, stacks), strict=True))
    plan = [step for key in sorted(found) for step in drifting.steps(key, found[key]["drift"])]
    return {"changed": False, "compared": drift, "stacks": found, "plan": plan, "calls": calls.calls}

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Termination protection and stack policy: what CloudFormation takes besides a template."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks import stateful
from ansible_collections.llmops.platform.plugins.module_utils._stacks.context import Context
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Stack


def put_protection(context: Context, stack: Stack, wanted: bool) -> None:
    """Raises AwsError."""
    context.change(stack, "UpdateTerminationProtection", {"protection": wanted}, StackName=stack.name, EnableTerminationProtection=wanted)


def put_policy(context: Context, stack: Stack, policy: Mapping[str, Any] | None, why: str = "") -> None:
    """A stack policy can be replaced but not taken away: None is one that allows everything. Raises AwsError."""
    body = json.dumps(policy or stateful.OPEN_POLICY, sort_keys=True)
    context.change(stack, "SetStackPolicy", {"why": why or "as declared"}, StackName=stack.name, StackPolicyBody=body)


def put_all(context: Context, stack: Stack, found: Mapping[str, Any]) -> bool:
    """Bring both to what is declared. Whether anything differed. `found` has `protection` and `policy`. Raises AwsError."""
    differs = False
    if bool(found["protection"]) != stack.protection:
        put_protection(context, stack, stack.protection)
        differs = True
    if not same_policy(found["policy"], stack.policy):
        put_policy(context, stack, stack.policy)
        differs = True
    return differs


def same_policy(live: Mapping[str, Any] | None, wanted: Mapping[str, Any] | None) -> bool:
    """No policy and one that allows everything are the same."""
    return (live or stateful.OPEN_POLICY) == (wanted or stateful.OPEN_POLICY)


def narrowed(stack: Stack, allowed: tuple[str, ...]) -> dict[str, Any] | None:
    """The stack policy for one execution; None where nothing has to be allowed."""
    return stateful.stack_policy(allowed) if allowed and stack.policy else None

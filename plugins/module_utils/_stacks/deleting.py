# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Deletes stacks, the last one first. Data stays unless it is named."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws.session import AwsError
from ansible_collections.llmops.platform.plugins.module_utils._stacks import live
from ansible_collections.llmops.platform.plugins.module_utils._stacks import stateful
from ansible_collections.llmops.platform.plugins.module_utils._stacks.context import Context
from ansible_collections.llmops.platform.plugins.module_utils._stacks.context import Outcome
from ansible_collections.llmops.platform.plugins.module_utils._stacks.context import elapsed
from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.keeping import Interrupted
from ansible_collections.llmops.platform.plugins.module_utils._stacks.locking import LockHeld
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Stack
from ansible_collections.llmops.platform.plugins.module_utils._stacks.recovering import may_unprotect
from ansible_collections.llmops.platform.plugins.module_utils._stacks.recovering import recover
from ansible_collections.llmops.platform.plugins.module_utils._stacks.recovering import refusal
from ansible_collections.llmops.platform.plugins.module_utils._stacks.recovering import remove
from ansible_collections.llmops.platform.plugins.module_utils._stacks.states import state_of
from ansible_collections.llmops.platform.plugins.module_utils._stacks.templates import Template
from ansible_collections.llmops.platform.plugins.module_utils._stacks.templates import load

# Another's operation, a deletion that failed, one more try.
LOOKS = 4
KEEPING = ("Retain", "RetainExceptOnCreate", "Snapshot")


def drop(context: Context, stack: Stack, found: Mapping[str, Any] | None) -> Outcome:
    """Until it is gone, refused or failed. Raises LockHeld, Interrupted."""
    begin = time.monotonic()
    try:
        outcome = _drop(context, stack, found)
    except (LockHeld, Interrupted):
        raise
    except (AwsError, StackError) as error:
        outcome = Outcome("failed", (found or {}).get("status") or "", (found or {}).get("stack_id", ""), cause=f"{stack.name}: {error}")
        outcome.changed = context.keeper.journal.touched(stack.key)
    outcome.seconds = elapsed(begin)
    return outcome


def _drop(context: Context, stack: Stack, found: Mapping[str, Any] | None) -> Outcome:
    first = found
    deleted = False
    for _look in range(LOOKS):
        if found is None:
            return _gone(context, stack, first) if deleted else Outcome("unchanged")
        action = state_of(found["status"]).absent
        if action in ("follow", "roll_on", "stop"):
            outcome = recover(context, stack, found, action)
            if outcome is not None:
                return outcome
        else:
            refused = refusal(context, stack, found)
            if refused is not None:
                return refused
            outcome = remove(context, stack, found)
            if outcome is not None:
                return outcome
            deleted = True
        found = live.read(context.calls, stack.region, stack.name)
    raise StackError(f"is {found and found['status']} still after {LOOKS} looks; look at its events in CloudFormation, then start this run again")


def _gone(context: Context, stack: Stack, found: Mapping[str, Any]) -> Outcome:
    kept = retained(load(found["template"]) if found.get("template") else stack.template)
    if kept:
        context.say(f"{stack.name}: {', '.join(kept)} stay in the account; they belong to no stack now")
    return Outcome("deleted", "DELETE_COMPLETE", found["stack_id"], cause=f"retained: {', '.join(kept)}" if kept else "", changed=True)


def retained(template: Template) -> list[str]:
    """`LogicalId (type)` of what a deletion leaves in the account."""
    return [f"{name} ({one.get('Type')})" for name, one in sorted(template.resources.items()) if one.get("DeletionPolicy") in KEEPING]


def preview(context: Context, stack: Stack, found: Mapping[str, Any] | None) -> Outcome:
    """What `drop` would do. No call."""
    if found is None:
        return Outcome("unchanged")
    try:
        refused = refusal(context, stack, found)
    except StackError as error:
        return Outcome("failed", found["status"], found["stack_id"], cause=f"{stack.name}: {error}")
    template = load(found["template"]) if found.get("template") else stack.template
    kept = retained(template)
    lost = sorted(name for name, one in template.resources.items() if stateful.is_stateful(one.get("Type", "")) and one.get("DeletionPolicy") not in KEEPING)
    fields = [f"{name} stays in the account" for name in kept] + [f"{name} is deleted with its data" for name in lost]
    if found["protection"] and may_unprotect(context, stack):
        fields.append("termination protection is taken off, as an allowance names the stack")
    step = {"action": "refuse" if refused else "destroy", "what": f"stack {stack.key}", "fields": fields, "note": refused.cause if refused else ""}
    outcome = refused or Outcome("deleted", found["status"], found["stack_id"], dict(found["outputs"]), changed=True)
    outcome.plan = [step]
    return outcome

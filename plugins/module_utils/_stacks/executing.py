# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Brings one stack to what is declared, from whatever state it is in. One thread works on one stack."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws.session import AwsError
from ansible_collections.llmops.platform.plugins.module_utils._stacks import figures
from ansible_collections.llmops.platform.plugins.module_utils._stacks import guard
from ansible_collections.llmops.platform.plugins.module_utils._stacks import live
from ansible_collections.llmops.platform.plugins.module_utils._stacks import planning
from ansible_collections.llmops.platform.plugins.module_utils._stacks import settings
from ansible_collections.llmops.platform.plugins.module_utils._stacks import tokens
from ansible_collections.llmops.platform.plugins.module_utils._stacks.changing import ChangeSets
from ansible_collections.llmops.platform.plugins.module_utils._stacks.context import Context
from ansible_collections.llmops.platform.plugins.module_utils._stacks.context import Outcome
from ansible_collections.llmops.platform.plugins.module_utils._stacks.context import elapsed
from ansible_collections.llmops.platform.plugins.module_utils._stacks.context import live_of
from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.keeping import Interrupted
from ansible_collections.llmops.platform.plugins.module_utils._stacks.locking import LockHeld
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Stack
from ansible_collections.llmops.platform.plugins.module_utils._stacks.recovering import recover
from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import CallError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.states import state_of
from ansible_collections.llmops.platform.plugins.module_utils._stacks.templates import load

DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE")
# Looks at a stack: another's operation, a recovery, a creation and a surprise.
LOOKS = 6


def values_of(context: Context, stack: Stack, found: Mapping[str, Any] | None, observed: Mapping[str, str] | None = None) -> dict[str, str]:
    """Parameters as they are sent; in a real run nothing of it may be unknown. Raises StackError."""
    values = planning.parameter_values(stack, context.outputs, live_of(found), observed or {})
    unknown = sorted(name for name, value in values.items() if value == planning.UNKNOWN)
    if unknown:
        refs = ", ".join(f"{name} (from {stack.parameters[name].stack}, output {stack.parameters[name].output})" for name in unknown)
        raise StackError(f"{stack.name}: no value for {refs}; that stack's template has no such output, or it was not created yet")
    return values


def compared(stack: Stack, found: Mapping[str, Any] | None, values: Mapping[str, str]) -> planning.Comparison:
    """`planning.compare`, without a difference in comments and layout only: CloudFormation would see nothing to change, now and at each later run."""
    comparison = planning.compare(stack, live_of(found), values)
    if found and "template" in comparison.differs and load(found["template"]).body == stack.template.body:
        return dataclasses.replace(comparison, differs=tuple(one for one in comparison.differs if one != "template"))
    return comparison


def unchanged(context: Context, stack: Stack, found: Mapping[str, Any] | None) -> Outcome | None:
    """The outcome of a stack that is as declared; None where there is something to do. No call."""
    if found is None or state_of(found["status"]).present != "compare":
        return None
    values = planning.parameter_values(stack, context.outputs, live_of(found))
    if not compared(stack, found, values).unchanged:
        return None
    context.outputs[stack.key] = found["outputs"]
    return Outcome("unchanged", found["status"], found["stack_id"], found["outputs"])


def bring(context: Context, stack: Stack, found: Mapping[str, Any] | None) -> Outcome:
    """Until it is there, refused or failed. `found` is what `live.read` found before. Raises LockHeld, Interrupted."""
    begin = time.monotonic()
    try:
        outcome = _bring(context, stack, found)
    except (LockHeld, Interrupted):
        raise
    except (AwsError, StackError) as error:
        outcome = Outcome("failed", (found or {}).get("status") or "", (found or {}).get("stack_id", ""), cause=f"{stack.name}: {error}")
        outcome.changed = context.keeper.journal.touched(stack.key)
    outcome.seconds = elapsed(begin)
    return outcome


def _bring(context: Context, stack: Stack, found: Mapping[str, Any] | None) -> Outcome:
    changed = False
    for _look in range(LOOKS):
        state = state_of(found and found["status"])
        if state.present == "create":
            return _updated(context, stack, None)
        if state.present in ("compare", "go_on"):
            context.keeper.begin()
            now = live.describe(context.calls, stack.region, stack.name)
            if now and live.summary(now)["changed_at"] == found["changed_at"] and now["StackStatus"] == found["status"]:
                outcome = _updated(context, stack, found)
                if outcome is not None:
                    outcome.changed = outcome.changed or changed
                    return outcome
                changed = True
        else:
            outcome = recover(context, stack, found, state.present)
            if outcome is not None:
                return outcome
            changed = changed or state.present != "follow"
        found = live.read(context.calls, stack.region, stack.name)
        same = unchanged(context, stack, found)
        if same is not None:
            same.action, same.changed = ("updated", True) if changed else ("unchanged", False)
            return same
    raise StackError(f"is {found and found['status']} still after {LOOKS} looks; look at its events in CloudFormation, then start this run again")


def _updated(context: Context, stack: Stack, found: Mapping[str, Any] | None) -> Outcome | None:
    """Create it (`found` is None) or change it by a change set that the guard has seen. None = look again."""
    values = values_of(context, stack, found)
    comparison = compared(stack, found, values)
    if found and not set(comparison.differs) - {"policy", "protection"}:
        return _settled(context, stack, "updated")
    if found:
        observed = figures.read_figures(context, stack)
        values = values_of(context, stack, found, observed) if observed else values
    sets = ChangeSets(context.calls, stack.region, context.options.poll)
    wanted = {**values, **{f"tag {key}": value for key, value in stack.tags.items()}}
    name = tokens.change_set_name(tokens.request_token(stack.key, "change-set", stack.template.digest, wanted, 0))
    kind = "UPDATE" if found else "CREATE"
    with context.noted(stack, "CreateChangeSet", change_set=name, kind=kind):
        made = sets.make(stack.name, name, kind, **arguments_of(context, stack, values))
    if made.empty:
        if found and state_of(found["status"]).good:
            return _settled(context, stack, "updated" if set(comparison.differs) & {"policy", "protection"} else "unchanged")
        if found and found["status"] == "UPDATE_FAILED":
            # Nothing to go on with: back to what was before.
            return recover(context, stack, found, "roll_back")
        raise StackError(f"is {found and found['status']}, and CloudFormation sees nothing to change; correct its template, or delete it by hand")
    before = load(found["template"]) if found and found["template"] else None
    refusals = guard.judge_changes(stack.key, made.changes, context.options.allow, before, stack.template)
    if refusals:
        sets.delete(stack.name, name)
        return Outcome(
            "refused", found["status"] if found else "", made.stack_id, dict((found or {}).get("outputs", {})), " ".join(one.message for one in refusals)
        )
    return _executed(context, stack, found, sets, made, values)


def arguments_of(context: Context, stack: Stack, values: Mapping[str, str]) -> dict[str, Any]:
    """What CreateChangeSet is told of a stack. Raises StackError."""
    arguments: dict[str, Any] = {
        "TemplateBody": stack.text,
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in sorted(values.items())],
        "Tags": [{"Key": key, "Value": value} for key, value in sorted(stack.tags.items())],
        "Capabilities": list(stack.capabilities),
    }
    if stack.service_role is not None:
        role = context.outputs.get(stack.service_role.stack, {}).get(stack.service_role.output)
        if not role:
            raise StackError(f"has no service role: stack {stack.service_role.stack} has no output {stack.service_role.output}; deploy that stack first")
        arguments["RoleARN"] = role
    return arguments


def _executed(context: Context, stack: Stack, found: Mapping[str, Any] | None, sets: ChangeSets, made: Any, values: Mapping[str, str]) -> Outcome:
    touched = {
        change["LogicalResourceId"] for change in made.resources if change.get("Action") == "Remove" or change.get("Replacement") in ("True", "Conditional")
    }
    allowed = tuple(name for name in guard.allowed_ids(stack.key, context.options.allow) if name in touched)
    opened = settings.narrowed(stack, allowed)
    if found and opened:
        settings.put_policy(context, stack, opened, f"allowance for {', '.join(allowed)}")
    elif found and not settings.same_policy(found["policy"], stack.policy):
        # Also one that a killed run left open.
        settings.put_policy(context, stack, stack.policy)
    token = _token(context, stack, found, made.name, values)
    # A creation that failed is kept, so that what took ten minutes is not made again; so is a change that cannot go back.
    keep = found is None or stack.one_way or found["status"].endswith("_FAILED")
    with context.noted(stack, "ExecuteChangeSet", change_set=made.name, token=token):
        sets.execute(stack.name, made.name, token, keep)
    if found is None:
        _protect_early(context, stack)
    ended = context.follow(stack, made.stack_id, token, made.arn)
    if ended.late:
        now = {"status": f"{'UPDATE' if found else 'CREATE'}_IN_PROGRESS", "stack_id": made.stack_id}
        outcome = context.late(stack, now, ended)
    elif ended.status in DONE:
        outcome = _settled(context, stack, "updated" if found else "created")
    else:
        outcome = context.failed(stack, {"stack_id": made.stack_id}, ended, token)
        if found and opened:
            settings.put_policy(context, stack, stack.policy, "allowance used up")
    outcome.changed = True
    return outcome


def _token(context: Context, stack: Stack, found: Mapping[str, Any] | None, change_set: str, values: Mapping[str, str]) -> str:
    """That of a killed run's call whose answer nobody saw, else a new one: a token used again after a failure gets the old answer."""
    intent = context.keeper.left_open.pop(stack.key, {})
    if intent.get("operation") == "ExecuteChangeSet" and intent.get("change_set") == change_set:
        return str(intent["token"])
    return tokens.request_token(stack.key, "update" if found else "create", stack.template.digest, values, context.attempt)


def _protect_early(context: Context, stack: Stack) -> None:
    """While it is created; what is not taken now is set when the creation has ended."""
    try:
        if stack.protection:
            settings.put_protection(context, stack, True)
        if stack.policy:
            settings.put_policy(context, stack, stack.policy)
    except CallError:
        return


def _settled(context: Context, stack: Stack, action: str) -> Outcome:
    """Protection and policy as declared, outputs known and kept for runs that cannot reach the region."""
    found = live.read(context.calls, stack.region, stack.name)
    if found is None:
        raise StackError("was deleted by somebody else while this run worked on it; start this run again")
    put = settings.put_all(context, stack, found)
    context.outputs[stack.key] = found["outputs"]
    context.keeper.keep_outputs(stack)
    return Outcome(action, found["status"], found["stack_id"], found["outputs"], changed=put or action != "unchanged")

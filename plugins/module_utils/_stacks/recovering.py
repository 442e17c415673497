# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The ways out of the states in which an operation can leave a stack. What may lose something needs an allowance by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks import guard
from ansible_collections.llmops.platform.plugins.module_utils._stacks import settings
from ansible_collections.llmops.platform.plugins.module_utils._stacks import tokens
from ansible_collections.llmops.platform.plugins.module_utils._stacks import unprotecting
from ansible_collections.llmops.platform.plugins.module_utils._stacks.context import Context
from ansible_collections.llmops.platform.plugins.module_utils._stacks.context import Outcome
from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Stack
from ansible_collections.llmops.platform.plugins.module_utils._stacks.states import state_of
from ansible_collections.llmops.platform.plugins.module_utils._stacks.templates import load


def recover(context: Context, stack: Stack, found: Mapping[str, Any], action: str) -> Outcome | None:
    """Do the action that `states` names for a stack that is in no state to be compared; None = look again. Raises AwsError, StackError."""
    if action == "follow":
        return _follow(context, stack, found)
    if action == "roll_on":
        return _roll_on(context, stack, found)
    if action == "roll_back":
        return _roll_back(context, stack, found)
    if action == "delete_shell":
        return remove(context, stack, found)
    if action in ("delete_then_create", "unprotect_then_delete", "delete"):
        refused = refusal(context, stack, found)
        return refused or remove(context, stack, found)
    raise StackError(f"{state_of(found['status']).words}; only a person can say how to go on, look at it in CloudFormation")


def _follow(context: Context, stack: Stack, found: Mapping[str, Any]) -> Outcome | None:
    context.say(f"{stack.name}: {found['status']}, begun by another run or person, is followed")
    ended = context.follow(stack, found["stack_id"], "")
    return context.late(stack, found, ended) if ended.late else None


def _roll_on(context: Context, stack: Stack, found: Mapping[str, Any]) -> Outcome | None:
    """Finish a rollback that failed. Resources are skipped only by allowance: they are then not what the template says."""
    skipped = list(guard.allowed_ids(stack.key, context.options.allow, ("skip",)))
    token = tokens.request_token(stack.key, "continue", stack.template.digest, {"skip": ",".join(skipped)}, context.attempt)
    arguments: dict[str, Any] = {"StackName": stack.name, "ClientRequestToken": token}
    if skipped:
        arguments["ResourcesToSkip"] = skipped
    if found.get("service_role"):
        arguments["RoleARN"] = found["service_role"]
    context.change(stack, "ContinueUpdateRollback", {"token": token, "skipped": skipped}, **arguments)
    ended = context.follow(stack, found["stack_id"], token)
    if ended.late:
        return context.late(stack, {**found, "status": "UPDATE_ROLLBACK_IN_PROGRESS"}, ended)
    if ended.status == "UPDATE_ROLLBACK_COMPLETE":
        if skipped:
            context.say(f"{stack.name}: {', '.join(skipped)} were skipped and may differ from the template; look at their drift")
        return None
    outcome = context.failed(stack, found, ended, token)
    outcome.cause += f" To skip a resource that cannot be rolled back, name it: allow.skip: ['{stack.name}/<LogicalId>']."
    outcome.changed = True
    return outcome


def _roll_back(context: Context, stack: Stack, found: Mapping[str, Any]) -> Outcome | None:
    token = tokens.request_token(stack.key, "rollback", found["stack_id"], {}, context.attempt)
    arguments = {"RoleARN": found["service_role"]} if found.get("service_role") else {}
    context.change(stack, "RollbackStack", {"token": token}, StackName=stack.name, ClientRequestToken=token, **arguments)
    ended = context.follow(stack, found["stack_id"], token)
    if ended.late:
        return context.late(stack, {**found, "status": "UPDATE_ROLLBACK_IN_PROGRESS"}, ended)
    return None if ended.status == "UPDATE_ROLLBACK_COMPLETE" else context.failed(stack, found, ended, token)


def refusal(context: Context, stack: Stack, found: Mapping[str, Any]) -> Outcome | None:
    """The outcome where the deletion would lose something that nobody allowed to lose."""
    template = load(found["template"]) if found.get("template") else stack.template
    refusals = [] if found["status"] == "ROLLBACK_COMPLETE" else guard.judge_deletion(stack.key, template, context.options.allow)
    if found["status"] != "ROLLBACK_COMPLETE" and found["protection"] and not may_unprotect(context, stack):
        text = f"{stack.name} is {found['status']} and protected; to delete it, name it: allow.delete: ['{stack.name}']."
        return Outcome("refused", found["status"], found["stack_id"], cause=" ".join([*(one.message for one in refusals), text]))
    if refusals:
        return Outcome("refused", found["status"], found["stack_id"], cause=" ".join(one.message for one in refusals))
    return None


def may_unprotect(context: Context, stack: Stack) -> bool:
    """Whether an allowance names the stack itself."""
    return bool({stack.key, stack.name} & set(context.options.allow.get("delete") or []))


def remove(context: Context, stack: Stack, found: Mapping[str, Any]) -> Outcome | None:
    """Delete what is there, without asking again; None when it is gone."""
    if found["protection"]:
        settings.put_protection(context, stack, False)
    if found["status"] in ("DELETE_FAILED", "ROLLBACK_FAILED"):
        unprotecting.unprotect(context, stack, guard.allowed_ids(stack.key, context.options.allow, ("delete",)))
    token = tokens.request_token(stack.key, "delete", found["stack_id"], {}, context.attempt)
    arguments: dict[str, Any] = {"StackName": stack.name, "ClientRequestToken": token}
    if found.get("service_role"):
        arguments["RoleARN"] = found["service_role"]
    context.change(stack, "DeleteStack", {"token": token, "stack_id": found["stack_id"]}, **arguments)
    # By its id, as a deleted stack has no name any more.
    ended = context.follow(stack, found["stack_id"], token)
    if ended.late:
        return context.late(stack, {**found, "status": "DELETE_IN_PROGRESS"}, ended)
    if ended.status == "DELETE_COMPLETE":
        return None
    outcome = context.failed(stack, found, ended, token)
    outcome.changed = True
    return outcome

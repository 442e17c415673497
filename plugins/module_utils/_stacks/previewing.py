# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The plan: new stacks from their templates alone, existing ones that differ by a change set, which is deleted afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws.session import AwsError
from ansible_collections.llmops.platform.plugins.module_utils._stacks import executing
from ansible_collections.llmops.platform.plugins.module_utils._stacks import figures
from ansible_collections.llmops.platform.plugins.module_utils._stacks import guard
from ansible_collections.llmops.platform.plugins.module_utils._stacks import planning
from ansible_collections.llmops.platform.plugins.module_utils._stacks import tokens
from ansible_collections.llmops.platform.plugins.module_utils._stacks.changing import ChangeSet
from ansible_collections.llmops.platform.plugins.module_utils._stacks.changing import ChangeSets
from ansible_collections.llmops.platform.plugins.module_utils._stacks.context import Context
from ansible_collections.llmops.platform.plugins.module_utils._stacks.context import Outcome
from ansible_collections.llmops.platform.plugins.module_utils._stacks.context import live_of
from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Stack
from ansible_collections.llmops.platform.plugins.module_utils._stacks.states import state_of
from ansible_collections.llmops.platform.plugins.module_utils._stacks.templates import load

SETTINGS = {"policy", "protection"}


def preview(context: Context, stack: Stack, found: Mapping[str, Any] | None) -> Outcome:
    """What `executing.bring` would do; in the end nothing is changed. Raises nothing that concerns this stack only."""
    try:
        return _preview(context, stack, found)
    except (AwsError, StackError) as error:
        status = (found or {}).get("status") or ""
        return Outcome("failed", status, (found or {}).get("stack_id", ""), dict((found or {}).get("outputs") or {}), f"{stack.name}: {error}")


def _preview(context: Context, stack: Stack, found: Mapping[str, Any] | None) -> Outcome:
    action = state_of(found and found["status"]).present
    anew = action in ("create", "delete_shell", "delete_then_create", "unprotect_then_delete", "delete")
    now = None if anew else found
    values = planning.parameter_values(stack, context.outputs, live_of(now))
    comparison = executing.compared(stack, now, values)
    outcome = Outcome("created" if anew else "updated", (found or {}).get("status") or "", (found or {}).get("stack_id", ""), changed=True)
    if now:
        outcome.outputs = dict(now["outputs"])
        context.outputs[stack.key] = outcome.outputs
    if action == "stop":
        raise StackError(f"{state_of(found and found['status']).words}; only a person can say how to go on, look at it in CloudFormation")
    if action == "follow":
        return Outcome("followed", outcome.status, outcome.stack_id, outcome.outputs, "in progress, begun by another run or person")
    before = load(now["template"]) if now and now["template"] else None
    rows = planning.resource_rows(before, stack.template, (now or {}).get("parameters", {}), values, stack.region, stack.name)
    refusals: list[Any] = []
    known = planning.UNKNOWN not in values.values()
    if now and known and action in ("compare", "go_on") and set(comparison.differs) - SETTINGS:
        made = _made(context, stack, now, values)
        rows = merged(rows, made.resources)
        refusals = guard.judge_changes(stack.key, made.changes, context.options.allow, before, stack.template)
    elif now:
        refusals = guard.judge_rows(stack.key, rows, context.options.allow)
    elif found and action != "delete_shell":
        refusals = guard.judge_deletion(stack.key, load(found["template"]) if found.get("template") else stack.template, context.options.allow)
    outcome.plan = planning.plan_steps(stack, comparison, rows, refusals)
    if refusals:
        outcome.action, outcome.cause = "refused", " ".join(one.message for one in refusals)
    elif not outcome.plan and not comparison.differs:
        outcome.action, outcome.changed = "unchanged", False
    return outcome


def _made(context: Context, stack: Stack, found: Mapping[str, Any], values: Mapping[str, str]) -> ChangeSet:
    """A change set that is there for a moment only."""
    observed = figures.read_figures(context, stack)
    values = planning.parameter_values(stack, context.outputs, live_of(found), observed) if observed else values
    sets = ChangeSets(context.calls, stack.region, context.options.poll)
    name = tokens.change_set_name(tokens.request_token(stack.key, "change-set", stack.template.digest, values, context.attempt))
    try:
        return sets.make(stack.name, name, "UPDATE", **executing.arguments_of(context, stack, values))
    finally:
        sets.delete(stack.name, name)


def merged(rows: Iterable[Mapping[str, Any]], changes: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the template's difference with the word of the change set, which knows also what follows from other resources."""
    by_name = {row["resource"]: dict(row) for row in rows}
    for change in changes:
        name = change["LogicalResourceId"]
        if name not in by_name:
            action = {"Add": "create", "Remove": "destroy", "Import": "create"}.get(change["Action"], "update")
            properties = [
                {
                    "path": target.get("Path", "").removeprefix("/Properties/").replace("/", ".") or target.get("Name") or target["Attribute"],
                    "before": "",
                    "after": "",
                }
                for target in (detail.get("Target") or {} for detail in change.get("Details") or [])
                if target.get("Attribute")
            ]
            by_name[name] = {
                "resource": name,
                "type": change["ResourceType"],
                "action": action,
                "properties": properties,
                "note": "follows from another resource",
            }
        if change["Action"] == "Modify":
            replacement = change.get("Replacement")
            if replacement == "True":
                by_name[name]["action"] = "replace"
            elif replacement == "Conditional" and by_name[name]["action"] == "update" and by_name[name].get("note") == "follows from another resource":
                by_name[name]["action"] = "may replace"
    return [by_name[name] for name in sorted(by_name)]

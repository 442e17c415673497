# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Takes resources that exist into a stack: an import change set, drift in sync, then the normal update."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws.session import AwsError
from ansible_collections.llmops.platform.plugins.module_utils._stacks import drifting
from ansible_collections.llmops.platform.plugins.module_utils._stacks import executing
from ansible_collections.llmops.platform.plugins.module_utils._stacks import live
from ansible_collections.llmops.platform.plugins.module_utils._stacks import tokens
from ansible_collections.llmops.platform.plugins.module_utils._stacks.changing import ChangeSets
from ansible_collections.llmops.platform.plugins.module_utils._stacks.context import Context
from ansible_collections.llmops.platform.plugins.module_utils._stacks.context import Outcome
from ansible_collections.llmops.platform.plugins.module_utils._stacks.context import elapsed
from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Stack
from ansible_collections.llmops.platform.plugins.module_utils._stacks.recovering import recover
from ansible_collections.llmops.platform.plugins.module_utils._stacks.states import in_progress
from ansible_collections.llmops.platform.plugins.module_utils._stacks.states import state_of
from ansible_collections.llmops.platform.plugins.module_utils._stacks.templates import load

try:
    import yaml
except ImportError:
    yaml = None

Imports = Mapping[str, Mapping[str, str]]


def outstanding(stack: Stack, found: Mapping[str, Any] | None, imports: Imports) -> dict[str, Mapping[str, str]]:
    """`{logical id: identifier}` of what is not in the stack yet. Raises StackError for a name that the template does not have."""
    unknown = sorted(set(imports) - set(stack.template.resources))
    if unknown:
        raise StackError(f"{stack.name}: imports names {', '.join(unknown)}, which its template does not have; correct the names")
    there = load(found["template"]).resources if found and found.get("template") else {}
    return {name: imports[name] for name in sorted(imports) if name not in there}


def import_text(stack: Stack, found: Mapping[str, Any] | None, names: Mapping[str, Any]) -> str:
    """The template of the import: what is in the stack already, and the new ones. An import may change nothing else, outputs included."""
    before = (
        dict(load(found["template"]).body)
        if found and found.get("template")
        else {key: value for key, value in stack.template.body.items() if key != "Outputs"}
    )
    there = before.get("Resources", {}) if found and found.get("template") else {}
    body = {**before, "Resources": {**there, **{name: stack.template.resources[name] for name in names}}}
    return yaml.safe_dump(_plain(body), sort_keys=True, width=160)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def steps(stack: Stack, names: Mapping[str, Mapping[str, str]]) -> list[dict[str, Any]]:
    """The import as steps of a plan."""
    return [
        {
            "action": "update",
            "what": f"{stack.key}/{name} ({stack.template.resources[name].get('Type')})",
            "fields": [f"{key}: {value}" for key, value in sorted(identifier.items())],
            "note": "is taken into the stack as it is",
        }
        for name, identifier in names.items()
    ]


def adopt(context: Context, stack: Stack, found: Mapping[str, Any] | None, imports: Imports) -> Outcome:
    """Import what is not in the stack yet, compare, then bring the stack. Raises LockHeld, Interrupted."""
    begin = time.monotonic()
    names: Mapping[str, Mapping[str, str]] = {}
    try:
        outcome, found = _followed(context, stack, found)
        if outcome is None:
            names = outstanding(stack, found, imports)
            outcome = _import(context, stack, found, names) if names else _taken_up(context, stack, found, imports)
    except (AwsError, StackError) as error:
        if not isinstance(error, StackError) and type(error).__name__ in ("LockHeld", "Interrupted"):
            raise
        outcome = Outcome("failed", (found or {}).get("status") or "", cause=f"{stack.name}: {error}")
        outcome.changed = context.keeper.journal.touched(stack.key)
    if outcome is None:
        after = executing.bring(context, stack, live.read(context.calls, stack.region, stack.name) if names else found)
        outcome = dataclasses.replace(after, action="updated", changed=True) if names and after.good else after
    outcome.seconds = elapsed(begin)
    return outcome


def _followed(context: Context, stack: Stack, found: Mapping[str, Any] | None) -> tuple[Outcome | None, Mapping[str, Any] | None]:
    """An operation that a killed run or somebody else began ends first."""
    if not found or not in_progress(found["status"]):
        return None, found
    return recover(context, stack, found, "follow"), live.read(context.calls, stack.region, stack.name)


def _taken_up(context: Context, stack: Stack, found: Mapping[str, Any] | None, imports: Imports) -> Outcome | None:
    """All is in the stack, by a run that did not come to compare it, or to whom it was not in sync: compared again, unless the template was corrected since."""
    if not found or found["status"] != "IMPORT_COMPLETE":
        return None
    outcome = _compared(context, stack, imports, found["stack_id"])
    before = load(found["template"]).resources
    if outcome is None or any(before.get(name) != stack.template.resources[name] for name in imports):
        return None
    outcome.changed = False
    return outcome


def fresh(found: Mapping[str, Any] | None) -> bool:
    """Whether the stack's last operation is an import, which is to be compared whatever a run before saw."""
    return bool(found) and found["status"] in ("IMPORT_COMPLETE", "IMPORT_IN_PROGRESS")


def _import(context: Context, stack: Stack, found: Mapping[str, Any] | None, names: Mapping[str, Mapping[str, str]]) -> Outcome | None:
    if found and not state_of(found["status"]).good and found["status"] != "REVIEW_IN_PROGRESS":
        raise StackError(f"is {found['status']}; bring it to an end by state present first, then adopt")
    text = import_text(stack, None if found and found["status"] == "REVIEW_IN_PROGRESS" else found, names)
    values = executing.values_of(context, stack, found)
    used = load(text).parameters
    arguments = executing.arguments_of(context, stack, {key: value for key, value in values.items() if key in used})
    resources = [{"ResourceType": stack.template.resources[name]["Type"], "LogicalResourceId": name, "ResourceIdentifier": dict(names[name])} for name in names]
    wanted = {**values, **{f"import {name}": str(sorted(names[name].items())) for name in names}}
    name = tokens.change_set_name(tokens.request_token(stack.key, "import", stack.template.digest, wanted, 0))
    sets = ChangeSets(context.calls, stack.region, context.options.poll)
    with context.noted(stack, "CreateChangeSet", change_set=name, kind="IMPORT"):
        made = sets.make(stack.name, name, "IMPORT", **{**arguments, "TemplateBody": text, "ResourcesToImport": resources})
    others = sorted(change["LogicalResourceId"] for change in made.resources if change["Action"] != "Import")
    if others:
        sets.delete(stack.name, name)
        raise StackError(f"the import would also change {', '.join(others)}; nothing was imported. Render them as they are, adopt, then change them")
    for change in made.resources:
        context.say(f"{stack.name}: importing {change['LogicalResourceId']} ({change['ResourceType']}) {change.get('PhysicalResourceId') or ''}")
    token = tokens.request_token(stack.key, "import", stack.template.digest, wanted, context.attempt)
    with context.noted(stack, "ExecuteChangeSet", change_set=name, token=token):
        sets.execute(stack.name, name, token, disable_rollback=False)
    ended = context.follow(stack, made.stack_id, token, made.arn)
    if ended.late:
        return context.late(stack, {"status": "IMPORT_IN_PROGRESS", "stack_id": made.stack_id}, ended)
    if ended.status != "IMPORT_COMPLETE":
        return context.failed(stack, {"stack_id": made.stack_id}, ended, token)
    return _compared(context, stack, names, made.stack_id)


def _compared(context: Context, stack: Stack, names: Mapping[str, Mapping[str, str]], stack_id: str) -> Outcome | None:
    """What was imported must be as its template says, before an update could change it."""
    rows = [row for row in drifting.detect(context.calls, stack.region, stack.name, stack.operated, context.options.poll) if row["resource"] in names]
    off = [row for row in rows if row["status"] in ("drifted", "deleted")]
    for row in rows:
        context.say(f"{stack.name}: {row['resource']} was imported and is {row['status']}{f' ({row["note"]})' if row['note'] else ''}")
        context.say(f'{stack.name}: if Terraform made it, let it go: terraform state rm "$(terraform state list -id={row["id"]})"')
    if not off:
        return None
    differences = "; ".join(f"{row['resource']}.{one['path']} is {one['actual']}, not {one['expected']}" for row in off for one in row["properties"])
    return Outcome(
        "refused",
        "IMPORT_COMPLETE",
        stack_id,
        plan=drifting.steps(stack.key, off),
        changed=True,
        cause=f"{stack.name}: imported, and differs from the template ({differences}); write into the template what is live, then adopt again",
    )

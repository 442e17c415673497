# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Declared against live: what differs, and the steps that the plan prints."""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from types import MappingProxyType
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks import secrets
from ansible_collections.llmops.platform.plugins.module_utils._stacks.comparing import resource_rows
from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.intrinsics import UNKNOWN
from ansible_collections.llmops.platform.plugins.module_utils._stacks.intrinsics import compact
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Literal
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Observed
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Stack
from ansible_collections.llmops.platform.plugins.module_utils._stacks.observed import observed_value
from ansible_collections.llmops.platform.plugins.module_utils._stacks.stateful import OPEN_POLICY
from ansible_collections.llmops.platform.plugins.module_utils._stacks.states import STATES
from ansible_collections.llmops.platform.plugins.module_utils._stacks.templates import load

__all__ = ("UNKNOWN", "Comparison", "Live", "compare", "parameter_values", "plan_steps", "resource_rows")
# What the service shows of a NoEcho parameter.
HIDDEN = "****"
LONGEST = 200
STEPS = {
    "create": "create", "update": "update", "restart": "update", "retain": "update", "replace": "replace", "may replace": "replace", "unknown": "replace",
    "destroy": "destroy",
}  # fmt: skip


@dataclass(frozen=True)
class Live:
    """What three reads say of a stack. `status` None = there is none. `text`: GetTemplate's body, Original stage (botocore gives JSON bodies as a map).

    `policy`: the parsed document or None.
    """

    status: str | None = None
    text: str | Mapping[str, Any] = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    policy: Mapping[str, Any] | None = None
    protection: bool = False
    outputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def exists(self) -> bool:
        return self.status not in (None, "DELETE_COMPLETE")


@dataclass(frozen=True)
class Comparison:
    """`differs`: of new, template, parameters, tags, policy, protection, status, unknown (a parameter is not known yet); empty = unchanged.

    `fields`: what differs of the stack itself, one line each, for the plan.
    """

    differs: tuple[str, ...]
    fields: tuple[str, ...] = ()

    @property
    def unchanged(self) -> bool:
        return not self.differs


def parameter_values(stack: Stack, outputs: Mapping[str, Mapping[str, str]], live: Live, observed: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """`{parameter: value to send or UNKNOWN}`.

    `outputs`: `{key: {output: value}}` of live stacks; `observed`: `{parameter: live figure}`, missing = not read: then the live stack's parameter counts.
    Raises StackError if an observed figure is not a number.
    """
    found = {}
    for name, value in stack.parameters.items():
        if isinstance(value, Literal):
            found[name] = value.value
        elif isinstance(value, Observed):
            found[name] = observed_value(value, observed.get(name, live.parameters.get(name)) if live.exists else None)
        else:
            found[name] = outputs.get(value.stack, {}).get(value.output, UNKNOWN)
    return found


def _same_text(declared: str, live: str | Mapping[str, Any]) -> bool:
    """Byte for byte, but for line ends and what stands after the last word, which a service or an editor may change."""
    if isinstance(live, Mapping):
        try:
            return load(declared).body == json.loads(json.dumps(live, default=str))
        except StackError:
            return False
    return declared.replace("\r\n", "\n").rstrip() == live.replace("\r\n", "\n").rstrip()


def _line(name: str, old: Any, new: Any) -> str:
    """`name: old -> new` in one line that a terminal can show."""
    shown = []
    for value in (old, new):
        text = "none" if value is None else compact(value)
        text = "".join(letter if letter.isprintable() else " " for letter in text)
        shown.append(text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")
    return f"{name}: {shown[0]} -> {shown[1]}"


def _parameters(stack: Stack, live: Live, values: Mapping[str, str]) -> tuple[list[str], bool]:
    """(lines of parameters that differ, whether one is not known yet)."""
    lines, unknown = [], False
    for name, declared in stack.template.parameters.items():
        value = values.get(name, declared.get("Default"))
        value = str(value).lower() if isinstance(value, bool) else str(value)
        now = live.parameters.get(name)
        hidden = str(declared.get("NoEcho", "")).lower() == "true"
        if isinstance(stack.parameters.get(name), Observed) or (hidden and now == HIDDEN):
            continue
        if value == UNKNOWN:
            unknown = True
        if value != now:
            old, new = (HIDDEN if hidden and one is not None else secrets.shown(name, one) for one in (now, value))
            lines.append(_line(f"parameter {name}", old, new))
    return lines, unknown


def _maps(word: str, declared: Mapping[str, str], live: Mapping[str, str]) -> list[str]:
    return [
        _line(f"{word} {name}", secrets.shown(name, live.get(name)), secrets.shown(name, declared.get(name)))
        for name in sorted({*declared, *live})
        if declared.get(name) != live.get(name)
    ]


def compare(stack: Stack, live: Live, values: Mapping[str, str]) -> Comparison:
    """What differs. Observed parameters and defaults left unsaid are no difference, nor are tags that AWS puts (aws:…).

    A stack without a policy equals one whose policy allows everything, as a policy cannot be taken away again.
    """
    if not live.exists:
        return Comparison(("new",))
    found: dict[str, list[str]] = {}
    if not STATES.get(live.status, STATES[None]).good:
        found["status"] = [f"status: {live.status}"]
    if not _same_text(stack.text, live.text):
        found["template"] = []
    lines, unknown = _parameters(stack, live, values)
    if lines:
        found["parameters"] = lines
    if unknown:
        found["unknown"] = []
    tags = _maps("tag", stack.tags, {name: value for name, value in live.tags.items() if not name.startswith("aws:")})
    if tags:
        found["tags"] = tags
    if (stack.policy or OPEN_POLICY) != (live.policy or OPEN_POLICY):
        found["policy"] = [_line("stack policy", live.policy, stack.policy)]
    if stack.protection != live.protection:
        found["protection"] = [_line("termination protection", live.protection, stack.protection)]
    return Comparison(tuple(found), tuple(line for lines in found.values() for line in lines))


def _note(row: Mapping[str, Any]) -> str:
    if row["action"] == "retain":
        return "leaves the stack and stays in the account"
    if row["action"] in ("may replace", "unknown"):
        return f"may replace{': ' + row['note'] if row['note'] else ''}"
    return row["note"]


def plan_steps(stack: Stack, comparison: Comparison, rows: Iterable[Mapping[str, Any]], refusals: Iterable[Any] = ()) -> list[dict[str, Any]]:
    """`[{action: create | update | replace | destroy | refuse, what, fields: [str], note}]`, one per resource and one for the stack's own differences.

    A refused resource (`guard.Refusal`) is one step, `refuse`, in place of what it would have been. `rows` hold masked values already.
    """
    refused = {refusal.resource: refusal for refusal in refusals}
    steps = []
    if comparison.fields:
        steps.append({"action": "update", "what": f"stack {stack.key}", "fields": list(comparison.fields), "note": ""})
    any_row = False
    for row in rows:
        any_row = True
        lines = [_line(one["path"], one["before"], one["after"]) for one in row["properties"]]
        refusal = refused.pop(row["resource"], None)
        action, note = ("refuse", refusal.message) if refusal else (STEPS[row["action"]], _note(row))
        steps.append({"action": action, "what": f"{stack.key}/{row['resource']} ({row['type']})", "fields": lines, "note": note})
    for refusal in refused.values():
        steps.append({"action": "refuse", "what": f"{stack.key}/{refusal.resource} ({refusal.type})", "fields": [], "note": refusal.message})
    if "template" in comparison.differs and not any_row:
        steps.append({"action": "update", "what": f"stack {stack.key}", "fields": [], "note": "the template's text only, no resource"})
    return steps

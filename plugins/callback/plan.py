# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run in check mode would do, as one list, the dangerous part first."""

from __future__ import annotations

DOCUMENTATION = r"""
name: plan
type: aggregate
short_description: The plan of a run in check mode
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Ends a run in check mode with what it would replace, destroy, update and create, in this order, by deployment.
  - Writes the same as JSON, for a review or a gate. C(complete) in it says whether the run came to its end, so that a part is never taken for the whole.
  - C(checked) in it has a row for each resource that was compared, V(in sync), V(drifted) or V(not checked) with the reason.
    With the title V(Drift) they are counted in one table, and all that is not in sync is listed.
  - Silent in a real run.
requirements:
  - Enabled in the configuration by C(callbacks_enabled).
options:
  plan_file:
    description: Where the JSON is written; empty for nowhere.
    type: str
    default: ""
    env:
      - name: LLMOPS_PLAN_FILE
    ini:
      - section: llmops_platform
        key: plan_file
  plan_title:
    description: Word before the totals, V(Plan) or V(Drift).
    type: str
    default: Plan
    env:
      - name: LLMOPS_PLAN_TITLE
"""

import json
import os
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

# `refuse`: what the server would not take; a real run ends there.
ORDER = ("refuse", "replace", "destroy", "update", "create")
SIGNS = {"refuse": "!", "replace": "-/+", "destroy": "-", "update": "~", "create": "+"}
COLOURS = {"refuse": "bright red", "replace": "bright red", "destroy": "red", "update": "yellow", "create": "green"}
ACTIONS = {"refused": "refuse", "created": "create", "configured": "update", "deleted": "destroy"}
# Of an object: what its action in check mode says of reality. All else, refused or skipped, was not compared.
COMPARED = {"unchanged": "in sync", "absent": "in sync", "created": "drifted", "configured": "drifted", "deleted": "drifted"}
STATUSES = ("in sync", "drifted", "not checked")
# The play of a gate: what fails there is its verdict, not a part that is missing.
GATES = ("Drift",)
AFTER = "(known after apply)"


def steps_of(host: str, task: str, result: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps that one task's result announces: its own `plan`, else its `objects`, else the task itself.

    A step is `{host, action, what, fields, note}`.
    """
    if result.get("plan"):
        return [{"fields": [], "note": "", **step, "host": host} for step in result["plan"]]
    objects = [row for row in result.get("objects") or [] if row.get("action") in ACTIONS]
    if objects:
        return [
            {
                "host": host,
                "action": ACTIONS[row["action"]],
                "what": " ".join(part for part in (row["kind"], "/".join(part for part in (row.get("namespace"), row["name"]) if part)) if part),
                "fields": row.get("fields") or [],
                "note": row.get("message") or "" if row["action"] != "configured" else "",
            }
            for row in objects
        ]
    return [{"host": host, "action": "update", "what": task, "fields": [], "note": AFTER}] if result.get("changed") else []


def checks_of(host: str, result: dict[str, Any]) -> list[dict[str, str]]:
    """What one task's result says of each resource that it compared: `{host, area, what, status, why}`.

    `area`: stacks, manifests or records; `status`: in sync, drifted or not checked.
    """
    rows = []
    # Facts are read by the same module, without a comparison.
    for key, stack in result["stacks"].items() if result.get("compared") and isinstance(result.get("stacks"), dict) else ():
        if not isinstance(stack, dict) or "drift" not in stack:
            continue
        if stack.get("exists") and not stack["drift"]:
            rows.append(("stacks", key, "not checked", f"the stack is {stack.get('status')}"))
        for one in stack["drift"]:
            status = "drifted" if one["status"] == "deleted" else one["status"]
            rows.append(("stacks", f"{key}/{one['resource']} ({one['type']})", status, one.get("note") or ""))
    for one in result.get("objects") or []:
        if not {"kind", "name", "action"} <= set(one):
            continue
        what = f"{one['kind']} {'/'.join(part for part in (one.get('namespace'), one['name']) if part)}"
        rows.append(("manifests", what, COMPARED.get(one["action"], "not checked"), one.get("message") or ""))
    if isinstance(result.get("records"), int) and isinstance(result.get("plan"), list):
        # Records are counted by their module, and those that differ are steps.
        rows += [("records", step["what"], "drifted", step.get("note") or "") for step in result["plan"]]
        same = result["records"] - sum(step["action"] in ("create", "update") for step in result["plan"])
        rows += [("records", "record as declared", "in sync", "")] * max(same, 0)
    return [{"host": host, "area": area, "what": what, "status": status, "why": why} for area, what, status, why in rows]


def table(rows: list[dict[str, str]]) -> list[tuple[str, str | None]]:
    """`(text, colour)`: counts by area, then what was not compared, by reason. What has drifted stands in the plan above it."""
    if not rows:
        return []
    found: list[tuple[str, str | None]] = [("", None), (f"{'compared':<12}{'in sync':>10}{'drifted':>10}{'not checked':>14}", None)]
    for area in sorted({row["area"] for row in rows}):
        count = [sum(row["area"] == area and row["status"] == status for row in rows) for status in STATUSES]
        found.append((f"{area:<12}{count[0]:>10}{count[1]:>10}{count[2]:>14}", "yellow" if count[1] else None))
    whys: dict[str, list[str]] = {}
    for row in rows:
        if row["status"] == "not checked":
            whys.setdefault(row["why"] or "no reason given", []).append(row["what"])
    for why, names in sorted(whys.items()):
        more = f" and {len(names) - 3} more, see the file" if len(names) > 3 else ""
        found.append((f"  not checked ({why}): {', '.join(sorted(names)[:3])}{more}", None))
    return found


def totals(steps: list[dict[str, Any]]) -> dict[str, int]:
    """Number of steps by action."""
    return {action: sum(step["action"] == action for step in steps) for action in ORDER}


def lines(steps: list[dict[str, Any]], title: str) -> list[tuple[str, str | None]]:
    """`(text, colour)` of the plan: by action, most dangerous first, then by deployment."""
    found: list[tuple[str, str | None]] = []
    for action in ORDER:
        chosen = sorted((step for step in steps if step["action"] == action), key=lambda step: step["host"])
        if not chosen:
            continue
        found += [("", None), (f"{action} ({len(chosen)})", COLOURS[action])]
        for number, step in enumerate(chosen):
            if number == 0 or chosen[number - 1]["host"] != step["host"]:
                found.append((f"  {step['host']}", None))
            note = f"  # {step['note']}" if step["note"] else ""
            found.append((f"  {SIGNS[action]:>4} {step['what']}{note}", COLOURS[action]))
            found += [(f"         {field}", None) for field in step["fields"]]
    count = totals(steps)
    words = f"{count['replace']} to replace, {count['destroy']} to destroy, {count['update']} to update, {count['create']} to create"
    refused = f", {count['refuse']} refused" if count["refuse"] else ""
    return [*found, ("", None), (f"{title}: {words}{refused}." if steps else f"{title}: nothing differs.", "bright blue")]


class CallbackModule(CallbackBase):
    """Collects while the run goes on, prints and writes when it ends."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "llmops.platform.plan"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._steps: list[dict[str, Any]] = []
        self._checked: list[dict[str, str]] = []
        self._failed: list[str] = []
        self._check = False
        self._play = ""

    def v2_playbook_on_play_start(self, play: Any) -> None:
        self._play = play.get_name().strip()
        self._check = self._check or bool(play.check_mode)
        # The last play of a gate may want to read what was found before it.
        self._write(complete=not self._failed)

    def v2_runner_on_ok(self, result: Any) -> None:
        if self._check:
            content = result.result if hasattr(result, "result") else result._result
            host = result.host.get_name() if hasattr(result, "host") else result._host.get_name()
            task = result.task if hasattr(result, "task") else result._task
            rows = content["results"] if isinstance(content.get("results"), list) and task.loop else [content]
            self._steps += [step for row in rows if isinstance(row, dict) for step in steps_of(host, task.get_name(), row)]
            self._checked += [one for row in rows if isinstance(row, dict) for one in checks_of(host, row)]

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        if ignore_errors or self._play in GATES:
            return
        # A failed task has compared some things nevertheless.
        self.v2_runner_on_ok(result)
        self._failed.append(result.host.get_name() if hasattr(result, "host") else result._host.get_name())

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self.v2_runner_on_failed(result)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        if not self._check:
            return
        title, hosts = self.get_option("plan_title"), ", ".join(sorted(set(self._failed)))
        if self._failed and not self._steps:
            self._display.display(f"{title}: none, as {hosts} failed before anything was compared.", color="bright red")
            self._write(complete=False)
            return
        counted = table(self._checked) if title == "Drift" else []
        for text, colour in [*lines(self._steps, title)[:-2], *counted, *lines(self._steps, title)[-2:]]:
            self._display.display(text, color=colour)
        if self._failed:
            self._display.display(f"This is not the whole: {hosts} failed, what would come after it is not known.", color="bright red")
        self._write(complete=not self._failed)

    def _write(self, *, complete: bool) -> None:
        path = self.get_option("plan_file")
        if not self._check or not path:
            return
        file = Path(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        document = {"complete": complete, "totals": totals(self._steps), "steps": self._steps, "checked": self._checked}
        temporary = file.with_name(f".{file.name}.{os.getpid()}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(document, stream, indent=1, ensure_ascii=False)
        os.replace(temporary, file)

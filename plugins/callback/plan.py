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
        for text, colour in lines(self._steps, title):
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
        document = {"complete": complete, "totals": totals(self._steps), "steps": self._steps}
        temporary = file.with_name(f".{file.name}.{os.getpid()}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(document, stream, indent=1, ensure_ascii=False)
        os.replace(temporary, file)

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""One line of text per change of state, and a line now and then about what is still under way."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks.causes import SIMPLE
from ansible_collections.llmops.platform.plugins.module_utils._stacks.causes import of_stack
from ansible_collections.llmops.platform.plugins.module_utils._stacks.causes import oldest_first
from ansible_collections.llmops.platform.plugins.module_utils._stacks.causes import operation
from ansible_collections.llmops.platform.plugins.module_utils._stacks.causes import when

DOING = {"CREATE": "creating", "UPDATE": "updating", "DELETE": "deleting", "IMPORT": "importing"}
LONGEST = 300


def clock(seconds: float) -> str:
    """1:45 of 105, 1:00:00 of 3600."""
    whole = max(0, round(seconds))
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def _one_line(text: Any) -> str:
    """The text without line ends and control characters, which could write over other lines of a terminal."""
    words = " ".join("".join(letter if letter.isprintable() else " " for letter in str(text or "")).split())
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


def change_lines(stack: str, events: Iterable[Mapping[str, Any]]) -> list[str]:
    """A line per change of the stack, and of a resource that failed or was kept, oldest first; the second and third word about the same state are left out.

    A resource that takes long is `waiting_lines`' affair. `events` are those not yet shown.
    """
    lines: list[str] = []
    seen: set[tuple[str, str]] = set()
    for event in oldest_first(events):
        status = event.get("ResourceStatus", "")
        state = (event["LogicalResourceId"], status)
        if status.endswith("_IN_PROGRESS") and state in seen:
            continue
        seen.add(state)
        name = "the stack" if of_stack(event) else event["LogicalResourceId"]
        reason = _one_line(event.get("ResourceStatusReason"))
        shown = f": {reason}" if reason and ("FAILED" in status or "ROLLBACK" in status or status == "DELETE_SKIPPED") else ""
        if not (of_stack(event) or shown):
            continue
        lines.append(f"{stack}: {_one_line(name)} {status.lower().replace('_', ' ')}{shown}")
    return lines


def under_way(events: Iterable[Mapping[str, Any]], token: str = "") -> dict[str, tuple[str, datetime]]:
    """`{logical id: (CREATE | UPDATE | DELETE | IMPORT, since)}` of the resources that the last operation works on."""
    found: dict[str, tuple[str, datetime]] = {}
    for event in operation(events, token):
        match = SIMPLE.fullmatch(event.get("ResourceStatus", ""))
        if match is None or of_stack(event):
            continue
        name, doing = event["LogicalResourceId"], match.group(1)
        if match.group(2) != "IN_PROGRESS":
            found.pop(name, None)
        elif found.get(name, ("",))[0] != doing:
            found[name] = (doing, when(event))
    return found


def waiting_lines(stack: str, events: Iterable[Mapping[str, Any]], now: datetime, before: Mapping[tuple[str, str], float]) -> list[str]:
    """A line per resource under way, as `<stack>: NatGatewayA creating since 1:20 (took 1:45 last time)`, the longest first.

    `events`: all of the operation. `now`: with a zone. `before`: what `causes.durations` gave for the stack's older events.
    """
    lines = []
    for name, (doing, since) in sorted(under_way(events).items(), key=lambda item: (item[1][1], item[0])):
        last = before.get((name, doing.lower()))
        took = f" (took {clock(last)} last time)" if last is not None else ""
        lines.append(f"{stack}: {_one_line(name)} {DOING[doing]} since {clock((now - since).total_seconds())}{took}")
    return lines

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Out of DescribeStackEvents: why an operation failed, what was rolled back, how long things took.

An event is a map of the API's shape: EventId, StackId, StackName, LogicalResourceId, PhysicalResourceId, ResourceType, Timestamp (datetime or ISO text),
ResourceStatus, ResourceStatusReason, ClientRequestToken. Newest first, as the API gives them, or oldest first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from typing import Any

STACK = "AWS::CloudFormation::Stack"
# In the service's words: a resource stopped because another one failed, and the stack's own list of what failed.
ECHO = re.compile(r"Resource (?:creation|update|deletion|import) [Cc]ancel|The following resource\(s\) failed to |\[The following resource\(s\) failed to ")
BEGINNINGS = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "IMPORT_IN_PROGRESS")
# A rollback that a person or a run asked for is an operation of its own.
ASKED_FOR = "User Initiated"
SIMPLE = re.compile(r"(CREATE|UPDATE|DELETE|IMPORT)_(IN_PROGRESS|COMPLETE|FAILED)")
GO_ON = {
    "CREATE_FAILED": "Correct the cause and run again: what was made is kept and the creation goes on from there.",
    "ROLLBACK_COMPLETE": "Correct the cause and run again: the empty stack is deleted and created anew.",
    "ROLLBACK_FAILED": "Correct the cause and run again, with allow.delete for what has deletion protection: the stack is deleted and created anew.",
    "UPDATE_FAILED": "Correct the cause and run again: what was changed is kept and the update goes on from there.",
    "UPDATE_ROLLBACK_COMPLETE": "The stack is as before. Correct the cause and run again.",
    "UPDATE_ROLLBACK_FAILED": "Correct what the rollback names and run again: it is continued. What cannot be rolled back is left out by allow.skip.",
    "DELETE_FAILED": "Remove what is in the way, or name it in allow.delete if it has deletion protection, and run again.",
    "IMPORT_ROLLBACK_COMPLETE": "Nothing was taken over. Make the template equal to the live resources and adopt again.",
    "IMPORT_ROLLBACK_FAILED": "Look at the stack in the console: only a person can say which resources are still its own.",
}


@dataclass(frozen=True)
class Cause:
    """`reason`: the service's own words. `rolled_back`: logical ids; `stuck`: those whose rollback failed, with the reason. `go_on`: what a person does next.

    `text`: all of it in one paragraph.
    """

    resource: str
    type: str
    status: str
    reason: str
    rolled_back: tuple[str, ...]
    stuck: tuple[tuple[str, str], ...]
    go_on: str
    text: str


def when(event: Mapping[str, Any]) -> datetime:
    """The time of the event, with a zone (UTC where it has none)."""
    stamp = event["Timestamp"]
    found = stamp if isinstance(stamp, datetime) else datetime.fromisoformat(str(stamp))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def oldest_first(events: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The events in order of time; those of one instant in the order they happened."""
    found = list(events)
    if found and when(found[0]) >= when(found[-1]):
        found.reverse()
    return sorted(found, key=when)


def of_stack(event: Mapping[str, Any]) -> bool:
    """Whether the event is the stack's own and not one of a resource."""
    return event.get("ResourceType") == STACK and event.get("PhysicalResourceId") == event.get("StackId")


def _begins(event: Mapping[str, Any]) -> bool:
    status = event.get("ResourceStatus", "")
    asked = "ROLLBACK_IN_PROGRESS" in status and ASKED_FOR in (event.get("ResourceStatusReason") or "")
    return of_stack(event) and (status in BEGINNINGS or asked)


def operation(events: Iterable[Mapping[str, Any]], token: str = "") -> list[Mapping[str, Any]]:
    """The events of one operation, oldest first: those of the token, else those since the stack's own last event that began one."""
    found = oldest_first(events)
    if token and any(event.get("ClientRequestToken") == token for event in found):
        return [event for event in found if event.get("ClientRequestToken") == token]
    begun = [place for place, event in enumerate(found) if _begins(event)]
    return found[begun[-1] :] if begun else found


def _reason(event: Mapping[str, Any]) -> str:
    return " ".join(str(event.get("ResourceStatusReason") or "").split())


def _rolling(event: Mapping[str, Any]) -> bool:
    return of_stack(event) and "ROLLBACK_IN_PROGRESS" in event.get("ResourceStatus", "")


def _first(events: list[Mapping[str, Any]], start: int) -> Mapping[str, Any] | None:
    """The failure to name: of a resource before the rollback, else why the stack itself gave up, else an echo, which is better than nothing."""
    before, after = events[:start], events[start:]
    failed = [event for event in before if event.get("ResourceStatus", "").endswith("_FAILED")]
    own = [event for event in failed if not of_stack(event) and not ECHO.match(_reason(event))]
    stack = [event for event in [*failed, *after[:1]] if of_stack(event) and _reason(event) not in ("", ASKED_FOR) and not ECHO.match(_reason(event))]
    late = [event for event in after if event.get("ResourceStatus", "").endswith("_FAILED") and not of_stack(event) and not ECHO.match(_reason(event))]
    return next(iter([*own, *stack, *late, *failed]), None)


def first_cause(events: Iterable[Mapping[str, Any]], token: str = "", status: str = "") -> Cause | None:
    """The first failure that is not the echo of another one; None if nothing failed. `status`: the stack's, for the way on; else that of its last event."""
    found = operation(events, token)
    start = next((place for place, event in enumerate(found) if _rolling(event)), len(found))
    failure = _first(found, start)
    if failure is None:
        return None
    last: dict[str, Mapping[str, Any]] = {}
    for event in found[start:]:
        if not of_stack(event):
            last[event["LogicalResourceId"]] = event
    back = tuple(sorted(name for name, event in last.items() if event["ResourceStatus"] in ("DELETE_COMPLETE", "UPDATE_COMPLETE", "DELETE_SKIPPED")))
    stuck = tuple(sorted((name, _reason(event)) for name, event in last.items() if event["ResourceStatus"].endswith("_FAILED")))
    status = status or next((event["ResourceStatus"] for event in reversed(found) if of_stack(event)), "")
    go_on = GO_ON.get(status, "")
    resource, kind, reason = failure["LogicalResourceId"], failure.get("ResourceType", ""), _reason(failure) or "the service gives no reason"
    what = failure["ResourceStatus"].lower().replace("_", " ")
    parts = [f"{resource} ({kind}) {what}: {reason}"]
    if back:
        parts.append(f"Rolled back: {', '.join(back)}.")
    if stuck:
        parts.append(f"Not rolled back: {'; '.join(f'{name} ({why or "no reason given"})' for name, why in stuck)}.")
    text = " ".join([*(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts), go_on]).strip()
    return Cause(resource, kind, failure["ResourceStatus"], reason, back, stuck, go_on, text)


def durations(events: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], float]:
    """`{(logical id, "create" | "update" | "delete" | "import"): seconds}`, of the last time that it ended well; the stack itself is under its own name.

    What a rollback did is left out: it says nothing about the next time.
    """
    found: dict[tuple[str, str], float] = {}
    begun: dict[tuple[str, str], datetime] = {}
    rolling = False
    for event in oldest_first(events):
        if _begins(event) or _rolling(event):
            begun.clear()
            rolling = _rolling(event)
        match = SIMPLE.fullmatch(event.get("ResourceStatus", ""))
        if rolling or not match:
            continue
        key = (event["LogicalResourceId"], match.group(1).lower())
        if match.group(2) == "IN_PROGRESS":
            begun.setdefault(key, when(event))
        elif key in begun:
            seconds = (when(event) - begun.pop(key)).total_seconds()
            if match.group(2) == "COMPLETE":
                found[key] = seconds
    return found

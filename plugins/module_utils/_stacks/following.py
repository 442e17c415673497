# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Follows one operation of CloudFormation by the stack's events until it has ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks import live

STACK = "AWS::CloudFormation::Stack"
# The first polls are quick, later ones cost at most a twelfth of what was waited already.
SHORTEST, SHARE = 0.2, 0.08
# Polls without an event of the operation after which the stack itself is asked.
PATIENCE = 4
BEGINNINGS = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "IMPORT_IN_PROGRESS")


@dataclass
class Ended:
    """`status` is empty where following was stopped, `late` says why: deadline or stop."""

    status: str
    events: list[dict[str, Any]] = field(default_factory=list)
    late: str = ""


def is_final(status: str) -> bool:
    """Whether CloudFormation does nothing more by itself; also its clean-up is work."""
    return not status.endswith("_IN_PROGRESS")


def pause(elapsed: float, longest: float) -> float:
    """Seconds until the next poll."""
    return min(longest, max(SHORTEST, elapsed * SHARE))


class Follower:
    """`stop` is an Event that ends all following; `seen(events, older)` gets new ones, and at first those before the operation; oldest first."""

    def __init__(self, calls: Any, longest: float, stop: Any, clock: Callable[[], float] = time.monotonic) -> None:
        self._calls, self._longest, self._stop, self._clock = calls, longest, stop, clock

    def follow(
        self, region: str, stack: str, token: str, deadline: float, seen: Callable[[list[dict[str, Any]], list[dict[str, Any]]], Any], change_set: str = ""
    ) -> Ended:
        """`stack` is an id or name; `token` is that of the operation, empty: the one in progress, whoever started it. `deadline` in seconds."""
        begin, known, collected, idle = self._clock(), set(), [], 0
        while True:
            first = not known
            fresh, older = self._fresh(region, stack, token, known)
            if fresh:
                collected += fresh
                seen(fresh, older if first else [])
            own = [event for event in collected if _of_stack(event)]
            if own and is_final(own[-1]["ResourceStatus"]):
                return Ended(own[-1]["ResourceStatus"], collected)
            idle = 0 if fresh else idle + 1
            if idle >= PATIENCE:
                idle = 0
                status = self._status(region, stack, change_set if token else "")
                if status:
                    # It may have ended after the last look at its events, and they say why.
                    last, _before = self._fresh(region, stack, token, known)
                    if last:
                        seen(last, [])
                    return Ended(status, collected + last)
            elapsed = self._clock() - begin
            if deadline and elapsed > deadline:
                return Ended("", collected, "deadline")
            if self._stop.wait(pause(elapsed, self._longest)):
                return Ended("", collected, "stop")

    def _status(self, region: str, stack: str, change_set: str) -> str:
        """The stack's status if it is final and can only be that of our operation."""
        found = live.describe(self._calls, region, stack)
        if found is None:
            return "DELETE_COMPLETE"
        if not is_final(found["StackStatus"]) or (change_set and found.get("ChangeSetId") != change_set):
            return ""
        return found["StackStatus"]

    def _fresh(self, region: str, stack: str, token: str, known: set[str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """New events of the operation and what stands behind them on the same page, both oldest first."""
        found: list[dict[str, Any]] = []
        page: dict[str, Any] = {}
        while True:
            page = self._calls(region, "DescribeStackEvents", StackName=stack, **({"NextToken": page["NextToken"]} if page else {}))
            events = page.get("StackEvents") or []
            number = next(
                (at for at, event in enumerate(events) if event["EventId"] in known or (token and event.get("ClientRequestToken") != token)), len(events)
            )
            if not token:
                number = next((at + 1 for at, event in enumerate(events[:number]) if _begins(event)), number)
            found += events[:number]
            if number < len(events) or not page.get("NextToken"):
                known.update(event["EventId"] for event in found)
                return found[::-1], events[number:][::-1]


def _of_stack(event: dict[str, Any]) -> bool:
    return event.get("ResourceType") == STACK and event.get("PhysicalResourceId") == event.get("StackId")


def _begins(event: dict[str, Any]) -> bool:
    """The event with which an operation begins: everything before it is another one's."""
    reason = event.get("ResourceStatusReason") or ""
    return _of_stack(event) and event["ResourceStatus"] in BEGINNINGS and "rollback" not in reason.lower()

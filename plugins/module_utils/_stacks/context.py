# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What all stacks of a run share: calls, journal, outputs, the word to stop, and the lines that people read."""

from __future__ import annotations

import dataclasses
import datetime
import threading
import time
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws.session import AwsError
from ansible_collections.llmops.platform.plugins.module_utils._stacks import causes
from ansible_collections.llmops.platform.plugins.module_utils._stacks import deadlines
from ansible_collections.llmops.platform.plugins.module_utils._stacks import progress
from ansible_collections.llmops.platform.plugins.module_utils._stacks.following import Ended
from ansible_collections.llmops.platform.plugins.module_utils._stacks.following import Follower
from ansible_collections.llmops.platform.plugins.module_utils._stacks.keeping import Interrupted
from ansible_collections.llmops.platform.plugins.module_utils._stacks.keeping import Keeper
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Stack
from ansible_collections.llmops.platform.plugins.module_utils._stacks.planning import Live


@dataclass
class Outcome:
    """What became of a stack. `action`: unchanged, created, updated, deleted, asleep, blocked, refused, followed or failed."""

    action: str
    status: str = ""
    stack_id: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    cause: str = ""
    seconds: float = 0.0
    plan: list[dict[str, Any]] = field(default_factory=list)
    changed: bool = False

    @property
    def good(self) -> bool:
        """Whether what needs the stack may begin."""
        return self.action in ("unchanged", "created", "updated", "deleted", "asleep")


@dataclass(frozen=True)
class Options:
    """`timeout`: seconds, 0 = the deadline of the slowest type. `poll`: the longest pause between two looks, seconds."""

    allow: Mapping[str, list[str]]
    poll: float = 5.0
    timeout: float = 0.0


def live_of(found: Mapping[str, Any] | None) -> Live:
    """What `live.read` found, as the planning takes it."""
    if found is None:
        return Live()
    keys = ("status", "parameters", "tags", "policy", "protection", "outputs")
    return Live(text=found["template"], **{key: found[key] for key in keys})


class Context:
    """One run. `stop`: begin nothing more and end; `leave`: follow nothing more, what CloudFormation does it does."""

    def __init__(self, calls: Any, keeper: Keeper, options: Options, outputs: dict[str, dict[str, str]], say: Callable[[str], Any], attempt: int = 0) -> None:
        self.calls, self.keeper, self.options, self.outputs, self.say = calls, keeper, options, outputs, say
        self.attempt = attempt
        self.stop, self.leave = threading.Event(), threading.Event()
        self._follower = Follower(calls, options.poll, self.leave)
        self._events: dict[str, list[dict[str, Any]]] = {}
        self._before: dict[str, dict[tuple[str, str], float]] = {}

    def change(self, stack: Stack, operation: str, details: Mapping[str, Any] | None = None, **arguments: Any) -> dict[str, Any]:
        """A call that changes something: the lock is ours, the journal knows before and after. Raises AwsError."""
        with self.noted(stack, operation, **(details or {})):
            return self.calls(stack.region, operation, **arguments)

    def noted(self, stack: Stack, operation: str, **details: Any) -> _Noted:
        """Around a call that changes something. Raises LockHeld, Interrupted before it."""
        if self.stop.is_set():
            raise Interrupted("the run was told to end; nothing more is begun")
        self.keeper.begin()
        return _Noted(self.keeper, stack.key, operation, details)

    def follow(self, stack: Stack, stack_id: str, token: str, change_set: str = "") -> Ended:
        """Until the operation has ended, the deadline is over or the run ends; says what happens."""
        types = {resource.get("Type", "") for resource in stack.template.resources.values()}
        deadline = self.options.timeout or deadlines.seconds_for(types)
        self._events[stack.key] = []

        def seen(events: list[dict[str, Any]], older: list[dict[str, Any]]) -> None:
            if older:
                self._before[stack.key] = causes.durations(older)
            self._events.setdefault(stack.key, []).extend(events)
            for line in progress.change_lines(stack.name, events):
                self.say(line)

        try:
            return self._follower.follow(stack.region, stack_id, token, deadline, seen, change_set)
        finally:
            self._events.pop(stack.key, None)

    def say_waiting(self) -> None:
        """What is under way, since when, and how long it took last time."""
        now = datetime.datetime.now(datetime.UTC)
        for key, events in sorted(dict(self._events).items()):
            for line in progress.waiting_lines(key.split("/", 1)[1], list(events), now, self._before.get(key, {})):
                self.say(line)

    def late(self, stack: Stack, found: Mapping[str, Any] | None, ended: Ended) -> Outcome:
        """The outcome where following ended before the operation did."""
        status = (found or {}).get("status", "")
        outcome = Outcome("followed", status, (found or {}).get("stack_id", ""), cause="in progress, CloudFormation goes on; the next run follows it")
        if ended.late == "deadline":
            outcome = dataclasses.replace(
                outcome, action="failed", cause="still in progress after its deadline; CloudFormation goes on, the next run follows it. Look at its events"
            )
        return outcome

    def failed(self, stack: Stack, found: Mapping[str, Any] | None, ended: Ended, token: str = "") -> Outcome:
        """The outcome of an operation that failed, with its first cause."""
        cause = causes.first_cause(ended.events, token, ended.status)
        text = cause.text if cause else f"{stack.name} is {ended.status}: {(found or {}).get('status_reason') or 'CloudFormation gives no reason'}"
        return Outcome("failed", ended.status, (found or {}).get("stack_id", ""), cause=text)


class _Noted:
    """Writes the intent before and the result after."""

    def __init__(self, keeper: Keeper, key: str, operation: str, details: Mapping[str, Any]) -> None:
        self._journal = keeper.journal
        self._number = self._journal.intend(key, operation, **details)

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: Any, _trace: Any) -> None:
        if error is None:
            self._journal.result(self._number, "answered")
        elif isinstance(error, AwsError):
            self._journal.result(self._number, "refused", error=str(error))


def elapsed(begin: float) -> float:
    """Seconds since, rounded for people."""
    return round(time.monotonic() - begin, 3)

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Runs a graph: a stack begins the moment that all it needs are done, so that the whole takes as long as the longest chain."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks import graph
from ansible_collections.llmops.platform.plugins.module_utils._stacks.context import Context
from ansible_collections.llmops.platform.plugins.module_utils._stacks.context import Outcome
from ansible_collections.llmops.platform.plugins.module_utils._stacks.keeping import Interrupted
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Stack

# Between two lists of what is under way.
SAY_EVERY = 30.0


class Schedule:
    """`quick(key)` gives an outcome without a call, or None; then `work(key)` is done by a thread of its own. Run by the main thread after the fork."""

    def __init__(
        self,
        context: Context,
        stacks: Mapping[str, Stack],
        edges: graph.Edges,
        quick: Callable[[str], Outcome | None],
        work: Callable[[str], Outcome],
        say: Callable[[str], Any],
        awaited: frozenset[str],
    ) -> None:
        self._context, self._stacks, self._edges, self._quick, self._work, self._say, self._awaited = context, stacks, edges, quick, work, say, awaited
        # Its put may be called by a handler of signals.
        self._inbox: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self._active: dict[str, float] = {}
        self._fatal: Exception | None = None
        self.outcomes: dict[str, Outcome] = {}

    def say(self, line: str) -> None:
        """From any thread: printed by the main one."""
        self._inbox.put(("say", line))

    def interrupt(self) -> None:
        """From a handler of signals: begin nothing more, follow nothing more."""
        self._context.stop.set()
        self._context.leave.set()
        self._inbox.put(("wake", None))

    def run(self) -> dict[str, Outcome]:
        """`{key: Outcome}` of all stacks. Raises what ended the run as a whole (LockHeld, Interrupted), after all threads have ended."""
        said = time.monotonic()
        self._begin()
        while self._active:
            try:
                kind, value = self._inbox.get(timeout=1.0)
            except queue.Empty:
                kind, value = "wake", None
            if kind == "say":
                self._say(value)
            elif kind == "done":
                self._ended(*value)
            if time.monotonic() - said > SAY_EVERY:
                said = time.monotonic()
                self._context.say_waiting()
        self._drain()
        self._rest()
        if self._fatal is not None:
            raise self._fatal
        return self.outcomes

    def _begin(self) -> None:
        """Start everything that can start; what is as declared is done at once."""
        found = True
        while found and not self._context.leave.is_set():
            done = [key for key, outcome in self.outcomes.items() if outcome.good]
            found = graph.ready(self._edges, done, [*self.outcomes, *self._active])
            for key in found:
                outcome = self._quick(key)
                if outcome is not None:
                    self.outcomes[key] = outcome
                    continue
                self._active[key] = time.monotonic()
                threading.Thread(target=self._thread, args=(key,), daemon=True, name=key).start()
        self._maybe_leave()

    def _thread(self, key: str) -> None:
        try:
            self._inbox.put(("done", (key, self._work(key), None)))
        except Exception as error:
            self._inbox.put(("done", (key, None, error)))

    def _ended(self, key: str, outcome: Outcome | None, error: Exception | None) -> None:
        del self._active[key]
        if outcome is not None:
            self.outcomes[key] = outcome
            self._say(f"{self._stacks[key].name}: {outcome.action}{f' in {outcome.seconds:.0f} s' if outcome.seconds >= 1 else ''}")
        else:
            # The first one says why; the others only were not begun any more.
            if self._fatal is None or isinstance(self._fatal, Interrupted):
                self._fatal = error
            self.interrupt()
        self._begin()

    def _maybe_leave(self) -> None:
        """The run need not wait for what nobody awaits, once nothing awaited is left that could still become something."""
        if self._context.leave.is_set():
            return
        bad = {key: outcome.cause for key, outcome in self.outcomes.items() if not outcome.good}
        if self._awaited <= self.outcomes.keys() | graph.blocked(self._edges, bad).keys():
            self._context.leave.set()

    def _drain(self) -> None:
        while not self._inbox.empty():
            kind, value = self._inbox.get()
            if kind == "say":
                self._say(value)

    def _rest(self) -> None:
        """Stacks that were not begun: blocked by a failure, or left to a later run."""
        bad = {key: outcome.cause for key, outcome in self.outcomes.items() if not outcome.good and outcome.action != "followed"}
        blocked = graph.blocked(self._edges, bad)
        for key in self._edges:
            if key in self.outcomes:
                continue
            if key in blocked:
                self.outcomes[key] = Outcome("blocked", cause=blocked[key])
            else:
                self.outcomes[key] = Outcome("followed", cause="not begun, as what it needs is still in progress; the next run begins it")

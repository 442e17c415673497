# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The lock and the journal of a run: taken and begun lazily before its first change, in the state bucket as soon as there is one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws.session import AwsError
from ansible_collections.llmops.platform.plugins.module_utils._stacks import live
from ansible_collections.llmops.platform.plugins.module_utils._stacks.journal import Journal
from ansible_collections.llmops.platform.plugins.module_utils._stacks.journal import open_intents
from ansible_collections.llmops.platform.plugins.module_utils._stacks.locking import Lock
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Output
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Stack
from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import Unreachable
from ansible_collections.llmops.platform.plugins.module_utils._stacks.stores import BucketStore
from ansible_collections.llmops.platform.plugins.module_utils._stacks.stores import FileStore


@dataclass(frozen=True)
class Who:
    """`holder` names this run, `ended(holder)`: it has certainly ended, `described(holder)`: in words."""

    holder: dict[str, Any]
    ended: Callable[[dict[str, Any]], bool]
    described: Callable[[dict[str, Any]], str]


class Interrupted(AwsError):
    """The run was told to end, or lost its lock; nothing more is begun."""


class Keeper:
    """`state` is the output that names the state bucket, None: files of this machine. `outputs` is the run's, filled as stacks get done."""

    def __init__(
        self,
        calls: Any,
        deployment: str,
        run: str,
        who: Who,
        directory: Path,
        state: Output | None,
        outputs: dict[str, dict[str, str]],
        say: Callable[[str], Any],
        ttl: float = 60.0,
    ) -> None:
        self._calls, self._deployment, self._run, self._who, self._say, self._ttl = calls, deployment, run, who, say, ttl
        self._state, self._outputs = state, outputs
        self._directory = directory / deployment
        self._mutex = threading.Lock()
        self._lock: Lock | None = None
        self._store: BucketStore | FileStore | None = None
        self._looked = False
        #: Keys of the graph, and regions that give no answer: set by the run.
        self.inside: frozenset[str] = frozenset()
        #: The bucket that was there when the run began.
        self.bucket = ""
        self.unreachable: set[str] = set()
        self.journal = Journal(run, deployment, self._directory, say)
        #: Intents of a killed run whose lock was taken over, by stack.
        self.left_open: dict[str, dict[str, Any]] = {}

    def store(self) -> BucketStore | FileStore | None:
        """Where things are kept; None while the bucket does not exist yet. Raises CallError."""
        if self._store is None:
            self._store = self._found()
        return self._store

    def _found(self) -> BucketStore | FileStore | None:
        if self._state is None:
            return FileStore(self._directory)
        region = self._state.stack.split("/", 1)[0]
        if region in self.unreachable:
            return self._on_this_machine(f"region {region} does not answer")
        if self._state.stack not in self.inside and not self._looked:
            self._looked = True
            try:
                stack = live.describe(self._calls, region, self._state.stack.split("/", 1)[1])
            except Unreachable as error:
                return self._on_this_machine(str(error))
            if stack:
                self._outputs[self._state.stack] = live.summary(stack)["outputs"]
        bucket = self.bucket or self._outputs.get(self._state.stack, {}).get(self._state.output)
        return BucketStore(self._calls, region, bucket, f"aws_stacks/{self._deployment}/") if bucket else None

    def _on_this_machine(self, why: str) -> FileStore:
        self._say(f"lock and journal of {self._deployment}: the state bucket cannot be reached ({why}), using {self._directory} on this machine")
        return FileStore(self._directory)

    def begin(self) -> None:
        """Before every change; the first one takes the lock. Raises LockHeld, Interrupted, CallError."""
        with self._mutex:
            if self._lock is not None:
                if self._lock.lost.is_set():
                    raise Interrupted(f"another run took over the lock of {self._deployment}; nothing more is begun by this one")
                return
            store = self.store()
            if store is None:
                # CloudFormation itself is the lock: a stack takes one operation at a time.
                return
            try:
                killed = self._take(store)
            except Unreachable as error:
                store = self._store = self._on_this_machine(str(error))
                killed = self._take(store)
            self.journal.move_to(store)
            if killed:
                self.left_open = open_intents(store, killed)
                self._say(f"run {killed} of {self._deployment} was killed; this one goes on where it ended ({len(self.left_open)} calls were open)")

    def _take(self, store: BucketStore | FileStore) -> str | None:
        lock = Lock(store, self._deployment, self._run, self._who.holder, self._who.ended, self._who.described, self._ttl)
        killed = lock.take()
        self._lock = lock
        return killed

    def keep_outputs(self, stack: Stack) -> None:
        """The outputs of a stack that is done, for runs that cannot reach its region."""
        self.begin()
        self.journal.keep_outputs(stack.region, stack.name, self._outputs.get(stack.key, {}))

    @property
    def held(self) -> bool:
        return self._lock is not None

    def end(self, how: str) -> None:
        """Close the journal, give the lock back: called once, however the run ended."""
        try:
            self.journal.close(how)
        finally:
            if self._lock is not None:
                self._lock.give_back()

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What a run meant to do and what came of it, written down before and after each call that changes something."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws.session import AwsError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.stores import BucketStore
from ansible_collections.llmops.platform.plugins.module_utils._stacks.stores import FileStore


def journal_name(run: str) -> str:
    """Where a run's journal lies. Runs begin with their time, so the list is in order."""
    return f"journal/{run}.json"


def outputs_name(region: str, stack: str) -> str:
    """Where a stack's last outputs lie."""
    return f"outputs/{region}/{stack}.json"


class Journal:
    """Entries of one run. Without a store (the bucket does not exist yet) they are kept until `move_to` gives one.

    Threads that write at the same moment share one write: whoever waits for his turn finds his entry written by the one before.
    """

    def __init__(self, run: str, deployment: str, fallback: Path, say: Callable[[str], Any], clock: Callable[[], float] = time.time) -> None:
        self._run, self._say, self._clock, self._fallback = run, say, clock, fallback
        self._head: dict[str, Any] = {"run": run, "deployment": deployment, "begun": clock(), "ended": None}
        self._store: BucketStore | FileStore | None = None
        self._entries: list[dict[str, Any]] = []
        self._waiting: dict[str, bytes] = {}
        self._written = 0
        self._lock, self._writing = threading.Lock(), threading.Lock()

    def move_to(self, store: BucketStore | FileStore) -> None:
        """From now on entries are kept there; those before are written with the next one, outputs at once."""
        with self._lock:
            self._store, waiting, self._waiting = store, self._waiting, {}
        for name, body in waiting.items():
            self._write(name, body)

    @property
    def place(self) -> str:
        return f"{self._store}{journal_name(self._run)}" if self._store is not None else "nowhere yet"

    def intend(self, stack: str, operation: str, **details: Any) -> int:
        """Before a call: it is written when this returns. Returns the entry's number."""
        number = self._append({"stack": stack, "operation": operation, "phase": "intent", **details})
        self._flush(number)
        return number

    def result(self, intent: int, outcome: str, **details: Any) -> None:
        """After a call; written with the next intent, or at the end."""
        entry = self._entries[intent - 1]
        self._append({"stack": entry["stack"], "operation": entry["operation"], "phase": "result", "of": intent, "outcome": outcome, **details})

    def touched(self, stack: str) -> bool:
        """Whether this run meant to change anything of the stack."""
        with self._lock:
            return any(entry["stack"] == stack for entry in self._entries)

    def _append(self, entry: dict[str, Any]) -> int:
        with self._lock:
            self._entries.append({"number": len(self._entries) + 1, "time": round(self._clock(), 3), **entry})
            return len(self._entries)

    def _flush(self, number: int) -> None:
        with self._writing:
            if self._store is None or self._written >= number:
                return
            with self._lock:
                upto = len(self._entries)
                body = json.dumps({**self._head, "entries": self._entries}, sort_keys=True).encode()
            self._write(journal_name(self._run), body)
            self._written = upto

    def _write(self, name: str, body: bytes) -> None:
        if self._store is None:
            return
        try:
            self._store.write(name, body)
        except (AwsError, OSError) as error:
            if isinstance(self._store, FileStore):
                raise AwsError(f"the journal cannot be written to {self._store}: {error}; nothing more is started") from error
            self._store = FileStore(self._fallback)
            self._say(f"journal: the state bucket cannot be written, going on with {self._fallback} on this machine ({error})")
            self._store.write(name, body)

    def keep_outputs(self, region: str, stack: str, outputs: dict[str, str]) -> None:
        """For runs that cannot reach the region."""
        body = json.dumps({"run": self._run, "time": round(self._clock(), 3), "outputs": outputs}, sort_keys=True).encode()
        with self._lock:
            if self._store is None:
                self._waiting[outputs_name(region, stack)] = body
                return
        self._write(outputs_name(region, stack), body)

    def close(self, how: str) -> None:
        """Called once, however the run ended: `done`, `failed` or `interrupted`."""
        if not self._entries:
            return
        self._head |= {"ended": self._clock(), "how": how}
        self._flush(len(self._entries) + 1)


def last_outputs(store: BucketStore | FileStore | None, region: str, stack: str) -> dict[str, str] | None:
    """The outputs of a stack when a run last saw it done; None where nobody wrote them. Raises AwsError."""
    kept = store.read(outputs_name(region, stack)) if store is not None else None
    return json.loads(kept.body)["outputs"] if kept else None


def open_intents(store: BucketStore | FileStore | None, run: str) -> dict[str, dict[str, Any]]:
    """`{stack: intent}` that a killed run left without a result: its token is used again, so that a call whose answer nobody saw is not made twice."""
    kept = store.read(journal_name(run)) if store is not None else None
    if kept is None:
        return {}
    entries = json.loads(kept.body).get("entries") or []
    ended = {entry["of"] for entry in entries if entry["phase"] == "result"}
    return {entry["stack"]: entry for entry in entries if entry["phase"] == "intent" and entry["number"] not in ended}

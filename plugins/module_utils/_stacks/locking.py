# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""One run at a time changes the stacks of a deployment: a lock with holder, run, time to live and heartbeat, taken before the first change."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws.session import AwsError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.stores import BucketStore
from ansible_collections.llmops.platform.plugins.module_utils._stacks.stores import FileStore
from ansible_collections.llmops.platform.plugins.module_utils._stacks.stores import Kept

NAME = "lock.json"
TTL = 60.0


class LockHeld(AwsError):
    """Another run changes these stacks."""


class Lock:
    """`holder` says who we are, `ended(record)` whether that holder has certainly ended, `described(record)` names a holder to people."""

    def __init__(
        self,
        store: BucketStore | FileStore,
        deployment: str,
        run: str,
        holder: dict[str, Any],
        ended: Callable[[dict[str, Any]], bool] = lambda _holder: False,
        described: Callable[[dict[str, Any]], str] = str,
        ttl: float = TTL,
    ) -> None:
        self._store, self._deployment, self._ended, self._described = store, deployment, ended, described
        self._record = {"deployment": deployment, "run": run, "holder": holder, "ttl": ttl}
        self._mark: str | None = None
        self._ttl = ttl
        self._over = threading.Event()
        self._beat: threading.Thread | None = None
        #: Set when somebody has taken the lock away; nothing may be started any more.
        self.lost = threading.Event()

    def _body(self) -> bytes:
        return json.dumps(self._record, sort_keys=True).encode()

    def take(self) -> str | None:
        """Take it and keep it. The run that had it and was killed, None if there was none. Raises LockHeld before anything was changed."""
        killed = None
        self._mark = self._store.write(NAME, self._body(), only_new=True)
        if self._mark is None:
            killed = self._take_over(self._store.read(NAME))
        self._beat = threading.Thread(target=self._keep, daemon=True, name="lock")
        self._beat.start()
        return killed

    def _take_over(self, kept: Kept | None) -> str | None:
        if kept is None:
            # Given back between our write and our look.
            self._mark = self._store.write(NAME, self._body(), only_new=True)
            if self._mark is None:
                raise LockHeld(
                    f"another run just began to change the stacks of {self._deployment}; nothing was changed, start this run again when it has ended"
                )
            return None
        record = _parsed(kept.body)
        if record.get("run") == self._record["run"]:
            # Our own write whose answer was lost.
            self._mark = kept.mark
            return None
        if kept.age <= float(record.get("ttl") or self._ttl) and not self._ended(record.get("holder") or {}):
            left = max(0.0, float(record.get("ttl") or 0) - kept.age)
            raise LockHeld(
                f"{self._described(record.get('holder') or {})} is changing the stacks of {self._deployment} (run {record.get('run')}, "
                f"last sign {kept.age:.0f} s ago); nothing was changed. Wait for it to end; if it is dead, its lock {self._store}{NAME} ends in {left:.0f} s"
            )
        self._mark = self._store.write(NAME, self._body(), only_over=kept.mark)
        if self._mark is None:
            raise LockHeld(f"another run took over the lock of {self._deployment} in this moment; nothing was changed, start this run again when it has ended")
        return record.get("run")

    def _keep(self) -> None:
        while not self._over.wait(self._ttl / 3):
            try:
                mark = self._store.write(NAME, self._body(), only_over=self._mark)
            except (AwsError, OSError):
                # It may answer again before the time to live is over; if not, somebody else may take the lock, and the next beat sees it.
                continue
            if mark is None:
                kept = self._store.read(NAME)
                if kept is not None and _parsed(kept.body).get("run") == self._record["run"]:
                    mark = kept.mark
            if mark is None:
                self.lost.set()
                return
            self._mark = mark

    def give_back(self) -> None:
        """Called once, however the run ended. A lock that cannot be given back ends with its time to live."""
        self._over.set()
        if self._beat is None:
            return
        self._beat.join(timeout=5)
        if self.lost.is_set() or self._mark is None:
            return
        try:
            self._store.delete(NAME)
        except (AwsError, OSError):
            return


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}

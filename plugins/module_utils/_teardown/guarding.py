# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Calls of AWS under the lock of the deployment's stacks, with intent and result in their journal."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws.session import AwsError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import READING
from ansible_collections.llmops.platform.plugins.module_utils._stacks.keeping import Keeper
from ansible_collections.llmops.platform.plugins.module_utils._stacks.keeping import Who
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import read_output


class GuardedCalls:
    """A Calls that takes the lock before the first call that changes something; who only reads takes none."""

    def __init__(self, calls: Any, keeper: Keeper) -> None:
        self._calls, self._keeper = calls, keeper

    def __call__(self, region: str, operation: str, service: str = "cloudformation", **arguments: Any) -> dict[str, Any]:
        if operation.startswith(READING):
            return self._calls(region, operation, service, **arguments)
        self._keeper.begin()
        # Names only: a value may be anything.
        target = {key: value for key, value in arguments.items() if isinstance(value, str) and key[-2:] in ("Id", "er", "me", "et", "rn")}
        number = self._keeper.journal.intend(f"{region}/{service}", operation, target=target)
        try:
            answer = self._calls(region, operation, service, **arguments)
        except AwsError as error:
            self._keeper.journal.result(number, "refused", error=str(error))
            raise
        self._keeper.journal.result(number, "answered")
        return answer

    @property
    def pages(self) -> Any:
        return self._calls.pages


@contextmanager
def guarded(calls: Any, arguments: dict[str, Any], who: Who, say: Callable[[str], Any]) -> Iterator[GuardedCalls]:
    """By `deployment`, `state_bucket` and `state_directory` of a module's arguments. Raises LockHeld, Interrupted, CallError at the first change."""
    state = read_output(arguments["state_bucket"], "state_bucket") if arguments["state_bucket"] else None
    run = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()) + f"-{secrets.token_hex(3)}"
    directory = Path(arguments["state_directory"]).expanduser()
    keeper = Keeper(calls, arguments["deployment"], run, who, directory, state, {}, say)
    how = "failed"
    try:
        yield GuardedCalls(calls, keeper)
        how = "done"
    finally:
        keeper.end(how)

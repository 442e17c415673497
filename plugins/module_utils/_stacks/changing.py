# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Change sets: made under a name that carries the digest of what is wanted, so that a killed run's is used again."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws.session import AwsError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.following import pause
from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import CallError

NO_CHANGES = ("didn't contain changes", "No updates are to be performed")
LONGEST = 15 * 60


class ChangeSetFailed(AwsError):
    """CloudFormation could not make it; the text is its own."""


@dataclass(frozen=True)
class ChangeSet:
    """`changes` as DescribeChangeSet gives them; `empty`: nothing differs, the set is of no use."""

    name: str
    arn: str
    stack_id: str
    changes: list[dict[str, Any]]
    empty: bool = False

    @property
    def resources(self) -> list[dict[str, Any]]:
        """The ResourceChange of each change."""
        return [change["ResourceChange"] for change in self.changes if change.get("ResourceChange")]


class ChangeSets:
    """Change sets of one region."""

    def __init__(
        self, calls: Any, region: str, longest_poll: float, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], Any] = time.sleep
    ) -> None:
        self._calls, self._region, self._longest_poll, self._clock, self._sleep = calls, region, longest_poll, clock, sleep

    def make(self, stack: str, name: str, kind: str, **arguments: Any) -> ChangeSet:
        """`kind` is CREATE, UPDATE or IMPORT, `arguments` those of CreateChangeSet. Raises CallError, ChangeSetFailed."""
        wanted = {"StackName": stack, "ChangeSetName": name, "ChangeSetType": kind, **arguments}
        for last in (False, True):
            # For a call whose answer is lost; a set that was deleted must not come back by its old token.
            token = f"{name}-{uuid.uuid4().hex[:12]}"
            try:
                self._calls(self._region, "CreateChangeSet", ClientToken=token, **wanted)
            except CallError as error:
                if error.code not in ("AlreadyExistsException", "AlreadyExists"):
                    raise
            made = self._awaited(stack, name)
            usable = made["Status"] == "CREATE_COMPLETE" and made["ExecutionStatus"] == "AVAILABLE"
            if usable:
                break
            reason = made.get("StatusReason") or made["ExecutionStatus"]
            self.delete(stack, name)
            if made["Status"] == "FAILED" and any(text in reason for text in NO_CHANGES):
                return ChangeSet(name, made["ChangeSetId"], made["StackId"], [], empty=True)
            # One that a killed run left, outdated by what was executed after it.
            if last or made["ExecutionStatus"] not in ("OBSOLETE", "EXECUTE_FAILED", "EXECUTE_COMPLETE"):
                raise ChangeSetFailed(f"CloudFormation refused the change set: {reason}")
        return ChangeSet(name, made["ChangeSetId"], made["StackId"], made["Changes"])

    def _awaited(self, stack: str, name: str) -> dict[str, Any]:
        """DescribeChangeSet when it is made, `Changes` of all pages."""
        begin = self._clock()
        while True:
            found = self._calls(self._region, "DescribeChangeSet", StackName=stack, ChangeSetName=name, IncludePropertyValues=True)
            if found["Status"] not in ("CREATE_PENDING", "CREATE_IN_PROGRESS", "DELETE_PENDING", "DELETE_IN_PROGRESS"):
                break
            elapsed = self._clock() - begin
            if elapsed > LONGEST:
                raise ChangeSetFailed(f"the change set is still {found['Status']} after {LONGEST // 60} minutes; look at it in CloudFormation")
            self._sleep(pause(elapsed, self._longest_poll) / 2)
        changes = list(found.get("Changes") or [])
        token = found.get("NextToken")
        while token:
            page = self._calls(self._region, "DescribeChangeSet", StackName=stack, ChangeSetName=name, IncludePropertyValues=True, NextToken=token)
            changes += page.get("Changes") or []
            token = page.get("NextToken")
        return {**found, "Changes": changes}

    def delete(self, stack: str, name: str) -> None:
        """What is not there is deleted."""
        try:
            self._calls(self._region, "DeleteChangeSet", StackName=stack, ChangeSetName=name)
        except CallError as error:
            if not error.missing:
                raise

    def execute(self, stack: str, name: str, token: str, disable_rollback: bool) -> None:
        """Start it; started already by a call whose answer was lost is fine. Raises CallError."""
        more = {"DisableRollback": True} if disable_rollback else {}
        try:
            self._calls(self._region, "ExecuteChangeSet", StackName=stack, ChangeSetName=name, ClientRequestToken=token, **more)
        except CallError as error:
            if error.code in ("TokenAlreadyExistsException", "TokenAlreadyExists"):
                return
            begun = error.code in ("InvalidChangeSetStatus", "InvalidChangeSetStatusException") or error.missing
            if not begun or not self._began(stack, token):
                raise

    def _began(self, stack: str, token: str) -> bool:
        """Whether the newest operation of the stack is ours."""
        newest = self._calls(self._region, "DescribeStackEvents", StackName=stack).get("StackEvents") or []
        return bool(newest) and newest[0].get("ClientRequestToken") == token

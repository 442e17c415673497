# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Every status of a stack, and what a run does with it."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError

# What a run does; `follow` looks again when the operation under way, ours or another's, has ended.
ACTIONS = {
    "create": "create the stack",
    "compare": "compare, and update what differs",
    "follow": "follow the operation that is under way, start none",
    "delete_shell": "delete the stack, which has no resources yet, and look again",
    "delete_then_create": "delete the stack, which is rolled back and takes no update, and create it",
    "go_on": "update from here: what is made stays made",
    "roll_on": "continue the rollback; resources are skipped by an allowance only, and drift of those is detected afterwards",
    "unprotect_then_delete": "take the deletion protection off what an allowance names, delete the stack, and look again",
    "delete": "delete the stack",
    "stop": "stop: a person decides",
    "nothing": "nothing",
}


@dataclass(frozen=True)
class State:
    """`present` and `absent`: a key of ACTIONS for a run that wants the stack there, or gone. `good`: the resources are those of one template.

    `words`: for people, after the stack's name.
    """

    present: str
    absent: str
    good: bool
    words: str


_FOLLOW = ("follow", "follow", False)
STATES: dict[str | None, State] = {
    None: State("create", "nothing", False, "is not there"),
    "CREATE_COMPLETE": State("compare", "delete", True, "is created"),
    # Kept by OnStackFailure DO_NOTHING, so that ten minutes of a control plane are not lost.
    "CREATE_FAILED": State("go_on", "delete", False, "was created in part; what was made is kept"),
    "CREATE_IN_PROGRESS": State(*_FOLLOW, "is being created"),
    "DELETE_COMPLETE": State("create", "nothing", False, "is deleted"),
    "DELETE_FAILED": State("unprotect_then_delete", "unprotect_then_delete", False, "could not be deleted"),
    "DELETE_IN_PROGRESS": State(*_FOLLOW, "is being deleted"),
    "IMPORT_COMPLETE": State("compare", "delete", True, "has taken over resources"),
    "IMPORT_IN_PROGRESS": State(*_FOLLOW, "is taking over resources"),
    "IMPORT_ROLLBACK_COMPLETE": State("compare", "delete", True, "has given back the resources of an import that failed"),
    # No call continues it, and a deletion could take adopted resources along.
    "IMPORT_ROLLBACK_FAILED": State("stop", "stop", False, "could not give back the resources of an import that failed"),
    "IMPORT_ROLLBACK_IN_PROGRESS": State(*_FOLLOW, "is giving back the resources of an import that failed"),
    "REVIEW_IN_PROGRESS": State("delete_shell", "delete_shell", False, "is only a name with a change set"),
    "ROLLBACK_COMPLETE": State("delete_then_create", "delete", False, "could not be created and is rolled back"),
    "ROLLBACK_FAILED": State("unprotect_then_delete", "unprotect_then_delete", False, "could not be created, and not rolled back either"),
    "ROLLBACK_IN_PROGRESS": State(*_FOLLOW, "could not be created and is being rolled back"),
    "UPDATE_COMPLETE": State("compare", "delete", True, "is updated"),
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS": State(*_FOLLOW, "is updated and removes what it replaced"),
    "UPDATE_FAILED": State("go_on", "delete", False, "was updated in part; what was changed is kept"),
    "UPDATE_IN_PROGRESS": State(*_FOLLOW, "is being updated"),
    "UPDATE_ROLLBACK_COMPLETE": State("compare", "delete", True, "could not be updated and is as before"),
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": State(*_FOLLOW, "is as before and removes what it had made"),
    "UPDATE_ROLLBACK_FAILED": State("roll_on", "delete", False, "could not be updated, and not rolled back either"),
    "UPDATE_ROLLBACK_IN_PROGRESS": State(*_FOLLOW, "could not be updated and is being rolled back"),
}


def state_of(status: str | None) -> State:
    """The State of a StackStatus; None = there is no such stack. Raises StackError for a status that this collection does not know."""
    if status not in STATES:
        raise StackError(f"the stack has the status {status!r}, which this collection does not know; look at it in the console, nothing is done")
    return STATES[status]


def in_progress(status: str | None) -> bool:
    """Whether an operation is under way (a stack in review has none)."""
    return state_of(status).present == "follow"

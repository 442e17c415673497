# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every status of a stack has an answer."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._stacks.causes import GO_ON
from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.states import ACTIONS
from ansible_collections.llmops.platform.plugins.module_utils._stacks.states import STATES
from ansible_collections.llmops.platform.plugins.module_utils._stacks.states import in_progress
from ansible_collections.llmops.platform.plugins.module_utils._stacks.states import state_of


def test_every_status_of_the_service_is_known() -> None:
    session = pytest.importorskip("botocore.session")
    known = session.get_session().get_service_model("cloudformation").shape_for("StackStatus").enum
    assert set(known) == set(STATES) - {None}


@pytest.mark.parametrize(
    ("status", "present", "absent", "good"),
    [
        (None, "create", "nothing", False),
        ("DELETE_COMPLETE", "create", "nothing", False),
        ("REVIEW_IN_PROGRESS", "delete_shell", "delete_shell", False),
        ("ROLLBACK_COMPLETE", "delete_then_create", "delete", False),
        ("CREATE_FAILED", "go_on", "delete", False),
        ("ROLLBACK_FAILED", "unprotect_then_delete", "unprotect_then_delete", False),
        ("DELETE_FAILED", "unprotect_then_delete", "unprotect_then_delete", False),
        ("UPDATE_FAILED", "go_on", "delete", False),
        ("UPDATE_ROLLBACK_FAILED", "roll_on", "delete", False),
        ("IMPORT_ROLLBACK_FAILED", "stop", "stop", False),
        ("CREATE_COMPLETE", "compare", "delete", True),
        ("UPDATE_COMPLETE", "compare", "delete", True),
        ("UPDATE_ROLLBACK_COMPLETE", "compare", "delete", True),
        ("IMPORT_COMPLETE", "compare", "delete", True),
        ("IMPORT_ROLLBACK_COMPLETE", "compare", "delete", True),
    ],
)
def test_what_to_do(status: str | None, present: str, absent: str, good: bool) -> None:
    state = state_of(status)
    assert (state.present, state.absent, state.good) == (present, absent, good)


def test_what_is_under_way_is_followed() -> None:
    followed = {status for status in STATES if in_progress(status)}
    assert followed == {status for status in STATES if status and status.endswith("_IN_PROGRESS")} - {"REVIEW_IN_PROGRESS"}
    assert all(STATES[status].absent == "follow" and not STATES[status].good for status in followed)


def test_actions_are_known_and_used() -> None:
    assert {action for state in STATES.values() for action in (state.present, state.absent)} == set(ACTIONS)


def test_every_end_that_is_not_good_says_how_to_go_on() -> None:
    ends = {status for status, state in STATES.items() if status and not state.good and not in_progress(status)} - {"DELETE_COMPLETE", "REVIEW_IN_PROGRESS"}
    assert ends <= set(GO_ON) <= set(STATES)


def test_an_unknown_status_stops() -> None:
    with pytest.raises(StackError, match="'TAKEN_OVER'"):
        state_of("TAKEN_OVER")

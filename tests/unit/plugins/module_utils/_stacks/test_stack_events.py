# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events of a stack: first cause, durations, lines of progress."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._stacks.causes import durations
from ansible_collections.llmops.platform.plugins.module_utils._stacks.causes import first_cause
from ansible_collections.llmops.platform.plugins.module_utils._stacks.causes import operation
from ansible_collections.llmops.platform.plugins.module_utils._stacks.progress import change_lines
from ansible_collections.llmops.platform.plugins.module_utils._stacks.progress import clock
from ansible_collections.llmops.platform.plugins.module_utils._stacks.progress import under_way
from ansible_collections.llmops.platform.plugins.module_utils._stacks.progress import waiting_lines

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ID = "arn:aws:cloudformation:us-east-1:123456789012:stack/p-e-network/0"
TYPES = {"Nat": "AWS::EC2::NatGateway", "Vpc": "AWS::EC2::VPC", "Ip": "AWS::EC2::EIP"}


def _events(*rows: tuple, batch: str = "t1", start: datetime = START) -> list[dict[str, Any]]:
    """`(seconds, logical id or "" for the stack, status[, reason])`, given back newest first as the API does."""
    found = []
    for number, (seconds, name, status, *reason) in enumerate(rows):
        found.append(
            {
                "EventId": f"{batch}-{number}",
                "StackId": ID,
                "StackName": "p-e-network",
                "LogicalResourceId": name or "p-e-network",
                "PhysicalResourceId": f"id-{name}" if name else ID,
                "ResourceType": TYPES.get(name, "AWS::EC2::Thing") if name else "AWS::CloudFormation::Stack",
                "Timestamp": start + timedelta(seconds=seconds),
                "ResourceStatus": status,
                **({"ResourceStatusReason": reason[0]} if reason else {}),
                "ClientRequestToken": batch,
            }
        )
    return found[::-1]


LIMIT = "The maximum number of addresses has been reached. (Service: Ec2, Status Code: 400)"
CREATED = _events(
    (0, "", "REVIEW_IN_PROGRESS", "User Initiated"),
    (0, "", "CREATE_IN_PROGRESS", "User Initiated"),
    (1, "Vpc", "CREATE_IN_PROGRESS"),
    (2, "Vpc", "CREATE_IN_PROGRESS", "Resource creation Initiated"),
    (5, "Vpc", "CREATE_COMPLETE"),
    (6, "Nat", "CREATE_IN_PROGRESS"),
    (7, "Nat", "CREATE_IN_PROGRESS", "Resource creation Initiated"),
    (111, "Nat", "CREATE_COMPLETE"),
    (112, "", "CREATE_COMPLETE"),
)
FAILED = _events(
    (0, "", "CREATE_IN_PROGRESS", "User Initiated"),
    (1, "Vpc", "CREATE_IN_PROGRESS"),
    (1, "Ip", "CREATE_IN_PROGRESS"),
    (1, "Nat", "CREATE_IN_PROGRESS"),
    (5, "Vpc", "CREATE_COMPLETE"),
    (6, "Nat", "CREATE_FAILED", "Resource creation cancelled"),
    (6, "Ip", "CREATE_FAILED", LIMIT),
    (7, "", "ROLLBACK_IN_PROGRESS", "The following resource(s) failed to create: [Nat, Ip]. Rollback requested by user."),
    (8, "Vpc", "DELETE_IN_PROGRESS"),
    (9, "Ip", "DELETE_COMPLETE"),
    (10, "Vpc", "DELETE_COMPLETE"),
    (11, "", "ROLLBACK_COMPLETE"),
    batch="t2",
    start=START + timedelta(hours=1),
)


def test_the_cause_is_the_first_failure_that_is_no_echo() -> None:
    cause = first_cause(FAILED)
    assert (cause.resource, cause.type, cause.status, cause.reason) == ("Ip", "AWS::EC2::EIP", "CREATE_FAILED", LIMIT)
    assert cause.rolled_back == ("Ip", "Vpc") and cause.stuck == ()
    assert cause.text == (
        f"Ip (AWS::EC2::EIP) create failed: {LIMIT}. Rolled back: Ip, Vpc. Correct the cause and run again: the empty stack is deleted and created anew."
    )


@pytest.mark.parametrize("events", [CREATED, [], CREATED[:3]])
def test_no_failure_no_cause(events: list) -> None:
    assert first_cause(events) is None


def test_an_older_failure_is_not_the_cause_of_now() -> None:
    later = _events((0, "", "CREATE_IN_PROGRESS"), (1, "", "CREATE_COMPLETE"), batch="t3", start=START + timedelta(hours=2))
    assert first_cause(later + FAILED) is None
    assert first_cause(later + FAILED, "t2").resource == "Ip"
    assert first_cause(FAILED + CREATED).resource == "Ip"


def test_order_and_form_of_the_events_do_not_matter() -> None:
    texts = [{**event, "Timestamp": event["Timestamp"].isoformat()} for event in FAILED]
    assert first_cause(FAILED[::-1]) == first_cause(FAILED) == first_cause(texts)


@pytest.mark.parametrize(
    ("rows", "resource", "reason"),
    [
        # Only echoes: better than nothing.
        ([(0, "", "CREATE_IN_PROGRESS"), (1, "Nat", "CREATE_FAILED", "Resource creation cancelled")], "Nat", "Resource creation cancelled"),
        # The stack itself gives up.
        (
            [(0, "", "CREATE_IN_PROGRESS"), (1, "Nat", "CREATE_FAILED", "Resource creation cancelled"), (1, "", "ROLLBACK_IN_PROGRESS", "Stack timed out")],
            "p-e-network",
            "Stack timed out",
        ),
        ([(0, "", "UPDATE_IN_PROGRESS"), (1, "", "UPDATE_FAILED", "Parameter validation failed")], "p-e-network", "Parameter validation failed"),
        ([(0, "", "UPDATE_IN_PROGRESS"), (1, "Vpc", "UPDATE_FAILED")], "Vpc", "the service gives no reason"),
        (
            [(0, "", "UPDATE_IN_PROGRESS"), (1, "Ip", "UPDATE_FAILED", "Resource update cancelled"), (1, "Vpc", "UPDATE_FAILED", "No such\n  CIDR")],
            "Vpc",
            "No such CIDR",
        ),
        ([(0, "", "DELETE_IN_PROGRESS"), (1, "Vpc", "DELETE_FAILED", "has dependencies")], "Vpc", "has dependencies"),
        (
            [(0, "", "CREATE_IN_PROGRESS"), (1, "Vpc", "CREATE_FAILED", "Resource handler returned message: ünïcode")],
            "Vpc",
            "Resource handler returned message: ünïcode",
        ),
    ],
)
def test_causes(rows: list, resource: str, reason: str) -> None:
    cause = first_cause(_events(*rows))
    assert (cause.resource, cause.reason) == (resource, reason)


def test_a_rollback_that_fails_is_said() -> None:
    events = _events(
        (0, "", "UPDATE_IN_PROGRESS", "User Initiated"),
        (1, "Vpc", "UPDATE_COMPLETE"),
        (2, "Ip", "UPDATE_FAILED", LIMIT),
        (3, "", "UPDATE_ROLLBACK_IN_PROGRESS", "The following resource(s) failed to update: [Ip]."),
        (4, "Ip", "UPDATE_COMPLETE"),
        (5, "Vpc", "UPDATE_FAILED", "Cidr is in use"),
        (6, "", "UPDATE_ROLLBACK_FAILED", "The following resource(s) failed to update: [Vpc]."),
    )
    cause = first_cause(events)
    assert (cause.resource, cause.rolled_back, cause.stuck) == ("Ip", ("Ip",), (("Vpc", "Cidr is in use"),))
    assert "Not rolled back: Vpc (Cidr is in use)." in cause.text and "allow.skip" in cause.text
    # Continued by hand: an operation of its own, its failure is the cause.
    again = _events(
        (0, "", "UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated"), (1, "Vpc", "UPDATE_FAILED", "Still in use"), batch="t9", start=START + timedelta(hours=1)
    )
    assert first_cause(again + events).reason == "Still in use"


def test_a_nested_stack_of_a_template_is_a_resource() -> None:
    events = _events((0, "", "CREATE_IN_PROGRESS"), (1, "Inner", "CREATE_FAILED", "Embedded stack was not created"))
    events[0]["ResourceType"] = "AWS::CloudFormation::Stack"
    assert first_cause(events).resource == "Inner"


def test_operation() -> None:
    assert [event["EventId"] for event in operation(FAILED + CREATED)] == [event["EventId"] for event in FAILED[::-1]]
    assert len(operation(FAILED + CREATED, "t1")) == len(CREATED) and len(operation(FAILED, "unknown")) == len(FAILED)


def test_durations() -> None:
    found = durations(CREATED)
    assert found == {("Vpc", "create"): 4.0, ("Nat", "create"): 105.0, ("p-e-network", "create"): 112.0}
    # A failed time and its rollback change nothing but what ended well.
    assert durations(FAILED + CREATED) == {**found, ("Vpc", "create"): 4.0}
    faster = _events(
        (0, "", "UPDATE_IN_PROGRESS"), (1, "Nat", "UPDATE_IN_PROGRESS"), (4, "Nat", "UPDATE_COMPLETE"), batch="t4", start=START + timedelta(days=1)
    )
    assert durations(faster + CREATED)["Nat", "update"] == 3.0
    assert durations([]) == {}


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0, "0:00"), (-5, "0:00"), (59.6, "1:00"), (105, "1:45"), (3599, "59:59"), (3600, "1:00:00"), (36_061, "10:01:01")]
)
def test_clock(seconds: float, expected: str) -> None:
    assert clock(seconds) == expected


def test_change_lines() -> None:
    assert change_lines("network", CREATED) == [
        "network: the stack review in progress",
        "network: the stack create in progress",
        "network: the stack create complete",
    ]
    assert f"network: Ip create failed: {LIMIT}" in change_lines("network", FAILED)


def test_a_line_stays_a_line() -> None:
    hostile = _events((0, "Vpc", "CREATE_FAILED", "a\r\n\x1b[31mb\x00 " + "x" * 1000))
    (line,) = change_lines("network", hostile)
    assert line.isprintable() and len(line) < 400 and "a [31mb" in line


def test_waiting_lines() -> None:
    events = CREATED[3:]
    now = START + timedelta(seconds=86)
    assert under_way(events) == {"Nat": ("CREATE", START + timedelta(seconds=6))}
    assert waiting_lines("network", events, now, {("Nat", "create"): 105.0}) == ["network: Nat creating since 1:20 (took 1:45 last time)"]
    assert waiting_lines("network", events, now, {}) == ["network: Nat creating since 1:20"]
    assert waiting_lines("network", CREATED, now, {}) == []

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stacks whose resources sleep by off-hours: left alone with what needs them, and said so."""

from __future__ import annotations

import pytest

pytest.importorskip("botocore")

from tests.support.stack_graphs import CHAIN
from tests.support.stack_graphs import A
from tests.support.stack_graphs import B
from tests.support.stack_graphs import C
from tests.support.stack_graphs import actions


def changed(key):
    """The chain with another tag on one stack."""
    return CHAIN | {key: CHAIN[key] | {"tags": {**CHAIN[key]["tags"], "more": "x"}}}


def test_what_sleeps_and_differs_is_left_alone(machine):
    machine.run(CHAIN)
    machine.cloud.calls.clear()
    found = machine.run(changed(B), asleep=[B])
    assert actions(found) == {"a": "unchanged", "b": "asleep", "c": "unchanged"}
    assert machine.cloud.mutating() == [] and not found["changed"]
    assert "sleeps and is left alone" in found["stacks"][B]["cause"] and found["stacks"][B]["outputs"] == {"TopicArn": "b-Topic"}
    assert actions(machine.run(changed(B))) == {"a": "unchanged", "b": "updated", "c": "unchanged"}


def test_what_sleeps_as_declared_is_unchanged(machine):
    machine.run(CHAIN)
    assert actions(machine.run(CHAIN, asleep=[B])) == dict.fromkeys("abc", "unchanged")


def test_a_plan_says_so_too(machine):
    machine.run(CHAIN)
    found = machine.run(changed(B), check=True, asleep=[B])
    assert actions(found)["b"] == "asleep" and found["plan"] == []


def test_what_needs_a_sleeping_one_and_differs_waits(machine):
    machine.run(CHAIN)
    graph = changed(B) | {C: changed(C)[C]}
    found = machine.run(graph, asleep=[B])
    assert actions(found) == {"a": "unchanged", "b": "asleep", "c": "asleep"}
    assert f"needs {B}, which sleeps" in found["stacks"][C]["cause"]


def test_what_others_need_is_still_changed(machine):
    machine.run(CHAIN)
    assert actions(machine.run(changed(A), asleep=[B])) == {"a": "updated", "b": "unchanged", "c": "unchanged"}


def test_one_that_is_not_there_yet_is_made(machine):
    assert actions(machine.run(CHAIN, asleep=[B])) == dict.fromkeys("abc", "created")


def test_a_deletion_takes_no_notice(machine):
    machine.run(CHAIN)
    assert actions(machine.run(CHAIN, state="absent", asleep=[B])) == dict.fromkeys("abc", "deleted")

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Throttling, server errors and lost answers on the wire; runs that are killed, and two at once."""

from __future__ import annotations

import os
import random
import time

import pytest

from tests.support.stack_graphs import dependent
from tests.support.stack_graphs import stack
from tests.support.stack_graphs import template
from tests.support.stack_graphs import topic
from tests.support.stacks import OURS
from tests.support.stacks import kill
from tests.support.stacks import result_of

A, B = "us-east-1/a", "us-east-1/b"
PAIR = {**stack("a"), **dependent("b", A, "us-west-2")}
CODES = ("Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException", "SlowDown")


def good(result):
    assert not result["failed"], result["msg"]
    return result


def topics(fake, region):
    return fake.client("sns", region).list_topics()["Topics"]


def test_bursts_of_throttling_in_every_spelling(fake, direct):
    rules = [
        fake.proxy.rules.add(service="cloudformation", nth=[4 * number + 2, 4 * number + 3], do="throttle", code=code) for number, code in enumerate(CODES)
    ]
    result = good(direct.run(PAIR))
    assert [rule.acted for rule in rules] == [2] * len(CODES)
    assert {row["status"] for row in fake.stacks().values()} == {"CREATE_COMPLETE"}
    assert result["calls"] == len([call for call in fake.proxy.calls if OURS in call.user_agent])


WIRE = [{"do": "status", "status": 503}, {"do": "status", "status": 500}, {"do": "reset"}, {"do": "reset_mid_body"}]


@pytest.mark.parametrize("rule", WIRE, ids=lambda rule: f"{rule['do']}{rule.get('status', '')}")
def test_errors_of_the_wire_are_lived_through(fake, direct, rule):
    made = fake.proxy.rules.add(service="cloudformation", every=4, **rule)
    good(direct.run(PAIR))
    assert made.acted > 2
    fake.proxy.rules.clear()
    assert not good(direct.run(PAIR))["changed"]
    assert len(topics(fake, "us-east-1")) == len(topics(fake, "us-west-2")) == 1


@pytest.mark.parametrize("action", ["CreateChangeSet", "ExecuteChangeSet", "SetStackPolicy", "UpdateTerminationProtection"])
def test_a_call_whose_answer_was_lost_has_its_effect_once(fake, direct, action):
    graph = stack("a", protection=True, policy={"Statement": [{"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}]})
    graph[A]["policy"]["Statement"].append({**graph[A]["policy"]["Statement"][0], "Effect": "Deny", "Action": "Update:Delete"})
    rule = fake.proxy.rules.add(action=action, nth=1, do="drop_answer_after_effect")
    good(direct.run(graph))
    assert rule.acted == 1
    assert list(fake.stacks()) == [A] and len(topics(fake, "us-east-1")) == 1
    assert not good(direct.run(graph))["changed"]


def test_a_deletion_whose_answer_was_lost(fake, direct):
    good(direct.run(stack("a")))
    rule = fake.proxy.rules.add(action="DeleteStack", nth=1, do="drop_answer_after_effect")
    good(direct.run(stack("a"), state="absent"))
    assert rule.acted == 1 and fake.stacks() == {}


def test_two_runs_at_once(fake, playbook, direct):
    fake.steer("settings", {"seconds": {"AWS::SNS::Topic": 8}})
    direct.folder = playbook.folder
    running = playbook.start(PAIR)
    try:
        deadline = time.monotonic() + 120
        while not fake.stacks() and time.monotonic() < deadline:
            time.sleep(0.1)
        fake.proxy.calls.clear()
        second = direct.run({**PAIR, **stack("late")})
        assert second["failed"] and "ansible-playbook" in second["msg"], second
        assert "us-east-1/late" not in fake.stacks()
        good(result_of(running))
    finally:
        kill(running)
    fake.steer("settings", {"seconds": {}})
    good(direct.run({**PAIR, **stack("late")}))


def test_a_run_killed_at_ten_moments_is_ended_by_a_plain_one(fake, playbook):
    seed = int(os.environ.get("SEED") or random.randrange(10**6))
    print(f"SEED={seed} repeats this")
    drawn = random.Random(seed)
    graph = dict(stack("s0"))
    for number in range(1, 6):
        graph |= dependent(f"s{number}", f"us-east-1/s{number - 1}" if number % 2 else "us-east-1/s0", "us-east-1")
    fake.steer("settings", {"seconds": {"AWS::SNS::Topic": 0.4}, "actions": {"CreateChangeSet": 0.2}})
    moments = []
    for _kill in range(10):
        fake.proxy.calls.clear()
        running = playbook.start(graph)
        # From its first call on, whatever this machine takes to start Ansible.
        deadline = time.monotonic() + 120
        while not any(OURS in call.user_agent for call in list(fake.proxy.calls)) and running.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        moments.append(round(drawn.uniform(0, 1.5), 2))
        time.sleep(moments[-1])
        kill(running)
    last = playbook.run(graph)
    assert not last["failed"], (seed, moments, last["msg"])
    assert {key: row["status"] for key, row in fake.stacks().items()} == dict.fromkeys(graph, "CREATE_COMPLETE"), (seed, moments)
    # Each topic once: none was made twice, none is left of a run before.
    assert len(topics(fake, "us-east-1")) == len(graph), (seed, moments)
    assert playbook.run(graph)["changed"] is False


def test_what_differs_after_a_kill_is_what_is_declared(fake, playbook, direct):
    direct.folder = playbook.folder
    good(direct.run(stack("a")))
    fake.steer("settings", {"seconds_update": {"AWS::SNS::Topic": 2}})
    changed = stack("a", template({"Topic": topic("other")}, outputs={"TopicArn": {"Ref": "Topic"}}))
    running = playbook.start(changed)
    deadline = time.monotonic() + 120
    while fake.stacks()[A]["status"] == "CREATE_COMPLETE" and time.monotonic() < deadline:
        time.sleep(0.05)
    kill(running)
    good(direct.run(changed))
    assert fake.stacks()[A]["status"] == "UPDATE_COMPLETE"
    arn = topics(fake, "us-east-1")[0]["TopicArn"]
    assert fake.client("sns").get_topic_attributes(TopicArn=arn)["Attributes"]["DisplayName"] == "other"

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A graph over two regions, by the playbook that an operator runs; what reached AWS is counted on the wire."""

from __future__ import annotations

import json
from urllib.parse import parse_qs

from tests.support.stack_graphs import bucket
from tests.support.stack_graphs import dependent
from tests.support.stack_graphs import stack
from tests.support.stack_graphs import template
from tests.support.stack_graphs import topic
from tests.support.stacks import OURS

EAST, WEST = "us-east-1", "us-west-2"
ALLOW = {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}
DENY = {
    "Effect": "Deny",
    "Action": ["Update:Replace", "Update:Delete"],
    "Principal": "*",
    "Resource": "*",
    "Condition": {"StringEquals": {"ResourceType": ["AWS::S3::Bucket"]}},
}
DATA = stack("data", template({"Data": bucket("graph-data-123456789012")}), WEST, protection=True, policy={"Statement": [ALLOW, DENY]})
GRAPH = {**stack("base"), **dependent("far", f"{EAST}/base", WEST), **dependent("back", f"{WEST}/far"), **DATA}


def actions(result):
    return {key: row["action"] for key, row in result["stacks"].items()}


def names(fake, action):
    return [
        parse_qs(call.body)["StackName"][0].rpartition(":stack/")[2].partition("/")[0] or parse_qs(call.body)["StackName"][0]
        for call in fake.proxy.calls
        if call.action == action
    ]


def test_the_way_of_a_graph(fake, playbook):
    planned = playbook.run(GRAPH, check=True)
    assert not planned["failed"], planned.get("msg")
    assert planned["changed"] and actions(planned) == dict.fromkeys(GRAPH, "created")
    assert {step["action"] for step in planned["plan"]} == {"create"}
    assert fake.proxy.mutating(OURS) == [] and fake.stacks() == {}
    assert fake.proxy.calls, "the proxy saw nothing at all"

    first = playbook.run(GRAPH)
    assert not first["failed"], first.get("msg")
    assert actions(first) == dict.fromkeys(GRAPH, "created")
    assert {key: row["status"] for key, row in fake.stacks().items()} == dict.fromkeys(GRAPH, "CREATE_COMPLETE")
    # What the result says of outputs is what the service has.
    arn = first["stacks"][f"{WEST}/far"]["outputs"]["TopicArn"]
    assert arn in {one["TopicArn"] for one in fake.client("sns", WEST).list_topics()["Topics"]}
    counted = fake.proxy.mutating(OURS)
    assert len(counted) == first["mutating_calls"]
    data = fake.client("cloudformation", WEST)
    assert data.describe_stacks(StackName="data")["Stacks"][0]["EnableTerminationProtection"] is True
    assert json.loads(data.get_stack_policy(StackName="data")["StackPolicyBody"]) == DATA[f"{WEST}/data"]["policy"]

    fake.proxy.calls.clear()
    second = playbook.run(GRAPH)
    assert not second["failed"] and not second["changed"], second.get("msg")
    assert actions(second) == dict.fromkeys(GRAPH, "unchanged")
    assert fake.proxy.mutating(OURS) == []
    # Three reads a stack, and who calls.
    assert second["calls"] == len([call for call in fake.proxy.calls if OURS in call.user_agent]) <= 3 * len(GRAPH) + 2
    again = playbook.run(GRAPH, check=True)
    assert not again["changed"] and again["plan"] == [] and fake.proxy.mutating(OURS) == []

    changed = {**GRAPH, **stack("base", template({"Topic": topic("other")}, outputs={"TopicArn": {"Ref": "Topic"}}))}
    planned = playbook.run(changed, check=True)
    assert actions(planned) == {**dict.fromkeys(GRAPH, "unchanged"), f"{EAST}/base": "updated"}
    assert [step["action"] for step in planned["plan"]] == ["update"]
    # A change set is looked at and taken away again; nothing is executed.
    assert {call.action for call in fake.proxy.mutating(OURS)} <= {"CreateChangeSet", "DeleteChangeSet"}
    east = fake.client("cloudformation", EAST)
    assert [one["ExecutionStatus"] for one in east.list_change_sets(StackName="base")["Summaries"] if one["ExecutionStatus"] != "EXECUTE_COMPLETE"] == []
    assert actions(playbook.run(changed)) == actions(planned)
    assert not playbook.run(changed)["changed"]


def test_the_way_back_is_the_other_way_round(fake, playbook):
    assert not playbook.run(GRAPH)["failed"]
    fake.proxy.calls.clear()
    planned = playbook.run(GRAPH, check=True, state="absent")
    assert fake.proxy.mutating(OURS) == []
    assert "destroy" in {step["action"] for step in planned["plan"]}
    # What is protected stays until it is named.
    kept = playbook.run(GRAPH, state="absent")
    assert kept["failed"] and actions(kept)[f"{WEST}/data"] == "refused" and "allow.delete" in kept["msg"]
    assert set(fake.stacks()) == {f"{WEST}/data"}
    assert names(fake, "DeleteStack") == ["back", "far", "base"]
    gone = playbook.run(GRAPH, state="absent", allow={"delete": ["data"]})
    assert not gone["failed"], gone.get("msg")
    assert fake.stacks() == {}
    # The stack goes, the data stays.
    assert [one["Name"] for one in fake.client("s3", WEST).list_buckets()["Buckets"]] == ["graph-data-123456789012"]
    fake.proxy.calls.clear()
    nothing = playbook.run(GRAPH, state="absent")
    assert not nothing["changed"] and fake.proxy.mutating(OURS) == []


def test_a_run_returns_when_what_it_waits_for_is_done(fake, playbook):
    log = {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 7}}
    deny = {**DENY, "Condition": {"StringEquals": {"ResourceType": ["AWS::Logs::LogGroup"]}}}
    slow = stack("slow", template({"Log": log}), protection=True, policy={"Statement": [ALLOW, deny]}, needed_for=["later"])
    graph = {**stack("base"), **slow}
    fake.steer("settings", {"seconds": {"AWS::Logs::LogGroup": 8}})
    first = playbook.run(graph, wait_for="cluster")
    assert not first["failed"], first.get("msg")
    assert actions(first)["us-east-1/base"] == "created"
    assert actions(first)["us-east-1/slow"] == "followed" and fake.stacks()["us-east-1/slow"]["status"] == "CREATE_IN_PROGRESS"
    last = playbook.run(graph, state="followed")
    assert not last["failed"], last.get("msg")
    assert {row["status"] for row in fake.stacks().values()} == {"CREATE_COMPLETE"}

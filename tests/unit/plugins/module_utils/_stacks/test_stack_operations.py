# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a stack, following an operation by its events, change sets and drift, each by itself."""

from __future__ import annotations

import threading

import pytest

pytest.importorskip("botocore")

from ansible_collections.llmops.platform.plugins.module_utils._aws.session import AwsError
from ansible_collections.llmops.platform.plugins.module_utils._stacks import drifting
from ansible_collections.llmops.platform.plugins.module_utils._stacks import figures
from ansible_collections.llmops.platform.plugins.module_utils._stacks import inspecting
from ansible_collections.llmops.platform.plugins.module_utils._stacks import live
from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import Calls
from ansible_collections.llmops.platform.plugins.module_utils._stacks.changing import ChangeSetFailed
from ansible_collections.llmops.platform.plugins.module_utils._stacks.changing import ChangeSets
from ansible_collections.llmops.platform.plugins.module_utils._stacks.following import Follower
from ansible_collections.llmops.platform.plugins.module_utils._stacks.following import pause
from tests.support.scripted_cloud import Cloud
from tests.support.stack_graphs import REGION
from tests.support.stack_graphs import template
from tests.support.stack_graphs import topic

TEXT = template({"Topic": topic(), "Other": topic("other")})


@pytest.fixture
def cloud():
    return Cloud()


@pytest.fixture
def calls(cloud):
    return Calls(client_of=cloud.client, sleep=lambda _seconds: None)


def test_a_stack_is_three_reads_and_a_missing_one_is_one(cloud, calls):
    assert live.read(calls, REGION, "a") is None and calls.calls == 1
    cloud.add(REGION, "a", TEXT, _policy='{"Statement": []}', _tags={"owner": "me"})
    found = live.read(calls, REGION, "a")
    assert calls.calls == 4
    assert (found["template"], found["policy"], found["tags"]) == (TEXT, {"Statement": []}, {"owner": "me"})


def test_a_deleted_stack_found_by_its_id_is_gone(cloud, calls):
    stack = cloud.add(REGION, "a", TEXT, "DELETE_COMPLETE")
    assert live.describe(calls, REGION, stack["StackId"]) is None


def test_pauses_begin_small_and_are_bounded():
    assert pause(0, 5) == 0.2 and pause(20, 5) == pytest.approx(1.6) and pause(3600, 5) == 5


def follow(cloud, calls, ours=True, deadline=0.0, **more):
    seen: list[list[str]] = []
    follower = Follower(calls, 0.001, more.pop("stop", threading.Event()))
    found = cloud.stacks[REGION, "a"]

    def note(events, _older):
        seen.append([event["EventId"] for event in events])

    return follower.follow(REGION, found["StackId"], "mine" if ours else "", deadline, note), seen


ROWS = [{"LogicalResourceId": name, "ResourceType": "AWS::SNS::Topic"} for name in ("One", "Two", "Three", "Four", "Five")]


def test_each_event_is_seen_once_in_order_and_older_operations_are_not(cloud, calls):
    stack = cloud.add(REGION, "a", TEXT)
    cloud._start(stack, "CREATE", ROWS, "before", False)
    while stack["_pending"]:
        stack["_pending"].pop(0)()
    cloud._start(stack, "UPDATE", ROWS, "mine", False)
    ended, seen = follow(cloud, calls)
    flat = [one for batch in seen for one in batch]
    assert ended.status == "UPDATE_COMPLETE" and len(flat) == len(set(flat)) == 7
    assert flat == sorted(flat)
    assert {event["ClientRequestToken"] for event in ended.events} == {"mine"}


def test_events_over_many_pages_are_all_seen(cloud, calls):
    stack = cloud.add(REGION, "a", TEXT)
    cloud._start(stack, "UPDATE", ROWS * 4, "mine", False)
    while len(stack["_pending"]) > 1:
        stack["_pending"].pop(0)()
    ended, _seen = follow(cloud, calls)
    assert len(ended.events) == 22


def test_an_operation_without_our_token_is_followed_from_its_begin(cloud, calls):
    stack = cloud.add(REGION, "a", TEXT)
    cloud._start(stack, "CREATE", ROWS, "before", False)
    while stack["_pending"]:
        stack["_pending"].pop(0)()
    cloud._start(stack, "UPDATE", ROWS[:1], "theirs", False)
    ended, _seen = follow(cloud, calls, ours=False)
    assert ended.status == "UPDATE_COMPLETE" and len(ended.events) == 3


def test_following_ends_by_the_stop_and_by_the_deadline(cloud, calls):
    stack = cloud.add(REGION, "a", TEXT)
    cloud.steps = 10_000
    cloud._start(stack, "UPDATE", ROWS, "mine", False)
    stop = threading.Event()
    stop.set()
    assert follow(cloud, calls, stop=stop)[0].late == "stop"
    assert follow(cloud, calls, deadline=0.01)[0].late == "deadline"


def test_an_end_whose_events_never_come_is_seen_at_the_stack(cloud, calls):
    cloud.add(REGION, "a", TEXT, "UPDATE_COMPLETE")
    assert follow(cloud, calls, ours=False)[0].status == "UPDATE_COMPLETE"


def test_what_happened_between_the_last_look_at_events_and_the_end_is_told(cloud, calls):
    stack = cloud.add(REGION, "a", TEXT)
    cloud.steps = 10_000
    cloud._start(stack, "UPDATE", ROWS, "mine", False)

    def late(region, operation, **given):
        while operation == "DescribeStacks" and stack["_pending"]:
            stack["_pending"].pop(0)()
        return calls(region, operation, **given)

    ended, seen = follow(cloud, late)
    assert ended.status == "UPDATE_COMPLETE" and len(ended.events) == 7
    assert [one for batch in seen for one in batch] == [event["EventId"] for event in ended.events]


def change_sets(calls):
    return ChangeSets(calls, REGION, 0.001, sleep=lambda _seconds: None)


def test_a_change_set_of_a_killed_run_is_used_again(cloud, calls):
    cloud.add(REGION, "a", TEXT)
    wanted = {"TemplateBody": template({"Topic": topic("x")})}
    first = change_sets(calls).make("a", "llmops-1", "UPDATE", **wanted)
    again = change_sets(calls).make("a", "llmops-1", "UPDATE", **wanted)
    assert first.arn == again.arn and not again.empty and [change["Action"] for change in again.resources] == ["Remove", "Modify"]


def test_an_outdated_change_set_is_made_anew(cloud, calls):
    stack = cloud.add(REGION, "a", TEXT)
    wanted = {"TemplateBody": template({"Topic": topic("x")})}
    first = change_sets(calls).make("a", "llmops-1", "UPDATE", **wanted)
    stack["_sets"]["llmops-1"]["ExecutionStatus"] = "OBSOLETE"
    again = change_sets(calls).make("a", "llmops-1", "UPDATE", **wanted)
    assert first.arn != again.arn


def test_a_change_set_without_changes_does_not_stay(cloud, calls):
    stack = cloud.add(REGION, "a", TEXT)
    assert change_sets(calls).make("a", "llmops-1", "UPDATE", TemplateBody=TEXT).empty
    assert stack["_sets"] == {}


def test_a_refused_change_set_is_said_in_the_services_words(cloud, calls):
    stack = cloud.add(REGION, "a", TEXT)
    change_sets(calls).make("a", "llmops-1", "UPDATE", TemplateBody=template({"Topic": topic("x")}))
    stack["_sets"]["llmops-1"] |= {"Status": "FAILED", "ExecutionStatus": "UNAVAILABLE", "StatusReason": "Unresolved resource dependencies [X]"}
    with pytest.raises(ChangeSetFailed, match=r"Unresolved resource dependencies \[X\]"):
        change_sets(calls).make("a", "llmops-1", "UPDATE", TemplateBody=template({"Topic": topic("x")}))


def difference(path, expected="1", actual="2"):
    return {"PropertyPath": path, "ExpectedValue": expected, "ActualValue": actual, "DifferenceType": "NOT_EQUAL"}


def test_every_resource_has_a_row_of_drift(cloud, calls):
    cloud.add(REGION, "a", template({"Topic": topic(), "Nodes": topic(), "Wait": {"Type": "AWS::CloudFormation::WaitConditionHandle"}, "Calm": topic()}))
    cloud.drift["a", "Topic"] = [difference("/DisplayName")]
    cloud.drift["a", "Nodes"] = [difference("/Scaling/Desired")]
    rows = {row["resource"]: row for row in drifting.detect(calls, REGION, "a", ["Nodes.Scaling"], 0.001, sleep=lambda _s: None)}
    assert {name: row["status"] for name, row in rows.items()} == {"Topic": "drifted", "Nodes": "in sync", "Wait": "not checked", "Calm": "in sync"}
    assert rows["Topic"]["properties"] == [{"path": "DisplayName", "expected": "1", "actual": "2"}]
    assert "operations" in rows["Nodes"]["note"] and rows["Wait"]["note"]
    assert [step["what"] for step in drifting.steps("k", rows.values())] == ["k/Topic (AWS::SNS::Topic)"]


def test_secrets_in_drift_are_shown_as_digests(cloud, calls):
    cloud.add(REGION, "a", template({"Db": {"Type": "AWS::RDS::DBInstance"}}))
    cloud.drift["a", "Db"] = [difference("/MasterUserPassword", "hunter2hunter2", "other-password")]
    assert "hunter2" not in str(drifting.detect(calls, REGION, "a", [], 0.001))


def test_information_of_stacks_that_exist_and_not(cloud, calls):
    cloud.add(REGION, "a", template({"Topic": topic()}, outputs={"X": "1"}), _tags={"owner": "me"})
    cloud.drift["a", "Topic"] = [difference("/DisplayName")]
    stacks = {"one": {"name": "a", "region": REGION}, "two": {"name": "b", "region": REGION}}
    found = inspecting.inspect(calls, stacks, False, 0.001, 2)
    assert calls.calls == 2 and found["stacks"]["one"]["outputs"] == {"X": "1"} and found["stacks"]["two"]["exists"] is False
    assert found["plan"] == [] and found["stacks"]["two"]["outputs"] == {}
    assert [step["action"] for step in inspecting.inspect(calls, stacks, True, 0.001, 2)["plan"]] == ["update"]
    with pytest.raises(AwsError, match="two lacks"):
        inspecting.inspect(calls, {"two": {"name": "b"}}, False, 0.001, 2)


def test_figures_are_found_by_their_path():
    assert figures.at({"A": {"B": [{"C": 3}]}}, "A.B.0.C") == 3
    assert figures.at({"A": {}}, "A.B.C") is None and figures.at({"A": [1]}, "A.5") is None

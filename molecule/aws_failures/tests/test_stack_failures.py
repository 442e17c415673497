# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What fails in CloudFormation, and that a plain run afterwards ends where it should."""

from __future__ import annotations

import json

import pytest

from tests.support.stack_graphs import bucket
from tests.support.stack_graphs import dependent
from tests.support.stack_graphs import stack
from tests.support.stack_graphs import template
from tests.support.stack_graphs import topic
from tests.support.stacks import OURS

EAST, WEST = "us-east-1", "us-west-2"
A, B, C, D = (f"{EAST}/{name}" for name in "abcd")
CHAIN = {**stack("a"), **dependent("b", A), **dependent("c", B), **stack("d")}
OTHER = stack("a", template({"Topic": topic("other")}, outputs={"TopicArn": {"Ref": "Topic"}}))
ALLOW = {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}
POLICY = {
    "Statement": [
        ALLOW,
        {
            "Effect": "Deny",
            "Action": ["Update:Replace", "Update:Delete"],
            "Principal": "*",
            "Resource": "*",
            "Condition": {"StringEquals": {"ResourceType": ["AWS::S3::Bucket"]}},
        },
    ]
}


def data(name):
    return stack("data", template({"Data": bucket(name)}), protection=True, policy=POLICY)


DATA = f"{EAST}/data"


def actions(result):
    return {key: row["action"] for key, row in result["stacks"].items()}


def good(result):
    assert not result["failed"], result["msg"]
    return result


def statuses(fake):
    return {key: row["status"] for key, row in fake.stacks().items()}


def display_name(fake, arn):
    return fake.client("sns").get_topic_attributes(TopicArn=arn)["Attributes"].get("DisplayName")


def test_the_first_cause_is_named_and_the_other_branch_goes_on(fake, direct):
    fake.steer(
        "faults", [{"stack": "b", "resource": "Topic", "on": "create", "message": "Rate of topics exceeded for this account", "code": "ServiceLimitExceeded"}]
    )
    result = direct.run(CHAIN)
    assert result["failed"]
    assert actions(result) == {A: "created", B: "failed", C: "blocked", D: "created"}
    assert "Rate of topics exceeded for this account" in result["stacks"][B]["cause"] and "Topic" in result["stacks"][B]["cause"]
    assert result["stacks"][C]["cause"].startswith(f"needs {B}")
    again = good(direct.run(CHAIN))
    assert actions(again)[A] == actions(again)[D] == "unchanged"
    assert set(statuses(fake).values()) <= {"CREATE_COMPLETE", "UPDATE_COMPLETE"} and len(statuses(fake)) == 4
    assert not good(direct.run(CHAIN))["changed"]


def test_an_update_that_fails_is_rolled_back(fake, direct):
    arn = good(direct.run(stack("a")))["stacks"][A]["outputs"]["TopicArn"]
    fake.steer("faults", [{"stack": "a", "resource": "Topic", "on": "update", "message": "the topic is in use", "code": "InvalidRequest"}])
    result = direct.run(OTHER)
    assert result["failed"] and "the topic is in use" in result["stacks"][A]["cause"]
    assert statuses(fake) == {A: "UPDATE_ROLLBACK_COMPLETE"} and display_name(fake, arn) == "news"
    assert actions(good(direct.run(OTHER))) == {A: "updated"}
    assert display_name(fake, arn) == "other"


TWO = template({"One": topic("x"), "Two": {**topic("x"), "DependsOn": "One"}})


def test_a_rollback_that_fails_is_gone_on_with(fake, direct):
    good(direct.run(stack("a", TWO.replace("x", "before"))))
    # One is changed, Two cannot be, and One does not go back.
    fake.steer("faults", [{"resource": "Two", "on": "update", "message": "Two is in use"}, {"resource": "One", "on": "rollback", "message": "One is stuck"}])
    after = stack("a", TWO.replace("x", "after"))
    result = direct.run(after)
    assert result["failed"] and "Two is in use" in result["stacks"][A]["cause"]
    assert statuses(fake) == {A: "UPDATE_ROLLBACK_FAILED"}
    good(direct.run(after))
    assert statuses(fake) == {A: "UPDATE_COMPLETE"}
    assert not good(direct.run(after))["changed"]


def test_what_cannot_go_back_is_skipped_only_by_name(fake, direct):
    good(direct.run(stack("a", TWO.replace("x", "before"))))
    stuck = {"resource": "One", "on": "rollback", "message": "One is stuck", "times": -1}
    fake.steer("faults", [{"resource": "Two", "on": "update", "message": "Two is in use"}, stuck])
    after = stack("a", TWO.replace("x", "after"))
    direct.run(after)
    refused = direct.run(after)
    assert refused["failed"] and "allow.skip" in refused["stacks"][A]["cause"]
    good(direct.run(after, allow={"skip": ["a/One"]}))
    assert statuses(fake) == {A: "UPDATE_COMPLETE"}


def test_a_replacement_of_data_is_refused_until_it_is_named(fake, direct):
    good(direct.run(data("one-123456789012")))
    fake.proxy.calls.clear()
    planned = direct.run(data("two-123456789012"), check=True)
    assert "refuse" in {step["action"] for step in planned["plan"]} | {row["action"].removesuffix("d") for row in planned["stacks"].values()}
    result = direct.run(data("two-123456789012"))
    assert result["failed"] and actions(result) == {DATA: "refused"} and "allow.replace" in result["msg"] and "data/Data" in result["msg"]
    assert "ExecuteChangeSet" not in {call.action for call in fake.proxy.calls}
    good(direct.run(data("two-123456789012"), allow={"replace": ["data/Data"]}))
    # The old one is retained, and the policy is as narrow as before.
    assert {one["Name"] for one in fake.client("s3").list_buckets()["Buckets"]} == {"one-123456789012", "two-123456789012"}
    assert json.loads(fake.client("cloudformation").get_stack_policy(StackName="data")["StackPolicyBody"]) == POLICY


def test_an_allowance_left_open_is_closed(fake, direct):
    good(direct.run(data("one-123456789012")))
    formation = fake.client("cloudformation")
    formation.set_stack_policy(StackName="data", StackPolicyBody=json.dumps({"Statement": [ALLOW]}))
    formation.update_termination_protection(StackName="data", EnableTerminationProtection=False)
    assert actions(good(direct.run(data("one-123456789012")))) == {DATA: "updated"}
    assert json.loads(formation.get_stack_policy(StackName="data")["StackPolicyBody"]) == POLICY
    assert formation.describe_stacks(StackName="data")["Stacks"][0]["EnableTerminationProtection"] is True
    assert not good(direct.run(data("one-123456789012")))["changed"]


def test_a_stack_that_somebody_else_changes_is_followed(fake, direct):
    arn = good(direct.run(stack("a")))["stacks"][A]["outputs"]["TopicArn"]
    fake.steer("settings", {"seconds_update": {"AWS::SNS::Topic": 3}})
    theirs = stack("a", template({"Topic": topic("theirs")}, outputs={"TopicArn": {"Ref": "Topic"}}))
    fake.client("cloudformation").update_stack(StackName="a", TemplateBody=theirs[A]["template"])
    assert statuses(fake) == {A: "UPDATE_IN_PROGRESS"}
    good(direct.run(OTHER))
    assert any("begun by another run or person" in line for line in direct.said)
    assert display_name(fake, arn) == "other" and statuses(fake) == {A: "UPDATE_COMPLETE"}


def test_a_quota_that_is_reached(fake, direct):
    fake.steer("quotas", {"AWS::SNS::Topic": 1})
    result = direct.run({**stack("a"), **dependent("b", A)})
    assert result["failed"] and actions(result) == {A: "created", B: "failed"}
    assert "Topic" in result["stacks"][B]["cause"]
    fake.steer("quotas", {})
    good(direct.run({**stack("a"), **dependent("b", A)}))


def test_a_shell_that_a_killed_plan_left_is_no_obstacle(fake, direct):
    formation = fake.client("cloudformation")
    formation.create_change_set(StackName="a", ChangeSetName="left", ChangeSetType="CREATE", TemplateBody=OTHER[A]["template"])
    good(direct.run(OTHER))
    assert statuses(fake) == {A: "CREATE_COMPLETE"}


@pytest.mark.parametrize("declared", [True, False])
def test_a_region_that_does_not_answer_holds_only_its_own(fake, direct, declared):
    graph = {**stack("a"), **dependent("far", A, WEST), **stack("d")}
    fake.steer("regions", {"unreachable": [WEST]})
    result = direct.run(graph, unreachable_regions=[WEST] if declared else [])
    assert result["failed"] is not declared
    assert actions(result) == {A: "created", D: "created", f"{WEST}/far": "blocked"}
    if declared:
        assert WEST not in {call.region for call in fake.proxy.calls}
    fake.steer("regions", {"unreachable": []})
    assert actions(good(direct.run(graph))) == {A: "unchanged", D: "unchanged", f"{WEST}/far": "created"}
    assert fake.proxy.mutating(OURS)

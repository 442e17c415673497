# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The states of a stack, driven by boto3 as an operator would."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("moto")
pytest.importorskip("cfnlint")
pytest.importorskip("boto3")

from tests.support.fake_stacks import fake_stacks
from tests.support.fake_stacks import refused

BUCKET = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "data-bucket"}}
TOPIC = {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Ref": "Bucket"}}}
PARAMETER = {"Type": "String", "Value": "v"}
TWO = {"Resources": {"Bucket": BUCKET, "Topic": TOPIC}}


@pytest.fixture(scope="module")
def server():
    with fake_stacks() as found:
        yield found


@pytest.fixture
def fake(server):
    server.reset()
    return server


def topic(**properties):
    return {"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": properties}}}


def test_a_stack_is_made_in_the_order_of_its_references(fake):
    assert fake.deploy("one", {**TWO, "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Bucket", "Arn"]}}}}) == "CREATE_COMPLETE"
    assert fake.events("one") == [
        ("one", "CREATE_IN_PROGRESS", "User Initiated"),
        ("Bucket", "CREATE_IN_PROGRESS", ""),
        ("Bucket", "CREATE_IN_PROGRESS", "Resource creation Initiated"),
        ("Bucket", "CREATE_COMPLETE", ""),
        ("Topic", "CREATE_IN_PROGRESS", ""),
        ("Topic", "CREATE_IN_PROGRESS", "Resource creation Initiated"),
        ("Topic", "CREATE_COMPLETE", ""),
        ("one", "CREATE_COMPLETE", ""),
    ]
    stack = fake.api.describe_stacks(StackName="one")["Stacks"][0]
    assert stack["Outputs"] == [{"OutputKey": "Arn", "OutputValue": "arn:aws:s3:::data-bucket"}]
    assert next(iter(fake.handlers["AWS::SNS::Topic"].live.values())) == {"DisplayName": "data-bucket"}
    fake.api.delete_stack(StackName="one")
    assert fake.wait(stack["StackId"]) == "DELETE_COMPLETE"
    assert fake.handlers["AWS::S3::Bucket"].live == {} and refused(fake.api.describe_stacks, StackName="one") == (
        "ValidationError",
        "Stack with id one does not exist",
    )
    gone = [name for name, status, _unused in fake.events(stack["StackId"]) if status == "DELETE_COMPLETE"]
    assert gone == ["Topic", "Bucket", "one"]


def test_what_does_not_depend_is_made_side_by_side(fake):
    fake.control("settings", {"seconds": {"default": 0.4}})
    resources = {f"Topic{number}": {"Type": "AWS::SNS::Topic"} for number in range(8)}
    assert fake.deploy("one", {"Resources": resources}) == "CREATE_COMPLETE"
    started = [index for index, event in enumerate(fake.events("one")) if event[2] == "Resource creation Initiated"]
    ended = [index for index, event in enumerate(fake.events("one")) if event[1] == "CREATE_COMPLETE"]
    assert max(started) < min(ended)


@pytest.mark.parametrize(
    ("options", "status", "left"),
    [
        ({}, "ROLLBACK_COMPLETE", 0),
        ({"OnFailure": "DO_NOTHING"}, "CREATE_FAILED", 1),
        ({"DisableRollback": True}, "CREATE_FAILED", 1),
        ({"OnFailure": "DELETE"}, "DELETE_COMPLETE", 0),
    ],
)
def test_a_creation_that_fails(fake, options, status, left):
    fake.control("faults", [{"resource": "Topic", "message": "no more topics", "code": "ServiceLimitExceeded"}])
    made = fake.api.create_stack(StackName="one", TemplateBody=json.dumps(TWO), **options)
    assert fake.wait(made["StackId"]) == status
    assert len(fake.handlers["AWS::S3::Bucket"].live) == left
    reason = next(reason for name, state, reason in fake.events(made["StackId"]) if (name, state) == ("Topic", "CREATE_FAILED"))
    assert reason.startswith('Resource handler returned message: "no more topics" (RequestToken: ')
    assert reason.endswith("HandlerErrorCode: ServiceLimitExceeded)")
    whole = [reason for name, state, reason in fake.events(made["StackId"]) if name == "one" and "failed to create: [Topic]" in reason]
    assert len(whole) == 1


def test_the_first_failure_cancels_what_is_under_way(fake):
    fake.control("settings", {"seconds": {"AWS::S3::Bucket": 30}})
    fake.control("faults", [{"resource": "Topic"}])
    assert fake.deploy("one", {"Resources": {"Bucket": BUCKET, "Topic": {"Type": "AWS::SNS::Topic"}}}) == "ROLLBACK_COMPLETE"
    assert ("Bucket", "CREATE_FAILED", "Resource creation cancelled") in fake.events("one")
    assert fake.handlers["AWS::S3::Bucket"].live == {}
    assert refused(fake.api.update_stack, StackName="one", TemplateBody='{"Resources": {"A": {"Type": "AWS::SNS::Topic"}}}')[1].endswith(
        "is in ROLLBACK_COMPLETE state and can not be updated."
    )


def test_a_rollback_that_fails_and_a_deletion_after_it(fake):
    fake.control("faults", [{"resource": "Topic"}, {"resource": "Bucket", "on": "rollback", "message": "not empty"}])
    assert fake.deploy("one", TWO) == "ROLLBACK_FAILED"
    fake.api.delete_stack(StackName="one")
    stack = fake.control("state")["stacks"][0]["id"]
    assert fake.wait(stack) == "DELETE_COMPLETE" and fake.handlers["AWS::S3::Bucket"].live == {}


def test_a_failed_creation_is_mended_by_an_update(fake):
    fake.control("faults", [{"resource": "Topic"}])
    assert fake.deploy("one", TWO, DisableRollback=True) == "CREATE_FAILED"
    assert fake.deploy("one", TWO, DisableRollback=True) == "UPDATE_COMPLETE"
    assert fake.handlers["AWS::S3::Bucket"].calls == [("create", "data-bucket")]


def test_update_in_place_replacement_and_removal(fake):
    fake.deploy("one", {"Resources": {"Bucket": BUCKET, "Topic": topic(TopicName="old")["Resources"]["Topic"]}})
    assert fake.deploy("one", topic(TopicName="new", DisplayName="x")) == "UPDATE_COMPLETE"
    assert list(fake.handlers["AWS::SNS::Topic"].live) == ["new"] and fake.handlers["AWS::S3::Bucket"].live == {}
    events = fake.events("one")
    assert events[events.index(("one", "UPDATE_IN_PROGRESS", "User Initiated")) :][:5] == [
        ("one", "UPDATE_IN_PROGRESS", "User Initiated"),
        ("Topic", "UPDATE_IN_PROGRESS", "Requested update requires the creation of a new physical resource; hence creating one."),
        ("Topic", "UPDATE_IN_PROGRESS", "Resource creation Initiated"),
        ("Topic", "UPDATE_COMPLETE", ""),
        ("one", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", ""),
    ]
    # The old topic and the bucket go last.
    assert sorted(events[-5:-1]) == [
        ("Bucket", "DELETE_COMPLETE", ""),
        ("Bucket", "DELETE_IN_PROGRESS", ""),
        ("Topic", "DELETE_COMPLETE", ""),
        ("Topic", "DELETE_IN_PROGRESS", ""),
    ]
    assert events[-1] == ("one", "UPDATE_COMPLETE", "")
    assert fake.deploy("one", topic(TopicName="new", DisplayName="y")) == "UPDATE_COMPLETE"
    assert fake.handlers["AWS::SNS::Topic"].calls[-1] == ("update", "new")
    again = json.dumps(topic(TopicName="new", DisplayName="y"))
    assert refused(fake.api.update_stack, StackName="one", TemplateBody=again) == ("ValidationError", "No updates are to be performed.")


def test_an_update_that_fails_is_rolled_back(fake):
    before = {"Resources": {"Bucket": BUCKET, "Topic": topic(TopicName="old")["Resources"]["Topic"]}}
    fake.deploy("one", before)
    after = {
        "Resources": {
            "Topic": topic(TopicName="new")["Resources"]["Topic"],
            "More": {"Type": "AWS::SSM::Parameter", "DependsOn": "Topic", "Properties": PARAMETER},
        }
    }
    fake.control("faults", [{"resource": "More"}])
    assert fake.deploy("one", after) == "UPDATE_ROLLBACK_COMPLETE"
    assert list(fake.handlers["AWS::SNS::Topic"].live) == ["old"] and list(fake.handlers["AWS::S3::Bucket"].live) == ["data-bucket"]
    statuses = [status for name, status, _unused in fake.events("one") if name == "one"][3:]
    assert statuses == ["UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"]
    assert fake.api.get_template(StackName="one")["TemplateBody"] == before
    assert fake.deploy("one", after) == "UPDATE_COMPLETE"


def test_a_rollback_of_an_update_that_fails_goes_on_or_is_skipped(fake):
    for skip in ([], ["Topic"]):
        fake.reset()
        fake.deploy("one", topic(TopicName="t", DisplayName="before"))
        fake.control("faults", [{"resource": "More"}, {"resource": "Topic", "on": "rollback", "times": -1 if skip else 1}])
        after = topic(TopicName="t", DisplayName="after")
        after["Resources"]["More"] = {"Type": "AWS::SSM::Parameter", "DependsOn": "Topic", "Properties": PARAMETER}
        assert fake.deploy("one", after) == "UPDATE_ROLLBACK_FAILED"
        assert refused(fake.api.update_stack, StackName="one", TemplateBody=json.dumps(after))[0] == "ValidationError"
        assert refused(fake.api.continue_update_rollback, StackName="one", ResourcesToSkip=["More"])[0] == "ValidationError"
        fake.api.continue_update_rollback(StackName="one", ResourcesToSkip=skip)
        assert fake.wait("one") == "UPDATE_ROLLBACK_COMPLETE"
        # A skipped resource stays as the failed update left it.
        assert fake.handlers["AWS::SNS::Topic"].live["t"]["DisplayName"] == ("after" if skip else "before")


def test_a_failed_update_that_is_kept_goes_on_or_back(fake):
    for back in (True, False):
        fake.reset()
        fake.deploy("one", topic(TopicName="t", DisplayName="before"))
        after = topic(TopicName="t", DisplayName="after")
        after["Resources"]["More"] = {"Type": "AWS::SSM::Parameter", "DependsOn": "Topic", "Properties": PARAMETER}
        fake.control("faults", [{"resource": "More"}])
        assert fake.deploy("one", after, DisableRollback=True) == "UPDATE_FAILED"
        assert fake.handlers["AWS::SNS::Topic"].live["t"]["DisplayName"] == "after"
        if back:
            fake.api.rollback_stack(StackName="one")
            assert fake.wait("one") == "UPDATE_ROLLBACK_COMPLETE"
            assert fake.handlers["AWS::SNS::Topic"].live["t"]["DisplayName"] == "before"
        else:
            assert fake.deploy("one", after) == "UPDATE_COMPLETE" and len(fake.handlers["AWS::SSM::Parameter"].live) == 1


def test_a_failed_creation_rolled_back_by_hand_is_gone(fake):
    fake.control("faults", [{"resource": "Topic"}])
    fake.deploy("one", TWO, DisableRollback=True)
    made = fake.api.rollback_stack(StackName="one")["StackId"]
    assert fake.wait(made) == "DELETE_COMPLETE" and fake.handlers["AWS::S3::Bucket"].live == {}


def test_an_update_is_cancelled(fake):
    fake.deploy("one", topic(TopicName="t", DisplayName="before"))
    assert refused(fake.api.cancel_update_stack, StackName="one")[0] == "ValidationError"
    fake.control("settings", {"seconds_update": {"default": 30}})
    fake.api.update_stack(StackName="one", TemplateBody=json.dumps(topic(TopicName="t", DisplayName="after")))
    busy = refused(fake.api.update_stack, StackName="one", TemplateBody=json.dumps(topic()))
    assert busy[1].endswith("is in UPDATE_IN_PROGRESS state and can not be updated.")
    assert "cannot be deleted while in status UPDATE_IN_PROGRESS" in refused(fake.api.delete_stack, StackName="one")[1]
    fake.control("settings", {"seconds_update": {}})
    fake.api.cancel_update_stack(StackName="one")
    assert fake.wait("one") == "UPDATE_ROLLBACK_COMPLETE"
    assert ("Topic", "UPDATE_FAILED", "Resource update cancelled") in fake.events("one")
    assert fake.handlers["AWS::SNS::Topic"].live["t"]["DisplayName"] == "before"


def test_a_creation_under_way_is_deleted(fake):
    fake.control("settings", {"seconds": {"default": 30}})
    made = fake.api.create_stack(StackName="one", TemplateBody=json.dumps(TWO))["StackId"]
    fake.api.delete_stack(StackName="one")
    assert fake.wait(made, ("DELETE_COMPLETE",)) and fake.handlers["AWS::S3::Bucket"].live == {}


def test_a_creation_ends_at_its_time_limit(fake, monkeypatch):
    fake.control("settings", {"seconds": {"default": 3600}})
    monkeypatch.setattr("fake_cloudformation.operation.MINUTE", 0.3)
    assert fake.deploy("one", TWO, TimeoutInMinutes=1) == "ROLLBACK_COMPLETE"


def test_a_deletion_that_fails_is_forced_or_leaves_something_behind(fake):
    for how in ({"RetainResources": ["Bucket"]}, {"DeletionMode": "FORCE_DELETE_STACK"}, {}):
        fake.reset()
        fake.deploy("one", TWO)
        stack = fake.api.describe_stacks(StackName="one")["Stacks"][0]["StackId"]
        assert refused(fake.api.delete_stack, StackName="one", RetainResources=["Bucket"])[0] == "ValidationError"
        fake.handlers["AWS::S3::Bucket"].full.add("data-bucket")
        fake.api.delete_stack(StackName="one")
        assert fake.wait("one") == "DELETE_FAILED"
        assert fake.events("one")[-1] == ("one", "DELETE_FAILED", "The following resource(s) failed to delete: [Bucket]. ")
        assert any("The bucket you tried to delete is not empty" in reason for _unused, _unused2, reason in fake.events("one"))
        if not how:
            fake.handlers["AWS::S3::Bucket"].full.clear()
        fake.api.delete_stack(StackName="one", **how)
        assert fake.wait(stack) == "DELETE_COMPLETE"
        assert list(fake.handlers["AWS::S3::Bucket"].live) == (["data-bucket"] if how else [])


@pytest.mark.parametrize(
    ("policy", "after_failure", "after_deletion"), [("Retain", 1, 1), ("RetainExceptOnCreate", 0, 1), ("Delete", 0, 0), ("Snapshot", 0, 0)]
)
def test_what_becomes_of_a_resource(fake, policy, after_failure, after_deletion):
    template = {"Resources": {"Bucket": {**BUCKET, "DeletionPolicy": policy}, "Topic": TOPIC}}
    fake.control("faults", [{"resource": "Topic"}])
    assert fake.deploy("one", template) == "ROLLBACK_COMPLETE"
    assert len(fake.handlers["AWS::S3::Bucket"].live) == after_failure
    fake.handlers["AWS::S3::Bucket"].live.clear()
    fake.deploy("two", template)
    fake.api.delete_stack(StackName="two")
    fake.wait(fake.control("state")["stacks"][1]["id"])
    assert len(fake.handlers["AWS::S3::Bucket"].live) == after_deletion
    assert len(fake.control("state")["snapshots"]) == (policy == "Snapshot")


def test_a_replaced_resource_may_stay(fake):
    fake.deploy("one", topic(TopicName="old"))
    after = topic(TopicName="new")
    after["Resources"]["Topic"]["UpdateReplacePolicy"] = "Retain"
    fake.deploy("one", topic(TopicName="old", DisplayName="x"))
    # The policy that holds is the one of the resource that goes.
    before = topic(TopicName="old", DisplayName="x")
    before["Resources"]["Topic"]["UpdateReplacePolicy"] = "Retain"
    assert fake.deploy("one", before) == "UPDATE_COMPLETE"
    assert fake.deploy("one", after) == "UPDATE_COMPLETE"
    assert sorted(fake.handlers["AWS::SNS::Topic"].live) == ["new", "old"]


def test_a_named_resource_is_not_replaced_under_its_name(fake):
    parameter = {"Type": "AWS::SSM::Parameter", "Properties": PARAMETER}
    fake.deploy("one", {"Resources": {"P": parameter}})
    bucket = {"Resources": {"Bucket": {**BUCKET, "Properties": {"BucketName": "data-bucket", "ObjectLockEnabled": True}}}}
    fake.deploy("two", {"Resources": {"Bucket": BUCKET}})
    # Object lock can be switched on in place, a FIFO topic cannot be made of another.
    assert fake.deploy("two", bucket) == "UPDATE_COMPLETE"
    fake.deploy("three", topic(TopicName="t"))
    assert fake.deploy("three", topic(TopicName="t", FifoTopic=True)) == "UPDATE_ROLLBACK_COMPLETE"
    wanted = "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename t and update the stack again."
    assert ("Topic", "UPDATE_FAILED", wanted) in fake.events("three")


def test_protection_and_policy_hold(fake):
    deny = json.dumps(
        {
            "Statement": [
                {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"},
                {"Effect": "Deny", "Action": ["Update:Replace", "Update:Delete"], "Principal": "*", "Resource": "LogicalResourceId/Topic"},
            ]
        }
    )
    both = {"Resources": {**topic(TopicName="t")["Resources"], "Bucket": BUCKET}}
    fake.deploy("one", both, StackPolicyBody=deny, EnableTerminationProtection=True)
    assert fake.api.get_stack_policy(StackName="one")["StackPolicyBody"] == deny
    assert refused(fake.api.delete_stack, StackName="one")[1] == "Stack [one] cannot be deleted while TerminationProtection is enabled"
    assert fake.deploy("one", topic(TopicName="u")) == "UPDATE_ROLLBACK_COMPLETE"
    said = "Action denied by stack policy: Statement [#2] does not allow [Update:Replace] for resource [LogicalResourceId/Topic];"
    assert ("Topic", "UPDATE_FAILED", said) in fake.events("one")
    assert fake.deploy("one", {"Resources": {"Bucket": BUCKET}}) == "UPDATE_ROLLBACK_COMPLETE"
    assert fake.deploy("one", topic(TopicName="t", DisplayName="x")) == "UPDATE_COMPLETE"
    allow = json.dumps({"Statement": [{"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}]})
    assert refused(fake.api.set_stack_policy, StackName="one", StackPolicyBody="{}")[0] == "ValidationError"
    fake.api.set_stack_policy(StackName="one", StackPolicyBody=allow)
    assert fake.deploy("one", topic(TopicName="u")) == "UPDATE_COMPLETE"
    fake.api.update_termination_protection(StackName="one", EnableTerminationProtection=False)
    fake.api.delete_stack(StackName="one")
    assert fake.wait(fake.control("state")["stacks"][0]["id"]) == "DELETE_COMPLETE"

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Change sets: what they announce, how they are executed, when they fail; imports."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("moto")
pytest.importorskip("cfnlint")
pytest.importorskip("boto3")

from tests.support.fake_stacks import fake_stacks
from tests.support.fake_stacks import refused


@pytest.fixture(scope="module")
def server():
    with fake_stacks() as found:
        yield found


@pytest.fixture
def fake(server):
    server.reset()
    return server


PARAMETER = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Name": "p", "Value": {"Ref": "Value"}}}


def template(topic=None, **more):
    resources = {"Parameter": PARAMETER, "Topic": {"Type": "AWS::SNS::Topic", "Properties": topic or {"TopicName": "t"}}}
    return {"Parameters": {"Value": {"Type": "String", "Default": "1"}}, "Resources": {**resources, **more}}


def changes(found):
    return {change["ResourceChange"]["LogicalResourceId"]: change["ResourceChange"] for change in found["Changes"]}


def test_a_stack_made_by_a_change_set(fake):
    found = fake.change_set("one", template(), ChangeSetType="CREATE", Tags=[{"Key": "owner", "Value": "us"}])
    assert found["Status"] == "CREATE_COMPLETE" and found["ExecutionStatus"] == "AVAILABLE"
    assert {name: change["Action"] for name, change in changes(found).items()} == {"Parameter": "Add", "Topic": "Add"}
    assert fake.status("one") == "REVIEW_IN_PROGRESS" and fake.handlers["AWS::SNS::Topic"].calls == []
    assert refused(fake.api.create_change_set, StackName="one", ChangeSetName="one", ChangeSetType="CREATE", TemplateBody=json.dumps(template()))[0] == (
        "AlreadyExistsException"
    )
    fake.change_set("one", template(), ChangeSetType="CREATE", name="two")
    fake.api.execute_change_set(StackName="one", ChangeSetName="one")
    assert fake.wait("one") == "CREATE_COMPLETE"
    stack = fake.api.describe_stacks(StackName="one")["Stacks"][0]
    assert stack["Tags"] == [{"Key": "owner", "Value": "us"}] and stack["ChangeSetId"] == found["ChangeSetId"]
    summaries = fake.api.list_change_sets(StackName="one")["Summaries"]
    assert [one["ChangeSetName"] for one in summaries] == ["one"]
    assert summaries[0]["ExecutionStatus"] in ("EXECUTE_IN_PROGRESS", "EXECUTE_COMPLETE")
    assert refused(fake.api.execute_change_set, ChangeSetName=found["ChangeSetId"])[0] == "InvalidChangeSetStatus"
    assert refused(fake.api.describe_change_set, StackName="one", ChangeSetName="two") == ("ChangeSetNotFound", "ChangeSet [two] does not exist")
    again = refused(fake.api.create_change_set, StackName="one", ChangeSetName="c", ChangeSetType="CREATE", TemplateBody=json.dumps(template()))
    assert again[1] == "Stack [one] already exists and cannot be created again with the changeSet [c]."


def test_a_shell_is_deleted(fake):
    fake.change_set("one", template(), ChangeSetType="CREATE")
    stack = fake.api.describe_stacks(StackName="one")["Stacks"][0]["StackId"]
    fake.api.delete_stack(StackName="one")
    assert fake.wait(stack) == "DELETE_COMPLETE"


def test_nothing_to_change(fake):
    fake.deploy("one", template())
    same = [template(), {**template(), "Description": "other words"}, json.dumps(template(), indent=4)]
    for number, body in enumerate(same):
        found = fake.change_set("one", body, name=f"c{number}")
        assert (found["Status"], found["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
        assert found["StatusReason"] == "The submitted information didn't contain changes. Submit different information to create a change set."
    wrong = refused(fake.api.execute_change_set, StackName="one", ChangeSetName="c0")
    assert wrong[0] == "InvalidChangeSetStatus" and wrong[1].endswith("cannot be executed in its current status of [FAILED]")
    fake.api.delete_change_set(StackName="one", ChangeSetName="c0")
    assert len(fake.api.list_change_sets(StackName="one")["Summaries"]) == 2
    found = fake.change_set("one", {**template(), "Outputs": {"O": {"Value": "x"}}}, name="output")
    assert found["Status"] == "CREATE_COMPLETE" and found["Changes"] == []


def test_update_replacement_and_removal_are_told_apart(fake):
    fake.deploy("one", template(Gone={"Type": "AWS::SNS::Topic", "DeletionPolicy": "Retain"}))
    given = [{"ParameterKey": "Value", "ParameterValue": "2"}]
    after = template({"TopicName": "u", "DisplayName": {"Ref": "New"}}, New={"Type": "AWS::S3::Bucket"})
    found = changes(fake.change_set("one", after, Parameters=given))
    assert {name: (change["Action"], change.get("Replacement")) for name, change in found.items()} == {
        "New": ("Add", None),
        "Parameter": ("Modify", "False"),
        "Topic": ("Modify", "True"),
        "Gone": ("Remove", None),
    }
    assert found["Gone"]["PolicyAction"] == "Retain" and found["Topic"]["PolicyAction"] == "ReplaceAndDelete"
    sources = [(one["ChangeSource"], one["Evaluation"], one.get("CausingEntity")) for one in found["Parameter"]["Details"]]
    assert sources == [("ParameterReference", "Static", "Value"), ("DirectModification", "Dynamic", None)]
    target = found["Parameter"]["Details"][0]["Target"]
    assert (target["BeforeValue"], target["AfterValue"], target["RequiresRecreation"]) == ("1", "2", "Never")
    details = {one["Target"]["Name"]: one for one in found["Topic"]["Details"]}
    assert details["TopicName"]["Target"]["RequiresRecreation"] == "Always"
    assert details["DisplayName"]["CausingEntity"] == "New" and details["DisplayName"]["Target"]["AfterValue"] == "{{changeSet:KNOWN_AFTER_APPLY}}"
    assert fake.handlers["AWS::SNS::Topic"].calls[-1][0] == "create"


def test_what_depends_on_a_changed_resource_is_conditional(fake):
    def pair(name):
        reader = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Fn::GetAtt": ["Bucket", "Arn"]}}}
        return {"Resources": {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}}, "Reader": reader}}

    fake.deploy("one", pair("first-bucket"))
    found = changes(fake.change_set("one", pair("second-bucket")))
    assert (found["Bucket"]["Replacement"], found["Reader"]["Replacement"]) == ("True", "Conditional")
    detail = found["Reader"]["Details"][0]
    assert (detail["ChangeSource"], detail["CausingEntity"], detail["Evaluation"]) == ("ResourceAttribute", "Bucket.Arn", "Dynamic")


def test_tags_policies_and_metadata_are_changes_of_their_own(fake):
    fake.deploy("one", template(), Tags=[{"Key": "a", "Value": "1"}])
    found = changes(fake.change_set("one", template(), Tags=[{"Key": "a", "Value": "2"}]))
    assert {tuple(change["Scope"]) for change in found.values()} == {("Tags",)} and {change["Replacement"] for change in found.values()} == {"False"}
    kept = template()
    kept["Resources"]["Topic"]["DeletionPolicy"] = "Retain"
    found = changes(fake.change_set("one", kept, name="two"))
    assert list(found) == ["Topic"] and found["Topic"]["Scope"] == ["DeletionPolicy"]
    fake.api.execute_change_set(StackName="one", ChangeSetName="one")
    assert fake.wait("one") == "UPDATE_COMPLETE" and fake.handlers["AWS::SNS::Topic"].calls[-1] == ("update", "t")


def test_wrong_properties_are_found_before_anything_is_made(fake):
    wrong = template({"TopicName": "t", "Colour": "red"})
    found = fake.change_set("one", wrong, ChangeSetType="CREATE")
    assert found["Status"] == "FAILED" and found["StatusReason"].startswith(
        "The following hook(s)/validation failed: [AWS::EarlyValidation::PropertyValidation]"
    )
    events = fake.api.describe_events(ChangeSetName=found["ChangeSetId"])["OperationEvents"]
    assert [(event["LogicalResourceId"], event["ValidationStatusReason"], event["ValidationPath"]) for event in events] == [
        ("Topic", "#: extraneous key [Colour] is not permitted", "/Resources/Topic/Properties")
    ]
    assert fake.change_set("one", wrong, ChangeSetType="CREATE", name="unchecked", DisableValidation=True)["Status"] == "CREATE_COMPLETE"


@pytest.mark.parametrize(
    ("created", "executed", "status"),
    [
        ({}, {}, "ROLLBACK_COMPLETE"),
        ({}, {"DisableRollback": True}, "CREATE_FAILED"),
        ({"OnStackFailure": "DO_NOTHING"}, {}, "CREATE_FAILED"),
        ({"OnStackFailure": "DELETE"}, {}, "DELETE_COMPLETE"),
    ],
)
def test_an_execution_that_fails(fake, created, executed, status):
    found = fake.change_set("one", template(), ChangeSetType="CREATE", **created)
    fake.control("faults", [{"type": "AWS::SNS::*"}])
    fake.api.execute_change_set(ChangeSetName=found["ChangeSetId"], **executed)
    assert fake.wait(found["StackId"]) == status
    if created:
        made = fake.change_set("two", template(), ChangeSetType="CREATE", **created)
        assert refused(fake.api.execute_change_set, ChangeSetName=made["ChangeSetId"], DisableRollback=True)[0] == "ValidationError"


def test_an_import(fake):
    buckets = fake.handlers["AWS::S3::Bucket"]
    buckets.live["old-bucket"] = {"BucketName": "old-bucket"}
    bucket = {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "Properties": {"BucketName": "old-bucket"}}
    wanted = [{"ResourceType": "AWS::S3::Bucket", "LogicalResourceId": "Bucket", "ResourceIdentifier": {"BucketName": "old-bucket"}}]
    arguments = {"ChangeSetType": "IMPORT", "ResourcesToImport": wanted}
    plain = {"Resources": {"Bucket": {**bucket}}}
    del plain["Resources"]["Bucket"]["DeletionPolicy"]
    assert "must have a DeletionPolicy" in refused(fake.change_set, stack="one", template=plain, **arguments)[1]
    found = fake.change_set("one", {"Resources": {"Bucket": bucket}}, **arguments)
    assert changes(found)["Bucket"]["Action"] == "Import"
    fake.api.execute_change_set(ChangeSetName=found["ChangeSetId"])
    assert fake.wait("one") == "IMPORT_COMPLETE" and buckets.calls == []
    again = refused(fake.change_set, stack="two", template={"Resources": {"Bucket": bucket}}, **arguments)
    assert "Resource old-bucket already exists in stack" in again[1]
    more = {"Resources": {"Bucket": bucket, "Extra": {"Type": "AWS::SNS::Topic"}, "Second": {**bucket, "Properties": {"BucketName": "none"}}}}
    wanted[0].update(LogicalResourceId="Second", ResourceIdentifier={"BucketName": "none"})
    assert "that are not being imported" in fake.change_set("one", more, name="two", **arguments)["StatusReason"]
    del more["Resources"]["Extra"]
    fake.change_set("one", more, name="three", **arguments)
    fake.api.execute_change_set(StackName="one", ChangeSetName="three")
    assert fake.wait("one") == "IMPORT_ROLLBACK_COMPLETE"
    assert [one["LogicalResourceId"] for one in fake.api.list_stack_resources(StackName="one")["StackResourceSummaries"]] == ["Bucket"]

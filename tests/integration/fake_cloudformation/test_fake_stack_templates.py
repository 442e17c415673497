# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the API refuses, in its words, and what templates may say."""

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


TOPIC = {"Type": "AWS::SNS::Topic"}
ROLE = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}}


def many(count):
    return {f"T{number}": TOPIC for number in range(count)}


REFUSED = {
    "no resources": ({"Resources": {}}, "At least one Resources member must be defined."),
    "unknown section": ({"Resources": {"T": TOPIC}, "Resource": {}}, "Invalid template property or properties [Resource]"),
    "unknown type": ({"Resources": {"T": {"Type": "AWS::SNS::Topik"}}}, "Unrecognized resource types: [AWS::SNS::Topik]"),
    "no type": ({"Resources": {"T": {}}}, "[/Resources/T] Every Resources object must contain a Type member."),
    "a name with a dash": ({"Resources": {"T-1": TOPIC}}, "Resource name T-1 is non alphanumeric."),
    "unknown resource property": ({"Resources": {"T": {**TOPIC, "Deletion": "Retain"}}}, "Invalid template resource property 'Deletion'"),
    "unknown policy": ({"Resources": {"T": {**TOPIC, "DeletionPolicy": "Keep"}}}, "Unrecognized DeletionPolicy Keep"),
    "a reference to nothing": (
        {"Resources": {"T": {**TOPIC, "Properties": {"DisplayName": {"Ref": "Nobody"}}}}},
        "Unresolved resource dependencies [Nobody] in the Resources block of the template",
    ),
    "an output of nothing": (
        {"Resources": {"T": TOPIC}, "Outputs": {"O": {"Value": {"Fn::Sub": "${Nobody.Arn}"}}}},
        "Unresolved resource dependencies [Nobody] in the Outputs block of the template",
    ),
    "an unknown attribute": (
        {"Resources": {"T": TOPIC}, "Outputs": {"O": {"Value": {"Fn::GetAtt": "T.Colour"}}}},
        "Template error: resource T does not support attribute type Colour in Fn::GetAtt",
    ),
    "an unknown function": ({"Resources": {"T": {**TOPIC, "Properties": {"DisplayName": {"Fn::Upper": "x"}}}}}, "unsupported function: Fn::Upper"),
    "a circle": (
        {"Resources": {"A": {**TOPIC, "DependsOn": "B"}, "B": {**TOPIC, "DependsOn": ["A"]}, "C": {**TOPIC, "DependsOn": "A"}}},
        "Circular dependency between resources: [A, B]",
    ),
    "too many resources": ({"Resources": many(501)}, "Number of resources, 501, is greater than maximum allowed, 500"),
    "too long": ({"Resources": many(3), "Description": "x" * 51_200}, "Member must have length less than or equal to 51200"),
    "a missing parameter": ({"Resources": {"T": TOPIC}, "Parameters": {"P": {"Type": "String"}}}, "Parameters: [P] must have values"),
    "a mapping without the key": (
        {
            "Resources": {"T": {**TOPIC, "Condition": "C"}},
            "Conditions": {"C": {"Fn::Equals": [{"Fn::FindInMap": ["M", "a", "b"]}, "x"]}},
            "Mappings": {"M": {}},
        },
        "Unable to get mapping for M::a::b",
    ),
}


@pytest.mark.parametrize(("template", "words"), REFUSED.values(), ids=REFUSED)
def test_templates_that_are_refused(fake, template, words):
    code, message = refused(fake.api.create_stack, StackName="one", TemplateBody=json.dumps(template))
    assert code == "ValidationError" and words in message
    assert fake.api.describe_stacks()["Stacks"] == []


def test_what_is_no_yaml_is_told_with_its_place(fake):
    assert refused(fake.api.validate_template, TemplateBody="Resources:\n  A: [")[1].startswith("Template format error: YAML not well-formed. (line 2")


PARAMETERS = [
    ({"Type": "String", "AllowedValues": ["a", "b"]}, "c", "must be one of AllowedValues"),
    ({"Type": "String", "AllowedPattern": "[a-z]+", "ConstraintDescription": "letters only"}, "1", "failed to satisfy constraint: letters only"),
    ({"Type": "String", "MinLength": 3}, "ab", "must contain at least 3 characters"),
    ({"Type": "String", "MaxLength": "1"}, "ab", "must contain at most 1 characters"),
    ({"Type": "Number", "MinValue": 3}, "2", "not less than 3"),
    ({"Type": "Number", "MaxValue": 3}, "4", "not greater than 3"),
    ({"Type": "Number"}, "x", "must be a number"),
    ({"Type": "AWS::SSM::Parameter::Value<String>"}, "/nothing", "Unable to fetch parameters [/nothing] from parameter store"),
]


@pytest.mark.parametrize(("declared", "value", "words"), PARAMETERS)
def test_parameters_that_are_refused(fake, declared, value, words):
    template = json.dumps({"Parameters": {"P": declared}, "Resources": {"T": TOPIC}})
    given = [{"ParameterKey": "P", "ParameterValue": value}]
    assert words in refused(fake.api.create_stack, StackName="one", TemplateBody=template, Parameters=given)[1]
    unknown = [{"ParameterKey": "Q", "ParameterValue": value}]
    assert refused(fake.api.create_stack, StackName="one", TemplateBody=template, Parameters=unknown)[1] == "Parameters: [Q] do not exist in the template"


@pytest.mark.parametrize(
    ("properties", "given", "needed"),
    [({}, [], "CAPABILITY_IAM"), ({"RoleName": "r"}, ["CAPABILITY_IAM"], "CAPABILITY_NAMED_IAM"), ({"RoleName": "r"}, [], "CAPABILITY_NAMED_IAM")],
)
def test_a_missing_capability(fake, properties, given, needed):
    body = json.dumps({"Resources": {"R": {**ROLE, "Properties": {**ROLE["Properties"], **properties}}}})
    wanted = ("InsufficientCapabilitiesException", f"Requires capabilities : [{needed}]")
    assert refused(fake.api.create_stack, StackName="one", TemplateBody=body, Capabilities=given) == wanted
    assert refused(fake.api.create_change_set, StackName="one", ChangeSetName="c", ChangeSetType="CREATE", TemplateBody=body, Capabilities=given) == wanted
    assert fake.api.validate_template(TemplateBody=body)["CapabilitiesReason"] == "The following resource(s) require capabilities: [AWS::IAM::Role]"


def test_stacks_that_are_not_there(fake):
    api = fake.api
    for call, more, words in (
        (api.describe_stacks, {}, "Stack with id no does not exist"),
        (api.update_stack, {"UsePreviousTemplate": True}, "Stack [no] does not exist"),
        (api.describe_stack_events, {}, "Stack [no] does not exist"),
        (api.create_change_set, {"ChangeSetName": "c", "TemplateBody": "{}"}, "Stack [no] does not exist"),
        (api.list_change_sets, {}, "Stack [no] does not exist"),
        (api.detect_stack_drift, {}, "Stack [no] does not exist"),
    ):
        assert refused(call, StackName="no", **more) == ("ValidationError", words)
    api.delete_stack(StackName="no")
    assert refused(api.create_stack, StackName="no_good", TemplateBody="{}")[1].startswith("1 validation error detected: Value 'no_good' at 'stackName'")
    fake.deploy("one", {"Resources": {"T": TOPIC}})
    assert refused(api.create_stack, StackName="one", TemplateBody=json.dumps({"Resources": {"T": TOPIC}})) == (
        "AlreadyExistsException",
        "Stack [one] already exists",
    )


EVERYTHING = """
AWSTemplateFormatVersion: 2010-09-09
Description: all of it
Parameters:
  Cidr: {Type: String, Default: 10.0.0.0/16}
  Names: {Type: CommaDelimitedList, Default: "a, b"}
  Secret: {Type: String, NoEcho: true, Default: hidden}
  Stored: {Type: "AWS::SSM::Parameter::Value<String>", Default: /stored}
Mappings: {Size: {us-east-1: {Count: 3}}}
Conditions:
  Here: !And [!Equals [!Ref "AWS::Region", us-east-1], !Not [!Equals [a, b]]]
  Nowhere: !Or [!Equals [a, b], !Condition Other]
  Other: !Not [!Condition Here]
Resources:
  Topic: {Type: AWS::SNS::Topic}
  Never: {Type: AWS::SNS::Topic, Condition: Nowhere}
Outputs:
  Sub: {Value: !Sub "${AWS::StackName}-${Topic.TopicName}-${!literal}-${AWS::Partition}"}
  SubOwn: {Value: !Sub ["${X}-${Cidr}", {X: !Select [1, !Ref Names]}]}
  Join: {Value: !Join ["+", !Split [".", !Ref Cidr]]}
  Map: {Value: !FindInMap [Size, !Ref "AWS::Region", Count]}
  If: {Value: !If [Here, positive, !Ref Never]}
  Cidr: {Value: !Select [2, !Cidr [!Ref Cidr, 4, 8]]}
  Base: {Value: {"Fn::Base64": hello}}
  Zone: {Value: !Select [0, !GetAZs ""]}
  Zones: {Value: !Select [0, {"Fn::GetAZs": eu-west-1}]}
  Account: {Value: !Ref "AWS::AccountId"}
  Suffix: {Value: !Ref "AWS::URLSuffix"}
  Stored: {Value: !Ref Stored}
  Names: {Value: !Join ["/", !Ref Names]}
  Left: {Value: never, Condition: Nowhere}
"""


def test_all_intrinsics(fake):
    fake.client("ssm").put_parameter(Name="/stored", Value="deep", Type="String", Overwrite=True)
    assert fake.deploy("one", EVERYTHING) == "CREATE_COMPLETE"
    stack = fake.api.describe_stacks(StackName="one")["Stacks"][0]
    topic = next(iter(fake.handlers["AWS::SNS::Topic"].live))
    assert {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]} == {
        "Sub": f"one-{topic}-${{literal}}-aws",
        "SubOwn": "b-10.0.0.0/16",
        "Join": "10+0+0+0/16",
        "Map": "3",
        "If": "positive",
        "Cidr": "10.0.2.0/24",
        "Base": "aGVsbG8=",
        "Zone": "us-east-1a",
        "Zones": "eu-west-1a",
        "Account": "123456789012",
        "Suffix": "amazonaws.com",
        "Stored": "deep",
        "Names": "a/b",
    }
    shown = {parameter["ParameterKey"]: parameter for parameter in stack["Parameters"]}
    assert shown["Secret"]["ParameterValue"] == "****"
    assert shown["Stored"]["ParameterValue"] == "/stored" and shown["Stored"]["ResolvedValue"] == "deep"
    assert stack["Description"] == "all of it"
    assert fake.api.get_template(StackName="one")["TemplateBody"] == EVERYTHING
    summary = fake.api.get_template_summary(StackName="one")
    assert summary["ResourceTypes"] == ["AWS::SNS::Topic"] and summary["Version"] == "2010-09-09"
    assert {item["ParameterKey"]: item["NoEcho"] for item in summary["Parameters"]} == {"Cidr": False, "Names": False, "Secret": True, "Stored": False}


def test_secrets_reach_the_handler_only(fake):
    manager = fake.client("secretsmanager")
    arn = manager.create_secret(Name="database", SecretString='{"password": "s3cret"}')["ARN"]
    fake.client("ssm").put_parameter(Name="plain", Value="from ssm", Type="String", Overwrite=True)
    references = {
        "A": "{{resolve:secretsmanager:database:SecretString:password}}",
        "B": f"{{{{resolve:secretsmanager:{arn}:SecretString:password}}}}",
        "C": "{{resolve:ssm:plain}}",
    }
    resources = {name: {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Name": name, "Value": value}} for name, value in references.items()}
    assert fake.deploy("one", {"Resources": resources}) == "CREATE_COMPLETE"
    live = fake.handlers["AWS::SSM::Parameter"].live
    assert {name: live[name]["Value"] for name in live} == {"A": "s3cret", "B": "s3cret", "C": "from ssm"}
    assert "s3cret" not in json.dumps(fake.api.describe_stack_events(StackName="one"), default=str)
    missing = {"Resources": {"D": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "{{resolve:secretsmanager:database:SecretString:user}}"}}}}
    assert fake.deploy("two", missing) == "ROLLBACK_COMPLETE"
    assert any("JSONKey user" in reason for _unused, _unused2, reason in fake.events("two"))


def test_properties_that_the_schema_does_not_know(fake):
    wrong = {"Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": {"Colour": "red", "FifoTopic": "perhaps", "ContentBasedDeduplication": "true"}}}}
    assert fake.deploy("one", wrong) == "ROLLBACK_COMPLETE"
    reason = next(reason for name, status, reason in fake.events("one") if status == "CREATE_FAILED")
    assert reason.splitlines() == [
        "Properties validation failed for resource T with message:",
        "#/FifoTopic: expected type: Boolean, found: String",
        "#: extraneous key [Colour] is not permitted",
    ]
    assert fake.handlers["AWS::SNS::Topic"].calls == []

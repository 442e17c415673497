# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates are read as CloudFormation reads them, and hostile ones do no harm."""

from __future__ import annotations

import json
import time

import pytest
import yaml

from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.templates import load
from ansible_collections.llmops.platform.plugins.module_utils._stacks.templates import problems
from ansible_collections.llmops.platform.plugins.module_utils._stacks.templates import references

VPC = {"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}}


def _problems(body: dict) -> list[str]:
    text = json.dumps(body)
    return problems(load(text), text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A: !Ref B", {"A": {"Ref": "B"}}),
        ("A: !GetAtt B.C.D", {"A": {"Fn::GetAtt": ["B", "C.D"]}}),
        ("A: !GetAtt [B, C]", {"A": {"Fn::GetAtt": ["B", "C"]}}),
        ("A: !Sub '${B}-x'", {"A": {"Fn::Sub": "${B}-x"}}),
        ("A: !If [C, !Ref X, !Ref 'AWS::NoValue']", {"A": {"Fn::If": ["C", {"Ref": "X"}, {"Ref": "AWS::NoValue"}]}}),
        ("A: !Join\n  - ','\n  - [a, b]", {"A": {"Fn::Join": [",", ["a", "b"]]}}),
        ("A: !Condition B", {"A": {"Condition": "B"}}),
        ("AWSTemplateFormatVersion: 2010-09-09", {"AWSTemplateFormatVersion": "2010-09-09"}),
        ("A: 007\nB: 1.5\nC: yes\nD: null\nE: '7'\nF: =\n", {"A": 7, "B": 1.5, "C": True, "D": None, "E": "7", "F": "="}),
        ("2012: a\ntrue: b", {"2012": "a", "true": "b"}),
        ('{"A": {"Ref": "B"}}', {"A": {"Ref": "B"}}),
        ("A: ünïcödé 🦆", {"A": "ünïcödé 🦆"}),
        ("A: !!str 7", {"A": "7"}),
        ("A: {}\nB: []", {"A": {}, "B": []}),
    ],
)
def test_read(text: str, expected: dict) -> None:
    assert load(text).body == expected


def test_the_reader_agrees_with_the_library_where_both_know_the_text() -> None:
    body = {
        "Resources": {f"R{number}": {"Type": "AWS::S3::Bucket", "Properties": {"A": [1, 2.5, True, None, "x: y", "007", "- z", "\n"]}} for number in range(50)}
    }
    assert load(yaml.safe_dump(body)).body == body == load(json.dumps(body)).body


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        (None, "is empty"),
        ("- a", "is a list"),
        ("just words", "is a str"),
        ("{", "not JSON"),
        ("a: [", "not YAML"),
        ("a: 1\na: 2", "key 'a' twice"),
        ('{"a": 1, "a": 2}', "key 'a' twice"),
        ("a: &x 1\nb: *x", "anchor or alias"),
        ("a: {<<: {b: 1}}", "YAML merge"),
        ("a: !!python/object/apply:os.system ['true']", "tag 'tag:yaml.org,2002:python/object/apply:os.system'"),
        ("a: !vault x", "tag '!vault'"),
        ("a: !!binary aGk=", "binary"),
        ("a: !!int x", "not a YAML int"),
        ("? [a, b]\n: c", "no word"),
        ("---\na: 1\n---\nb: 2", "2 YAML documents"),
        ("a: " + "[" * 5000, "nested deeper than 60"),
        ("a: " + "[" * 5000 + "]" * 5000, "nested deeper than 60"),
        ("a: " + "x" * 1_000_001, "nothing above"),
        ("a: \x00", "not YAML"),
    ],
)
def test_not_read(text: str, words: str) -> None:
    with pytest.raises(StackError, match=words):
        load(text)


def test_deep_json_ends_in_words() -> None:
    with pytest.raises(StackError, match="nested deeper"):
        load('{"a":' * 100_000 + "1" + "}" * 100_000)


def test_a_good_template_has_no_problems() -> None:
    body = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": {"Cidr": {"Type": "String"}},
        "Conditions": {"Big": {"Fn::Equals": [{"Ref": "Cidr"}, "10.0.0.0/16"]}},
        "Resources": {
            "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": {"Ref": "Cidr"}}},
            "Subnet": {"Type": "AWS::EC2::Subnet", "DependsOn": "Vpc", "Properties": {"VpcId": {"Fn::Sub": "${Vpc.VpcId}/${own}/${AWS::Region}/${!Literal}"}}},
        },
        "Outputs": {"VpcId": {"Value": {"Ref": "Vpc"}}},
    }
    body["Resources"]["Subnet"]["Properties"]["VpcId"] = {"Fn::Sub": ["${Vpc.VpcId}/${own}/${AWS::Region}/${!Literal}", {"own": "x"}]}
    assert _problems(body) == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"Resources": {}}, "no Resources"),
        ({"Resources": []}, "Resources of the template is not a map"),
        ({"Resources": {"A": None}}, "A in Resources of the template is not a map"),
        ({"Resources": {"A-b": VPC["Vpc"]}}, "no logical id"),
        ({"Resources": {"Ä": VPC["Vpc"]}}, "no logical id"),
        ({"Resources": VPC, "Transform": "AWS::Serverless-2016-10-31"}, "has a Transform"),
        ({"Resources": VPC, "Ressources": {}}, "section 'Ressources'"),
        ({"Resources": {"A": {"Type": "AWS::CloudFormation::Stack"}}}, "a nested stack"),
        ({"Resources": {"A": {"Type": "AWS::CloudFormation::StackSet"}}}, "a stack set"),
        ({"Resources": {"A": {"Type": "AWS::CloudFormation::CustomResource"}}}, "a custom resource"),
        ({"Resources": {"A": {"Type": "Custom::Thing"}}}, "a custom resource"),
        ({"Resources": {"A": {"Type": "My::Own::Thing::MODULE"}}}, "a module"),
        ({"Resources": {"A": {"Type": "VPC"}}}, "has the Type 'VPC'"),
        ({"Resources": {"A": {}}}, "has the Type None"),
        ({"Resources": {"A": {"Type": "AWS::EC2::VPC", "Propertys": {}}}}, "has 'Propertys'"),
        ({"Resources": {"A": {"Type": "AWS::EC2::VPC", "Properties": []}}}, "Properties of resource A"),
        ({"Resources": {"A": {"Type": "AWS::EC2::VPC", "Properties": {"X": {"Fn::ImportValue": "y"}}}}}, "Fn::ImportValue at Resources.A.Properties.X"),
        ({"Resources": {"A": {"Type": "AWS::EC2::VPC", "Properties": {"Fn::Transform": {"Name": "AWS::Include"}}}}}, "Fn::Transform at"),
        ({"Resources": {"A": VPC["Vpc"], "Fn::ForEach::X": ["Y", ["a"], {}]}}, "Fn::ForEach at Resources"),
        ({"Resources": {"A": {"Type": "AWS::EC2::VPC", "Properties": {"X": {"Ref": "Gone"}}}}}, "Ref in Resources names 'Gone'"),
        ({"Resources": {"A": {"Type": "AWS::EC2::VPC", "Properties": {"X": {"Fn::Sub": "a${Gone}"}}}}}, "Fn::Sub in Resources names 'Gone'"),
        ({"Resources": VPC, "Outputs": {"X": {"Value": {"Fn::GetAtt": ["Gone", "Arn"]}}}}, "Fn::GetAtt in Outputs names 'Gone'"),
        ({"Resources": VPC, "Conditions": {"X": {"Fn::Equals": [{"Ref": "Vpc"}, "a"]}}}, "Ref in Conditions names 'Vpc'"),
        ({"Resources": {"A": {"Type": "AWS::EC2::VPC", "DependsOn": ["B"]}}}, "DependsOn of resource A names 'B'"),
        ({"Resources": {"A": {"Type": "AWS::EC2::VPC", "Properties": {"X": "{{ network_cidr }}"}}}}, "left over by Jinja"),
        ({"Resources": {"A": {"Type": "AWS::EC2::VPC", "Properties": {"X": "{% if a %}"}}}}, "left over by Jinja"),
        ({"Resources": VPC, "Description": "x" * 51_200}, "bytes, more than 51200"),
        ({"Resources": VPC, "Description": "ü" * 25_600}, "bytes, more than 51200"),
        ({"Resources": {f"V{number}": VPC["Vpc"] for number in range(451)}}, "451 resources, more than 450"),
        ({"Resources": VPC, "Parameters": {f"P{number}": {"Type": "String"} for number in range(201)}}, "201 parameters, more than 200"),
        ({"Resources": VPC, "Outputs": {f"O{number}": {"Value": "x"} for number in range(201)}}, "201 outputs, more than 200"),
    ],
)
def test_problem(body: dict, words: str) -> None:
    assert any(words in problem for problem in _problems(body)), _problems(body)


def test_limits_are_met_exactly() -> None:
    full = {"Resources": {f"V{number}": {"Type": "AWS::SNS::Topic"} for number in range(450)}}
    assert _problems(full) == []
    text = json.dumps({"Resources": VPC, "Description": ""})
    padded = text.replace('"Description": ""', f'"Description": "{"x" * (51_200 - len(text))}"')
    assert len(padded) == 51_200 and problems(load(padded), padded) == []


def test_resolve_is_no_left_over() -> None:
    assert _problems({"Resources": {"A": {"Type": "AWS::RDS::DBInstance", "Properties": {"X": "{{resolve:secretsmanager:a}}"}}}}) == []


def test_references() -> None:
    value = {"a": {"Ref": "R"}, "b": [{"Fn::GetAtt": "R.Arn"}], "c": {"Fn::Sub": ["${R} ${R.Arn} ${!no} ${own}", {"own": {"Ref": "S"}}]}}
    assert set(references(value)) == {("Ref", "R", ""), ("Fn::GetAtt", "R", "Arn"), ("Fn::Sub", "R", ""), ("Fn::Sub", "R", "Arn"), ("Ref", "S", "")}


def test_ten_thousand_resources_end_in_words_and_soon() -> None:
    text = "Resources:\n" + "".join(f"  R{number}:\n    Type: AWS::SNS::Topic\n" for number in range(10_000))
    begun = time.process_time()
    assert any("10000 resources" in problem for problem in problems(load(text), text))
    assert time.process_time() - begun < 20

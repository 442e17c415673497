# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Intrinsic functions are resolved where parameters tell, and left as they are where only the service does."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._stacks.intrinsics import UNKNOWN
from ansible_collections.llmops.platform.plugins.module_utils._stacks.intrinsics import Resolver
from ansible_collections.llmops.platform.plugins.module_utils._stacks.intrinsics import same
from ansible_collections.llmops.platform.plugins.module_utils._stacks.templates import Template

BODY = {
    "Parameters": {
        "Cidr": {"Type": "String"},
        "Zones": {"Type": "CommaDelimitedList"},
        "Subnets": {"Type": "List<AWS::EC2::Subnet::Id>"},
        "Later": {"Type": "String"},
        "LaterList": {"Type": "CommaDelimitedList"},
        "Size": {"Type": "Number", "Default": 3},
        "Hidden": {"Type": "String", "NoEcho": True},
        "Stored": {"Type": "AWS::SSM::Parameter::Value<String>"},
    },
    "Mappings": {"Regions": {"us-east-1": {"Ami": "ami-1"}}},
    "Conditions": {
        "Yes": {"Fn::Equals": [{"Ref": "Cidr"}, "10.0.0.0/16"]},
        "No": {"Fn::Not": [{"Condition": "Yes"}]},
        "Later": {"Fn::Equals": [{"Ref": "Later"}, "x"]},
        "Both": {"Fn::And": [{"Condition": "Yes"}, {"Condition": "Later"}]},
        "Neither": {"Fn::And": [{"Condition": "No"}, {"Condition": "Later"}]},
        "Either": {"Fn::Or": [{"Condition": "Yes"}, {"Condition": "Later"}]},
        "Here": {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]},
        "Account": {"Fn::Equals": [{"Ref": "AWS::AccountId"}, "1"]},
        "Loop": {"Fn::Not": [{"Condition": "Pool"}]},
        "Pool": {"Fn::Not": [{"Condition": "Loop"}]},
        "Odd": {"Fn::Nothing": 1},
    },
    "Resources": {"Vpc": {"Type": "AWS::EC2::VPC"}},
}
VALUES = {"Cidr": "10.0.0.0/16", "Zones": "a, b,c", "Subnets": "s-1,s-2", "Later": UNKNOWN, "LaterList": UNKNOWN, "Hidden": "****", "Stored": "/a"}


def _resolver() -> Resolver:
    return Resolver(Template("", BODY), VALUES, "us-east-1", "shop-network")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", "plain"),
        ({"Ref": "Cidr"}, "10.0.0.0/16"),
        ({"Ref": "Zones"}, ["a", "b", "c"]),
        ({"Ref": "Subnets"}, ["s-1", "s-2"]),
        ({"Ref": "Size"}, "3"),
        ({"Ref": "Later"}, UNKNOWN),
        ({"Ref": "LaterList"}, UNKNOWN),
        ({"Ref": "Hidden"}, {"Ref": "Hidden"}),
        ({"Ref": "Stored"}, {"Ref": "Stored"}),
        ({"Ref": "Vpc"}, {"Ref": "Vpc"}),
        ({"Ref": "AWS::Region"}, "us-east-1"),
        ({"Fn::Sub": "${AWS::StackName}-nodes"}, "shop-network-nodes"),
        ({"Ref": "AWS::AccountId"}, {"Ref": "AWS::AccountId"}),
        ({"a": {"Ref": "AWS::NoValue"}, "b": [{"Ref": "AWS::NoValue"}, 1]}, {"b": [1]}),
        ({"Fn::Sub": "${Cidr} in ${AWS::Region}, ${!Literal}"}, "10.0.0.0/16 in us-east-1, ${Literal}"),
        ({"Fn::Sub": "${Vpc}-${Cidr}"}, {"Fn::Sub": "${Vpc}-10.0.0.0/16"}),
        ({"Fn::Sub": ["${a}-${b}", {"a": {"Ref": "Cidr"}, "b": "x"}]}, "10.0.0.0/16-x"),
        ({"Fn::Sub": ["${a}", {"a": {"Ref": "Vpc"}}]}, {"Fn::Sub": ["${a}", {"a": {"Ref": "Vpc"}}]}),
        ({"Fn::Sub": "x-${Later}"}, UNKNOWN),
        ({"Fn::GetAtt": ["Vpc", "CidrBlock"]}, {"Fn::GetAtt": ["Vpc", "CidrBlock"]}),
        ({"Fn::Join": ["-", ["a", {"Ref": "Cidr"}, 3]]}, "a-10.0.0.0/16-3"),
        ({"Fn::Join": ["-", {"Ref": "Zones"}]}, "a-b-c"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Vpc"}]]}, {"Fn::Join": ["-", ["a", {"Ref": "Vpc"}]]}),
        ({"Fn::Join": ["-", ["a", {"Ref": "Later"}]]}, UNKNOWN),
        ({"Fn::Select": [1, {"Ref": "Zones"}]}, "b"),
        ({"Fn::Select": ["0", {"Fn::Split": [".", "x.y"]}]}, "x"),
        ({"Fn::Select": [9, {"Ref": "Zones"}]}, {"Fn::Select": [9, ["a", "b", "c"]]}),
        ({"Fn::Select": [0, {"Fn::GetAZs": ""}]}, {"Fn::Select": [0, {"Fn::GetAZs": ""}]}),
        ({"Fn::Select": [0, {"Ref": "LaterList"}]}, UNKNOWN),
        ({"Fn::FindInMap": ["Regions", {"Ref": "AWS::Region"}, "Ami"]}, "ami-1"),
        ({"Fn::FindInMap": ["Regions", "mars", "Ami"]}, {"Fn::FindInMap": ["Regions", "mars", "Ami"]}),
        ({"Fn::If": ["Yes", "a", "b"]}, "a"),
        ({"Fn::If": ["No", "a", {"Ref": "AWS::NoValue"}]}, None),
        ({"x": {"Fn::If": ["No", "a", {"Ref": "AWS::NoValue"}]}}, {}),
        ({"Fn::If": ["Later", "a", "b"]}, UNKNOWN),
        ({"Fn::Base64": {"Ref": "Cidr"}}, {"Fn::Base64": "10.0.0.0/16"}),
        ({"Fn::Sub": 7}, {"Fn::Sub": 7}),
        ({"Fn::Join": "x"}, {"Fn::Join": "x"}),
        ({"Ref": ["x"]}, {"Ref": ["x"]}),
    ],
)
def test_value(value: Any, expected: Any) -> None:
    assert _resolver().value(value) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Yes", True),
        ("No", False),
        ("Later", None),
        ("Both", None),
        ("Neither", False),
        ("Either", True),
        ("Here", True),
        ("Account", None),
        ("Loop", None),
        ("Odd", None),
        ("Missing", None),
    ],
)
def test_condition(name: str, expected: bool | None) -> None:
    assert _resolver().condition(name) is expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (3, "3", True),
        (True, "true", True),
        (True, "True", False),
        (None, "", False),
        (None, None, True),
        (1.5, "1.5", True),
        ([1, "a"], ["1", "a"], True),
        ([1], [1, 2], False),
        ({"a": 1}, {"a": "1"}, True),
        ({"a": 1}, {"b": 1}, False),
        ({}, [], False),
        ("a", ["a"], False),
    ],
)
def test_same(left: Any, right: Any, expected: bool) -> None:
    assert same(left, right) is expected
    left, right = right, left
    assert same(left, right) is expected

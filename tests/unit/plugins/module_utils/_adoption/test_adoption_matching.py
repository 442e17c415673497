# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which live resource a declared one is, with a reader that knows a few."""

from __future__ import annotations

import pytest

pytest.importorskip("botocore")

import yaml

from ansible_collections.llmops.platform.plugins.module_utils._adoption import importing
from ansible_collections.llmops.platform.plugins.module_utils._adoption.matching import Matching
from ansible_collections.llmops.platform.plugins.module_utils._adoption.reading import next_token
from ansible_collections.llmops.platform.plugins.module_utils._adoption.values import Found
from ansible_collections.llmops.platform.plugins.module_utils._adoption.values import Values
from ansible_collections.llmops.platform.plugins.module_utils._stacks.intrinsics import UNKNOWN
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import read_graph
from ansible_collections.llmops.platform.plugins.module_utils._stacks.stateful import stack_policy
from tests.support.stack_graphs import stack
from tests.support.stack_graphs import template

A, B = "us-east-1/a", "us-east-1/b"


class Known:
    """`live`: {(type, identifier): properties}; `lists`: {operation: items}."""

    def __init__(self, live, lists=None):
        self.live, self.lists = live, lists or {}

    def properties(self, _region, kind, identifier):
        return self.live.get((kind, identifier))

    def listed(self, _region, search):
        return self.lists.get(search.operation, [])


def item(identifier, system=False, **fields):
    return {"id": identifier, "fields": fields, "system": system, "tags": {}}


def plain(kind, **properties):
    return {"Type": kind, "Properties": properties}


def matched(graph, reader, given=None, outputs=None, owned=None):
    matching = Matching(read_graph(graph), outputs or {}, owned or {}, given or {}, reader)
    matching.run()
    return matching


def test_from_the_vpc_on_over_stacks_that_do_not_exist_yet():
    network = template({"Vpc": plain("AWS::EC2::VPC", CidrBlock="10.0.0.0/16")}, (), {"VpcId": {"Ref": "Vpc"}})
    subnet = template({"One": plain("AWS::EC2::Subnet", CidrBlock="10.0.0.0/24", VpcId={"Ref": "VpcId"})}, ("VpcId",))
    graph = stack("b", subnet, parameters={"VpcId": {"stack": A, "output": "VpcId"}}) | stack("a", network)
    lists = {"DescribeSubnets": [item("subnet-9", VpcId="vpc-9", CidrBlock="10.0.0.0/24"), item("subnet-1", VpcId="vpc-1", CidrBlock="10.0.0.0/24")]}
    reader = Known({("AWS::EC2::VPC", "vpc-1"): {}, ("AWS::EC2::Subnet", "subnet-1"): {}}, lists)
    assert matched(graph, reader).found == {}
    matching = matched(graph, reader, {(A, "Vpc"): "vpc-1"})
    assert {place: (one.identifier, one.how) for place, one in matching.found.items()} == {
        (A, "Vpc"): ("vpc-1", "given"),
        (B, "One"): ("subnet-1", "VpcId, CidrBlock"),
    }


def test_a_key_is_found_by_its_alias():
    key = {"Type": "AWS::KMS::Key", "DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain", "Properties": {}}
    alias = plain("AWS::KMS::Alias", AliasName="alias/data", TargetKeyId={"Fn::GetAtt": ["Key", "Arn"]})
    live = {("AWS::KMS::Alias", "alias/data"): {"TargetKeyId": "arn:aws:kms:us-east-1:1:key/ab"}, ("AWS::KMS::Key", "ab"): {"KeyId": "ab"}}
    graph = stack("a", template({"Key": key, "Alias": alias}), protection=True, policy=stack_policy())
    matching = matched(graph, Known(live))
    assert matching.found[A, "Key"].identifier == "ab" and matching.found[A, "Key"].how == "TargetKeyId of its Alias"


def test_one_resource_cannot_be_two():
    one = plain("AWS::EC2::VPC", CidrBlock="10.0.0.0/16")
    graph = stack("a", template({"First": one, "Second": plain("AWS::EC2::VPC", CidrBlock="10.0.0.0/16")}))
    matching = matched(graph, Known({("AWS::EC2::VPC", "vpc-1"): {}}), {(A, "First"): "vpc-1", (A, "Second"): "vpc-1"})
    assert list(matching.found) == [(A, "First")]
    assert "vpc-1 is a/First already" in matching.doubts[A, "Second"]


def test_several_that_fit_are_named_and_none_is_taken():
    graph = stack("a", template({"Vpc": plain("AWS::EC2::VPC", CidrBlock="10.0.0.0/16", Tags=[{"Key": "Name", "Value": "main"}])}))
    lists = {"DescribeVpcs": [item(name, CidrBlock="10.0.0.0/16", **{"Tags.Name": "main"}) for name in ("vpc-1", "vpc-2")]}
    matching = matched(graph, Known({("AWS::EC2::VPC", "vpc-1"): {}}, lists))
    assert matching.found == {} and "vpc-1, vpc-2" in matching.doubts[A, "Vpc"] and "adopt_resources" in matching.doubts[A, "Vpc"]
    lists["DescribeVpcs"][1]["system"] = True
    assert list(matched(graph, Known({("AWS::EC2::VPC", "vpc-1"): {}}, lists)).found) == [(A, "Vpc")]


def test_an_address_goes_by_its_allocation_too():
    graph = stack("a", template({"Address": plain("AWS::EC2::EIP", Domain="vpc")}))
    lists = {"DescribeAddresses": [item("198.51.100.7|eipalloc-1")]}
    reader = Known({("AWS::EC2::EIP", "198.51.100.7|eipalloc-1"): {"AllocationId": "eipalloc-1"}}, lists)
    found = matched(graph, reader, {(A, "Address"): "eipalloc-1"}).found[A, "Address"]
    assert found.id == "198.51.100.7"
    assert importing.identifiers(found) == {"PublicIp": "198.51.100.7", "AllocationId": "eipalloc-1"}


def test_what_a_condition_leaves_out_is_not_looked_for():
    body = {"Parameters": {"On": {"Type": "String"}}, "Conditions": {"Is": {"Fn::Equals": [{"Ref": "On"}, "yes"]}}}
    body["Resources"] = {"Logs": {**plain("AWS::Logs::LogGroup", LogGroupName="/a"), "Condition": "Is"}}
    reader = Known({("AWS::Logs::LogGroup", "/a"): {}})
    for value, names in (("yes", [(A, "Logs")]), ("no", [])):
        assert list(matched(stack("a", yaml.safe_dump(body), parameters={"On": {"value": value}}), reader).found) == names


def test_functions_come_to_values_as_far_as_resources_are_known():
    resources = {"Vpc": plain("AWS::EC2::VPC", CidrBlock="10.0.0.0/16")}
    graph = read_graph(stack("a", template(resources)))
    matching = Matching(graph, {}, {}, {}, Known({}))
    arn = {"Fn::Sub": "arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:vpc/${Vpc}/${!x}"}
    blocks = {"Fn::Select": [1, {"Fn::Cidr": [{"Fn::GetAtt": ["Vpc", "CidrBlock"]}, 4, 8]}]}
    assert matching.values.resolve(graph[A], arn) == UNKNOWN and matching.values.resolve(graph[A], blocks) == UNKNOWN
    matching.found[A, "Vpc"] = Found("AWS::EC2::VPC", "vpc-1", {"CidrBlock": "10.0.0.0/16"})
    assert matching.values.resolve(graph[A], arn) == f"arn:aws:ec2:us-east-1:{graph[A].account}:vpc/vpc-1/${{x}}"
    assert matching.values.resolve(graph[A], blocks) == "10.0.1.0/24"
    assert matching.values.resolve(graph[A], [{"Ref": "AWS::NoValue"}, {"Fn::Join": ["-", ["a", {"Ref": "Vpc"}]]}]) == ["a-vpc-1"]


def test_an_import_into_a_stack_that_is_there_changes_nothing_else_of_it():
    given = stack("a", template({"New": plain("AWS::Logs::LogGroup", LogGroupName="/new")}))
    before = template({"Old": plain("AWS::Logs::LogGroup", LogGroupName={"Ref": "Name"})}, ("Name",), {"Out": {"Ref": "Old"}})
    live = {"status": "UPDATE_COMPLETE", "template": before, "parameters": {"Name": "/old"}}
    one = read_graph(given)[A]
    found = Found("AWS::Logs::LogGroup", "/new", {"LogGroupName": "/new", "Arn": "arn"})
    values = Values({A: one}, {}, {(A, "New"): found})
    made = importing.stack_of(given[A], one, live, {"New": importing.resource(one, "New", found, values, {"New"})})
    body = yaml.safe_load(made["template"])
    assert body["Outputs"] == {"Out": {"Value": {"Ref": "Old"}}} and made["parameters"] == {"Name": {"value": "/old"}}
    assert body["Resources"]["Old"] == {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": {"Ref": "Name"}}}
    new = {"Type": "AWS::Logs::LogGroup", "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain", "Properties": {"LogGroupName": "/new"}}
    assert body["Resources"]["New"] == new


REFERENCE, SECOND = {"Ref": "Vpc"}, {"Fn::GetAtt": ["Vpc", "VpcId"]}


@pytest.mark.parametrize(
    ("declared", "live", "names", "expected"),
    [
        (REFERENCE, "vpc-1", {"Vpc", "One"}, REFERENCE),
        (SECOND, "vpc-1", {"Vpc", "One"}, SECOND),
        # Its id is another one than what is live, or it is not of this import.
        (REFERENCE, "vpc-2", {"Vpc", "One"}, "vpc-2"),
        (REFERENCE, "vpc-1", {"One"}, "vpc-1"),
        ({"Fn::Sub": "${AWS::Region}-${Vpc}"}, "us-east-1-vpc-1", {"Vpc", "One"}, {"Fn::Sub": "${AWS::Region}-${Vpc}"}),
        # A parameter that the import does not have.
        ({"Fn::Sub": "${Given}-${Vpc}"}, "x-vpc-1", {"Vpc", "One"}, "x-vpc-1"),
        ({"Fn::Join": ["-", [{"Ref": "Given"}, {"Ref": "Vpc"}]]}, "x-vpc-1", {"Vpc", "One"}, {"Fn::Join": ["-", ["x", {"Ref": "Vpc"}]]}),
        ({"Ref": "Given"}, "x", {"Vpc", "One"}, "x"),
    ],
)
def test_references_within_an_import_stand_as_declared_where_they_come_to_what_is_live(declared, live, names, expected):
    subnet = plain("AWS::EC2::Subnet", CidrBlock="10.0.0.0/24", VpcId=declared)
    text = template({"Vpc": plain("AWS::EC2::VPC", CidrBlock="10.0.0.0/16"), "One": subnet}, ("Given",))
    one = read_graph(stack("a", text, parameters={"Given": {"value": "x"}}))[A]
    found = {
        (A, "Vpc"): Found("AWS::EC2::VPC", "vpc-1", {"CidrBlock": "10.0.0.0/16", "VpcId": "vpc-1"}),
        (A, "One"): Found("AWS::EC2::Subnet", "subnet-1", {"CidrBlock": "10.0.0.0/24", "VpcId": live}),
    }
    made = importing.resource(one, "One", found[A, "One"], Values({A: one}, {}, found), names)
    assert made["Properties"] == {"CidrBlock": "10.0.0.0/24", "VpcId": expected}


def test_pages_in_the_services_own_words():
    assert next_token({"NextMarker": "b", "Marker": "a", "IsTruncated": True}) == {"Marker": "b"}
    assert next_token({"Marker": "a", "IsTruncated": False}) == {}
    assert next_token({"nextToken": "c"}) == {"nextToken": "c"} and next_token({"Marker": "d"}) == {"Marker": "d"} and next_token({}) == {}

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Declared against live, and the plan of it."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._stacks import guard
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Stack
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import read_graph
from ansible_collections.llmops.platform.plugins.module_utils._stacks.planning import UNKNOWN
from ansible_collections.llmops.platform.plugins.module_utils._stacks.planning import Live
from ansible_collections.llmops.platform.plugins.module_utils._stacks.planning import compare
from ansible_collections.llmops.platform.plugins.module_utils._stacks.planning import parameter_values
from ansible_collections.llmops.platform.plugins.module_utils._stacks.planning import plan_steps
from ansible_collections.llmops.platform.plugins.module_utils._stacks.planning import resource_rows
from ansible_collections.llmops.platform.plugins.module_utils._stacks.stateful import OPEN_POLICY
from ansible_collections.llmops.platform.plugins.module_utils._stacks.stateful import stack_policy
from ansible_collections.llmops.platform.plugins.module_utils._stacks.templates import load

KEY = "us-east-1/p-e-data"
OTHER = "us-east-1/p-e-network"
BODY: dict[str, Any] = {
    "Parameters": {
        "VpcId": {"Type": "String"},
        "Size": {"Type": "String"},
        "Class": {"Type": "String", "Default": "db.m6g.large"},
        "Hidden": {"Type": "String", "NoEcho": True, "Default": "{{resolve:secretsmanager:a}}"},
    },
    "Resources": {
        "Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "x", "VpcId": {"Ref": "VpcId"}}},
        "Database": {
            "Type": "AWS::RDS::DBInstance",
            "DeletionPolicy": "RetainExceptOnCreate",
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                "AllocatedStorage": {"Ref": "Size"},
                "DBInstanceClass": {"Ref": "Class"},
                "DBInstanceIdentifier": "p-e-data",
                "DeletionProtection": True,
                "Engine": "postgres",
                "VPCSecurityGroups": [{"Ref": "Group"}],
            },
        },
    },
}
OBSERVED = {"observed": {"create": "100", "resource": "Database", "property": "AllocatedStorage", "minimum": "100"}}


def _stack(body: dict[str, Any] | None = None, **options: Any) -> Stack:
    declared = {
        "name": "p-e-data",
        "region": "us-east-1",
        "account": "123456789012",
        "template": json.dumps(BODY if body is None else body),
        "tags": {"platform": "p"},
        "policy": stack_policy(),
        "parameters": {"VpcId": {"stack": OTHER, "output": "VpcId"}, "Size": OBSERVED},
        **options,
    }
    return read_graph({KEY: declared}, outside=[OTHER])[KEY]


OUTPUTS = {OTHER: {"VpcId": "vpc-1"}}
PARAMETERS = {"VpcId": "vpc-1", "Size": "100", "Class": "db.m6g.large", "Hidden": "****"}


def _live(**options: Any) -> Live:
    found = {"status": "CREATE_COMPLETE", "text": json.dumps(BODY), "parameters": PARAMETERS, "tags": {"platform": "p", "aws:x": "y"}}
    return Live(**{**found, "policy": stack_policy(), "protection": True, **options})


def _compared(stack: Stack, live: Live, outputs: dict | None = None) -> tuple[str, ...]:
    return compare(stack, live, parameter_values(stack, OUTPUTS if outputs is None else outputs, live)).differs


@pytest.mark.parametrize(
    ("live", "outputs", "expected"),
    [
        ({}, None, ()),
        ({"text": json.dumps(BODY) + "\n"}, None, ()),
        ({"text": copy.deepcopy(BODY)}, None, ()),
        ({"parameters": {**PARAMETERS, "Size": "250"}}, None, ()),
        # Below the minimum: sent with the next update, but no reason for one.
        ({"parameters": {**PARAMETERS, "Size": "50"}}, None, ()),
        ({"status": None}, None, ("new",)),
        ({"status": "DELETE_COMPLETE"}, None, ("new",)),
        ({"status": "UPDATE_ROLLBACK_COMPLETE"}, None, ()),
        ({"status": "UPDATE_FAILED"}, None, ("status",)),
        ({"text": json.dumps(BODY, indent=1)}, None, ("template",)),
        ({"text": {**BODY, "Description": "x"}}, None, ("template",)),
        ({"parameters": {**PARAMETERS, "VpcId": "vpc-2"}}, None, ("parameters",)),
        ({"parameters": {**PARAMETERS, "Class": "db.m6g.xlarge"}}, None, ("parameters",)),
        ({}, {OTHER: {}}, ("parameters", "unknown")),
        ({"tags": {"platform": "q"}}, None, ("tags",)),
        ({"tags": {"platform": "p", "more": "x"}}, None, ("tags",)),
        ({"policy": None}, None, ("policy",)),
        ({"policy": stack_policy(["Database"])}, None, ("policy",)),
        ({"protection": False}, None, ("protection",)),
        ({"text": "", "tags": {}, "policy": None, "protection": False}, None, ("template", "tags", "policy", "protection")),
    ],
)
def test_compare(live: dict[str, Any], outputs: dict | None, expected: tuple) -> None:
    assert _compared(_stack(), _live(**live), outputs) == expected


def test_a_figure_that_operations_moved_is_no_reason_to_update() -> None:
    stack, live = _stack(), _live()
    values = parameter_values(stack, OUTPUTS, live, {"Size": "300"})
    assert values["Size"] == "300" and compare(stack, live, values).unchanged


def test_no_policy_equals_the_open_one() -> None:
    body = {"Resources": {"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}}}
    stack = _stack(body, policy=None, parameters={})
    live = _live(text=json.dumps(body), parameters={}, protection=False)
    assert _compared(stack, Live(**{**vars(live), "policy": OPEN_POLICY})) == () == _compared(stack, Live(**{**vars(live), "policy": None}))
    assert _compared(stack, live) == ("policy",)


@pytest.mark.parametrize(
    ("live", "observed", "expected"),
    [
        ({"status": None, "parameters": {}}, {}, "100"),
        ({"status": "DELETE_COMPLETE"}, {"Size": "300"}, "100"),
        ({"parameters": {"Size": "250"}}, {}, "250"),
        ({"parameters": {"Size": "250"}}, {"Size": "300"}, "300"),
        ({"parameters": {"Size": "50"}}, {}, "100"),
        ({"parameters": {}}, {}, "100"),
    ],
)
def test_parameter_values(live: dict, observed: dict, expected: str) -> None:
    assert parameter_values(_stack(), OUTPUTS, _live(**live), observed) == {"VpcId": "vpc-1", "Size": expected}
    assert parameter_values(_stack(), {}, _live(**live), observed)["VpcId"] == UNKNOWN


def _changed(**changes: Any) -> dict[str, Any]:
    """BODY with `Resource__Property` or `Resource` set; None takes away."""
    body = copy.deepcopy(BODY)
    for path, value in changes.items():
        name, _separator, prop = path.partition("__")
        place = body["Resources"][name]["Properties"] if prop else body["Resources"]
        if value is None:
            place.pop(prop or name)
        else:
            place[prop or name] = value
    return body


def _rows(after: dict | None, before: dict | str | None = "BODY", values: dict | None = None) -> dict[str, dict]:
    before = BODY if before == "BODY" else before
    templates = [None if body is None else load(json.dumps(body)) for body in (before, after)]
    found = resource_rows(*templates, PARAMETERS, PARAMETERS if values is None else {**PARAMETERS, **values}, "us-east-1")
    return {row["resource"]: row for row in found}


@pytest.mark.parametrize(
    ("after", "values", "expected"),
    [
        (BODY, {}, {}),
        (_changed(Database__DeletionProtection="true"), {}, {}),
        (_changed(Database__AllocatedStorage=100), {}, {}),
        (_changed(Database__AllocatedStorage=200), {}, {"Database": "update"}),
        (BODY, {"Size": "200"}, {"Database": "update"}),
        (BODY, {"Class": "db.m6g.xlarge"}, {"Database": "restart"}),
        (BODY, {"Class": UNKNOWN}, {"Database": "restart"}),
        (_changed(Database__KmsKeyId="k"), {}, {"Database": "replace"}),
        (_changed(Database__KmsKeyId={"Ref": "VpcId"}), {"VpcId": UNKNOWN}, {"Database": "may replace", "Group": "may replace"}),
        (_changed(Database__Engine="mysql", Database__AllocatedStorage=1), {}, {"Database": "replace"}),
        (_changed(Database__NoSuchProperty=1), {}, {"Database": "unknown"}),
        (_changed(Group__NoSuchProperty=1), {}, {"Group": "may replace", "Database": "update"}),
        (_changed(Database=None), {}, {"Database": "retain"}),
        (_changed(Group=None, Database__VPCSecurityGroups=["sg-1"]), {}, {"Group": "destroy", "Database": "update"}),
        (_changed(More={"Type": "AWS::SNS::Topic"}), {}, {"More": "create"}),
        (_changed(Group={"Type": "AWS::SNS::Topic"}), {}, {"Group": "unknown"}),
        # A new identity moves on to what refers to it.
        (_changed(Group__GroupDescription="y"), {}, {"Group": "replace", "Database": "update"}),
        (BODY, {"VpcId": "vpc-2"}, {"Group": "replace", "Database": "update"}),
        (None, {}, {"Group": "destroy", "Database": "retain"}),
    ],
)
def test_rows(after: dict | None, values: dict, expected: dict[str, str]) -> None:
    assert {name: row["action"] for name, row in _rows(after, values=values).items()} == expected


def test_a_new_stack_is_planned_from_its_template() -> None:
    rows = _rows(BODY, before=None, values={"VpcId": UNKNOWN})
    assert {name: row["action"] for name, row in rows.items()} == {"Group": "create", "Database": "create"}


def test_a_replacement_is_followed_through_references() -> None:
    before = {
        "Resources": {
            "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
            "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.0/24"}},
            "Nat": {"Type": "AWS::EC2::NatGateway", "Properties": {"SubnetId": {"Fn::GetAtt": ["Subnet", "SubnetId"]}}},
            "Topic": {"Type": "AWS::SNS::Topic", "Properties": {}},
        }
    }
    after = copy.deepcopy(before)
    after["Resources"]["Vpc"]["Properties"]["CidrBlock"] = "10.1.0.0/16"
    rows = _rows(after, before)
    assert {name: row["action"] for name, row in rows.items()} == {"Vpc": "replace", "Subnet": "replace", "Nat": "may replace"}
    assert rows["Subnet"]["properties"][0]["source"].endswith("follows Vpc")


def test_conditions_decide_which_resources_there_are() -> None:
    def body(truth: Any) -> dict:
        return {
            "Parameters": {"P": {"Type": "String"}},
            "Conditions": {"C": {"Fn::Equals": [truth, "yes"]}},
            "Resources": {"Bucket": {"Type": "AWS::S3::Bucket", "Condition": "C"}, "Topic": {"Type": "AWS::SNS::Topic"}},
        }

    assert {name: row["action"] for name, row in _rows(body("no"), body("yes")).items()} == {"Bucket": "destroy"}
    assert {name: row["action"] for name, row in _rows(body("yes"), body("no")).items()} == {"Bucket": "create"}
    unsure = _rows(body({"Ref": "P"}), body("yes"), {"P": UNKNOWN})
    assert unsure["Bucket"]["action"] == "destroy" and "not known yet" in unsure["Bucket"]["note"]


def test_values_are_masked() -> None:
    body = _changed(Database__MasterUserPassword="hunter2!", Group__Tags=[{"Key": "k", "Value": "AKIA" + "A" * 16}])
    rows = _rows(body)
    assert "hunter2!" not in json.dumps(rows) and "AKIA" not in json.dumps(rows) and "sha256:" in json.dumps(rows)


def test_steps_are_what_the_plan_prints() -> None:
    pytest.importorskip("ansible.cli", reason="ansible-test hides the controller from the tests of module_utils")
    from ansible_collections.llmops.platform.plugins.callback.plan import lines
    from ansible_collections.llmops.platform.plugins.callback.plan import steps_of

    after = _changed(Database__KmsKeyId="k", Group__GroupDescription="y", More={"Type": "AWS::SNS::Topic"})
    stack, live = _stack(after, tags={"platform": "p", "owner": "o"}), _live(protection=False, parameters={**PARAMETERS, "VpcId": "vpc-0"})
    values = parameter_values(stack, OUTPUTS, live)
    comparison = compare(stack, live, values)
    rows = resource_rows(load(json.dumps(BODY)), stack.template, live.parameters, values, stack.region)
    refusals = guard.judge_rows(KEY, rows, {})
    steps = plan_steps(stack, comparison, rows, refusals)
    assert [(step["action"], step["what"]) for step in steps] == [
        ("update", f"stack {KEY}"),
        ("refuse", f"{KEY}/Database (AWS::RDS::DBInstance)"),
        ("replace", f"{KEY}/Group (AWS::EC2::SecurityGroup)"),
        ("create", f"{KEY}/More (AWS::SNS::Topic)"),
    ]
    assert steps[0]["fields"] == ["parameter VpcId: vpc-0 -> vpc-1", "tag owner: none -> o", "termination protection: false -> true"]
    assert "KmsKeyId: none -> k" in steps[1]["fields"] and "allow.replace" in steps[1]["note"]
    printed = [text for text, _colour in lines(steps_of("host", "task", {"plan": steps}), "Plan")]
    assert "Plan: 1 to replace, 0 to destroy, 1 to update, 1 to create, 1 refused." in printed


@pytest.mark.parametrize(
    ("action", "expected", "note"),
    [
        ("create", "create", ""),
        ("update", "update", ""),
        ("restart", "update", ""),
        ("retain", "update", "stays in the account"),
        ("replace", "replace", ""),
        ("may replace", "replace", "may replace"),
        ("unknown", "replace", "may replace"),
        ("destroy", "destroy", ""),
    ],
)
def test_each_action_has_a_step(action: str, expected: str, note: str) -> None:
    (step,) = plan_steps(_stack(), compare(_stack(), _live(), PARAMETERS), [{"resource": "R", "type": "T", "action": action, "properties": [], "note": ""}])
    assert step["action"] == expected and note in step["note"]


def test_a_text_that_changes_no_resource_is_said() -> None:
    (step,) = plan_steps(_stack(), compare(_stack(), _live(text="{}"), PARAMETERS), [])
    assert step["action"] == "update" and "text only" in step["note"]
    assert plan_steps(_stack(), compare(_stack(), _live(), PARAMETERS), []) == []


def test_a_refusal_without_a_row_is_a_step() -> None:
    refusal = guard.Refusal(KEY, "Gone", "AWS::S3::Bucket", "delete", "x", "words")
    steps = plan_steps(_stack(), compare(_stack(), _live(), PARAMETERS), [], [refusal])
    assert steps == [{"action": "refuse", "what": f"{KEY}/Gone (AWS::S3::Bucket)", "fields": [], "note": "words"}]


def test_hostile_values_stay_one_printable_line() -> None:
    hostile = "{{ lookup('pipe', 'id') }}\r\n\x1b[2J" + "ü" * 500
    row = _rows(_changed(Group__GroupName=hostile))["Group"]
    (step,) = plan_steps(_stack(), compare(_stack(), _live(), PARAMETERS), [row])
    assert all(field.isprintable() and len(field) < 500 for field in step["fields"])


@pytest.mark.parametrize("seed", range(30))
def test_random_templates(seed: int) -> None:
    dice = random.Random(seed)
    kinds = {"AWS::SNS::Topic": "TopicName", "AWS::S3::Bucket": "BucketName", "AWS::EC2::Subnet": "VpcId", "AWS::RDS::DBInstance": "KmsKeyId"}

    def body() -> dict[str, Any]:
        names = [f"R{number}" for number in range(12) if dice.random() < 0.7]
        found = {}
        for name in names:
            kind = list(kinds)[int(name[1:]) % len(kinds)]
            value = dice.choice(["a", "b", {"Ref": dice.choice(names)}, {"Fn::GetAtt": [dice.choice(names), "Arn"]}])
            found[name] = {"Type": kind, "Properties": {kinds[kind]: value}}
        return {"Resources": found}

    one, two = body(), body()
    assert _rows(one, one) == {}
    forth, back = _rows(two, one), _rows(one, two)
    mirrored = {"create": {"destroy"}, "destroy": {"create"}}
    for name, row in forth.items():
        if row["action"] in mirrored:
            assert back[name]["action"] in mirrored[row["action"]]
    assert {name for name, row in forth.items() if row["action"] == "create"} == set(two["Resources"]) - set(one["Resources"])
    # Whatever happens to what holds data is refused, and with the allowances that the refusals name, nothing is.
    refusals = guard.judge_rows(KEY, forth.values(), {})
    dangerous = {
        name
        for name, row in forth.items()
        if row["action"] not in ("create", "update", "restart") and row["type"] in ("AWS::S3::Bucket", "AWS::RDS::DBInstance")
    }
    assert {refusal.resource for refusal in refusals} == dangerous
    allow = {kind: [f"{KEY}/{refusal.resource}" for refusal in refusals if refusal.action == kind] for kind in ("replace", "delete")}
    assert guard.judge_rows(KEY, forth.values(), allow) == []

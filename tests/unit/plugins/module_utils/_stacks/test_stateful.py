# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds data carries every guard, and the stack policy denies what it must."""

from __future__ import annotations

import json

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import read_graph
from ansible_collections.llmops.platform.plugins.module_utils._stacks.stateful import GUARDS
from ansible_collections.llmops.platform.plugins.module_utils._stacks.stateful import denied
from ansible_collections.llmops.platform.plugins.module_utils._stacks.stateful import stack_policy

KEY = "us-east-1/p-e-data"


def _resource(kind: str) -> dict:
    guard = GUARDS[kind]
    resource: dict = {"Type": kind, "Properties": {}}
    if guard.retained:
        resource |= {"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}
    if guard.name:
        resource["Properties"][guard.name] = "p-e-data"
    if guard.protection:
        resource["Properties"][guard.protection] = True
    if guard.update_policy:
        resource["UpdatePolicy"] = {guard.update_policy: True}
    return resource


def _problems(resource: dict, **options: object) -> list[str]:
    stack = {"name": "p-e-data", "region": "us-east-1", "account": "123456789012", "tags": {}, "policy": stack_policy()}
    stack |= {"template": json.dumps({"Resources": {"Thing": resource}}), **options}
    try:
        read_graph({KEY: stack})
    except StackError as error:
        return list(error.problems)
    return []


@pytest.mark.parametrize("kind", GUARDS)
def test_a_guarded_resource_is_taken(kind: str) -> None:
    assert _problems(_resource(kind)) == []


@pytest.mark.parametrize("kind", GUARDS)
@pytest.mark.parametrize(
    ("attribute", "words"),
    [
        ("DeletionPolicy", "set DeletionPolicy: RetainExceptOnCreate"),
        ("UpdateReplacePolicy", "set UpdateReplacePolicy: Retain"),
        ("name", "has no explicit name"),
        ("protection", "DeletionProtection"),
        ("UpdatePolicy", "set UpdatePolicy"),
    ],
)
def test_each_missing_guard_is_found(kind: str, attribute: str, words: str) -> None:
    resource, guard = _resource(kind), GUARDS[kind]
    of_service = attribute in ("name", "protection")
    had = (resource["Properties"] if of_service else resource).pop(getattr(guard, attribute) if of_service else attribute, None)
    found = _problems(resource)
    assert (len(found) == 1 and words in found[0] and found[0].startswith(f"stack {KEY}: Thing ({kind})")) if had else found == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"protection": False}, "termination protection"),
        ({"policy": None}, "may be replaced or deleted by the stack's policy"),
        ({"policy": stack_policy(["Thing"])}, "may be replaced or deleted by the stack's policy"),
        ({"policy": {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*"}]}}, "may be replaced"),
    ],
)
def test_guards_of_the_stack(options: dict, words: str) -> None:
    found = _problems(_resource("AWS::S3::Bucket"), **options)
    assert len(found) == 1 and words in found[0]


def test_logs_are_guarded_by_the_plan_alone() -> None:
    assert _problems(_resource("AWS::Logs::LogGroup"), policy=None, protection=False) == []
    assert [kind for kind, guard in GUARDS.items() if not guard.guarded_stack] == ["AWS::Logs::LogGroup"]


def test_weaker_retention_is_not_enough() -> None:
    found = _problems({**_resource("AWS::S3::Bucket"), "DeletionPolicy": "Delete", "UpdateReplacePolicy": "Snapshot"})
    assert len(found) == 2


def test_protection_may_be_a_condition() -> None:
    resource = _resource("AWS::RDS::DBInstance")
    resource["Properties"]["DeletionProtection"] = {"Fn::Equals": ["a", "a"]}
    assert _problems(resource) == []


OPEN = {"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*"}


@pytest.mark.parametrize(
    ("policy", "resource", "kind", "action", "expected"),
    [
        (None, "Db", "AWS::RDS::DBInstance", "Update:Replace", False),
        ({"Statement": []}, "Db", "AWS::RDS::DBInstance", "Update:Modify", True),
        ({"Statement": [OPEN]}, "Db", "AWS::RDS::DBInstance", "Update:Delete", False),
        (stack_policy(), "Db", "AWS::RDS::DBInstance", "Update:Replace", True),
        (stack_policy(), "Db", "AWS::RDS::DBInstance", "Update:Delete", True),
        (stack_policy(), "Db", "AWS::RDS::DBInstance", "Update:Modify", False),
        (stack_policy(), "Rule", "AWS::EC2::Route", "Update:Replace", False),
        (stack_policy(["Db"]), "Db", "AWS::RDS::DBInstance", "Update:Replace", False),
        (stack_policy(["Db"]), "Db2", "AWS::RDS::DBInstance", "Update:Replace", True),
        (
            {"Statement": [OPEN, {"Effect": "Deny", "Principal": "*", "Action": "Update:*", "Resource": "LogicalResourceId/Prod*"}]},
            "ProdDb",
            "X",
            "Update:Modify",
            True,
        ),
        ({"Statement": [OPEN, {"Effect": "Deny", "Principal": "*", "NotAction": "Update:Modify", "Resource": "*"}]}, "Db", "X", "Update:Delete", True),
        ({"Statement": [OPEN, {"Effect": "Deny", "Principal": "*", "NotAction": "Update:Modify", "Resource": "*"}]}, "Db", "X", "Update:Modify", False),
        (
            {"Statement": [OPEN, {"Effect": "Deny", "Action": "Update:*", "Resource": "*", "Condition": {"StringLike": {"ResourceType": ["AWS::RDS::*"]}}}]},
            "Db",
            "AWS::RDS::DBCluster",
            "Update:Modify",
            True,
        ),
    ],
)
def test_denied(policy: dict | None, resource: str, kind: str, action: str, expected: bool) -> None:
    assert denied(policy, resource, kind, action) is expected


@pytest.mark.parametrize("name", ["*", "a/b", "", "Dä", 7, "a-b"])
def test_allowances_are_logical_ids(name: object) -> None:
    with pytest.raises(ValueError, match="no logical id"):
        stack_policy([name])


def test_an_allowance_of_one_word_is_one() -> None:
    assert stack_policy("Db") == stack_policy(["Db"])

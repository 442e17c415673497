# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds data is neither replaced nor deleted without its name in an allowance."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._stacks.guard import allowed_ids
from ansible_collections.llmops.platform.plugins.module_utils._stacks.guard import judge_changes
from ansible_collections.llmops.platform.plugins.module_utils._stacks.guard import judge_deletion
from ansible_collections.llmops.platform.plugins.module_utils._stacks.guard import judge_rows
from ansible_collections.llmops.platform.plugins.module_utils._stacks.guard import unused
from ansible_collections.llmops.platform.plugins.module_utils._stacks.templates import Template
from ansible_collections.llmops.platform.plugins.module_utils._stacks.templates import load

KEY, NAME = "us-east-1/p-e-data", "p-e-data"
DB, GROUP = "AWS::RDS::DBInstance", "AWS::EC2::SecurityGroup"


def _row(action: str, kind: str = DB, **change: str) -> dict[str, Any]:
    changed = {"path": "KmsKeyId", "before": "a", "after": "b", "verdict": action, "source": "resource schema", "remedy": "", **change}
    return {"resource": "Database", "type": kind, "action": action, "properties": [changed], "note": ""}


@pytest.mark.parametrize(
    ("action", "refused"),
    [
        ("create", ""),
        ("update", ""),
        ("restart", ""),
        ("replace", "replace"),
        ("may replace", "replace"),
        ("unknown", "replace"),
        ("destroy", "delete"),
        ("retain", "delete"),
    ],
)
def test_rows(action: str, refused: str) -> None:
    found = judge_rows(KEY, [_row(action)], {})
    assert [one.action for one in found] == ([refused] if refused else [])
    assert judge_rows(KEY, [_row(action, GROUP)], {}) == []
    if refused:
        allowance = f'allow.{refused}: ["{KEY}/Database"]'
        assert found[0].allowance == allowance and allowance in found[0].message and "holds data" in found[0].message
        other = {"replace": "delete", "delete": "replace"}[refused]
        assert judge_rows(KEY, [_row(action)], {refused: [f"{KEY}/Database"]}) == [] == judge_rows(KEY, [_row(action)], {refused: [f"{NAME}/Database"]})
        assert judge_rows(KEY, [_row(action)], {other: [f"{KEY}/Database"]}) == found


def test_the_reason_and_the_remedy_are_said() -> None:
    (found,) = judge_rows(KEY, [_row("unknown", remedy="add a row to replacement_table.py", source="")], {})
    assert "KmsKeyId changes (its effect is not known)" in found.message and "Add a row to replacement_table.py; or, if that is meant" in found.message


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (f"{KEY}/Database", ("Database",)),
        (f"{NAME}/Database", ("Database",)),
        ("us-west-2/p-e-data/Database", ()),
        ("p-e-other/Database", ()),
        ("Database", ()),
        (f"{KEY}/*", ("*",)),
        ("*/Database", ()),
        (f"{KEY}/", ()),
        (7, ()),
    ],
)
def test_allowed_ids(entry: Any, expected: tuple) -> None:
    assert allowed_ids(KEY, {"replace": [entry]}) == expected
    assert allowed_ids(KEY, {"skip": [entry]}) == () and allowed_ids(KEY, {"skip": [entry]}, ("skip",)) == expected


@pytest.mark.parametrize("allow", [{"replace": [f"{KEY}/*"]}, {"replace": ["*"]}, {"replace": None}, {}, {"replace": ["p-e-data/database"]}])
def test_no_pattern_and_no_other_case_allows(allow: dict) -> None:
    assert len(judge_rows(KEY, [_row("replace")], allow)) == 1


def test_unused_allowances_are_said() -> None:
    found = unused({"replace": [f"{KEY}/Database", "p-e-daat/Database"], "delte": []}, [KEY])
    assert len(found) == 2 and "'p-e-daat/Database'" in found[1] and "allow.delte is not known" in found[0]
    assert unused({"replace": [f"{NAME}/Database"], "skip": None}, [KEY]) == []


def _change(
    action: str = "Modify", replacement: str | None = None, *details: dict[str, Any], name: str = "Database", kind: str = DB, **more: str
) -> dict[str, Any]:
    change = {"Action": action, "LogicalResourceId": name, "ResourceType": kind, "Details": list(details), **more}
    return {"Type": "Resource", "ResourceChange": change if replacement is None else {**change, "Replacement": replacement}}


def _detail(name: str, recreation: str = "Conditionally", evaluation: str = "Static", source: str = "DirectModification", cause: str = "") -> dict[str, Any]:
    target = {"Attribute": "Properties", "Name": name, "RequiresRecreation": recreation}
    return {"Target": target, "Evaluation": evaluation, "ChangeSource": source, **({"CausingEntity": cause} if cause else {})}


def _template(**properties: Any) -> Template:
    return load(json.dumps({"Resources": {"Database": {"Type": DB, "Properties": {"Engine": "postgres", **properties}}}}))


FROM_KEY = _detail("KmsKeyId", "Always", "Dynamic", "ResourceAttribute", "Key.Arn")
KMS = "AWS::KMS::Key"


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ([], []),
        ([{"Type": "Hook"}], []),
        ([_change("Add")], []),
        ([_change("Import")], []),
        ([_change("Remove", PolicyAction="Retain")], ["delete"]),
        ([_change("Remove", PolicyAction="Delete")], ["delete"]),
        ([_change("Dynamic")], ["replace"]),
        ([_change("Modify", "False", _detail("AllocatedStorage", "Never"))], []),
        ([_change("Modify", "True", _detail("KmsKeyId", "Always"))], ["replace"]),
        ([_change("SyncWithActual", "True", _detail("KmsKeyId", "Always"))], ["replace"]),
        ([_change("Modify", "True")], ["replace"]),
        ([_change("Modify", "Conditional")], ["replace"]),
        # The table decides: in place, restart, replacement, not known.
        ([_change("Modify", "Conditional", _detail("MultiAZ"))], []),
        ([_change("Modify", "Conditional", _detail("DBParameterGroupName"))], []),
        ([_change("Modify", "Conditional", _detail("DBSnapshotIdentifier"))], ["replace"]),
        ([_change("Modify", "Conditional", _detail("NoSuchProperty"))], ["replace"]),
        ([_change("Modify", "Conditional", _detail("MultiAZ"), _detail("Engine"))], ["replace"]),
        # By its path, where the service gives one.
        ([_change("Modify", "Conditional", {"Target": {"Attribute": "Properties", "Path": "/Properties/MultiAZ", "RequiresRecreation": "Conditionally"}})], []),
        # Tags and other attributes never replace.
        ([_change("Modify", "Conditional", {"Target": {"Attribute": "Tags", "RequiresRecreation": "Never"}})], []),
        # A reference whose resource keeps its identity cannot change.
        ([_change("Modify", "Conditional", FROM_KEY), _change("Modify", "False", name="Key", kind=KMS)], []),
        ([_change("Modify", "Conditional", FROM_KEY)], []),
        ([_change("Modify", "Conditional", FROM_KEY), _change("Add", name="Key", kind=KMS)], ["replace"]),
        ([_change("Modify", "Conditional", FROM_KEY), _change("Modify", "True", _detail("X", "Always"), name="Key", kind=GROUP)], ["replace"]),
        ([_change("Modify", "Conditional", FROM_KEY), _change("Modify", "Conditional", _detail("GroupName"), name="Key", kind=GROUP)], ["replace"]),
        ([_change("Modify", "Conditional", FROM_KEY), _change("Modify", "Conditional", _detail("Tags"), name="Key", kind=GROUP)], []),
        ([_change("Modify", "Conditional", _detail("KmsKeyId", "Always", "Dynamic", "ResourceAttribute", "Key.VersionArn"))], ["replace"]),
        ([_change("Modify", "Conditional", _detail("KmsKeyId", "Always", "Dynamic", "ResourceReference", "Key"))], []),
        ([_change("Modify", "Conditional", _detail("KmsKeyId", "Always", "Dynamic", "ParameterReference", "KeyArn"))], ["replace"]),
        # What holds no data is nobody's business here.
        ([_change("Modify", "True", _detail("GroupName", "Always"), kind=GROUP), _change("Remove", kind=GROUP)], []),
    ],
)
def test_changes(changes: list[dict[str, Any]], refused: list[str]) -> None:
    before, after = _template(DBParameterGroupName="a", MultiAZ=False), _template(DBParameterGroupName="b", MultiAZ=True)
    found = judge_changes(KEY, changes, {}, before, after)
    assert [one.action for one in found if one.resource == "Database"] == refused
    assert judge_changes(KEY, changes, {kind: [f"{KEY}/Database", f"{KEY}/Key"] for kind in ("replace", "delete")}, before, after) == []


def test_without_templates_a_condition_is_not_guessed() -> None:
    found = judge_changes(KEY, [_change("Modify", "Conditional", _detail("MultiAZ"))], {})
    assert len(found) == 1 and "replacement_table.py" in found[0].message


@pytest.mark.parametrize(
    ("kind", "policy", "refused"),
    [
        (DB, None, True),
        (DB, "Delete", True),
        (DB, "Snapshot", True),
        (DB, "Retain", False),
        (DB, "RetainExceptOnCreate", False),
        ("AWS::Logs::LogGroup", None, False),
        ("AWS::EKS::Cluster", None, False),
        (GROUP, None, False),
    ],
)
def test_deletion(kind: str, policy: str | None, refused: bool) -> None:
    resource = {"Type": kind, **({"DeletionPolicy": policy} if policy else {})}
    template = load(json.dumps({"Resources": {"Thing": resource}}))
    found = judge_deletion(KEY, template, {})
    assert [one.allowance for one in found] == ([f'allow.delete: ["{KEY}/Thing"]'] if refused else [])
    assert judge_deletion(KEY, template, {"delete": [f"{NAME}/Thing"]}) == []

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of data, in which order stacks go, and what stands against it."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._teardown import policy
from ansible_collections.llmops.platform.plugins.module_utils._teardown import survey
from ansible_collections.llmops.platform.plugins.module_utils._teardown.policy import Choices
from ansible_collections.llmops.platform.plugins.module_utils._teardown.report import lines


def row(kind, name="Thing", stack="shop-dev-data", **more):
    return {"stack": f"us-east-1/{stack}", "region": "us-east-1", "resource": name, "type": kind, "id": f"id-{name}", "protected": False, "uses": [], **more}


def choices(**names):
    return Choices(**{option: frozenset(given) for option, given in names.items()})


@pytest.mark.parametrize(
    ("kind", "names", "action", "word"),
    [
        ("AWS::RDS::DBInstance", {}, "snapshot", ""),
        ("AWS::RDS::DBInstance", {"keep": ["shop-dev-data/Thing"]}, "keep", "teardown_keep"),
        ("AWS::RDS::DBInstance", {"without_snapshot": ["shop-dev-data/Thing"]}, "delete", "teardown_without_snapshot"),
        # Named to be deleted means that its protection may go, not that there is no snapshot.
        ("AWS::RDS::DBInstance", {"delete": ["shop-dev-data/Thing"]}, "snapshot", ""),
        ("AWS::ElastiCache::ReplicationGroup", {}, "snapshot", ""),
        ("AWS::MSK::Cluster", {}, "keep", "MSK has no snapshots"),
        ("AWS::OpenSearchService::Domain", {}, "keep", "automated snapshots"),
        ("AWS::S3::Bucket", {}, "keep", "name shop-dev-data/Thing in teardown_delete"),
        ("AWS::S3::Bucket", {"delete": ["shop-dev-data/Thing"]}, "delete", "teardown_delete"),
        ("AWS::S3::Bucket", {"delete": ["shop-dev-data/Thing"], "keep": ["shop-dev-data/Thing"]}, "keep", "teardown_keep"),
        ("AWS::KMS::Key", {"delete": ["shop-dev-data/Thing"]}, "delete", "30 days"),
    ],
)
def test_decisions(kind, names, action, word):
    (found,) = policy.judged([row(kind)], choices(**names))
    assert found["action"] == action and word in found["why"]


def test_every_kind_that_holds_data_has_a_way_to_go():
    from ansible_collections.llmops.platform.plugins.module_utils._stacks.stateful import GUARDS
    from ansible_collections.llmops.platform.plugins.module_utils._teardown import looking
    from ansible_collections.llmops.platform.plugins.module_utils._teardown import removing
    from ansible_collections.llmops.platform.plugins.module_utils._teardown import snapshots

    assert {kind for kind, guard in GUARDS.items() if guard.retained} == set(policy.KINDS)
    assert {kind for kind, data in policy.KINDS.items() if data.action != "never"} == set(removing.WAYS) <= set(looking.LOOKS)
    assert {kind for kind, data in policy.KINDS.items() if data.action == "snapshot"} == set(snapshots.WAYS)


def judged_problems(rows, **names):
    given = choices(**names)
    return policy.problems(policy.judged(rows, given), given)


def test_protection_is_lifted_by_name_only():
    protected = row("AWS::RDS::DBInstance", protected=True)
    (said,) = judged_problems([protected])
    assert "shop-dev-data/Thing" in said and "teardown_delete" in said
    assert judged_problems([protected], delete=["shop-dev-data/Thing"]) == []
    assert judged_problems([protected], keep=["shop-dev-data/Thing"]) == []


def test_a_key_stays_while_something_needs_it():
    key = row("AWS::KMS::Key", "DataKey", "shop-dev-encryption", id="1234-5678")
    database = row("AWS::RDS::DBInstance", "Database", uses=["arn:aws:kms:us-east-1:123456789012:key/1234-5678"])
    (said,) = judged_problems([key, database], delete=["shop-dev-encryption/DataKey"])
    assert "shop-dev-data/Database" in said and "snapshot" in said
    named = {"delete": ["shop-dev-encryption/DataKey"], "without_snapshot": ["shop-dev-data/Database"]}
    assert judged_problems([key, database], **named) == []
    other = {**database, "uses": ["arn:aws:kms:us-east-1:123456789012:key/9999"]}
    assert judged_problems([key, other], delete=["shop-dev-encryption/DataKey"]) == []


def test_a_name_that_is_nothing_is_refused():
    assert "shop-dev-data/Thin" in judged_problems([row("AWS::S3::Bucket")], delete=["shop-dev-data/Thin"])[0]


def test_a_vault_is_never_deleted():
    (said,) = judged_problems([row("AWS::Backup::BackupVault")], delete=["shop-dev-data/Thing"])
    assert "by hand" in said


def test_kept_data_keeps_what_it_stands_on():
    rows = policy.judged([row("AWS::MSK::Cluster"), row("AWS::S3::Bucket", stack="shop-dev-storage")], Choices())
    needs = {"us-east-1/shop-dev-data": ["us-east-1/shop-dev-network"], "us-east-1/shop-dev-network": [], "us-east-1/shop-dev-storage": []}
    assert set(policy.kept_stacks(rows, needs)) == {"us-east-1/shop-dev-data", "us-east-1/shop-dev-network"}


def summary(parameters=(), outputs=(), role=None):
    return {"parameters": dict(parameters), "outputs": dict(outputs), "service_role": role, "tags": {}, "status": "CREATE_COMPLETE"}


def test_live_stacks_say_what_they_need():
    role = "arn:aws:iam::123456789012:role/shop-cloudformation"
    found = {
        "r/base": summary(outputs={"RoleArn": role}),
        "r/network": summary(outputs={"Vpc": "vpc-0123456789", "Flag": "true"}, role=role),
        "r/data": summary({"Vpc": "vpc-0123456789", "Flag": "true"}, role=role),
    }
    assert survey.inferred_edges(found) == {"r/base": set(), "r/network": {"r/base"}, "r/data": {"r/network", "r/base"}}
    assert survey.last_first(survey.edges(found, {})) == ["r/data", "r/network", "r/base"]
    # What is declared counts; what is declared and not there does not.
    declared = {"r/data": {"needs": ["r/gone", "r/base"], "parameters": {"A": {"value": "1"}}}}
    assert survey.edges(found, declared)["r/data"] == {"r/base"}


def test_an_output_of_two_stacks_says_nothing():
    found = {"r/a": summary(outputs={"X": "shared-value"}), "r/b": summary(outputs={"X": "shared-value"}), "r/c": summary({"X": "shared-value"})}
    assert survey.inferred_edges(found)["r/c"] == set()


def test_a_circle_does_not_stop_the_order():
    assert survey.last_first({"a": {"b"}, "b": {"a"}, "c": {"a"}}) == ["c", "a", "b"]


def test_lines_name_everything():
    result = {
        "snapshots": [
            {"source": "shop", "type": "AWS::RDS::DBInstance", "snapshot": "shop-1", "status": "available", "action": "taken", "size": "20 GiB", "note": ""}
        ],
        "kept": [{"stack": "us-east-1/shop-dev-storage", "resource": "Assets", "type": "AWS::S3::Bucket", "id": "assets", "why": "buckets are kept"}],
        "kept_stacks": {},
        "orphans": [{"kind": "volume", "region": "us-east-1", "id": "vol-1", "why": "by hand", "cost": "no data"}],
        "not_looked": ["volume in us-west-2: denied"],
    }
    text = "\n".join(lines(result))
    for word in ("20 GiB", "shop-dev-storage/Assets", "Stacks that stay: none", "vol-1", "costs: no data", "denied"):
        assert word in text

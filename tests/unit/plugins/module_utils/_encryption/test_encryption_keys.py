# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys: their policies by usage, their part in a multi-Region pair, and what is refused."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._encryption.keys import key_entries
from ansible_collections.llmops.platform.plugins.module_utils._encryption.policy import key_policy
from ansible_collections.llmops.platform.plugins.module_utils._encryption.stacks import key_facts
from ansible_collections.llmops.platform.plugins.module_utils._encryption.stacks import key_parameters
from ansible_collections.llmops.platform.plugins.module_utils._encryption.usages import DIRECT
from ansible_collections.llmops.platform.plugins.module_utils._encryption.usages import USAGES

USING = ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:CreateGrant")
PLACE = {"region": "us-east-1", "primary_region": "us-east-1", "replica_regions": ["us-west-2"]}


def statements(policy: dict) -> dict[str, dict]:
    found = {entry["Sid"]: entry for entry in policy["Statement"]}
    assert len(found) == len(policy["Statement"])
    return found


def via(statement: dict) -> set[str]:
    return {entry["Fn::Sub"].split(".")[0] for entry in statement["Condition"]["StringEquals"]["kms:ViaService"]}


def entries(keys: dict, **changes) -> list[dict]:
    return key_entries(keys, **{"aliases": {name: f"shop-dev-{name}" for name in keys}, **PLACE, **changes})


@pytest.mark.parametrize("usage", USAGES)
def test_no_statement_lets_the_whole_account_use_a_key(usage):
    for statement in key_policy([usage], ["vault-*"] if usage in DIRECT else [])["Statement"]:
        assert statement["Principal"] != "*" and statement["Principal"].get("AWS") != "*"
        assert "kms:*" not in statement["Action"]
        if json.dumps(statement["Principal"]).endswith(':root"}}'):
            uses = [action for action in statement["Action"] for used in USING if fnmatchcase(used, action)]
            condition = statement.get("Condition", {})
            assert not uses or "kms:ViaService" in condition.get("StringEquals", {}) or usage in ("kubernetes_secrets", *DIRECT)


@pytest.mark.parametrize("usage", USAGES)
def test_somebody_can_always_change_the_policy(usage):
    administration = statements(key_policy([usage], ["vault"]))["Administration"]
    assert {"kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:Get*"} <= set(administration["Action"])
    assert "Condition" not in administration


def test_administrators_are_named_and_the_root_user_stays():
    administration = statements(key_policy(["s3"], (), ["security", "shop-dev-cloudformation-1"]))["Administration"]
    names = [entry["Fn::Sub"].rsplit(":", 1)[1] for entry in administration["Condition"]["ArnLike"]["aws:PrincipalArn"]]
    assert names == ["root", "role/security", "role/shop-dev-cloudformation-1"]


@pytest.mark.parametrize(
    ("usages", "services", "granting"),
    [
        (["postgresql"], {"rds"}, {"rds"}),
        (
            ["postgresql", "redis", "kafka", "elasticsearch", "rabbitmq"],
            {"rds", "elasticache", "kafka", "es", "mq"},
            {"rds", "elasticache", "kafka", "es", "mq"},
        ),
        (["s3"], {"s3"}, None),
        (["secrets"], {"secretsmanager"}, None),
        (["ebs", "s3"], {"ec2", "s3"}, {"ec2"}),
        (["backup"], {"backup", "ec2", "rds", "s3"}, {"backup", "ec2", "rds", "s3"}),
        (["logs"], None, None),
        (["kubernetes_secrets"], None, None),
    ],
)
def test_services_of_a_usage(usages, services, granting):
    found = statements(key_policy(usages))
    assert ("UseThroughServices" in found) is bool(services) and ("GrantToServices" in found) is bool(granting)
    if services:
        assert via(found["UseThroughServices"]) == services
        assert found["UseThroughServices"]["Condition"]["StringEquals"]["kms:CallerAccount"] == {"Ref": "AWS::AccountId"}
        assert "kms:CreateGrant" not in found["UseThroughServices"]["Action"]
    if granting:
        assert via(found["GrantToServices"]) == granting
        assert found["GrantToServices"]["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": "true"}


def test_nodes_get_their_disks_from_auto_scaling():
    found = statements(key_policy(["ebs"]))
    for sid in ("UseByAutoScaling", "GrantByAutoScaling"):
        assert found[sid]["Principal"]["AWS"]["Fn::Sub"].endswith("role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling")
    assert found["GrantByAutoScaling"]["Action"] == ["kms:CreateGrant"]
    assert found["GrantByAutoScaling"]["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}


def test_logs_are_held_to_the_accounts_groups():
    found = statements(key_policy(["logs"]))["UseByLogs"]
    assert found["Principal"] == {"Service": {"Fn::Sub": "logs.${AWS::Region}.amazonaws.com"}}
    assert found["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"]["Fn::Sub"].endswith("${AWS::Region}:${AWS::AccountId}:log-group:*")


def test_clusters_make_grants_only_and_not_under_the_condition_that_eks_refuses():
    found = statements(key_policy(["kubernetes_secrets"]))["GrantToClusters"]
    assert found["Action"] == ["kms:CreateGrant", "kms:DescribeKey"]
    assert "kms:GrantIsForAWSResource" not in json.dumps(found)


def test_repositories_make_grants_only():
    found = statements(key_policy(["ecr"]))
    assert set(found) == {"Administration", "GrantToRepositories"}
    assert via(found["GrantToRepositories"]) == {"ecr"}


def test_alarms_may_use_the_key_of_their_topic():
    found = statements(key_policy(["notifications"]))
    assert via(found["UseThroughServices"]) == {"sns", "sqs"}
    assert {"budgets.amazonaws.com", "cloudwatch.amazonaws.com"} <= set(found["UseByAlarms"]["Principal"]["Service"])
    assert found["UseByAlarms"]["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_events_reach_topics_of_the_account_without_a_source_account_which_they_do_not_name_there():
    found = statements(key_policy(["notifications"]))["UseByEventsForTopics"]
    assert found["Principal"] == {"Service": "events.amazonaws.com"}
    topics = {"Fn::Sub": "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:*"}
    assert found["Condition"] == {"ArnLike": {"kms:EncryptionContext:aws:sns:topicArn": topics}}


def test_vault_is_the_role_that_is_named():
    (entry,) = entries({"vault": {"usage": ["vault_unseal"], "users": {"vault": "shop-dev-vault-*"}}})
    found = statements(entry["policy"])["UseByVault"]
    assert [role["Fn::Sub"].rsplit("/", 1)[1] for role in found["Condition"]["ArnLike"]["aws:PrincipalArn"]] == ["shop-dev-vault-*"]


@pytest.mark.parametrize(
    ("settings", "place", "role"),
    [
        ({"usage": ["postgresql"]}, {}, "primary"),
        ({"usage": ["postgresql", "kafka"]}, {"region": "us-west-2"}, "replica"),
        ({"usage": ["postgresql"]}, {"replica_regions": []}, "regional"),
        ({"usage": ["postgresql"]}, {"region": "eu-west-1"}, "regional"),
        ({"usage": ["kubernetes_secrets", "secrets"]}, {}, "regional"),
        ({"usage": ["kubernetes_secrets"]}, {"region": "us-west-2"}, "regional"),
        ({"usage": ["kubernetes_secrets"], "multi_region": True}, {"region": "us-west-2"}, "replica"),
        ({"usage": ["postgresql"], "multi_region": False}, {}, "regional"),
    ],
)
def test_part_in_a_pair(settings, place, role):
    (entry,) = entries({"data": settings}, **place)
    assert (entry["role"], entry["multi_region"]) == (role, role != "regional")


def test_parameters_and_facts_of_both_regions():
    keys = {"data": {"usage": ["postgresql"], "rotation_days": 180}, "cluster": {"usage": ["kubernetes_secrets"]}}
    here, there = entries(keys), entries(keys, region="us-west-2")
    assert key_parameters(here, 30, "us-east-1/shop-dev-encryption") == {
        "DeletionWindowDays": {"value": "30"},
        "ClusterAliasName": {"value": "shop-dev-cluster"},
        "ClusterRotationDays": {"value": "365"},
        "DataAliasName": {"value": "shop-dev-data"},
        "DataRotationDays": {"value": "180"},
    }
    found = key_parameters(there, 30, "us-east-1/shop-dev-encryption")
    assert found["DataPrimaryKeyArn"] == {"stack": "us-east-1/shop-dev-encryption", "output": "DataKeyArn"}
    assert "DataRotationDays" not in found and "ClusterRotationDays" in found
    assert key_facts(here, {"DataKeyArn": "arn:1"})["data"] == {
        "arn": "arn:1",
        "alias": "alias/shop-dev-data",
        "usages": ["postgresql"],
        "rotation_days": 180,
        "multi_region": True,
        "role": "primary",
    }
    assert key_facts(here, {})["cluster"]["arn"] == ""


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"data": {"usage": ["postgres"]}}, "encryption_keys.data.usage has 'postgres'; it is one of postgresql, redis"),
        ({"data": {"usage": []}}, "encryption_keys.data.usage is [];"),
        ({"data": {"usage": "s3"}}, "encryption_keys.data.usage is 's3'; list what"),
        ({"data": {"usage": ["s3"], "rotation_days": 89}}, "encryption_keys.data.rotation_days is 89; give 90 to 2560 days"),
        ({"data": {"usage": ["s3"], "rotation_days": 2561}}, "is 2561; give 90 to 2560"),
        ({"data": {"usage": ["s3"], "rotation_days": "365"}}, "is '365'; give 90 to 2560"),
        ({"data": {"usage": ["s3"], "rotation_days": True}}, "is True; give 90 to 2560"),
        ({"data": {"usage": ["s3"], "alias": "a" * 251}}, "with 251 characters; give at most 250"),
        ({"data": {"usage": ["s3"], "alias": "aws/s3"}}, "not beginning with aws/"),
        ({"data": {"usage": ["s3"], "alias": "a b"}}, "encryption_keys.data.alias is 'a b'"),
        ({"data": {"usage": ["s3"], "alias": "x"}, "other": {"usage": ["s3"], "alias": "x"}}, "encryption_keys.other.alias 'x' is another key's too"),
        ({"data": {"usage": ["s3"], "rotate": 5}}, "encryption_keys.data.rotate is unknown"),
        ({"data": {"usage": ["vault_unseal"]}}, "encryption_keys.data.users is empty"),
        ({"data": {"usage": ["s3"], "users": {"a": "b"}}}, "encryption_keys.data.users is for usages vault_unseal only"),
        ({"data": {"usage": ["vault_unseal"], "users": {"a": "${AWS::Region}"}}}, "give names of IAM roles"),
        ({"Data": {"usage": ["s3"]}}, "encryption_keys.Data: give the key a name"),
        ({"a1": {"usage": ["s3"]}, "a_1": {"usage": ["s3"]}}, "would both be called A1"),
        ({"data": None}, "encryption_keys.data is None"),
    ],
)
def test_what_is_refused(keys, said):
    with pytest.raises(ValueError) as caught:
        entries(keys)
    assert said in str(caught.value)


def test_an_administrator_is_a_name():
    with pytest.raises(ValueError, match="encryption_administrators has 'arn:aws:iam::1:role/x'"):
        entries({"data": {"usage": ["s3"]}}, administrators=["arn:aws:iam::1:role/x"])

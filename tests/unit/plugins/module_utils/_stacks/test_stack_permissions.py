# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM policies of the service role and of the controller."""

from __future__ import annotations

import fnmatch
import json

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._stacks import permissions

TABLE = {
    "AWS::EC2::VPC": {"create": ["ec2:CreateVpc", "ec2:DescribeVpcs"], "read": ["ec2:DescribeVpcs"]},
    "AWS::IAM::Role": {"create": ["iam:CreateRole", "iam:PutRolePolicy"], "read": ["iam:GetRole"]},
    "AWS::KMS::Key": {"create": ["kms:CreateKey", "kms:PutKeyPolicy"], "read": ["kms:DescribeKey"]},
    "AWS::S3::Bucket": {"create": ["s3:CreateBucket"], "read": ["s3:GetObject"]},
}
SCOPE = {
    "prefix": "llm-marketplace-production",
    "account": "123456789012",
    "regions": ["us-west-2", "us-east-1"],
    "role_name": "llm-marketplace-production-cloudformation-123456789012-us-east-1",
    "policy_names": [f"policy-{number}" for number in range(1, 11)],
}
CONTROLLER = {**SCOPE, "role_names": [SCOPE["role_name"]], "buckets": ["b-us-east-1"], "key_alias": "alias/state"}
CONTROLLER["tags"] = {"platform": "llm_marketplace", "environment": "production"}


def allowed(documents, action, resource, region="us-east-1"):
    """What IAM would answer, as far as these policies go: a deny wins."""
    answer = False
    for statement in (statement for document in documents for statement in document["Statement"]):
        actions, resources = ([value] if isinstance(value, str) else value for value in (statement["Action"], statement["Resource"]))
        matches = any(fnmatch.fnmatchcase(action, one) for one in actions) and any(fnmatch.fnmatchcase(resource, one) for one in resources)
        regions = statement.get("Condition", {}).get("StringEquals", {}).get("aws:RequestedRegion", [region])
        if matches and region in regions:
            if statement["Effect"] == "Deny":
                return False
            answer = True
    return answer


@pytest.fixture
def documents():
    return permissions.service_role_policies(TABLE, TABLE, SCOPE)


def test_it_is_the_union_of_the_handlers_and_no_more(documents):
    found = {action for document in documents for one in document["Statement"] if one["Effect"] == "Allow" for action in one["Action"]}
    assert found == {action for handlers in TABLE.values() for actions in handlers.values() for action in actions}
    assert permissions.service_role_policies(TABLE, ["AWS::EC2::VPC"], SCOPE) != documents


@pytest.mark.parametrize(
    ("action", "resource", "region", "answer"),
    [
        ("ec2:CreateVpc", "arn:aws:ec2:us-east-1:123456789012:vpc/*", "us-east-1", True),
        ("ec2:CreateVpc", "arn:aws:ec2:eu-west-1:123456789012:vpc/*", "eu-west-1", False),
        ("ec2:DeleteVpc", "arn:aws:ec2:us-east-1:123456789012:vpc/vpc-1", "us-east-1", False),
        ("s3:CreateBucket", "arn:aws:s3:::llm-marketplace-production-data", "us-east-1", True),
        ("s3:CreateBucket", "arn:aws:s3:::copilot-agent-production-data", "us-east-1", False),
        # An object's content is nothing that reading may tell.
        ("s3:GetObject", "arn:aws:s3:::copilot-agent-production-data/a", "us-east-1", False),
        ("iam:CreateRole", "arn:aws:iam::123456789012:role/llm-marketplace-production-nodes", "us-east-1", True),
        ("iam:CreateRole", "arn:aws:iam::123456789012:role/admin", "us-east-1", False),
        ("iam:PutRolePolicy", f"arn:aws:iam::123456789012:role/{SCOPE['role_name']}", "us-east-1", False),
        ("kms:CreateKey", "*", "us-west-2", True),
        ("kms:PutKeyPolicy", "arn:aws:kms:us-east-1:210987654321:key/1", "us-east-1", False),
    ],
)
def test_names_account_and_region_limit_it(documents, action, resource, region, answer):
    assert allowed(documents, action, resource, region) is answer


@pytest.mark.parametrize(
    ("action", "name", "answer"),
    [
        ("budgets:ModifyBudget", "llm-marketplace-production-monthly-0a1b2c", True),
        ("budgets:ModifyBudget", "copilot-agent-production-monthly-0a1b2c", False),
        ("budgets:DeleteBudgetAction", "llm-marketplace-production-monthly-0a1b2c", False),
    ],
)
def test_budgets_have_names_and_no_region(action, name, answer):
    table = {"AWS::Budgets::Budget": {"create": ["budgets:ModifyBudget", "budgets:ViewBudget"]}}
    documents = permissions.service_role_policies(table, list(table), SCOPE)
    # Budgets answer at one endpoint, whatever the region of the stack.
    assert allowed(documents, action, f"arn:aws:budgets::123456789012:budget/{name}", "eu-north-1") is answer


def test_it_is_split_where_one_policy_is_too_small():
    table = {f"AWS::S::T{number}": {"create": [f"service{number % 7}:CreateSomethingWithALongName{number:04}"]} for number in range(300)}
    documents = permissions.service_role_policies(table, table, SCOPE)
    assert len(documents) > 1
    assert all(permissions.size(document) <= permissions.LARGEST_POLICY for document in documents)
    # Filled, not one statement a policy.
    assert len(documents) <= sum(map(permissions.size, documents)) // permissions.LARGEST_POLICY + 1
    found = [action for document in documents for one in document["Statement"] if one["Effect"] == "Allow" for action in one["Action"]]
    assert sorted(found) == sorted(action for handlers in table.values() for actions in handlers.values() for action in actions)


def test_more_than_a_role_can_hold_is_refused():
    table = {"AWS::S::T": {"create": [f"service:CreateSomethingWithALongName{number:05}" for number in range(3000)]}}
    with pytest.raises(ValueError, match="a role has 10 at most"):
        permissions.service_role_policies(table, table, SCOPE)


def test_the_same_input_gives_the_same_text():
    shuffled = dict(reversed(TABLE.items()))
    assert json.dumps(permissions.service_role_policies(shuffled, reversed(list(TABLE)), SCOPE)) == json.dumps(
        permissions.service_role_policies(TABLE, TABLE, SCOPE)
    )


@pytest.mark.parametrize(
    ("types", "scope", "message"),
    [
        (["AWS::EC2::Moon"], {}, "AWS::EC2::Moon is not in roles/stacks/files/permissions.yml"),
        (["AWS::EC2::VPC"], {"account": 123456789012}, "account is 123456789012; give a string"),
        (["AWS::EC2::VPC"], {"regions": []}, "regions is"),
        (["AWS::EC2::VPC"], {"regions": "us-east-1"}, "give a list"),
    ],
)
def test_bad_input(types, scope, message):
    with pytest.raises(ValueError, match=message):
        permissions.service_role_policies(TABLE, types, {**SCOPE, **scope})


@pytest.mark.parametrize(
    ("action", "resource", "answer"),
    [
        ("cloudformation:CreateStack", "arn:aws:cloudformation:us-east-1:123456789012:stack/llm-marketplace-production-network/1", True),
        ("cloudformation:DeleteStack", "arn:aws:cloudformation:us-east-1:123456789012:stack/copilot-agent-production-network/1", False),
        ("cloudformation:DeleteStack", "arn:aws:cloudformation:us-east-1:123456789012:stack/shared-trail/1", False),
        ("iam:PassRole", f"arn:aws:iam::123456789012:role/{SCOPE['role_name']}", True),
        ("iam:PassRole", "arn:aws:iam::123456789012:role/llm-marketplace-production-nodes", False),
        ("s3:PutObject", "arn:aws:s3:::b-us-east-1/journal/1.json", True),
        ("s3:PutObject", "arn:aws:s3:::other/journal/1.json", False),
        ("ec2:CreateVpc", "arn:aws:ec2:us-east-1:123456789012:vpc/*", False),
        ("ce:GetCostAndUsage", "*", True),
    ],
)
def test_the_controller(action, resource, answer):
    documents = permissions.controller_policies(TABLE, ["AWS::IAM::Role", "AWS::KMS::Key"], CONTROLLER)
    assert allowed(documents, action, resource) is answer
    assert all(permissions.size(document) <= permissions.LARGEST_POLICY for document in documents)

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The budget of the inventory at the fake of AWS: made, unchanged, raised. moto cannot change a budget; the fake in front of it does."""

from __future__ import annotations

from ansible_collections.llmops.platform.plugins.module_utils._stacks.stateful import stack_policy
from tests.support.inventories import ROOT
from tests.support.role_stacks import stacks_of
from tests.support.stack_graphs import stack
from tests.support.stack_graphs import template
from tests.support.stacks import OURS

HOST, BEFORE = "cloudtolocalllm_dev_primary", "cloudtolocalllm-dev"
KEY = f"us-east-1/{BEFORE}-cost"
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
# What the budget's stack needs of those of other roles.
ROLE = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}}
MASTER = {"Type": "AWS::KMS::Key", "DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain", "Properties": {"KeyPolicy": TRUST}}
BASE = {
    **stack(f"{BEFORE}-cloudformation", template({"Role": ROLE}, outputs={"RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}}), capabilities=["CAPABILITY_IAM"]),
    **stack(f"{BEFORE}-encryption", template({"Key": MASTER}, outputs={"StorageKeyArn": {"Fn::GetAtt": ["Key", "Arn"]}}), policy=stack_policy()),
}


def rendered(**variables):
    return stacks_of("cost", ROOT / "inventories" / "dev.yml", [HOST], **variables)[HOST]


def limit(fake):
    (budget,) = fake.client("budgets", "us-east-1").describe_budgets(AccountId="123456789012")["Budgets"]
    return float(budget["BudgetLimit"]["Amount"])


def test_a_budget_is_made_kept_and_raised(fake, playbook):
    ready = playbook.run(BASE)
    assert not ready["failed"], ready.get("msg")
    first = playbook.run(rendered())
    assert not first["failed"], first.get("msg")
    assert first["stacks"][KEY]["action"] == "created" and limit(fake) == 300.0

    fake.proxy.calls.clear()
    second = playbook.run(rendered())
    assert not second["failed"] and not second["changed"] and fake.proxy.mutating(OURS) == []

    raised = playbook.run(rendered(cost_budget_monthly_usd="350.00"))
    assert not raised["failed"], raised.get("msg")
    assert raised["stacks"][KEY]["action"] == "updated" and limit(fake) == 350.0

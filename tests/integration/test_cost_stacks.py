# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The budget of role cost as it renders it, brought about at the fake of AWS: made, unchanged, changed in place, replaced, told of, taken away."""

from __future__ import annotations

from functools import partial

import pytest

pytest.importorskip("moto")
pytest.importorskip("cfnlint")

import botocore.session

from ansible_collections.llmops.platform.plugins.module_utils._stacks.stateful import stack_policy
from tests.support.inventories import ROOT
from tests.support.role_stacks import RenderingFailed
from tests.support.role_stacks import stacks_of
from tests.support.stack_graphs import stack
from tests.support.stack_graphs import template
from tests.support.stack_runs import stack_run

HOST, BEFORE = "cloudtolocalllm_dev_primary", "cloudtolocalllm-dev"
KEY = f"us-east-1/{BEFORE}-cost"
ACCOUNT = "123456789012"
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
PEOPLE = {"finance": {"protocol": "email", "endpoint": "finance@example.com"}}


def rendered(**variables):
    return stacks_of("cost", ROOT / "inventories" / "dev.yml", [HOST], **variables)[HOST]


@pytest.fixture
def run(aws, tmp_path):
    """With what the stack needs: service role and key."""
    runner = partial(stack_run, tmp_path / "state")
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}}
    key = {"Type": "AWS::KMS::Key", "DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain", "Properties": {"KeyPolicy": TRUST}}
    runner(
        stack(
            f"{BEFORE}-cloudformation",
            template({"Role": role}, outputs={"RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}}),
            capabilities=["CAPABILITY_IAM"],
        )
        | stack(f"{BEFORE}-encryption", template({"Key": key}, outputs={"StorageKeyArn": {"Fn::GetAtt": ["Key", "Arn"]}}), policy=stack_policy())
    )
    return runner


def client(service):
    return botocore.session.Session().create_client(service, region_name="us-east-1")


def budgets():
    return client("budgets").describe_budgets(AccountId=ACCOUNT)["Budgets"]


def test_a_budget_lives(run):
    graph = rendered(cost_alert_subscribers=PEOPLE)
    assert run(graph, check=True)["stacks"][KEY]["action"] == "created" and budgets() == []
    first = run(graph)["stacks"][KEY]
    assert first["action"] == "created"
    (made,) = budgets()
    assert made["BudgetName"] == first["outputs"]["BudgetName"]
    assert (float(made["BudgetLimit"]["Amount"]), made["BudgetLimit"]["Unit"], made["TimeUnit"]) == (300.0, "USD", "MONTHLY")
    of_budget = {"AccountId": ACCOUNT, "BudgetName": made["BudgetName"]}
    alerts = client("budgets").describe_notifications_for_budget(**of_budget)["Notifications"]
    assert [(alert["NotificationType"], alert["Threshold"], alert["ThresholdType"]) for alert in alerts] == [
        ("FORECASTED", 80, "PERCENTAGE"),
        ("ACTUAL", 100, "PERCENTAGE"),
        ("FORECASTED", 91, "ABSOLUTE_VALUE"),
    ]
    topic = first["outputs"]["TopicArn"]
    for alert in alerts:
        told = client("budgets").describe_subscribers_for_notification(**of_budget, Notification=alert)["Subscribers"]
        assert told == [{"SubscriptionType": "SNS", "Address": topic}]
    assert "budgets.amazonaws.com" in client("sns").get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"]
    assert [one["Endpoint"] for one in client("sns").list_subscriptions()["Subscriptions"]] == ["finance@example.com"]

    second = run(graph)
    assert (second["changed"], second["mutating_calls"]) == (False, 0)

    # Limit and people in place, whoever is told; a threshold only by another budget.
    assert run(rendered(cost_budget_monthly_usd="350.00"))["stacks"][KEY]["action"] == "updated"
    (raised,) = budgets()
    assert (raised["BudgetName"], float(raised["BudgetLimit"]["Amount"])) == (made["BudgetName"], 350.0)
    assert client("sns").list_subscriptions()["Subscriptions"] == []
    assert run(rendered(cost_alert_percent={"forecast": 90, "actual": 100}))["stacks"][KEY]["action"] == "updated"
    (other,) = budgets()
    assert other["BudgetName"] != made["BudgetName"] and other["BudgetName"].startswith(f"{BEFORE}-monthly-")
    assert run(graph, state="absent", allow={"delete": [f"{BEFORE}-cost"]})["stacks"][KEY]["action"] == "deleted"
    assert budgets() == []


def test_no_budget_no_stack():
    assert rendered(cost_budget_monthly_usd="") == {}


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"cost_budget_monthly_usd": "90"}, "cost_target_monthly_usd 91 is above cost_budget_monthly_usd 90"),
        ({"cost_alert_subscribers": {"finance": {"protocol": "email", "endpoint": "finance"}}}, "cost_alert_subscribers.finance.endpoint is 'finance'"),
    ],
)
def test_bad_input_is_refused_with_the_variable_and_the_remedy(variables, said):
    with pytest.raises(RenderingFailed) as caught:
        rendered(**variables)
    assert said in " ".join(str(caught.value).split())

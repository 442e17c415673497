# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Budgets as AWS has them: names, thresholds, filter, and what is wrong in settings."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost.budgets import budget
from ansible_collections.llmops.platform.plugins.module_utils._cost.budgets import problems
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError

SETTINGS = {
    "name": "cloudtolocalllm-dev-monthly",
    "budget": "300.00",
    "target": "91.00",
    "alert_percent": {"forecast": 80, "actual": 100},
    "subscribers": {"on-call": {"protocol": "email", "endpoint": "oncall@example.com"}},
    "tags": {"platform": "cloudtolocalllm", "environment": "dev"},
}


def test_limit_target_and_both_percentages():
    found = budget(SETTINGS)
    assert (found["amount"], type(found["amount"])) == (300, int)
    assert [(one["NotificationType"], one["ThresholdType"], one["Threshold"]) for one in found["notifications"]] == [
        ("FORECASTED", "PERCENTAGE", 80),
        ("ACTUAL", "PERCENTAGE", 100),
        ("FORECASTED", "ABSOLUTE_VALUE", 91),
    ]
    assert found["filter"]["And"] == [
        {"Tags": {"Key": "environment", "Values": ["dev"]}},
        {"Tags": {"Key": "platform", "Values": ["cloudtolocalllm"]}},
        {"Not": {"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Credit", "Refund"]}}},
    ]
    assert found["subscribers"] == [{"id": "SubscriptionOnCall", "protocol": "email", "endpoint": "oncall@example.com"}]


def test_the_name_changes_with_the_notifications_and_with_nothing_else():
    name = budget(SETTINGS)["name"]
    assert name.startswith("cloudtolocalllm-dev-monthly-") and len(name) == len("cloudtolocalllm-dev-monthly-") + 6
    assert budget(SETTINGS | {"budget": "400.00", "subscribers": {}})["name"] == name
    assert budget(SETTINGS | {"target": "90.00"})["name"] != name
    assert budget(SETTINGS | {"alert_percent": {"forecast": 81, "actual": 100}})["name"] != name
    assert len(budget(SETTINGS | {"name": "x" * 200})["name"]) == 100


def test_cents_stay():
    assert budget(SETTINGS | {"budget": "300.55"})["amount"] == 300.55


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"budget": 300.5}, "decimal number in quotes"),
        ({"budget": "0"}, "cost_budget_monthly_usd is '0'; give US dollars a month from 0.1"),
        ({"budget": "-300"}, "give US dollars a month"),
        ({"budget": "10000000000"}, "give US dollars a month"),
        ({"target": "301"}, "cost_target_monthly_usd 301 is above cost_budget_monthly_usd 300"),
        ({"alert_percent": {"forecast": 0}}, "cost_alert_percent.forecast is 0; give a whole percentage"),
        ({"alert_percent": {"forecast": "80"}}, "give a whole percentage"),
        ({"alert_percent": {"forecasted": 80}}, "cost_alert_percent has forecasted; it takes forecast and actual"),
        ({"alert_percent": {}, "target": ""}, "a budget that tells nobody is none"),
        ({"subscribers": {"a": {"protocol": "sms", "endpoint": "1"}}}, "cost_alert_subscribers.a.protocol is 'sms'"),
        ({"subscribers": {"a": {"protocol": "email", "endpoint": "nobody"}}}, "cost_alert_subscribers.a.endpoint is 'nobody'"),
        ({"tags": {"platform": ""}}, "filtered by tag platform and its value is empty"),
    ],
)
def test_wrong_settings_are_named_and_refused(settings, said):
    (problem,) = problems(SETTINGS | settings)
    assert said in problem
    with pytest.raises(CostError):
        budget(SETTINGS | settings)


def test_settings_as_they_should_be_have_no_problem():
    assert problems(SETTINGS) == []

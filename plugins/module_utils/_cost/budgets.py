# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""A monthly budget of AWS Budgets, and who is told.

https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_CreateBudget.html
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import decimal
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain

# Of the API: a notification's threshold may be 0.1 to 1,000,000,000.
LEAST, MOST = Decimal("0.1"), Decimal(1_000_000_000)
KINDS = {"forecast": "FORECASTED", "actual": "ACTUAL"}
PROTOCOLS = {
    "email": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "https": r"https://\S+",
    "lambda": r"arn:aws[a-z-]*:lambda:\S+",
    "sqs": r"arn:aws[a-z-]*:sqs:\S+",
}
LONGEST = 100


def problems(settings: Mapping[str, Any]) -> list[str]:
    """What is wrong in `{budget, target, alert_percent, subscribers, tags}`, a text each with variable and remedy."""
    found = []
    try:
        limit = _positive(settings["budget"], "cost_budget_monthly_usd")
        if settings.get("target"):
            target = _positive(settings["target"], "cost_target_monthly_usd")
            if target > limit:
                found.append(
                    f"cost_target_monthly_usd {plain(target)} is above cost_budget_monthly_usd {plain(limit)}; a target is what should be spent, below it"
                )
    except CostError as error:
        found.append(str(error))
    unknown = sorted(set(settings["alert_percent"]) - set(KINDS))
    if unknown:
        found.append(f"cost_alert_percent has {', '.join(unknown)}; it takes {' and '.join(KINDS)}")
    for kind in sorted(set(settings["alert_percent"]) & set(KINDS)):
        value = settings["alert_percent"][kind]
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1000:
            found.append(f"cost_alert_percent.{kind} is {value!r}; give a whole percentage from 1 to 1000")
    if not settings["alert_percent"] and not settings.get("target"):
        found.append("cost_alert_percent is empty and there is no cost_target_monthly_usd; a budget that tells nobody is none: give a percentage")
    for name, subscriber in sorted(settings["subscribers"].items()):
        protocol, endpoint = subscriber.get("protocol"), str(subscriber.get("endpoint", ""))
        if protocol not in PROTOCOLS:
            found.append(f"cost_alert_subscribers.{name}.protocol is {protocol!r}; give one of {', '.join(PROTOCOLS)}")
        elif not re.fullmatch(PROTOCOLS[protocol], endpoint):
            found.append(f"cost_alert_subscribers.{name}.endpoint is {endpoint!r}, which is no address for {protocol}; correct it")
    for tag, value in sorted(settings["tags"].items()):
        if not value:
            found.append(f"the budget is filtered by tag {tag} and its value is empty; a budget for everything that bears no tag is none of this platform")
    return found


def budget(settings: Mapping[str, Any]) -> dict[str, Any]:
    """`{name, amount, filter, notifications, subscribers}` as properties of AWS::Budgets::Budget and AWS::SNS::Subscription.

    The name ends in a digest of the notifications: CloudFormation can only replace a budget whose notifications change, and no two budgets share a name.
    Credits and refunds do not count: they would hide a rise until they are used up. Raises CostError.
    """
    wrong = problems(settings)
    if wrong:
        raise CostError("; ".join(wrong))
    notifications = [_notification(KINDS[kind], settings["alert_percent"][kind], "PERCENTAGE") for kind in KINDS if kind in settings["alert_percent"]]
    if settings.get("target"):
        notifications.append(_notification("FORECASTED", _number(decimal(settings["target"], "cost_target_monthly_usd")), "ABSOLUTE_VALUE"))
    digest = hashlib.sha256(json.dumps(notifications, sort_keys=True).encode()).hexdigest()[:6]
    tags = [{"Tags": {"Key": key, "Values": [value]}} for key, value in sorted(settings["tags"].items())]
    apart = {"Not": {"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Credit", "Refund"]}}}
    return {
        "name": f"{settings['name'][: LONGEST - len(digest) - 1]}-{digest}",
        "amount": _number(decimal(settings["budget"], "cost_budget_monthly_usd")),
        "filter": {"And": [*tags, apart]} if tags else apart,
        "notifications": notifications,
        "subscribers": [
            {"id": "Subscription" + re.sub(r"[^A-Za-z0-9]", "", name.title()), "protocol": one["protocol"], "endpoint": one["endpoint"]}
            for name, one in sorted(settings["subscribers"].items())
        ],
    }


def _positive(value: Any, what: str) -> Decimal:
    found = decimal(value, what)
    if not LEAST <= found <= MOST:
        raise CostError(f"{what} is {value!r}; give US dollars a month from {LEAST} to {MOST}")
    return found


def _number(value: Decimal) -> int | float:
    """A template has numbers; of dollars with cents none loses a digit."""
    return int(value) if value == value.to_integral_value() else float(value)


def _notification(kind: str, threshold: float, threshold_type: str) -> dict[str, Any]:
    return {"NotificationType": kind, "ComparisonOperator": "GREATER_THAN", "Threshold": threshold, "ThresholdType": threshold_type}

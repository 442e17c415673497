# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""CloudWatch: alarms, dashboards, log groups, Container Insights, Application Signals, notifications."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import stored
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import used
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import amount
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import layered
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import HOURS
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import fixed

MILLIONTH = Decimal("0.000001")
# A metric written each minute all month, in millions.
OBSERVATIONS = HOURS * 60 * MILLIONTH
MOST_DAYS = Decimal(36_500)


def lines(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """Alarms of ordinary resolution with one metric each, dashboards, GB of logs.

    The account's free alarms (10) and dashboards (3) are not taken off: several platforms share them. What is stored of the logs is their mean retention's:
    `cloudwatch_log_gb x mean days / (365 / 12) x 0.15`. Insights: metrics x 60 x 730 observations.
    Application Signals are billed by GB in an account with Transaction Search and by number in one without. Raises CostError naming the variable.
    """
    if place.provider != "aws":
        return []
    found = []
    for service, variable, sku, unit, resource in (
        ("alarms", "cloudwatch_alarms", "aws/cloudwatch/alarm", "alarm-month", "AWS::CloudWatch::Alarm"),
        ("dashboards", "cloudwatch_dashboards", "aws/cloudwatch/dashboard", "dashboard-month", "AWS::CloudWatch::Dashboard"),
    ):
        number = len(layered(variables, variable))
        if number:
            found.append(Line(place, "cloudwatch", service, service, sku, fixed(number), unit, resource, labels={"names": str(number)}))
    found += _logs(variables, place)
    notifications = {"factor": MILLIONTH, "resource": "AWS::SNS::Topic"}
    found.append(used(place, "cloudwatch", "alarms", "notifications", "aws/sns/requests-1m", "1m requests", variables, "notifications", **notifications))
    if variables.get("cloudwatch_container_insights", True) and variables.get("cloudwatch_eks", True):
        sku, resource = "aws/cloudwatch/insights-observations-1m", "AWS::EKS::Addon"
        found.append(
            used(place, "cloudwatch", "insights", "observations", sku, "1m observations", variables, "insights_metrics", factor=OBSERVATIONS, resource=resource)
        )
        if variables.get("cloudwatch_application_signals"):
            found.append(used(place, "cloudwatch", "insights", "signals", "aws/cloudwatch/signals-gb", "GB", variables, "signals_gb", resource=resource))
            sku = "aws/cloudwatch/signals-1m"
            found.append(
                used(place, "cloudwatch", "insights", "signals by number", sku, "1m signals", variables, "signals", factor=MILLIONTH, resource=resource)
            )
    return found


def _logs(variables: Mapping[str, Any], place: Place) -> list[Line]:
    groups = layered(variables, "cloudwatch_log_groups")
    if not groups:
        return []
    otherwise = variables.get("cloudwatch_log_retention_days", 30)
    days = [amount((group or {}).get("retention_days", otherwise), f"cloudwatch_log_groups.{name}.retention_days", MOST_DAYS) for name, group in groups.items()]
    mean = sum(days, Decimal(0)) / len(days)
    resource, labels = "AWS::Logs::LogGroup", {"groups": str(len(groups)), "retention_days": f"{mean:.0f}"}
    common = {"resource": resource, "labels": labels}
    sku = "aws/cloudwatch/logs-store"
    factor = stored(mean)
    return [
        used(place, "cloudwatch", "logs", "log ingestion", "aws/cloudwatch/logs-ingest", "GB", variables, "cloudwatch_log_gb", **common),
        used(place, "cloudwatch", "logs", "log storage", sku, "GB-month", variables, "cloudwatch_log_gb", factor=factor, **common),
    ]

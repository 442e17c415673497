# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What others are told of the role's work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.dashboards import namespaces_shown
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.metrics import SIGNALS


def signals_shown(
    alarms: Mapping[str, Any], dashboards: Mapping[str, Any], panels: Mapping[str, Mapping[str, Any]], metrics: Mapping[str, Mapping[str, Any]]
) -> bool:
    """Whether an alarm or a panel needs signals of the services. What is wrong with an alarm is said elsewhere."""
    used = {metrics[entry["metric"]]["namespace"] for entry in alarms.values() if isinstance(entry, Mapping) and entry.get("metric") in metrics}
    return SIGNALS in used | namespaces_shown(dashboards, panels, metrics)


def facts(plan: Mapping[str, Any], outputs: Mapping[str, str]) -> dict[str, Any]:
    """`{topic_arn, log_groups: {component: {name, arn, retention_days}}, alarms: {name: alarm's name}, dashboards: {name: dashboard's name}}`.

    `plan`: `{groups, alarms, dashboards}` as the filters give them. ARNs are empty while the stack does not exist.
    """
    return {
        "topic_arn": outputs.get("TopicArn", ""),
        "log_groups": {
            group["component"]: {"name": group["name"], "arn": outputs.get(f"{group['id']}Arn", ""), "retention_days": group["retention_days"]}
            for group in plan["groups"]
        },
        "alarms": {alarm["name"]: alarm["properties"]["AlarmName"] for alarm in plan["alarms"]},
        "dashboards": {dashboard["name"]: dashboard["title"] for dashboard in plan["dashboards"]},
    }

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Log groups: names, and days that CloudWatch Logs can keep."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.naming import identity

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
# What the add-on writes to: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-EKS-logs.html
# `performance` holds the figures from which the metrics are made.
INSIGHTS = ("application", "dataplane", "host", "performance")
OPTIONS = {"retention_days", "apps", "namespaces", "containers"}
# Parts of the cluster itself have no service of theirs.
KNOWN = {
    "cluster": {"namespaces": ["kube-system"]},
    "network": {"containers": ["aws-node", "calico-node", "cilium-agent", "coredns", "kube-proxy"]},
}


def days_problem(days: Any) -> str:
    """Why CloudWatch Logs does not take the number of days, empty if it does."""
    if days in DAYS and not isinstance(days, bool):
        return ""
    if isinstance(days, bool) or not isinstance(days, int) or days < 1:
        return f"is {days!r}; give a number of days, one of {', '.join(map(str, DAYS))}"
    place = bisect_left(DAYS, days)
    near = DAYS[max(place - 1, 0) : place + 1]
    return f"is {days}, which CloudWatch Logs does not take; the nearest {'are' if len(near) > 1 else 'is'} {' and '.join(map(str, near))}"


def log_groups(entries: Mapping[str, Any], settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`[{id, component, name, retention_days, apps, namespaces, containers}]`: those of the components and, where containers are measured, of the add-on.

    `entries`: as cloudwatch_log_groups. `settings`: `{prefix, retention_days, cluster, insights}`. Raises ValueError naming variable and remedy.
    """
    if problem := days_problem(settings["retention_days"]):
        raise ValueError(f"cloudwatch_log_retention_days {problem}")
    found, ids = [], {}
    for component, given in sorted(entries.items()):
        where = f"cloudwatch_log_groups.{component}"
        entry = {} if given is None else given
        if not isinstance(entry, Mapping) or set(entry) - OPTIONS:
            raise ValueError(f"{where} is {entry!r}; give {{retention_days, apps, namespaces, containers}}, any of them")
        days = entry.get("retention_days", settings["retention_days"])
        if problem := days_problem(days):
            raise ValueError(f"{where}.retention_days {problem}")
        if component in INSIGHTS:
            raise ValueError(f"{where}: this name is that of a group of the add-on, whose days are cloudwatch_log_retention_days; rename the component")
        group = identity(component, "LogGroup", "cloudwatch_log_groups", ids)
        found.append(
            {"id": group, "component": component, "name": f"{settings['prefix']}/{component}", "retention_days": days, **_whose(where, component, entry)}
        )
    for part in INSIGHTS if settings["insights"] else ():
        group = identity(f"insights-{part}", "LogGroup", "cloudwatch_log_groups", ids)
        name = f"/aws/containerinsights/{settings['cluster']}/{part}"
        nobody: dict[str, Any] = {"apps": [], "namespaces": [], "containers": []}
        found.append({"id": group, "component": f"insights-{part}", "name": name, "retention_days": settings["retention_days"], **nobody})
    return found


def _whose(where: str, component: str, entry: Mapping[str, Any]) -> dict[str, list[str]]:
    """Whose containers' logs it has: by default those of the service that is called like it."""
    chosen = {key: entry[key] for key in ("apps", "namespaces", "containers") if key in entry} or KNOWN.get(component) or {"apps": [component]}
    whole = {key: list(chosen.get(key, [])) for key in ("apps", "namespaces", "containers")}
    for key, names in whole.items():
        if not all(isinstance(name, str) and name for name in names):
            raise ValueError(f"{where}.{key} is {names!r}; give a list of names")
    return whole

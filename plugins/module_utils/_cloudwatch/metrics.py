# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Metrics by short names: what CloudWatch calls them, and in which unit, over which dimensions and how often they come."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# Metrics of Container Insights, one value a minute:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-EKS.html
# and with enhanced observability, which the add-on brings:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-enhanced-EKS.html
INSIGHTS = "ContainerInsights"
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AppSignals-MetricsCollected.html
SIGNALS = "ApplicationSignals"
# What a metric of each namespace is about, besides what `dimensions` of an alarm say.
CLUSTER = {INSIGHTS: ("ClusterName",), SIGNALS: ("Environment",)}
# The unit and what it can be at most (None: no end); nothing here is below zero.
UNITS = {
    "percent": ("Percent", 100.0),
    "count": ("Count", None),
    "count_per_second": ("Count/Second", None),
    "bytes": ("Bytes", None),
    "bytes_per_second": ("Bytes/Second", None),
    "seconds": ("Seconds", None),
    "milliseconds": ("Milliseconds", None),
    "none": ("None", None),
}
STATISTICS = ("Average", "Maximum", "Minimum", "SampleCount", "Sum")
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
EXTENDED = re.compile(r"(?:p|tm|tc|ts|wm)(?:100|\d{1,2}(?:\.\d{1,10})?)|(?:IQM)|(?:PR|TM|TC|TS|WM)\([0-9.%:]+\)")
OPTIONS = {"namespace", "name", "dimensions", "by", "statistic", "unit", "period"}


def _insights(name: str, unit: str, statistic: str, *by: str) -> dict[str, Any]:
    return {"namespace": INSIGHTS, "name": name, "dimensions": [], "by": list(by), "statistic": statistic, "unit": unit, "period": 60}


def _signals(name: str, unit: str, statistic: str) -> dict[str, Any]:
    return {"namespace": SIGNALS, "name": name, "dimensions": ["Service"], "by": ["Service"], "statistic": statistic, "unit": unit, "period": 60}


NODE = ("InstanceId", "NodeName")
# Over the whole cluster, so one alarm covers nodes that come and go. A full disk or a lost node is no matter of averages: the worst one counts.
METRICS = {
    "cluster_failed_node_count": _insights("cluster_failed_node_count", "count", "Maximum"),
    "cluster_node_count": _insights("cluster_node_count", "count", "Minimum"),
    "node_cpu_utilization": _insights("node_cpu_utilization", "percent", "Average", *NODE),
    "node_filesystem_utilization": _insights("node_filesystem_utilization", "percent", "Maximum", *NODE),
    "node_memory_utilization": _insights("node_memory_utilization", "percent", "Average", *NODE),
    "node_network_total_bytes": _insights("node_network_total_bytes", "bytes_per_second", "Average", *NODE),
    "node_number_of_running_pods": _insights("node_number_of_running_pods", "count", "Average", *NODE),
    "pod_cpu_utilization": _insights("pod_cpu_utilization", "percent", "Average", "Namespace", "PodName"),
    "pod_memory_utilization": _insights("pod_memory_utilization", "percent", "Average", "Namespace", "PodName"),
    "pod_number_of_container_restarts": _insights("pod_number_of_container_restarts", "count", "Maximum", "Namespace", "PodName"),
    "service_errors": _signals("Error", "none", "Sum"),
    "service_faults": _signals("Fault", "none", "Sum"),
    "service_latency": _signals("Latency", "milliseconds", "p95"),
    "service_requests": _signals("Latency", "milliseconds", "SampleCount"),
}
# A count of samples has no unit of what was measured.
COUNTED = ("SampleCount",)


def is_statistic(value: Any) -> bool:
    """Whether CloudWatch knows it."""
    return isinstance(value, str) and (value in STATISTICS or bool(EXTENDED.fullmatch(value)))


def period_problem(period: Any) -> str:
    """Why CloudWatch does not take the period (seconds), empty if it does.

    10, 20, 30 or a multiple of 60, at most a day: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    """
    if isinstance(period, bool) or not isinstance(period, int) or period < 1:
        return f"{period!r} is no number of seconds; give 60 or a multiple of it"
    if period in (10, 20, 30) or (period % 60 == 0 and period <= 86400):
        return ""
    if period > 86400:
        return f"{period} s is more than a day; give 86400 or less"
    below = period // 60 * 60 or max((one for one in (10, 20, 30) if one < period), default=0)
    above = next((one for one in (10, 20, 30) if one > period), (period // 60 + 1) * 60)
    near = [one for one in (below, above) if one]
    return f"CloudWatch takes 10, 20, 30 or a multiple of 60 s, and not {period}; the nearest {'are' if len(near) > 1 else 'is'} {' and '.join(map(str, near))}"


def metrics(own: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The catalogue with a platform's own metrics laid over it: `{short name: {namespace, name, dimensions, by, statistic, unit, period}}`.

    `own`: as cloudwatch_metrics, where `namespace`, `name` and `unit` are needed. Raises ValueError naming variable and remedy.
    """
    found = {name: dict(entry) for name, entry in METRICS.items()}
    for name, entry in sorted(own.items()):
        where = f"cloudwatch_metrics.{name}"
        if not isinstance(entry, Mapping) or set(entry) - OPTIONS:
            raise ValueError(f"{where} is {entry!r}; give {{namespace, name, unit}} and, if wanted, dimensions, by, statistic, period")
        whole = {"dimensions": [], "by": [], "statistic": "Average", "period": 60, **found.get(name, {}), **entry}
        for key in ("namespace", "name", "unit"):
            if not whole.get(key):
                raise ValueError(f"{where}.{key} is missing; give it")
        if whole["unit"] not in UNITS:
            raise ValueError(f"{where}.unit is {whole['unit']!r}; it is one of {', '.join(UNITS)}")
        if not is_statistic(whole["statistic"]):
            raise ValueError(f"{where}.statistic is {whole['statistic']!r}; give one of {', '.join(STATISTICS)}, or such as p95")
        if problem := period_problem(whole["period"]):
            raise ValueError(f"{where}.period: {problem}")
        found[name] = whole
    return found

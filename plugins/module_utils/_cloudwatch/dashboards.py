# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Dashboards: panels by name as CloudWatch's JSON, the same each time."""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.metrics import CLUSTER
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.metrics import is_statistic
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.naming import identity

# The grid is 24 wide: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
COLUMNS, WIDTH, HEIGHT = 24, 12, 6
MOST_WIDGETS = 500
# Panels by name. `metrics` are short names; `each` draws one line for each thing (node, pod, service) instead of one for all.
PANELS = {
    "alarms": {"title": "Alarms", "alarms": True},
    "cpu": {"title": "CPU of the nodes", "metrics": ["node_cpu_utilization"], "each": True},
    "disk": {"title": "Disks of the nodes", "metrics": ["node_filesystem_utilization"], "each": True},
    "errors": {"title": "Errors and faults", "metrics": ["service_errors", "service_faults"], "each": True},
    "latency": {"title": "Latency, 95th percentile", "metrics": ["service_latency"], "each": True},
    "memory": {"title": "Memory of the nodes", "metrics": ["node_memory_utilization"], "each": True},
    "network": {"title": "Traffic of the nodes", "metrics": ["node_network_total_bytes"], "each": True},
    "nodes": {"title": "Nodes", "metrics": ["cluster_node_count", "cluster_failed_node_count"]},
    "pods": {"title": "Pods on the nodes", "metrics": ["node_number_of_running_pods"], "each": True},
    "requests": {"title": "Requests", "metrics": ["service_requests"], "each": True},
    "restarts": {"title": "Restarts", "metrics": ["pod_number_of_container_restarts"], "each": True},
}
OPTIONS = {"title", "metrics", "each", "statistic", "period"}


def panels(own: Mapping[str, Any], metrics: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The known panels with a platform's own laid over them. `own`: as cloudwatch_panels. Raises ValueError naming variable and remedy."""
    found: dict[str, dict[str, Any]] = {name: dict(panel) for name, panel in PANELS.items()}
    for name, entry in sorted(own.items()):
        where = f"cloudwatch_panels.{name}"
        if not isinstance(entry, Mapping) or set(entry) - OPTIONS:
            raise ValueError(f"{where} is {entry!r}; give {{title, metrics, each, statistic, period}}")
        whole = {**found.get(name, {}), **entry}
        if not whole.get("title") or not whole.get("metrics"):
            raise ValueError(f"{where} has no {'title' if not whole.get('title') else 'metrics'}; give it")
        unknown = [metric for metric in whole["metrics"] if metric not in metrics]
        if unknown:
            raise ValueError(
                f"{where}.metrics: {', '.join(unknown)} is not known; it is one of {', '.join(sorted(metrics))}, or declare it in cloudwatch_metrics"
            )
        if "statistic" in whole and not is_statistic(whole["statistic"]):
            raise ValueError(f"{where}.statistic is {whole['statistic']!r}; give such as Average, Maximum, Sum or p95")
        found[name] = whole
    return found


def shown(entries: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> Iterable[tuple[str, str, Mapping[str, Any]]]:
    """(dashboard, panel's name, panel) of all dashboards. Raises ValueError for a panel that does not exist."""
    for name, entry in sorted(entries.items()):
        wanted = (entry or {}).get("panels")
        if not wanted or isinstance(wanted, str):
            raise ValueError(f"cloudwatch_dashboards.{name}.panels is {wanted!r}; give a list of panels: {', '.join(sorted(known))}")
        for panel in wanted:
            if panel not in known:
                raise ValueError(
                    f"cloudwatch_dashboards.{name}.panels: {panel!r} does not exist; use {', '.join(sorted(known))}, or declare it in cloudwatch_panels"
                )
            yield name, panel, known[panel]


def namespaces_shown(entries: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]], metrics: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Namespaces of the metrics on the dashboards."""
    return {metrics[metric]["namespace"] for _name, _panel, panel in shown(entries, known) for metric in panel.get("metrics", ())}


def dashboards(
    entries: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]], metrics: Mapping[str, Mapping[str, Any]], settings: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """`[{id, name, title, body}]`, `body` as JSON text.

    `entries`: as cloudwatch_dashboards. `known`: as panels() gives them. `settings`: `{prefix, region, dimensions: {ClusterName}, environments, alarms}`,
    `environments` being those of Application Signals, `alarms` the ARNs. Raises ValueError naming variable and remedy.
    """
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for name, _panel, panel in shown(entries, known):
        rows.setdefault(name, []).append(panel)
    found, ids = [], {}
    for name, chosen in rows.items():
        if len(chosen) > MOST_WIDGETS:
            raise ValueError(f"cloudwatch_dashboards.{name} has {len(chosen)} panels; a dashboard takes {MOST_WIDGETS}")
        widgets = [_widget(number, panel, metrics, settings) for number, panel in enumerate(chosen)]
        body = json.dumps({"widgets": widgets}, sort_keys=True, separators=(",", ":"))
        title = f"{settings['prefix']}-{name.replace('_', '-')}"
        found.append({"id": identity(name, "Dashboard", "cloudwatch_dashboards", ids), "name": name, "title": title, "body": body})
    return found


def _widget(number: int, panel: Mapping[str, Any], metrics: Mapping[str, Mapping[str, Any]], settings: Mapping[str, Any]) -> dict[str, Any]:
    place = {"x": number * WIDTH % COLUMNS, "y": number * WIDTH // COLUMNS * HEIGHT, "width": WIDTH, "height": HEIGHT}
    if panel.get("alarms"):
        return {"type": "alarm", **place, "properties": {"title": panel["title"], "alarms": list(settings["alarms"])}}
    lines = [line for name in panel["metrics"] for line in _lines(panel, metrics[name], settings)]
    properties: dict[str, Any] = {"title": panel["title"], "region": settings["region"], "view": "timeSeries", "stacked": False, "metrics": _numbered(lines)}
    if {metrics[name]["unit"] for name in panel["metrics"]} == {"percent"}:
        properties["yAxis"] = {"left": {"min": 0, "max": 100, "label": "%", "showUnits": False}}
    else:
        properties["yAxis"] = {"left": {"min": 0}}
    return {"type": "metric", **place, "properties": properties}


def _lines(panel: Mapping[str, Any], metric: Mapping[str, Any], settings: Mapping[str, Any]) -> list[list[Any]]:
    statistic, period = panel.get("statistic", metric["statistic"]), panel.get("period", metric["period"])
    if "Environment" in CLUSTER.get(metric["namespace"], ()):
        places: list[dict[str, str]] = [{"Environment": environment} for environment in settings["environments"]]
    else:
        places = [{name: settings["dimensions"][name] for name in CLUSTER.get(metric["namespace"], ())}]
    if panel.get("each") and metric["by"]:
        return [_search(metric, place, statistic, period) for place in places]
    return [
        [metric["namespace"], metric["name"], *(text for pair in sorted(place.items()) for text in pair), {"stat": statistic, "period": period}]
        for place in places
    ]


def _search(metric: Mapping[str, Any], place: Mapping[str, str], statistic: str, period: int) -> list[Any]:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html"""
    schema = ",".join((metric["namespace"], *sorted((*place, *metric["by"]))))
    terms = " ".join(f'{name}="{value}"' for name, value in (*sorted(place.items()), ("MetricName", metric["name"])))
    return [{"expression": f"SEARCH('{{{schema}}} {terms}', '{statistic}', {period})"}]


def _numbered(lines: list[list[Any]]) -> list[list[Any]]:
    """Expressions need an id each."""
    return [[{**line[0], "id": f"e{number}"}] if isinstance(line[0], dict) else line for number, line in enumerate(lines, 1)]

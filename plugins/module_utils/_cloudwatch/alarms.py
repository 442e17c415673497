# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Alarms as CloudFormation takes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.durations import seconds
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.metrics import CLUSTER
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.metrics import COUNTED
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.metrics import STATISTICS
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.metrics import UNITS
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.metrics import is_statistic
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.metrics import period_problem
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.naming import identity

COMPARISONS = {
    "above": "GreaterThanThreshold",
    "at_least": "GreaterThanOrEqualToThreshold",
    "below": "LessThanThreshold",
    "at_most": "LessThanOrEqualToThreshold",
}
MISSING = {"missing": "missing", "breaching": "breaching", "not_breaching": "notBreaching", "ignore": "ignore"}
STATES = {"alarm": "AlarmActions", "ok": "OKActions", "insufficient_data": "InsufficientDataActions"}
OPTIONS = {"metric", "threshold", "unit", "for", "of", "period", "statistic", "comparison", "missing", "dimensions", "tell", "description"}
# A day of periods below an hour, a week of longer ones: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
LONGEST = {False: 86400, True: 604800}


def alarms(entries: Mapping[str, Any], metrics: Mapping[str, Mapping[str, Any]], settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`[{id, name, properties}]` in the order of the names; `properties` are those of AWS::CloudWatch::Alarm.

    `entries`: as cloudwatch_alarms. `metrics`: as metrics.metrics gives them. `settings`: `{prefix, dimensions: {ClusterName, Environment}, missing, topic}`,
    where `topic` is what actions name. Raises ValueError naming variable and remedy.
    """
    found, ids = [], {}
    for name, entry in sorted(entries.items()):
        where = f"cloudwatch_alarms.{name}"
        alarm = _alarm(where, entry, metrics, settings)
        alarm["AlarmName"] = f"{settings['prefix']}-{name.replace('_', '-')}"
        found.append({"id": identity(name, "Alarm", "cloudwatch_alarms", ids), "name": name, "properties": alarm})
    return found


def _alarm(where: str, entry: Any, metrics: Mapping[str, Mapping[str, Any]], settings: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(entry, Mapping) or set(entry) - OPTIONS:
        wrong = sorted(set(entry) - OPTIONS) if isinstance(entry, Mapping) else entry
        raise ValueError(f"{where}: {wrong!r} is not known; an alarm has {', '.join(sorted(OPTIONS))}")
    metric = _metric(where, entry, metrics)
    statistic = entry.get("statistic", metric["statistic"])
    if not is_statistic(statistic):
        raise ValueError(f"{where}.statistic is {statistic!r}; give one of {', '.join(STATISTICS)}, or such as p95")
    period, evaluations = _evaluated(where, entry, metric)
    datapoints = entry.get("of", evaluations)
    if isinstance(datapoints, bool) or not isinstance(datapoints, int) or not 1 <= datapoints <= evaluations:
        raise ValueError(f"{where}.of is {datapoints!r}; give how many of the {evaluations} periods must be over it, 1 to {evaluations}")
    threshold = _threshold(where, entry, metric, statistic)
    found = {
        "AlarmDescription": entry.get("description") or _description(entry, metric, statistic),
        "ComparisonOperator": COMPARISONS[_choice(f"{where}.comparison", entry.get("comparison", "above"), COMPARISONS)],
        "DatapointsToAlarm": datapoints,
        "Dimensions": _dimensions(where, entry, metric, settings["dimensions"]),
        "EvaluationPeriods": evaluations,
        "MetricName": metric["name"],
        "Namespace": metric["namespace"],
        "Period": period,
        "Statistic" if statistic in STATISTICS else "ExtendedStatistic": statistic,
        "Threshold": threshold,
        "TreatMissingData": MISSING[_choice(f"{where}.missing", entry.get("missing", settings["missing"]), MISSING)],
    }
    for state in entry.get("tell", ("alarm", "ok")):
        found[STATES[_choice(f"{where}.tell", state, STATES)]] = [settings["topic"]]
    return found


def _choice(where: str, value: Any, known: Mapping[str, Any]) -> str:
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"{where} is {value!r}; it is one of {', '.join(known)}")
    return value


def _metric(where: str, entry: Mapping[str, Any], metrics: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    name = entry.get("metric")
    if name not in metrics:
        raise ValueError(f"{where}.metric is {name!r}; it is one of {', '.join(sorted(metrics))}, or declare it in cloudwatch_metrics")
    return metrics[name]


def _evaluated(where: str, entry: Mapping[str, Any], metric: Mapping[str, Any]) -> tuple[int, int]:
    """Period in seconds, and how many of them `for` is."""
    period = entry.get("period", metric["period"])
    if problem := period_problem(period):
        raise ValueError(f"{where}.period: {problem}")
    lasting = seconds(entry.get("for", "5m"), f"{where}.for")
    if lasting % period:
        near = sorted({max(period, lasting // period * period), (lasting // period + 1) * period})
        raise ValueError(
            f"{where}.for is {entry.get('for')}, no multiple of its period of {period} s; the nearest are {' and '.join(f'{one}s' for one in near)}"
        )
    longest = LONGEST[period >= 3600]
    if lasting > longest:
        raise ValueError(
            f"{where}.for is {entry.get('for')}; CloudWatch looks back {longest} s at most with a period of {period} s: shorten it, or lengthen the period"
        )
    return period, lasting // period


def _threshold(where: str, entry: Mapping[str, Any], metric: Mapping[str, Any], statistic: str) -> float:
    threshold = entry.get("threshold")
    if isinstance(threshold, bool) or not isinstance(threshold, int | float):
        raise ValueError(f"{where}.threshold is {threshold!r}; give a number")
    unit = "count" if statistic in COUNTED else metric["unit"]
    told = entry.get("unit", unit)
    if told != unit:
        raise ValueError(f"{where}.unit is {told!r}, and {entry['metric']} is measured in {unit}; correct the unit and the threshold")
    largest = UNITS[unit][1]
    # A sum of shares is no share.
    if threshold < 0 or (largest is not None and statistic != "Sum" and threshold > largest):
        raise ValueError(f"{where}.threshold is {threshold}, which {unit} cannot be; give {'0 or more' if largest is None else f'0 to {largest:g}'}")
    return threshold


def _dimensions(where: str, entry: Mapping[str, Any], metric: Mapping[str, Any], own: Mapping[str, str]) -> list[dict[str, str]]:
    given = entry.get("dimensions") or {}
    if not isinstance(given, Mapping) or not all(isinstance(value, str) and value for value in given.values()):
        raise ValueError(f"{where}.dimensions is {given!r}; give {{Name: value}}")
    whole = {**{name: own[name] for name in CLUSTER.get(metric["namespace"], ()) if name in own}, **given}
    missing = [name for name in metric["dimensions"] if name not in whole]
    if missing:
        raise ValueError(f"{where}.dimensions: {entry['metric']} needs {', '.join(missing)}; give {{{', '.join(f'{name}: …' for name in missing)}}}")
    return [{"Name": name, "Value": value} for name, value in sorted(whole.items())]


def _description(entry: Mapping[str, Any], metric: Mapping[str, Any], statistic: str) -> str:
    word = {"above": "above", "at_least": "at or above", "below": "below", "at_most": "at or below"}.get(str(entry.get("comparison", "above")), "above")
    unit = "%" if metric["unit"] == "percent" else f" {metric['unit'].replace('_', ' ')}" if statistic not in COUNTED and metric["unit"] != "none" else ""
    return f"{statistic} of {metric['name']} {word} {entry['threshold']:g}{unit} for {entry.get('for', '5m')}"

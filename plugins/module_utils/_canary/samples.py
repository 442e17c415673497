# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Answers of Prometheus to a look: series to pods, buckets to requests slower than a bound."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._canary.counters import ARMS

#: Labels that name who counted, the first that a series bears.
POD_LABELS = ("pod", "pod_name", "kubernetes_pod_name", "instance")
Answer = dict[str, Any]
Series = list[tuple[float, float]]


def pod_of(labels: dict[str, str], pod_label: str | None) -> str:
    """Who counted."""
    for label in (pod_label,) if pod_label else POD_LABELS:
        if labels.get(label):
            return labels[label]
    return ""


def summed(series: list[Series]) -> Series:
    """The sum of a pod's counters, which were scraped together; one that has no sample at a moment counts with its last."""
    if len(series) == 1:
        return series[0]
    times = sorted({at for one in series for at, _value in one})
    sums = dict.fromkeys(times, 0.0)
    for one in series:
        values, last = dict(one), 0.0
        for at in times:
            last = values.get(at, last)
            sums[at] += last
    return list(sums.items())


def by_pod(answer: Answer, pod_label: str | None) -> dict[str, Series]:
    """Counters by who counted."""
    pods: dict[str, list[Series]] = {}
    for one in answer["series"]:
        pods.setdefault(pod_of(one["labels"], pod_label), []).append(one["values"])
    return {pod: summed(series) for pod, series in pods.items()}


def slower(requests: dict[str, Series], answer: Answer, bounds: list[float], pod_label: str | None) -> dict[str, dict[str, Series]]:
    """Requests slower than each bound, by pod: all less the bucket, where both have a sample."""
    buckets: dict[tuple[str, float], list[Series]] = {}
    for one in answer["series"]:
        try:
            bound = float(one["labels"]["le"])
        except (KeyError, ValueError):
            continue
        buckets.setdefault((pod_of(one["labels"], pod_label), bound), []).append(one["values"])
    found: dict[str, dict[str, Series]] = {}
    for pod, total in requests.items():
        for bound in bounds:
            if (pod, bound) in buckets:
                fast = dict(summed(buckets[pod, bound]))
                found.setdefault(pod, {})[f"{bound:g}"] = [(at, max(0.0, value - fast[at])) for at, value in total if at in fast]
    return found


def ambiguous(answer: Answer, pod_label: str | None) -> bool:
    """Several series of which nobody is named as who counted."""
    return len(answer["series"]) > 1 and any(not pod_of(one["labels"], pod_label) for one in answer["series"])


def metric_look(texts: dict[str, dict[str, str]], bounds: list[float] | None, pod_label: str | None, ask: Callable[[str], Answer]) -> tuple[dict, list[dict]]:
    """A metric's part of a look, and the queries behind it for the evidence. `ask` answers one query."""
    look: dict[str, Any] = {"status": "ok"}
    asked: list[dict[str, Any]] = []
    for arm in ARMS:
        answers = {}
        for key, text in sorted(texts[arm].items()):
            answer = answers[key] = ask(text)
            asked.append({"arm": arm, "kind": key, "query": text, "status": answer["status"], "message": answer["message"], "slow": answer["slow"]})
            if answer["status"] not in ("ok", "empty") and look["status"] == "ok":
                look = {"status": answer["status"], "message": answer["message"]}
            elif key != "buckets" and ambiguous(answer, pod_label):
                look = {"status": "several", "message": f"several series without a label of who counted ({', '.join(POD_LABELS)}); sum by one: {text}"}
        if look["status"] == "ok":
            look[arm] = _arm(answers, bounds, pod_label)
            if bounds and look[arm] and any(len(pod["above"]) < len(bounds) for pod in look[arm].values()):
                look = {"status": "invalid", "message": f"the histogram has no bucket for each of {', '.join(f'{bound:g}' for bound in bounds)}"}
    return look, asked


def _arm(answers: dict[str, Answer], bounds: list[float] | None, pod_label: str | None) -> dict[str, Any]:
    requests = by_pod(answers["requests"], pod_label)
    if bounds is None:
        events = by_pod(answers["events"], pod_label)
        return {pod: {"requests": total, "events": events.get(pod, [])} for pod, total in requests.items()}
    above = slower(requests, answers["buckets"], bounds, pod_label)
    return {pod: {"requests": total, "above": above.get(pod, {})} for pod, total in requests.items()}


def cut(metrics: dict[str, Any], begin: float, end: float) -> dict[str, Any]:
    """The part of a look between two moments, `begin` not included."""
    return {name: _cut(metric, begin, end) for name, metric in metrics.items()}


def _cut(value: Any, begin: float, end: float) -> Any:
    if isinstance(value, dict):
        return {key: _cut(item, begin, end) for key, item in value.items()}
    if isinstance(value, list):
        return [sample for sample in value if begin < sample[0] <= end]
    return value


def without_silent(metrics: dict[str, Any]) -> dict[str, Any]:
    """A look without pods that have no sample in it."""
    found = {}
    for name, metric in metrics.items():
        found[name] = {key: {pod: one for pod, one in value.items() if one["requests"]} if key in ARMS else value for key, value in metric.items()}
    return found

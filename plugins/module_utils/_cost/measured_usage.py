# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What Prometheus saw of pods, as the figures of allocation and right-sizing. The queries stand in files/allocation_queries.yml of role cost."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping
from decimal import Decimal
from decimal import InvalidOperation
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain

QUERIES = ("running_seconds", "owner", "cpu", "memory", "cpu_request", "memory_request", "cpu_p95", "memory_max")
# By pod; the others are by container.
OF_PODS = ("running_seconds", "owner")
# What a Deployment adds to its name for a ReplicaSet.
HASH = re.compile(r"-[a-z0-9]{5,10}$")
GRAIN = Decimal("0.000000001")

Key = tuple[str, str, str]


def usage(answers: Mapping[str, Iterable[Mapping[str, Any]]]) -> dict[str, dict[str, str]]:
    """`{namespace/service: {replicas, cpu, memory, cpu_request, memory_request, cpu_charged, memory_charged, cpu_p95, memory_max}}`, decimals as text.

    `answers`: by name of the query the `result` of an instant query, a list of `{metric: {labels}, value: [time, text]}`, and the length of the window as
    `window_seconds`. Figures are of one pod on average over the time that pods ran: of each container the greater
    of request and usage is charged (cpu cores, memory bytes), and nothing for a pod that did not run. p95 and max are of the greatest pod, all its containers.
    Raises CostError for an answer that is none.
    """
    read = {name: _read(name, answers.get(name) or []) for name in QUERIES if name != "owner"}
    unknown = sorted(set(answers) - set(QUERIES) - {"window_seconds"})
    if unknown or "window_seconds" not in answers:
        raise CostError(f"answers of {', '.join(unknown) or 'no window_seconds'}; give window_seconds and the queries {', '.join(QUERIES)}")
    window = _number(answers["window_seconds"], "window_seconds")
    if window <= 0:
        raise CostError("window_seconds is not above 0")
    owners = _owners(answers.get("owner") or [])
    services: dict[str, list[tuple[str, str]]] = {}
    for namespace, pod, _container in read["running_seconds"]:
        services.setdefault(f"{namespace}/{owners.get((namespace, pod), pod)}", []).append((namespace, pod))
    return {name: _service(pods, read, window) for name, pods in sorted(services.items())}


def _service(pods: Iterable[tuple[str, str]], read: Mapping[str, Mapping[Key, Decimal]], window: Decimal) -> dict[str, str]:
    seconds, sums, peaks = Decimal(0), dict.fromkeys(("cpu", "memory", "cpu_request", "memory_request", "cpu_charged", "memory_charged"), Decimal(0)), {}
    for namespace, pod in pods:
        ran = read["running_seconds"][namespace, pod, ""]
        seconds += ran
        for resource in ("cpu", "memory"):
            used, asked = (_containers(read[name], namespace, pod) for name in (resource, f"{resource}_request"))
            sums[resource] += ran * sum(used.values())
            sums[f"{resource}_request"] += ran * sum(asked.values())
            sums[f"{resource}_charged"] += ran * sum(max(used.get(one, Decimal(0)), asked.get(one, Decimal(0))) for one in {*used, *asked})
        for name in ("cpu_p95", "memory_max"):
            found = _containers(read[name], namespace, pod)
            if found:
                peaks[name] = max(peaks.get(name, Decimal(0)), sum(found.values()))
    figures = {name: amount / seconds if seconds else Decimal(0) for name, amount in sums.items()} | peaks | {"replicas": seconds / window}
    return {name: plain(amount.quantize(GRAIN)) for name, amount in sorted(figures.items())}


def _containers(found: Mapping[Key, Decimal], namespace: str, pod: str) -> dict[str, Decimal]:
    return {key[2]: amount for key, amount in found.items() if key[:2] == (namespace, pod)}


def _read(name: str, rows: Iterable[Mapping[str, Any]]) -> dict[Key, Decimal]:
    found = {}
    for row in rows:
        metric = _labels(name, row)
        key = (metric["namespace"], metric["pod"], "" if name in OF_PODS else metric.get("container", ""))
        if key in found:
            raise CostError(f"query {name} has two answers for {'/'.join(filter(None, key))}; it must sum by namespace, pod and container")
        found[key] = _number((row.get("value") or [None, None])[1], f"query {name} of {metric['namespace']}/{metric['pod']}")
    return found


def _labels(name: str, row: Any) -> Mapping[str, str]:
    metric = row.get("metric") if isinstance(row, Mapping) else None
    if not isinstance(metric, Mapping) or not metric.get("namespace") or not metric.get("pod"):
        raise CostError(f"query {name} has an answer without the labels namespace and pod")
    return metric


def _number(value: Any, what: str) -> Decimal:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or found < 0:
        raise CostError(f"{what} is {value!r}, no figure of 0 or more")
    return found


def _owners(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    """The controller of each pod: of a ReplicaSet its Deployment."""
    found = {}
    for row in rows:
        metric = _labels("owner", row)
        name = metric.get("owner_name") or metric["pod"]
        found[metric["namespace"], metric["pod"]] = HASH.sub("", name) if metric.get("owner_kind") == "ReplicaSet" else name
    return found

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Requests as large as what is used, by the vertical autoscaler's target or by percentiles, and fewer nodes for them."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import NONE
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Given
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Part
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Proposal
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import amount
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import expected
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain
from ansible_collections.llmops.platform.plugins.module_utils._cost.workloads import RESOURCES
from ansible_collections.llmops.platform.plugins.module_utils._cost.workloads import Workload
from ansible_collections.llmops.platform.plugins.module_utils._cost.workloads import declared

# As KRR's strategy "simple" has them: CPU at the 95th percentile, memory at its greatest with 15 % on it, and no less than these.
# https://github.com/robusta-dev/krr#algorithm
BUFFER = Decimal("1.15")
LEAST = {"cpu": Decimal("0.01"), "memory": Decimal(100_000_000)}
UNDO = "Set the requests back in application_services and deploy; the autoscaler brings the nodes back."
RISK = "Less room for a peak that the measured time did not have: CPU is throttled, memory ends the pod."


def propose(given: Given) -> Iterator[Proposal]:
    """`measured.workloads`: {namespace/service: {cpu_p95, memory_max} of measured_usage.usage, or {vpa_cpu, vpa_memory}}, cores and bytes of a pod.

    An autoscaler that moves the replicas by a resource's use takes its request for 100 %: a smaller one makes more pods. Its saving is "?".
    """
    for deployment in given.deployments:
        seen = given.measured(deployment, "workloads") or {}
        if not seen:
            continue
        before, after = dict.fromkeys(RESOURCES, NONE), dict.fromkeys(RESOURCES, NONE)
        changes = {}
        for workload in declared(given.variables(deployment)):
            found = _recommended(workload, seen.get(workload.name) or {}, f"measured.{deployment}.workloads.{workload.name}")
            asked = {"cpu": workload.cpu, "memory": workload.memory}
            for resource in RESOURCES:
                held = resource in workload.scales_on
                if held and found.get(resource, asked[resource]) < asked[resource]:
                    yield _unknown(deployment, workload, resource, found[resource])
                target = asked[resource] if held else found.get(resource, asked[resource])
                before[resource] += asked[resource] * workload.replicas.expected
                after[resource] += target * workload.replicas.expected
                if target != asked[resource]:
                    changes.setdefault(workload.name, {})[resource] = f"{plain(asked[resource])} -> {plain(target)}"
        if changes and any(after[resource] < before[resource] for resource in RESOURCES):
            yield _sized(given, deployment, before, after, changes)


def _recommended(workload: Workload, seen: Mapping[str, Any], where: str) -> dict[str, Decimal]:
    found = {}
    for resource, name, factor in (("cpu", "cpu_p95", Decimal(1)), ("memory", "memory_max", BUFFER)):
        if seen.get(f"vpa_{resource}") is not None:
            found[resource] = max(amount(seen[f"vpa_{resource}"], f"{where}.vpa_{resource}"), LEAST[resource])
        elif seen.get(name) is not None:
            found[resource] = max(amount(seen[name], f"{where}.{name}") * factor, LEAST[resource])
    return found


def _unknown(deployment: str, workload: Workload, resource: str, target: Decimal) -> Proposal:
    return Proposal(
        deployment, f"{workload.name}/{resource}", f"Right-size {resource} of {workload.name}?", (),
        assumption=f"used is {plain(target)}, less than requested; but an autoscaler moves its replicas by the share of the request that is used",
        risk="A smaller request makes more replicas, a larger one fewer.",
        precondition=f"The autoscaler goes by another figure than {resource}, such as requests a second.",
        undo=UNDO,
        unknown=True,
    )  # fmt: skip


def _sized(given: Given, deployment: str, before: Mapping[str, Decimal], after: Mapping[str, Decimal], changes: Mapping[str, Any]) -> Proposal:
    """Nodes go by what they are short of, so that a resource of which little is asked does not make fewer of them; no pool goes below its minimum."""
    stays = max((after[resource] / before[resource] for resource in RESOURCES if before[resource]), default=Decimal(1))
    parts = []
    for row in given.rows(deployment):
        if row["labels"].get("pool") and row["scales"] and expected(row):
            least = Decimal(row["quantity"]["minimum"]) / expected(row)
            share = min(1 - stays, 1 - least)
            if share > 0:
                parts.append(Part(row["id"], share, number=1 - share))
    return Proposal(
        deployment, "requests", f"Right-size the requests of {', '.join(sorted(changes))}", tuple(parts),
        assumption="nodes go with the requests, by the resource that shrinks least, and no pool goes below its min" if parts
        else "no pool has fewer nodes as its min than are expected: lower min of cluster_node_pools as well",
        risk=RISK,
        precondition="Measured over a week with its peaks; the cluster's autoscaler is on.",
        undo=UNDO,
        unknown=not parts,
        facts={"requests": dict(changes)},
    )  # fmt: skip

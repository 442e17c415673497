# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Who of a cluster costs what, by OpenCost's formulas: before anything runs from declared requests, afterwards from what Prometheus saw.

Total = workloads + idle + overhead for the cluster; beside it what is shared (load balancers, network, keys, logs) and what stands outside (data services).
https://github.com/opencost/opencost/blob/develop/spec/opencost-specv01.md
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from decimal import Decimal
from decimal import localcontext
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.capacity import GIB
from ansible_collections.llmops.platform.plugins.module_utils._cost.capacity import capacity
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import HOURS
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import decimal
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import DIGITS
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import GRAIN
from ansible_collections.llmops.platform.plugins.module_utils._cost.workloads import Workload

# USD an hour of a core and of a GiB, of which only the ratio counts: OpenCost's configs/default.json ("based on GCP us-central1").
BASE_CPU, BASE_RAM = Decimal("0.031611"), Decimal("0.004237")
# Components that stand outside the cluster and have an owner of their own.
EXTERNAL = ("backup", "elasticsearch", "kafka", "object_storage", "postgresql", "rabbitmq", "redis")
SHARES = ("none", "uniform", "proportional")
IDLE, OVERHEAD = "__idle__", "__overhead__"


def allocate(
    workloads: Iterable[Workload],
    estimate: Mapping[str, Any],
    deployment: str,
    used: Mapping[str, Mapping[str, Any]] | None = None,
    share: str = "proportional",
) -> dict[str, Any]:
    """The allocation of one deployment's effective, expected cost, as plain data with OpenCost's names; USD a month as text. Every sum is exactly its parts'.

    `used`: what measured_usage.usage makes of Prometheus' answers; then max(request, usage) counts, and what only Prometheus knows is a workload too.
    `share`: how idle, overhead, shared and external cost are laid on the workloads: proportional to their own cost, uniform, or none.
    Raises CostError: no such deployment, unknown share, negative figures.
    """
    if share not in SHARES:
        raise CostError(f"share is {share!r}; it is one of {', '.join(SHARES)}")
    rows = [row for row in estimate["lines"] if row["deployment"] == deployment]
    if not rows:
        raise CostError(f"the estimate has no lines of {deployment!r}; it has {', '.join(sorted({row['deployment'] for row in estimate['lines']})) or 'none'}")
    with localcontext() as context:
        context.prec = DIGITS
        return _Allocation(rows, deployment, list(workloads), used, share).data()


def split(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Parts of a total by weight that add up to it exactly: the last one of weight takes what rounding left. All weights 0: parts alike."""
    if not weights:
        return []
    if not any(weights):
        weights = [Decimal(1)] * len(weights)
    whole, last = sum(weights), max(index for index, weight in enumerate(weights) if weight)
    parts = [(total * weight / whole).quantize(GRAIN) for weight in weights]
    parts[last] = total - sum(part for index, part in enumerate(parts) if index != last)
    return parts


def node_split(price: Decimal, vcpus: Decimal, memory: Decimal) -> tuple[Decimal, Decimal]:
    """A node's price as that of its cores and that of its memory (bytes): base prices, scaled so that they add up to it (the specification's appendix A)."""
    cpu, ram = split(price, [vcpus * BASE_CPU, memory / GIB * BASE_RAM])
    return cpu, ram


class _Allocation:
    def __init__(
        self, rows: Sequence[Mapping[str, Any]], deployment: str, workloads: list[Workload], used: Mapping[str, Mapping[str, Any]] | None, share: str
    ) -> None:
        self.deployment, self.share, self.measured = deployment, share, used is not None
        self.problems: list[str] = [f"{row['id']} has no price ({row['sku']}); the sums are without it" for row in rows if row["cost"] is None]
        self.pools: dict[str, Decimal] = {"overhead": Decimal(0), "shared": Decimal(0), "external": Decimal(0)}
        self.asset = {"cpu": Decimal(0), "ram": Decimal(0)}
        self.capacity = {"cpu": Decimal(0), "ram": Decimal(0)}
        self.beside: dict[str, Decimal] = {}
        self.direct: dict[str, Decimal] = {}
        self.pods = self._asked(workloads, used or {})
        self._sort([row for row in rows if row["cost"] is not None])
        self.total = sum((_cost(row) for row in rows if row["cost"] is not None), Decimal(0))

    def _sort(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Each line once: nodes, overhead, a workload's own, outside, shared."""
        nodes: dict[str, list[Mapping[str, Any]]] = {}
        services = {pod["service"] for pod in self.pods}
        for row in rows:
            component, service, cost = row["component"], row["service"], _cost(row)
            if component == "cluster" and row["labels"].get("pool"):
                nodes.setdefault(row["labels"]["pool"], []).append(row)
            elif component == "cluster":
                self.pools["overhead"] += cost
            elif component == "application" and service in services:
                self.direct[service] = self.direct.get(service, Decimal(0)) + cost
            else:
                kind = "external" if component in EXTERNAL else "shared"
                self.pools[kind] += cost
                name = f"{component}/{service}"
                self.beside[name] = self.beside.get(name, Decimal(0)) + cost
        for pool, lines in sorted(nodes.items()):
            self._pool(pool, lines)

    def _pool(self, pool: str, lines: Sequence[Mapping[str, Any]]) -> None:
        cost = sum((_cost(row) for row in lines), Decimal(0))
        machines = next((row for row in lines if row["name"] == "nodes"), None)
        size = machines and capacity(machines["labels"].get("instance_type", ""))
        if not size:
            self.problems.append(
                f"pool {pool}: capacity of {machines['labels'].get('instance_type') if machines else 'its nodes'} is not known; counted as overhead"
            )
            self.pools["overhead"] += cost
            return
        hours = Decimal(machines["quantity"]["expected"])
        cpu, ram = node_split(cost, *size)
        self.asset["cpu"] += cpu
        self.asset["ram"] += ram
        self.capacity["cpu"] += size[0] * hours
        self.capacity["ram"] += size[1] * hours

    def _asked(self, workloads: list[Workload], used: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
        found = []
        for one in workloads:
            seen = used.get(one.name) or {}
            found.append(_pod(one.namespace, one.service, one.tier, _figure(seen, "replicas", one.replicas.expected), one.cpu, one.memory, seen))
        known = {one.name for one in workloads}
        for name, seen in sorted(used.items()):
            if name not in known:
                namespace, _slash, service = name.partition("/")
                requests = (_figure(seen, f"{resource}_request", Decimal(0)) for resource in ("cpu", "memory"))
                found.append(_pod(namespace, service, "", _figure(seen, "replicas", Decimal(1)), *requests, seen))
        return sorted(found, key=lambda pod: (pod["namespace"], pod["service"]))

    def _charged(self, resource: str) -> tuple[list[Decimal], Decimal]:
        """The workloads' parts of the nodes' cost for a resource, and what is idle of it."""
        weights = [pod["charged"][resource] * pod["replicas"] * HOURS for pod in self.pods]
        asked, has, cost = sum(weights, Decimal(0)), self.capacity[resource], self.asset[resource]
        if not has:
            return [Decimal(0)] * len(weights), cost
        if asked > has:
            self.problems.append(
                f"{self.deployment}: its workloads ask for {_percent(asked, has)} % of the nodes' {'cores' if resource == 'cpu' else 'memory'}; "
                "they do not all fit at the expected number of nodes, which is charged to them in whole"
            )
        parts = split(cost, [*weights, max(has - asked, Decimal(0))])
        return parts[:-1], parts[-1]

    def data(self) -> dict[str, Any]:
        cpu, cpu_idle = self._charged("cpu")
        ram, ram_idle = self._charged("ram")
        own = [cpu[at] + ram[at] + self._own(pod) for at, pod in enumerate(self.pods)]
        laid = {name: self._laid(amount, own) for name, amount in (("cpu_idle", cpu_idle), ("ram_idle", ram_idle), *self.pools.items())}
        allocations = [
            {
                "name": f"{pod['namespace']}/{pod['service']}",
                "properties": {"cluster": self.deployment, "namespace": pod["namespace"], "controller": pod["service"], "tier": pod["tier"]},
                "replicas": plain(pod["replicas"]),
                "cpuCoreHours": plain(pod["charged"]["cpu"] * pod["replicas"] * HOURS),
                "cpuCoreRequestAverage": plain(pod["request"]["cpu"] * pod["replicas"]),
                "cpuCoreUsageAverage": _text(pod["usage"]["cpu"], pod["replicas"]),
                "cpuCost": plain(cpu[at]),
                "cpuCostIdle": plain(laid["cpu_idle"][at]),
                "ramByteHours": plain(pod["charged"]["ram"] * pod["replicas"] * HOURS),
                "ramByteRequestAverage": plain(pod["request"]["ram"] * pod["replicas"]),
                "ramByteUsageAverage": _text(pod["usage"]["ram"], pod["replicas"]),
                "ramCost": plain(ram[at]),
                "ramCostIdle": plain(laid["ram_idle"][at]),
                "gpuCost": "0",
                "pvCost": plain(self._own(pod)),
                "sharedCost": plain(laid["overhead"][at] + laid["shared"][at]),
                "externalCost": plain(laid["external"][at]),
                "totalCost": plain(own[at] + sum(parts[at] for parts in laid.values())),
            }
            for at, pod in enumerate(self.pods)
        ]
        by = {what: self._by(allocations, named) for what, named in (("namespace", "namespace"), ("service", "controller"), ("tier", "tier"))}
        idle, workload, nodes = cpu_idle + ram_idle, sum(own, Decimal(0)), sum(self.asset.values())
        return {
            "deployment": self.deployment,
            "provenance": "measured" if self.measured else "modelled",
            "hours_per_month": plain(HOURS),
            "share": self.share,
            "allocations": allocations,
            "idle": {"cpuCost": plain(cpu_idle), "ramCost": plain(ram_idle), "totalCost": plain(idle), "percent": _percent(idle, nodes)},
            "cluster": {
                "workload": plain(workload),
                "idle": plain(idle),
                "overhead": plain(self.pools["overhead"]),
                "total": plain(workload + idle + self.pools["overhead"]),
            },
            "shared": plain(self.pools["shared"]),
            "external": plain(self.pools["external"]),
            "beside": {name: plain(cost) for name, cost in sorted(self.beside.items())},
            "total": plain(self.total),
            "by": by,
            # As lists of named entries, like the allocations.
            **{f"{what}s": [{"name": name, "totalCost": cost} for name, cost in by[what].items()] for what in ("namespace", "tier")},
            "problems": self.problems,
            "assumptions": [
                "every pod pays the mean price of all pools, as nothing says on which it will run" if not self.measured else "a month like the measured time",
                "pods of add-ons and proxies of the mesh are part of what is idle" if not self.measured else "what is not seen in Prometheus is idle",
            ],
        }

    def _own(self, pod: Mapping[str, Any]) -> Decimal:
        """Volumes and others that are billed under the service's name."""
        return self.direct.get(pod["service"], Decimal(0)) if pod["tier"] or not self.measured else Decimal(0)

    def _laid(self, amount: Decimal, own: Sequence[Decimal]) -> list[Decimal]:
        if self.share == "none" or not own:
            return [Decimal(0)] * len(own)
        return split(amount, [Decimal(1)] * len(own) if self.share == "uniform" else own)

    def _by(self, allocations: Sequence[Mapping[str, Any]], what: str) -> dict[str, str]:
        """Totals by a property; what is laid on nobody stands under names of its own, so that they add up to the total."""
        found: dict[str, Decimal] = {}
        for one in allocations:
            name = one["properties"][what]
            found[name] = found.get(name, Decimal(0)) + Decimal(one["totalCost"])
        rest = self.total - sum(found.values(), Decimal(0))
        if rest:
            found["__unallocated__"] = rest
        return {name: plain(cost) for name, cost in sorted(found.items())}


def _pod(namespace: str, service: str, tier: str, replicas: Decimal, cpu: Decimal, memory: Decimal, seen: Mapping[str, Any]) -> dict[str, Any]:
    """What a service is charged for: max(request, usage) of each resource."""
    request = {"cpu": cpu, "ram": memory}
    usage = {"cpu": _figure(seen, "cpu", None), "ram": _figure(seen, "memory", None)}
    measured = {"cpu": _figure(seen, "cpu_charged", None), "ram": _figure(seen, "memory_charged", None)}
    charged = {name: max(request[name], usage[name] or Decimal(0)) if measured[name] is None else measured[name] for name in request}
    return {"namespace": namespace, "service": service, "tier": tier, "replicas": replicas, "request": request, "usage": usage, "charged": charged}


def _figure(seen: Mapping[str, Any], name: str, otherwise: Any) -> Any:
    if seen.get(name) is None:
        return otherwise
    found = decimal(seen[name], f"usage {name}")
    if found < 0:
        raise CostError(f"usage {name} is {found}; nothing uses less than nothing")
    return found


def _cost(row: Mapping[str, Any]) -> Decimal:
    return Decimal(row["cost"]["effective"]["expected"])


def _text(value: Decimal | None, times: Decimal) -> str | None:
    return None if value is None else plain(value * times)


def _percent(part: Decimal, whole: Decimal) -> str:
    return plain((part / whole * 100).quantize(Decimal("0.01"))) if whole else "0"

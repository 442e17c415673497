# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Hosts by platform and environment, which share terms and a budget, each with its estimate."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from decimal import localcontext
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.advise import advise
from ansible_collections.llmops.platform.plugins.module_utils._cost.allocation import allocate
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import layered
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import place
from ansible_collections.llmops.platform.plugins.module_utils._cost.documented import documented
from ansible_collections.llmops.platform.plugins.module_utils._cost.estimate import estimate
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import decimal
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import limited
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain
from ansible_collections.llmops.platform.plugins.module_utils._cost.summary import AS_IF
from ansible_collections.llmops.platform.plugins.module_utils._cost.summary import LOCAL
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import DIGITS
from ansible_collections.llmops.platform.plugins.module_utils._cost.workloads import declared

Bill = Callable[[Mapping[str, Any], Any], list[Line]]


@dataclass
class Account:
    """A platform in one environment over all its regions, the unit of estimate, budget and report."""

    platform: str
    environment: str
    variables: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.platform}-{self.environment}".replace("_", "-")

    @property
    def first(self) -> Mapping[str, Any]:
        """The variables of its first host, primary before standby: what holds for the account is declared alike for all."""
        return min(self.variables.items(), key=lambda host: (host[1].get("platform_region_group") != "primary", host[0]))[1]

    def same(self, what: str, read: Callable[[Mapping[str, Any]], Any]) -> Any:
        """What all hosts say. Raises CostError naming two that differ."""
        expected = read(self.first)
        for name, variables in sorted(self.variables.items()):
            if read(variables) != expected:
                raise CostError(
                    f"{self.name}: {what} of {name} differs from that of {self.first['inventory_hostname']}; declare it for all regions of an environment"
                )
        return expected


def accounts(hosts: Iterable[Mapping[str, Any]], as_of: str, bill: Bill) -> tuple[list[Account], list[str]]:
    """The accounts of hosts by their variables, sorted, and what keeps hosts from being billed, a text each."""
    found: dict[tuple[str, str], Account] = {}
    problems = []
    for variables in sorted(hosts, key=lambda variables: str(variables.get("inventory_hostname"))):
        host = str(variables.get("inventory_hostname"))
        try:
            where = place(variables, as_of)
            lines = bill(variables, where)
        except CostError as error:
            problems.append(f"{host}: {error}")
            continue
        account = found.setdefault((where.platform, where.environment), Account(where.platform, where.environment))
        if host in account.variables:
            problems.append(f"{host}: stands in two inventories; name each deployment once")
            continue
        account.variables[host] = variables
        account.lines += lines
    return [found[key] for key in sorted(found)], problems


def terms_of(variables: Mapping[str, Any]) -> dict[str, Any]:
    """What _cost.terms takes, out of a host's variables."""
    commitments = layered(variables, "cost_commitments")
    return {
        "spot": {
            "discount_percent": variables.get("cost_spot_discount_percent", 0),
            "share_percent": variables.get("cost_spot_share_percent", 100),
            "source": variables.get("cost_spot_source", ""),
        },
        "discounts": layered(variables, "cost_discounts"),
        "commitments": [{"name": name, **(entry if isinstance(entry, Mapping) else {"kind": entry})} for name, entry in sorted(commitments.items())],
    }


def budget_of(variables: Mapping[str, Any]) -> dict[str, str] | None:
    """`{limit, target}` in USD a month as text; None where neither is declared."""
    found = {}
    for key, name in (("limit", "cost_budget_monthly_usd"), ("target", "cost_target_monthly_usd")):
        value = variables.get(name)
        if value not in (None, ""):
            limited(value, name, above_zero=True)
            found[key] = str(value)
    return found or None


def gate_of(variables: Mapping[str, Any]) -> dict[str, Any]:
    """`{budget, growth_percent, baseline}` of variable cost_gate. Raises CostError for another key or a percentage that is none."""
    declared_gate = variables.get("cost_gate") or {}
    if not isinstance(declared_gate, Mapping):
        raise CostError(f"cost_gate is {declared_gate!r}; give a map of budget, growth_percent and baseline")
    given = {key: value for key, value in declared_gate.items() if value not in (None, "")}
    if unknown := sorted(set(given) - {"budget", "growth_percent", "baseline"}):
        raise CostError(f"cost_gate has {', '.join(unknown)}; known are budget, growth_percent and baseline")
    growth = given.get("growth_percent")
    if growth is not None and decimal(growth, "cost_gate.growth_percent") < 0:
        raise CostError(f"cost_gate.growth_percent is {growth!r}; give 0 or more")
    budget, folder = given.get("budget", True), given.get("baseline", "")
    if not isinstance(budget, bool):
        raise CostError(f"cost_gate.budget is {budget!r}; give true or false")
    if not isinstance(folder, str):
        raise CostError(f"cost_gate.baseline is {folder!r}; give an earlier cost_reports_directory")
    return {"budget": budget, "growth_percent": None if growth is None else str(growth), "baseline": folder}


def foreign(account: Account) -> list[str]:
    """Hosts whose cluster and services somebody else runs: they are no part of a bill of ours."""
    return sorted(name for name, variables in account.variables.items() if variables.get("platform_provider") == "existing")


def smaller_standbys(account: Account) -> list[str]:
    """What is to be said of standby regions that are declared smaller than they are made: their stacks have the node groups of the primary."""
    found = []
    for host, variables in sorted(account.variables.items()):
        percent = variables.get("disaster_recovery_standby_capacity_percent")
        if variables.get("platform_region_group") == "standby" and percent not in (None, "", 100):
            found.append(
                f"{host}: node pools and services are billed as they are declared and made; disaster_recovery_standby_capacity_percent ({percent}) "
                "makes nothing smaller by itself, only figures in cluster_node_pools_deployment do"
            )
    return found


def allocation_of(account: Account, found: Mapping[str, Any]) -> dict[str, Any] | None:
    """`{clusters: {host: allocation}, not_allocated: {deployment: USD}, total}`: who costs what in each region; None where no host declares services.

    Clusters and what is not allocated (deployments without services, what belongs to no cluster) are together exactly the estimate's total in effect.
    """
    costs: dict[str, Decimal] = {}
    with localcontext() as context:
        context.prec = DIGITS
        for row in found["lines"]:
            own = Decimal(row["cost"]["effective"]["expected"]) if row["cost"] else Decimal(0)
            costs[row["deployment"]] = costs.get(row["deployment"], Decimal(0)) + own
        clusters = {}
        for host, variables in sorted(account.variables.items()):
            workloads = declared(variables)
            if workloads and host in costs:
                clusters[host] = allocate(workloads, found, host)
        if not clusters:
            return None
        rest = {name: plain(cost) for name, cost in sorted(costs.items()) if name not in clusters}
        return {"clusters": clusters, "not_allocated": rest, "total": plain(sum(costs.values(), Decimal(0)))}


def document(account: Account, prices: Any, as_of: str) -> dict[str, Any]:
    """The account's report before any actual figure, as _cost.report takes it. Raises CostError."""
    terms = account.same("cost_commitments, cost_discounts or the spot discount", terms_of)
    found = estimate(account.lines, prices, terms, as_of)
    others, said = foreign(account), smaller_standbys(account)
    title = f"{account.platform.replace('_', ' ')}, {account.environment}"
    if others:
        said.append(f"the cluster and the services of {', '.join(others)} are run by others (platform_provider: existing); what they cost is not counted")
    if said:
        found["assumptions"] = sorted({*found["assumptions"], *said})
    return {
        "name": account.name,
        "platform": account.platform,
        "environment": account.environment,
        "hosts": sorted(account.variables),
        "run_by_others": others,
        "title": title if account.environment != LOCAL else f"{title}, {AS_IF}",
        "generated": as_of,
        "estimate": found,
        "baseline": None,
        "actual": None,
        "advice": advise(found, account.variables, prices),
        "allocation": allocation_of(account, found),
        "budget": account.same("cost_budget_monthly_usd or cost_target_monthly_usd", budget_of),
        "documented": documented(account.first, found) or None,
        "gate": account.same("cost_gate", gate_of),
    }

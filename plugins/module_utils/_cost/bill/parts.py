# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Parts that several components have: a figure of usage as a line, a log in CloudWatch, a load balancer with its addresses."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import amount
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import choice
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import count
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.usage import usage
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import HOURS
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Quantity
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import hours

# What CloudWatch Logs keeps of a byte that it takes in, as in the examples of https://aws.amazon.com/cloudwatch/pricing/
STORED_SHARE = Decimal("0.15")
# What one capacity unit holds each hour: https://aws.amazon.com/elasticloadbalancing/pricing/ (connections of NLB: TCP; TLS ends behind it).
UNITS = {
    "nlb": {"gb": Decimal(1), "new": Decimal(800), "active": Decimal(100_000), "rules": None},
    "alb": {"gb": Decimal(1), "new": Decimal(25), "active": Decimal(3000), "rules": Decimal(1000)},
}
BALANCERS = ("alb", "cloud", "nginx", "nlb")
RESOURCES = {"nlb": "AWS::ElasticLoadBalancingV2::LoadBalancer", "alb": "AWS::ElasticLoadBalancingV2::LoadBalancer"}


def used(
    place: Place,
    component: str,
    service: str,
    name: str,
    sku: str,
    unit: str,
    variables: Mapping[str, Any],
    figure: str,
    *,
    factor: Decimal | int = 1,
    resource: str = "",
    otherwise: Any = None,
    why: str = "",
    labels: Mapping[str, str] | None = None,
) -> Line:
    """A figure of cost_usage as a line: `quantity = cost_usage.<figure> x factor`. Raises CostError as `usage` does."""
    quantity, assumption = usage(variables, figure, otherwise, why)
    return Line(
        place,
        component,
        service,
        name,
        sku,
        quantity.times(factor),
        unit,
        resource,
        usage=True,
        assumption=assumption,
        labels={"figure": figure, **(labels or {})},
    )


def logs(
    place: Place, component: str, service: str, variables: Mapping[str, Any], figure: str, days: Any, where: str, source: str = "AWS::Logs::LogGroup"
) -> list[Line]:
    """A log group: GB that it takes in a month, and what it holds once it is as old as its retention.

    `stored = cost_usage.<figure> x days / (365 / 12) x 0.15`. `where`: the variable with the days. `source`: the type of what writes, if it is a resource.
    """
    kept = amount(days, where, Decimal(36_500))
    resource, labels = "AWS::Logs::LogGroup", {"retention_days": str(days)}
    return [
        used(place, component, service, "log ingestion", "aws/cloudwatch/logs-ingest", "GB", variables, figure, resource=source, labels=labels),
        used(
            place, component, service, "log storage", "aws/cloudwatch/logs-store", "GB-month", variables, figure,
            factor=stored(kept), resource=resource, labels=labels,
        ),
    ]  # fmt: skip


def stored(days: Decimal) -> Decimal:
    """GB that a log holds in the end for each GB a month that it takes: `days / (365 / 12) x 0.15`."""
    return days * 12 * STORED_SHARE / 365


def elementwise(function: Callable[..., Decimal], *quantities: Quantity) -> Quantity:
    """The function of all minima, of all expected values, of all maxima."""
    ends = (function(*(getattr(one, end) for one in quantities)) for end in ("minimum", "expected", "maximum"))
    return Quantity(*ends, undeclared=tuple(dict.fromkeys(name for one in quantities for name in one.undeclared)))


def balancer_kind(variables: Mapping[str, Any], place: Place, wanted: str = "") -> str:
    """nlb, alb, or the provider's own. Elsewhere than at AWS it is always the provider's."""
    kind = wanted or choice(variables.get("edge_load_balancer", "nlb"), "edge_load_balancer", BALANCERS)
    if place.provider != "aws":
        return "cloud"
    return kind if kind in UNITS else "nlb"


def balancer(place: Place, component: str, service: str, variables: Mapping[str, Any], kind: str, *, busy: bool, internal: bool = False) -> list[Line]:
    """A load balancer: its hours, capacity units, and a public address in each zone.

    Hours 730. Units 730 x max over what a unit holds: GB / 730 / 1, new connections a second / 800 (ALB 25), connections open / 100,000 (ALB 3,000), and of an
    ALB rules a second / 1,000. `busy`: whether cost_usage.load_balancer_* are its own. Addresses: zones x 730.
    """
    if place.provider in ("azure", "gcp"):
        return _others(place, component, service, variables, busy)
    resource, labels = RESOURCES[kind], {"kind": kind}
    found = [Line(place, component, service, "load balancer", f"aws/{kind}/hour", hours(), "hour", resource, labels=labels)]
    if busy:
        found.append(_units(place, component, service, variables, kind))
    if not internal:
        why = "one address in each zone of the deployment"
        found.append(Line(place, component, service, "public address", "aws/ipv4/hour", hours(place.zones), "hour", resource, assumption=why, labels=labels))
    return found


def _units(place: Place, component: str, service: str, variables: Mapping[str, Any], kind: str) -> Line:
    holds = UNITS[kind]
    names = {"gb": "load_balancer_gb", "new": "load_balancer_new_connections", "active": "load_balancer_active_connections"}
    names |= {"rules": "load_balancer_rules_evaluated"} if holds["rules"] else {}
    figures = {key: usage(variables, name) for key, name in names.items()}
    # A month's GB over 730 hours, the others are rates already.
    shares = [figures[key][0].times(1 / holds[key] if key == "gb" else HOURS / holds[key]) for key in figures]
    missing = sorted(names[key] for key, (_figure, why) in figures.items() if why)
    why = f"not declared and counted as 0: {', '.join(f'cost_usage.{name}' for name in missing)}" if missing else ""
    quantity = elementwise(lambda *parts: max(parts), *shares)
    name = "aws/nlb/lcu" if kind == "nlb" else "aws/alb/lcu"
    return Line(place, component, service, "capacity units", name, quantity, "LCU-hour", RESOURCES[kind], usage=True, assumption=why, labels={"kind": kind})


def _others(place: Place, component: str, service: str, variables: Mapping[str, Any], busy: bool) -> list[Line]:
    """Azure's Standard Load Balancer and Google's forwarding rules: up to five rules for one price an hour, and a public address."""
    provider, labels = place.provider, {"kind": "cloud"}
    why = "at most five rules"
    found = [
        Line(place, component, service, "load balancer", f"{provider}/lb/rule", hours(), "hour", assumption=why, labels=labels),
        Line(place, component, service, "public address", f"{provider}/ipv4/hour", hours(), "hour", labels=labels),
    ]
    if busy:
        found.append(used(place, component, service, "traffic", f"{provider}/lb/gb", "GB", variables, "load_balancer_gb"))
    return found


def zones_of(variables: Mapping[str, Any], tier: str) -> list[str]:
    """Letters of the zones in which a tier of network_subnets has a subnet, as role network lays them out. Raises CostError."""
    letters = sorted(variables.get("network_zones") or variables.get("cluster_zones") or {})
    tiers = variables.get("network_subnets") or {}
    wanted = tiers.get(tier)
    if wanted is None:
        return []
    if wanted.get("cidrs"):
        return sorted(wanted["cidrs"])
    return letters[: count(wanted.get("zones"), f"network_subnets.{tier}.zones", least=1, most=len(letters) or 1)]

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Figures of traffic and volume, which no inventory implies: variable cost_usage, all of them for a month."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.data_usage import DATA_NAMES
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import amount
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import layered
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import meant
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Quantity

# By name: what is counted. Each is a number, or {minimum, expected, maximum}.
NAMES = {
    "internet_out_gb": "GB sent to the internet, but not by the CDN",
    "cross_zone_gb": "GB between zones of the region, counted once; both directions are billed",
    "inter_region_gb": "GB sent to another region",
    "nat_gb": "GB through the NAT gateways, both ways",
    "endpoint_gb": "GB through interface endpoints",
    "flow_log_gb": "GB of flow logs",
    "cluster_log_gb": "GB of the control plane's logs",
    "cpu_credit_vcpu_hours": "vCPU-hours of burstable instances above their baseline",
    "load_balancer_gb": "GB through the load balancer in front of the hosts",
    "load_balancer_new_connections": "new connections a second, mean",
    "load_balancer_active_connections": "connections open at once, mean",
    "load_balancer_rules_evaluated": "rules of an application load balancer evaluated a second, mean",
    "cdn_out_gb": "GB that CloudFront sends",
    "cdn_requests": "requests that CloudFront answers",
    "waf_requests": "requests that WAF looks at",
    "waf_log_gb": "GB of WAF's log",
    "dns_queries": "queries that are no alias of an AWS resource",
    "kms_requests": "calls of KMS",
    "secrets_requests": "calls of Secrets Manager",
    "registry_gb": "GB of images in the registry",
    "registry_replicated_gb": "GB of images copied to the standby region",
    "registry_scanned_images": "images that Inspector scans",
    "cloudwatch_log_gb": "GB of containers' logs that CloudWatch takes",
    "insights_metrics": "metrics that Container Insights writes each minute",
    "signals": "signals of Application Signals, in an account without Transaction Search",
    "signals_gb": "GB of Application Signals, in an account with Transaction Search",
    "notifications": "notifications of SNS",
    "queue_requests": "calls of SQS",
    "state_gb": "GB in the state bucket",
    "state_puts": "writes to the state bucket",
    "state_gets": "reads of the state bucket",
    "trail_gb": "GB of the trail's files, all that are kept",
    "trail_log_gb": "GB of the trail that CloudWatch takes",
    **DATA_NAMES,
}


def declared(variables: Mapping[str, Any], known: Mapping[str, str] = NAMES) -> dict[str, Any]:
    """The figures with their layers. Raises CostError for a name that nobody counts."""
    found = layered(variables, "cost_usage")
    for name in found:
        if name not in known:
            raise CostError(f"cost_usage.{name} is counted nowhere; {meant(name, known)}")
    return found


def usage(variables: Mapping[str, Any], name: str, otherwise: Any = None, why: str = "") -> tuple[Quantity, str]:
    """The figure and what had to be assumed for it. `otherwise`: where it is not declared, for the reason `why`; without one it is 0, and said so.

    Raises CostError: not a number, negative, absurd, or minimum <= expected <= maximum does not hold.
    """
    if name not in NAMES:
        raise KeyError(name)
    found = declared(variables).get(name)
    if found is None and otherwise is not None:
        return _quantity(otherwise, name), why or f"cost_usage.{name} is not declared: {otherwise}"
    if found is None:
        zero = Decimal(0)
        return Quantity(zero, zero, zero, undeclared=(name,)), f"cost_usage.{name} is not declared: counted as 0"
    return _quantity(found, name), ""


def _quantity(value: Any, name: str) -> Quantity:
    where = f"cost_usage.{name}"
    if isinstance(value, Quantity):
        return value
    if not isinstance(value, Mapping):
        same = amount(value, where)
        return Quantity(same, same, same)
    if unknown := sorted(set(value) - {"minimum", "expected", "maximum"}):
        raise CostError(f"{where}.{unknown[0]} is unknown; give minimum, expected and maximum")
    if "expected" not in value:
        raise CostError(f"{where}.expected is missing; give the figure of an ordinary month")
    expected = amount(value["expected"], f"{where}.expected")
    found = Quantity(amount(value.get("minimum", expected), f"{where}.minimum"), expected, amount(value.get("maximum", expected), f"{where}.maximum"))
    if not found.minimum <= found.expected <= found.maximum:
        raise CostError(f"{where} is {found.minimum} to {found.expected} to {found.maximum}; none may be smaller than the one before")
    return found

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Edge: load balancer where the mesh has none, zone, health checks, CloudFront, WAF. Public certificates are free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import balancer
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import balancer_kind
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import logs
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import used
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import choice
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import components
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import count
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import fixed

TERMINATIONS = ("alb", "gateway_api", "ingress", "istio")
PROVIDERS = ("aws", "azure", "gcp")
MILLIONTH = Decimal("0.000001")
TEN_THOUSANDTH = Decimal("0.0001")
# Where CloudFront, Route 53 and their web ACLs are billed.
GLOBAL = "us-east-1"


def lines(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """What stands in front of the hosts; what is the same in all regions is billed once, with the first of edge_regions.

    Raises CostError naming the variable.
    """
    if place.provider not in PROVIDERS:
        return []
    termination = choice(variables.get("edge_termination", "istio"), "edge_termination", TERMINATIONS)
    found: list[Line] = []
    if termination != "istio" or "istio" not in components(variables):
        kind = balancer_kind(variables, place, "alb" if termination == "alb" else "")
        # A Gateway's load balancer is made of a Service.
        kind = "nlb" if termination == "gateway_api" and kind == "alb" else kind
        found += balancer(place, "edge", "load balancer", variables, kind, busy=True)
    if place.provider != "aws":
        return found
    regions = variables.get("edge_regions") or [place.region]
    first = place.region == regions[0]
    everywhere = replace(place, region=str(variables.get("edge_global_region", GLOBAL)))
    cloudfront = bool(variables.get("edge_cdn_enabled")) and variables.get("edge_cdn_provider", "cloudfront") == "cloudfront"
    if first:
        found += _zone(variables, everywhere) + _checks(variables, everywhere, len(regions))
        found += _cdn(variables, everywhere) if cloudfront else []
    # WAF reads requests: without CloudFront or an application load balancer it has no effect, and the role makes none.
    effective = first if cloudfront else variables.get("edge_load_balancer") == "alb"
    if variables.get("edge_waf_enabled") and effective:
        found += _waf(variables, everywhere if cloudfront else place)
    return found


def _zone(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """A zone that a stack makes, or the account's one: that is counted in production, as all environments write to it."""
    made = bool(variables.get("edge_zone_managed"))
    if variables.get("edge_dns_provider", "route53") != "route53" or not (made or place.environment == "production"):
        return []
    why = "" if made else "the zone is found by its name; counted once, in production"
    resource, labels = "AWS::Route53::HostedZone" if made else "", {"zone": str(variables.get("edge_zone", ""))}
    return [
        Line(place, "edge", "dns", "zone", "aws/route53/zone", fixed(1), "zone-month", resource, assumption=why, labels=labels),
        used(place, "edge", "dns", "queries", "aws/route53/queries-1m", "1m queries", variables, "dns_queries", factor=MILLIONTH, resource=resource),
    ]


def _checks(variables: Mapping[str, Any], place: Place, regions: int) -> list[Line]:
    """A check for each region where records fail over, and what it has beyond the ordinary: HTTPS, an interval of ten seconds.

    Load balancers are endpoints within AWS: https://aws.amazon.com/route53/pricing/
    """
    routing = choice(variables.get("edge_routing", "simple"), "edge_routing", ("failover", "latency", "simple"))
    if routing == "simple" or variables.get("edge_dns_provider", "route53") != "route53":
        return []
    check = variables.get("edge_health_check") or {}
    options = [
        check.get("protocol", "HTTPS") == "HTTPS",
        count(check.get("interval_seconds", 30), "edge_health_check.interval_seconds", least=10, most=30) < 30,
    ]
    resource, labels = "AWS::Route53::HealthCheck", {"regions": str(regions)}
    found = [Line(place, "edge", "health checks", "checks", "aws/route53/health-check", fixed(regions), "check-month", resource, labels=labels)]
    if any(options):
        number = fixed(regions * sum(options))
        sku = "aws/route53/health-check-option"
        found.append(Line(place, "edge", "health checks", "https and fast interval", sku, number, "option-month", resource, labels=labels))
    return found


def _cdn(variables: Mapping[str, Any], place: Place) -> list[Line]:
    resource = "AWS::CloudFront::Distribution"
    return [
        used(place, "edge", "cdn", "out", "aws/cloudfront/out-gb", "GB", variables, "cdn_out_gb", resource=resource),
        used(
            place, "edge", "cdn", "requests", "aws/cloudfront/requests-10k", "10k requests", variables, "cdn_requests", factor=TEN_THOUSANDTH, resource=resource
        ),
    ]


def _waf(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """The web ACL, each rule, each million of requests, its log. AWS' own groups of rules cost no more than a rule, those against bots and fraud apart."""
    resource, rules = "AWS::WAFv2::WebACL", len(variables.get("edge_waf_rules") or {})
    return [
        Line(place, "edge", "waf", "web acl", "aws/waf/acl", fixed(1), "acl-month", resource),
        Line(place, "edge", "waf", "rules", "aws/waf/rule", fixed(rules), "rule-month", resource, labels={"rules": str(rules)}),
        used(place, "edge", "waf", "requests", "aws/waf/requests-1m", "1m requests", variables, "waf_requests", factor=MILLIONTH, resource=resource),
        *logs(place, "edge", "waf", variables, "waf_log_gb", variables.get("edge_waf_log_days", 365), "edge_waf_log_days"),
    ]

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What stands before the cluster on Amazon: floor of TLS, annotations of load balancers, rules of the web ACL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._edge.errors import EdgeError

# {service: {floor: name of the policy}}. Elastic Load Balancing user guides, "Security policies"; CloudFront developer guide,
# "Supported protocols and ciphers".
POLICIES = {
    "load_balancer": {"1.3": "ELBSecurityPolicy-TLS13-1-3-2021-06", "1.2": "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"},
    "cloudfront": {"1.3": "TLSv1.3_2025", "1.2": "TLSv1.2_2021"},
}
SERVICE, INGRESS = "service.beta.kubernetes.io/aws-load-balancer-", "alb.ingress.kubernetes.io/"
# Web ACL capacity units of AWS' groups (WAF developer guide, "AWS Managed Rules rule groups list"), in the order in which they are asked.
GROUPS = {
    "AWSManagedRulesAmazonIpReputationList": 25,
    "AWSManagedRulesAnonymousIpList": 50,
    "AWSManagedRulesCommonRuleSet": 700,
    "AWSManagedRulesKnownBadInputsRuleSet": 200,
    "AWSManagedRulesSQLiRuleSet": 200,
    "AWSManagedRulesLinuxRuleSet": 200,
    "AWSManagedRulesUnixRuleSet": 100,
    "AWSManagedRulesWindowsRuleSet": 200,
    "AWSManagedRulesPHPRuleSet": 100,
    "AWSManagedRulesWordPressRuleSet": 100,
    "AWSManagedRulesAdminProtectionRuleSet": 100,
}
CAPACITY = 1500


def tls(minimum: str, termination: str, cdn: bool) -> dict[str, str]:
    """`{minimum, wanted, policy, cdn_policy, said}`: the floor that holds where TLS ends, and what is to be said where it is not the one that was asked for."""
    if minimum not in ("1.2", "1.3"):
        raise EdgeError(f"edge_tls_minimum_version is {minimum!r}; it is '1.3' or '1.2'")
    found = {"minimum": minimum, "wanted": minimum, "policy": "", "cdn_policy": POLICIES["cloudfront"][minimum] if cdn else "", "said": ""}
    if termination == "alb":
        found["policy"] = POLICIES["load_balancer"][minimum]
    elif termination == "gateway_api" and minimum == "1.3" and not cdn:
        found |= {
            "minimum": "1.2",
            "said": "the Gateway API has no floor of TLS, its gateway takes 1.2 with forward secrecy; edge_termination istio or alb has 1.3",
        }
    elif termination == "ingress" and not cdn:
        found |= {
            "minimum": "unknown",
            "said": f"the ingress controller's own settings decide on TLS, set {minimum} there; edge_termination istio or alb sets it",
        }
    return found


def annotations(settings: Mapping[str, Any]) -> dict[str, str]:
    """Annotations of what makes the load balancer, as AWS Load Balancer Controller reads them: of the gateway's Service (nlb), of an Ingress (alb).

    `settings`: `{kind, name, tags, minimum, health_path, certificate_arn, web_acl_arn, internal}`. Roles istio (`istio_gateways.<name>.annotations`) and
    application (`load_balancer.annotations`, `route.annotations`) take them as they are. Others' load balancers have none.
    """
    kind = settings["kind"]
    tags = ",".join(f"{key}={value}" for key, value in sorted((settings.get("tags") or {}).items()))
    scheme = "internal" if settings.get("internal") else "internet-facing"
    if kind == "nlb":
        found = {
            "type": "external",
            "name": settings["name"],
            "scheme": scheme,
            "nlb-target-type": "ip",
            # The gateway's own word on whether it is ready, not a connection that anything may accept.
            "healthcheck-protocol": "http",
            "healthcheck-port": "15021",
            "healthcheck-path": "/healthz/ready",
            "healthcheck-interval": "10",
            "attributes": "load_balancing.cross_zone.enabled=true",
            "target-group-attributes": "preserve_client_ip.enabled=true,deregistration_delay.timeout_seconds=60",
            "additional-resource-tags": tags,
        }
        return {SERVICE + key: value for key, value in found.items() if value}
    if kind == "alb":
        found = {
            "load-balancer-name": settings["name"],
            "scheme": scheme,
            "target-type": "ip",
            "listen-ports": '[{"HTTP": 80}, {"HTTPS": 443}]',
            "ssl-redirect": "443",
            "ssl-policy": POLICIES["load_balancer"][settings["minimum"]],
            "certificate-arn": settings.get("certificate_arn") or "",
            "wafv2-acl-arn": settings.get("web_acl_arn") or "",
            "healthcheck-path": settings.get("health_path") or "",
            "load-balancer-attributes": "routing.http.drop_invalid_header_fields.enabled=true",
            "tags": tags,
        }
        return {INGRESS + key: value for key, value in found.items() if value}
    return {}


def waf_rules(rules: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rules of an AWS::WAFv2::WebACL: addresses that ask too often first, then AWS' groups in a fixed order. Raises EdgeError."""
    problems, capacity = [], 0
    rated, managed = [], []
    for name, rule in sorted(rules.items()):
        group, limit = rule.get("managed_group"), rule.get("requests_per_five_minutes")
        if (group is None) == (limit is None):
            problems.append(f"edge_waf_rules.{name}: give either managed_group or requests_per_five_minutes")
        elif group is not None:
            if group not in GROUPS:
                problems.append(f"edge_waf_rules.{name}: {group} is no group of AWS that this collection knows; it is one of {', '.join(GROUPS)}")
            capacity += GROUPS.get(group, 0)
            managed.append((list(GROUPS).index(group) if group in GROUPS else 99, name, group))
        else:
            if not 10 <= int(limit) <= 2_000_000_000:
                problems.append(f"edge_waf_rules.{name}: requests_per_five_minutes is {limit}; WAF takes 10 to 2,000,000,000")
            capacity += 2
            rated.append((name, int(limit)))
    if capacity > CAPACITY:
        problems.append(f"edge_waf_rules need {capacity} capacity units of {CAPACITY}; leave a group out")
    if problems:
        raise EdgeError("; ".join(problems))
    entries: list[dict[str, Any]] = []
    for name, limit in rated:
        statement = {"RateBasedStatement": {"AggregateKeyType": "IP", "EvaluationWindowSec": 300, "Limit": limit}}
        entries.append({"Name": _dashed(name), "Action": {"Block": {}}, "Statement": statement})
    for _order, name, group in sorted(managed):
        statement = {"ManagedRuleGroupStatement": {"Name": group, "VendorName": "AWS"}}
        entries.append({"Name": _dashed(name), "OverrideAction": {"None": {}}, "Statement": statement})
    return [{**entry, "Priority": number, "VisibilityConfig": visible(entry["Name"])} for number, entry in enumerate(entries)]


def visible(name: str) -> dict[str, Any]:
    return {"CloudWatchMetricsEnabled": True, "MetricName": name, "SampledRequestsEnabled": True}


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def problems(settings: Mapping[str, Any]) -> list[str]:
    """What cannot be, each with its variable and the remedy.

    `settings`: `{dns_provider, zone, domain, hosts, routing, regions, active, load_balancer, termination, cdn, cdn_provider, failover}`.
    """
    found = []
    provider, zone = settings["dns_provider"], settings["zone"]
    if provider in ("azure_dns", "cloud_dns"):
        found.append(
            f"edge_dns_provider is {provider}, which is not built; use cloudflare or route53, external_dns where the cluster writes its records, "
            "or none and write them yourself"
        )
    if provider in ("route53", "cloudflare"):
        found += [f"edge_hostnames: {host} is not in edge_zone {zone}" for host in settings["hosts"] if host != zone and not host.endswith(f".{zone}")]
        if not zone:
            found.append("edge_zone is empty; name the zone that holds the records")
        if settings["active"] not in settings["regions"]:
            found.append(f"edge_active_region is {settings['active']}, which is none of {', '.join(settings['regions'])}")
    if provider == "cloudflare" and settings["routing"] == "latency":
        found.append("edge_routing is latency, which Cloudflare's DNS does not have; use failover or simple")
    if settings["cdn"] and settings["cdn_provider"] == "cloudfront" and provider not in ("route53", "cloudflare"):
        found.append(f"edge_cdn_enabled needs records that this role writes; edge_dns_provider is {provider}")
    if settings["cdn"] and settings["cdn_provider"] == "cloudflare" and provider != "cloudflare":
        found.append("edge_cdn_provider is cloudflare, which needs edge_dns_provider cloudflare: its proxy stands where its DNS is")
    return found


def unfiltered(waf: bool, load_balancer: str, cdn: bool, cdn_provider: str) -> str:
    """Why no web ACL stands before the hosts though one is asked for, else ""."""
    if not waf or load_balancer == "alb" or (cdn and cdn_provider == "cloudfront"):
        return ""
    return (
        f"edge_waf_enabled has no effect: WAF reads requests, and load balancer {load_balancer} passes TLS on unread. "
        "Set edge_cdn_enabled (CloudFront), or edge_load_balancer alb"
    )

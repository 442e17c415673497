# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses, records, floor of TLS, annotations and rules of role edge."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._edge import building
from ansible_collections.llmops.platform.plugins.module_utils._edge import front
from ansible_collections.llmops.platform.plugins.module_utils._edge.errors import EdgeError
from ansible_collections.llmops.platform.plugins.module_utils._edge.records import canonical

HOSTS = ["example.com", "api.example.com"]
TWO = {"us-east-1": "a-1.elb.us-east-1.amazonaws.com", "us-west-2": "b-2.elb.us-west-2.amazonaws.com"}


def settings(**more):
    usual = {"provider": "route53", "zone": "example.com", "domain": "example.com", "active": "us-east-1", "routing": "failover", "ttl": 60}
    return {**usual, "health_checks": {"us-east-1": "h1", "us-west-2": "h2"}, "cdn": "", "proxied": False, **more}


def service(name, *addresses, kind="Service", namespace="istio-system", hosts=()):
    rules = {"rules": [{"host": host} for host in hosts]} if kind == "Ingress" else {}
    return {"kind": kind, "metadata": {"name": name, "namespace": namespace}, "spec": rules, "status": {"loadBalancer": {"ingress": list(addresses)}}}


def test_an_address_by_name_and_by_host():
    things = [service("other", {"ip": "192.0.2.9"}), service("istio-ingressgateway", {"hostname": "lb.example.org"})]
    assert building.balanced(things, "istio-ingressgateway") == {
        "address": "lb.example.org",
        "found": "Service istio-system/istio-ingressgateway",
        "missing": "",
    }
    ingresses = [service("a", {"ip": "192.0.2.1"}, kind="Ingress", hosts=["other.org"]), service("b", {"ip": "192.0.2.2"}, kind="Ingress", hosts=HOSTS)]
    assert building.balanced(ingresses, "", HOSTS)["address"] == "192.0.2.2"
    gateway = {"kind": "Gateway", "metadata": {"name": "g", "namespace": "n"}, "spec": {"listeners": [{"hostname": "api.example.com"}]}}
    gateway["status"] = {"addresses": [{"type": "IPAddress", "value": "192.0.2.3"}]}
    assert building.balanced([gateway], "", HOSTS)["address"] == "192.0.2.3"


def test_an_address_that_is_not_there_yet_is_told_by_what_should_have_it():
    waiting = building.balanced([service("istio-ingressgateway")], "istio-ingressgateway")
    assert "Service istio-system/istio-ingressgateway has no address yet" in waiting["missing"]
    assert "nothing of the name istio-ingressgateway" in building.balanced([], "istio-ingressgateway")["missing"]
    assert "api.example.com" in building.balanced([service("a")], "", HOSTS)["missing"]


def by_key(records):
    return canonical(records, "example.com")


def test_failover_records():
    found = by_key(building.edge_records(HOSTS, TWO, settings()))
    assert len(found) == 6
    first, second = (found["example.com", "A", region] for region in TWO)
    assert (first["failover"], first["health_check_id"]) == ("primary", "h1")
    assert (second["failover"], second["health_check_id"]) == ("secondary", "h2")
    assert first["alias"] == {"name": TWO["us-east-1"], "zone_id": None, "evaluate_health": True}
    assert found["us-west-2.example.com", "A", ""]["failover"] is None


def test_the_active_region_is_the_primary():
    found = by_key(building.edge_records(HOSTS, TWO, settings(active="us-west-2")))
    assert found["example.com", "A", "us-west-2"]["failover"] == "primary"
    with pytest.raises(EdgeError, match="edge_active_region"):
        building.edge_records(HOSTS, {**TWO, "us-east-1": ""}, settings())


def test_latency_and_simple_records():
    latency = by_key(building.edge_records(HOSTS, TWO, settings(routing="latency")))
    assert latency["example.com", "A", "us-west-2"]["region"] == "us-west-2"
    simple = by_key(building.edge_records(["api.example.com"], TWO, settings(routing="simple")))
    assert simple["api.example.com", "A", ""]["alias"]["name"] == TWO["us-east-1"]
    assert building.edge_records(HOSTS, {"us-east-1": ""}, settings()) == []


@pytest.mark.parametrize(
    ("address", "kind"), [("192.0.2.1", "A"), ("2001:db8::1", "AAAA"), ("lb.example.org", "CNAME"), ("x.us-east-1.elb.amazonaws.com", "A")]
)
def test_a_record_fits_its_address(address, kind):
    found = building.edge_records(["api.example.com"], {"us-east-1": address}, settings(routing="simple"))
    assert {record["type"] for record in found} == {kind}
    by_key(found)


def test_the_top_of_a_zone_takes_no_cname():
    with pytest.raises(EdgeError, match="top of its zone"):
        building.edge_records(["example.com"], {"us-east-1": "lb.example.org"}, settings(routing="simple"))
    flattened = building.edge_records(["example.com"], {"us-east-1": "lb.x.org"}, settings(provider="cloudflare", routing="simple"))
    (top,) = [one for one in flattened if one["name"] == "example.com"]
    assert top["alias"] == {"name": "lb.x.org"}


def test_behind_a_cdn_the_hosts_lead_to_it_and_it_to_the_origin():
    found = by_key(building.edge_records(HOSTS, TWO, settings(cdn="d1.cloudfront.net")))
    assert found["api.example.com", "A", ""]["alias"]["name"] == "d1.cloudfront.net"
    assert found["origin.example.com", "A", "us-east-1"]["failover"] == "primary"


@pytest.mark.parametrize(
    ("minimum", "termination", "cdn", "floor", "policy", "said"),
    [
        ("1.3", "istio", False, "1.3", "", False),
        ("1.3", "alb", False, "1.3", "ELBSecurityPolicy-TLS13-1-3-2021-06", False),
        ("1.2", "alb", False, "1.2", "ELBSecurityPolicy-TLS13-1-2-Res-2021-06", False),
        ("1.3", "gateway_api", False, "1.2", "", True),
        ("1.2", "gateway_api", False, "1.2", "", False),
        ("1.3", "gateway_api", True, "1.3", "", False),
        ("1.3", "ingress", False, "unknown", "", True),
    ],
)
def test_the_floor_of_tls_is_what_holds(minimum, termination, cdn, floor, policy, said):
    found = front.tls(minimum, termination, cdn)
    assert (found["minimum"], found["policy"], bool(found["said"])) == (floor, policy, said)
    assert found["cdn_policy"] == ({"1.3": "TLSv1.3_2025", "1.2": "TLSv1.2_2021"}[minimum] if cdn else "")


def test_annotations_of_load_balancers():
    common = {"name": "shop-production", "tags": {"b": "2", "a": "1"}, "minimum": "1.3", "health_path": "/health"}
    nlb = front.annotations({"kind": "nlb", **common})
    assert nlb["service.beta.kubernetes.io/aws-load-balancer-additional-resource-tags"] == "a=1,b=2"
    assert not any("ssl" in key for key in nlb)
    alb = front.annotations({"kind": "alb", **common, "certificate_arn": "arn:c", "web_acl_arn": "arn:w"})
    assert alb["alb.ingress.kubernetes.io/ssl-policy"] == "ELBSecurityPolicy-TLS13-1-3-2021-06"
    assert alb["alb.ingress.kubernetes.io/wafv2-acl-arn"] == "arn:w"
    assert "alb.ingress.kubernetes.io/wafv2-acl-arn" not in front.annotations({"kind": "alb", **common})
    assert front.annotations({"kind": "cloud", **common}) == {}
    assert all(isinstance(value, str) for value in {**nlb, **alb}.values())


def test_rules_of_the_web_acl():
    found = front.waf_rules(
        {
            "sql": {"managed_group": "AWSManagedRulesSQLiRuleSet"},
            "common": {"managed_group": "AWSManagedRulesCommonRuleSet"},
            "rate_limit": {"requests_per_five_minutes": 2000},
        }
    )
    assert [(rule["Priority"], rule["Name"]) for rule in found] == [(0, "rate-limit"), (1, "common"), (2, "sql")]
    assert found[0]["Statement"]["RateBasedStatement"]["Limit"] == 2000
    assert found[1]["OverrideAction"] == {"None": {}}


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"a": {}}, "edge_waf_rules.a: give either"),
        ({"a": {"managed_group": "AWSManagedRulesNone"}}, "no group of AWS"),
        ({"a": {"requests_per_five_minutes": 9}}, "WAF takes 10"),
        ({f"r{number}": {"managed_group": "AWSManagedRulesCommonRuleSet"} for number in range(3)}, "2100 capacity units of 1500"),
    ],
)
def test_rules_that_cannot_be(rules, said):
    with pytest.raises(EdgeError, match=said):
        front.waf_rules(rules)


def problems(**more):
    usual = {"dns_provider": "route53", "zone": "example.com", "domain": "example.com", "hosts": HOSTS, "routing": "simple", "regions": ["us-east-1"]}
    usual |= {"active": "us-east-1", "load_balancer": "nlb", "termination": "istio", "cdn": False, "cdn_provider": "cloudfront", "failover": False}
    return front.problems({**usual, **more})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"dns_provider": "azure_dns"}, "not built"),
        ({"dns_provider": "cloud_dns"}, "not built"),
        ({"hosts": ["api.other.org"]}, "not in edge_zone example.com"),
        ({"active": "eu-west-1"}, "edge_active_region"),
        ({"zone": ""}, "edge_zone is empty"),
        ({"dns_provider": "cloudflare", "routing": "latency"}, "edge_routing"),
        ({"dns_provider": "external_dns", "cdn": True}, "edge_cdn_enabled"),
        ({"cdn": True, "cdn_provider": "cloudflare"}, "edge_cdn_provider"),
    ],
)
def test_settings_that_cannot_be(wrong, said):
    assert problems() == []
    assert any(said in problem for problem in problems(**wrong))


def test_a_filter_that_filters_nothing_is_said():
    assert "edge_waf_enabled has no effect" in front.unfiltered(True, "nlb", False, "cloudfront")
    assert front.unfiltered(True, "nlb", True, "cloudfront") == front.unfiltered(True, "alb", False, "") == front.unfiltered(False, "nlb", False, "") == ""

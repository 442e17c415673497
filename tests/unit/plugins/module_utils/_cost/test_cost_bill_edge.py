# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Edge, mesh and applications: load balancers, zone, health checks, CloudFront, WAF, volumes."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import application
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import edge
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import istio
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from tests.support.bill_cases import line
from tests.support.bill_cases import place
from tests.support.bill_cases import quantities
from tests.support.bill_cases import skus

MESH = {"platform_components": {"istio": True, "edge": True}, "edge_load_balancer": "nlb"}
RULES = {"common": {"managed_group": "AWSManagedRulesCommonRuleSet"}, "rate_limit": {"requests_per_five_minutes": 2000}}
FRONT = {
    **MESH,
    "edge_regions": ["us-east-1", "us-west-2"],
    "edge_dns_provider": "route53",
    "edge_routing": "failover",
    "edge_zone_managed": True,
    "edge_health_check": {"protocol": "HTTPS", "interval_seconds": 30},
    "edge_cdn_enabled": True,
    "edge_waf_enabled": True,
    "edge_waf_rules": RULES,
    "edge_waf_log_days": 365,
    "cost_usage": {"dns_queries": 3_000_000, "cdn_out_gb": 500, "cdn_requests": 20_000_000, "waf_requests": 20_000_000, "waf_log_gb": 2},
}


def test_a_gateway_is_one_load_balancer_with_an_address_in_each_zone():
    found = istio.lines({**MESH, "istio_gateways": {"ingress": {"kind": "ingress"}}, "cost_usage": {"load_balancer_gb": 100}}, place())
    assert quantities(found) == {"gateway ingress/load balancer": "730", "gateway ingress/capacity units": "100", "gateway ingress/public address": "2190"}


@pytest.mark.parametrize(
    ("gateway", "names"),
    [
        ({"kind": "egress"}, []),
        ({"kind": "ingress", "service_type": "ClusterIP"}, []),
        ({"kind": "egress", "service_type": "LoadBalancer"}, ["load balancer", "capacity units", "public address"]),
        ({"kind": "ingress", "annotations": {"service.beta.kubernetes.io/aws-load-balancer-scheme": "internal"}}, ["load balancer", "capacity units"]),
    ],
)
def test_which_gateways_have_a_load_balancer(gateway, names):
    assert [one.name for one in istio.lines({**MESH, "istio_gateways": {"one": gateway}}, place())] == names


def test_only_the_first_gateway_has_the_traffic():
    found = istio.lines({**MESH, "istio_gateways": {"a": {}, "b": {}}, "istio_gateway_defaults": {"kind": "ingress"}}, place())
    assert [name for name in quantities(found) if name.endswith("capacity units")] == ["gateway a/capacity units"]
    assert quantities(found)["gateway b/load balancer"] == "730"


@pytest.mark.parametrize(
    ("changes", "sku"),
    [
        ({"edge_termination": "istio"}, None),
        # Without the mesh somebody else has to let requests in.
        ({"edge_termination": "istio", "platform_components": {"edge": True}}, "aws/nlb/hour"),
        ({"edge_termination": "alb"}, "aws/alb/hour"),
        ({"edge_termination": "ingress", "edge_load_balancer": "alb"}, "aws/alb/hour"),
        ({"edge_termination": "ingress", "edge_load_balancer": "nginx"}, "aws/nlb/hour"),
        ({"edge_termination": "gateway_api"}, "aws/nlb/hour"),
        ({"edge_termination": "gateway_api", "edge_load_balancer": "alb"}, "aws/nlb/hour"),
    ],
)
def test_who_has_the_load_balancer(changes, sku):
    found = edge.lines({**MESH, "edge_dns_provider": "external_dns", **changes}, place())
    assert [one.sku for one in found if one.name == "load balancer"] == ([sku] if sku else [])


def test_what_stands_before_the_hosts():
    found = edge.lines(FRONT, place(region="us-east-1"))
    assert quantities(found) == {
        "dns/zone": "1",
        "dns/queries": "3",
        "health checks/checks": "2",
        "health checks/https and fast interval": "2",
        "cdn/out": "500",
        "cdn/requests": "2000",
        "waf/web acl": "1",
        "waf/rules": "2",
        "waf/requests": "20",
        "waf/log ingestion": "2",
        # Two GB a month for a year at 0.15.
        "waf/log storage": "3.6",
    }


def test_what_is_global_is_billed_once_and_in_its_region():
    assert edge.lines(FRONT, place(region="us-west-2", deployment="shop_dev_standby")) == []
    swapped = {**FRONT, "edge_regions": ["us-west-2"], "edge_waf_enabled": True}
    assert {one.place.region for one in edge.lines(swapped, place(region="us-west-2"))} == {"us-east-1"}


@pytest.mark.parametrize(
    ("check", "options"),
    [({"protocol": "HTTP", "interval_seconds": 30}, None), ({"protocol": "HTTP", "interval_seconds": 10}, "2"), ({"interval_seconds": 10}, "4")],
)
def test_options_of_health_checks(check, options):
    found = quantities(edge.lines({**FRONT, "edge_health_check": check}, place()))
    assert found.get("health checks/https and fast interval") == options


def test_one_region_needs_no_health_check():
    assert "health checks/checks" not in quantities(edge.lines({**FRONT, "edge_routing": "simple"}, place()))


@pytest.mark.parametrize(
    ("changes", "environment", "said"),
    [
        ({"edge_zone_managed": False}, "production", "the zone is found by its name; counted once, in production"),
        ({"edge_zone_managed": False}, "dev", None),
        ({"edge_zone_managed": True}, "dev", ""),
        ({"edge_dns_provider": "cloudflare"}, "production", None),
    ],
)
def test_whose_bill_the_zone_is_on(changes, environment, said):
    found = [one for one in edge.lines({**FRONT, **changes}, place(environment=environment)) if one.name == "zone"]
    assert [one.assumption for one in found] == ([] if said is None else [said])


@pytest.mark.parametrize(
    ("changes", "regions"),
    [
        ({"edge_cdn_enabled": False}, []),
        ({"edge_cdn_enabled": False, "edge_load_balancer": "alb"}, ["us-west-2"]),
        ({"edge_waf_enabled": False}, []),
        ({"edge_cdn_provider": "cloudflare"}, []),
    ],
)
def test_a_web_acl_stands_where_requests_are_read(changes, regions):
    found = edge.lines({**FRONT, "edge_regions": ["us-west-2"], **changes}, place(region="us-west-2"))
    assert [one.place.region for one in found if one.name == "web acl"] == regions


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"edge_termination": "mesh"}, r"edge_termination is 'mesh'; it is one of alb, gateway_api, ingress, istio"),
        ({"edge_load_balancer": "elb", "edge_termination": "ingress"}, r"edge_load_balancer is 'elb'; did you mean"),
        ({"edge_routing": "simpel"}, r"edge_routing is 'simpel'; did you mean simple\?"),
        ({"edge_health_check": {"interval_seconds": 5}}, r"edge_health_check\.interval_seconds is 5; give 10 to 30"),
        ({"edge_waf_log_days": -1}, r"edge_waf_log_days is -1"),
    ],
)
def test_what_cannot_be_is_refused_by_name(changes, said):
    with pytest.raises(CostError, match=said):
        edge.lines({**FRONT, **changes}, place())


@pytest.mark.parametrize("gateway", [{"kind": "ingres"}, {"service_type": "LoadBalancr"}])
def test_gateways_that_cannot_be(gateway):
    with pytest.raises(CostError, match=r"istio_gateways\.one\.(kind|service_type) is '.*'; did you mean"):
        istio.lines({"istio_gateways": {"one": gateway}}, place())


@pytest.mark.parametrize("module", [edge, istio, application])
def test_a_cluster_of_somebody_else_has_no_load_balancer_of_ours(module):
    variables = {**FRONT, "edge_termination": "ingress", "istio_gateways": {"a": {}}, "application_services": {"a": {"load_balancer": {"class": "x"}}}}
    assert module.lines(variables, place(provider="existing")) == []


SERVICES = {
    "web": {"service": {"type": "LoadBalancer"}},
    "store": {"volumes": {"data": {"size": "10Gi", "storage_class": "fast-ssd"}, "shared": {"size": "512Mi", "access_mode": "ReadWriteMany"}}},
    "api": {"load_balancer": {"class": "service.k8s.aws/nlb"}},
}


def test_services_of_applications():
    found = application.lines(
        {"application_services": SERVICES, "application_service_defaults": {"service": {"type": "ClusterIP"}, "load_balancer": {}}}, place()
    )
    assert quantities(found) == {
        "api public service/load balancer": "730",
        "api public service/public address": "2190",
        "store/volume data": "10",
        "store/volume shared": "0.5",
        "web service/load balancer": "730",
        "web service/public address": "2190",
    }
    assert (skus(found)["store/volume data"], skus(found)["store/volume shared"]) == ("aws/ebs/gp3", "aws/efs/standard")
    assert line(found, "store/volume data").stateful
    assert line(found, "store/volume data").labels == {"storage_class": "fast-ssd"}


@pytest.mark.parametrize(("provider", "sku"), [("azure", "azure/disk/premium-gb"), ("gcp", "gcp/disk/pd-balanced")])
def test_volumes_elsewhere(provider, sku):
    found = application.lines({"application_services": {"store": SERVICES["store"]}}, place(provider=provider))
    assert skus(found)["store/volume data"] == sku


@pytest.mark.parametrize(("size", "gib"), [("10Gi", "10"), ("1Ti", "1024"), ("512Mi", "0.5"), ("1073741824", "1"), ("1.5Gi", "1.5")])
def test_sizes_of_volumes(size, gib):
    found = application.lines({"application_services": {"a": {"volumes": {"v": {"size": size}}}}}, place())
    assert quantities(found) == {"a/volume v": gib}


@pytest.mark.parametrize("size", ["-1Gi", "ten", None, "10 Gi", 10, "9000Pi"])
def test_sizes_that_are_none(size):
    with pytest.raises(CostError, match=r"application_services\.a\.volumes\.v\.size is"):
        application.lines({"application_services": {"a": {"volumes": {"v": {"size": size}}}}}, place())

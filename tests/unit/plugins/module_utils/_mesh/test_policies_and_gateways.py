# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may talk to whom, and the doors."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._mesh import facts
from ansible_collections.llmops.platform.plugins.module_utils._mesh import gateways
from ansible_collections.llmops.platform.plugins.module_utils._mesh.policies import policies
from tests.support.mesh_settings import GATEWAY
from tests.support.mesh_settings import GATEWAYS
from tests.support.mesh_settings import by_name
from tests.support.mesh_settings import service
from tests.support.mesh_settings import settings

HOSTS = {
    "openai": {"host": "api.openai.com", "port": 443, "protocol": "TLS"},
    "smtp": {"host": "smtp.example.com", "port": 587, "protocol": "TCP"},
    "plain": {"host": "plain.example.com", "port": 80, "protocol": "HTTP"},
}


def made(**more):
    return by_name(policies(settings(**more)))


def test_plain_traffic_is_refused_and_nothing_allowed_that_is_not_declared():
    found = made()
    assert found["PeerAuthentication/istio-system/default"] == {"mtls": {"mode": "STRICT"}}
    # An empty policy allows nothing.
    assert found["AuthorizationPolicy/shop/default-deny"] == {}
    assert found["AuthorizationPolicy/shop/in-web"] == {
        "selector": {"matchLabels": {"app": "web"}},
        "action": "ALLOW",
        "rules": [{"from": [{"source": {"principals": ["cluster.local/ns/istio-system/sa/istio-ingressgateway"]}}]}],
    }
    assert len(found) == 3


def test_both_can_be_eased():
    found = made(mtls="permissive", default_deny=False, authorization={})
    assert found == {"PeerAuthentication/istio-system/default": {"mtls": {"mode": "PERMISSIVE"}}}


def test_a_rule_for_a_whole_namespace_and_for_some_operations():
    rule = {"namespace": "shop", "from_namespace": "other", "methods": {"GET": True, "PUT": False}, "paths": {"/a*": True}, "ports": {"80": True}}
    assert made(authorization={"read_all": rule})["AuthorizationPolicy/shop/read-all"] == {
        "action": "ALLOW",
        "rules": [{"from": [{"source": {"namespaces": ["other"]}}], "to": [{"operation": {"methods": ["GET"], "paths": ["/a*"], "ports": ["80"]}}]}],
    }


def test_metrics_are_read_in_plain_text_at_their_port_only():
    found = made(web={"metrics": {"port": 9090}})
    assert found["PeerAuthentication/shop/web-metrics"] == {"selector": {"matchLabels": {"app": "web"}}, "portLevelMtls": {"9090": {"mode": "PERMISSIVE"}}}
    (rule,) = found["AuthorizationPolicy/shop/web-metrics"]["rules"]
    assert rule == {"to": [{"operation": {"ports": ["9090"], "methods": ["GET"], "paths": ["/metrics"]}}]}


def test_tokens_traces_waypoints_and_monitors():
    issuer = {"namespace": "shop", "issuer": "https://a", "jwks_uri": "https://a/keys", "audiences": {"shop": True}, "service": "web"}
    found = made(request_authentication={"api": issuer}, tracing="tempo", sampling=5, metrics=True, mode="ambient")
    assert found["RequestAuthentication/shop/api"] == {
        "selector": {"matchLabels": {"app": "web"}},
        "jwtRules": [{"issuer": "https://a", "jwksUri": "https://a/keys", "audiences": ["shop"], "forwardOriginalToken": True}],
    }
    assert found["Telemetry/istio-system/default"] == {"tracing": [{"providers": [{"name": "tempo"}], "randomSamplingPercentage": 5.0}]}
    assert found["Gateway/shop/waypoint"]["gatewayClassName"] == "istio-waypoint"
    assert found["PodMonitor/shop/istio-proxies"]["podMetricsEndpoints"][0]["portNumber"] == 15020


@pytest.mark.parametrize(("floor", "version", "ciphers"), [("1.3", "TLSV1_3", False), ("1.2", "TLSV1_2", True)])
def test_the_floor_of_tls(floor, version, ciphers):
    services = {"web": service(gateways={"ingress": True}, hosts={"a": "a.example", "b": "b.example"})}
    found = by_name(gateways.gateways_manifests({"ingress": {**GATEWAY, "tls_minimum_version": floor}}, services))
    spec = found["Gateway/istio-system/istio-ingressgateway"]
    plain, tls = spec["servers"]
    assert spec["selector"] == {"app": "istio-ingressgateway", "istio": "ingressgateway"}
    assert plain["tls"] == {"httpsRedirect": True}
    assert plain["hosts"] == tls["hosts"] == ["a.example", "b.example"]
    assert (tls["tls"]["minProtocolVersion"], tls["tls"]["credentialName"]) == (version, "istio-ingressgateway-tls")
    assert ("cipherSuites" in tls["tls"]) == ciphers


@pytest.mark.parametrize(("plain", "ports"), [("serve", [80, 443]), ("none", [443])])
def test_plain_requests_at_the_gateway(plain, ports):
    services = {"web": service(gateways={"ingress": True}, hosts={"a": "a.example"})}
    (built,) = gateways.gateways_manifests({"ingress": {**GATEWAY, "http": plain}}, services)
    assert [server["port"]["number"] for server in built["spec"]["servers"]] == ports
    assert all("httpsRedirect" not in server.get("tls", {}) for server in built["spec"]["servers"])


def test_a_gateway_without_services_and_an_egress_gateway_have_no_gateway_object():
    assert gateways.gateways_manifests(GATEWAYS, {"web": service()}) == []


def test_the_gateway_api_has_a_listener_for_each_host_and_starts_no_pods():
    services = {"web": service(api="gateway", gateways={"ingress": True}, hosts={"a": "a.example"})}
    (built,) = gateways.gateways_manifests({"ingress": {**GATEWAY, "tls_minimum_version": "1.2"}}, services)
    assert built["apiVersion"] == "gateway.networking.k8s.io/v1"
    assert built["spec"]["addresses"] == [{"type": "Hostname", "value": "istio-ingressgateway.istio-system.svc.cluster.local"}]
    assert [(listener["hostname"], listener["protocol"]) for listener in built["spec"]["listeners"]] == [("a.example", "HTTPS")]


def test_gateways_are_spread_over_the_zones_and_never_all_away():
    ingress, egress = sorted(gateways.gateway_releases(GATEWAYS, HOSTS, 3, {"labels": {"a": "b"}}), key=lambda release: release["name"], reverse=True)
    (spread,) = ingress["values"]["topologySpreadConstraints"]
    assert (spread["topologyKey"], spread["maxSkew"], spread["whenUnsatisfiable"]) == ("topology.kubernetes.io/zone", 1, "DoNotSchedule")
    assert spread["labelSelector"]["matchLabels"]["app"] == "istio-ingressgateway"
    assert ingress["values"]["autoscaling"] == {"enabled": True, "minReplicas": 3, "maxReplicas": 10}
    assert ingress["values"]["podDisruptionBudget"] == {"maxUnavailable": 1}
    assert ingress["values"]["labels"] == {"a": "b"}
    assert [(port["port"], port["targetPort"]) for port in ingress["values"]["service"]["ports"]] == [(15021, 15021), (80, 8080), (443, 8443)]
    assert ingress["values"]["service"]["type"] == "LoadBalancer"
    # Two pods over three zones cannot be one a zone.
    assert egress["values"]["topologySpreadConstraints"][0]["whenUnsatisfiable"] == "ScheduleAnyway"
    assert egress["values"]["service"]["type"] == "ClusterIP"
    assert sorted(port["port"] for port in egress["values"]["service"]["ports"]) == [80, 443, 587, 15021]


def test_the_way_out_leads_through_the_gateway():
    found = by_name(gateways.egress(HOSTS, GATEWAYS, "istio-system"))
    assert found["ServiceEntry/istio-system/openai"]["ports"] == [{"number": 443, "name": "tls-443", "protocol": "TLS"}]
    assert found["Gateway/istio-system/egress-openai"]["servers"][0]["tls"] == {"mode": "PASSTHROUGH"}
    assert "tls" not in found["Gateway/istio-system/egress-smtp"]["servers"][0]
    inward, outward = found["VirtualService/istio-system/egress-openai"]["tls"]
    assert inward["match"] == [{"gateways": ["mesh"], "port": 443, "sniHosts": ["api.openai.com"]}]
    assert inward["route"][0]["destination"]["host"] == "istio-egressgateway.istio-system.svc.cluster.local"
    assert outward["route"][0]["destination"] == {"host": "api.openai.com", "port": {"number": 443}}
    assert set(found["VirtualService/istio-system/egress-smtp"]) == {"hosts", "gateways", "tcp"}
    assert set(found["VirtualService/istio-system/egress-plain"]) == {"hosts", "gateways", "http"}


def test_without_an_egress_gateway_hosts_are_only_known():
    assert set(by_name(gateways.egress(HOSTS, {"ingress": GATEWAY}, "istio-system"))) == {f"ServiceEntry/istio-system/{name}" for name in HOSTS}


def test_facts():
    live = {
        "metadata": {"namespace": "istio-system", "name": "istio-ingressgateway"},
        "status": {"loadBalancer": {"ingress": [{"hostname": "lb.example"}]}},
    }
    found = facts.gateway_facts(GATEWAYS, [live])
    assert (found["ingress"]["address"], found["egress"]["address"]) == ("lb.example", "")
    web = facts.service_facts({"web": service(canary={"header": {}}, gateways={"ingress": True, "egress": False})})["web"]
    assert (web["route"], web["rules"], web["gateways"]) == ({"kind": "VirtualService", "name": "web"}, ["canary-match", "primary"], ["ingress"])

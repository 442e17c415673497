# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mesh that role istio describes: asked of the API server, of istiod, of Envoy, and by requests."""

from __future__ import annotations

import http.client
import json

import pytest

from tests.support.load import report
from tests.support.mesh import eventually
from tests.support.mesh import fetch

SYSTEM = "istio-system"


@pytest.fixture(scope="module")
def all_of(releases):
    """`all_of(kind, namespace)`: objects by name."""
    return lambda kind, namespace: {
        item["metadata"]["name"]: item for item in json.loads(releases.kubectl("get", kind, "--namespace", namespace, "-o", "json"))["items"]
    }


def test_mutual_tls_is_strict_and_a_plaintext_caller_is_refused(releases, all_of):
    assert all_of("peerauthentication", SYSTEM)["default"]["spec"]["mtls"]["mode"] == "STRICT"
    assert releases.facts["mtls"] == "measured"
    pod = next(pod for pod in json.loads(fetch(f"{releases.facts['runner_url']}/pods")) if pod["ready"])
    connection = http.client.HTTPConnection(pod["address"], pod["ports"]["http"], timeout=10)
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        connection.request("GET", "/")
        connection.getresponse()


def test_what_no_rule_allows_is_refused(releases, all_of):
    policies = all_of("authorizationpolicy", "llm-marketplace")
    assert policies["default-deny"].get("spec", {}) == {}
    allowed = policies["ingress-to-services-consumption"]["spec"]
    assert allowed["rules"][0]["from"][0]["source"]["principals"] == [f"cluster.local/ns/{SYSTEM}/sa/istio-ingressgateway"]
    # Without the gateway's permission its requests are refused by the workload's own proxy; with it they pass again.
    releases.kubectl("delete", "authorizationpolicy", "ingress-to-services-consumption")
    try:
        eventually(lambda: set(_statuses(releases)) == {"403"}, "refusals", 30)
    finally:
        policy = {"apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy", "metadata": {"name": "ingress-to-services-consumption"}, "spec": allowed}
        releases.kubectl("create", "-f", "-", stdin=json.dumps(policy))
    eventually(lambda: set(_statuses(releases)) == {"200"}, "answers", 30)


def _statuses(releases):
    with releases.load(10, 2) as load:
        eventually(lambda: len(load.answers) >= 5, "answers", 10)
    return report(load.answers)["statuses"]


def test_every_route_leads_to_a_subset_that_exists(all_of):
    subsets = {
        (rule["spec"]["host"], subset["name"]): subset["labels"]
        for rule in all_of("destinationrule", "llm-marketplace").values()
        for subset in rule["spec"].get("subsets", [])
    }
    routes = all_of("virtualservice", "llm-marketplace")
    assert set(routes) == {"admin", "consumption", "discovery", "publishing"}
    for route in routes.values():
        for entry in route["spec"]["http"]:
            for destination in entry["route"]:
                target = destination["destination"]
                assert subsets[target["host"], target["subset"]] == {"llmops.platform/track": target["subset"]}
            assert sum(destination["weight"] for destination in entry["route"]) == 100


def test_gateways_have_three_pods_one_a_zone_and_a_floor_for_tls(all_of):
    assert all_of("deployment", SYSTEM)["istio-ingressgateway"]["status"]["readyReplicas"] == 3
    nodes = {pod["spec"]["nodeName"] for name, pod in all_of("pod", SYSTEM).items() if name.startswith("istio-ingressgateway")}
    assert len({node.rpartition(".")[2] for node in nodes}) == 3
    servers = all_of("gateways.networking.istio.io", SYSTEM)["istio-ingressgateway"]["spec"]["servers"]
    https = [server for server in servers if server["port"]["protocol"] == "HTTPS"]
    assert https
    assert {server["tls"]["minProtocolVersion"] for server in https} == {"TLSV1_3"}


def test_circuit_breakers_reach_the_proxy(releases):
    dump = json.loads(fetch(f"{releases.facts['gateways']['ingress']['admin_url']}/config_dump?resource=dynamic_active_clusters"))
    clusters = {entry["cluster"]["name"]: entry["cluster"] for entry in dump["configs"]}
    stable = clusters["outbound|3001|stable|publishing.llm-marketplace.svc.cluster.local"]
    assert stable["outlier_detection"]["consecutive_5xx"] == 5
    assert stable["circuit_breakers"]["thresholds"][0]["max_connections"] == 100
    assert stable["lb_policy"] == "LEAST_REQUEST"


def test_istiod_and_proxies_agree(releases):
    proxies = json.loads(fetch(f"{releases.facts['istiod']['debug_url']}/debug/syncz"))
    entries = proxies if isinstance(proxies, list) else proxies.get("resources", [])
    assert entries
    for entry in entries:
        if "cluster_sent" in entry:
            assert entry["cluster_sent"] == entry["cluster_acked"]

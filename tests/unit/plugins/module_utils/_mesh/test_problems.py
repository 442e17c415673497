# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contradictions in the mesh's variables."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._mesh.problems import problems
from ansible_collections.llmops.platform.plugins.module_utils._mesh.problems import regex_problem
from tests.support.mesh_settings import GATEWAY
from tests.support.mesh_settings import settings

HOST = {"host": "api.example.com", "port": 443, "protocol": "TLS"}
RULE = {"namespace": "shop", "to": {"web": True}, "from": {"cart": True}}
CASES = {
    "no namespace": (settings(web={"namespace": ""}, authorization={}), ["istio_services.web has no namespace"]),
    "namespace outside": (settings(web={"namespace": "other"}, authorization={}), ["istio_services.web.namespace is other", "istio_namespaces"]),
    "unknown gateway": (
        settings(web={"gateways": {"front": True}, "hosts": {"a": "a.example"}}),
        ["istio_services.web.gateways names front", "ingress, egress"],
    ),
    "egress gateway": (settings(web={"gateways": {"egress": True}, "hosts": {"a": "a.example"}}), ["whose kind is egress"]),
    "gateway without hosts": (settings(web={"gateways": {"ingress": True}}), ["istio_services.web has gateways and no hosts"]),
    "path": (settings(web={"path": "web"}), ["istio_services.web.path is web"]),
    "floor by the Gateway API": (
        settings(web={"api": "gateway", "gateways": {"ingress": True}, "hosts": {"a": "a.example"}}),
        ["istio_services.web.api is gateway", "1.3"],
    ),
    "cookie and least_request": (settings(web={"cookie": {"name": "s"}}), ["istio_services.web has a cookie and load_balancing least_request"]),
    "cookie and least_request for all": (settings(cookie={"name": "s"}), ["istio_load_balancing is least_request and istio_load_balancing_cookie"]),
    "hash without cookie": (settings(web={"load_balancing": "consistent_hash"}), ["istio_services.web.load_balancing is consistent_hash without a cookie"]),
    "balancing": (settings(web={"load_balancing": "random"}), ["istio_services.web.load_balancing is random"]),
    "weights in the canary": (settings(web={"canary": {"weight": 10}}), ["istio_services.web.canary has weight", "release_schedule"]),
    "header without value": (settings(web={"canary": {"header": {"name": "x"}}}), ["istio_services.web.canary.header has no value"]),
    "header with a boolean": (settings(web={"canary": {"header": {"name": "x", "value": True}}}), ["canary.header.value is True", "quotes"]),
    "header name": (settings(web={"canary": {"header": {"name": "x y", "value": "1"}}}), ["canary.header names 'x y'"]),
    "cookie name": (settings(web={"canary": {"cookie": {"name": "a=b", "value": "1"}}}), ["canary.cookie names 'a=b'"]),
    "broken cohort": (settings(web={"canary": {"cohort": {"header": "x", "regex": "(["}}}), ["istio_services.web.canary.cohort.regex '(['"]),
    "look-around": (settings(web={"canary": {"cohort": {"header": "x", "regex": "(?=a)b"}}}), ["RE2"]),
    "TLS version": (
        settings(gateways={"ingress": {**GATEWAY, "tls_minimum_version": "1.1"}}),
        ['istio_gateways.ingress.tls_minimum_version is 1.1; use "1.2" or "1.3"'],
    ),
    "replicas": (settings(gateways={"ingress": {**GATEWAY, "replicas_min": 11}}), ["istio_gateways.ingress.replicas_min is 11"]),
    "two of one name": (
        settings(gateways={"ingress": GATEWAY, "two": {**GATEWAY, "name": "istio-ingressgateway"}}),
        ["istio_gateways.two and istio_gateways.ingress both are called istio-ingressgateway"],
    ),
    "callee unknown": (settings(authorization={"a": {**RULE, "to": {"nobody": True}}}), ["istio_authorization.a.to names nobody"]),
    "caller unknown": (settings(authorization={"a": {**RULE, "from": {"nobody": True}}}), ["istio_authorization.a.from names nobody"]),
    "no caller": (settings(authorization={"a": {**RULE, "from": {}}}), ["istio_authorization.a needs either from"]),
    "both callers": (settings(authorization={"a": {**RULE, "from_namespace": "shop"}}), ["istio_authorization.a needs either from"]),
    "no callee": (settings(authorization={"a": {**RULE, "to": {"web": False}}}), ["istio_authorization.a.to names no service"]),
    "rule outside": (settings(authorization={"a": {"namespace": "other", "from_namespace": "shop"}}), ["istio_authorization.a.namespace is other"]),
    "duplicate host": (
        settings(egress_hosts={"one": HOST, "two": {**HOST, "host": "API.example.com."}}),
        ["istio_egress_hosts.two is api.example.com:443, as"],
    ),
    "two TCP hosts": (
        settings(egress_hosts={"one": {**HOST, "protocol": "TCP"}, "two": {**HOST, "host": "b.example", "protocol": "TCP"}}),
        ["istio_egress_hosts.two and istio_egress_hosts.one are both TCP on port 443"],
    ),
    "protocol": (settings(egress_hosts={"one": {**HOST, "protocol": "UDP"}}), ["istio_egress_hosts.one.protocol is UDP"]),
    "ambient without agent": (settings(mode="ambient", cni=False), ["set istio_cni to true"]),
    "default without revision": (settings(default_revision="1-31"), ["istio_default_revision is set and istio_revision is empty"]),
    "roots apart": (settings(shared_trust=True), ["istio_shared_trust is true and istio_ca.source is self_signed"]),
}


def test_what_contradicts_nothing():
    assert problems(settings()) == []


@pytest.mark.parametrize("case", CASES)
def test_each_contradiction_is_told_with_its_variable(case):
    spoiled, words = CASES[case]
    (found,) = problems(spoiled)
    assert all(word in found for word in words), found


def test_all_are_told_at_once():
    assert len(problems(settings(web={"cookie": {"name": "s"}, "path": "x"}, shared_trust=True))) == 3


@pytest.mark.parametrize("pattern", ["(?<=a)b", r"(a)\1", "(?!a)", "a++", "(", "["])
def test_expressions_that_the_proxies_refuse(pattern):
    assert regex_problem(pattern)


@pytest.mark.parametrize("pattern", [".*[02468]", "^(beta|alpha)$", r"user-\d+", "(?P<n>a)", "(?i)yes"])
def test_expressions_that_they_take(pattern):
    assert regex_problem(pattern) == ""

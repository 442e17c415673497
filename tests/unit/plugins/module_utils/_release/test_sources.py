# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials, ECR's own API, and what Prometheus counted."""

from __future__ import annotations

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._release import credentials
from ansible_collections.llmops.platform.plugins.module_utils._release import ecr
from ansible_collections.llmops.platform.plugins.module_utils._release import reference
from ansible_collections.llmops.platform.plugins.module_utils._release import service_level
from ansible_collections.llmops.platform.plugins.module_utils._release.registry import RegistryError

HUB = "https://index.docker.io/v1/"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("config", "host", "expected"),
    [
        ({}, "ghcr.io", None),
        ({"auths": {"ghcr.io": {"auth": encoded("ana:pass:word")}}}, "ghcr.io", ("ana", "pass:word")),
        ({"auths": {"https://ghcr.io/v2/": {"auth": encoded("ana:p")}}}, "ghcr.io", ("ana", "p")),
        ({"auths": {"ghcr.io": {"username": "ana", "password": "p"}}}, "ghcr.io", ("ana", "p")),
        ({"auths": {"ghcr.io": {"auth": encoded("ana:p")}}}, "quay.io", None),
        ({"auths": {"ghcr.io": {"auth": encoded("ana:p")}}}, "ghcr.io.example.com", None),
        ({"auths": {HUB: {"auth": encoded("ana:p")}}}, "docker.io", ("ana", "p")),
        ({"auths": {"127.0.0.1:5000": {"auth": encoded("ana:p")}}}, "127.0.0.1:5000", ("ana", "p")),
        ({"credHelpers": {"ghcr.io": "gh"}, "auths": {"ghcr.io": {"auth": encoded("ana:p")}}}, "ghcr.io", "gh"),
        ({"credsStore": "pass", "auths": {"ghcr.io": {}}}, "ghcr.io", "pass"),
        ({"credsStore": "pass"}, "ghcr.io", None),
    ],
)
def test_docker_config(config, host, expected):
    assert credentials.of_config(json.dumps(config), host) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is no JSON"),
        ("[]", "is no map"),
        ('{"auths": {"ghcr.io": {"auth": "%%"}}}', "no usable 'auth'"),
        (json.dumps({"auths": {"ghcr.io": {"auth": encoded("ana")}}}), "no usable 'auth'"),
        ('{"auths": {"ghcr.io": {"identitytoken": "x"}}}', "identity token"),
    ],
)
def test_docker_config_that_is_none(text, said):
    with pytest.raises(credentials.CredentialsError, match=said):
        credentials.of_config(text, "ghcr.io")


@pytest.mark.parametrize(("text", "said"), [("", "nothing usable"), ("{}", "nothing usable"), ('{"Username": "<token>", "Secret": "x"}', "identity token")])
def test_helper_that_says_nothing(text, said):
    with pytest.raises(credentials.CredentialsError, match=said):
        credentials.of_helper(text, "ghcr.io")


REPOSITORY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/cart"


@pytest.fixture
def stubbed(monkeypatch):
    pytest.importorskip("botocore")
    from botocore.stub import Stubber

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    registry = ecr.Ecr(reference.parse(f"{REPOSITORY}:2.0.0"), 5.0)
    with Stubber(registry._client) as stub:
        yield registry, stub


def test_ecr_by_tag_and_digest(stubbed):
    registry, stub = stubbed
    digest = f"sha256:{'a' * 64}"
    details = {"imageDetails": [{"imageDigest": digest, "imageManifestMediaType": "application/vnd.oci.image.index.v1+json"}]}
    for wanted in ({"imageTag": "2.0.0"}, {"imageDigest": digest}):
        stub.add_response("describe_images", details, {"registryId": "123456789012", "repositoryName": "shop/cart", "imageIds": [wanted]})
        assert registry.describe(next(iter(wanted.values()))) == (digest, "application/vnd.oci.image.index.v1+json")
    assert registry.is_real


@pytest.mark.parametrize(("code", "missing"), [("ImageNotFoundException", True), ("RepositoryNotFoundException", True), ("AccessDeniedException", False)])
def test_ecr_without_the_image(stubbed, code, missing):
    registry, stub = stubbed
    stub.add_client_error("describe_images", code, "no such thing", 400)
    if missing:
        assert registry.describe("2.0.0") is None
    else:
        with pytest.raises(RegistryError, match="ECR: DescribeImages answered AccessDeniedException: no such thing"):
            registry.describe("2.0.0")


def test_ecr_credentials(stubbed):
    registry, stub = stubbed
    stub.add_response("get_authorization_token", {"authorizationData": [{"authorizationToken": encoded("AWS:secret")}]})
    assert registry.credentials() == ("AWS", "secret")


@pytest.mark.parametrize(
    ("host", "is_ecr"),
    [
        ("123456789012.dkr.ecr.us-east-1.amazonaws.com", True),
        ("123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com", True),
        ("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", True),
        ("public.ecr.aws", False),
        ("123456789012.dkr.ecr.us-east-1.amazonaws.com.example.com", False),
    ],
)
def test_hosts_of_ecr(host, is_ecr):
    assert bool(ecr.HOST.fullmatch(host)) is is_ecr


def asked(answers: dict):
    """Prometheus with these answers by the first word of what is counted."""
    seen = []

    def ask(query: str):
        seen.append(query)
        return next((value for start, value in answers.items() if query.startswith(start)), None)

    return ask, seen


@pytest.mark.parametrize(
    ("answers", "requests", "errors", "problem"),
    [
        ({"sum(increase(all": 100.0, "sum(increase(bad": 3.0}, 100.0, 3.0, None),
        ({}, None, None, None),
        # Errors that never happened have no series, if others have.
        ({"sum(increase(all": 100.0, "count(bad": 1.0}, 100.0, 0.0, None),
        ({"sum(increase(all": 100.0}, 100.0, None, "it has requests, but no counter bad"),
        ({"sum(increase(all": 0.0, "sum(increase(bad": 0.0}, 0.0, 0.0, None),
    ],
)
def test_measure(answers, requests, errors, problem):
    ask, _seen = asked(answers)
    found = service_level.measure(ask, ['all{app="cart"}'], ['bad{app="cart"}'], "30d")
    assert (found["requests"], found["errors"]) == (requests, errors)
    assert (found["problem"] is None) if problem is None else problem in found["problem"]


def test_stable_and_canary_are_added():
    ask, _seen = asked({'sum(increase(all{t="s"}': 90.0, 'sum(increase(all{t="c"}': 10.0, 'sum(increase(all{t="c",x="1"}': 2.0})
    found = service_level.measure(ask, ['all{t="s"}', 'all{t="c"}'], ['all{t="s",x="1"}', 'all{t="c",x="1"}'], "30d")
    assert (found["requests"], found["errors"]) == (100.0, 2.0)


def test_the_same_counter_with_other_labels_needs_no_further_question():
    ask, seen = asked({'sum(increase(all{a="1"}': 100.0})
    assert service_level.measure(ask, ['all{a="1"}'], ['all{a="1",code="500"}'], "7d")["errors"] == 0.0
    assert seen == ['sum(increase(all{a="1"}[7d]))', 'sum(increase(all{a="1",code="500"}[7d]))']


def test_a_window_cannot_become_promql():
    with pytest.raises(service_level.ServiceLevelError, match="option window"):
        service_level.measure(lambda _query: 1.0, ["a"], ["b"], "30d]) or vector(1")


@pytest.mark.parametrize("counter", ["rate(x[5m])", 'x{a="1"}[5m]', 'x{a="1"} or vector(1)', 'x{a="1"}) + sum(y{b="1"}', "x{a='1'}", 'x{a="}"'])
def test_other_promql_is_refused(counter):
    for given in ({"requests": counter, "errors": "y"}, {"requests": "y", "errors": counter}):
        with pytest.raises(service_level.ServiceLevelError, match="no counter"):
            service_level.counters(given)
    with pytest.raises(service_level.ServiceLevelError, match="option errors is missing"):
        service_level.counters({"requests": "y"})


SERVICE = {"service": 'cart"} or vector(1) #', "namespace": "sh\\op\n"}


@pytest.mark.parametrize("template", ["istio_errors", "envoy_errors", "marketplace_errors", "application_errors"])
def test_templates_are_counters_whatever_the_service_is_called(template):
    requests, errors = service_level.counters({**SERVICE, "template": template, "port": 80, "metric": "http_requests_total" if template[0] == "a" else ""})
    assert len(requests) == len(errors) == 2
    for counter in (*requests, *errors):
        assert service_level.COUNTER.fullmatch(counter), counter


def test_templates_of_services_name_the_service():
    requests, _errors = service_level.counters({"service": "cart", "namespace": "shop", "template": "marketplace_errors"})
    assert 'service="cart"' in requests[0] and 'namespace="shop"' in requests[0]


@pytest.mark.parametrize(
    ("options", "said"),
    [({"template": "istio_latency"}, "counts no errors"), ({"template": "nginx_errors"}, "is unknown"), ({"template": "envoy_errors"}, "needs target.port")],
)
def test_templates_that_cannot_be_used(options, said):
    with pytest.raises(service_level.ServiceLevelError, match=said):
        service_level.counters({"service": "cart", "namespace": "shop", **options})


class _Prometheus(BaseHTTPRequestHandler):
    answers: dict

    def log_message(self, *_arguments) -> None:
        pass

    def do_POST(self) -> None:
        query = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())["query"][0]
        status, body = self.answers[query]
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body.encode())


@pytest.fixture
def prometheus():
    def vector(*values: str) -> str:
        return json.dumps({"status": "success", "data": {"resultType": "vector", "result": [{"metric": {}, "value": [1.5, value]} for value in values]}})

    answers = {
        "one": (200, vector("41.5")),
        "none": (200, vector()),
        "nan": (200, vector("NaN")),
        "inf": (200, vector("+Inf")),
        "two": (200, vector("1", "2")),
        "wrong": (400, '{"status": "error", "errorType": "bad_data", "error": "parse error"}'),
        "proxy": (502, "<html>"),
        "page": (200, "<html>"),
        "other": (200, '{"ok": true}'),
        "failed": (200, '{"status": "error", "errorType": "timeout", "error": "query timed out"}'),
    }
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Prometheus,), {"answers": answers}))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield service_level.prometheus({"url": f"http://127.0.0.1:{server.server_port}/", "timeout": 5.0})
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("query", "expected"), [("one", 41.5), ("none", None), ("nan", None), ("inf", None)])
def test_prometheus_numbers(prometheus, query, expected):
    assert prometheus(query) == expected


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("two", "2 series"),
        ("wrong", "HTTP 400: parse error"),
        ("proxy", "HTTP 502"),
        ("page", "not an answer of Prometheus"),
        ("other", "not an answer of Prometheus"),
        ("failed", "query timed out"),
    ],
)
def test_prometheus_that_says_something_else(prometheus, query, said):
    with pytest.raises(service_level.ServiceLevelError, match=said):
        prometheus(query)


def test_no_prometheus():
    with pytest.raises(service_level.ServiceLevelError, match="Prometheus, error"):
        service_level.prometheus({"url": "http://127.0.0.1:1", "timeout": 2.0})("one")
    with pytest.raises(service_level.ServiceLevelError, match="no http or https address"):
        service_level.prometheus({"url": "prometheus:9090"})

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The local mesh's runner: what it reads of a pod, what it writes for Istio, its metrics and its control."""

from __future__ import annotations

import asyncio
import json

import aiohttp
import pytest
from mesh_runner import pod as pods
from mesh_runner.control import parse
from mesh_runner.gateways import Settings
from mesh_runner.gateways import loopback_filter
from mesh_runner.server import Metrics
from mesh_runner.server import Server
from mesh_runner.server import exposition
from mesh_runner.workloads import Addresses
from mesh_runner.workloads import Workload
from mesh_runner.workloads import Workloads

MANIFEST = {
    "metadata": {
        "name": "web-1",
        "namespace": "shop",
        "uid": "u1",
        "labels": {"app": "web", "llmops.platform/track": "canary", "app.kubernetes.io/version": "2.0.0"},
        "annotations": {"llmops.platform/run": "true", "llmops.platform/run-latency-ms": "20", "llmops.platform/run-error-percent": "5"},
    },
    "spec": {
        "serviceAccountName": "web",
        "containers": [
            {"image": "shop/web:2.0.0", "ports": [{"name": "http", "containerPort": 3001}, {"name": "dns", "containerPort": 53, "protocol": "UDP"}]},
            {"image": "shop/extra:1", "ports": [{"containerPort": 9000}]},
        ],
    },
    "status": {"phase": "Running"},
}


def manifest(**metadata) -> dict:
    return {**MANIFEST, "metadata": {**MANIFEST["metadata"], **metadata}}


def test_a_pod_is_read():
    pod = pods.read(MANIFEST)
    assert (pod.service, pod.version, pod.track, pod.service_account) == ("web", "2.0.0", "canary", "web")
    assert pod.ports == {"http": 3001, "port-9000": 9000}
    assert (pod.latency_ms, pod.error_percent) == (20, 5)


def test_a_pod_without_labels_is_stable_at_its_images_version():
    pod = pods.read(manifest(labels={}, annotations={"llmops.platform/run-latency-ms": "soon"}))
    assert (pod.service, pod.version, pod.track, pod.latency_ms, pod.error_percent) == ("web-1", "2.0.0", "stable", 0, 0)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, True),
        ({"annotations": {}}, False),
        ({"annotations": {"llmops.platform/run": "false"}}, False),
        ({"deletionTimestamp": "2026-11-21T10:00:00Z"}, False),
    ],
)
def test_who_is_run(changed, expected):
    assert pods.wanted(manifest(**changed)) is expected


def test_a_pod_without_a_node_is_not_run():
    assert not pods.wanted({**MANIFEST, "status": {"phase": "Pending"}})
    assert not pods.wanted({**MANIFEST, "status": {}})


@pytest.mark.parametrize(("mtls", "mode"), [(True, "istio"), (False, "disabled")])
def test_the_endpoint_bears_the_pods_labels_and_goes_with_it(mtls, mode):
    entry = pods.workload_entry(pods.read(MANIFEST), "127.70.0.1", mtls)
    assert entry["spec"]["labels"] == {**MANIFEST["metadata"]["labels"], "security.istio.io/tlsMode": mode}
    assert entry["spec"]["address"] == "127.70.0.1" and entry["spec"]["ports"] == {"http": 3001, "port-9000": 9000}
    assert entry["metadata"]["ownerReferences"] == [{"apiVersion": "v1", "kind": "Pod", "name": "web-1", "uid": "u1"}]


def test_the_sidecar_listens_at_the_pods_ports_and_leads_to_the_server():
    spec = pods.sidecar(pods.read(MANIFEST), "127.70.0.1", 40000, {"pod": "web-1"})["spec"]
    assert [(listener["bind"], listener["port"]["number"], listener["defaultEndpoint"]) for listener in spec["ingress"]] == [
        ("127.70.0.1", 3001, "127.0.0.1:40000"),
        ("127.70.0.1", 9000, "127.0.0.1:40000"),
    ]
    assert spec["workloadSelector"] == {"labels": {"pod": "web-1"}}


def test_metrics_count_by_code_and_duration():
    metrics = Metrics(pods.read(MANIFEST))
    for code, seconds in ((200, 0.004), (200, 0.03), (503, 20.0)):
        metrics.observe(code, seconds)
    lines = exposition([metrics]).splitlines()
    labels = 'namespace="shop",service="web",version="2.0.0",track="canary",pod="web-1"'
    assert f'marketplace_requests_total{{{labels},code="200"}} 2' in lines
    assert f'http_requests_total{{{labels},code="503"}} 1' in lines
    assert f'http_requests_total{{{labels},code="500"}} 0' in lines
    assert f'http_request_duration_seconds_bucket{{{labels},le="0.005"}} 1' in lines
    assert f'http_request_duration_seconds_bucket{{{labels},le="10.0"}} 2' in lines
    assert f'http_request_duration_seconds_bucket{{{labels},le="+Inf"}} 3' in lines
    assert f"http_request_duration_seconds_count{{{labels}}} 3" in lines
    assert lines.count("# TYPE http_requests_total counter") == 1


def test_a_server_answers_with_who_it_is_and_its_probes_never_fail():
    async def ask() -> tuple[dict, list[int]]:
        server = Server(pods.read(manifest(annotations={"llmops.platform/run-error-percent": "100"})))
        await server.start()
        try:
            async with aiohttp.ClientSession(f"http://127.0.0.1:{server.port}") as session:
                statuses = []
                for path in ("/", "/health/ready"):
                    async with session.get(path) as answer:
                        statuses.append(answer.status)
                        body = await answer.json()
                server.error_percent = 0
                async with session.post("/anything", data=b"x" * 100000) as answer:
                    statuses.append(answer.status)
        finally:
            await server.stop()
        assert server.metrics.codes == {500: 1, 200: 1}
        return body, statuses

    body, statuses = asyncio.run(ask())
    assert statuses == [500, 200, 200]
    assert body == {"service": "web", "version": "2.0.0", "track": "canary", "pod": "web-1", "path": "/health/ready"}


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ([], "send an object"),
        ({"service": "web"}, "set at least one of"),
        ({"service": "web", "errors": 5}, "unknown: errors"),
        ({"error_percent": 101}, "error_percent is a number from 0 to 100"),
        ({"error_percent": True}, "error_percent is a number"),
        ({"latency_ms": "slow"}, "latency_ms is a number"),
        ({"latency_ms": -1}, "latency_ms is a number"),
    ],
)
def test_what_the_control_refuses(document, problem):
    with pytest.raises(ValueError, match=problem):
        parse(document)


def test_what_is_set_holds_for_pods_that_come_later_until_it_is_forgotten():
    workloads = Workloads(None, Addresses(0), None, 0)
    workloads.behave(*parse({"service": "web", "track": "canary", "error_percent": 50}))
    for uid, track in (("u1", "canary"), ("u2", "stable")):
        labels = {**MANIFEST["metadata"]["labels"], "llmops.platform/track": track}
        workloads.running[uid] = Workload(pods.read(manifest(uid=uid, labels=labels)), "127.0.0.1", None)
        workloads._behave(workloads.running[uid])
    percent = {uid: workload.server.error_percent for uid, workload in workloads.running.items()}
    assert percent == {"u1": 50, "u2": 5}
    assert workloads.running["u1"].server.latency_ms == 20
    workloads.forget_behaviours()
    assert workloads.running["u1"].server.error_percent == 5


def test_each_pod_has_an_address_of_its_own_and_gives_it_back():
    addresses = Addresses(20001)
    first, second = addresses.take("u1", ()), addresses.take("u2", ())
    assert len({first, second}) == 2 and all(address.startswith("127.") for address in (first, second))
    addresses.give_back("u1")
    assert addresses.take("u3", ()) == first
    assert Addresses(20002).take("u1", ()) != first


def test_gateways_listen_on_loopback_at_the_ports_chosen():
    settings = Settings("ingress", "istio-ingressgateway", "istio-system", 21000, {80: 21001, 8080: 21001})
    assert settings.labels == {"app": "istio-ingressgateway", "istio": "ingressgateway"}
    spec = loopback_filter(settings)["spec"]
    assert spec["workloadSelector"] == {"labels": settings.labels}
    moved = {patch["match"].get("listener", {}).get("portNumber"): patch["patch"]["value"]["address"]["socket_address"] for patch in spec["configPatches"]}
    assert moved == {
        80: {"address": "127.0.0.1", "port_value": 21001},
        8080: {"address": "127.0.0.1", "port_value": 21001},
        None: {"address": "127.0.0.1"},
    }
    assert json.dumps(spec)

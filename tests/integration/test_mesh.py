# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The local mesh: real istiod, real Envoys, real requests, real Prometheus."""

from __future__ import annotations

import http.client
import json
import re
import time
from urllib.parse import urlsplit

import psutil
import pytest

from tests.support.load import Background
from tests.support.load import Load
from tests.support.load import report
from tests.support.mesh import NAMESPACE
from tests.support.mesh import Mesh
from tests.support.mesh import eventually
from tests.support.mesh import fetch
from tests.support.mesh import shop
from tests.support.mesh import virtual_service

# Requests a second; what a busy machine of two cores still keeps.
RATE = 50


@pytest.fixture(scope="module")
def mesh(tmp_path_factory):
    environment = Mesh(tmp_path_factory.mktemp("mesh"))
    try:
        environment.up()
        environment.apply(*shop())
        eventually(lambda: sum(pod["ready"] for pod in environment.pods()) == 3, "three pods that run", 180)
        eventually(lambda: "stable" in fetch(environment.url), "answer through the gateway", 120)
        yield environment
    finally:
        environment.down()


@pytest.fixture
def share(mesh):
    """Sets the weights and waits until requests follow them; back to 90/10 at the end."""

    def weights(stable: int, canary: int) -> None:
        mesh.apply(virtual_service(stable, canary))
        expected = {track for track, weight in (("stable", stable), ("canary", canary)) if weight}
        # Of sixty requests, one in 500 times none is among a tenth; then the next sixty are looked at.
        eventually(lambda: {json.loads(fetch(mesh.url))["track"] for _request in range(60)} == expected, f"requests by {stable}/{canary}")

    yield weights
    weights(90, 10)


def processes(mesh: Mesh) -> list[psutil.Process]:
    local = str(mesh.directory)
    return [p for p in psutil.process_iter(["cmdline", "cwd"]) if local in (p.info["cwd"] or "") or any(local in part for part in p.info["cmdline"] or ())]


# The tests of this file are one story and run in this order.
def test_a_second_start_changes_nothing(mesh):
    before = {process.pid for process in processes(mesh)}
    printed = mesh.up()
    assert re.search(r"changed=0\b", printed), printed[-2000:]
    assert {process.pid for process in processes(mesh)} == before


def test_everything_listens_on_loopback_only(mesh):
    listening = [(p.name(), c.laddr.ip) for p in processes(mesh) for c in p.net_connections() if c.status == psutil.CONN_LISTEN]
    assert {"envoy", "pilot-discovery", "prometheus"} <= {name for name, _address in listening}
    assert [entry for entry in listening if not entry[1].startswith("127.")] == []


def test_weights_are_seen_in_answers_and_in_prometheus(mesh, share):
    share(90, 10)
    before = mesh.query("sum by (track) (marketplace_requests_total)")
    with Background(Load(mesh.url, RATE, 120, timeout=20)) as load:
        eventually(lambda: len(load.answers) >= 1000, "1000 answers", 90)
    result = report(load.answers)
    assert result["failed"] == []
    # Six standard deviations to either side.
    assert 0.043 * len(load.answers) < result["tracks"]["canary"] < 0.157 * len(load.answers)

    def counted() -> bool:
        after = mesh.query("sum by (track) (marketplace_requests_total)")
        # A proxy may have tried requests again, on a busy machine many; the pods then counted them twice.
        seen = {track: after[track] - before.get(track, 0) for track in ("stable", "canary")}
        return all(result["tracks"][track] <= seen[track] <= 1.25 * result["tracks"][track] + 5 for track in seen)

    eventually(counted, "the same counts in Prometheus", 60)
    name = f"outbound|80|canary|web.{NAMESPACE}.svc.cluster.local"
    of_envoy = mesh.query(f'envoy_cluster_upstream_rq{{cluster_name="{name}",response_code_class="2xx"}}')
    assert sum(of_envoy.values()) >= result["tracks"]["canary"]


def test_a_change_of_weights_reaches_the_requests_within_two_seconds(mesh, share):
    share(100, 0)
    with Background(Load(mesh.url, RATE, 120, timeout=20)) as load:
        eventually(lambda: len(load.answers) >= 100, "100 answers")
        mesh.apply(virtual_service(0, 100))
        changed = time.time()
        eventually(lambda: all(answer.track == "canary" for answer in load.answers[-100:]), "canary alone", 20)
    last = max(answer.at for answer in load.answers if answer.track == "stable")
    assert report(load.answers)["failed"] == []
    assert last - changed < 2


def test_a_pod_that_is_deleted_under_load_fails_no_request(mesh, share):
    share(100, 0)
    gone = next(pod for pod in mesh.pods() if pod["track"] == "stable")

    def others() -> set[str]:
        return {pod["pod"] for pod in mesh.pods() if pod["ready"] and pod["track"] == "stable"} - {gone["pod"]}

    with Background(Load(mesh.url, RATE, 180, timeout=20)) as load:
        eventually(lambda: any(answer.pod == gone["pod"] for answer in load.answers), "answer of that pod")
        mesh.kubectl("delete", "pod", gone["pod"], "--namespace", NAMESPACE)
        eventually(lambda: len(others()) == 2, "replacement that runs", 90)
        time.sleep(8)
    assert report(load.answers)["failed"] == []
    assert max(answer.at for answer in load.answers if answer.pod == gone["pod"]) < load.answers[-1].at - 5
    entries = mesh.kubectl("get", "workloadentries", "--namespace", NAMESPACE, "--output", "name")
    assert gone["pod"] not in entries


def test_a_plaintext_caller_is_refused_and_the_gateway_is_not(mesh):
    pod = mesh.pods()[0]
    connection = http.client.HTTPConnection(pod["address"], pod["ports"]["http"], timeout=10)
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        connection.request("GET", "/")
        connection.getresponse()
    assert mesh.facts["mesh"]["mtls"] == "measured"
    assert json.loads(fetch(mesh.url))["service"] == "web"


def test_an_authorization_policy_decides_by_the_callers_certificate(mesh):
    policy = {"apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy", "metadata": {"name": "callers", "namespace": NAMESPACE}}

    def status() -> int:
        target = urlsplit(mesh.url)
        connection = http.client.HTTPConnection(target.hostname, target.port, timeout=10)
        connection.request("GET", "/")
        return connection.getresponse().status

    allowed = "cluster.local/ns/istio-system/sa/istio-ingressgateway"
    for principal, expected in (("cluster.local/ns/elsewhere/sa/nobody", 403), (allowed, 200)):
        rules = [{"from": [{"source": {"principals": [principal]}}], "to": [{"operation": {"ports": ["3001"]}}]}]
        mesh.apply({**policy, "spec": {"rules": rules}})
        eventually(lambda expected=expected: all(status() == expected for _try in range(5)), f"status {expected}", 30)


def test_errors_can_be_set_while_it_runs(mesh, share):
    share(0, 100)
    assert len(mesh.behave(service="web", track="canary", error_percent=100)) == 1
    with Background(Load(mesh.url, RATE, 60, timeout=20)) as load:
        eventually(lambda: len(load.answers) >= 50, "50 answers")
    assert set(report(load.answers)["statuses"]) == {"500"}
    mesh.behave(service="web", track="canary", error_percent=0)
    assert json.loads(fetch(mesh.url))["track"] == "canary"


def test_an_end_leaves_no_process(mesh):
    assert processes(mesh) != []
    mesh.down()
    assert processes(mesh) == []
    assert not (mesh.directory / "local" / "mesh").exists()

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gates of a release as a run meets them: a registry and Prometheus that answer on loopback, Jobs on a real API server."""

from __future__ import annotations

import base64
import json
import os
import stat
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.support.control_plane import ControlPlane
from tests.support.fake_registry import FakeRegistry
from tests.support.modules import ROOT
from tests.support.modules import run_module

NODE = {
    "apiVersion": "v1",
    "kind": "Node",
    "metadata": {"name": "node-0", "annotations": {"kwok.x-k8s.io/node": "fake"}, "labels": {"pool": "shop"}},
    "status": {"allocatable": {"cpu": "4", "memory": "8Gi", "pods": "30"}, "capacity": {"cpu": "4", "memory": "8Gi", "pods": "30"}},
}


def deployment(version: str, pool: str = "shop") -> dict:
    container = {"name": "cart", "image": f"shop/cart:{version}", "env": [{"name": "MODE", "value": "serve"}]}
    container["resources"] = {"requests": {"cpu": "10m", "memory": "16Mi"}}
    pod = {"serviceAccountName": "default", "nodeSelector": {"pool": pool}, "containers": [container]}
    template = {"metadata": {"labels": {"app": "cart"}}, "spec": pod}
    metadata = {"name": "cart", "namespace": "shop", "labels": {"app": "cart"}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata,
        "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "cart"}}, "template": template},
    }


class Run:
    """One task file of role release, run by ansible-playbook."""

    def __init__(self, folder: Path, tasks_from: str, variables: dict, kubeconfig: str = "/dev/null", *options: str) -> None:
        base = {
            "release_service": "cart",
            "platform_name": "shop",
            "platform_environment": "staging",
            "__release_effective": {"namespace": "shop", "image": "shop/cart"},
            "__release_live": {"stable": deployment("1.9.0")},
        }
        book = [
            {
                "hosts": "localhost",
                "gather_facts": False,
                "connection": "local",
                "module_defaults": {"group/llmops.platform.k8s": {"kubeconfig": kubeconfig}},
                "vars": {**base, **variables},
                "tasks": [
                    # The role's own variables win over those of a play, but not over those of the include.
                    {
                        "ansible.builtin.include_role": {"name": "llmops.platform.release", "tasks_from": tasks_from},
                        "vars": {name: value for name, value in {**base, **variables}.items() if name.startswith("__release")},
                    },
                ],
                "post_tasks": [{"ansible.builtin.copy": {"content": "{{ __release_gate_findings | default([]) | to_json }}", "dest": str(folder / "found")}}],
            }
        ]
        file = folder / "playbook.json"
        file.write_text(json.dumps(book), encoding="utf-8")
        command = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", "localhost,", str(file), "-e", "release_version=2.0.0", *options]
        environment = {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=False)
        self.good, self.printed = done.returncode == 0, done.stdout + done.stderr
        self.words = " ".join(self.printed.replace("\n", " ").split())


GATES = {"image": {"check": "none"}}


def gates(folder: Path, *options: str, **variables) -> Run:
    return Run(folder, "gates", {"release_gates": GATES, **variables}, "/dev/null", *options)


@pytest.mark.parametrize("options", [(), ("--check",)])
def test_all_in_order_is_said(tmp_path, options):
    run = gates(tmp_path, *options)
    assert run.good, run.printed
    for words in ("nobody asked whether shop/cart:2.0.0 exists", "nobody looked at the error budget", "no database is changed"):
        assert words in run.words


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    windows = {"w": {"from": "2020-01-01", "to": "2099-12-31", "reason": "always"}}
    run = gates(
        tmp_path,
        platform_environment="production",
        release_gates={"image": {"check": "registry", "signature": "maybe"}, "freeze": windows, "error_budget": {"check": "prometheus"}},
        __release_live={"stable": deployment("2.0.0")},
    )
    assert not run.good
    for words in (
        "release_version is 2.0.0, which runs already",
        "freeze 'w' (always) is in force",
        "release_gates.image.signature is 'maybe'",
        "release_gates.error_budget.url is ''",
        "names neither a directory nor a cluster of staging",
    ):
        assert words in run.words


def test_layers_of_the_settings(tmp_path):
    run = gates(
        tmp_path,
        release_gates_environment={"low_traffic": {"policy": "slo", "after": 600}},
        release_gates_deployment={"low_traffic": {"after": 700}},
        __release_effective={"namespace": "shop", "image": "shop/cart", "gates": {"low_traffic": {"after": 800}}},
    )
    assert run.good and "by its SLO alone after 800 s" in run.words, run.printed


@pytest.mark.parametrize(("override", "good"), [({"freeze": "fix of a leak"}, True), ({"freeze": ""}, False), ({"image": "wrong gate"}, False)])
def test_an_override_needs_its_gate_and_a_reason(tmp_path, override, good):
    frozen = {**GATES, "freeze": {"w": {"from": "2020-01-01", "to": "2099-12-31"}}}
    run = gates(tmp_path, release_gates=frozen, release_override=override)
    assert run.good is good, run.printed
    if good:
        assert "Overruled: fix of a leak" in run.words


def test_the_registry_and_prometheus_are_asked(tmp_path):
    class Prometheus(BaseHTTPRequestHandler):
        def log_message(self, *_arguments):
            pass

        def do_POST(self):
            asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
            value = "2500" if "response_code" in asked else "500000"
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"status": "success", "data": {"resultType": "vector", "result": [{"value": [1, value]}]}}).encode())

    server = ThreadingHTTPServer(("127.0.0.1", 0), Prometheus)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    with FakeRegistry("token") as fake:
        digest = fake.push("shop/cart", "2.0.0")
        variables = {
            "__release_effective": {"namespace": "shop", "image": f"{fake.host}/shop/cart"},
            "release_gates": {
                "image": {"check": "registry", "plain_http": True, "username": fake.user, "password": fake.password, "signature": "present"},
                "error_budget": {"check": "prometheus", "url": f"http://127.0.0.1:{server.server_port}"},
            },
        }
        run = gates(tmp_path, "-vv", **variables)
        assert not run.good
        assert f"{fake.host}/shop/cart:2.0.0 exists, {digest}" in run.words
        assert "bears no signature" in run.words
        assert "5000 of 1000000 requests failed within 30d" in run.words and "-400.0 % of the budget is left" in run.words
        assert fake.password not in run.printed
    server.shutdown()
    server.server_close()


def test_staging_writes_what_production_reads(tmp_path):
    evidence = {"release_staging_evidence": {"directory": str(tmp_path)}, "release_signed_off_by": "ana"}
    refused = gates(tmp_path, platform_environment="production", **evidence)
    assert not refused.good and "there is no record" in refused.words
    assert Run(tmp_path, "staging_record", evidence).good
    assert json.loads((tmp_path / "cart-2.0.0.json").read_text())["signed_off_by"] == "ana"
    allowed = gates(tmp_path, platform_environment="production", **evidence)
    assert allowed.good and "signed off by ana" in allowed.words, allowed.printed
    assert Run(tmp_path, "staging_withdraw", evidence).good
    assert not gates(tmp_path, platform_environment="production", **evidence).good


@pytest.fixture
def certificate(tmp_path) -> tuple[str, str]:
    files = str(tmp_path / "tls.crt"), str(tmp_path / "tls.key")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=registry"]
    subprocess.run([*command, "-addext", "subjectAltName=IP:127.0.0.1", "-out", files[0], "-keyout", files[1]], check=True, capture_output=True)
    return files


def test_tls_with_an_own_authority_and_a_docker_config(tmp_path, certificate):
    with FakeRegistry("token", certificate=certificate) as fake:
        digest = fake.push("shop/cart", "2.0.0")
        config = tmp_path / "config.json"
        config.write_text(json.dumps({"auths": {fake.host: {"auth": base64.b64encode(f"{fake.user}:{fake.password}".encode()).decode()}}}))
        image = {"image": f"{fake.host}/shop/cart:2.0.0", "docker_config": str(config)}
        found = run_module("container_image_info", {**image, "ca_path": certificate[0]}, check=True)
        assert (found["exists"], found["digest"], found["changed"]) == (True, digest, False)
        unknown = run_module("container_image_info", image)
        assert unknown["exists"] is None and "certificate" in unknown["problem"].lower()


def test_a_refused_password_is_nowhere_in_the_answer():
    with FakeRegistry("token") as fake:
        fake.push("shop/cart", "1")
        # The token service of the fake repeats the right password in its message.
        fake.user = "somebody"
        arguments = {"image": f"{fake.host}/shop/cart:1", "plain_http": True, "username": "robot", "password": fake.password}
        found = run_module("container_image_info", arguments)
        assert found["exists"] is None and "look at user and password" in found["problem"]
        assert fake.password not in json.dumps(found)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"image": "shop/cart"}, "names neither tag nor digest"),
        ({"image": "registry.example.com/shop/cart:1", "plain_http": True}, None),
    ],
)
def test_images_that_are_refused(arguments, said):
    found = run_module("container_image_info", arguments)
    if said:
        assert found["failed"] and said in found["msg"]
    else:
        assert found["exists"] is None and "plain HTTP is allowed on loopback only" in found["problem"]


def cosign(folder: Path, status: int) -> None:
    """A program of that name which notes how it was called; the real one is not part of this project."""
    program = folder / "cosign"
    program.write_text(
        f'#!/bin/sh\necho "$@" > {folder}/called\ncat "$DOCKER_CONFIG/config.json" > {folder}/config\necho "no matching signatures" >&2\nexit {status}\n'
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


@pytest.mark.parametrize(("status", "verified"), [(0, True), (10, False), (None, False)])
def test_verified_is_what_cosign_says(tmp_path, monkeypatch, status, verified):
    if status is not None:
        cosign(tmp_path, status)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with FakeRegistry("token") as fake:
        digest = fake.push("shop/cart", "1")
        fake.sign("shop/cart", digest, "tag")
        arguments = {"image": f"{fake.host}/shop/cart:1", "plain_http": True, "username": fake.user, "password": fake.password}
        found = run_module("container_image_info", {**arguments, "signature": "verified", "cosign_key": "release.pub", "transparency_log": False})
        assert found["verified"] is verified and found["exists"] is True
        if status is None:
            assert "the program cosign is not installed on the controller" in found["signature_problem"]
            return
        expected = f"verify --key release.pub --output json --insecure-ignore-tlog=true --allow-http-registry {fake.host}/shop/cart@{digest}\n"
        assert (tmp_path / "called").read_text() == expected
        assert json.loads((tmp_path / "config").read_text())["auths"][fake.host]
        assert fake.password not in (tmp_path / "called").read_text()
        assert found["signature_problem"] == (None if verified else "cosign says: no matching signatures")


@pytest.fixture(scope="module")
def plane(tmp_path_factory):
    plane = ControlPlane(tmp_path_factory.mktemp("plane"), "gates", stages=True)
    try:
        plane.start()
        plane.kubectl("apply", "--server-side", "-f", "-", stdin=json.dumps(NODE))
        plane.kubectl("create", "namespace", "shop")
        policy = {"podSelector": {"matchLabels": {"app": "cart"}}, "policyTypes": ["Egress"], "egress": [{"to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}]}
        metadata = {"name": "cart", "namespace": "shop", "labels": {"app": "cart"}}
        for found in (deployment("1.9.0"), {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": policy}):
            plane.kubectl("apply", "--server-side", "-f", "-", stdin=json.dumps(found))
        yield plane
    finally:
        plane.stop()


MIGRATIONS = {"cart": {"expand": {"command": ["migrate", "up"], "timeout": 90}, "contract": {"command": ["migrate", "finish"]}}}


def jobs(plane) -> list[dict]:
    return plane.get("jobs", "-n", "shop")["items"]


def migrate(plane, folder: Path, kind: str, *options: str, **variables) -> Run:
    return Run(folder, f"migrate_{kind}", {"release_migrations": MIGRATIONS, **variables}, str(plane.kubeconfig), *options)


def state(plane, **data: str) -> None:
    metadata = {"name": "release-cart", "namespace": "shop", "labels": {"llmops.platform/release": "cart"}}
    plane.kubectl(
        "apply",
        "--server-side",
        "--force-conflicts",
        "-f",
        "-",
        stdin=json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}),
    )


def test_migrations_run_once_a_version_and_in_their_order(plane, tmp_path):
    planned = migrate(plane, tmp_path, "expand", "--check")
    assert planned.good and jobs(plane) == [], planned.printed

    first = migrate(plane, tmp_path, "expand")
    assert first.good, first.printed
    [job] = jobs(plane)
    assert job["status"]["succeeded"] == 1
    container = job["spec"]["template"]["spec"]["containers"][0]
    assert (container["image"], container["command"]) == ("shop/cart:2.0.0", ["migrate", "up"])
    assert plane.get("networkpolicy", "cart-migration", "-n", "shop")["spec"]["egress"] == [{"to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}]

    again = migrate(plane, tmp_path, "expand")
    assert again.good and "changed=0" in again.printed
    assert jobs(plane)[0]["metadata"]["uid"] == job["metadata"]["uid"]

    # Not before the release has finished, not within the warm window, not while old pods run.
    for data, words in (
        ({"phase": "progressing", "version": "2.0.0"}, "it says 2.0.0, progressing"),
        ({"phase": "promoted", "version": "2.0.0", "warm_until": "2099-01-01T00:00:00Z"}, "stays warm until"),
        ({"phase": "promoted", "version": "2.0.0"}, "pod(s) of 1.9.0"),
    ):
        plane.kubectl("delete", "configmap", "release-cart", "-n", "shop", "--ignore-not-found")
        state(plane, **data)
        refused = migrate(plane, tmp_path, "contract")
        assert not refused.good and words in refused.words, refused.printed
    assert len(jobs(plane)) == 1

    plane.kubectl("apply", "--server-side", "-f", "-", stdin=json.dumps(deployment("2.0.0")))
    plane.kubectl("rollout", "status", "deployment/cart", "-n", "shop", "--timeout=60s")
    done = migrate(plane, tmp_path, "contract")
    assert done.good and len(jobs(plane)) == 2, done.printed


def fail_pods(plane, stop: threading.Event) -> None:
    """Stands in for the kubelet of a pod whose program fails: the pod finds no node."""
    ended = {"terminated": {"exitCode": 3, "reason": "Error", "message": "ERROR: column price exists already"}}
    status = {"phase": "Failed", "containerStatuses": [{"name": "migration", "image": "x", "imageID": "x", "ready": False, "restartCount": 0, "state": ended}]}
    while not stop.is_set():
        for pod in plane.get("pods", "-n", "shop", "-l", "llmops.platform/migration=cart")["items"]:
            if pod["status"].get("phase") == "Pending":
                plane.kubectl(
                    "patch", "pod", pod["metadata"]["name"], "-n", "shop", "--subresource=status", "--type=merge", "-p", json.dumps({"status": status})
                )
        time.sleep(0.3)


def test_a_failed_migration_stops_the_release_in_its_own_words(plane, tmp_path):
    live, stop = {"stable": deployment("2.0.0", "nowhere")}, threading.Event()
    helper = threading.Thread(target=fail_pods, args=(plane, stop))
    helper.start()
    try:
        failed = migrate(plane, tmp_path, "expand", "-e", "release_version=3.0.0", __release_live=live)
    finally:
        stop.set()
        helper.join()
    assert not failed.good
    assert "the expanding migration of cart 3.0.0 failed, the release stops" in failed.words
    assert "ERROR: column price exists already" in failed.words and "kubectl logs job/cart-expand-3-0-0-" in failed.words
    before = len(jobs(plane))
    # The next release of that version is refused by the gate, and does not start it again.
    variables = {"release_gates": GATES, "release_migrations": MIGRATIONS, "__release_live": live}
    gate = Run(tmp_path, "gates", variables, str(plane.kubeconfig), "-e", "release_version=3.0.0")
    assert not gate.good and "the expanding migration of 3.0.0 has failed before" in gate.words
    again = migrate(plane, tmp_path, "expand", "-e", "release_version=3.0.0", __release_live=live)
    assert not again.good and "column price exists already" in again.words and len(jobs(plane)) == before
    # Another version is not held up by it.
    assert Run(tmp_path, "gates", variables, str(plane.kubeconfig), "-e", "release_version=3.0.1").good


def test_staging_s_cluster_is_evidence(plane, tmp_path):
    state(plane, phase="promoted", version="2.0.0")
    evidence = {"release_staging_evidence": {"kubeconfig": str(plane.kubeconfig)}}
    assert gates(tmp_path, platform_environment="production", **evidence).good
    other = gates(tmp_path, "-e", "release_version=2.0.1", platform_environment="production", **evidence)
    assert not other.good and "last release is 2.0.0, promoted" in other.words
    nobody = gates(tmp_path, platform_environment="production", release_staging_evidence={"kubeconfig": "/nowhere"})
    assert not nobody.good and "cluster cannot be read" in nobody.words

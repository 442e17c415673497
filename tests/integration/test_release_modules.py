# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""traffic_split and release_record against a real API server. The scenarios run them with the real definitions of Istio; here a schemaless one will do."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.support.control_plane import BINARIES
from tests.support.modules import run_module

NAMESPACE = "traffic"
HOST = f"web.{NAMESPACE}.svc.cluster.local"
SCHEMA = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}


def definition(plural, kind):
    names = {"plural": plural, "singular": kind.lower(), "kind": kind}
    version = {"name": "v1", "served": True, "storage": True, "schema": SCHEMA}
    spec = {"group": "networking.istio.io", "scope": "Namespaced", "names": names, "versions": [version]}
    return {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": f"{plural}.networking.istio.io"}, "spec": spec}


def custom(kind, name, spec):
    return {"apiVersion": "networking.istio.io/v1", "kind": kind, "metadata": {"name": name, "namespace": NAMESPACE}, "spec": spec}


def route(*weights):
    return [{"destination": {"host": HOST, "subset": subset}, "weight": weight} for subset, weight in zip(("stable", "canary"), weights, strict=True)]


ROUTE = custom("VirtualService", "web", {"hosts": [HOST], "http": [{"name": "primary", "timeout": "3s", "route": route(100, 0)}]})
RULE = custom("DestinationRule", "web", {"host": HOST, "subsets": [{"name": "stable"}, {"name": "canary"}]})
SELECTOR = {"app": "web", "llmops.platform/track": "stable"}
SERVICE = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": NAMESPACE}, "spec": {"selector": SELECTOR, "ports": [{"port": 80}]}}


@pytest.fixture(scope="module")
def kubectl(control_plane):
    def run(*words, stdin=None):
        command = [str(BINARIES / "kubectl"), "--kubeconfig", str(control_plane.kubeconfig), *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False, input=json.dumps(stdin) if stdin else None)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def apply(*manifests):
        items = {"apiVersion": "v1", "kind": "List", "items": list(manifests)}
        run("apply", "--server-side", "--force-conflicts", "--field-manager=llmops-platform", "-f", "-", stdin=items)

    apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}, SERVICE)
    apply(definition("virtualservices", "VirtualService"), definition("destinationrules", "DestinationRule"))
    run("wait", "--for=condition=Established", "crd/virtualservices.networking.istio.io", "crd/destinationrules.networking.istio.io", "--timeout=30s")
    apply(ROUTE, RULE)
    run.apply = apply
    return run


@pytest.fixture(scope="module")
def split(control_plane, kubectl):
    def run(canary, check=False, **options):
        weights = {"primary": {"stable": 100 - canary, "canary": canary}} if canary is not None else {}
        base = {"name": "web", "namespace": NAMESPACE, "host": HOST, "weights": weights, "settle_seconds": 0, "kubeconfig": str(control_plane.kubeconfig)}
        return run_module("traffic_split", {**base, **options}, check=check)

    return run


def weights(kubectl):
    return json.loads(kubectl("get", "virtualservice", "web", "-n", NAMESPACE, "-o", "json"))["spec"]["http"][0]


def test_weights_step_by_step(kubectl, split):
    assert split(None)["before"] == {"primary": {"stable": 100, "canary": 0}}
    for _again in range(2):
        predicted = split(10, check=True)
        assert (predicted["changed"], predicted["after"]["primary"]["canary"]) == (True, 10)
    assert weights(kubectl)["route"] == route(100, 0)
    assert split(10)["changed"]
    after = weights(kubectl)
    assert after == {"name": "primary", "timeout": "3s", "route": route(90, 10)}
    for check in (False, True):
        assert not split(10, check=check)["changed"]


def test_what_is_refused_changes_nothing(kubectl, split):
    before = weights(kubectl)
    for options, said in (
        ({"weights": {"primary": {"stable": 90, "canary": 20}}}, "sum to 110"),
        ({"weights": {"other": {"stable": 90, "canary": 10}}}, "has no route other"),
        ({"name": "nobody"}, "does not exist in namespace traffic"),
        ({"names": {"stable": "stable", "canary": "green"}}, "defines subset green"),
        ({"proxies": ["http://127.0.0.1:9"], "wait_timeout": 1}, "does not answer"),
    ):
        result = split(20, **options)
        assert result["failed"], options
        assert said in result["msg"]
        if "proxies" not in options:
            assert weights(kubectl) == before


def test_a_route_that_somebody_edited(kubectl, split):
    patch = '[{"op": "replace", "path": "/spec/http/0/timeout", "value": "9s"}]'
    kubectl("patch", "virtualservice", "web", "-n", NAMESPACE, "--type=json", "--field-manager=kubectl-edit", "-p", patch)
    refused = split(50)
    assert refused["failed"]
    assert "was last edited by kubectl-edit" in refused["msg"]
    assert split(10)["failed"]
    assert split(50, take_over=True)["changed"]
    assert (weights(kubectl)["timeout"], weights(kubectl)["route"]) == ("9s", route(50, 50))


def test_a_service_is_switched_in_one_patch(kubectl, split):
    switch = {"kind": "Service", "host": "", "weights": {"selector": {"stable": 0, "canary": 100}}}
    assert split(None, **switch, check=True)["changed"]
    assert split(None, **switch)["changed"]
    assert not split(None, **switch)["changed"]
    selector = json.loads(kubectl("get", "service", "web", "-n", NAMESPACE, "-o", "json"))["spec"]["selector"]
    assert selector == {"app": "web", "llmops.platform/track": "canary"}
    half = split(None, **{**switch, "weights": {"selector": {"stable": 50, "canary": 50}}})
    assert "can only be switched as a whole" in half["msg"]


def test_a_record_is_kept_key_by_key(control_plane, kubectl):
    def record(check=False, **options):
        base = {"service": "web", "namespace": NAMESPACE, "kubeconfig": str(control_plane.kubeconfig)}
        return run_module("release_record", {**base, **options}, check=check)

    assert record() | {"changed": False, "record": {}} == record()
    assert record(values={"phase": "progressing"}, check=True)["changed"]
    assert record()["record"] == {}
    made = record(values={"phase": "progressing", "plan": [{"kind": "roll", "name": "x"}], "stage": 0}, event="begun")
    assert made["changed"]
    assert made["record"]["history"][0]["event"] == "begun"
    # A request from another run stays while the run at it writes on.
    record(values={"request": "pause"})
    found = record(values={"stage": 1, "phase": "paused"})["record"]
    assert (found["request"], found["stage"], found["plan"][0]["kind"]) == ("pause", 1, "roll")
    assert not record(values={"stage": 1})["changed"]
    assert "request" not in record(values={"request": None})["record"]
    labels = json.loads(kubectl("get", "configmap", "release-web", "-n", NAMESPACE, "-o", "json"))["metadata"]["labels"]
    assert labels["llmops.platform/release"] == "web"

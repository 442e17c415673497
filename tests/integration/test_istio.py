# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role istio's objects on a real API server with Istio's definitions: order, weights that are live, and what is refused. Charts apart."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support.control_plane import ControlPlane
from tests.support.modules import ROOT
from tests.support.modules import run_module

PLAY = {
    "name": "Mesh",
    "hosts": "all",
    "gather_facts": False,
    "module_defaults": {"group/llmops.platform.k8s": {"kubeconfig": "{{ kubeconfig }}"}},
    "tasks": [
        {"name": "Mesh", "ansible.builtin.include_role": {"name": "llmops.platform.istio"}},
        {
            "name": "Result",
            "ansible.builtin.copy": {"content": "{{ istio_result | to_json }}", "dest": "{{ result_file }}", "mode": "0600"},
            "changed_when": False,
        },
    ],
}
MODULES = [
    {"name": "istio", "module": str(ROOT / "tools" / "crds" / "istio"), "files": ["kubernetes/customresourcedefinitions.gen.yaml"]},
    {"name": "gateway_api", "module": str(ROOT / "tools" / "crds" / "gateway_api"), "files": ["config/crd/standard/*.yaml"]},
]
SERVICES = {
    "web": {
        "namespace": "shop",
        "port": 80,
        "gateways": {"ingress": True},
        "hosts": {"main": "shop.example.com"},
        "canary": {"header": {"name": "x-canary", "value": "true"}},
        "mirror": True,
    },
    "cart": {"namespace": "shop", "port": 8080, "api": "gateway", "timeout": "5s"},
}
VARIABLES = {
    "platform_name": "demo",
    "cluster_version": "1.36",
    "istio_chart_source": "none",
    "istio_metrics": False,
    "istio_namespaces": {"shop": True},
    "istio_gateways": {"ingress": {}, "egress": {"kind": "egress", "replicas_min": 2}},
    "istio_services": SERVICES,
    "istio_authorization": {"shop": {"namespace": "shop", "to": {"web": True}, "from": {"istio-ingressgateway": True}}},
    "istio_request_authentication": {"api": {"namespace": "shop", "issuer": "https://auth.example.com"}},
    "istio_egress_hosts": {
        "openai": {"host": "api.openai.com", "port": 443, "protocol": "TLS"},
        "smtp": {"host": "smtp.example.com", "port": 587, "protocol": "TCP"},
    },
    "istio_tracing": "tempo",
}


@pytest.fixture(scope="module")
def plane(tmp_path_factory):
    folder = tmp_path_factory.mktemp("definitions")
    fetched = run_module("go_module_files", {"modules": MODULES, "destination": str(folder), "descriptions": False})
    assert not fetched["failed"], fetched
    made = ControlPlane(tmp_path_factory.mktemp("plane"), "istio")
    try:
        made.start()
        for file in fetched["files"].values():
            made.kubectl("apply", "--server-side", "-f", file)
        made.kubectl("wait", "--for=condition=Established", "--timeout=60s", "crd", "--all")
        made.kubectl("create", "namespace", "istio-system")
        made.kubectl("create", "namespace", "shop")
        made.kubectl("label", "namespace", "shop", "istio-injection=enabled")
        yield made
    finally:
        made.stop()


class Run:
    """One run of the role."""

    def __init__(self, done, mutating, result):
        self.code, self.printed = done.returncode, " ".join((done.stdout + done.stderr).split())
        self.mutating, self.result = mutating, result
        self.changed = "changed=0" not in self.printed


@pytest.fixture(scope="module")
def deploy(plane, tmp_path_factory):
    folder = tmp_path_factory.mktemp("mesh")
    (folder / "play.yml").write_text(yaml.safe_dump([PLAY]))

    def run(*options, **variables):
        before = len(plane.audit_log.read_text(encoding="utf-8").splitlines())
        result = folder / "result.json"
        values = {**VARIABLES, **variables, "ansible_python_interpreter": sys.executable, "kubeconfig": str(plane.kubeconfig), "result_file": str(result)}
        command = [
            str(Path(sys.executable).parent / "ansible-playbook"),
            "-i",
            "demo_local,",
            "-c",
            "local",
            str(folder / "play.yml"),
            "-e",
            json.dumps(values),
        ]
        environment = {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}
        done = subprocess.run([*command, *options], capture_output=True, text=True, check=False, env=environment, cwd=ROOT)
        told = json.loads(result.read_text()) if result.exists() else {}
        return Run(done, plane.mutating(before), told)

    return run


def position(calls, *words):
    (found,) = [number for number, call in enumerate(calls) if all(word in call for word in words)]
    return found


def weights(plane, kind="virtualservice", name="web"):
    spec = plane.get(kind, name, "-n", "shop")["spec"]
    return {route["name"]: [entry["weight"] for entry in route.get("route") or route["backendRefs"]] for route in spec.get("http") or spec["rules"]}


@pytest.fixture(scope="module")
def story(deploy, plane):
    told = {"plan": deploy("--check"), "first": deploy(), "again": deploy()}
    told["at rest"] = weights(plane)
    # As role release does it.
    patch = [{"op": "replace", "path": f"/spec/http/1/route/{number}/weight", "value": value} for number, value in ((0, 90), (1, 10))]
    patch.append({"op": "replace", "path": "/spec/http/1/mirrors/0/percentage/value", "value": 5})
    plane.kubectl("patch", "virtualservice", "web", "-n", "shop", "--type=json", "-p", json.dumps(patch), "--field-manager=llmops-release")
    told["unchanged during a release"] = deploy()
    told["changed during a release"] = deploy(istio_retries={"attempts": 1, "per_try_timeout": "1s", "retry_on": "5xx"})
    told["kept"] = plane.get("virtualservice", "web", "-n", "shop")["spec"]["http"]
    told["kept again"] = deploy(istio_retries={"attempts": 1, "per_try_timeout": "1s", "retry_on": "5xx"})
    told["without web"] = deploy(istio_services={"cart": SERVICES["cart"]}, istio_authorization={})
    return told


def test_all_objects_are_accepted(story):
    assert story["first"].code == 0, story["first"].printed[-3000:]
    assert story["first"].changed
    assert story["plan"].code == 0, story["plan"].printed[-3000:]
    assert story["plan"].mutating == []


def test_a_second_run_changes_nothing(story):
    assert (story["again"].changed, story["again"].mutating) == (False, [])


def test_subset_before_route(story):
    calls = story["first"].mutating
    assert position(calls, "destinationrules/web") < position(calls, "virtualservices/web")
    assert position(calls, "destinationrules/cart") < position(calls, "httproutes/cart")
    assert position(calls, "serviceentries/openai") < position(calls, "virtualservices/egress-openai")


def test_route_before_removal(story):
    assert story["without web"].code == 0, story["without web"].printed[-3000:]
    calls = story["without web"].mutating
    assert position(calls, "delete", "virtualservices/web") < position(calls, "delete", "destinationrules/web")


def test_weights_of_a_release_are_kept(story):
    assert story["at rest"] == {"canary-match": [100, 0], "primary": [100, 0]}
    assert not story["unchanged during a release"].changed
    first, second = story["kept"]
    assert [entry["weight"] for entry in first["route"]] == [100, 0]
    assert [entry["weight"] for entry in second["route"]] == [90, 10]
    assert second["mirrors"][0]["percentage"]["value"] == 5
    # What the inventory changed got through.
    assert second["retries"]["attempts"] == 1
    assert not story["kept again"].changed


def test_the_result(story):
    result = story["first"].result
    assert result["services"]["web"]["rules"] == ["canary-match", "primary"]
    assert result["services"]["cart"]["route"] == {"kind": "HTTPRoute", "name": "cart"}
    assert result["gateways"]["ingress"]["host"] == "istio-ingressgateway.istio-system.svc.cluster.local"


def test_weights_that_do_not_sum_are_refused(story, deploy, plane):
    deploy()
    patch = [{"op": "replace", "path": "/spec/http/1/route/0/weight", "value": 50}]
    plane.kubectl("patch", "virtualservice", "web", "-n", "shop", "--type=json", "-p", json.dumps(patch))
    refused = deploy()
    assert refused.code != 0
    assert "VirtualService shop/web route primary has the weights 50 and 0, which do not sum to 100" in refused.printed
    assert refused.mutating == []
    plane.kubectl("delete", "virtualservice", "web", "-n", "shop")
    assert deploy().code == 0
    assert weights(plane) == {"canary-match": [100, 0], "primary": [100, 0]}


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"istio_services": {"web": {"namespace": "shop", "port": 80, "weights": {"stable": 90}}}}, "weights"),
        ({"istio_namespaces": {"shop": True, "nowhere": True}}, "istio_namespaces names nowhere, which does not exist"),
        ({"cluster_version": "1.30"}, "supports Kubernetes 1.32 to 1.36, the cluster has 1.30"),
        ({"istio_ca": {"source": "existing_secret"}}, "Secret istio-system/cacerts does not exist"),
    ],
)
def test_bad_input_is_refused_before_anything_is_sent(story, deploy, variables, words):
    refused = deploy(**variables)
    assert refused.code != 0
    assert words in refused.printed
    assert refused.mutating == []

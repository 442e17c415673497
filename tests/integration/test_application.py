# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role application with most of its options set, from nothing to gone, against a real API server."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support.control_plane import ControlPlane
from tests.support.modules import ROOT

ZONES = ("a", "b", "c")
PLAY = {
    "name": "Demo",
    "hosts": "all",
    "gather_facts": False,
    "module_defaults": {"group/llmops.platform.k8s": {"kubeconfig": "{{ kubeconfig }}"}},
    "roles": [{"role": "llmops.platform.application"}],
}
COMMON = {
    "image": {"repository": "demo/service", "tag": "1.0.0"},
    "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"cpu": "20m", "memory": "32Mi"}},
    "shared_configurations": {"shared": True},
    "placement": {"tolerate": {"dedicated": {"operator": "Equal", "value": "demo", "effect": "NoSchedule"}}},
    "priority_class": "",
}
SERVICES = {
    "web": {
        "short_name": "front",
        "ports": {"http": {"containerPort": 8080}, "metrics": {"containerPort": 9090}},
        "service": {"sessionAffinity": "ClientIP", "headless": True, "ports": {"http": {"port": 80, "targetPort": "http"}}},
        "route": {"kind": "ingress", "hosts": {"main": "demo.example.com"}, "port": "http", "class": "edge", "issuer": "letsencrypt"},
        "network": {
            "from": {"shop": {"namespace": "shop", "app": "cart", "ports": {"http": True}}},
            "to": {
                "database": {"cidr": "10.0.0.0/8", "except": {"vpn": "10.9.0.0/16"}, "ports": {"postgresql": 5432}},
                "queue": {"app": "queue", "protocol": "UDP", "ports": {"queue": 9}},
            },
        },
        "access": {"leader": {"apiGroups": ["coordination.k8s.io"], "resources": ["leases"], "verbs": ["get", "create", "update"]}},
        "service_account": {"annotations": {"example.com/role": "web"}},
        "secrets": {"web-database": {"DATABASE_URL": "url"}},
        "scaling": {"min": 3, "max": 9, "cpu_percent": 70, "requests_per_second": 50},
        "zone_anti_affinity": "required",
        "disruption": {"max_unavailable": 1},
        "placement": {
            "require": {"pool": "demo"},
            "prefer": {"disk": {"operator": "In", "values": ["fast"]}},
        },
        # Free text stays text.
        "configuration": {"GREETING": "hello\n---\nkind: ClusterRoleBinding", "COMMAND": "$(id) `id` ; rm -rf /"},
    },
    "api": {
        "ports": {"grpc": {"containerPort": 9000}},
        "service": {"ports": {"grpc": {"port": 9000, "targetPort": "grpc"}}},
        "load_balancer": {"source_ranges": {"office": "203.0.113.0/24"}, "annotations": {"example.com/scheme": "internal"}},
        "replicas": 2,
    },
    "worker": {"strategy": "Recreate", "replicas": 1, "run_as_user": 2000, "spread_zones": False, "command": ["work", "--all"]},
}


@pytest.fixture(scope="module")
def control_plane(tmp_path_factory):
    plane = ControlPlane(tmp_path_factory.mktemp("plane"), "application", stages=True)
    yield plane.start()
    plane.stop()


@pytest.fixture(scope="module")
def deploy(control_plane, tmp_path_factory):
    folder = tmp_path_factory.mktemp("application")
    nodes = [
        {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {
                "name": f"demo-{zone}",
                "annotations": {"kwok.x-k8s.io/node": "fake"},
                "labels": {"kubernetes.io/hostname": f"demo-{zone}", "topology.kubernetes.io/zone": zone, "pool": "demo"},
            },
            "spec": {"taints": [{"key": "dedicated", "value": "demo", "effect": "NoSchedule"}]},
            "status": {amount: {"cpu": "32", "memory": "64Gi", "pods": "110", "ephemeral-storage": "100Gi"} for amount in ("capacity", "allocatable")},
        }
        for zone in ZONES
    ]
    restricted = {"pod-security.kubernetes.io/enforce": "restricted"}
    nodes.append({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "demo", "labels": restricted}})
    control_plane.kubectl("apply", "-f", "-", stdin=yaml.safe_dump_all(nodes))
    (folder / "play.yml").write_text(yaml.safe_dump([PLAY]))

    def run(*more: str, **variables) -> subprocess.CompletedProcess:
        values = {
            "kubeconfig": str(control_plane.kubeconfig),
            "platform_name": "demo",
            "application_namespace": "demo",
            "platform_secret_delivery": "direct",
            "application_secrets": {"web-database": {"store": "vault", "version": "7", "keys": {"url": {"path": "demo/web", "property": "url"}}}},
            "application_wait_timeout": 40,
            "application_configurations": {"shared": {"namespace": "demo", "data": {"LOG_LEVEL": "info"}}},
            "application_services_common": COMMON,
            "application_services": SERVICES,
            **variables,
        }
        command = [
            str(Path(sys.executable).parent / "ansible-playbook"),
            "-i",
            "demo,",
            "-c",
            "local",
            str(folder / "play.yml"),
            "-e",
            json.dumps(values),
            *more,
        ]
        environment = {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    yield run
    control_plane.kubectl("delete", "nodes", *(f"demo-{zone}" for zone in ZONES), "--wait=false")


def changed(done: subprocess.CompletedProcess) -> int:
    assert done.returncode == 0, done.stdout[-3000:]
    return int(re.search(r"changed=(\d+)", done.stdout)[1])


# The tests of this file are one story and run in this order.
def test_present(deploy, control_plane):
    assert changed(deploy("--check")) == 1
    assert changed(deploy()) == 1
    web = control_plane.get("deployment", "web", "-n", "demo")
    assert web["status"]["availableReplicas"] == 3
    pod = web["spec"]["template"]["spec"]
    assert pod["containers"][0]["name"] == "front"
    assert pod["nodeSelector"] == {"pool": "demo"}
    assert pod["tolerations"] == [{"key": "dedicated", "operator": "Equal", "value": "demo", "effect": "NoSchedule"}]
    assert len(pod["affinity"]["podAntiAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]) == 1
    names = [source["configMapRef"]["name"] for source in pod["containers"][0]["envFrom"]]
    assert [name.rpartition("-")[0] for name in names] == ["shared", "web"]
    assert control_plane.get("configmap", names[1], "-n", "demo")["data"] == SERVICES["web"]["configuration"]
    assert control_plane.get("poddisruptionbudget", "front-pdb", "-n", "demo")["spec"]["maxUnavailable"] == 1
    worker = control_plane.get("deployment", "worker", "-n", "demo")["spec"]
    assert (worker["strategy"], worker["replicas"]) == ({"type": "Recreate"}, 1)
    assert worker["template"]["spec"]["containers"][0]["command"] == ["work", "--all"]
    assert "topologySpreadConstraints" not in worker["template"]["spec"]
    assert control_plane.get("clusterrolebindings", "-l", "app.kubernetes.io/managed-by=llmops-platform")["items"] == []


def test_what_stands_around_the_deployment(control_plane):
    services = {item["metadata"]["name"]: item["spec"] for item in control_plane.get("services", "-n", "demo")["items"]}
    assert services["web"]["sessionAffinityConfig"] == {"clientIP": {"timeoutSeconds": 10800}}
    assert services["web-headless"]["clusterIP"] == "None"
    assert (services["api-public"]["type"], services["api-public"]["loadBalancerSourceRanges"]) == ("LoadBalancer", ["203.0.113.0/24"])
    ingress = control_plane.get("ingress", "web-ingress", "-n", "demo")
    assert ingress["metadata"]["annotations"] == {"cert-manager.io/cluster-issuer": "letsencrypt"}
    assert ingress["spec"]["tls"] == [{"hosts": ["demo.example.com"], "secretName": "web-tls"}]
    assert control_plane.get("role", "web", "-n", "demo")["rules"][0]["resources"] == ["leases"]
    assert control_plane.get("serviceaccount", "web", "-n", "demo")["automountServiceAccountToken"]
    assert not control_plane.get("serviceaccount", "worker", "-n", "demo")["automountServiceAccountToken"]
    pods = [metric["pods"] for metric in control_plane.get("hpa", "front-hpa", "-n", "demo")["spec"]["metrics"] if metric["type"] == "Pods"]
    assert pods == [{"metric": {"name": "http_requests_per_second"}, "target": {"type": "AverageValue", "averageValue": "50"}}]


def test_network_policy_opens_what_is_listed(control_plane):
    spec = control_plane.get("networkpolicy", "web", "-n", "demo")["spec"]
    assert spec["policyTypes"] == ["Ingress", "Egress"]
    gateway, shop = spec["ingress"]
    assert gateway["from"] == [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "istio-system"}}}]
    assert shop["from"][0]["podSelector"] == {"matchLabels": {"app": "cart"}}
    assert shop["ports"] == [{"protocol": "TCP", "port": 8080}]
    database, queue = spec["egress"]
    assert database == {"to": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.9.0.0/16"]}}], "ports": [{"protocol": "TCP", "port": 5432}]}
    assert queue == {"to": [{"podSelector": {"matchLabels": {"app": "queue"}}}], "ports": [{"protocol": "UDP", "port": 9}]}
    public = control_plane.get("networkpolicy", "api", "-n", "demo")["spec"]
    assert public["ingress"] == [{"from": [{"ipBlock": {"cidr": "203.0.113.0/24"}}], "ports": [{"protocol": "TCP", "port": 9000}]}]
    assert "egress" not in public


def test_secret_is_made_in_the_cluster_and_never_shown(deploy, control_plane):
    value = control_plane.get("secret", "web-database", "-n", "demo")["data"]["url"]
    container = control_plane.get("deployment", "web", "-n", "demo")["spec"]["template"]
    assert container["metadata"]["annotations"] == {"llmops.platform/secret-web-database": "7"}
    assert container["spec"]["containers"][0]["env"] == [{"name": "DATABASE_URL", "valueFrom": {"secretKeyRef": {"name": "web-database", "key": "url"}}}]
    done = deploy("-vvv", "--diff", application_services_environment={"web": {"grace": {"termination_seconds": 50}}})
    assert changed(done) == 1
    assert value not in done.stdout
    assert base64.b64decode(value).decode() not in done.stdout
    assert control_plane.get("secret", "web-database", "-n", "demo")["data"]["url"] == value
    assert changed(deploy()) == 1


def test_external_secrets_are_references(deploy):
    done = deploy("--check", "--diff", "-e", "platform_secret_delivery=external_secrets")
    assert done.returncode == 0, done.stdout[-2000:]
    assert "kind: ExternalSecret" in done.stdout
    assert "key: demo/web" in done.stdout


def test_again(deploy, control_plane):
    lines = len(control_plane.audit_log.read_text().splitlines())
    assert changed(deploy()) == 0
    assert control_plane.mutating(lines) == []


def test_a_changed_configuration_rolls_and_keeps_the_version_before(deploy, control_plane):
    before = {item["metadata"]["name"] for item in control_plane.get("configmaps", "-n", "demo")["items"]}
    assert changed(deploy(application_services_environment={"web": {"configuration": {"GREETING": "good evening"}}})) == 1
    after = {item["metadata"]["name"] for item in control_plane.get("configmaps", "-n", "demo")["items"]}
    assert len(after - before) == 1 and before <= after
    web = control_plane.get("deployment", "web", "-n", "demo")
    assert web["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == "4"
    assert web["status"]["availableReplicas"] == 3


def test_who_is_late_is_named_with_the_reason(deploy):
    done = deploy(application_wait_timeout=3, application_services_deployment={"worker": {"placement": {"require": {"pool": "nowhere"}}}})
    assert done.returncode == 2
    said = " ".join(done.stdout.split())
    assert "Deployment demo/worker" in said
    assert "didn't match Pod's node affinity/selector" in said
    assert "wait_timeout" in said


def release(control_plane, service: str, **data: str) -> None:
    labels = {"llmops.platform/release": service}
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"release-{service}", "namespace": "demo", "labels": labels}, "data": data}
    control_plane.kubectl("apply", "-f", "-", stdin=yaml.safe_dump(body))


def test_a_service_under_release_is_left_alone(deploy, control_plane):
    deploy()
    release(control_plane, "web", phase="progressing", version="2.0.0", stable_version="1.0.0")
    done = deploy(application_services_environment={"web": {"image": {"tag": "1.5.0"}}, "api": {"image": {"tag": "1.5.0"}}})
    assert changed(done) == 1
    assert "a release of web is in progress" in done.stdout
    images = {
        item["metadata"]["name"]: item["spec"]["template"]["spec"]["containers"][0]["image"] for item in control_plane.get("deployments", "-n", "demo")["items"]
    }
    assert images["web"] == "demo/service:1.0.0"
    assert images["api"] == "demo/service:1.5.0"
    # Nothing of it was pruned either.
    assert control_plane.get("ingress", "web-ingress", "-n", "demo")


def test_a_promoted_version_must_stand_in_the_inventory(deploy, control_plane):
    release(control_plane, "web", phase="promoted", version="2.0.0", stable_version="2.0.0")
    done = deploy()
    assert done.returncode == 2
    said = " ".join(done.stdout.split())
    assert "application_services.web.image.tag is 1.0.0, but 2.0.0 was released and promoted; write 2.0.0 into the inventory" in said
    release(control_plane, "web", phase="rolled_back", version="2.0.0", stable_version="1.0.0")
    assert deploy().returncode == 0
    assert "which a release rolled back to 1.0.0" in " ".join(deploy(application_services_environment={"web": {"image": {"tag": "2.0.0"}}}).stdout.split())


def test_what_release_owns_is_left_to_it(deploy, control_plane):
    body = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "demo"}, "spec": {"selector": {"app": "web", "color": "green"}}}
    control_plane.kubectl("apply", "--server-side", "--force-conflicts", "--field-manager", "llmops-release", "-f", "-", stdin=yaml.safe_dump(body))
    assert changed(deploy(application_services_environment={"web": {"service": {"annotations": {"a": "b"}}}})) == 1
    service = control_plane.get("service", "web", "-n", "demo")
    assert service["spec"]["selector"] == {"app": "web", "color": "green"}
    assert service["metadata"]["annotations"] == {"a": "b"}


def test_a_service_that_left_the_inventory_is_deleted(deploy, control_plane):
    services = {name: value for name, value in SERVICES.items() if name != "api"}
    assert changed(deploy(application_services=services)) == 1
    names = [item["metadata"]["name"] for kind in ("deployments", "services", "networkpolicies") for item in control_plane.get(kind, "-n", "demo")["items"]]
    assert not [name for name in names if name.startswith("api")]
    assert changed(deploy(application_services=services)) == 0


def test_absent(deploy, control_plane):
    assert changed(deploy("--check", application_state="absent")) == 1
    assert changed(deploy(application_state="absent")) == 1
    for kind in ("deployments", "services", "poddisruptionbudgets", "pods"):
        assert control_plane.get(kind, "-n", "demo")["items"] == [], kind
    assert changed(deploy(application_state="absent")) == 0

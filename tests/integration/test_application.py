# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role application with most of its options set, from nothing to gone, against a real API server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

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
}
SERVICES = {
    "web": {
        "short_name": "front",
        "ports": {"http": {"containerPort": 8080}, "metrics": {"containerPort": 9090}},
        "service": {"sessionAffinity": "ClientIP", "ports": {"http": {"port": 80, "targetPort": "http"}}},
        "zone_anti_affinity": "required",
        "disruption": {"max_unavailable": 1},
        "placement": {
            "require": {"pool": "demo"},
            "prefer": {"disk": {"operator": "In", "values": ["fast"]}},
        },
        # Free text stays text.
        "configuration": {"GREETING": "hello\n---\nkind: ClusterRoleBinding", "COMMAND": "$(id) `id` ; rm -rf /"},
    },
    "worker": {"strategy": "Recreate", "replicas": 1, "run_as_user": 2000, "spread_zones": False, "command": ["work", "--all"]},
}


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
        environment = {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_NOCOLOR": "1"}
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    yield run
    control_plane.kubectl("delete", "nodes", *(f"demo-{zone}" for zone in ZONES), "--wait=false")


def changed(done: subprocess.CompletedProcess) -> int:
    assert done.returncode == 0, done.stdout[-3000:]
    return int(re.search(r"changed=(\d+)", done.stdout)[1])


# The tests of this file are one story and run in this order.
def test_present(deploy, control_plane):
    assert changed(deploy("--check")) == 2
    assert changed(deploy()) == 2
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
    assert web["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == "2"
    assert web["status"]["availableReplicas"] == 3


def test_who_is_late_is_named_with_the_reason(deploy):
    done = deploy(application_wait_timeout=3, application_services_deployment={"worker": {"placement": {"require": {"pool": "nowhere"}}}})
    assert done.returncode == 2
    said = " ".join(done.stdout.split())
    assert "Deployment demo/worker" in said
    assert "didn't match Pod's node affinity/selector" in said
    assert "wait_timeout" in said


def test_absent(deploy, control_plane):
    assert changed(deploy("--check", application_state="absent")) == 2
    assert changed(deploy(application_state="absent")) == 2
    for kind in ("deployments", "services", "poddisruptionbudgets", "pods"):
        assert control_plane.get(kind, "-n", "demo")["items"] == [], kind
    assert changed(deploy(application_state="absent")) == 0

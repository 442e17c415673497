# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""node_drain against a real API server: simulated nodes and pods, real Deployments, disruption budgets and evictions."""

from __future__ import annotations

import json
import subprocess
import time

import pytest

from tests.support.control_plane import BINARIES
from tests.support.modules import run_module

NAMESPACE = "drain"
NODES = ("drain-a", "drain-b", "drain-c")
POOL = {"matchExpressions": [{"key": "pool", "operator": "In", "values": ["drain"]}]}


def node(name):
    labels = {"pool": "drain", "kubernetes.io/hostname": name}
    size = {"cpu": "8", "memory": "32Gi", "pods": "50"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": labels, "annotations": {"kwok.x-k8s.io/node": "fake"}},
        "spec": {"taints": [{"key": "drain", "effect": "NoSchedule"}]},
        "status": {"capacity": size, "allocatable": size},
    }


def pod_spec(**more):
    return {
        "nodeSelector": {"pool": "drain"},
        "tolerations": [{"key": "drain", "operator": "Exists"}],
        "terminationGracePeriodSeconds": 1,
        "containers": [{"name": "web", "image": "registry.example.com/web:1"}],
        **more,
    }


def workload(name, kind="Deployment", replicas=3, **more):
    labels = {"app": name}
    spread = {"maxSkew": 1, "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "ScheduleAnyway", "labelSelector": {"matchLabels": labels}}
    spec = {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": pod_spec(**more)}}
    if kind == "Deployment":
        spec |= {"replicas": replicas}
        spec["template"]["spec"]["topologySpreadConstraints"] = [spread]
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name, "namespace": NAMESPACE}, "spec": spec}


def budget(name, least):
    spec = {"minAvailable": least, "selector": {"matchLabels": {"app": name}}}
    return {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": name, "namespace": NAMESPACE}, "spec": spec}


def bare(name, on, **metadata):
    spec = {**pod_spec(), "nodeName": on}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": NAMESPACE, **metadata}, "spec": spec}


class Cluster:
    def __init__(self, plane):
        self.plane = plane

    def kubectl(self, *words, stdin=None):
        command = [str(BINARIES / "kubectl"), "--kubeconfig", str(self.plane.kubeconfig), "-n", NAMESPACE, *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False, input=json.dumps(stdin) if stdin else None)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def apply(self, *manifests):
        self.kubectl("apply", "--server-side", "--force-conflicts", "-f", "-", stdin={"apiVersion": "v1", "kind": "List", "items": list(manifests)})

    def get(self, *words):
        return json.loads(self.kubectl("get", *words, "-o", "json"))

    def pods(self, on):
        return sorted(item["metadata"]["name"] for item in self.get("pods", f"--field-selector=spec.nodeName={on}")["items"])

    def node(self, name):
        return self.get("node", name)

    def settle(self):
        """Until the Deployments have all their pods and the budgets have seen them."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            late = [one for one in self.get("deployments")["items"] if one["status"].get("readyReplicas", 0) != one["spec"]["replicas"]]
            late += [one for one in self.get("pdb")["items"] if one["status"].get("observedGeneration") != one["metadata"]["generation"]]
            late += [one for one in self.get("pdb")["items"] if one["status"]["currentHealthy"] != one["status"]["expectedPods"]]
            if not late:
                return
            time.sleep(0.3)
        raise AssertionError(late)

    def drain(self, *nodes, check=False, **options):
        defaults = {"kubeconfig": str(self.plane.kubeconfig), "nodes": list(nodes), "timeout": 60}
        return run_module("node_drain", {**defaults, **options}, check=check)


@pytest.fixture(scope="module")
def cluster(control_plane):
    found = Cluster(control_plane)
    found.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}})
    found.kubectl("apply", "-f", "-", stdin={"apiVersion": "v1", "kind": "List", "items": [node(name) for name in NODES]})
    found.kubectl("wait", "--for=condition=Ready", "node", "-l", "pool=drain", "--timeout=60s")
    found.apply(workload("web"), budget("web", 2), workload("agent", "DaemonSet"))
    yield found
    found.kubectl("delete", "namespace", NAMESPACE, "--wait=false")
    found.kubectl("delete", "node", *NODES)


@pytest.fixture
def settled(cluster):
    """All nodes take pods, and there are enough of them."""
    cluster.kubectl("uncordon", *NODES)
    cluster.settle()
    yield cluster
    cluster.kubectl("delete", "pod", "--all", "--wait=true")
    cluster.drain(*NODES, state="schedulable", release_foreign=True)


def test_twelve_steps(settled):
    """Cordoned, drained, schedulable: each predicted, done, predicted again, done again."""
    name = next(one for one in NODES if any(pod.startswith("web-") for pod in settled.pods(one)))
    for state in ("cordoned", "drained", "schedulable"):
        told = []
        for check in (True, False, True, False):
            version = settled.node(name)["metadata"]["resourceVersion"] if check else ""
            result = settled.drain(name, state=state, check=check)
            assert not result["failed"], result["msg"]
            told.append(result["changed"])
            if check:
                assert settled.node(name)["spec"].get("unschedulable", False) is (result["nodes"][name]["before"] == "cordoned")
                assert version
        assert told == [True, True, False, False], state
        assert settled.node(name)["spec"].get("unschedulable", False) is (state != "schedulable")
        if state == "drained":
            assert all(pod.startswith("agent-") for pod in settled.pods(name))
    assert "llmops.platform/cordoned-by" not in settled.node(name)["metadata"].get("annotations", {})


def test_the_prediction_names_the_pods_that_go(settled):
    predicted = settled.drain(*NODES[:2], check=True)
    before = {name: [f"{NAMESPACE}/{pod}" for pod in settled.pods(name) if pod.startswith("web-")] for name in NODES[:2]}
    assert {name: row["evicted"] for name, row in predicted["nodes"].items()} == before
    assert all(list(row["stays"].values()) == ["DaemonSet agent"] for row in predicted["nodes"].values())
    assert {step["what"] for step in predicted["plan"]} == {f"Node {name}" for name in NODES[:2]}


def test_budgets_are_obeyed_while_two_nodes_are_emptied_at_once(settled):
    """Never fewer than two are ready: the API server refuses, we wait for the replacement."""
    first = len(settled.plane.audit_log.read_text(encoding="utf-8").splitlines())
    result = settled.drain(*NODES[:2], parallel=2)
    assert not result["failed"], result["msg"]
    assert all(pod.startswith("agent-") for name in NODES[:2] for pod in settled.pods(name))
    asked = settled.plane.mutating(first, agent="llmops-platform/1.0.0 (node_drain)")
    assert {line.rpartition("/")[2] for line in asked if line.startswith("create")} == {"eviction"}
    assert not [line for line in asked if line.startswith("delete")]


def test_a_budget_that_never_lets_one_go_changes_nothing(settled):
    settled.apply(budget("web", 3))
    settled.settle()
    versions = [settled.node(name)["spec"] for name in NODES]
    for check in (True, False):
        result = settled.drain(*NODES, check=check)
        assert result["failed"] and not result["changed"]
        assert f"PodDisruptionBudget {NAMESPACE}/web" in result["msg"] and "nothing was changed" in result["msg"]
        assert {row["budget"] for row in result["blocked"]} == {f"{NAMESPACE}/web"}
    assert [settled.node(name)["spec"] for name in NODES] == versions
    settled.apply(budget("web", 2))


def test_a_budget_that_allows_none_in_time(settled):
    """One of two may go, but its replacement finds no node: the other one stays, and is named with its budget."""
    settled.kubectl("cordon", "drain-b", "drain-c")
    settled.apply(workload("pair", replicas=2), budget("pair", 1))
    settled.settle()
    assert len([pod for pod in settled.pods("drain-a") if pod.startswith("pair-")]) == 2
    result = settled.drain("drain-a", timeout=5)
    left = [pod for pod in settled.pods("drain-a") if pod.startswith("pair-")]
    settled.kubectl("delete", "deployment/pair", "pdb/pair")
    assert result["failed"] and f"PodDisruptionBudget {NAMESPACE}/pair" in result["msg"] and "uncordoned again: drain-a" in result["msg"]
    assert next(row["pod"] for row in result["blocked"] if row["budget"].endswith("/pair")).removeprefix(f"{NAMESPACE}/") in left
    assert result["nodes"]["drain-a"]["after"] == "schedulable" and not settled.node("drain-a")["spec"].get("unschedulable")


def test_pods_that_do_not_stop_in_time_are_named(settled):
    settled.apply(bare("slow", "drain-c", finalizers=["llmops.platform/test"], labels={"app": "slow"}))
    settled.kubectl("wait", "--for=condition=Ready", "pod/slow", "--timeout=30s")
    refused = settled.drain("drain-c")
    assert refused["failed"] and f"{NAMESPACE}/slow" in refused["msg"] and "unmanaged_pods" in refused["msg"] and not refused["changed"]
    result = settled.drain("drain-c", timeout=4, unmanaged_pods=[f"{NAMESPACE}/slow"])
    assert result["failed"] and f"still stopping: {NAMESPACE}/slow" in result["msg"]
    assert not settled.node("drain-c")["spec"].get("unschedulable")
    settled.kubectl("patch", "pod", "slow", "--type=merge", "-p", '{"metadata": {"finalizers": null}}')


def test_scratch_data_is_lost_only_when_told(settled):
    settled.apply(workload("cache", replicas=1, volumes=[{"name": "scratch", "emptyDir": {}}]))
    settled.settle()
    name = next(one for one in NODES if any(pod.startswith("cache-") for pod in settled.pods(one)))
    refused = settled.drain(name)
    assert refused["failed"] and "emptyDir scratch" in refused["msg"] and not settled.node(name)["spec"].get("unschedulable")
    assert not settled.drain(name, delete_empty_dir=True)["failed"]
    assert not [pod for pod in settled.pods(name) if pod.startswith("cache-")]
    settled.kubectl("delete", "deployment/cache")


def test_a_cordon_of_a_killed_run_is_finished_and_one_of_a_person_is_kept(settled):
    settled.drain("drain-a", state="cordoned", owner="upgrade of test")
    settled.kubectl("cordon", "drain-b")
    result = settled.drain("drain-a", "drain-b", owner="upgrade of test")
    assert not result["failed"], result["msg"]
    assert result["nodes"]["drain-a"]["before"] == "cordoned" and result["nodes"]["drain-b"]["cordoned_by"] == "somebody else"
    back = settled.drain("drain-a", "drain-b", state="schedulable")
    assert back["nodes"]["drain-a"]["changed"] and not back["nodes"]["drain-b"]["changed"]
    assert settled.node("drain-b")["spec"]["unschedulable"] is True


def test_an_unknown_node(settled):
    result = settled.drain("drain-nowhere")
    assert result["failed"] and "no node drain-nowhere" in result["msg"]

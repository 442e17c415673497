# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of an upgrade of a real API server: budgets, nodes, pods and webhooks as they are, and an object written through an API that goes."""

from __future__ import annotations

import datetime
import json
import time

import pytest
import yaml

from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.connection import load
from ansible_collections.llmops.platform.plugins.module_utils._upgrade.cluster import ClusterReader
from ansible_collections.llmops.platform.plugins.module_utils._upgrade.lines import upgrade_plan_lines
from ansible_collections.llmops.platform.plugins.module_utils._upgrade.planner import Planner
from tests.support.control_plane import ControlPlane
from tests.support.modules import run_module

OLD = "networking.k8s.io/v1beta1"
OPTIONS = {
    "cluster_name": None, "region": None, "to": None, "addons": {}, "pools": [], "pool_labels": ["llmops.platform/node-pool"],
    "order": ["control_plane", "addons", "node_pools"], "kubectl_version": "1.36.3", "end_of_life": {}, "accept_end_of_life": False,
    "accept_removed": [], "same_cluster": True,
}  # fmt: skip
CONTAINERS = [{"name": "main", "image": "registry.invalid/none:1"}]


def node(name: str, pool: str, kubelet: str) -> dict:
    """A node that kwok simulates."""
    labels = {"type": "kwok", "kubernetes.io/hostname": name, "llmops.platform/node-pool": pool}
    status = {"allocatable": {"cpu": "8", "memory": "16Gi", "pods": "50"}, "capacity": {"cpu": "8", "memory": "16Gi", "pods": "50"}}
    status["nodeInfo"] = dict.fromkeys(("architecture", "bootID", "containerRuntimeVersion", "kernelVersion", "kubeProxyVersion", "machineID", "osImage"), "")
    status["nodeInfo"] |= {"kubeletVersion": kubelet, "operatingSystem": "linux", "systemUUID": ""}
    metadata = {"name": name, "labels": labels, "annotations": {"kwok.x-k8s.io/node": "fake"}}
    return {"apiVersion": "v1", "kind": "Node", "metadata": metadata, "status": status}


def deployment(name: str, replicas: int, **pod) -> dict:
    labels = {"app": name}
    template = {"metadata": {"labels": labels}, "spec": {"containers": CONTAINERS, **pod}}
    spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": "shop"}, "spec": spec}


def budget(name: str, app: str, **spec) -> dict:
    spec["selector"] = {"matchLabels": {"app": app}}
    return {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": name, "namespace": "shop"}, "spec": spec}


WEBHOOK = {
    "apiVersion": "admissionregistration.k8s.io/v1",
    "kind": "ValidatingWebhookConfiguration",
    "metadata": {"name": "policy"},
    "webhooks": [
        {
            "name": "check.example.com",
            "clientConfig": {"service": {"namespace": "shop", "name": "hook"}},
            # Of a kind that nobody makes here: it must not stop the test's own objects.
            "rules": [{"apiGroups": ["example.com"], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["things"]}],
            "sideEffects": "None",
            "admissionReviewVersions": ["v1"],
        }
    ],
}
OBJECTS = [
    {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}},
    {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default", "namespace": "shop"}},
    node("general-1", "general", "v1.36.3"),
    node("general-2", "general", "v1.36.3"),
    node("data-1", "data", "v1.33.1"),
    deployment("web", 3),
    deployment("cart", 1, volumes=[{"name": "tmp", "emptyDir": {}}]),
    deployment("free", 2),
    budget("web", "web", maxUnavailable=0),
    budget("cart", "cart", minAvailable=1),
    budget("free", "free", maxUnavailable=1),
    {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "bare", "namespace": "shop", "labels": {"app": "bare"}},
        "spec": {"containers": CONTAINERS, "nodeName": "general-1"},
    },
    WEBHOOK,
]
CIDR = {"apiVersion": OLD, "kind": "ServiceCIDR", "metadata": {"name": "more"}, "spec": {"cidrs": ["10.200.0.0/24"]}}


@pytest.fixture(scope="module")
def plane(tmp_path_factory):
    """A control plane that also serves an API that its next minor removes."""
    plane = ControlPlane(tmp_path_factory.mktemp("upgrade"), "upgrade", api_versions=[f"{OLD}=true"])
    try:
        plane.start()
        # The namespace's own account may be made by its controller at the same time.
        plane.kubectl("apply", "--server-side", "--force-conflicts", "-f", "-", stdin=yaml.safe_dump_all(OBJECTS))
        plane.kubectl("apply", "--server-side", "--field-manager=helm", "-f", "-", stdin=yaml.safe_dump(CIDR))
        settle(plane)
        yield plane
    finally:
        plane.stop()


def settle(plane: ControlPlane) -> None:
    """Until all pods run and the controller of budgets has counted them."""
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        pods = plane.get("pods", "-n", "shop")["items"]
        counted = {item["metadata"]["name"]: item.get("status", {}).get("currentHealthy") for item in plane.get("pdb", "-n", "shop")["items"]}
        if len(pods) == 7 and counted == {"web": 3, "cart": 1, "free": 2}:
            return
        time.sleep(1)
    raise AssertionError(f"{counted}: {[(pod['metadata']['name'], pod['status'].get('phase')) for pod in pods]}")


@pytest.fixture(scope="module")
def found(plane):
    """One plan, and what the API server was asked for it."""
    lines = len(plane.audit_log.read_text(encoding="utf-8").splitlines())
    result = planned(plane)
    result["mutating"] = plane.mutating(lines)
    return result


def planned(plane: ControlPlane, **options) -> dict:
    connection = load(str(plane.kubeconfig))
    client = Client(connection, "test")
    try:
        return Planner({**OPTIONS, **options}, ClusterReader(client), None, connection.ca_sha256, datetime.date(2026, 11, 21)).make()
    finally:
        client.close()


def test_it_goes_to_the_next_minor_and_writes_nothing(found):
    assert (found["from"], found["to"]) == ("1.36", "1.37")
    assert found["control_plane"]["kubectl_skew"] == {"version": "1.36.3", "now": 0, "after": -1, "supported": True}
    assert found["mutating"] == []


def test_budgets_that_let_no_pod_go_are_named_with_their_pods(found):
    rows = {row["name"]: row for row in found["blocking_budgets"]}
    assert set(rows) == {"web", "cart"}, "free lets one go"
    assert (rows["web"]["reason"], rows["web"]["allowed"], rows["web"]["covered"]) == ("maxUnavailable is 0", 0, 3)
    assert (rows["cart"]["reason"], rows["cart"]["never"]) == ("minAvailable is 1 of 1 pods", True)
    assert all(name.startswith("web-") for name in rows["web"]["pods"])
    assert sum("PodDisruptionBudget shop/" in problem for problem in found["problems"]) == 2


def test_nodes_stand_by_pool_with_their_skew(found):
    assert [(row["name"], row["pool"], row["version"], row["skew"], row["ready"]) for row in found["nodes"]] == [
        ("data-1", "data", "1.33.1", 3, True),
        ("general-1", "general", "1.36.3", 0, True),
        ("general-2", "general", "1.36.3", 0, True),
    ]
    assert any(problem.startswith("pool data: after the upgrade kubelet 1.33 is 4 minors older") for problem in found["problems"])
    assert [(one["kind"], one["name"]) for one in found["steps"][0]["order"]] == [("control_plane", ""), ("node_pool", "data"), ("node_pool", "general")]


def test_what_a_drain_loses(found):
    assert [row["name"] for row in found["unmanaged_pods"]] == ["bare"]
    assert [row["name"].rsplit("-", 2)[0] for row in found["emptydir_pods"]] == ["cart"]


def test_a_webhook_that_nobody_answers_is_a_warning(found):
    assert [(row["webhook"], row["service"], row["pods"]) for row in found["webhooks"]] == [("check.example.com", "shop/hook", False)]
    assert any("webhook check.example.com has failurePolicy Fail" in warning for warning in found["warnings"])


def test_an_object_written_through_an_api_that_goes_is_found_twice(found):
    uses = {row["name"]: row for row in found["removed_apis"]}
    assert set(uses) == {"", "more"}
    assert uses["more"] == {
        "api": OLD, "kind": "ServiceCIDR", "namespace": "", "name": "more", "removed_in": "1.37", "replacement": "networking.k8s.io/v1",
        "seen_by": ["managed_fields"], "by": ["helm"],
    }  # fmt: skip
    assert (uses[""]["kind"], uses[""]["seen_by"]) == ("ServiceCIDR", ["metric"])


def test_our_own_reading_asks_for_no_api_that_goes(plane, found):
    metrics = plane.kubectl("get", "--raw", "/metrics")
    asked = [line for line in metrics.splitlines() if line.startswith("apiserver_requested_deprecated_apis{") and 'removed_release="1.37"' in line]
    assert [('resource="servicecidrs"' in line) for line in asked] == [True], "the one that the fixture wrote through"


def test_known_traces_can_be_accepted(plane):
    result = planned(plane, accept_removed=[OLD])
    assert result["removed_apis"] == []
    assert any(warning.startswith(f"{OLD} ServiceCIDR") and "accepted by accept_removed" in warning for warning in result["warnings"])


@pytest.mark.parametrize(("to", "problem"), [("1.38", "to is 1.38, which skips 1.37"), ("1.35", "to is 1.35, lower than the 1.36 that runs")])
def test_a_minor_is_not_skipped_and_nothing_goes_down(plane, to, problem):
    assert planned(plane, to=to)["problems"][0].startswith(problem)


def test_who_may_not_look_is_told_what_was_not_looked_at(plane):
    plane.kubectl("create", "serviceaccount", "blind", "-n", "shop")
    token = plane.kubectl("create", "token", "blind", "-n", "shop").strip()
    config = yaml.safe_load(plane.kubeconfig.read_text(encoding="utf-8"))
    user = config["users"][0]["user"]
    user.clear()
    user["token"] = token
    blind = plane.directory / "blind"
    blind.write_text(yaml.safe_dump(config), encoding="utf-8")
    connection = load(str(blind))
    client = Client(connection, "test")
    result = Planner(OPTIONS, ClusterReader(client), None, connection.ca_sha256, datetime.date(2026, 11, 21)).make()
    client.close()
    for what in ("nodes", "PodDisruptionBudgets", "pods"):
        assert any(problem.startswith(f"{what} cannot be read (") and problem.endswith("; allow get and list") for problem in result["problems"])
    for what in ("the API server's metrics", "ServiceCIDR", "PersistentVolumes"):
        assert any(warning.startswith(f"{what} cannot be read (") and warning.endswith(": not looked at") for warning in result["warnings"])


@pytest.mark.parametrize("check", [False, True])
def test_the_module_gives_the_same_in_check_mode(plane, found, check):
    result = run_module("eks_upgrade_plan", {"kubeconfig": str(plane.kubeconfig), "kubectl_version": "1.36.3"}, check)
    assert not result["failed"] and not result["changed"], result.get("msg")
    for key in ("from", "to", "blocking_budgets", "problems", "steps", "removed_apis"):
        assert result[key] == found[key], key


def test_half_of_what_names_an_eks_cluster_is_refused(plane):
    result = run_module("eks_upgrade_plan", {"kubeconfig": str(plane.kubeconfig), "cluster_name": "one"})
    assert result["failed"] and "cluster_name and region belong together" in result["msg"]


def test_it_can_be_shown(found):
    text = "\n".join(upgrade_plan_lines({**json.loads(json.dumps(found)), "cluster": ""}))
    assert text.startswith("Upgrade from Kubernetes 1.36 to 1.37\nIt would be refused: 4 problems.")
    assert "shop/cart" in text and "node pool general" in text

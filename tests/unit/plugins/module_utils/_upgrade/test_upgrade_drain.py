# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drain would meet: budgets, pods, webhooks."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._upgrade import budgets
from ansible_collections.llmops.platform.plugins.module_utils._upgrade import pods
from ansible_collections.llmops.platform.plugins.module_utils._upgrade import webhooks

WEB = {"matchLabels": {"app": "web"}}


def budget(spec: dict, name: str = "web", **status) -> budgets.Budget:
    seen = {"observedGeneration": 1, "expectedPods": 2, "currentHealthy": 2, "desiredHealthy": 1, **status}
    item = {"metadata": {"namespace": "shop", "name": name, "generation": 1}, "spec": {"selector": WEB, **spec}, "status": seen}
    return budgets.Budget.of(item)


def failed(message: str) -> dict:
    return {"conditions": [{"type": "DisruptionAllowed", "status": "False", "reason": "SyncFailed", "message": message}]}


# Spec, status, pods on nodes: None where it lets go, else (never, reason).
BUDGETS = [
    ({"minAvailable": 1}, {"disruptionsAllowed": 1}, 2, None),
    ({"minAvailable": 2}, {"disruptionsAllowed": 0}, 2, (True, "minAvailable is 2 of 2 pods")),
    ({"minAvailable": "100%"}, {"disruptionsAllowed": 0}, 2, (True, "minAvailable is 100% of 2 pods")),
    ({"minAvailable": "51%"}, {"disruptionsAllowed": 0}, 2, (True, "minAvailable is 51% of 2 pods")),
    ({"minAvailable": "50%"}, {"disruptionsAllowed": 1}, 2, None),
    ({}, {"disruptionsAllowed": 0, "expectedPods": 1}, 1, (True, "minAvailable is 1 of 1 pods")),
    ({"maxUnavailable": 0}, {"disruptionsAllowed": 0}, 2, (True, "maxUnavailable is 0")),
    ({"maxUnavailable": "0%"}, {"disruptionsAllowed": 0}, 2, (True, "maxUnavailable is 0%")),
    ({"maxUnavailable": "1%"}, {"disruptionsAllowed": 1}, 2, None),
    # More pods than replicas for a moment: it would let one go now, and none later.
    ({"minAvailable": 2}, {"disruptionsAllowed": 1}, 3, (True, "minAvailable is 2 of 2 pods")),
    ({"minAvailable": 1}, {"disruptionsAllowed": 0, "currentHealthy": 1}, 2, (False, "1 healthy pods, 1 are needed")),
    ({"minAvailable": 1}, {"disruptionsAllowed": 1, "observedGeneration": 0}, 2, (False, "its controller has not looked at it yet")),
    ({"maxUnavailable": 1}, {"disruptionsAllowed": 0, **failed("no scale")}, 2, (True, "no scale")),
    ({"maxUnavailable": 0}, {"disruptionsAllowed": 0}, 0, None),
]


@pytest.mark.parametrize(("spec", "status", "covered", "wanted"), BUDGETS)
def test_budgets_that_let_no_pod_go(spec, status, covered, wanted):
    one = budget(spec, **status)
    for number in range(covered):
        one.cover(f"web-{number}")
    rows = budgets.blocking([one])
    assert [(row["never"], row["reason"]) for row in rows] == ([wanted] if wanted else [])
    for row, problem in zip(rows, budgets.problems(rows), strict=True):
        assert problem.startswith("PodDisruptionBudget shop/web lets no pod go") and row["remedy"] in problem and "web-0" in problem


def test_names_of_pods_are_kept_up_to_a_number():
    one = budget({"maxUnavailable": 0}, expectedPods=50)
    for number in range(50):
        one.cover(f"web-{number}")
    (row,) = budgets.blocking([one])
    assert (len(row["pods"]), row["covered"]) == (budgets.NAMES, 50)
    assert "web-0, web-1, web-2 and 47 more" in budgets.problems([row])[0]


def pod(name: str = "web-1", owner: str = "ReplicaSet", volumes=(), node: str = "node-1", phase: str = "Running", **metadata) -> dict:
    owners = [{"kind": owner, "name": "x", "controller": True}] if owner else []
    body = {"namespace": "shop", "name": name, "labels": {"app": "web"}, "ownerReferences": owners, **metadata}
    return {"metadata": body, "spec": {"nodeName": node, "volumes": list(volumes)}, "status": {"phase": phase}}


LEAVING = [
    (pod(), True),
    (pod(owner=""), True),
    (pod(owner="DaemonSet"), False),
    (pod(owner="Node"), False),
    (pod(annotations={pods.MIRROR: "x"}), False),
    (pod(phase="Succeeded"), False),
    (pod(phase="Failed"), False),
    (pod(phase="Pending"), True),
    (pod(deletionTimestamp="2026-01-01T00:00:00Z"), False),
]


@pytest.mark.parametrize(("one", "is_leaving"), LEAVING)
def test_which_pods_a_drain_evicts(one, is_leaving):
    assert pods.leaves(one) is is_leaving


def claim(name: str) -> dict:
    return {"name": "data", "persistentVolumeClaim": {"claimName": name}}


def test_what_pods_lose():
    local, far = budget({"minAvailable": 1}), budget({"maxUnavailable": 1}, name="all")
    seen = pods.Pods([local, far], {("shop", "here"), ("shop", "cache-0-scratch"), ("other", "there")})
    empty = {"name": "tmp", "emptyDir": {}}
    for one in (
        pod("bare", owner=""),
        pod("pinned", volumes=[claim("here")]),
        pod("free", volumes=[claim("there")]),
        pod("cache-0", volumes=[{"name": "scratch", "ephemeral": {}}, {"name": "scratch", "ephemeral": {"volumeClaimTemplate": {}}}]),
        pod("dirty", volumes=[empty, {"name": "fast", "emptyDir": {"medium": "Memory"}}]),
        pod("nowhere", owner="", node=""),
        pod("logs", owner="DaemonSet", volumes=[empty]),
    ):
        seen.take(one)
    assert [row["name"] for row in seen.unmanaged.rows] == ["bare"]
    assert [(row["name"], row["claims"]) for row in seen.local.rows] == [("pinned", ["here"]), ("cache-0", ["cache-0-scratch"])]
    assert [(row["name"], row["volumes"]) for row in seen.scratch.rows] == [("dirty", ["tmp"])]
    assert local.covered == far.covered == 5
    assert len(seen.problems()) == 5 and "pod shop/bare is of several PodDisruptionBudgets (web, all)" in seen.problems()[0]
    said = "\n".join(seen.warnings())
    for words in ("pod shop/bare on node-1 has no controller", "pod shop/pinned has volumes that are on node node-1 (here)", "1 pods lose what they hold"):
        assert words in said


def test_rows_are_bounded_and_the_others_counted():
    seen = pods.Pods([], set())
    for number in range(pods.NAMES + 50):
        seen.take(pod(f"bare-{number}", owner=""))
    assert (len(seen.unmanaged.rows), seen.unmanaged.left_out) == (pods.NAMES, 50)
    assert seen.warnings()[-1] == "140 more pods without a controller"


VOLUMES = [
    ({"local": {"path": "/d"}, "claimRef": {"namespace": "shop", "name": "data"}}, ("shop", "data")),
    ({"hostPath": {"path": "/d"}, "claimRef": {"namespace": "shop", "name": "data"}}, ("shop", "data")),
    ({"csi": {}, "claimRef": {"namespace": "shop", "name": "data"}}, None),
    ({"local": {"path": "/d"}}, None),
]


@pytest.mark.parametrize(("spec", "wanted"), VOLUMES)
def test_volumes_of_one_node(spec, wanted):
    assert pods.local_claim({"spec": spec}) == wanted


def hook(resources=("pods",), groups=("",), **more) -> dict:
    service = {"clientConfig": {"service": {"namespace": "policy", "name": "hook"}}}
    return {"name": "check", **service, "rules": [{"apiGroups": list(groups), "resources": list(resources)}], **more}


HOOKS = [
    (hook(), [True]),
    (hook(failurePolicy="Fail"), [True]),
    (hook(failurePolicy="Ignore"), []),
    (hook(["*"], ["*"]), [True]),
    (hook(["deployments"], ["apps"]), [False]),
    (hook(["pods"], ["metrics.k8s.io"]), [False]),
    (hook(clientConfig={"url": "https://example.com"}), []),
]


@pytest.mark.parametrize(("one", "asked"), HOOKS)
def test_webhooks_that_refuse_when_nobody_answers(one, asked):
    rows = webhooks.strict({"kind": "ValidatingWebhookConfiguration", "metadata": {"name": "policy"}, "webhooks": [one]})
    assert [row["pods"] for row in rows] == asked
    for row in rows:
        assert "webhook check has failurePolicy Fail and its Service policy/hook no ready endpoint" in webhooks.warning(row)


def test_endpoints_that_say_nothing_are_ready():
    slices = [{"endpoints": [{"conditions": {"ready": False}}, {"conditions": {}}, {"conditions": {"ready": True}}]}, {"endpoints": None}]
    assert webhooks.ready_endpoints(slices) == 2

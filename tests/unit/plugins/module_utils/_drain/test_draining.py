# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole task against a scripted API server: what is asked for, in which order, and what is put back."""

from __future__ import annotations

import copy
import threading

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._drain import draining
from ansible_collections.llmops.platform.plugins.module_utils._drain import evicting
from ansible_collections.llmops.platform.plugins.module_utils._drain.cordons import ANNOTATION
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import ApiError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError

DEFAULTS = {
    "nodes": [],
    "selector": "",
    "state": "drained",
    # On a busy machine as well; what is to be late says so.
    "timeout": 60.0,
    "grace_period": -1,
    "parallel": 1,
    "unmanaged_pods": [],
    "delete_empty_dir": False,
    "uncordon_on_failure": True,
    "release_foreign": False,
    "owner": "test",
}


class Server:
    """Nodes and pods by name; `answers` of an eviction are given in turn, by pod."""

    def __init__(self, **pods):
        self.nodes = {}
        self.pods = {}
        for node, names in pods.items():
            self.nodes[node] = {"metadata": {"name": node, "resourceVersion": "1"}, "spec": {}}
            for name in names:
                owner = {"kind": "ReplicaSet", "name": "web", "controller": True}
                metadata = {"name": name, "namespace": "shop", "uid": f"uid-{name}", "labels": {"app": "web"}, "ownerReferences": [owner]}
                status = {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}
                self.pods[name] = {"metadata": metadata, "spec": {"nodeName": node}, "status": status}
        self.budgets, self.answers, self.requests, self.races, self.cause = [], {}, [], 0, ""
        self.lock = threading.Lock()

    def find(self, path):
        return copy.deepcopy(self.nodes.get(path.rpartition("/")[2]))

    def pages(self, path, **query):
        if path == "/api/v1/nodes":
            found = list(self.nodes.values())
        elif path == evicting.BUDGETS:
            found = self.budgets
        else:
            found = [pod for pod in self.pods.values() if query["fieldSelector"] == f"spec.nodeName={pod['spec']['nodeName']}"]
        yield copy.deepcopy(found), 0

    def request(self, method, path, query=None, body=None, content_type="", final=()):
        with self.lock:
            return self._patch(path, body) if method == "PATCH" else self._evict(body, final)

    def _patch(self, path, body):
        node = self.nodes[path.rpartition("/")[2]]
        if self.races:
            self.races -= 1
            node["metadata"]["resourceVersion"] += "1"
        if body["metadata"]["resourceVersion"] != node["metadata"]["resourceVersion"]:
            raise ApiError(409, "Conflict", "the object has been modified")
        self.requests.append(f"{'cordon' if body['spec']['unschedulable'] else 'uncordon'} {node['metadata']['name']}")
        node["spec"]["unschedulable"] = body["spec"]["unschedulable"]
        node["metadata"].setdefault("annotations", {})[ANNOTATION] = body["metadata"]["annotations"][ANNOTATION] or ""
        return {}

    def _evict(self, body, final):
        assert {409, 429, 500} <= set(final), "the client would try these again by itself"
        name = body["metadata"]["name"]
        assert body["deleteOptions"]["preconditions"] == {"uid": f"uid-{name}"}
        self.requests.append(f"evict {name}")
        answers = self.answers.get(name) or [201]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if answer == 201:
            del self.pods[name]
        elif answer == "stops":
            self.pods[name]["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
        else:
            causes = {"causes": [{"reason": self.cause}]} if self.cause else None
            raise ApiError(answer, "TooManyRequests", f"answered {answer}", causes)
        return {}

    def budget(self, healthy, desired, expected):
        status = {"currentHealthy": healthy, "desiredHealthy": desired, "expectedPods": expected, "disruptionsAllowed": 0, "observedGeneration": 1}
        metadata = {"name": "web", "namespace": "shop", "generation": 1}
        self.budgets = [{"metadata": metadata, "spec": {"selector": {"matchLabels": {"app": "web"}}}, "status": status}]


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(evicting, "PAUSE", 0.01)
    monkeypatch.setattr(evicting, "PROGRESS_EVERY", 0.0)


def run(server, check=False, **options):
    said = []
    result = draining.Drain(server, {**DEFAULTS, **options}, said.append).run(check)
    return {**result, "said": said}


def test_all_are_cordoned_before_one_is_emptied():
    server = Server(a=["a1", "a2"], b=["b1"])
    result = run(server, nodes=["b", "a"])
    assert server.requests == ["cordon a", "cordon b", "evict a1", "evict a2", "evict b1"]
    assert result["changed"] and result["evicted"] == 3 and not server.pods
    assert result["nodes"]["a"]["evicted"] == ["shop/a1", "shop/a2"] and result["nodes"]["a"]["cordoned_by"] == "test"
    again = run(server, nodes=["a", "b"])
    assert not again["changed"] and again["plan"] == []


def test_parallel_nodes():
    server = Server(**{name: [f"{name}{number}" for number in range(3)] for name in "abcd"})
    assert run(server, selector="pool=x", parallel=4)["evicted"] == 12
    assert server.requests[:4] == [f"cordon {name}" for name in "abcd"]


def test_check_mode_says_what_would_go():
    server = Server(a=["a1"], b=[])
    result = run(server, check=True, nodes=["a", "b"])
    assert server.requests == [] and result["changed"]
    assert result["nodes"]["a"]["evicted"] == ["shop/a1"] and result["nodes"]["b"]["after"] == "cordoned"
    assert result["plan"][0] == {"action": "update", "what": "Node a", "fields": ["schedulable → cordoned", "evict shop/a1"], "note": ""}


@pytest.mark.parametrize("check", [True, False])
def test_a_budget_that_never_allows_one_changes_nothing(check):
    server = Server(a=["a1"])
    server.budget(1, 1, 1)
    with pytest.raises(draining.DrainError, match="nothing was changed") as caught:
        run(server, check=check, nodes=["a"])
    assert "shop/a1" in str(caught.value) and "PodDisruptionBudget shop/web" in str(caught.value)
    assert server.requests == [] and not caught.value.result["changed"]
    assert caught.value.result["blocked"][0]["budget"] == "shop/web"


def test_a_budget_that_allows_one_later_is_waited_for():
    server = Server(a=["a1"])
    server.budget(2, 2, 3)
    server.answers = {"a1": [429, 429, 201]}
    result = run(server, nodes=["a"])
    assert server.requests.count("evict a1") == 3 and result["nodes"]["a"]["evicted"] == ["shop/a1"]
    assert any("held: shop/a1 (PodDisruptionBudget shop/web" in line for line in result["said"])


@pytest.mark.parametrize(("answer", "words"), [(429, "held: shop/a1 (PodDisruptionBudget shop/web"), ("stops", "still stopping: shop/a1")])
def test_what_is_late_is_named_and_the_nodes_take_pods_again(answer, words):
    server = Server(a=["a1"], b=["b1"])
    server.budget(2, 2, 3)
    server.answers = {"a1": [answer]}
    with pytest.raises(draining.DrainError) as caught:
        run(server, nodes=["a", "b"], timeout=0.3)
    assert words in str(caught.value) and "uncordoned again: a, b" in str(caught.value)
    assert {node["spec"]["unschedulable"] for node in server.nodes.values()} == {None}
    # The second was not begun.
    assert "evict b1" not in server.requests
    assert caught.value.result["nodes"]["a"]["after"] == "schedulable"


def test_nodes_may_stay_cordoned():
    server = Server(a=["a1"])
    server.answers = {"a1": ["stops"]}
    with pytest.raises(draining.DrainError, match="stay cordoned"):
        run(server, nodes=["a"], uncordon_on_failure=False, timeout=0.3)
    assert server.nodes["a"]["spec"]["unschedulable"] is True


def test_a_foreign_cordon_stays_theirs():
    server = Server(a=["a1"], b=[])
    server.nodes["a"]["spec"]["unschedulable"] = True
    server.answers = {"a1": ["stops"]}
    with pytest.raises(draining.DrainError, match="uncordoned again: b"):
        run(server, nodes=["a", "b"], timeout=0.3)
    assert server.nodes["a"]["spec"]["unschedulable"] is True
    assert not run(server, nodes=["a"], state="schedulable")["changed"]
    assert run(server, nodes=["a"], state="schedulable", release_foreign=True)["changed"]
    assert not server.nodes["a"]["spec"]["unschedulable"]


def test_what_a_dead_run_cordoned_is_finished_or_released():
    server = Server(a=["a1"])
    run(server, nodes=["a"], state="cordoned", owner="dead")
    assert run(server, nodes=["a"])["evicted"] == 1
    result = run(server, nodes=["a"], state="schedulable")
    assert result["changed"] and result["nodes"]["a"]["after"] == "schedulable"
    assert not run(server, nodes=["a"], state="schedulable")["changed"]


def test_a_lost_race_for_a_node_is_tried_again():
    server = Server(a=[])
    server.races = 2
    assert run(server, nodes=["a"], state="cordoned")["changed"]
    server.races = 99
    with pytest.raises(KubernetesError, match="changes faster"):
        run(server, nodes=["a"], state="schedulable")


def test_a_pod_that_is_gone_or_another_one_is_no_failure():
    server = Server(a=["a1"])
    server.answers = {"a1": [404, 409, 201]}
    assert run(server, nodes=["a"])["evicted"] == 1


def test_a_refusal_for_another_reason_is_said():
    server = Server(a=["a1"])
    server.answers = {"a1": [403]}
    with pytest.raises(draining.DrainError, match=r"shop/a1 was refused: answered 403"):
        run(server, nodes=["a"])
    assert not server.nodes["a"]["spec"]["unschedulable"]


def test_a_namespace_that_is_being_deleted_takes_its_pods_along():
    server = Server(a=["a1"])
    server.cause, server.answers = "NamespaceTerminating", {"a1": [403, 403, 201]}
    result = run(server, nodes=["a"])
    assert result["evicted"] == 1 and any("its namespace is being deleted" in line for line in result["said"])


@pytest.mark.parametrize("options", [{}, {"nodes": ["a"], "selector": "x=y"}])
def test_nodes_are_chosen_in_one_way(options):
    with pytest.raises(KubernetesError, match="either 'nodes' or 'selector'"):
        run(Server(a=[]), **options)


def test_an_unknown_node_is_named():
    with pytest.raises(KubernetesError, match="no node ghost"):
        run(Server(a=[]), nodes=["a", "ghost"])

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a cluster is as healthy as before."""

from __future__ import annotations

import json

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._drain import health
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import ApiError

READY = [{"type": "Ready", "status": "True"}]


def node(name, ready=True, version="v1.36.2-eks-1", **spec):
    return {"metadata": {"name": name}, "spec": spec, "status": {"conditions": READY if ready else [], "nodeInfo": {"kubeletVersion": version}}}


def deployment(name, replicas, ready):
    return {"metadata": {"name": name, "namespace": "shop"}, "spec": {"replicas": replicas}, "status": {"readyReplicas": ready}}


class Server:
    def __init__(self):
        self.nodes, self.deployments, self.daemons = [node("a"), node("b")], [deployment("web", 3, 3)], []
        self.version, self.record, self.looks, self.heals = "v1.36.2", None, 0, 0

    def get(self, path):
        self.looks += 1
        if self.heals and self.looks >= self.heals:
            self.deployments = [deployment("web", 3, 3)]
        if self.version == "down":
            raise ApiError(503, "ServiceUnavailable", "starting")
        return {"gitVersion": self.version}

    def pages(self, path, **query):
        yield {"/api/v1/nodes": self.nodes, "/apis/apps/v1/deployments": self.deployments, "/apis/apps/v1/daemonsets": self.daemons}.get(path, []), 0

    def find(self, path):
        return self.record

    def apply(self, path, body, manager, force=False):
        self.record = {**body, "metadata": {**body["metadata"], "uid": "u"}}

    def delete(self, path, uid, propagation):
        self.record = None


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(health, "POLL", 0.01)


def run(server, check=False, **options):
    defaults = {"state": "checked", "operation": "", "namespace": "kube-system", "selector": "", "least_nodes": 0, "nodes_version": "", "server_version": ""}
    return health.Health(server, {**defaults, "timeout": 0.2, **options}, lambda _line: None).run(check)


def test_a_workload_that_was_short_before_may_be_so_after():
    server = Server()
    server.deployments = [deployment("web", 3, 2)]
    assert run(server, state="remembered", operation="x")["changed"]
    assert run(server, operation="x")["problems"] == []
    server.deployments = [deployment("web", 3, 1)]
    with pytest.raises(health.Unhealthy, match="Deployment shop/web is short of 2 pods, 1 before"):
        run(server, operation="x")


def test_the_first_record_of_an_operation_counts():
    """The run after a killed one finds the cluster in the middle, and must not take that for normal."""
    server = Server()
    run(server, state="remembered", operation="x")
    server.deployments = [deployment("web", 3, 0)]
    again = run(server, state="remembered", operation="x")
    assert not again["changed"] and again["workloads"] == {"Deployment shop/web": 0}
    with pytest.raises(health.Unhealthy):
        run(server, operation="x")
    assert run(server, state="remembered", operation="another")["changed"]
    assert json.loads(server.record["data"]["workloads"]) == {"Deployment shop/web": 3}
    assert run(server, check=True, state="forgotten")["changed"] and server.record
    assert run(server, state="forgotten")["changed"] and not run(server, state="forgotten")["changed"]


def test_it_waits_until_all_is_well():
    server = Server()
    run(server, state="remembered", operation="x")
    server.deployments, server.looks, server.heals = [deployment("web", 3, 1)], 0, 4
    assert run(server, operation="x", timeout=60)["problems"] == [] and server.looks >= 4


def test_an_api_server_that_is_being_replaced_is_waited_for():
    server = Server()
    server.version = "down"
    with pytest.raises(health.Unhealthy, match="answers 503"):
        run(server)
    server.version = "v1.35.9"
    with pytest.raises(health.Unhealthy, match=r"runs v1\.35\.9, not 1\.36"):
        run(server, server_version="1.36")
    assert run(server, server_version="1.35")["server_version"] == "v1.35.9"


@pytest.mark.parametrize(
    ("nodes", "least", "version", "problems"),
    [
        ([node("a")], 1, "1.36", []),
        ([node("a", ready=False)], 0, "", ["node a is not Ready"]),
        ([node("a", ready=False, unschedulable=True)], 0, "", []),
        ([node("a", version="v1.35.3")], 0, "1.36", ["node a runs v1.35.3, not 1.36"]),
        ([node("a", version="")], 0, "1.36", ["node a runs an unknown version, not 1.36"]),
        ([node("a"), node("b", unschedulable=True)], 2, "", ["1 nodes are ready, 2 are wanted"]),
        ([], 1, "", ["0 nodes are ready, 1 are wanted"]),
    ],
)
def test_nodes(nodes, least, version, problems):
    assert health.node_problems(nodes, least, version) == problems


def test_check_mode_looks_once_and_does_not_fail():
    server = Server()
    server.nodes = [node("a", ready=False)]
    assert run(server, check=True)["problems"] == ["node a is not Ready"]
    assert run(server, check=True, state="remembered", operation="x")["changed"] and server.record is None


def test_pods_of_a_daemon_set():
    assert health.missing("DaemonSet", {"status": {"desiredNumberScheduled": 3, "numberReady": 1}}) == 2
    assert health.missing("Deployment", {"spec": {}, "status": {}}) == 1
    assert health.missing("Deployment", {"spec": {"replicas": 0}, "status": {}}) == 0

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The processes of the local environment, seen by the operating system."""

from __future__ import annotations

import json
import urllib.request

import psutil
import pytest

HOSTS = (
    "llm_marketplace_local_primary",
    "connector_hub_local_primary",
    "copilot_agent_local_primary",
    "workflow_platform_local_primary",
    "cloudtolocalllm_local_primary",
)
COMPONENTS = {"etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok-controller"}


def running(text):
    return [process for process in psutil.process_iter(["cmdline"]) if any(text in part for part in process.info["cmdline"] or ())]


@pytest.mark.parametrize("name", HOSTS)
def test_each_deployment_has_its_own_control_plane(directory, name):
    programs = [process.info["cmdline"][0].rsplit("/", 1)[-1] for process in running(f"{directory}/kwok/clusters/{name}/")]
    assert sorted(programs) == sorted(COMPONENTS)


def test_everything_listens_on_loopback_only(directory):
    moto = json.loads((directory / "state" / "processes" / "moto.json").read_text())
    processes = [*running(f"{directory}/kwok/clusters/"), psutil.Process(moto["pid"])]
    addresses = [c.laddr for process in processes for c in process.net_connections() if c.status == psutil.CONN_LISTEN]
    assert len(addresses) >= 5 * len(HOSTS) + 1
    assert {address.ip for address in addresses} == {"127.0.0.1"}


@pytest.mark.parametrize("name", HOSTS)
def test_credentials_are_for_the_owner_alone(host, directory, name):
    for path in (f"kubeconfigs/{name}.yml", f"kwok/clusters/{name}/pki/admin.key", f"kwok/clusters/{name}/pki/ca.key"):
        assert host.file(str(directory / path)).mode == 0o600


def test_the_fake_of_aws_answers(directory):
    moto = json.loads((directory / "state" / "processes" / "moto.json").read_text())
    with urllib.request.urlopen(f"http://127.0.0.1:{moto['ports']['http']}/fake-cloudformation/ready", timeout=10) as response:
        assert response.status == 200


NODES = [
    ("llm_marketplace_local_primary", {"general": 3, "compute": 3, "memory": 3}),
    ("connector_hub_local_primary", {"general": 3}),
    ("copilot_agent_local_primary", {"general-nodes": 5}),
    ("workflow_platform_local_primary", {"application-pool": 3, "data-pool": 3, "infrastructure-pool": 3}),
    ("cloudtolocalllm_local_primary", {"general": 3}),
]


@pytest.mark.parametrize(("name", "pools"), NODES)
def test_nodes_are_ready_and_each_pool_is_in_three_zones(objects, name, pools):
    nodes = objects(name, "nodes").values()
    zones = {pool: [] for pool in pools}
    for node in nodes:
        assert next(c["status"] for c in node["status"]["conditions"] if c["type"] == "Ready") == "True"
        zones[node["metadata"]["labels"]["llmops.platform/node-pool"]].append(node["metadata"]["labels"]["topology.kubernetes.io/zone"])
    assert {pool: len(found) for pool, found in zones.items()} == pools
    assert {len(set(found)) for found in zones.values()} == {3}


def test_zones_of_the_copilot_hold_two_two_and_one_node(objects):
    zones = [node["metadata"]["labels"]["topology.kubernetes.io/zone"][-1] for node in objects("copilot_agent_local_primary", "nodes").values()]
    assert {zone: zones.count(zone) for zone in "abc"} == {"a": 2, "b": 2, "c": 1}


@pytest.mark.parametrize(
    ("pool", "taints", "cpu"),
    [("application-pool", None, "4"), ("data-pool", ["data"], "4"), ("infrastructure-pool", ["infrastructure"], "2")],
)
def test_pools_of_the_workflow_platform_have_their_taints_and_sizes(objects, pool, taints, cpu):
    nodes = objects("workflow_platform_local_primary", "nodes").values()
    for node in (node for node in nodes if node["metadata"]["labels"]["llmops.platform/node-pool"] == pool):
        found = node["spec"].get("taints")
        assert (found and [taint["value"] for taint in found]) == taints
        assert node["status"]["allocatable"]["cpu"] == cpu

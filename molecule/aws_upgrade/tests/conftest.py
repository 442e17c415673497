# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster at the fake EKS with two pools, its nodes on the real API server of a deployment, and workloads under budgets."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support import upgrades
from tests.support.stack_graphs import REGION
from tests.support.stacks import Direct

HOST = "connector_hub_local_primary"
OLD, NEW = {"compute": "aaaaaa", "general": "aaaaaa"}, {"compute": "bbbbbb", "general": "bbbbbb"}
SIZES = {"compute": 1, "general": 2}


@pytest.fixture(scope="module")
def api():
    found = upgrades.Api(Path(os.environ["LOCAL_PLATFORM_DIRECTORY"]) / "kubeconfigs" / f"{HOST}.yml")
    found.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": upgrades.NAMESPACE, "labels": {"upgrading": "test"}}})
    yield found
    found.kubectl("delete", "namespace", upgrades.NAMESPACE, "--wait=false")
    names = list(found.nodes())
    if names:
        found.kubectl("delete", "node", *names, "--ignore-not-found")


@pytest.fixture
def cluster(fake, api, tmp_path):
    """At 1.35 with its nodes joined and `shop` on them: four pods of which three must be ready. `cluster.graphs` by minor."""
    fake.reset()
    ec2 = fake.client("ec2", REGION)
    vpc = ec2.create_vpc(CidrBlock="10.40.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.40.{number * 16}.0/20", AvailabilityZone=f"{REGION}{zone}")["Subnet"]["SubnetId"]
        for number, zone in enumerate("ab")
    ]
    found = upgrades.Upgrades(tmp_path, fake, api)
    found.graphs = {minor: upgrades.graph(minor, NEW, subnets, SIZES) for minor in ("1.34", "1.36", "1.37", "1.38")}
    found.graphs["1.35"] = upgrades.graph("1.35", OLD, subnets, SIZES)
    found.subnets = subnets
    made = Direct(tmp_path, fake.environment).run(found.graphs["1.35"])
    assert not made["failed"], made["msg"]
    with upgrades.Nodes(fake, api) as nodes:
        nodes.follow()
        api.kubectl("wait", "--for=condition=Ready", "node", "-l", upgrades.OURS_LABEL, "--timeout=60s")
        api.apply(upgrades.deployment("shop", 4), upgrades.budget("shop", 3))
        api.wait("shop is not ready", lambda: api.ready("shop") == 4)
        fake.proxy.calls.clear()
        yield found
        for name in api.get("pods", "-n", upgrades.NAMESPACE):
            if name["metadata"].get("finalizers"):
                api.kubectl("patch", "pod", name["metadata"]["name"], "-n", upgrades.NAMESPACE, "--type=merge", "-p", '{"metadata":{"finalizers":null}}')
        api.kubectl("delete", "deployments,pdb,pods", "--all", "-n", upgrades.NAMESPACE, "--grace-period=0", "--force", "--wait=false")
        api.kubectl("delete", "configmap", "llmops-upgrade", "-n", "kube-system", "--ignore-not-found")
        api.kubectl("uncordon", "-l", upgrades.OURS_LABEL)

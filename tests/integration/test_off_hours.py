# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Off-hours as an operator runs them, at the fake of AWS: a node group of a stack and a database sleep, the stack is left alone meanwhile, both come back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("moto")
pytest.importorskip("cfnlint")

import botocore.session

from ansible_collections.llmops.platform.plugins.module_utils._cost.sleeping import TAG
from tests.support.fake_aws import ROOT
from tests.support.stack_graphs import stack
from tests.support.stack_graphs import template
from tests.support.stack_runs import stack_run

HOST, CLUSTER, GROUP, STACK = "shop_dev", "shop", "shop-dev-general", "shop-dev-nodes-general"
KEY, ROLE = f"us-east-1/{STACK}", "arn:aws:iam::123456789012:role/nodes"
VARIABLES = {
    "platform_name": "shop",
    "platform_environment": "dev",
    "platform_region": "us-east-1",
    "platform_provider": "aws",
    "platform_components": {"cluster": True, "postgresql": True},
    "cluster_name": CLUSTER,
    "cost_off_hours": {"schedule": "off=(M-F,19);on=(M-F,7);tz=Europe/Berlin"},
    "cost_off_hours_poll_seconds": 0.1,
}


@pytest.fixture
def cloud(aws):
    vpc = client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        client("ec2").create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"]["SubnetId"]
        for number, zone in enumerate("ab")
    ]
    client("eks").create_cluster(name=CLUSTER, roleArn=ROLE, resourcesVpcConfig={"subnetIds": subnets})
    client("rds").create_db_instance(
        DBInstanceIdentifier="shop", DBInstanceClass="db.m5.large", Engine="postgres", AllocatedStorage=20, MasterUsername="u", MasterUserPassword="password",
        Tags=[{"Key": "platform", "Value": "shop"}, {"Key": "environment", "Value": "dev"}],
    )  # fmt: skip
    return subnets


def client(service):
    return botocore.session.Session().create_client(service, region_name="us-east-1")


def graph(subnets, least=2):
    properties = {
        "ClusterName": CLUSTER,
        "NodegroupName": GROUP,
        "NodeRole": ROLE,
        "ScalingConfig": {"MinSize": least, "DesiredSize": 3, "MaxSize": 5},
        "Subnets": subnets,
    }
    return stack(STACK, template({"NodeGroup": {"Type": "AWS::EKS::Nodegroup", "Properties": properties}}))


def bring(tmp_path, stacks, **more):
    return stack_run(tmp_path / "state", stacks, **more)["stacks"][KEY]["action"]


def play(tmp_path, *steps):
    """`[(facts)]` of the role's tasks in one run: (tasks file, state) each."""
    tasks = []
    for file, state in steps:
        tasks.append({"ansible.builtin.include_role": {"name": "llmops.platform.cost", "tasks_from": file}, "vars": {"cost_off_hours_state": state}})
    book, extra = tmp_path / "play.json", tmp_path / "extra.json"
    book.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "connection": "local", "tasks": tasks}]), encoding="utf-8")
    extra.write_text(json.dumps(VARIABLES), encoding="utf-8")
    environment = {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json"}
    command = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", f"{HOST},", str(book), "--extra-vars", f"@{extra}"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    report = json.JSONDecoder().raw_decode(done.stdout[done.stdout.index('{\n    "custom_stats"') :])[0]
    return [task["hosts"][HOST] for task in report["plays"][0]["tasks"]]


def sizes():
    group = client("eks").describe_nodegroup(clusterName=CLUSTER, nodegroupName=GROUP)["nodegroup"]
    database = client("rds").describe_db_instances(DBInstanceIdentifier="shop")["DBInstances"][0]
    scaling = tuple(group["scalingConfig"][key] for key in ("minSize", "desiredSize", "maxSize"))
    return scaling, database["DBInstanceStatus"], TAG in (group.get("tags") or {})


def facts(results, name):
    return next(result["ansible_facts"][name] for result in reversed(results) if name in result.get("ansible_facts", {}))


def test_a_deployment_sleeps_and_wakes(cloud, tmp_path):
    assert bring(tmp_path, graph(cloud)) == "created"
    assert sizes() == ((2, 3, 5), "available", False)

    results = play(tmp_path, ("off_hours", "asleep"), ("off_hours", "asleep"), ("asleep", "scheduled"))
    assert sizes() == ((0, 0, 5), "stopped", True)
    # Twice changes nothing the second time.
    assert [result["changed"] for result in results if "resources" in result] == [True, False, False]
    assert facts(results, "cost_asleep") == [KEY]
    said = [result["msg"] for result in results if isinstance(result.get("msg"), str)]
    assert any(f"{HOST}: shop, {GROUP} sleep by off-hours and are left alone" in text for text in said)

    # What the inventory wants meanwhile waits.
    assert bring(tmp_path, graph(cloud, least=1), asleep=[KEY]) == "asleep"
    assert sizes() == ((0, 0, 5), "stopped", True)

    results = play(tmp_path, ("off_hours", "awake"), ("asleep", "scheduled"))
    assert facts(results, "cost_asleep") == []
    assert sizes() == ((2, 3, 5), "available", False)
    assert bring(tmp_path, graph(cloud, least=1)) == "updated"
    assert sizes()[0][0] == 1

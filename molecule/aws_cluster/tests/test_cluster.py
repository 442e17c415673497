# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster of the copilot's by the roles' own stacks; what stands there is read from the services, not from the run."""

from __future__ import annotations

import json

import pytest

from tests.support.inventories import ROOT
from tests.support.role_stacks import RenderingFailed
from tests.support.role_stacks import graph_of
from tests.support.stacks import OURS

ROLES = ["stacks", "network", "encryption", "identity", "cluster"]
INVENTORY, HOST = ROOT / "inventories" / "dev.yml", "cloudtolocalllm_dev_primary"
NAME, PREFIX = "cloudtolocalllm-eks", "us-east-1/cloudtolocalllm-dev-"
POOL = {"general": {"instance_type": "t3.medium", "capacity_type": "on_demand", "min": 2, "max": 4, "desired": 2, "disk_gib": 40}}


@pytest.fixture(scope="module")
def graph():
    return graph_of(ROLES, INVENTORY, HOST)


def actions(result):
    return {key.removeprefix(PREFIX): row["action"] for key, row in result["stacks"].items()}


def test_the_way_of_a_cluster(fake, playbook, graph):
    first = playbook.run(graph)
    assert not first["failed"], first.get("msg")
    assert set(actions(first).values()) == {"created"}
    eks = fake.client("eks")
    cluster = eks.describe_cluster(name=NAME)["cluster"]
    assert cluster["version"] == "1.36"
    assert cluster["encryptionConfig"][0]["resources"] == ["secrets"]
    on = [name for part in cluster["logging"]["clusterLogging"] if part["enabled"] for name in part["types"]]
    assert sorted(on) == ["api", "audit", "authenticator", "controllerManager", "scheduler"]
    assert cluster["accessConfig"]["authenticationMode"] == "API"
    group = fake.client("logs").describe_log_groups(logGroupNamePrefix=f"/aws/eks/{NAME}")["logGroups"][0]
    assert group["retentionInDays"] == 365 and group["kmsKeyId"]
    entries = eks.list_access_entries(clusterName=NAME)["accessEntries"]
    assert len(entries) == 2 and any("break-glass" in entry for entry in entries) and any("controller" in entry for entry in entries)

    (name,) = eks.list_nodegroups(clusterName=NAME)["nodegroups"]
    nodes = eks.describe_nodegroup(clusterName=NAME, nodegroupName=name)["nodegroup"]
    assert (nodes["version"], nodes["releaseVersion"]) == ("1.36", "1.36.3-20260903")
    assert nodes["scalingConfig"] == {"minSize": 2, "maxSize": 4, "desiredSize": 2}
    template = fake.client("ec2").describe_launch_template_versions(LaunchTemplateId=nodes["launchTemplate"]["id"])["LaunchTemplateVersions"][0]
    data = template["LaunchTemplateData"]
    assert data["MetadataOptions"]["HttpTokens"] == "required"
    assert data["BlockDeviceMappings"][0]["Ebs"] | {"KmsKeyId": "", "DeleteOnTermination": True} == {
        "Encrypted": True, "VolumeSize": 40, "VolumeType": "gp3", "KmsKeyId": "", "DeleteOnTermination": True,
    }  # fmt: skip
    assert {one["ResourceType"] for one in data["TagSpecifications"]} == {"instance", "network-interface", "volume"}
    addons = set(eks.list_addons(clusterName=NAME)["addons"])
    assert {"vpc-cni", "kube-proxy", "coredns", "aws-ebs-csi-driver", "eks-pod-identity-agent", "metrics-server"} == addons
    # This platform's pods take their roles by tokens of the cluster's own issuer.
    issuer = cluster["identity"]["oidc"]["issuer"].removeprefix("https://")
    iam = fake.client("iam")
    (provider,) = [one["Arn"] for one in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"] if one["Arn"].endswith(issuer)]
    trusted = {role["RoleName"]: json.dumps(role["AssumeRolePolicyDocument"]) for role in iam.list_roles()["Roles"]}
    accounts = {text for text in trusted.values() if provider in text}
    for name in ("kube-system:ebs-csi-controller-sa", "cloudtolocalllm:api-backend"):
        assert any(f"system:serviceaccount:{name}" in text for text in accounts), accounts

    fake.proxy.calls.clear()
    second = playbook.run(graph)
    assert not second["failed"] and not second["changed"], second.get("msg")
    assert fake.proxy.mutating(OURS) == [] and fake.proxy.calls


def test_what_an_autoscaler_moved_stays_while_labels_change(fake, playbook, graph):
    assert not playbook.run(graph)["failed"]
    eks = fake.client("eks")
    (name,) = eks.list_nodegroups(clusterName=NAME)["nodegroups"]
    eks.update_nodegroup_config(clusterName=NAME, nodegroupName=name, scalingConfig={"minSize": 2, "maxSize": 4, "desiredSize": 4})
    changed = graph_of(["cluster"], INVENTORY, HOST, cluster_node_pools={"general": {**POOL["general"], "labels": {"workload": "other"}}})
    result = playbook.run({**graph, **changed})
    assert not result["failed"], result.get("msg")
    assert [key for key, action in actions(result).items() if action != "unchanged"] == [f"nodes-general-{name[-6:]}"]
    nodes = eks.describe_nodegroup(clusterName=NAME, nodegroupName=name)["nodegroup"]
    assert nodes["labels"] == {"workload": "other"} and nodes["scalingConfig"]["desiredSize"] == 4


def test_another_instance_type_is_another_group_beside_the_old_one(fake, playbook, graph):
    assert not playbook.run(graph)["failed"]
    changed = graph_of(["cluster"], INVENTORY, HOST, cluster_node_pools={"general": {**POOL["general"], "instance_type": "t3.large"}})
    kept = {key: stack for key, stack in graph.items() if "-nodes-" not in key}
    result = playbook.run({**kept, **changed})
    assert not result["failed"], result.get("msg")
    assert len([key for key, action in actions(result).items() if action == "created"]) == 1
    assert len(fake.client("eks").list_nodegroups(clusterName=NAME)["nodegroups"]) == 2


def test_a_control_plane_is_neither_replaced_nor_deleted(fake, playbook, graph):
    assert not playbook.run(graph)["failed"]
    key = f"{PREFIX}cluster"
    other = {**graph, key: {**graph[key], "parameters": {**graph[key]["parameters"], "Name": {"value": "another"}}}}
    result = playbook.run(other)
    assert result["failed"] and actions(result)["cluster"] == "refused" and "allow.replace" in json.dumps(result)
    assert fake.client("eks").list_clusters()["clusters"] == [NAME]


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"cluster_node_pools": {"general": {**POOL["general"], "instance_type": "t9.large"}}}, "is of no known family"),
        ({"cluster_node_pools": {"general": {**POOL["general"], "instance_type": "m7g.large", "ami_type": "AL2023_x86_64_STANDARD"}}}, "is arm64"),
        ({"cluster_version": "1.33"}, "has no row in cluster_eks_releases"),
        ({"cluster_addons_managed": {"vpc-cni": True, "kube-proxy": True, "coredns": True, "snow": True}}, "cluster_addons_managed.snow is not built"),
        ({"cluster_addons_cni": "calico", "cluster_cni_mode": "replacing"}, "write chained"),
    ],
)
def test_what_is_refused_before_anything_is_made(variables, said):
    with pytest.raises(RenderingFailed, match=said):
        graph_of(["cluster"], INVENTORY, HOST, **variables)

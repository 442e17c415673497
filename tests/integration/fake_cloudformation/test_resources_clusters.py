# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""EKS, really made, with the operations that moto itself does not have."""

from __future__ import annotations

import pytest

pytest.importorskip("moto.server")
pytest.importorskip("boto3")

from fake_cloudformation.contract import ResourceFailed

from tests.support.fake_resources import ACCOUNT
from tests.support.fake_resources import World

TAGS = [{"Key": "Name", "Value": "one"}]
ROLE = f"arn:aws:iam::{ACCOUNT}:role/cluster"
ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"


@pytest.fixture(scope="module")
def world():
    world = World()
    yield world
    world.stop()


@pytest.fixture(scope="module")
def subnets(world):
    vpc = world.make("AWS::EC2::VPC", CidrBlock="10.40.0.0/16").physical_id
    return [
        world.make("AWS::EC2::Subnet", VpcId=vpc, CidrBlock=f"10.40.{number * 16}.0/20", AvailabilityZone=f"us-east-1{zone}").physical_id
        for number, zone in enumerate("ab")
    ]


@pytest.fixture(scope="module")
def cluster(world, subnets):
    return world.make("AWS::EKS::Cluster", Name="demo", RoleArn=ROLE, Version="1.33", ResourcesVpcConfig={"SubnetIds": subnets}).physical_id


def declared(subnets):
    return {
        "Name": "live",
        "RoleArn": ROLE,
        "Version": "1.33",
        "ResourcesVpcConfig": {"SubnetIds": subnets, "EndpointPrivateAccess": True, "EndpointPublicAccess": False},
        "AccessConfig": {"AuthenticationMode": "API"},
        "EncryptionConfig": [{"Resources": ["secrets"], "Provider": {"KeyArn": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"}}],
        "Logging": {"ClusterLogging": {"EnabledTypes": [{"Type": "api"}, {"Type": "audit"}]}},
        "Tags": TAGS,
    }


def test_a_cluster_lives(world, subnets):
    before = declared(subnets)
    after = before | {"Version": "1.34", "Tags": [], "Logging": {"ClusterLogging": {"EnabledTypes": [{"Type": "audit"}]}}}
    after["ResourcesVpcConfig"] = before["ResourcesVpcConfig"] | {"EndpointPublicAccess": True}

    def outside(made):
        config = {"endpointPublicAccess": False}
        world.client("eks").update_cluster_config(name="live", resourcesVpcConfig=config)

    def seen(made):
        found = world.client("eks").describe_cluster(name="live")["cluster"]
        assert found["version"] == "1.33" and found["tags"]["aws:cloudformation:logical-id"] == "Thing"

    attributes = ("Arn", "Endpoint", "CertificateAuthorityData", "OpenIdConnectIssuerUrl", "EncryptionConfigKeyArn")
    world.live("AWS::EKS::Cluster", before, after, outside, seen, "ResourcesVpcConfig", attributes)


def test_each_cluster_has_an_issuer_of_its_own(world, subnets):
    config = {"subnetIds": subnets}
    found = {
        world.client("eks").create_cluster(name=name, version="1.33", roleArn=ROLE, resourcesVpcConfig=config)["cluster"]["identity"]["oidc"]["issuer"]
        for name in ("issuer-one", "issuer-two")
    }
    assert len(found) == 2 and all(issuer.startswith("https://oidc.eks.us-east-1.amazonaws.com/id/") for issuer in found)


@pytest.mark.parametrize("version", ["1.32", "1.36"])
def test_a_cluster_goes_up_one_version_at_a_time(world, subnets, cluster, version):
    before = {"Name": cluster, "RoleArn": ROLE, "Version": "1.33"}
    made = world.make("AWS::EKS::Addon", ClusterName=cluster, AddonName="probe")
    with pytest.raises(ResourceFailed, match="Unsupported Kubernetes minor version update") as refused:
        world.update("AWS::EKS::Cluster", type(made)(cluster), before, before | {"Version": version})
    assert refused.value.code == "InvalidRequest"
    world.delete("AWS::EKS::Addon", made, {"ClusterName": cluster, "AddonName": "probe"})


def test_a_node_group_lives(world, subnets, cluster):
    before = {"ClusterName": cluster, "NodegroupName": "apps", "NodeRole": ROLE, "Subnets": subnets, "InstanceTypes": ["m6i.large"], "Tags": {"a": "1"}}
    before |= {"ScalingConfig": {"MinSize": 1, "MaxSize": 5, "DesiredSize": 2}, "Labels": {"pool": "apps"}, "UpdateConfig": {"MaxUnavailable": 1}}
    after = before | {"Labels": {"pool": "all"}, "ScalingConfig": {"MinSize": 1, "MaxSize": 9, "DesiredSize": 2}, "Tags": {"a": "2"}}

    def outside(made):
        config = {"minSize": 1, "maxSize": 9, "desiredSize": 7}
        world.client("eks").update_nodegroup_config(clusterName=cluster, nodegroupName="apps", scalingConfig=config)

    made = world.live("AWS::EKS::Nodegroup", before, after, outside, None, "ScalingConfig", ("Arn", "Id"))
    assert made.physical_id == f"{cluster}/apps"


def test_nodes_go_up_as_far_as_their_control_plane(world, subnets, cluster):
    before = {"ClusterName": cluster, "NodegroupName": "behind", "NodeRole": ROLE, "Subnets": subnets, "Version": "1.32", "ReleaseVersion": "1.32.9-20260101"}
    made = world.make("AWS::EKS::Nodegroup", **before)
    for wanted, said in (({"Version": "1.34"}, "is not supported"), ({"Version": "1.33"}, "is not valid for kubernetes version 1.33")):
        with pytest.raises(ResourceFailed, match=said):
            world.update("AWS::EKS::Nodegroup", made, before, {**before, **wanted, "ReleaseVersion": "1.32.10-20260201"})
    after = {**before, "Version": "1.33", "ReleaseVersion": "1.33.5-20260101"}
    world.update("AWS::EKS::Nodegroup", made, before, after)
    group = world.client("eks").describe_nodegroup(clusterName=cluster, nodegroupName="behind")["nodegroup"]
    assert (group["version"], group["releaseVersion"]) == ("1.33", "1.33.5-20260101")
    world.delete("AWS::EKS::Nodegroup", made, after)


def test_what_stands_in_a_cluster_lives(world, cluster):
    addon = {"ClusterName": cluster, "AddonName": "vpc-cni", "AddonVersion": "v1.20.0-eksbuild.1", "ResolveConflicts": "OVERWRITE", "Tags": TAGS}
    made = world.live("AWS::EKS::Addon", addon, addon | {"AddonVersion": "v1.20.1-eksbuild.1", "ResolveConflicts": "PRESERVE"}, attributes=("Arn",))
    assert made.physical_id == f"{cluster}|vpc-cni"
    entry = {"ClusterName": cluster, "PrincipalArn": ROLE, "Type": "STANDARD", "Tags": TAGS}
    entry["AccessPolicies"] = [{"PolicyArn": ADMIN, "AccessScope": {"Type": "cluster"}}]
    after = entry | {"KubernetesGroups": ["team-a"]}

    def outside(made):
        world.client("eks").disassociate_access_policy(clusterName=cluster, principalArn=ROLE, policyArn=ADMIN)

    world.live("AWS::EKS::AccessEntry", entry, after, outside, None, "AccessPolicies", ("AccessEntryArn",))
    identity = {"ClusterName": cluster, "Namespace": "apps", "ServiceAccount": "app", "RoleArn": ROLE, "Tags": TAGS}
    world.live("AWS::EKS::PodIdentityAssociation", identity, identity | {"RoleArn": ROLE + "2"}, attributes=("AssociationArn", "AssociationId"))


def test_a_cluster_with_node_groups_stays(world, subnets, cluster):
    group = {"ClusterName": cluster, "NodegroupName": "last", "NodeRole": ROLE, "Subnets": subnets}
    made = world.make("AWS::EKS::Nodegroup", **group)
    with pytest.raises(ResourceFailed, match="ResourceInUseException") as refused:
        world.delete("AWS::EKS::Cluster", type(made)(cluster))
    assert refused.value.code == "ResourceConflict"
    world.delete("AWS::EKS::Nodegroup", made, group)

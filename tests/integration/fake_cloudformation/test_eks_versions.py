# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the fake of EKS says of versions, seen by boto3 and by the reader of an upgrade's plan."""

from __future__ import annotations

import pytest

pytest.importorskip("moto.server")
pytest.importorskip("boto3")

from ansible_collections.llmops.platform.plugins.module_utils._aws.session import AwsError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import Calls
from ansible_collections.llmops.platform.plugins.module_utils._upgrade.eks import EksReader
from ansible_collections.llmops.platform.plugins.module_utils._upgrade.eks import insight_findings
from tests.support.fake_resources import ACCOUNT
from tests.support.fake_resources import World

ROLE = f"arn:aws:iam::{ACCOUNT}:role/cluster"
USED = {"fake/deprecated-usage": "/apis/networking.k8s.io/v1beta1/ServiceCIDR"}


@pytest.fixture(scope="module")
def world():
    world = World()
    yield world
    world.stop()


@pytest.fixture(scope="module")
def eks(world):
    """A boto3 client, with cluster `one` of 1.36 and what stands in it."""
    client = world.client("eks")
    client.create_cluster(name="one", version="1.36", roleArn=ROLE, resourcesVpcConfig={"subnetIds": []}, tags=USED)
    client.create_addon(clusterName="one", addonName="vpc-cni")
    client.create_addon(clusterName="one", addonName="kube-proxy")
    client.create_nodegroup(clusterName="one", nodegroupName="general", subnets=[], nodeRole=ROLE, version="1.34")
    return client


@pytest.fixture
def reader(world, eks):
    return EksReader(Calls(client_of=lambda service, region: world.client(service)), "us-east-1", "one")


def test_add_ons_come_in_pages_and_by_minor(eks):
    pages = list(eks.get_paginator("describe_addon_versions").paginate(PaginationConfig={"PageSize": 2}))
    assert len(pages) == 4
    found = [addon["addonName"] for page in pages for addon in page["addons"]]
    assert found == sorted(found) and {"vpc-cni", "coredns", "kube-proxy"} <= set(found)
    of_minor = eks.describe_addon_versions(addonName="kube-proxy", kubernetesVersion="1.36")["addons"][0]["addonVersions"]
    assert [version["addonVersion"] for version in of_minor] == ["v1.36.0-eksbuild.2", "v1.36.0-eksbuild.1"]
    assert [version["compatibilities"][0]["defaultVersion"] for version in of_minor] == [False, True]
    with pytest.raises(eks.exceptions.InvalidParameterException):
        eks.describe_addon_versions(addonName="unknown")


def test_an_add_on_without_version_gets_the_default_of_its_cluster(reader):
    assert {name: one["version"] for name, one in reader.addons().items()} == {"vpc-cni": "v1.20.0-eksbuild.1", "kube-proxy": "v1.36.0-eksbuild.1"}


def test_versions_have_days_and_are_offered_or_not(reader):
    versions = reader.versions()
    assert versions["1.36"] == {"end_of_life": "2027-08-02", "extended": "2028-08-02", "offered": True}
    assert "1.99" not in versions


def test_insights_are_judged_by_what_there_is(reader):
    found = {insight["name"]: insight for insight in reader.insights()}
    assert set(found) == {"Kubelet version skew", "Amazon EKS add-on version compatibility", "Deprecated APIs removed in Kubernetes v1.37"}
    unfit = found["Amazon EKS add-on version compatibility"]["categorySpecificSummary"]["addonCompatibilityDetails"]
    assert [one["name"] for one in unfit] == ["kube-proxy"], "a vpc-cni fits the next minor as well, a kube-proxy does not"
    problems, warnings = insight_findings(found.values(), "1.36", "1.37")
    assert len(problems) == 1 and "add-on version compatibility" in problems[0]
    assert len(warnings) == 1 and "Kubelet version skew" in warnings[0]


def test_node_groups_have_their_version(reader):
    general = reader.node_groups()["general"]
    assert {key: general[key] for key in ("version", "status", "ami", "issues")} == {"version": "1.34", "status": "ACTIVE", "ami": "AL2_x86_64", "issues": []}


def test_a_cluster_that_is_not_there_is_named_with_the_option(world):
    missing = EksReader(Calls(client_of=lambda service, region: world.client(service)), "us-east-1", "two")
    with pytest.raises(AwsError, match="cluster_name is two, and EKS has no such cluster in us-east-1"):
        missing.cluster()

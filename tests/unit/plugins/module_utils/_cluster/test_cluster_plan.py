# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An EKS cluster as it is declared: what is refused, and what comes of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from ansible_collections.llmops.platform.plugins.module_utils._cluster.plan import plan

ROOT = Path(__file__).resolve().parents[5]
FAMILIES = yaml.safe_load((ROOT / "roles" / "cluster" / "files" / "instance_families.yml").read_text(encoding="utf-8"))["families"]
ADDONS = {
    "vpc-cni": "v1.22.3-eksbuild.1",
    "kube-proxy": "v1.36.2-eksbuild.2",
    "coredns": "v1.13.2-eksbuild.11",
    "aws-ebs-csi-driver": "v1.66.0-eksbuild.1",
}
RELEASES = {
    "1.34": {"until": "2026-12-02", "extended_until": "2027-12-02", "ami": "1.34.9-20260903", "addons": {**ADDONS, "kube-proxy": "v1.34.1-eksbuild.2"}},
    "1.35": {"until": "2027-03-27", "extended_until": "2028-03-27", "ami": "1.35.6-20260903", "addons": {**ADDONS, "kube-proxy": "v1.35.3-eksbuild.13"}},
    "1.36": {"until": "2027-08-02", "extended_until": "2028-08-02", "ami": "1.36.3-20260903", "addons": ADDONS},
}


def declared(**more):
    return {
        "name": "shop-dev",
        "platform": "shop",
        "environment": "staging",
        "version": "1.36",
        "nodes_version": "1.36",
        "pool_versions": {},
        "releases": RELEASES,
        "support": "standard",
        "today": "2026-11-21",
        "compute": "node_groups",
        "autoscaler": "cluster_autoscaler",
        "cni": "provider",
        "cni_mode": "chained",
        "prefix_delegation": True,
        "pools": {"general": {"instance_type": "t3.large", "capacity_type": "spot", "min": 3, "max": 6}},
        "spot": True,
        "instance_families": FAMILIES,
        "disk_gib": 50,
        "disk_key": "storage",
        "max_unavailable": 1,
        "zones": 3,
        "subnet_length": 19,
        "nodes_private": True,
        "addons": dict.fromkeys(ADDONS, True),
        "tags": {"platform": "shop"},
        "coredns_replicas": [2, 10],
        "endpoint": {"private": True, "public": False, "cidrs": {}},
        "log_types": {"audit": True, "api": True},
        "log_retention_days": 365,
        "access": {},
        **more,
    }


def pool(**more):
    return {"general": {"instance_type": "t3.large", "min": 3, "max": 6, **more}}


def only(**more):
    return plan(declared(**more))["pools"][0]


def test_a_pool_becomes_a_node_group():
    found = only(
        pools=pool(
            capacity_type="spot",
            labels={"spot": True, "workload": "data"},
            taints={"workload": {"value": "data", "effect": "NoSchedule"}},
            disk_gib=100,
            desired=4,
        )
    )
    assert found["stack"] == f"nodes_general_{found['digest']}" and found["nodegroup"] == f"shop-staging-general-{found['digest']}"
    assert len(found["digest"]) == 6
    wanted = {
        "instance_types": ["t3.large"],
        "ami_type": "AL2023_x86_64_STANDARD",
        "capacity_type": "SPOT",
        "version": "1.36",
        "release": "1.36.3-20260903",
        "min": 3,
        "max": 6,
        "desired": 4,
        "disk_gib": 100,
        "max_pods": 110,
        "labels": {"spot": "True", "workload": "data"},
        "taints": [{"Key": "workload", "Value": "data", "Effect": "NO_SCHEDULE"}],
    }
    assert {key: found[key] for key in wanted} == wanted


@pytest.mark.parametrize(
    "change",
    [
        {"instance_type": "t3.xlarge"},
        {"capacity_type": "spot"},
        {"disk_gib": 80},
        {"further_instance_types": {"t3a.large": True}},
        {"instance_type": "t4g.large"},
    ],
)
def test_what_a_node_group_cannot_change_makes_another_stack(change):
    assert only(pools=pool(**change))["digest"] != only(pools=pool())["digest"]


@pytest.mark.parametrize(
    "change",
    [{"max": 7}, {"labels": {"a": "b"}}, {"taints": {"a": {"value": "b", "effect": "NoExecute"}}}, {"ami_release": "1.36.2-20260818"}, {"max_unavailable": 2}],
)
def test_what_it_can_change_does_not(change):
    assert only(pools=pool(**change))["digest"] == only(pools=pool())["digest"]


def test_nodes_may_be_behind_while_an_upgrade_runs():
    found = plan(declared(pools={**pool(), "data": {"instance_type": "r5.large", "min": 1, "max": 1}}, pool_versions={"data": "1.35"}))["pools"]
    assert [(one["name"], one["version"], one["release"]) for one in found] == [
        ("data", "1.35", "1.35.6-20260903"),
        ("general", "1.36", "1.36.3-20260903"),
    ]


def test_spot_only_where_it_is_allowed():
    assert only(pools=pool(capacity_type="spot"), spot=False)["capacity_type"] == "ON_DEMAND"


def test_arm_and_accelerators_get_their_own_ami():
    assert only(pools=pool(instance_type="m7g.large"))["ami_type"] == "AL2023_ARM_64_STANDARD"
    assert only(pools=pool(instance_type="g5.xlarge"))["ami_type"] == "AL2023_x86_64_NVIDIA"
    assert only(pools=pool(instance_type="inf2.xlarge"))["ami_type"] == "AL2023_x86_64_NEURON"
    # From 30 vCPUs on a node may run more pods.
    assert only(pools=pool(instance_type="m5.8xlarge"))["max_pods"] == 250
    assert only(pools=pool(), prefix_delegation=False)["max_pods"] == 0


def test_addons_before_and_after_the_nodes():
    found = plan(declared())["addons"]
    assert [one["name"] for one in found["before"]] == ["kube-proxy", "vpc-cni"]
    assert [one["name"] for one in found["after"]] == ["aws-ebs-csi-driver", "coredns"]
    by = {one["name"]: one for part in found.values() for one in part}
    assert by["vpc-cni"]["preserve"] and not by["coredns"]["preserve"]
    assert json.loads(by["vpc-cni"]["configuration"]) == {
        "enableNetworkPolicy": "true",
        "env": {"ENABLE_PREFIX_DELEGATION": "true", "WARM_PREFIX_TARGET": "1"},
    }
    assert json.loads(by["aws-ebs-csi-driver"]["configuration"]) == {"controller": {"extraVolumeTags": {"platform": "shop"}}}
    assert (by["aws-ebs-csi-driver"]["role"], by["aws-ebs-csi-driver"]["service_account"]) == ("EbsCsi", "ebs-csi-controller-sa")


@pytest.mark.parametrize(("cni", "environment"), [("calico", {"ANNOTATE_POD_IP": "true"}), ("cilium", {})])
def test_another_plugin_enforces_policies_on_the_same_addresses(cni, environment):
    found = next(one for one in plan(declared(cni=cni, prefix_delegation=False))["addons"]["before"] if one["name"] == "vpc-cni")
    told = json.loads(found["configuration"])
    assert told["enableNetworkPolicy"] == "false" and told.get("env", {}) == environment


def test_auto_mode_has_neither_pools_nor_the_addons_that_it_brings():
    found = plan(declared(compute="auto_mode", addons={**dict.fromkeys(ADDONS, True)}))
    assert found["auto_mode"] and found["pools"] == [] and found["addons"] == {"before": [], "after": []}
    assert not plan(declared(compute="auto_mode", autoscaler="karpenter"))["karpenter"] and plan(declared(autoscaler="karpenter"))["karpenter"]


def test_access_beside_the_two_that_are_always_there():
    role = "arn:aws:iam::123456789012:role/developers"
    found = plan(declared(access={"dev-team": {"role": role, "policy": "edit", "namespaces": {"shop": True, "old": False}}}))["access"]
    assert found == [{"id": "DevTeamAccess", "role": role, "policy": "AmazonEKSEditPolicy", "namespaces": ["shop"]}]


REFUSED = {
    "an unknown family": ({"pools": pool(instance_type="t9.large")}, "instance type t9.large is of no known family"),
    "an unknown size": ({"pools": pool(instance_type="t3.24xlarge")}, "is no size of t3, which has small"),
    "no instance type of EC2": ({"pools": pool(instance_type="large")}, "cluster_node_pools.general instance type large"),
    "the AMI of another architecture": (
        {"pools": pool(instance_type="m7g.large", ami_type="AL2023_x86_64_STANDARD")},
        "m7g.large is arm64, the AMI AL2023_x86_64_STANDARD is for x86_64; write ami_type: AL2023_ARM_64_STANDARD",
    ),
    "no AMI at all": ({"pools": pool(ami_type="AL2_x86_64")}, "has ami_type AL2_x86_64; it is one of AL2023_x86_64_STANDARD"),
    "types of two architectures": ({"pools": pool(further_instance_types={"t4g.large": True})}, "t4g.large has another architecture than t3.large"),
    "types of two sizes": ({"pools": pool(further_instance_types={"t3.xlarge": True})}, "another vcpus and memory_gib"),
    "more at least than at most": ({"pools": pool(min=7)}, "cluster_node_pools.general.min is 7 and max 6"),
    "a desired number outside": ({"pools": pool(desired=9)}, "cluster_node_pools.general.desired is 9, not between min 3 and max 6"),
    "more nodes than a group takes": ({"pools": pool(max=500), "subnet_length": 16}, "EKS takes 450 nodes"),
    "no pool": ({"pools": {}}, "cluster_node_pools is empty"),
    "a taint without effect": ({"pools": pool(taints={"a": {"value": "b", "effect": "Never"}})}, "taint a has the effect 'Never'"),
    "too small a subnet": ({"subnet_length": 26}, "hold up to 264 addresses of each private subnet, which has 59 (/26); write network_subnets.private"),
    "a version as a number": ({"version": 1.36}, "1.36 is no Kubernetes minor; write it in quotes"),
    "a minor nobody pinned": ({"version": "1.40", "nodes_version": "1.40"}, "1.40 has no row in cluster_eks_releases, which has 1.34, 1.35, 1.36"),
    "a minor past its end": (
        {"version": "1.34", "nodes_version": "1.34", "today": "2026-12-03"},
        "cluster_version 1.34 is past its end of standard support at EKS (2026-12-02); upgrade to 1.35 by playbooks/upgrade.yml, or pay for extended support",
    ),
    "a minor past its extended end": (
        {"version": "1.34", "nodes_version": "1.34", "today": "2028-01-01", "support": "extended"},
        "past its end of extended support at EKS (2027-12-02)",
    ),
    "nodes newer than their control plane": ({"version": "1.35"}, "1.36 is newer than the control plane's 1.35; upgrade the control plane first"),
    "an AMI of another minor": (
        {"releases": {**RELEASES, "1.36": {**RELEASES["1.36"], "ami": "1.35.6-20260903"}}},
        "cluster_eks_releases.1.36.ami is '1.35.6-20260903'; write the release of the node AMI for 1.36",
    ),
    "an add-on without a version": (
        {"addons": {**dict.fromkeys(ADDONS, True), "metrics-server": True}},
        "cluster_addons_managed.metrics-server has no version for Kubernetes 1.36",
    ),
    "an add-on of another minor": (
        {"releases": {**RELEASES, "1.36": {**RELEASES["1.36"], "addons": {**ADDONS, "kube-proxy": "v1.35.3-eksbuild.13"}}}},
        "cluster_addons_managed.kube-proxy is pinned to v1.35.3-eksbuild.13, which is not of Kubernetes 1.36",
    ),
    "a version that is no build": (
        {"releases": {**RELEASES, "1.36": {**RELEASES["1.36"], "addons": {**ADDONS, "coredns": "latest"}}}},
        "cluster_eks_releases.1.36.addons.coredns is 'latest'",
    ),
    "an unknown add-on": ({"addons": {**dict.fromkeys(ADDONS, True), "snow": True}}, "cluster_addons_managed.snow is not built"),
    "no network": ({"addons": {"kube-proxy": True, "coredns": True}}, "cluster_addons_managed.vpc-cni is not used, and without it no pod runs"),
    "another plugin alone": ({"cni": "calico", "cni_mode": "replacing"}, "which is not built; write chained"),
    "somebody else's plugin": ({"cni": "existing"}, "cluster_addons_cni is 'existing', but this cluster is made here"),
    "another plugin in Auto Mode": ({"cni": "cilium", "compute": "auto_mode"}, "which has a network plugin of its own"),
    "no way in": ({"endpoint": {"private": False, "public": False, "cidrs": {}}}, "nobody could reach the API"),
    "a public API for everybody, by halves": (
        {"environment": "production", "endpoint": {"private": True, "public": True, "cidrs": {"low": "0.0.0.0/1", "high": "128.0.0.0/1"}}},
        "cluster_endpoint_public_cidrs joined is the whole internet",
    ),
    "a public API for everybody": ({"endpoint": {"private": True, "public": True, "cidrs": {}}}, "cluster_endpoint_public_cidrs is empty"),
    "the whole internet": (
        {"endpoint": {"private": True, "public": True, "cidrs": {"all": "0.0.0.0/0"}}},
        "the whole internet may knock in local and dev only",
    ),
    "a private range from outside": ({"endpoint": {"private": True, "public": True, "cidrs": {"vpn": "10.8.0.0/16"}}}, "a private range, from which nothing"),
    "no range": ({"endpoint": {"private": True, "public": True, "cidrs": {"office": "here"}}}, "is 'here', which is no range"),
    "nodes outside": ({"nodes_private": False}, "cluster_nodes_private is false"),
    "days that no log has": ({"log_retention_days": 100}, "cluster_log_retention_days is 100, no number of days that CloudWatch Logs knows; write 120"),
    "an unknown log": ({"log_types": {"kubelet": True}}, "cluster_log_types.kubelet is no log of the control plane"),
    "an unknown right": ({"access": {"a": {"role": "arn:aws:iam::123456789012:role/a", "policy": "root"}}}, "cluster_access.a.policy is 'root'"),
    "a name for an ARN": ({"access": {"a": {"role": "developers", "policy": "view"}}}, "write the ARN of an IAM role"),
    "an admin of all in one namespace": (
        {"access": {"a": {"role": "arn:aws:iam::123456789012:role/a", "policy": "cluster_admin", "namespaces": {"x": True}}}},
        "cluster_access.a.namespaces limits cluster_admin",
    ),
}


@pytest.mark.parametrize(("change", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(change, message):
    with pytest.raises(ValueError) as error:
        plan(declared(**change))
    assert message in str(error.value)


def test_all_problems_at_once():
    pools = {"a": {"instance_type": "t9.large", "min": 1, "max": 2}, "b": {"instance_type": "t3.large", "min": 5, "max": 2}}
    with pytest.raises(ValueError) as error:
        plan(declared(pools=pools, addons={**dict.fromkeys(ADDONS, True), "snow": True}))
    assert len(str(error.value).splitlines()) == 3


def test_extended_support_is_a_choice():
    assert plan(declared(version="1.34", nodes_version="1.34", today="2026-12-03", support="extended"))["support"] == "EXTENDED"


def test_dev_may_be_open():
    assert plan(declared(environment="dev", endpoint={"private": True, "public": True, "cidrs": {"all": "0.0.0.0/0"}}))["endpoint"]["cidrs"] == ["0.0.0.0/0"]

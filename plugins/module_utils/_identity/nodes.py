# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What those may do who add and take away nodes: Cluster Autoscaler and Karpenter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._identity.statements import allow
from ansible_collections.llmops.platform.plugins.module_utils._identity.statements import any_account
from ansible_collections.llmops.platform.plugins.module_utils._identity.statements import arn
from ansible_collections.llmops.platform.plugins.module_utils._identity.statements import of_iam

AUTOSCALING_READS = ("AutoScalingGroups", "AutoScalingInstances", "LaunchConfigurations", "ScalingActivities", "Tags")
KARPENTER_READS = (
    "AvailabilityZones", "CapacityReservations", "Images", "InstanceStatus", "InstanceTypeOfferings", "InstanceTypes", "Instances", "LaunchTemplates",
    "PlacementGroups", "SecurityGroups", "SpotPriceHistory", "Subnets",
)  # fmt: skip
POOL = "karpenter.sh/nodepool"
PROFILE_CALLS = ["iam:AddRoleToInstanceProfile", "iam:DeleteInstanceProfile", "iam:RemoveRoleFromInstanceProfile"]
CLASS = "karpenter.k8s.aws/ec2nodeclass"


def cluster_autoscaler(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Size of the groups that EKS has tagged as this cluster's. `settings`: `{cluster}`."""
    cluster = settings["cluster"]
    tags = {"aws:ResourceTag/k8s.io/cluster-autoscaler/enabled": "true", f"aws:ResourceTag/k8s.io/cluster-autoscaler/{cluster}": "owned"}
    reads = [f"autoscaling:Describe{thing}" for thing in AUTOSCALING_READS]
    reads += ["ec2:DescribeImages", "ec2:DescribeInstanceTypes", "ec2:DescribeLaunchTemplateVersions", "ec2:GetInstanceTypesFromInstanceRequirements"]
    return [
        allow("Read", reads),
        allow("ReadGroups", ["eks:DescribeNodegroup"], arn("eks", f"nodegroup/{cluster}/*")),
        allow(
            "Size",
            ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
            arn("autoscaling", "autoScalingGroup:*:autoScalingGroupName/*"),
            StringEquals=tags,
        ),
    ]


def karpenter(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """As Karpenter's own policy: only what carries this cluster's tags and a node pool's. `settings`: `{cluster, node_role, queue}`."""
    cluster = settings["cluster"]
    owned, pool = f"kubernetes.io/cluster/{cluster}", {f"aws:RequestTag/{POOL}": "*"}
    made = {f"aws:RequestTag/{owned}": "owned", "aws:RequestTag/eks:eks-cluster-name": cluster}
    ours, ours_of_pool = {f"aws:ResourceTag/{owned}": "owned"}, {f"aws:ResourceTag/{POOL}": "*"}
    used = [any_account("ec2", f"{kind}/*") for kind in ("image", "snapshot")]
    used += [arn("ec2", f"{kind}/*") for kind in ("capacity-reservation", "placement-group", "security-group", "subnet")]
    new = [arn("ec2", f"{kind}/*") for kind in ("fleet", "instance", "launch-template", "network-interface", "spot-instances-request", "volume")]
    launching, template = ["ec2:CreateFleet", "ec2:RunInstances"], arn("ec2", "launch-template/*")
    creating = {"ec2:CreateAction": ["CreateFleet", "CreateLaunchTemplate", "RunInstances"]}
    profile, profiles = of_iam("instance-profile/*"), {"aws:ResourceTag/topology.kubernetes.io/region": {"Ref": "AWS::Region"}}
    made_profile = {**made, "aws:RequestTag/topology.kubernetes.io/region": {"Ref": "AWS::Region"}}
    read_only = {"StringEquals": {"aws:RequestedRegion": {"Ref": "AWS::Region"}}}
    retagged = {"aws:TagKeys": ["Name", "eks:eks-cluster-name", "karpenter.sh/nodeclaim"]}
    found = [
        allow("Use", launching, used),
        allow("UseTemplate", launching, template, StringEquals=ours, StringLike=ours_of_pool),
        allow("Make", [*launching, "ec2:CreateLaunchTemplate"], new, StringEquals=made, StringLike=pool),
        allow("Tag", ["ec2:CreateTags"], new, StringEquals={**made, **creating}, StringLike=pool),
        allow("Retag", ["ec2:CreateTags"], new[1], StringEquals=ours, StringLike=ours_of_pool, **{"ForAllValues:StringEquals": retagged}),
        allow("Drop", ["ec2:DeleteLaunchTemplate", "ec2:TerminateInstances"], [new[1], template], StringEquals=ours, StringLike=ours_of_pool),
        allow("Read", [f"ec2:Describe{thing}" for thing in KARPENTER_READS], **read_only),
        allow("Images", ["ssm:GetParameter"], any_account("ssm", "parameter/aws/service/*")),
        allow("Prices", ["pricing:GetProducts"]),
        allow("Nodes", ["iam:PassRole"], settings["node_role"], StringEquals={"iam:PassedToService": "ec2.amazonaws.com"}),
        allow("MakeProfile", ["iam:CreateInstanceProfile"], profile, StringEquals=made_profile, StringLike={f"aws:RequestTag/{CLASS}": "*"}),
        allow("TagProfile", ["iam:TagInstanceProfile"], profile, StringEquals={**ours, **profiles}, StringLike={f"aws:ResourceTag/{CLASS}": "*"}),
        allow("Profiles", PROFILE_CALLS, profile, StringEquals={**ours, **profiles}, StringLike={f"aws:ResourceTag/{CLASS}": "*"}),
        allow("ReadProfiles", ["iam:GetInstanceProfile"], profile),
        allow("Cluster", ["eks:DescribeCluster"], arn("eks", f"cluster/{cluster}")),
    ]
    if settings["queue"]:
        calls = ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"]
        found.append(allow("Interruptions", calls, arn("sqs", settings["queue"])))
    return found

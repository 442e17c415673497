# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What the drivers for volumes may do: with what they have made, which carries their tag."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._identity.statements import allow
from ansible_collections.llmops.platform.plugins.module_utils._identity.statements import any_account
from ansible_collections.llmops.platform.plugins.module_utils._identity.statements import arn

# The driver marks what it makes with these.
EBS = "ebs.csi.aws.com/cluster"
EFS = "efs.csi.aws.com/cluster"


def _key(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    if not settings["storage_key"]:
        return []
    key = {"Ref": "StorageKeyArn"}
    through = {"kms:ViaService": {"Fn::Sub": "ec2.${AWS::Region}.amazonaws.com"}}
    return [
        allow("Grants", ["kms:CreateGrant"], key, Bool={"kms:GrantIsForAWSResource": "true"}, StringEquals=through),
        allow("Key", ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncrypt*"], key, StringEquals=through),
    ]


def ebs(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """As AmazonEBSCSIDriverPolicy, but with volumes that the driver has made, on nodes of this cluster. `settings`: `{cluster, storage_key}`."""
    volume, snapshot = arn("ec2", "volume/*"), any_account("ec2", "snapshot/*")
    ours, nodes = {f"aws:ResourceTag/{EBS}": "true"}, {f"aws:ResourceTag/kubernetes.io/cluster/{settings['cluster']}": "owned"}
    made = {f"aws:RequestTag/{EBS}": "true"}
    reading = ("AvailabilityZones", "Instances", "InstanceTypes", "Snapshots", "Tags", "Volumes", "VolumesModifications", "VolumeStatus")
    return [
        allow("Read", [f"ec2:Describe{thing}" for thing in reading]),
        allow("AttachToNode", ["ec2:AttachVolume", "ec2:DetachVolume"], arn("ec2", "instance/*"), StringEquals=nodes),
        allow("Attach", ["ec2:AttachVolume", "ec2:DetachVolume"], volume, StringEquals=ours),
        allow("Make", ["ec2:CreateVolume"], volume, StringEquals=made),
        allow("MakeFromSnapshot", ["ec2:CreateVolume"], snapshot, StringEquals=ours),
        allow("Change", ["ec2:DeleteVolume", "ec2:ModifyVolume"], volume, StringEquals=ours),
        allow("Snapshot", ["ec2:CreateSnapshot"], volume, StringEquals=ours),
        allow("KeepSnapshot", ["ec2:CreateSnapshot"], snapshot, StringEquals=made),
        allow("DropSnapshot", ["ec2:DeleteSnapshot"], snapshot, StringEquals=ours),
        allow("Tag", ["ec2:CreateTags"], [volume, snapshot], StringEquals={"ec2:CreateAction": ["CreateVolume", "CreateSnapshot"]}),
        *_key(settings),
    ]


def efs(_settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Access points with the driver's mark."""
    system, point = arn("elasticfilesystem", "file-system/*"), arn("elasticfilesystem", "access-point/*")
    mark = {f"aws:ResourceTag/{EFS}": "true"}
    return [
        allow("Read", ["ec2:DescribeAvailabilityZones", *(f"elasticfilesystem:Describe{thing}" for thing in ("AccessPoints", "FileSystems", "MountTargets"))]),
        allow("Make", ["elasticfilesystem:CreateAccessPoint"], system, StringEquals={f"aws:RequestTag/{EFS}": "true"}),
        allow("Tag", ["elasticfilesystem:TagResource"], [system, point], StringEquals={"elasticfilesystem:CreateAction": "CreateAccessPoint"}),
        allow("Drop", ["elasticfilesystem:DeleteAccessPoint"], point, StringEquals=mark),
    ]

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::EC2: networks, subnets and gateways. Routes, rules and endpoints stand in ec2_rules.py and ec2_endpoints.py."""

from __future__ import annotations

from typing import Any

from fake_cloudformation.resources.table import Call
from fake_cloudformation.resources.table import Part
from fake_cloudformation.resources.table import Row
from fake_cloudformation.resources.tagging import Tagging

TARGET = {"Resources": ["{id}"]}
LISTED_BY = {"Filters": [{"Name": "resource-id", "Values": ["{id}"]}]}
TAGS = Tagging("CreateTags", "DeleteTags", "DescribeTags", TARGET, "Tags", list_target=LISTED_BY)
ADDRESS_TAGS = Tagging(
    "CreateTags", "DeleteTags", "DescribeTags", {"Resources": ["{AllocationId}"]}, "Tags", {"Filters": [{"Name": "resource-id", "Values": ["{AllocationId}"]}]}
)


def of_vpc(operation: str, answer: str, **more: str) -> Call:
    """A call that finds what a network has by default."""
    return Call(
        operation, {"Filters": [{"Name": "vpc-id", "Values": ["{id}"]}] + [{"Name": key, "Values": [value]} for key, value in more.items()]}, answer=answer
    )


def vpc_attribute(name: str) -> Part:
    return Part((name,), Call("ModifyVpcAttribute", {"VpcId": "{id}", name: {"Value": f"{{{name}}}"}}), default=name == "EnableDnsSupport")


def vpc_attribute_of(name: str) -> Call:
    return Call("DescribeVpcAttribute", {"VpcId": "{id}", "Attribute": name[0].lower() + name[1:]}, answer=f"{name}.Value")


def subnet_attribute(name: str) -> Part:
    return Part((name,), Call("ModifySubnetAttribute", {"SubnetId": "{id}", name: {"Value": f"{{{name}}}"}}), default=False)


def gateway_attached(operation: str, argument: str) -> Any:
    def attach(context: Any, scope: dict[str, Any], *properties: dict[str, Any]) -> dict[str, Any]:
        kind = "VpnGatewayId" if properties[-1].get("VpnGatewayId") else "InternetGatewayId"
        method = f"{operation}_{'vpn' if kind == 'VpnGatewayId' else 'internet'}_gateway"
        getattr(context.client("ec2"), method)(**{kind: scope[kind], "VpcId": scope["VpcId"]})
        return {}

    return attach


def moved(context: Any, scope: dict[str, Any], before: dict[str, Any], after: dict[str, Any]) -> None:
    """Another gateway at the same network."""
    client = context.client("ec2")
    client.detach_internet_gateway(InternetGatewayId=before["InternetGatewayId"], VpcId=scope["VpcId"])
    client.attach_internet_gateway(InternetGatewayId=after["InternetGatewayId"], VpcId=scope["VpcId"])


CIDR_ASSOCIATION = (
    "Vpcs[0].[CidrBlockAssociationSet, Ipv6CidrBlockAssociationSet][]"
    " | [?AssociationId=='{id}' && (CidrBlockState.State || Ipv6CidrBlockState.State) != 'disassociated'] | [0]"
)
ROWS = (
    Row(
        "AWS::EC2::VPC",
        "ec2",
        Call("CreateVpc", takes=None),
        "Vpc.VpcId",
        Call("DescribeVpcs", {"VpcIds": ["{id}"]}, answer="Vpcs[0]"),
        Call("DeleteVpc", {"VpcId": "{id}"}),
        {
            "VpcId": "VpcId",
            "CidrBlock": "CidrBlock",
            "CidrBlockAssociations": "CidrBlockAssociationSet[].AssociationId",
            "Ipv6CidrBlocks": "Ipv6CidrBlockAssociationSet[].Ipv6CidrBlock",
            "DefaultNetworkAcl": of_vpc("DescribeNetworkAcls", "NetworkAcls[0].NetworkAclId", default="true"),
            "DefaultSecurityGroup": of_vpc("DescribeSecurityGroups", "SecurityGroups[0].GroupId", **{"group-name": "default"}),
        },
        {name: vpc_attribute_of(name) for name in ("EnableDnsSupport", "EnableDnsHostnames")},
        (vpc_attribute("EnableDnsSupport"), vpc_attribute("EnableDnsHostnames")),
        tagging=TAGS,
    ),
    Row(
        "AWS::EC2::VPCCidrBlock",
        "ec2",
        Call("AssociateVpcCidrBlock", takes=None),
        "CidrBlockAssociation.AssociationId || Ipv6CidrBlockAssociation.AssociationId",
        Call("DescribeVpcs", {"VpcIds": ["{VpcId}"]}, answer=CIDR_ASSOCIATION),
        Call("DisassociateVpcCidrBlock", {"AssociationId": "{id}"}),
        {"Id": "AssociationId"},
        {"AmazonProvidedIpv6CidrBlock": "Ipv6CidrBlock && `true`"},
    ),
    Row(
        "AWS::EC2::Subnet",
        "ec2",
        Call("CreateSubnet", takes=None),
        "Subnet.SubnetId",
        Call("DescribeSubnets", {"SubnetIds": ["{id}"]}, answer="Subnets[0]"),
        Call("DeleteSubnet", {"SubnetId": "{id}"}),
        {
            "SubnetId": "SubnetId",
            "VpcId": "VpcId",
            "CidrBlock": "CidrBlock",
            "AvailabilityZone": "AvailabilityZone",
            "AvailabilityZoneId": "AvailabilityZoneId",
            "Ipv6CidrBlocks": "Ipv6CidrBlockAssociationSet[].Ipv6CidrBlock",
            "NetworkAclAssociationId": Call(
                "DescribeNetworkAcls",
                {"Filters": [{"Name": "association.subnet-id", "Values": ["{id}"]}]},
                answer="NetworkAcls[].Associations[] | [?SubnetId=='{id}'] | [0].NetworkAclAssociationId",
            ),
        },
        {"Ipv6CidrBlock": "Ipv6CidrBlockAssociationSet[0].Ipv6CidrBlock"},
        tuple(subnet_attribute(name) for name in ("MapPublicIpOnLaunch", "AssignIpv6AddressOnCreation", "EnableDns64")),
        tagging=TAGS,
    ),
    Row(
        "AWS::EC2::InternetGateway",
        "ec2",
        Call("CreateInternetGateway"),
        "InternetGateway.InternetGatewayId",
        Call("DescribeInternetGateways", {"InternetGatewayIds": ["{id}"]}, answer="InternetGateways[0]"),
        Call("DeleteInternetGateway", {"InternetGatewayId": "{id}"}),
        {"InternetGatewayId": "InternetGatewayId"},
        tagging=TAGS,
    ),
    Row(
        "AWS::EC2::VPCGatewayAttachment",
        "ec2",
        gateway_attached("attach", "VpcId"),
        "=IGW|{VpcId}",
        Call(
            "DescribeInternetGateways",
            {"Filters": [{"Name": "attachment.vpc-id", "Values": ["{VpcId}"]}]},
            answer="InternetGateways[0] && {VpcId: InternetGateways[0].Attachments[0].VpcId, InternetGatewayId: InternetGateways[0].InternetGatewayId}",
        ),
        gateway_attached("detach", "VpcId"),
        {"AttachmentType": "=IGW"},
        update_by=moved,
    ),
    Row(
        "AWS::EC2::EgressOnlyInternetGateway",
        "ec2",
        Call("CreateEgressOnlyInternetGateway", takes=None),
        "EgressOnlyInternetGateway.EgressOnlyInternetGatewayId",
        Call("DescribeEgressOnlyInternetGateways", {"EgressOnlyInternetGatewayIds": ["{id}"]}, answer="EgressOnlyInternetGateways[0]"),
        Call("DeleteEgressOnlyInternetGateway", {"EgressOnlyInternetGatewayId": "{id}"}),
        {"Id": "EgressOnlyInternetGatewayId"},
        {"VpcId": "Attachments[0].VpcId"},
        tagging=TAGS,
    ),
    Row(
        "AWS::EC2::EIP",
        "ec2",
        Call("AllocateAddress", {"Domain": "vpc"}, None),
        "PublicIp",
        Call("DescribeAddresses", {"PublicIps": ["{id}"]}, answer="Addresses[0]"),
        Call("ReleaseAddress", {"AllocationId": "{AllocationId}"}),
        {"AllocationId": "AllocationId", "PublicIp": "PublicIp"},
        tagging=ADDRESS_TAGS,
    ),
    Row(
        "AWS::EC2::NatGateway",
        "ec2",
        Call("CreateNatGateway", takes=None),
        "NatGateway.NatGatewayId",
        Call("DescribeNatGateways", {"NatGatewayIds": ["{id}"]}, answer="NatGateways[?State!='deleted' && State!='deleting'] | [0]"),
        Call("DeleteNatGateway", {"NatGatewayId": "{id}"}),
        {"NatGatewayId": "NatGatewayId", "EniId": "NatGatewayAddresses[0].NetworkInterfaceId"},
        {"AllocationId": "NatGatewayAddresses[0].AllocationId"},
        tagging=TAGS,
    ),
    Row(
        "AWS::EC2::LaunchTemplate",
        "ec2",
        Call("CreateLaunchTemplate", takes=None),
        "LaunchTemplate.LaunchTemplateId",
        Call("DescribeLaunchTemplates", {"LaunchTemplateIds": ["{id}"]}, answer="LaunchTemplates[0]"),
        Call("DeleteLaunchTemplate", {"LaunchTemplateId": "{id}"}),
        {
            "LaunchTemplateId": "LaunchTemplateId",
            "DefaultVersionNumber": "to_string(DefaultVersionNumber)",
            "LatestVersionNumber": "to_string(LatestVersionNumber)",
        },
        {
            "LaunchTemplateData": Call(
                "DescribeLaunchTemplateVersions",
                {"LaunchTemplateId": "{id}"},
                answer="max_by(LaunchTemplateVersions, &VersionNumber).LaunchTemplateData",
            )
        },
        (
            Part(
                ("LaunchTemplateData", "VersionDescription"),
                Call("CreateLaunchTemplateVersion", {"LaunchTemplateId": "{id}"}, ("LaunchTemplateData", "VersionDescription")),
                made=True,
            ),
        ),
    ),
)

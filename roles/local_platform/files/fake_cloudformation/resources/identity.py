# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what names a resource (primaryIdentifier) to what its handler needs to find it."""

from __future__ import annotations

from typing import Any

from fake_cloudformation.contract import Context

# Where Ref gives one part of the identifier only.
ONE_PART = {"AWS::EC2::EIP": "PublicIp", "AWS::EC2::VPCCidrBlock": "Id"}
RULES = ("AWS::EC2::SecurityGroupEgress", "AWS::EC2::SecurityGroupIngress")


def physical_id(type_name: str, order: list[str], identifier: dict[str, str]) -> str:
    """What Ref gives; `order` is the schema's."""
    return identifier[ONE_PART[type_name]] if type_name in ONE_PART else "|".join(identifier[path] for path in order)


def known(context: Context, type_name: str, identifier: dict[str, str]) -> dict[str, Any]:
    """Properties that follow from the identifier, as handlers look for their things by them. Empty lookups mean that there is none."""
    if type_name == "AWS::EC2::Route":
        block = identifier["CidrBlock"]
        key = "DestinationPrefixListId" if block.startswith("pl-") else "DestinationIpv6CidrBlock" if ":" in block else "DestinationCidrBlock"
        return {"RouteTableId": identifier["RouteTableId"], key: block}
    if type_name == "AWS::EKS::Nodegroup":
        cluster, _unused, group = identifier["Id"].partition("/")
        return {"ClusterName": cluster, "NodegroupName": group}
    if type_name in RULES:
        rules = context.client("ec2").describe_security_group_rules()["SecurityGroupRules"]
        egress = type_name.endswith("Egress")
        return {"GroupId": next((rule["GroupId"] for rule in rules if rule["SecurityGroupRuleId"] == identifier["Id"] and rule["IsEgress"] is egress), "sg-0")}
    return dict(identifier)

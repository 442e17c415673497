# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::EC2: route tables, routes, endpoints and flow logs."""

from __future__ import annotations

from typing import Any

from fake_cloudformation.contract import Context
from fake_cloudformation.resources import shapes
from fake_cloudformation.resources.ec2 import TAGS
from fake_cloudformation.resources.table import Call
from fake_cloudformation.resources.table import Part
from fake_cloudformation.resources.table import Row
from fake_cloudformation.resources.table import Scope

DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
LISTS = ("RouteTableIds", "SubnetIds", "SecurityGroupIds")


def create_route(context: Context, scope: Scope, properties: dict[str, Any]) -> dict[str, Any]:
    """The reference joins table and destination, whichever kind that is."""
    Call("CreateRoute", takes=None)(context, "ec2", scope, properties)
    return {"id": f"{properties['RouteTableId']}|{next(properties[key] for key in DESTINATIONS if properties.get(key))}"}


def modify_endpoint(context: Context, scope: Scope, before: dict[str, Any], after: dict[str, Any]) -> None:
    """An endpoint's lists change by what is added and what is removed."""
    change: dict[str, Any] = {}
    for key in LISTS:
        old, new = set(before.get(key) or []), set(after.get(key) or [])
        change |= {name: sorted(items) for name, items in ((f"Add{key}", new - old), (f"Remove{key}", old - new)) if items}
    if before.get("PolicyDocument") != after.get("PolicyDocument"):
        change |= {"PolicyDocument": shapes.text(after["PolicyDocument"])} if after.get("PolicyDocument") else {"ResetPolicy": True}
    if before.get("PrivateDnsEnabled") != after.get("PrivateDnsEnabled"):
        change["PrivateDnsEnabled"] = after.get("PrivateDnsEnabled")
    Call("ModifyVpcEndpoint", {"VpcEndpointId": "{id}"}, None)(context, "ec2", scope, change)


ROWS = (
    Row(
        "AWS::EC2::RouteTable",
        "ec2",
        Call("CreateRouteTable", takes=None),
        "RouteTable.RouteTableId",
        Call("DescribeRouteTables", {"RouteTableIds": ["{id}"]}, answer="RouteTables[0]"),
        Call("DeleteRouteTable", {"RouteTableId": "{id}"}),
        {"RouteTableId": "RouteTableId"},
        tagging=TAGS,
    ),
    Row(
        "AWS::EC2::Route",
        "ec2",
        create_route,
        "id",
        Call(
            "DescribeRouteTables",
            {"RouteTableIds": ["{RouteTableId}"]},
            answer="RouteTables[0].Routes[?DestinationCidrBlock=='{DestinationCidrBlock}' && '{DestinationCidrBlock}' != ''"
            " || DestinationIpv6CidrBlock=='{DestinationIpv6CidrBlock}' && '{DestinationIpv6CidrBlock}' != ''"
            " || DestinationPrefixListId=='{DestinationPrefixListId}' && '{DestinationPrefixListId}' != ''] | [0]",
        ),
        Call("DeleteRoute", {"RouteTableId": "{RouteTableId}"}, DESTINATIONS),
        {"CidrBlock": "DestinationCidrBlock || DestinationIpv6CidrBlock || DestinationPrefixListId"},
        # Of all targets a route has one: a target that was declared and is another now is gone from the answer.
        {
            key: f"{key} || ''"
            for key in (
                "GatewayId",
                "NatGatewayId",
                "EgressOnlyInternetGatewayId",
                "TransitGatewayId",
                "VpcPeeringConnectionId",
                "NetworkInterfaceId",
                "InstanceId",
            )
        },
        update_by=Call("ReplaceRoute", takes=None),
    ),
    Row(
        "AWS::EC2::SubnetRouteTableAssociation",
        "ec2",
        Call("AssociateRouteTable", takes=None),
        "AssociationId",
        Call("DescribeRouteTables", answer="RouteTables[].Associations[] | [?RouteTableAssociationId=='{id}'] | [0]"),
        Call("DisassociateRouteTable", {"AssociationId": "{id}"}),
        {"Id": "RouteTableAssociationId"},
    ),
    Row(
        "AWS::EC2::VPCEndpoint",
        "ec2",
        Call("CreateVpcEndpoint", takes=None),
        "VpcEndpoint.VpcEndpointId",
        Call("DescribeVpcEndpoints", {"VpcEndpointIds": ["{id}"]}, answer="VpcEndpoints[?State!='deleted'] | [0]"),
        Call("DeleteVpcEndpoints", {"VpcEndpointIds": ["{id}"]}),
        {
            "Id": "VpcEndpointId",
            "CreationTimestamp": "to_string(CreationTimestamp)",
            "DnsEntries": "DnsEntries[].join(':', [HostedZoneId || '', DnsName || ''])",
            "NetworkInterfaceIds": "NetworkInterfaceIds",
        },
        {"SecurityGroupIds": "Groups && Groups[].GroupId", "RouteTableIds": "RouteTableIds", "SubnetIds": "SubnetIds"},
        (Part((*LISTS, "PolicyDocument", "PrivateDnsEnabled"), modify_endpoint, made=True),),
        tagging=TAGS,
    ),
    Row(
        "AWS::EC2::FlowLog",
        "ec2",
        Call("CreateFlowLogs", {"ResourceIds": ["{ResourceId}"]}, None),
        "FlowLogIds[0]",
        Call("DescribeFlowLogs", {"FlowLogIds": ["{id}"]}, answer="FlowLogs[0]"),
        Call("DeleteFlowLogs", {"FlowLogIds": ["{id}"]}),
        {"Id": "FlowLogId"},
        tagging=TAGS,
    ),
)

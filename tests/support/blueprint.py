# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A network as a Terraform blueprint makes it, and the state that Terraform would keep of it (version 4)."""

from __future__ import annotations

import ipaddress
from typing import Any

TIERS = {"public": "PublicSubnet{}Cidr", "private": "PrivateSubnet{}Cidr", "database": "DatabaseSubnet{}Cidr"}
MODULE = "module.network"


class Blueprint:
    """`client(service)` gives a boto3 client. `ids` are those of what was made, by address."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.ids: dict[str, str] = {}
        self._resources: list[dict[str, Any]] = []

    def add(self, kind: str, name: str, identifier: str, key: Any = None, module: str = MODULE, **attributes: Any) -> str:
        """Note a resource in the state. `module` empty: in the root module."""
        instance = {"schema_version": 0, "attributes": {"id": identifier, **attributes}}
        address = ".".join(part for part in (module, kind, name) if part)
        if key is not None:
            instance["index_key"] = key
            address += f"[{key}]" if isinstance(key, int) else f'["{key}"]'
        same = {"mode": "managed", "type": kind, "name": name, "provider": 'provider["registry.terraform.io/hashicorp/aws"]'}
        same |= {"module": module} if module else {}
        found = next((one for one in self._resources if all(one.get(part) == same.get(part) for part in ("type", "name", "module"))), None)
        if found is None:
            found = {**same, "instances": []}
            self._resources.append(found)
        found["instances"].append(instance)
        self.ids[address] = identifier
        return identifier

    def state(self, without: tuple[str, ...] = ()) -> dict[str, Any]:
        """As `terraform state pull` prints it; without the resources whose addresses begin so."""
        kept = []
        for one in self._resources:
            base = ".".join(part for part in (one.get("module"), one["type"], one["name"]) if part)
            if not base.startswith(without or "-"):
                kept.append(one)
        account = {"mode": "data", "type": "aws_caller_identity", "name": "current", "instances": [{"attributes": {"id": "123456789012"}}]}
        return {"version": 4, "terraform_version": "1.9.8", "serial": 7, "lineage": "0d1f", "outputs": {}, "resources": [*kept, account]}

    def network(self, parameters: dict[str, Any], zones: tuple[str, ...] = ("a", "b", "c"), region: str = "us-east-1") -> str:
        """The VPC of a network's stack (its parameters, as its role renders them), with Terraform's names and tags. Its id."""
        ec2 = self._client("ec2")
        value = {name: one["value"] for name, one in parameters.items()}
        vpc = ec2.create_vpc(CidrBlock=value["VpcCidr"])["Vpc"]["VpcId"]
        for switch in ("EnableDnsSupport", "EnableDnsHostnames"):
            ec2.modify_vpc_attribute(VpcId=vpc, **{switch: {"Value": True}})
        ec2.create_tags(Resources=[vpc], Tags=[{"Key": "Name", "Value": "blueprint"}, {"Key": "Terraform", "Value": "true"}])
        self.add("aws_vpc", "main", vpc)
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
        self.add("aws_internet_gateway", "main", gateway, vpc_id=vpc)
        tables: dict[tuple[str, str], str] = {}
        subnets: dict[tuple[str, str], str] = {}
        for tier, name in TIERS.items():
            for zone in zones:
                block = value[name.format(zone.upper())]
                subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=str(ipaddress.ip_network(block)), AvailabilityZone=f"{region}{zone}")["Subnet"]["SubnetId"]
                subnets[tier, zone] = self.add("aws_subnet", tier, subnet, zone)
                table = tables[tier, zone] = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
                self.add("aws_route_table", tier, table, zone)
                association = ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)["AssociationId"]
                self.add("aws_route_table_association", tier, association, zone, route_table_id=table, subnet_id=subnet)
        address = ec2.allocate_address(Domain="vpc")
        self.add("aws_eip", "nat", address["AllocationId"], 0, public_ip=address["PublicIp"], allocation_id=address["AllocationId"])
        nat = ec2.create_nat_gateway(SubnetId=subnets["public", zones[0]], AllocationId=address["AllocationId"])["NatGateway"]["NatGatewayId"]
        self.add("aws_nat_gateway", "main", nat, 0)
        for (tier, zone), table in tables.items():
            target = {"public": {"GatewayId": gateway}, "private": {"NatGatewayId": nat}}.get(tier)
            if target:
                ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", **target)
                self.add("aws_route", tier, f"r-{table}1080289494", zone, route_table_id=table, destination_cidr_block="0.0.0.0/0")
        return vpc

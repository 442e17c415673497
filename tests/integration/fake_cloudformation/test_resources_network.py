# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network's resource types, really made."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

pytest.importorskip("moto.server")
pytest.importorskip("boto3")

from fake_cloudformation.contract import ResourceFailed

from tests.support.fake_resources import World

TAGS = [{"Key": "Name", "Value": "one"}, {"Key": "kubernetes.io/role/elb", "Value": "1"}]


@pytest.fixture(scope="module")
def world():
    world = World()
    yield world
    world.stop()


@pytest.fixture(scope="module")
def net(world):
    """A network with a subnet, gateway and route table that the others build on."""
    vpc = world.make("AWS::EC2::VPC", CidrBlock="10.20.0.0/16", EnableDnsHostnames=True)
    zone = {"VpcId": vpc.physical_id, "AvailabilityZone": "us-east-1a"}
    subnet = world.make("AWS::EC2::Subnet", CidrBlock="10.20.0.0/20", **zone)
    other = world.make("AWS::EC2::Subnet", CidrBlock="10.20.16.0/20", **zone)
    gateway = world.make("AWS::EC2::InternetGateway")
    world.make("AWS::EC2::VPCGatewayAttachment", VpcId=vpc.physical_id, InternetGatewayId=gateway.physical_id)
    table = world.make("AWS::EC2::RouteTable", VpcId=vpc.physical_id)
    ids = {"vpc": vpc, "subnet": subnet, "other": other, "gateway": gateway, "table": table}
    return SimpleNamespace(**{key: made.physical_id for key, made in ids.items()}, made=SimpleNamespace(**ids))


def tag(world, made, key="Name", value="changed"):
    world.client("ec2").create_tags(Resources=[made.physical_id], Tags=[{"Key": key, "Value": value}])


def test_a_vpc_lives(world):
    def seen(made):
        vpc = world.client("ec2").describe_vpcs(VpcIds=[made.physical_id])["Vpcs"][0]
        assert vpc["CidrBlock"] == "10.9.0.0/16"
        tags = {tag["Key"]: tag["Value"] for tag in vpc["Tags"]}
        assert tags["aws:cloudformation:logical-id"] == "Thing" and tags["aws:cloudformation:stack-name"] == "demo-test-network"
        assert tags["platform"] == "demo" and tags["Name"] == "one"

    before = {"CidrBlock": "10.9.0.0/16", "EnableDnsSupport": True, "EnableDnsHostnames": True, "InstanceTenancy": "default", "Tags": TAGS}
    after = before | {"EnableDnsHostnames": False, "Tags": TAGS[1:] + [{"Key": "Name", "Value": "two"}]}
    names = ("VpcId", "CidrBlock", "CidrBlockAssociations", "DefaultNetworkAcl", "DefaultSecurityGroup", "Ipv6CidrBlocks")
    world.live("AWS::EC2::VPC", before, after, lambda made: tag(world, made), seen, "Tags", names)


def test_a_vpc_with_subnets_stays(world, net):
    with pytest.raises(ResourceFailed, match=r"has dependencies and cannot be deleted.*DependencyViolation"):
        world.delete("AWS::EC2::VPC", net.made.vpc)


def test_a_stacks_tag_that_goes_is_removed_and_a_foreign_one_stays(world):
    made = world.make("AWS::EC2::VPC", CidrBlock="10.8.0.0/16")
    tag(world, made, "put-by", "hand")
    tags = world.context.tags
    world.context.tags = {"platform": "demo"}
    try:
        world.update("AWS::EC2::VPC", made, {"CidrBlock": "10.8.0.0/16"}, {"CidrBlock": "10.8.0.0/16"})
    finally:
        world.context.tags = tags
    vpc = world.client("ec2").describe_vpcs(VpcIds=[made.physical_id])["Vpcs"][0]
    assert {tag["Key"] for tag in vpc["Tags"] if not tag["Key"].startswith("aws:")} == {"platform", "put-by"}


def test_more_addresses_of_a_vpc(world, net):
    world.live("AWS::EC2::VPCCidrBlock", {"VpcId": net.vpc, "CidrBlock": "10.21.0.0/16"})
    world.live("AWS::EC2::VPCCidrBlock", {"VpcId": net.vpc, "AmazonProvidedIpv6CidrBlock": True}, attributes=("Id",))


def test_a_subnet_lives(world, net):
    before = {"VpcId": net.vpc, "CidrBlock": "10.20.64.0/20", "AvailabilityZone": "us-east-1b", "MapPublicIpOnLaunch": True, "Tags": TAGS}
    after = before | {"MapPublicIpOnLaunch": False}

    def outside(made):
        world.client("ec2").modify_subnet_attribute(SubnetId=made.physical_id, MapPublicIpOnLaunch={"Value": True})

    attributes = ("SubnetId", "AvailabilityZone", "NetworkAclAssociationId", "Ipv6CidrBlocks")
    world.live("AWS::EC2::Subnet", before, after, outside, None, "MapPublicIpOnLaunch", attributes)


def test_a_subnet_with_both_address_families(world):
    vpc = world.make("AWS::EC2::VPC", CidrBlock="10.30.0.0/16")
    world.make("AWS::EC2::VPCCidrBlock", VpcId=vpc.physical_id, AmazonProvidedIpv6CidrBlock="true")
    block = world.client("ec2").describe_vpcs(VpcIds=[vpc.physical_id])["Vpcs"][0]["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"].replace("/56", "/64")
    before = {"VpcId": vpc.physical_id, "CidrBlock": "10.30.0.0/20", "Ipv6CidrBlock": block, "AssignIpv6AddressOnCreation": True}
    made = world.live("AWS::EC2::Subnet", before)
    assert made.attributes["Ipv6CidrBlocks"] == [block]


def test_a_subnet_outside_its_network_is_refused(world, net):
    with pytest.raises(ResourceFailed) as refused:
        world.make("AWS::EC2::Subnet", VpcId=net.vpc, CidrBlock="10.99.0.0/20")
    assert refused.value.code == "InvalidRequest" and "InvalidSubnet.Range" in refused.value.message


def test_gateways_live(world, net):
    vpc = world.make("AWS::EC2::VPC", CidrBlock="10.31.0.0/16").physical_id
    world.live("AWS::EC2::InternetGateway", {"Tags": TAGS}, {"Tags": TAGS[:1]}, lambda made: tag(world, made, "by", "hand"), None, "Tags")
    one, two = (world.make("AWS::EC2::InternetGateway").physical_id for _unused in range(2))
    before = {"VpcId": vpc, "InternetGatewayId": one}
    made = world.live("AWS::EC2::VPCGatewayAttachment", before, before | {"InternetGatewayId": two})
    assert made.physical_id == f"IGW|{vpc}" and made.attributes == {"AttachmentType": "IGW"}
    world.live("AWS::EC2::EgressOnlyInternetGateway", {"VpcId": vpc, "Tags": TAGS})


def test_an_address_and_a_nat_gateway_live(world, net):
    def seen(made):
        address = world.client("ec2").describe_addresses(PublicIps=[made.physical_id])["Addresses"][0]
        assert address["AllocationId"] == made.attributes["AllocationId"]
        assert {"Key": "Name", "Value": "one"} in address["Tags"]

    world.live("AWS::EC2::EIP", {"Domain": "vpc", "Tags": TAGS}, {"Domain": "vpc", "Tags": TAGS[:1]}, seen=seen)
    address = world.make("AWS::EC2::EIP", Domain="vpc")
    before = {"SubnetId": net.subnet, "AllocationId": address.attributes["AllocationId"], "Tags": TAGS}
    world.live(
        "AWS::EC2::NatGateway", before, before | {"Tags": TAGS[1:]}, lambda made: tag(world, made, TAGS[1]["Key"], "0"), None, "Tags", ("NatGatewayId", "EniId")
    )


def test_routes_live(world, net):
    world.live("AWS::EC2::RouteTable", {"VpcId": net.vpc, "Tags": TAGS}, {"VpcId": net.vpc, "Tags": []})
    address = world.make("AWS::EC2::EIP", Domain="vpc").attributes["AllocationId"]
    nat = world.make("AWS::EC2::NatGateway", SubnetId=net.subnet, AllocationId=address).physical_id
    before = {"RouteTableId": net.table, "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": net.gateway}
    after = {"RouteTableId": net.table, "DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": nat}

    def outside(made):
        world.client("ec2").replace_route(RouteTableId=net.table, DestinationCidrBlock="0.0.0.0/0", GatewayId=net.gateway)

    made = world.live("AWS::EC2::Route", before, after, outside, None, "NatGatewayId")
    assert made.physical_id == f"{net.table}|0.0.0.0/0"
    egress = world.make("AWS::EC2::EgressOnlyInternetGateway", VpcId=net.vpc).physical_id
    world.live("AWS::EC2::Route", {"RouteTableId": net.table, "DestinationIpv6CidrBlock": "::/0", "EgressOnlyInternetGatewayId": egress})
    made = world.live("AWS::EC2::SubnetRouteTableAssociation", {"RouteTableId": net.table, "SubnetId": net.other}, attributes=("Id",))
    assert made.physical_id.startswith("rtbassoc-")


def test_endpoints_live(world, net):
    name = "com.amazonaws.us-east-1.s3"
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}]}
    second = world.make("AWS::EC2::RouteTable", VpcId=net.vpc).physical_id
    before = {"VpcId": net.vpc, "ServiceName": name, "VpcEndpointType": "Gateway", "RouteTableIds": [net.table], "PolicyDocument": policy}
    after = before | {"RouteTableIds": [second]}

    def outside(made):
        world.client("ec2").modify_vpc_endpoint(VpcEndpointId=made.physical_id, AddRouteTableIds=[net.table])

    world.live("AWS::EC2::VPCEndpoint", before, after, outside, None, "RouteTableIds", ("Id", "CreationTimestamp"))
    group = world.make("AWS::EC2::SecurityGroup", GroupDescription="endpoints", VpcId=net.vpc).physical_id
    interface = {"VpcId": net.vpc, "ServiceName": "com.amazonaws.us-east-1.sts", "VpcEndpointType": "Interface", "PrivateDnsEnabled": True}
    interface |= {"SubnetIds": [net.subnet, net.other], "SecurityGroupIds": [group]}
    world.live("AWS::EC2::VPCEndpoint", interface, interface | {"SubnetIds": [net.subnet]}, attributes=("DnsEntries", "NetworkInterfaceIds"))


def test_a_flow_log_lives(world, net):
    world.client("logs").create_log_group(logGroupName="flows")
    role = "arn:aws:iam::123456789012:role/flows"
    world.live(
        "AWS::EC2::FlowLog",
        {"ResourceId": net.vpc, "ResourceType": "VPC", "TrafficType": "ALL", "LogGroupName": "flows", "DeliverLogsPermissionArn": role, "Tags": TAGS},
    )


def test_a_security_group_lives(world, net):
    rules = [
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.20.0.0/16", "Description": "API"},
        {"IpProtocol": "tcp", "FromPort": "5432", "ToPort": "5432", "CidrIp": "10.20.16.0/20"},
    ]
    before = {"GroupDescription": "nodes", "GroupName": "demo-nodes", "VpcId": net.vpc, "SecurityGroupIngress": rules, "Tags": TAGS}
    before["SecurityGroupEgress"] = [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}]
    after = before | {"SecurityGroupIngress": rules[1:], "SecurityGroupEgress": [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"}]}

    def outside(made):
        permission = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
        world.client("ec2").authorize_security_group_ingress(GroupId=made.physical_id, IpPermissions=[permission])

    world.live("AWS::EC2::SecurityGroup", before, after, outside, None, "SecurityGroupIngress", ("GroupId", "VpcId", "Id"))


def test_rules_of_their_own_are_no_drift_of_their_group(world, net):
    inline = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "10.20.0.0/16"}
    properties = {"GroupDescription": "one", "VpcId": net.vpc, "SecurityGroupIngress": [inline]}
    group = world.make("AWS::EC2::SecurityGroup", **properties)
    peer = world.make("AWS::EC2::SecurityGroup", GroupDescription="peer", VpcId=net.vpc)
    rule = {"GroupId": group.physical_id, "IpProtocol": "tcp", "FromPort": 9092, "ToPort": 9098, "SourceSecurityGroupId": peer.physical_id}
    made = world.make("AWS::EC2::SecurityGroupIngress", **rule)
    assert world.read("AWS::EC2::SecurityGroup", group, properties) == properties
    assert world.read("AWS::EC2::SecurityGroupIngress", made, rule) == rule
    with pytest.raises(ResourceFailed) as refused:
        world.make("AWS::EC2::SecurityGroupIngress", **rule)
    assert refused.value.code == "AlreadyExists"
    with pytest.raises(ResourceFailed, match="DependencyViolation"):
        world.delete("AWS::EC2::SecurityGroup", peer)
    world.delete("AWS::EC2::SecurityGroupIngress", made, rule)
    world.live("AWS::EC2::SecurityGroupIngress", rule | {"Description": "brokers"}, rule | {"Description": "clients"}, attributes=("Id",))
    egress = {"GroupId": group.physical_id, "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "DestinationSecurityGroupId": peer.physical_id}
    world.live("AWS::EC2::SecurityGroupEgress", egress)
    world.delete("AWS::EC2::SecurityGroup", peer)


def test_a_launch_template_lives(world):
    data = {"InstanceType": "m6i.large", "MetadataOptions": {"HttpTokens": "required"}}
    before = {"LaunchTemplateName": "nodes", "LaunchTemplateData": data}
    made = world.make("AWS::EC2::LaunchTemplate", **before)
    after = before | {"LaunchTemplateData": data | {"InstanceType": "m6i.xlarge"}}
    assert made.attributes["LatestVersionNumber"] == "1"
    assert world.update("AWS::EC2::LaunchTemplate", made, before, after).attributes["LatestVersionNumber"] == "2"
    assert world.read("AWS::EC2::LaunchTemplate", made, after) == after
    world.delete("AWS::EC2::LaunchTemplate", made, after)
    world.delete("AWS::EC2::LaunchTemplate", made, after)

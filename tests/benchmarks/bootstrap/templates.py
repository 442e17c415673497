# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates of a platform's shape: the types that take long, and what they cannot be made without."""

from __future__ import annotations

from typing import Any

ZONES = "abc"
KEPT = {"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}
TEXT, LIST = {"Type": "String"}, {"Type": "CommaDelimitedList"}
Template = dict[str, dict[str, Any]]


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def attribute(name: str, of: str) -> dict[str, list[str]]:
    return {"Fn::GetAtt": [name, of]}


def made(kind: str, properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"Type": kind, "Properties": properties, **more}


def template(resources: dict[str, Any], parameters: dict[str, Any] | None = None, outputs: dict[str, Any] | None = None) -> Template:
    """The three sections, without those that are empty."""
    sections = {"Parameters": parameters or {}, "Resources": resources, "Outputs": {name: {"Value": value} for name, value in (outputs or {}).items()}}
    return {name: section for name, section in sections.items() if section}


def network(region: str) -> Template:
    """Three zones with a public, a private and a database subnet and a NAT gateway each, endpoints, security groups."""
    in_vpc = {"VpcId": ref("Vpc")}
    resources = {
        "Vpc": made("AWS::EC2::VPC", {"CidrBlock": ref("VpcCidr"), "EnableDnsHostnames": True, "EnableDnsSupport": True}),
        "InternetGateway": made("AWS::EC2::InternetGateway", {}),
        "Attachment": made("AWS::EC2::VPCGatewayAttachment", {**in_vpc, "InternetGatewayId": ref("InternetGateway")}),
        "PublicRouteTable": made("AWS::EC2::RouteTable", in_vpc),
        "PublicRoute": made(
            "AWS::EC2::Route",
            {"RouteTableId": ref("PublicRouteTable"), "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": ref("InternetGateway")},
            DependsOn="Attachment",
        ),
        "StorageEndpoint": made(
            "AWS::EC2::VPCEndpoint",
            {
                **in_vpc,
                "ServiceName": f"com.amazonaws.{region}.s3",
                "VpcEndpointType": "Gateway",
                "RouteTableIds": [ref(f"RouteTable{zone.upper()}") for zone in ZONES],
            },
        ),
        "SecurityGroup": made("AWS::EC2::SecurityGroup", {**in_vpc, "GroupDescription": "Data services"}),
        "FromVpc": made(
            "AWS::EC2::SecurityGroupIngress",
            {
                "GroupId": attribute("SecurityGroup", "GroupId"),
                "IpProtocol": "tcp",
                "FromPort": 5432,
                "ToPort": 5432,
                "CidrIp": ref("VpcCidr"),
                "Description": "psql",
            },
        ),
    }
    for number, zone in enumerate(ZONES):
        for place, (kind, size) in enumerate((("Public", 4), ("Private", 4), ("Database", 4))):
            cidr = {"Fn::Select": [3 * number + place, {"Fn::Cidr": [ref("VpcCidr"), 9, 16 - size]}]}
            resources[f"{kind}Subnet{zone.upper()}"] = made("AWS::EC2::Subnet", {**in_vpc, "AvailabilityZone": f"{region}{zone}", "CidrBlock": cidr})
        resources |= _zone(zone.upper(), in_vpc)
    ids = {f"{kind}SubnetIds": {"Fn::Join": [",", [ref(f"{kind}Subnet{zone.upper()}") for zone in ZONES]]} for kind in ("Private", "Database")}
    return template(resources, {"VpcCidr": TEXT}, {"VpcId": ref("Vpc"), "SecurityGroupId": attribute("SecurityGroup", "GroupId"), **ids})


def _zone(zone: str, in_vpc: dict[str, Any]) -> dict[str, Any]:
    nat = {"SubnetId": ref(f"PublicSubnet{zone}"), "AllocationId": attribute(f"Address{zone}", "AllocationId")}
    return {
        f"Address{zone}": made("AWS::EC2::EIP", {"Domain": "vpc"}, DependsOn="Attachment"),
        f"NatGateway{zone}": made("AWS::EC2::NatGateway", nat),
        f"RouteTable{zone}": made("AWS::EC2::RouteTable", in_vpc),
        f"Route{zone}": made(
            "AWS::EC2::Route", {"RouteTableId": ref(f"RouteTable{zone}"), "DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": ref(f"NatGateway{zone}")}
        ),
        f"PublicAssociation{zone}": made(
            "AWS::EC2::SubnetRouteTableAssociation", {"SubnetId": ref(f"PublicSubnet{zone}"), "RouteTableId": ref("PublicRouteTable")}
        ),
        f"PrivateAssociation{zone}": made(
            "AWS::EC2::SubnetRouteTableAssociation", {"SubnetId": ref(f"PrivateSubnet{zone}"), "RouteTableId": ref(f"RouteTable{zone}")}
        ),
    }


def _subnet_group(kind: str, names: tuple[str, str, str], name: str) -> dict[str, Any]:
    named, described, subnets = names
    return made(kind, {named: name, described: "Database subnets", subnets: ref("DatabaseSubnetIds")})


RDS_GROUP = ("DBSubnetGroupName", "DBSubnetGroupDescription", "SubnetIds")


def postgres(name: str) -> Template:
    password = {"Fn::Sub": "{{resolve:secretsmanager:${Secret}:SecretString:password}}"}
    generated = {"SecretStringTemplate": '{"username": "platform"}', "GenerateStringKey": "password", "ExcludePunctuation": True, "PasswordLength": 32}
    instance = {
        "DBInstanceIdentifier": name,
        "DBInstanceClass": "db.r6g.large",
        "Engine": "postgres",
        "EngineVersion": "17",
        "AllocatedStorage": "100",
        "StorageType": "gp3",
        "StorageEncrypted": True,
        "KmsKeyId": ref("KeyArn"),
        "MultiAZ": True,
        "BackupRetentionPeriod": 7,
        "DeletionProtection": True,
        "DBSubnetGroupName": ref("SubnetGroup"),
        "VPCSecurityGroups": [ref("SecurityGroupId")],
        "MasterUsername": "platform",
        "MasterUserPassword": password,
    }
    resources = {
        "Secret": made("AWS::SecretsManager::Secret", {"Name": f"{name}-master", "GenerateSecretString": generated}, **KEPT),
        "SubnetGroup": _subnet_group("AWS::RDS::DBSubnetGroup", RDS_GROUP, name),
        "Instance": made("AWS::RDS::DBInstance", instance, **KEPT),
    }
    parameters = {"KeyArn": TEXT, "DatabaseSubnetIds": LIST, "SecurityGroupId": TEXT}
    return template(resources, parameters, {"InstanceArn": attribute("Instance", "DBInstanceArn")})


def replica(name: str, source_region: str) -> Template:
    instance = {
        "DBInstanceIdentifier": name,
        "DBInstanceClass": "db.r6g.large",
        "SourceDBInstanceIdentifier": ref("SourceArn"),
        "SourceRegion": source_region,
        "KmsKeyId": ref("KeyArn"),
        "DeletionProtection": True,
        "DBSubnetGroupName": ref("SubnetGroup"),
        "VPCSecurityGroups": [ref("SecurityGroupId")],
    }
    resources = {"SubnetGroup": _subnet_group("AWS::RDS::DBSubnetGroup", RDS_GROUP, name), "Instance": made("AWS::RDS::DBInstance", instance, **KEPT)}
    parameters = {"KeyArn": TEXT, "SourceArn": TEXT, "DatabaseSubnetIds": LIST, "SecurityGroupId": TEXT}
    return template(resources, parameters, {"InstanceArn": attribute("Instance", "DBInstanceArn")})


def redis(name: str) -> Template:
    group = {
        "ReplicationGroupId": name,
        "ReplicationGroupDescription": "Cache",
        "Engine": "valkey",
        "CacheNodeType": "cache.r7g.large",
        "NumCacheClusters": 3,
        "AutomaticFailoverEnabled": True,
        "MultiAZEnabled": True,
        "AtRestEncryptionEnabled": True,
        "TransitEncryptionEnabled": True,
        "CacheSubnetGroupName": ref("SubnetGroup"),
        "SecurityGroupIds": [ref("SecurityGroupId")],
    }
    names = ("CacheSubnetGroupName", "Description", "SubnetIds")
    resources = {
        "SubnetGroup": _subnet_group("AWS::ElastiCache::SubnetGroup", names, name),
        "Group": made("AWS::ElastiCache::ReplicationGroup", group, UpdatePolicy={"UseOnlineResharding": True}, **KEPT),
    }
    return template(resources, {"DatabaseSubnetIds": LIST, "SecurityGroupId": TEXT}, {"GroupId": ref("Group")})


def kafka(name: str) -> Template:
    properties = {
        "ClusterName": name,
        "KafkaVersion": "3.9.x",
        "NumberOfBrokerNodes": 3,
        "BrokerNodeGroupInfo": {"InstanceType": "kafka.m7g.large", "ClientSubnets": ref("DatabaseSubnetIds"), "SecurityGroups": [ref("SecurityGroupId")]},
        "EncryptionInfo": {"EncryptionAtRest": {"DataVolumeKMSKeyId": ref("KeyArn")}},
    }
    return template(
        {"Cluster": made("AWS::MSK::Cluster", properties, **KEPT)},
        {"KeyArn": TEXT, "DatabaseSubnetIds": LIST, "SecurityGroupId": TEXT},
        {"Arn": ref("Cluster")},
    )


def search(name: str) -> Template:
    properties = {
        "DomainName": name,
        "EngineVersion": "OpenSearch_2.19",
        "ClusterConfig": {
            "InstanceType": "r7g.large.search",
            "InstanceCount": 3,
            "ZoneAwarenessEnabled": True,
            "ZoneAwarenessConfig": {"AvailabilityZoneCount": 3},
        },
        "EBSOptions": {"EBSEnabled": True, "VolumeType": "gp3", "VolumeSize": 100},
        "EncryptionAtRestOptions": {"Enabled": True, "KmsKeyId": ref("KeyArn")},
        "NodeToNodeEncryptionOptions": {"Enabled": True},
        "DomainEndpointOptions": {"EnforceHTTPS": True},
        "VPCOptions": {"SubnetIds": ref("DatabaseSubnetIds"), "SecurityGroupIds": [ref("SecurityGroupId")]},
    }
    domain = made("AWS::OpenSearchService::Domain", properties, UpdatePolicy={"EnableVersionUpgrade": True}, **KEPT)
    return template({"Domain": domain}, {"KeyArn": TEXT, "DatabaseSubnetIds": LIST, "SecurityGroupId": TEXT}, {"Arn": attribute("Domain", "Arn")})


def edge(name: str) -> Template:
    visible = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "edge"}
    origin = {"Id": "origin", "DomainName": "origin.example.com", "CustomOriginConfig": {"OriginProtocolPolicy": "https-only"}}
    behaviour = {"TargetOriginId": "origin", "ViewerProtocolPolicy": "redirect-to-https", "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"}
    distribution = {"Enabled": True, "Comment": name, "Origins": [origin], "DefaultCacheBehavior": behaviour, "WebACLId": attribute("WebAcl", "Arn")}
    resources = {
        "WebAcl": made("AWS::WAFv2::WebACL", {"Name": name, "Scope": "CLOUDFRONT", "DefaultAction": {"Allow": {}}, "VisibilityConfig": visible}),
        "Distribution": made("AWS::CloudFront::Distribution", {"DistributionConfig": distribution}),
    }
    return template(resources, {}, {"DomainName": attribute("Distribution", "DomainName")})

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A landscape of the types that platforms stand on: made by hand through the services' own APIs, and as stacks that declare the same."""

from __future__ import annotations

import json
from typing import Any

import yaml

from ansible_collections.llmops.platform.plugins.module_utils._stacks.stateful import stack_policy
from tests.support.stack_graphs import stack
from tests.support.stack_graphs import template

KEPT = {"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "eks.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
KEY_POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"}]}
PASSWORD = "{{resolve:secretsmanager:hub/postgresql:SecretString:password}}"


def kept(kind: str, properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"Type": kind, **KEPT, "Properties": properties, **more}


def plain(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": kind, "Properties": properties}


def network() -> dict[str, Any]:
    """Two subnets, gateways, an endpoint and a group with a rule, by parameters and references as roles write them."""
    vpc, name = {"Ref": "Vpc"}, {"Ref": "AWS::StackName"}
    resources = {
        "Vpc": plain("AWS::EC2::VPC", CidrBlock={"Ref": "Cidr"}, EnableDnsHostnames=True, EnableDnsSupport=True, Tags=[{"Key": "Name", "Value": name}]),
        "Gateway": plain("AWS::EC2::InternetGateway", Tags=[{"Key": "Name", "Value": name}]),
        "Attachment": plain("AWS::EC2::VPCGatewayAttachment", InternetGatewayId={"Ref": "Gateway"}, VpcId=vpc),
        "Address": {**plain("AWS::EC2::EIP", Domain="vpc"), "DependsOn": "Attachment"},
        "Nat": plain("AWS::EC2::NatGateway", AllocationId={"Fn::GetAtt": ["Address", "AllocationId"]}, SubnetId={"Ref": "Public"}),
        "Public": plain("AWS::EC2::Subnet", AvailabilityZone="us-east-1a", CidrBlock="10.9.0.0/24", VpcId=vpc),
        "Private": plain("AWS::EC2::Subnet", AvailabilityZone="us-east-1a", CidrBlock="10.9.1.0/24", VpcId=vpc),
        "PrivateTable": plain("AWS::EC2::RouteTable", VpcId=vpc),
        "PrivateAssociation": plain("AWS::EC2::SubnetRouteTableAssociation", RouteTableId={"Ref": "PrivateTable"}, SubnetId={"Ref": "Private"}),
        "PrivateRoute": plain("AWS::EC2::Route", DestinationCidrBlock="0.0.0.0/0", NatGatewayId={"Ref": "Nat"}, RouteTableId={"Ref": "PrivateTable"}),
        "Group": plain("AWS::EC2::SecurityGroup", GroupDescription="Nodes", GroupName={"Fn::Sub": "${AWS::StackName}-nodes"}, VpcId=vpc),
    }
    outputs = {
        "VpcId": vpc,
        "TableIds": {"Fn::Join": [",", [{"Ref": "PrivateTable"}]]},
        "GroupId": {"Ref": "Group"},
        "SubnetIds": {"Fn::Join": [",", [{"Ref": "Private"}]]},
    }
    return stack("hub-dev-network", template(resources, ("Cidr",), outputs), parameters={"Cidr": {"value": "10.9.0.0/16"}})


def endpoints() -> dict[str, Any]:
    """They know their network by its stack's outputs, which do not exist before it is adopted."""
    rule = {"CidrIp": "10.9.0.0/16", "Description": "TLS", "FromPort": 443, "GroupId": {"Ref": "GroupId"}, "IpProtocol": "tcp", "ToPort": 443}
    service = {"Fn::Sub": "com.amazonaws.${AWS::Region}.s3"}
    endpoint = {"RouteTableIds": [{"Ref": "TableIds"}], "ServiceName": service, "VpcEndpointType": "Gateway", "VpcId": {"Ref": "VpcId"}}
    resources = {"S3Endpoint": plain("AWS::EC2::VPCEndpoint", **endpoint), "Rule": plain("AWS::EC2::SecurityGroupIngress", **rule)}
    wanted = ("GroupId", "TableIds", "VpcId")
    return stack("hub-dev-endpoints", template(resources, wanted), parameters={name: {"stack": "us-east-1/hub-dev-network", "output": name} for name in wanted})


def account() -> dict[str, Any]:
    """A key with its alias, a role, a repository, a bucket, a log group and a zone."""
    resources = {
        "Key": kept("AWS::KMS::Key", {"Description": "data", "EnableKeyRotation": True, "KeyPolicy": KEY_POLICY}),
        "Alias": plain("AWS::KMS::Alias", AliasName="alias/hub-dev-data", TargetKeyId={"Ref": "Key"}),
        "Role": plain("AWS::IAM::Role", AssumeRolePolicyDocument=TRUST, RoleName="hub-dev-cluster"),
        "Images": kept("AWS::ECR::Repository", {"RepositoryName": "hub-dev/api", "ImageTagMutability": "IMMUTABLE"}),
        "Assets": kept("AWS::S3::Bucket", {"BucketName": "hub-dev-assets", "VersioningConfiguration": {"Status": "Enabled"}}),
        "Logs": plain("AWS::Logs::LogGroup", LogGroupName="/hub/dev/api", RetentionInDays=30),
        "Zone": plain("AWS::Route53::HostedZone", Name="hub.example.org"),
    }
    outputs = {"RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}, "KeyArn": {"Fn::GetAtt": ["Key", "Arn"]}}
    text = template(resources, (), outputs)
    return stack("hub-dev-account", text, capabilities=["CAPABILITY_NAMED_IAM"], protection=True, policy=stack_policy())


def cluster() -> dict[str, Any]:
    """A control plane, an add-on, an entry and a pool, in one stack."""
    vpc = {"EndpointPrivateAccess": True, "EndpointPublicAccess": False}
    resources = {
        "Cluster": plain(
            "AWS::EKS::Cluster", Name="hub-dev", RoleArn={"Ref": "RoleArn"}, BootstrapSelfManagedAddons=False, DeletionProtection=True,
            ResourcesVpcConfig={**vpc, "SubnetIds": {"Fn::Split": [",", {"Ref": "SubnetIds"}]}},
        ),
        "Entry": plain("AWS::EKS::AccessEntry", ClusterName={"Ref": "Cluster"}, PrincipalArn="arn:aws:iam::123456789012:role/operators"),
        "Cni": plain("AWS::EKS::Addon", AddonName="vpc-cni", ClusterName={"Ref": "Cluster"}),
        "Pool": plain(
            "AWS::EKS::Nodegroup", ClusterName={"Ref": "Cluster"}, NodegroupName="general", NodeRole={"Ref": "RoleArn"},
            ScalingConfig={"DesiredSize": 2, "MaxSize": 3, "MinSize": 1}, Subnets={"Fn::Split": [",", {"Ref": "SubnetIds"}]},
        ),
    }  # fmt: skip
    parameters = {
        "RoleArn": {"stack": "us-east-1/hub-dev-account", "output": "RoleArn"},
        "SubnetIds": {"stack": "us-east-1/hub-dev-network", "output": "SubnetIds"},
    }
    text = template(resources, tuple(parameters))
    return stack("hub-dev-cluster", text, parameters=parameters, protection=True, policy=stack_policy())


def data() -> dict[str, Any]:
    """Databases, as AWS's schemas let them be read."""
    subnets = {"Fn::Split": [",", {"Ref": "SubnetIds"}]}
    database = {
        "AllocatedStorage": "20", "DBInstanceClass": "db.t4g.micro", "DBInstanceIdentifier": "hub-dev", "DBParameterGroupName": {"Ref": "Parameters"},
        "DBSubnetGroupName": {"Ref": "Subnets"}, "DeletionProtection": True, "Engine": "postgres", "EngineVersion": "16", "MasterUserPassword": PASSWORD,
        "MasterUsername": "hub", "StorageEncrypted": True,
    }  # fmt: skip
    cache = {"AtRestEncryptionEnabled": True, "Engine": "redis", "ReplicationGroupDescription": "cache", "ReplicationGroupId": "hub-dev"}
    brokers = {"BrokerNodeGroupInfo": {"ClientSubnets": subnets, "InstanceType": "kafka.t3.small"}, "KafkaVersion": "3.6.0", "NumberOfBrokerNodes": 2}
    resources = {
        "Subnets": plain("AWS::RDS::DBSubnetGroup", DBSubnetGroupDescription="hub", DBSubnetGroupName="hub-dev", SubnetIds=subnets),
        "Parameters": plain("AWS::RDS::DBParameterGroup", DBParameterGroupName="hub-dev", Description="hub", Family="postgres16"),
        "Database": kept("AWS::RDS::DBInstance", database),
        "Cache": kept("AWS::ElastiCache::ReplicationGroup", cache, UpdatePolicy={"UseOnlineResharding": True}),
        "Brokers": kept("AWS::MSK::Cluster", {"ClusterName": "hub-dev", **brokers}),
        "Search": kept(
            "AWS::OpenSearchService::Domain", {"DomainName": "hub-dev", "EngineVersion": "OpenSearch_2.11"}, UpdatePolicy={"EnableVersionUpgrade": True}
        ),
    }
    parameters = {"SubnetIds": {"stack": "us-east-1/hub-dev-network", "output": "SubnetIds"}}
    return stack("hub-dev-data", template(resources, ("SubnetIds",)), parameters=parameters, protection=True, policy=stack_policy())


def graph() -> dict[str, Any]:
    return {**network(), **endpoints(), **account(), **cluster(), **data()}


class ByHand:
    """Makes the same through boto3. `client(service)` gives a client; `ids` are those that AWS made up."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.ids: dict[str, str] = {}

    def network(self) -> None:
        ec2, ids = self._client("ec2"), self.ids
        ids["vpc"] = vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
        for switch in ("EnableDnsSupport", "EnableDnsHostnames"):
            ec2.modify_vpc_attribute(VpcId=vpc, **{switch: {"Value": True}})
        ids["gateway"] = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=ids["gateway"], VpcId=vpc)
        for name, block in (("public", "10.9.0.0/24"), ("private", "10.9.1.0/24")):
            ids[name] = ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone="us-east-1a")["Subnet"]["SubnetId"]
        address = ec2.allocate_address(Domain="vpc")
        ids["allocation"], ids["address"] = address["AllocationId"], address["PublicIp"]
        ids["nat"] = ec2.create_nat_gateway(SubnetId=ids["public"], AllocationId=address["AllocationId"])["NatGateway"]["NatGatewayId"]
        ids["table"] = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        ids["association"] = ec2.associate_route_table(RouteTableId=ids["table"], SubnetId=ids["private"])["AssociationId"]
        ec2.create_route(RouteTableId=ids["table"], DestinationCidrBlock="0.0.0.0/0", NatGatewayId=ids["nat"])
        ids["group"] = ec2.create_security_group(GroupName="hub-dev-network-nodes", Description="Nodes", VpcId=vpc)["GroupId"]

    def endpoints(self) -> None:
        ec2, ids = self._client("ec2"), self.ids
        made = ec2.create_vpc_endpoint(VpcId=ids["vpc"], ServiceName="com.amazonaws.us-east-1.s3", VpcEndpointType="Gateway", RouteTableIds=[ids["table"]])
        ids["endpoint"] = made["VpcEndpoint"]["VpcEndpointId"]
        rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.9.0.0/16", "Description": "TLS"}]}
        ids["rule"] = ec2.authorize_security_group_ingress(GroupId=ids["group"], IpPermissions=[rule])["SecurityGroupRules"][0]["SecurityGroupRuleId"]

    def account(self) -> None:
        kms, s3, logs = self._client("kms"), self._client("s3"), self._client("logs")
        self.ids["key"] = key = kms.create_key(Description="data", Policy=json.dumps(KEY_POLICY))["KeyMetadata"]["KeyId"]
        kms.enable_key_rotation(KeyId=key)
        kms.create_alias(AliasName="alias/hub-dev-data", TargetKeyId=key)
        self._client("iam").create_role(RoleName="hub-dev-cluster", AssumeRolePolicyDocument=json.dumps(TRUST))
        self._client("ecr").create_repository(repositoryName="hub-dev/api", imageTagMutability="IMMUTABLE")
        s3.create_bucket(Bucket="hub-dev-assets")
        s3.put_bucket_versioning(Bucket="hub-dev-assets", VersioningConfiguration={"Status": "Enabled"})
        logs.create_log_group(logGroupName="/hub/dev/api")
        logs.put_retention_policy(logGroupName="/hub/dev/api", retentionInDays=14)
        zone = self._client("route53").create_hosted_zone(Name="hub.example.org.", CallerReference="one")
        self.ids["zone"] = zone["HostedZone"]["Id"].rpartition("/")[2]

    def cluster(self) -> None:
        eks, role = self._client("eks"), "arn:aws:iam::123456789012:role/hub-dev-cluster"
        vpc = {"subnetIds": [self.ids["private"]], "endpointPrivateAccess": True, "endpointPublicAccess": False}
        eks.create_cluster(name="hub-dev", roleArn=role, resourcesVpcConfig=vpc, deletionProtection=True)
        eks.create_access_entry(clusterName="hub-dev", principalArn="arn:aws:iam::123456789012:role/operators")
        for name in ("general", "by-hand"):
            scaling = {"minSize": 1, "maxSize": 3, "desiredSize": 2}
            eks.create_nodegroup(clusterName="hub-dev", nodegroupName=name, nodeRole=role, subnets=[self.ids["private"]], scalingConfig=scaling)
        eks.create_addon(clusterName="hub-dev", addonName="vpc-cni")

    def data(self) -> None:
        rds, subnets = self._client("rds"), [self.ids["private"]]
        self._client("secretsmanager").create_secret(Name="hub/postgresql", SecretString=json.dumps({"password": "not-to-be-seen"}))
        rds.create_db_subnet_group(DBSubnetGroupName="hub-dev", DBSubnetGroupDescription="hub", SubnetIds=subnets)
        rds.create_db_parameter_group(DBParameterGroupName="hub-dev", DBParameterGroupFamily="postgres16", Description="hub")
        rds.create_db_instance(
            DBInstanceIdentifier="hub-dev", DBInstanceClass="db.t4g.micro", Engine="postgres", EngineVersion="16.4", AllocatedStorage=20,
            MasterUsername="hub", MasterUserPassword="not-to-be-seen", DBSubnetGroupName="hub-dev", DBParameterGroupName="hub-dev",
            StorageEncrypted=True, DeletionProtection=True,
        )  # fmt: skip
        cache = {"ReplicationGroupId": "hub-dev", "ReplicationGroupDescription": "cache", "Engine": "redis", "AtRestEncryptionEnabled": True}
        self._client("elasticache").create_replication_group(**cache)
        nodes = {"ClientSubnets": subnets, "InstanceType": "kafka.t3.small"}
        made = self._client("kafka").create_cluster(ClusterName="hub-dev", KafkaVersion="3.6.0", NumberOfBrokerNodes=2, BrokerNodeGroupInfo=nodes)
        self.ids["brokers"] = made["ClusterArn"]
        self._client("opensearch").create_domain(DomainName="hub-dev", EngineVersion="OpenSearch_2.11")

    def everything(self) -> dict[str, str]:
        for make in (self.network, self.endpoints, self.account, self.cluster, self.data):
            make()
        return self.ids


def resources_of(text: str) -> dict[str, Any]:
    return yaml.safe_load(text)["Resources"]

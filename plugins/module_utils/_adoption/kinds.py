# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""How each type of resource is found: by its declared name, by what refers to it, or among what its service lists.

Sources: primaryIdentifier of the resource schemas, the answers' shapes of botocore's service models, the resource names of Terraform's AWS provider.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field

from ansible_collections.llmops.platform.plugins.module_utils._adoption import schemas


@dataclass(frozen=True)
class Search:
    """A listing call of a service. `items`, `id`, `fields` and `tags` are JMESPaths: into the answer, then into one item.

    `id`: the identifier's parts joined by a bar. `fields`: properties as a template names them. `system`: what is no one's to adopt, if true.
    """

    service: str
    operation: str
    items: str
    id: str
    fields: Mapping[str, str] = field(default_factory=dict)
    tags: str = ""
    system: str = ""


@dataclass(frozen=True)
class Kind:
    """One type.

    `name`: the identifier out of declared properties (`{Property}`, `{A|B}` for the first that is declared, `{:account}`, `{:partition}`), empty where
    the identifier is no declared name. `match`: sets of properties that tell a listed resource, the first that is declared counts; `X?` may be missing on
    both sides. `through`: (type, property) of another resource of the same stack whose live property names this one. `inside`: the field that tells
    whether a listed resource lies in an adopted one, for what is named as left over. `terraform`: the types of Terraform's AWS provider; `parts`: further ones
    that manage a part of what a template declares as one resource.
    """

    terraform: tuple[str, ...] = ()
    name: str = ""
    search: Search | None = None
    match: tuple[tuple[str, ...], ...] = ()
    through: tuple[tuple[str, str], ...] = ()
    inside: str = ""
    parts: tuple[str, ...] = ()


TAG = "[?Key=='Name'].Value | [0]"
RULE = ("GroupId", "IpProtocol", "FromPort?", "ToPort?", "CidrIp?", "CidrIpv6?", "{peer}SecurityGroupId?", "{peer}PrefixListId?")


def ec2(operation: str, items: str, id: str, system: str = "", **fields: str) -> Search:
    """A listing of EC2: its resources carry their tags."""
    return Search("ec2", operation, items, id, {**fields, "Tags.Name": f"Tags{TAG}"}, "Tags", system)


def rule(direction: str, peer: str) -> Kind:
    """A rule of a security group that is a resource of its own."""
    fields = {
        "GroupId": "GroupId", "IpProtocol": "IpProtocol", "FromPort": "FromPort", "ToPort": "ToPort", "CidrIp": "CidrIpv4", "CidrIpv6": "CidrIpv6",
        f"{peer}SecurityGroupId": "ReferencedGroupInfo.GroupId", f"{peer}PrefixListId": "PrefixListId",
    }  # fmt: skip
    listed = f"SecurityGroupRules[?IsEgress==`{'true' if direction == 'egress' else 'false'}`]"
    return Kind(
        ("aws_security_group_rule", f"aws_vpc_security_group_{direction}_rule"),
        search=Search("ec2", "DescribeSecurityGroupRules", listed, "SecurityGroupRuleId", fields),
        match=(tuple(one.format(peer=peer) for one in RULE),),
    )


NETWORK = {
    "AWS::EC2::VPC": Kind(
        ("aws_vpc",), search=ec2("DescribeVpcs", "Vpcs", "VpcId", "IsDefault", CidrBlock="CidrBlock"), match=(("Tags.Name", "CidrBlock"), ("Tags.Name",))
    ),
    "AWS::EC2::VPCCidrBlock": Kind(
        ("aws_vpc_ipv4_cidr_block_association", "aws_vpc_ipv6_cidr_block_association", "aws_vpc"),
        search=Search(
            "ec2",
            "DescribeVpcs",
            "Vpcs[].{V: VpcId, A: Ipv6CidrBlockAssociationSet[?Ipv6CidrBlockState.State=='associated'].AssociationId | [0]} | [?A]",
            "join('|', [A, V])",
            {"VpcId": "V", "AmazonProvidedIpv6CidrBlock": "`true`"},
        ),
        match=(("VpcId", "AmazonProvidedIpv6CidrBlock"),),
    ),
    "AWS::EC2::Subnet": Kind(
        ("aws_subnet",),
        search=ec2("DescribeSubnets", "Subnets", "SubnetId", "DefaultForAz", VpcId="VpcId", CidrBlock="CidrBlock"),
        match=(("VpcId", "CidrBlock"),),
        inside="VpcId",
    ),
    "AWS::EC2::InternetGateway": Kind(
        ("aws_internet_gateway",),
        search=ec2("DescribeInternetGateways", "InternetGateways", "InternetGatewayId", VpcId="Attachments[0].VpcId"),
        through=(("AWS::EC2::VPCGatewayAttachment", "InternetGatewayId"),),
        match=(("Tags.Name",),),
        inside="VpcId",
    ),
    "AWS::EC2::VPCGatewayAttachment": Kind(("aws_internet_gateway_attachment", "aws_internet_gateway"), name="IGW|{VpcId}"),
    "AWS::EC2::EgressOnlyInternetGateway": Kind(
        ("aws_egress_only_internet_gateway",),
        search=ec2("DescribeEgressOnlyInternetGateways", "EgressOnlyInternetGateways", "EgressOnlyInternetGatewayId", VpcId="Attachments[0].VpcId"),
        match=(("VpcId",),),
        inside="VpcId",
    ),
    "AWS::EC2::EIP": Kind(
        ("aws_eip",),
        search=ec2("DescribeAddresses", "Addresses", "join('|', [PublicIp, AllocationId])", AllocationId="AllocationId", PublicIp="PublicIp"),
        through=(("AWS::EC2::NatGateway", "AllocationId"),),
        match=(("Tags.Name",),),
    ),
    "AWS::EC2::NatGateway": Kind(
        ("aws_nat_gateway",),
        search=ec2("DescribeNatGateways", "NatGateways[?State!='deleted' && State!='deleting']", "NatGatewayId", SubnetId="SubnetId", VpcId="VpcId"),
        match=(("SubnetId",),),
        inside="VpcId",
    ),
    "AWS::EC2::RouteTable": Kind(
        ("aws_route_table",),
        search=ec2("DescribeRouteTables", "RouteTables", "RouteTableId", "Associations[?Main] | [0].Main", VpcId="VpcId"),
        through=(("AWS::EC2::SubnetRouteTableAssociation", "RouteTableId"),),
        match=(("VpcId", "Tags.Name"),),
        inside="VpcId",
    ),
    "AWS::EC2::SubnetRouteTableAssociation": Kind(
        ("aws_route_table_association",),
        search=Search(
            "ec2",
            "DescribeRouteTables",
            "RouteTables[].Associations[] | [?SubnetId]",
            "RouteTableAssociationId",
            {"SubnetId": "SubnetId", "RouteTableId": "RouteTableId"},
        ),
        match=(("SubnetId",),),
    ),
    "AWS::EC2::Route": Kind(("aws_route",), name="{RouteTableId}|{DestinationCidrBlock|DestinationIpv6CidrBlock|DestinationPrefixListId}"),
    "AWS::EC2::VPCEndpoint": Kind(
        ("aws_vpc_endpoint",),
        search=ec2("DescribeVpcEndpoints", "VpcEndpoints[?State!='deleted' && State!='deleting']", "VpcEndpointId", VpcId="VpcId", ServiceName="ServiceName"),
        match=(("VpcId", "ServiceName"),),
        inside="VpcId",
    ),
    "AWS::EC2::SecurityGroup": Kind(
        ("aws_security_group",),
        search=ec2("DescribeSecurityGroups", "SecurityGroups", "GroupId", "GroupName=='default'", VpcId="VpcId", GroupName="GroupName"),
        match=(("VpcId", "GroupName"),),
        inside="VpcId",
        parts=("aws_security_group_rule", "aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule"),
    ),
    "AWS::EC2::SecurityGroupIngress": rule("ingress", "Source"),
    "AWS::EC2::SecurityGroupEgress": rule("egress", "Destination"),
    "AWS::EC2::FlowLog": Kind(
        ("aws_flow_log",),
        search=ec2("DescribeFlowLogs", "FlowLogs", "FlowLogId", ResourceId="ResourceId", LogDestinationType="LogDestinationType"),
        match=(("ResourceId", "LogDestinationType"),),
    ),
    "AWS::EC2::LaunchTemplate": Kind(
        ("aws_launch_template",),
        search=ec2("DescribeLaunchTemplates", "LaunchTemplates", "LaunchTemplateId", LaunchTemplateName="LaunchTemplateName"),
        match=(("LaunchTemplateName",),),
    ),
}
BUCKET_PARTS = tuple(
    f"aws_s3_bucket_{part}"
    for part in (
        "accelerate_configuration", "acl", "cors_configuration", "intelligent_tiering_configuration", "inventory", "lifecycle_configuration", "logging",
        "metric", "notification", "object_lock_configuration", "ownership_controls", "public_access_block", "replication_configuration",
        "server_side_encryption_configuration", "versioning", "website_configuration",
    )
)  # fmt: skip
ACCOUNT = {
    "AWS::KMS::Key": Kind(("aws_kms_key",), parts=("aws_kms_key_policy",), through=(("AWS::KMS::Alias", "TargetKeyId"),)),
    "AWS::KMS::Alias": Kind(("aws_kms_alias",)),
    "AWS::IAM::Role": Kind(("aws_iam_role",), parts=("aws_iam_role_policy_attachment", "aws_iam_role_policies_exclusive")),
    "AWS::IAM::RolePolicy": Kind(("aws_iam_role_policy",)),
    "AWS::IAM::InstanceProfile": Kind(("aws_iam_instance_profile",)),
    "AWS::IAM::ManagedPolicy": Kind(("aws_iam_policy",), name="arn:{:partition}:iam::{:account}:policy/{ManagedPolicyName}"),
    "AWS::IAM::OIDCProvider": Kind(("aws_iam_openid_connect_provider",), name="arn:{:partition}:iam::{:account}:oidc-provider/{Url}"),
    "AWS::ECR::Repository": Kind(("aws_ecr_repository",), parts=("aws_ecr_lifecycle_policy", "aws_ecr_repository_policy")),
    "AWS::S3::Bucket": Kind(("aws_s3_bucket",), parts=BUCKET_PARTS),
    "AWS::S3::BucketPolicy": Kind(("aws_s3_bucket_policy",)),
    "AWS::Logs::LogGroup": Kind(("aws_cloudwatch_log_group",)),
    "AWS::Route53::HostedZone": Kind(
        ("aws_route53_zone",), search=Search("route53", "ListHostedZones", "HostedZones", "Id", {"Name": "Name"}), match=(("Name",),)
    ),
}
CLUSTER = {
    "AWS::EKS::Cluster": Kind(("aws_eks_cluster",)),
    "AWS::EKS::Nodegroup": Kind(("aws_eks_node_group",), name="{ClusterName}/{NodegroupName}"),
    "AWS::EKS::Addon": Kind(("aws_eks_addon",)),
    "AWS::EKS::AccessEntry": Kind(("aws_eks_access_entry",), parts=("aws_eks_access_policy_association",)),
}
DATA = {
    "AWS::RDS::DBInstance": Kind(("aws_db_instance",)),
    "AWS::RDS::DBSubnetGroup": Kind(("aws_db_subnet_group",)),
    "AWS::RDS::DBParameterGroup": Kind(("aws_db_parameter_group",)),
    "AWS::ElastiCache::ReplicationGroup": Kind(("aws_elasticache_replication_group",)),
    "AWS::ElastiCache::SubnetGroup": Kind(("aws_elasticache_subnet_group",)),
    "AWS::ElastiCache::ParameterGroup": Kind(
        ("aws_elasticache_parameter_group",), through=(("AWS::ElastiCache::ReplicationGroup", "CacheParameterGroupName"),)
    ),
    "AWS::MSK::Cluster": Kind(
        ("aws_msk_cluster",),
        search=Search("kafka", "ListClusters", "ClusterInfoList", "ClusterArn", {"ClusterName": "ClusterName"}),
        match=(("ClusterName",),),
    ),
    "AWS::OpenSearchService::Domain": Kind(("aws_opensearch_domain", "aws_elasticsearch_domain"), parts=("aws_opensearch_domain_policy",)),
}
KINDS: dict[str, Kind] = {**NETWORK, **ACCOUNT, **CLUSTER, **DATA}
# What lies in a cluster: (type, operation, list, identifier).
OF_CLUSTER = (
    ("AWS::EKS::Nodegroup", "ListNodegroups", "nodegroups", "{cluster}/{name}"),
    ("AWS::EKS::Addon", "ListAddons", "addons", "{cluster}|{name}"),
    ("AWS::EKS::AccessEntry", "ListAccessEntries", "accessEntries", "{name}|{cluster}"),
)
# Where what Ref gives is not the whole identifier.
REFERENCES = {"AWS::EC2::EIP": 0, "AWS::EC2::VPCCidrBlock": 0}


def identifier_of(type_name: str) -> tuple[str, ...]:
    """The properties that name a resource of the type, in the schema's order; empty for a type that is not in the table."""
    return tuple(schemas.IDENTIFIER.get(type_name, "").split())


def kind_of(type_name: str) -> Kind:
    """The row of the type; of one without, its declared identifier is its name."""
    return KINDS.get(type_name) or Kind()


def physical_id(type_name: str, identifier: str) -> str:
    """What Ref gives of the resource with this identifier (its parts joined by bars)."""
    return identifier.split("|")[REFERENCES[type_name]] if type_name in REFERENCES else identifier


def unsupported(type_name: str) -> str:
    """Why CloudFormation cannot import the type; empty where it can."""
    if type_name in schemas.NO_IMPORT:
        return "CloudFormation cannot import this type (its schema has no handler that reads)"
    return "" if type_name in schemas.IDENTIFIER else f"{type_name} is in no table; add it to NAMES in tests/support/stack_schemas.py, run both writers"

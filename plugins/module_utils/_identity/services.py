# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What those may do who make load balancers, records, certificates, secrets and logs for the cluster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._identity.statements import allow
from ansible_collections.llmops.platform.plugins.module_utils._identity.statements import arn
from ansible_collections.llmops.platform.plugins.module_utils._identity.statements import sub

# The load balancer controller's mark on what it makes, with the cluster's name.
ELB = "elbv2.k8s.aws/cluster"
EC2_READS = (
    "AccountAttributes", "Addresses", "AvailabilityZones", "CoipPools", "Instances", "InternetGateways", "IpamPools", "NetworkInterfaces",
    "RouteTables", "SecurityGroups", "Subnets", "Tags", "VpcPeeringConnections", "Vpcs",
)  # fmt: skip
ELB_WRITES = (
    "DeleteLoadBalancer", "DeleteTargetGroup", "ModifyIpPools", "ModifyCapacityReservation", "ModifyLoadBalancerAttributes", "ModifyTargetGroup",
    "ModifyTargetGroupAttributes", "SetIpAddressType", "SetSecurityGroups", "SetSubnets",
)  # fmt: skip
ELB_LISTENERS = (
    "AddListenerCertificates", "CreateListener", "CreateRule", "DeleteListener", "DeleteRule", "ModifyListener", "ModifyListenerAttributes",
    "ModifyRule", "RemoveListenerCertificates", "SetRulePriorities", "SetWebAcl",
)  # fmt: skip
CREATIONS = ["CreateListener", "CreateLoadBalancer", "CreateRule", "CreateTargetGroup"]


def load_balancers(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """As the controller's own policy, with the cluster's name where that asks for any mark. `settings`: `{cluster, tags}`."""
    cluster = settings["cluster"]
    made, ours = {f"aws:RequestTag/{ELB}": cluster}, {f"aws:ResourceTag/{ELB}": cluster}
    group = arn("ec2", "security-group/*")
    balancers = [arn("elasticloadbalancing", f"{kind}/*") for kind in ("loadbalancer", "targetgroup", "listener", "listener-rule")]
    acls = [arn("elasticloadbalancing", "loadbalancer/app/*"), arn("wafv2", "regional/webacl/*")]
    return [
        allow(
            "Read", [f"ec2:Describe{thing}" for thing in EC2_READS] + ["ec2:GetCoipPoolUsage", "ec2:GetSecurityGroupsForVpc", "elasticloadbalancing:Describe*"]
        ),
        allow("ReadCertificates", ["acm:DescribeCertificate", "acm:ListCertificates", "wafv2:GetWebACL", "wafv2:GetWebACLForResource"]),
        allow(
            "Role", ["iam:CreateServiceLinkedRole"], _linked("elasticloadbalancing"), StringEquals={"iam:AWSServiceName": "elasticloadbalancing.amazonaws.com"}
        ),
        allow("Firewall", ["wafv2:AssociateWebACL", "wafv2:DisassociateWebACL"], acls),
        # Of its own groups, of the cluster's, and of those that the network's stack has for nodes.
        *(
            allow(f"Rules{name}", ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"], group, StringEquals=tags)
            for name, tags in (
                ("Own", ours),
                ("Cluster", {f"aws:ResourceTag/kubernetes.io/cluster/{cluster}": "owned"}),
                ("Nodes", {f"aws:ResourceTag/{name}": value for name, value in sorted(settings["tags"].items())}),
            )
        ),
        allow("MakeGroup", ["ec2:CreateSecurityGroup"], [group, arn("ec2", "vpc/*")]),
        allow("TagGroup", ["ec2:CreateTags"], group, StringEquals={**made, "ec2:CreateAction": "CreateSecurityGroup"}),
        allow("RetagGroup", ["ec2:CreateTags", "ec2:DeleteTags"], group, StringEquals=ours),
        allow("DropGroup", ["ec2:DeleteSecurityGroup"], group, StringEquals=ours),
        allow("Make", [f"elasticloadbalancing:Create{thing}" for thing in ("LoadBalancer", "TargetGroup")], balancers[:2], StringEquals=made),
        allow("Listeners", [f"elasticloadbalancing:{call}" for call in ELB_LISTENERS], balancers, StringEquals=ours),
        allow("Tag", ["elasticloadbalancing:AddTags"], balancers, StringEquals={**made, "elasticloadbalancing:CreateAction": CREATIONS}),
        allow("Retag", ["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"], balancers, StringEquals=ours),
        allow("Change", [f"elasticloadbalancing:{call}" for call in ELB_WRITES], balancers[:2], StringEquals=ours),
        allow("Targets", ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"], balancers[1], StringEquals=ours),
    ]


def _linked(service: str) -> dict[str, str]:
    return arn("iam", f"role/aws-service-role/{service}.amazonaws.com/*", region="")


def zone(settings: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    """ARN of the zone and the condition on names of records. Without the zone's id the names alone limit it. Raises ValueError without either."""
    if not settings["zone"]:
        raise ValueError("identity_zone is empty, but a controller writes records; name the zone, or take the controller out of identity_controllers")
    names = {"route53:ChangeResourceRecordSetsNormalizedRecordNames": [settings["zone"], f"*.{settings['zone']}"]}
    return sub(f"arn:${{AWS::Partition}}:route53:::hostedzone/{settings['hosted_zone_id'] or '*'}"), names


def records(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """External-dns: records of one zone. `settings`: `{zone, hosted_zone_id}`."""
    resource, names = zone(settings)
    return [
        allow("Read", ["route53:ListHostedZones", "route53:ListHostedZonesByName", "route53:ListResourceRecordSets", "route53:ListTagsForResources"]),
        allow("Change", ["route53:ChangeResourceRecordSets"], resource, **{"ForAllValues:StringLike": names}, Null=_present(names)),
    ]


def _present(names: Mapping[str, Any]) -> dict[str, str]:
    """`ForAllValues` is true of nothing as well."""
    return dict.fromkeys(names, "false")


def challenges(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Cert-manager: the TXT records by which an issuer sees whose the zone is. `settings`: `{zone, hosted_zone_id}`."""
    resource, names = zone(settings)
    (key,) = names
    limits = {key: [f"_acme-challenge.{name}" for name in names[key]][:1] + [f"_acme-challenge.*.{settings['zone']}"]}
    kinds = {"route53:ChangeResourceRecordSetsRecordTypes": ["TXT"]}
    both = {"ForAllValues:StringLike": limits, "ForAllValues:StringEquals": kinds}
    return [
        allow("Read", ["route53:ListHostedZonesByName", "route53:ListResourceRecordSets"]),
        allow("Wait", ["route53:GetChange"], sub("arn:${AWS::Partition}:route53:::change/*")),
        allow("Change", ["route53:ChangeResourceRecordSets"], resource, **both, Null=_present({**limits, **kinds})),
    ]


def secrets(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """External Secrets Operator: the deployment's own entries. `settings`: `{secret_prefix, secret_key}`."""
    entries = arn("secretsmanager", f"secret:{settings['secret_prefix']}/*")
    found = [allow("Read", ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue", "secretsmanager:ListSecretVersionIds"], entries)]
    if settings["secret_key"]:
        through = {"kms:ViaService": sub("secretsmanager.${AWS::Region}.amazonaws.com")}
        found.append(allow("Key", ["kms:Decrypt"], {"Ref": "SecretKeyArn"}, StringEquals=through))
    return found


def figures(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """CloudWatch agent: this cluster's logs, and figures of its name spaces. `settings`: `{cluster}`."""
    logs = f"log-group:/aws/containerinsights/{settings['cluster']}/*"
    spaces = ["ContainerInsights", "ContainerInsights/Prometheus", "CWAgent"]
    writing = [
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:DescribeLogGroups",
        "logs:DescribeLogStreams",
        "logs:PutLogEvents",
        "logs:PutRetentionPolicy",
    ]
    return [
        allow("Read", ["ec2:DescribeTags", "ec2:DescribeVolumes"]),
        allow("Figures", ["cloudwatch:PutMetricData"], StringEquals={"cloudwatch:namespace": spaces}),
        allow("Logs", writing, [arn("logs", logs), arn("logs", f"{logs}:*")]),
        allow("Settings", ["ssm:GetParameter"], arn("ssm", "parameter/AmazonCloudWatch-*")),
    ]

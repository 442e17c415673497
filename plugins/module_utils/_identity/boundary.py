# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The permission boundary: the most that any role of the deployment can be given, whatever its policies say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._identity.statements import allow
from ansible_collections.llmops.platform.plugins.module_utils._identity.statements import document
from ansible_collections.llmops.platform.plugins.module_utils._identity.statements import of_iam

# Services with an endpoint in each region: in the deployment's regions only.
REGIONAL = (
    "acm", "autoscaling", "backup", "backup-storage", "cloudformation", "cloudwatch", "dynamodb", "ec2", "ec2messages", "ecr", "eks", "eks-auth",
    "elasticache", "elasticfilesystem", "elasticloadbalancing", "es", "events", "kafka", "kafka-cluster", "kms", "logs", "mq", "rds", "rds-db",
    "secretsmanager", "servicequotas", "sns", "sqs", "ssm", "ssmmessages", "tag", "xray",
)  # fmt: skip
# The others: on what belongs to this account only.
GLOBAL = ("cloudfront", "route53", "s3", "sts", "wafv2")
READING = (
    "ce:Get*", "cloudtrail:Describe*", "cloudtrail:Get*", "cloudtrail:List*", "cloudtrail:LookupEvents", "iam:GenerateCredentialReport",
    "iam:GenerateServiceLastAccessedDetails", "iam:Get*", "iam:List*", "iam:SimulatePrincipalPolicy", "pricing:GetProducts",
)  # fmt: skip
PASSED_TO = ("cloudformation", "ec2", "eks", "pods.eks", "vpc-flow-logs")
PROFILES = ("AddRoleToInstanceProfile", "CreateInstanceProfile", "DeleteInstanceProfile", "RemoveRoleFromInstanceProfile", "TagInstanceProfile")


def boundary(prefix: str, regions: Iterable[str]) -> dict[str, Any]:
    """The document. `prefix`: beginning of the deployment's names.

    IAM is for reading, but for the service role of CloudFormation, which is made before there is a boundary. Raises ValueError without regions.
    """
    named = sorted(set(regions))
    if not named:
        raise ValueError("identity_regions is empty; name the regions that the platform's roles may use")
    foundation = [of_iam(f"{kind}/{prefix}-cloudformation-*") for kind in ("policy", "role")]
    services = {"iam:PassedToService": [f"{name}.amazonaws.com" for name in PASSED_TO]}
    return document(
        [
            allow("Regional", [f"{service}:*" for service in REGIONAL], StringEquals={"aws:RequestedRegion": named}),
            # What AWS itself lends, such as an image, is nobody's of these services.
            allow("OwnAccount", [f"{service}:*" for service in GLOBAL], StringEqualsIfExists={"aws:ResourceAccount": {"Ref": "AWS::AccountId"}}),
            allow("Read", READING),
            allow("Foundation", ["iam:*"], foundation),
            allow("PassRole", ["iam:PassRole"], of_iam(f"role/{prefix}-*"), StringEquals=services),
            allow("Profiles", [f"iam:{call}" for call in PROFILES], of_iam("instance-profile/*")),
            allow("LinkedRoles", ["iam:CreateServiceLinkedRole"], of_iam("role/aws-service-role/*")),
        ]
    )

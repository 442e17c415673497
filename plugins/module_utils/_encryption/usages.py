# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What a key may be used for, and what each use asks of the key's policy."""

from __future__ import annotations

from dataclasses import dataclass

# By "AWS KMS condition keys" and "Permissions for AWS services in key policies" of the KMS developer guide, and each service's page on encryption at rest.
CRYPT = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")
GRANT = ("kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant")


@dataclass(frozen=True)
class Usage:
    """`via`: services that call the key for a caller of the account (first part of kms:ViaService). `grants`: they go on using it by grants when nobody calls.
    `crosses_regions`: a disaster takes what it encrypts to the other region, so the key is a multi-Region one where there is such a region."""

    via: tuple[str, ...] = ()
    grants: bool = False
    crosses_regions: bool = False


USAGES = {
    "postgresql": Usage(("rds",), grants=True, crosses_regions=True),
    "redis": Usage(("elasticache",), grants=True, crosses_regions=True),
    "kafka": Usage(("kafka",), grants=True),
    "elasticsearch": Usage(("es",), grants=True),
    "rabbitmq": Usage(("mq",), grants=True),
    # Auto scaling starts the nodes itself: a statement of its own (policy.py).
    "ebs": Usage(("ec2",), grants=True, crosses_regions=True),
    "s3": Usage(("s3",), crosses_regions=True),
    # A copied recovery point is encrypted anew by the service it came from.
    "backup": Usage(("backup", "ec2", "rds", "s3"), grants=True, crosses_regions=True),
    "secrets": Usage(("secretsmanager",)),
    # What these need is a statement of their own (policy.py).
    "ecr": Usage(),
    "kubernetes_secrets": Usage(),
    "logs": Usage(),
    "notifications": Usage(("sns", "sqs")),
    "vault_unseal": Usage(crosses_regions=True),
}
# These are used by programs of the account themselves: who may is named.
DIRECT = ("vault_unseal",)

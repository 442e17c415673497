# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Which SKU of the price table a usage type of the bill is.

Usage types as they stand in AWS' price list and bills. Those of S3: https://docs.aws.amazon.com/AmazonS3/latest/userguide/aws-usage-report-understand.html
A usage type that is not here is never guessed at: its cost stays unexplained.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

# Before the usage type outside us-east-1, and of some services there too: USE1-, USW2-, EU-, EUC1-, APN1-.
REGION = re.compile(r"(?:US|EU|AP|CA|SA|ME|AF|IL|MX|UG)[A-Z]{0,2}\d?-")
COMPUTE, OTHER, S3 = "Amazon Elastic Compute Cloud - Compute", "EC2 - Other", "Amazon Simple Storage Service"
BALANCING, RDS, VPC = "Amazon Elastic Load Balancing", "Amazon Relational Database Service", "Amazon Virtual Private Cloud"
KUBERNETES = "Amazon Elastic Container Service for Kubernetes"
ONE = Decimal(1)
THOUSAND = Decimal(1000)


@dataclass(frozen=True)
class Meter:
    """`skus`: what the usage type may be, `{0}` its first group; several where the bill does not tell them apart. `per`: usage units in a unit of the SKU."""

    service: str
    usage_type: str
    skus: tuple[str, ...]
    per: Decimal = ONE

    def match(self, service: str, usage_type: str) -> tuple[str, ...] | None:
        if service != self.service or not (found := re.fullmatch(self.usage_type, usage_type)):
            return None
        return tuple(sku.format(*(_class(group) for group in found.groups())) for sku in self.skus)

    def may_be(self, sku: str) -> bool:
        return any(re.fullmatch(re.escape(own).replace(r"\{0\}", r"[^/]+"), sku) for own in self.skus)


def _class(text: str) -> str:
    """RDS bills `db.r6g.xl` and `db.r6g.2xl`, the rest of AWS says xlarge."""
    return re.sub(r"\.(\d*)xl$", r".\1xlarge", text)


METERS = (
    Meter(COMPUTE, r"(?:BoxUsage|SpotUsage|DedicatedUsage):(.+)", ("aws/ec2/{0}",)),
    Meter(OTHER, r"EBS:VolumeUsage\.(gp2|gp3|st1|sc1)", ("aws/ebs/{0}",)),
    Meter(OTHER, r"EBS:VolumeUsage\.piops", ("aws/ebs/io1",)),
    Meter(OTHER, r"EBS:VolumeP-IOPS\.gp3", ("aws/ebs/gp3-iops",)),
    Meter(OTHER, r"EBS:SnapshotUsage", ("aws/ebs/snapshot",)),
    Meter(OTHER, r"NatGateway-Hours", ("aws/nat/hour",)),
    Meter(OTHER, r"NatGateway-Bytes", ("aws/nat/gb",)),
    Meter(OTHER, r"DataTransfer-Regional-Bytes", ("aws/transfer/cross-zone",)),
    Meter(OTHER, r"DataTransfer-Out-Bytes", ("aws/transfer/internet-out",)),
    Meter(VPC, r"VpcEndpoint-Hours", ("aws/vpc-endpoint/hour",)),
    Meter(VPC, r"VpcEndpoint-Bytes", ("aws/vpc-endpoint/gb",)),
    Meter(VPC, r"PublicIPv4:(?:InUse|Idle)Address", ("aws/ipv4/hour",)),
    Meter(KUBERNETES, r"AmazonEKS-Hours:perCluster", ("aws/eks/cluster",)),
    Meter(KUBERNETES, r"AmazonEKS-Hours:extendedSupport", ("aws/eks/extended-support",)),
    Meter(KUBERNETES, r"Fargate-vCPU-Hours:perCPU", ("aws/fargate/vcpu",)),
    Meter(KUBERNETES, r"Fargate-GB-Hours", ("aws/fargate/gb",)),
    Meter(BALANCING, r"LoadBalancerUsage", ("aws/alb/hour", "aws/nlb/hour")),
    Meter(BALANCING, r"LCUUsage", ("aws/alb/lcu", "aws/nlb/lcu")),
    Meter(RDS, r"InstanceUsage:(db\..+)", ("aws/rds-postgresql/{0}",)),
    Meter(RDS, r"Multi-AZUsage:(db\..+)", ("aws/rds-postgresql/{0}/multi-az",)),
    Meter(RDS, r"RDS:GP3-Storage", ("aws/rds/gp3",)),
    Meter(RDS, r"RDS:Multi-AZ-GP3-Storage", ("aws/rds/gp3/multi-az",)),
    Meter(RDS, r"RDS:ChargedBackupUsage", ("aws/rds/backup",)),
    Meter("Amazon ElastiCache", r"NodeUsage:(cache\..+)", ("aws/elasticache-redis/{0}", "aws/elasticache-valkey/{0}")),
    Meter("Amazon ElastiCache", r"BackupUsage", ("aws/elasticache/backup",)),
    Meter("Amazon Managed Streaming for Apache Kafka", r"Kafka\.Storage\.GP2", ("aws/msk/storage",)),
    Meter("Amazon Managed Streaming for Apache Kafka", r"Kafka\.(.+)", ("aws/msk/kafka.{0}",)),
    Meter("Amazon OpenSearch Service", r"ESInstance:(.+)", ("aws/opensearch/{0}.search",)),
    Meter("Amazon OpenSearch Service", r"ES:GP3-Storage", ("aws/opensearch/gp3",)),
    Meter(S3, r"TimedStorage-ByteHrs", ("aws/s3/standard",)),
    Meter(S3, r"TimedStorage-SIA-ByteHrs", ("aws/s3/standard-ia",)),
    Meter(S3, r"TimedStorage-ZIA-ByteHrs", ("aws/s3/onezone-ia",)),
    Meter(S3, r"TimedStorage-GlacierByteHrs", ("aws/s3/glacier-flexible",)),
    Meter(S3, r"TimedStorage-GDA-ByteHrs", ("aws/s3/deep-archive",)),
    Meter(S3, r"Requests-Tier1", ("aws/s3/put",), THOUSAND),
    Meter(S3, r"Requests-Tier2", ("aws/s3/get",), THOUSAND),
    Meter("Amazon EC2 Container Registry (ECR)", r"TimedStorage-ByteHrs", ("aws/ecr/storage",)),
    Meter("AmazonCloudWatch", r"DataProcessing-Bytes", ("aws/cloudwatch/logs-ingest",)),
    Meter("AmazonCloudWatch", r"TimedStorage-ByteHrs", ("aws/cloudwatch/logs-store",)),
    Meter("AWS Key Management Service", r"KMS-Keys", ("aws/kms/key",)),
    Meter("AWS Key Management Service", r"KMS-Requests", ("aws/kms/requests-10k",), Decimal(10000)),
    Meter("Amazon Route 53", r"HostedZone", ("aws/route53/zone",)),
    Meter("Amazon Route 53", r"DNS-Queries", ("aws/route53/queries-1m",), Decimal(1000000)),
)


def meter(service: str, usage_type: str) -> tuple[tuple[str, ...], Decimal] | None:
    """`(SKUs, usage units in one of theirs)`; None for a usage type that nobody wrote down."""
    bare = REGION.sub("", usage_type, count=1) if REGION.match(usage_type) else usage_type
    for one in METERS:
        if (skus := one.match(service, bare)) is not None:
            return skus, one.per
    return None


def metered(service: str, sku: str) -> bool:
    """Whether a usage type of the service would be told as this SKU."""
    return any(one.service == service and one.may_be(sku) for one in METERS)

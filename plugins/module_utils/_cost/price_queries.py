# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Which one product of the AWS Price List each SKU is.

Filters are exact and name all that tells a product from its siblings: a reservation, a host of one's own, an outpost or another engine has a price too.
What is not here cannot be refreshed, and keeps the record that it has.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal

# What usage types begin with outside us-east-1, where most have none and some USE1-.
CODES = {
    "ap-northeast-1": "APN1",
    "ap-northeast-2": "APN2",
    "ap-northeast-3": "APN3",
    "ap-south-1": "APS3",
    "ap-southeast-1": "APS1",
    "ap-southeast-2": "APS2",
    "ca-central-1": "CAN1",
    "eu-central-1": "EUC1",
    "eu-north-1": "EUN1",
    "eu-west-1": "EU",
    "eu-west-2": "EUW2",
    "eu-west-3": "EUW3",
    "sa-east-1": "SAE1",
    "us-east-1": "USE1",
    "us-east-2": "USE2",
    "us-west-1": "USW1",
    "us-west-2": "USW2",
}
# The Price List writes sizes and units in more ways than one.
HOURS = frozenset({"hrs", "hours", "hour"})
STORED = frozenset({"gb-mo", "gb-month"})
GIGABYTES = frozenset({"gb"})
THOUSAND, MILLION = Decimal(1000), Decimal(1000000)


@dataclass(frozen=True)
class Query:
    """`filters`: attribute: value, all exact. `units`: how the product's unit may be written, in lower case. `factor`: of its units in one of the table's."""

    service: str
    filters: Mapping[str, str]
    units: frozenset[str]
    factor: Decimal = Decimal(1)


@dataclass(frozen=True)
class Rule:
    """`usage`: the usage type, with `{p}` for the region's prefix that us-east-1 does without and `{P}` for one that it has too. Groups of `sku` fill `{0}`."""

    sku: str
    service: str
    units: frozenset[str]
    usage: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    factor: Decimal = Decimal(1)


MACHINE = {"productFamily": "Compute Instance", "operatingSystem": "Linux", "preInstalledSw": "NA", "capacitystatus": "Used", "tenancy": "Shared"}
POSTGRESQL = {"databaseEngine": "PostgreSQL", "licenseModel": "No license required", "productFamily": "Database Instance"}
RULES = (
    Rule(r"aws/ec2/([a-z][\w-]*\.[\w-]+)", "AmazonEC2", HOURS, filters={**MACHINE, "instanceType": "{0}", "marketoption": "OnDemand"}),
    Rule(r"aws/ebs/(gp2|gp3|io1|io2|st1|sc1)", "AmazonEC2", STORED, filters={"productFamily": "Storage", "volumeApiName": "{0}"}),
    Rule(r"aws/ebs/gp3-iops", "AmazonEC2", frozenset({"iops-mo"}), "{p}EBS:VolumeP-IOPS.gp3"),
    # Sold by the GiBps.
    Rule(r"aws/ebs/gp3-throughput", "AmazonEC2", frozenset({"gibps-mo"}), "{p}EBS:VolumeP-Throughput.gp3", factor=1 / Decimal(1024)),
    Rule(r"aws/ebs/snapshot", "AmazonEC2", STORED, "{p}EBS:SnapshotUsage"),
    Rule(r"aws/nat/hour", "AmazonEC2", HOURS, "{p}NatGateway-Hours", {"productFamily": "NAT Gateway"}),
    Rule(r"aws/nat/gb", "AmazonEC2", GIGABYTES, "{p}NatGateway-Bytes", {"productFamily": "NAT Gateway"}),
    Rule(r"aws/eks/cluster", "AmazonEKS", HOURS, "{P}AmazonEKS-Hours:perCluster"),
    Rule(r"aws/eks/extended-support", "AmazonEKS", HOURS, "{P}AmazonEKS-Hours:extendedSupport"),
    Rule(r"aws/fargate/vcpu", "AmazonEKS", HOURS, "{P}Fargate-vCPU-Hours:perCPU"),
    Rule(r"aws/fargate/gb", "AmazonEKS", HOURS, "{P}Fargate-GB-Hours"),
    Rule(r"aws/rds-postgresql/(db\.[\w.]+)", "AmazonRDS", HOURS, filters={**POSTGRESQL, "instanceType": "{0}", "deploymentOption": "Single-AZ"}),
    Rule(r"aws/rds-postgresql/(db\.[\w.]+)/multi-az", "AmazonRDS", HOURS, filters={**POSTGRESQL, "instanceType": "{0}", "deploymentOption": "Multi-AZ"}),
    Rule(r"aws/rds/gp([23])", "AmazonRDS", STORED, "{p}RDS:GP{0}-Storage", {"databaseEngine": "PostgreSQL", "deploymentOption": "Single-AZ"}),
    Rule(r"aws/rds/gp([23])/multi-az", "AmazonRDS", STORED, "{p}RDS:Multi-AZ-GP{0}-Storage", {"databaseEngine": "PostgreSQL", "deploymentOption": "Multi-AZ"}),
    Rule(r"aws/rds/backup", "AmazonRDS", STORED, "{p}RDS:ChargedBackupUsage", {"databaseEngine": "PostgreSQL"}),
    Rule(r"aws/elasticache-redis/(cache\.[\w.]+)", "AmazonElastiCache", HOURS, "{p}NodeUsage:{0}", {"cacheEngine": "Redis"}),
    Rule(r"aws/elasticache-valkey/(cache\.[\w.]+)", "AmazonElastiCache", HOURS, "{p}NodeUsage:{0}", {"cacheEngine": "Valkey"}),
    Rule(r"aws/msk/kafka\.([\w.]+)", "AmazonMSK", HOURS, "{P}Kafka.{0}"),
    Rule(r"aws/msk/storage", "AmazonMSK", STORED, "{P}Kafka.Storage.GP2"),
    Rule(r"aws/opensearch/([\w.]+)\.search", "AmazonES", HOURS, "{p}ESInstance:{0}"),
    Rule(r"aws/ipv4/hour", "AmazonVPC", HOURS, "{P}PublicIPv4:InUseAddress"),
    Rule(r"aws/vpc-endpoint/hour", "AmazonVPC", HOURS, "{P}VpcEndpoint-Hours"),
    Rule(r"aws/vpc-endpoint/gb", "AmazonVPC", GIGABYTES, "{P}VpcEndpoint-Bytes"),
    Rule(r"aws/alb/hour", "AWSELB", HOURS, "{p}LoadBalancerUsage", {"productFamily": "Load Balancer-Application"}),
    Rule(r"aws/alb/lcu", "AWSELB", frozenset({"lcu-hrs"}), "{p}LCUUsage", {"productFamily": "Load Balancer-Application"}),
    Rule(r"aws/nlb/hour", "AWSELB", HOURS, "{p}LoadBalancerUsage", {"productFamily": "Load Balancer-Network"}),
    Rule(r"aws/nlb/lcu", "AWSELB", frozenset({"lcu-hrs"}), "{p}LCUUsage", {"productFamily": "Load Balancer-Network"}),
    Rule(r"aws/transfer/internet-out", "AWSDataTransfer", GIGABYTES, "{p}DataTransfer-Out-Bytes"),
    Rule(r"aws/transfer/cross-zone", "AWSDataTransfer", GIGABYTES, "{p}DataTransfer-Regional-Bytes"),
    Rule(r"aws/s3/standard", "AmazonS3", STORED, "{p}TimedStorage-ByteHrs", {"volumeType": "Standard"}),
    Rule(r"aws/s3/standard-ia", "AmazonS3", STORED, "{p}TimedStorage-SIA-ByteHrs"),
    Rule(r"aws/s3/onezone-ia", "AmazonS3", STORED, "{p}TimedStorage-ZIA-ByteHrs"),
    Rule(r"aws/s3/glacier-instant", "AmazonS3", STORED, "{p}TimedStorage-GIR-ByteHrs"),
    Rule(r"aws/s3/put", "AmazonS3", frozenset({"requests"}), "{p}Requests-Tier1", factor=THOUSAND),
    Rule(r"aws/s3/get", "AmazonS3", frozenset({"requests"}), "{p}Requests-Tier2", factor=THOUSAND),
    Rule(r"aws/ecr/storage", "AmazonECR", STORED, "{p}TimedStorage-ByteHrs"),
    Rule(r"aws/kms/key", "awskms", frozenset({"keys", "key"}), "{r}-KMS-Keys"),
    Rule(r"aws/kms/requests-10k", "awskms", frozenset({"requests", "request"}), "{r}-KMS-Requests", factor=10 * THOUSAND),
    Rule(r"aws/secrets/secret", "AWSSecretsManager", frozenset({"secrets"}), "{P}AWSSecretsManager-Secrets"),
    Rule(r"aws/secrets/requests-10k", "AWSSecretsManager", frozenset({"api requests"}), "{P}AWSSecretsManagerAPIRequest", factor=10 * THOUSAND),
    Rule(r"aws/cloudwatch/logs-ingest", "AmazonCloudWatch", GIGABYTES, "{p}DataProcessing-Bytes"),
    Rule(r"aws/cloudwatch/logs-store", "AmazonCloudWatch", STORED, "{p}TimedStorage-ByteHrs"),
    Rule(r"aws/lambda/requests-1m", "AWSLambda", frozenset({"requests", "request"}), "{p}Request", factor=MILLION),
)


def query(sku: str, region: str) -> Query | None:
    """How the Price List is asked for a SKU in a region; None where nobody wrote that down."""
    code = CODES.get(region)
    for rule in RULES if code else ():
        matched = re.fullmatch(rule.sku, sku)
        if matched:
            words = {"p": "" if region == "us-east-1" else f"{code}-", "P": f"{code}-", "r": region}
            named = {**rule.filters, **({"usagetype": rule.usage} if rule.usage else {})}
            filters = {key: value.format(*matched.groups(), **words) for key, value in named.items()}
            return Query(rule.service, {"regionCode": region, **filters}, rule.units, rule.factor)
    return None

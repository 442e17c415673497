# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
from decimal import Decimal

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost.price_queries import CODES
from ansible_collections.llmops.platform.plugins.module_utils._cost.price_queries import RULES
from ansible_collections.llmops.platform.plugins.module_utils._cost.price_queries import query
from ansible_collections.llmops.platform.plugins.module_utils._cost.regions import KNOWN

# Usage types as bills and price lists show them.
USAGE = [
    ("aws/nat/hour", "us-east-1", "NatGateway-Hours"),
    ("aws/nat/hour", "us-west-2", "USW2-NatGateway-Hours"),
    ("aws/nat/gb", "eu-west-1", "EU-NatGateway-Bytes"),
    ("aws/ipv4/hour", "us-east-1", "USE1-PublicIPv4:InUseAddress"),
    ("aws/ipv4/hour", "us-west-2", "USW2-PublicIPv4:InUseAddress"),
    ("aws/eks/cluster", "us-west-2", "USW2-AmazonEKS-Hours:perCluster"),
    ("aws/kms/key", "us-east-1", "us-east-1-KMS-Keys"),
    ("aws/kms/key", "sa-east-1", "sa-east-1-KMS-Keys"),
    ("aws/secrets/secret", "us-east-1", "USE1-AWSSecretsManager-Secrets"),
    ("aws/msk/kafka.m5.large", "us-east-1", "USE1-Kafka.m5.large"),
    ("aws/msk/storage", "us-east-1", "USE1-Kafka.Storage.GP2"),
    ("aws/opensearch/r6g.large.search", "us-west-2", "USW2-ESInstance:r6g.large"),
    ("aws/elasticache-valkey/cache.t4g.medium", "eu-west-2", "EUW2-NodeUsage:cache.t4g.medium"),
    ("aws/rds/gp3/multi-az", "eu-west-1", "EU-RDS:Multi-AZ-GP3-Storage"),
    ("aws/rds/gp2", "us-east-1", "RDS:GP2-Storage"),
    ("aws/s3/standard", "us-east-1", "TimedStorage-ByteHrs"),
    ("aws/transfer/internet-out", "us-east-1", "DataTransfer-Out-Bytes"),
    ("aws/ebs/snapshot", "us-west-2", "USW2-EBS:SnapshotUsage"),
]


@pytest.mark.parametrize(("sku", "region", "usage"), USAGE)
def test_usage_types_are_written_as_aws_does(sku, region, usage):
    assert query(sku, region).filters["usagetype"] == usage
    assert query(sku, region).filters["regionCode"] == region


def test_a_machine_is_asked_for_with_all_that_tells_it_from_its_siblings():
    asked = query("aws/ec2/t3.medium", "us-west-2")
    assert asked.service == "AmazonEC2"
    assert asked.filters == {
        "regionCode": "us-west-2",
        "productFamily": "Compute Instance",
        "instanceType": "t3.medium",
        "operatingSystem": "Linux",
        "preInstalledSw": "NA",
        "capacitystatus": "Used",
        "marketoption": "OnDemand",
        "tenancy": "Shared",
    }


def test_a_database_is_asked_for_by_engine_and_deployment():
    single, multi = (query(f"aws/rds-postgresql/db.r6g.xlarge{suffix}", "us-east-1").filters for suffix in ("", "/multi-az"))
    assert (single["deploymentOption"], multi["deploymentOption"]) == ("Single-AZ", "Multi-AZ")
    assert single["instanceType"] == multi["instanceType"] == "db.r6g.xlarge"
    assert single["databaseEngine"] == "PostgreSQL"


@pytest.mark.parametrize(
    ("sku", "factor"),
    [("aws/s3/put", "1000"), ("aws/secrets/requests-10k", "10000"), ("aws/lambda/requests-1m", "1000000"), ("aws/ebs/gp3-throughput", "0.0009765625")],
)
def test_units_differ_by_a_factor(sku, factor):
    assert query(sku, "us-east-1").factor == Decimal(factor)


@pytest.mark.parametrize("sku", ["aws/route53/zone", "azure/aks/standard", "aws/ec2/cpu-credit", "aws/msk/tiered-storage", "aws/rds/gp3-iops", ""])
def test_what_nobody_wrote_down_is_not_guessed(sku):
    assert query(sku, "us-east-1") is None


def test_a_region_without_a_code_is_not_guessed():
    assert query("aws/nat/hour", "mx-central-1") is None
    assert set(CODES) < KNOWN["aws"]


def test_no_two_rules_are_for_one_sku():
    skus = [sku for sku, _region, _usage in USAGE] + ["aws/ec2/t3.medium", "aws/rds-postgresql/db.r6g.xlarge", "aws/rds-postgresql/db.r6g.xlarge/multi-az"]
    for sku in skus:
        assert len([rule for rule in RULES if re.fullmatch(rule.sku, sku)]) == 1, sku

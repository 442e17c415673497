# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections import Counter
from decimal import ROUND_HALF_UP
from decimal import Decimal
from pathlib import Path

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost import price_files
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError

SHIPPED = Path(__file__).parents[5] / "roles/cost/files/prices"
FILE = """---
common: {service: Amazon Virtual Private Cloud, region: us-east-1, unit: hour}
sources:
  list: {source: a list, reference: row 1, as_of: "2026-07-20", strength: A}
prices:
  - {sku: aws/ipv4/hour, usd: "0.005", from: list}
  - {sku: aws/ipv4/hour, region: us-west-2, usd: "0.006", from: list, strength: C}
"""
# What the inventories make, by the names of the bill.
USED = [
    "aws/ec2/t3.medium",
    "aws/ec2/t3.large",
    "aws/ec2/t3.xlarge",
    "aws/ec2/c5.xlarge",
    "aws/ec2/c5.2xlarge",
    "aws/ec2/r5.large",
    "aws/ec2/r5.xlarge",
    "aws/ec2/cpu-credit",
    "aws/ebs/gp3",
    "aws/ebs/gp2",
    "aws/ebs/gp3-iops",
    "aws/ebs/gp3-throughput",
    "aws/ebs/snapshot",
    "aws/eks/cluster",
    "aws/eks/extended-support",
    "aws/rds-postgresql/db.r6g.xlarge",
    "aws/rds-postgresql/db.r6g.xlarge/multi-az",
    "aws/rds-postgresql/db.t4g.medium",
    "aws/rds/gp3",
    "aws/rds/gp3/multi-az",
    "aws/rds/gp3-iops",
    "aws/rds/gp3-iops/multi-az",
    "aws/rds/backup",
    "aws/rds/extended-support",
    "aws/elasticache-valkey/cache.r6g.xlarge",
    "aws/elasticache-valkey/cache.t4g.medium",
    "aws/elasticache-valkey/cache.t4g.small",
    "aws/elasticache-redis/cache.r6g.xlarge",
    "aws/elasticache-redis/cache.t4g.small",
    "aws/elasticache/backup",
    "aws/msk/kafka.m5.xlarge",
    "aws/msk/kafka.t3.small",
    "aws/msk/storage",
    "aws/opensearch/r6g.large.search",
    "aws/opensearch/t3.medium.search",
    "aws/opensearch/gp3",
    "aws/nat/hour",
    "aws/nat/gb",
    "aws/vpc-endpoint/hour",
    "aws/vpc-endpoint/gb",
    "aws/ipv4/hour",
    "aws/alb/hour",
    "aws/alb/lcu",
    "aws/nlb/hour",
    "aws/nlb/lcu",
    "aws/transfer/cross-zone",
    "aws/transfer/inter-region",
    "aws/transfer/internet-out",
    "aws/s3/standard",
    "aws/s3/standard-ia",
    "aws/s3/glacier-flexible",
    "aws/s3/put",
    "aws/s3/get",
    "aws/s3/transition-ia",
    "aws/s3/transition-glacier",
    "aws/s3/replication",
    "aws/ecr/storage",
    "aws/kms/key",
    "aws/kms/requests-10k",
    "aws/secrets/secret",
    "aws/secrets/requests-10k",
    "aws/route53/zone",
    "aws/route53/queries-1m",
    "aws/route53/health-check",
    "aws/route53/health-check-option",
    "aws/cloudwatch/logs-ingest",
    "aws/cloudwatch/logs-store",
    "aws/cloudwatch/logs-to-s3",
    "aws/cloudwatch/metric",
    "aws/cloudwatch/alarm",
    "aws/cloudwatch/dashboard",
    "aws/cloudwatch/insights-observations-1m",
    "aws/cloudwatch/signals-gb",
    "aws/cloudwatch/signals-1m",
    "aws/sns/mail-100k",
]


@pytest.fixture(scope="module")
def shipped():
    return price_files.load(SHIPPED)


def directory(tmp_path, content=FILE, name="aws-vpc.yml"):
    (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def test_a_record_says_only_what_its_file_and_source_do_not(tmp_path):
    first, second = price_files.records(directory(tmp_path) / "aws-vpc.yml")
    assert first == {
        "sku": "aws/ipv4/hour",
        "service": "Amazon Virtual Private Cloud",
        "region": "us-east-1",
        "unit": "hour",
        "usd": "0.005",
        "source": "a list",
        "reference": "row 1",
        "as_of": "2026-07-20",
        "strength": "A",
    }
    assert (second["region"], second["strength"]) == ("us-west-2", "C")


def test_files_make_one_table(tmp_path):
    directory(tmp_path)
    directory(tmp_path, FILE.replace("aws/ipv4/hour", "aws/vpn/hour"), "aws-more.yml")
    assert len(price_files.load(tmp_path)) == 4
    directory(tmp_path, FILE, "aws-twice.yml")
    with pytest.raises(CostError, match="aws/ipv4/hour in us-east-1 is there twice"):
        price_files.load(tmp_path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("prices: [", "is not YAML"),
        ("", "is not a mapping with a list `prices`"),
        ("- 1", "is not a mapping with a list `prices`"),
        ("prices: {a: 1}", "is not a mapping with a list `prices`"),
        ("prices: [1]", r"prices\[0\] is int"),
        ("{prices: [], colour: blue}", "unknown key colour"),
        ("prices: [{sku: aws/ipv4/hour, from: nowhere}]", r"prices\[0\] is from 'nowhere'"),
        (FILE.replace('"0.005"', "0.005"), "aws/ipv4/hour in us-east-1: amount is 0.005; write it in quotes"),
        (FILE.replace('"2026-07-20"', "2026-07-20"), "as_of is .*; give text"),
        (FILE.replace("a list", '""'), "source is ''"),
        (FILE[: len(FILE) // 2], "not"),
    ],
)
def test_a_corrupted_file_is_refused(tmp_path, content, said):
    with pytest.raises(CostError, match=said):
        price_files.load(directory(tmp_path, content))


def test_a_broken_file_is_named(tmp_path):
    with pytest.raises(CostError, match=r"aws-vpc\.yml: is not YAML"):
        price_files.load(directory(tmp_path, "prices: ["))
    (tmp_path / "aws-vpc.yml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CostError, match=r"aws-vpc\.yml: is not YAML"):
        price_files.load(tmp_path)


def test_a_directory_without_prices_is_refused(tmp_path):
    with pytest.raises(CostError, match="no price files"):
        price_files.load(tmp_path)
    with pytest.raises(CostError, match="no price files"):
        price_files.load(tmp_path / "nowhere")


def test_all_that_the_inventories_use_is_priced_and_most_of_it_well(shipped):
    found = {sku: shipped.find(sku, "us-east-1") for sku in USED}
    assert [sku for sku, price in found.items() if price is None] == []
    strengths = Counter(price.strength for price in found.values())
    assert strengths["assumed"] == 0
    assert strengths["A"] / len(USED) >= 0.6


def test_application_signals_are_sold_in_tiers(shipped):
    # 10,240 x 0.35 + 20,480 x 0.20 + 1,000 x 0.15; 100 x 1.50 + 900 x 0.75 + 1 x 0.30.
    assert shipped.find("aws/cloudwatch/signals-gb", "us-east-1").cost(Decimal(31720)) == Decimal("7830")
    assert shipped.find("aws/cloudwatch/signals-1m", "us-east-1").cost(Decimal(1001)) == Decimal("825.30")


def test_nothing_that_is_shipped_is_free_by_oversight(shipped):
    free = [price.sku for price in shipped.all() if price.usd == 0]
    assert free == ["aws/dynamodb/storage"]
    assert all(price.tiers[-1].usd > 0 for price in shipped.all())


def test_shipped_prices_say_where_they_are_from(shipped):
    for price in shipped.all():
        assert len(price.source) > 20, price.sku
        assert len(price.reference) > 5, price.sku
        assert "2023-12-01" <= price.as_of <= "2026-11-21", price.sku


def test_a_service_has_one_name(shipped):
    services: dict[str, set[str]] = {}
    for price in shipped.all():
        services.setdefault(price.sku, set()).add(price.service)
    assert [sku for sku, names in services.items() if len(names) > 1] == []


@pytest.mark.parametrize(
    ("sku", "quantity", "usd"),
    [
        # Infracost's golden files of the same things, to the cent.
        ("aws/ec2/t3.medium", "4380", "182.21"),
        ("aws/ec2/m5.xlarge", "2190", "420.48"),
        ("aws/ec2/t2.medium", "4380", "203.23"),
        ("aws/ec2/cpu-credit", "2100", "105.00"),
        ("aws/rds-postgresql/db.t3.large", "730", "105.85"),
        ("aws/rds/gp3", "400", "46.00"),
        ("aws/rds/gp3/multi-az", "400", "92.00"),
        ("aws/rds/backup", "1000", "95.00"),
        ("aws/msk/kafka.t3.small", "1460", "66.58"),
        ("aws/opensearch/gp2", "400", "54.00"),
        ("aws/eks/cluster", "730", "73.00"),
        ("aws/alb/hour", "730", "16.43"),
        ("aws/vpn/hour", "730", "36.50"),
        ("aws/transfer/internet-out", "57000", "4809.20"),
        ("aws/s3/standard-ia", "30000", "375.00"),
        ("aws/s3/deep-archive", "60000", "59.40"),
        ("aws/route53/queries-1m", "1100", "420.00"),
        ("aws/elasticache/backup", "10000", "850.00"),
        ("aws/waf/rule", "16", "16.00"),
    ],
)
def test_shipped_prices_agree_with_other_sources(shipped, sku, quantity, usd):
    assert shipped.find(sku, "us-east-1").cost(Decimal(quantity)).quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal(usd)


def test_twice_the_size_costs_twice(shipped):
    """Within what AWS rounds each price to: a slip of a digit in the table would stand out."""
    sizes = ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge")
    pairs = 0
    for price in shipped.all():
        size = price.sku.partition("/multi-az")[0].rpartition(".")[2]
        if not price.sku.startswith(("aws/ec2/", "aws/rds-postgresql/")) or size not in sizes[:-1]:
            continue
        bigger = shipped.find(price.sku.replace(f".{size}", f".{sizes[sizes.index(size) + 1]}"), price.region)
        if bigger and bigger.region == price.region and bigger.strength != "assumed":
            pairs += 1
            assert abs(bigger.usd / price.usd - 2) < Decimal("0.02"), price.sku
    assert pairs > 80

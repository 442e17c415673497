# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small bill with prices, and documents of reports made from it."""

from __future__ import annotations

from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.estimate import estimate
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import fixed
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import hours
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import ranged
from ansible_collections.llmops.platform.plugins.module_utils._cost.prices import table

AS_OF = "2026-11-21"
PLACE = Place("llm_marketplace", "production", "marketplace-production-us-east-1", "aws", "us-east-1", 3, AS_OF)
# SKU: Cost Explorer's name of the service, unit, USD.
PRICES = {
    "aws/eks/cluster": ("Amazon Elastic Container Service for Kubernetes", "hour", "0.10"),
    "aws/ec2/t3.xlarge": ("Amazon Elastic Compute Cloud - Compute", "hour", "0.1664"),
    "aws/ec2/t3.medium": ("Amazon Elastic Compute Cloud - Compute", "hour", "0.0416"),
    "aws/ebs/gp3": ("EC2 - Other", "GB-month", "0.08"),
    "aws/ebs/gp2": ("EC2 - Other", "GB-month", "0.10"),
    "aws/rds-postgresql/db.r6g.xlarge/multi-az": ("Amazon Relational Database Service", "hour", "0.899"),
    "aws/elasticache-redis/cache.r6g.xlarge": ("Amazon ElastiCache", "hour", "0.411"),
    "aws/msk/kafka.m5.xlarge": ("Amazon Managed Streaming for Apache Kafka", "hour", "0.42"),
    "aws/nat/hour": ("EC2 - Other", "hour", "0.045"),
    "aws/nlb/hour": ("Amazon Elastic Load Balancing", "hour", "0.0225"),
    "aws/cloudwatch/logs-ingest": ("AmazonCloudWatch", "GB", "0.50"),
}
TRANSFER = [{"up_to": "10240", "usd": "0.09"}, {"up_to": "51200", "usd": "0.085"}, {"usd": "0.07"}]


def prices(without: tuple[str, ...] = ()) -> Any:
    """The price table, but for some SKUs."""
    origin = {"region": "us-east-1", "source": "price list", "reference": "test", "as_of": "2026-10-08", "strength": "A"}
    records = [{"sku": sku, "service": service, "unit": unit, "usd": usd, **origin} for sku, (service, unit, usd) in PRICES.items()]
    records.append({"sku": "aws/transfer/internet-out", "service": "AWS Data Transfer", "unit": "GB", "tiers": TRANSFER, **origin, "strength": "B"})
    return table([record for record in records if record["sku"] not in without])


def lines(place: Place = PLACE) -> list[Line]:
    """Nine lines of all kinds: fixed, scaling, spot, by usage, in tiers."""
    return [
        Line(place, "cluster", "control plane", "cluster", "aws/eks/cluster", hours(), "hour", "AWS::EKS::Cluster"),
        Line(place, "cluster", "general", "nodes", "aws/ec2/t3.xlarge", ranged(1460, 2190, 7300), "hour", "AWS::EKS::Nodegroup", scales=True, purchase="spot"),
        Line(place, "cluster", "general", "disks", "aws/ebs/gp3", ranged(200, 300, 1000), "GB-month", "AWS::EKS::Nodegroup", scales=True),
        Line(
            place, "postgresql", "marketplace", "instance", "aws/rds-postgresql/db.r6g.xlarge/multi-az", hours(), "hour", "AWS::RDS::DBInstance", stateful=True
        ),
        Line(place, "redis", "marketplace", "nodes", "aws/elasticache-redis/cache.r6g.xlarge", hours(2), "hour", "AWS::ElastiCache::ReplicationGroup"),
        Line(place, "kafka", "marketplace", "brokers", "aws/msk/kafka.m5.xlarge", hours(3), "hour", "AWS::MSK::Cluster", stateful=True),
        Line(place, "network", "nat", "hours", "aws/nat/hour", hours(3), "hour", "AWS::EC2::NatGateway"),
        Line(place, "edge", "internet", "nlb", "aws/nlb/hour", hours(), "hour", "AWS::ElasticLoadBalancingV2::LoadBalancer"),
        Line(
            place, "network", "transfer", "internet", "aws/transfer/internet-out", fixed(12000), "GB", usage=True, assumption="12,000 GB leave for the internet"
        ),
    ]


def estimated(bill: list[Line] | None = None, without: tuple[str, ...] = (), **terms: Any) -> dict[str, Any]:
    """An estimate; spot saves 60 percent where nothing else is said."""
    terms.setdefault("spot", {"discount_percent": "60", "share_percent": "100", "source": "test"})
    return estimate(lines() if bill is None else bill, prices(without), terms, AS_OF)


def document(**parts: Any) -> dict[str, Any]:
    """A report's document; parts by name replace those of the sample."""
    return {"title": "llm marketplace, production", "generated": AS_OF, "estimate": estimated(), "budget": {"limit": "4000.00", "target": "1800.00"}, **parts}

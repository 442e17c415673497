# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""VPC endpoints in place of the NAT gateway, only where they cost less."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import NONE
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Given
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Part
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Proposal
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import amount
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import expected
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import layered
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import HOURS
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain

# Endpoints without a price: https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
GATEWAYS = ("s3", "dynamodb")


def break_even_gb(hour: Decimal, gb: Decimal, nat_gb: Decimal, zones: int) -> Decimal | None:
    """GB a month from which an interface endpoint in so many zones costs less than the NAT gateway; None where it never does."""
    return hour * HOURS * zones / (nat_gb - gb) if nat_gb > gb else None


def propose(given: Given) -> Iterator[Proposal]:
    """`measured.nat_gb`: {service: GB a month through the NAT gateways}, from flow logs. Without it nothing is proposed: the split cannot be known."""
    for deployment in given.deployments:
        traffic = next(iter(given.rows(deployment, "aws/nat/gb")), None)
        seen = given.measured(deployment, "nat_gb") or {}
        if traffic is None or not seen:
            continue
        have = layered(given.variables(deployment), "network_vpc_endpoints")
        prices = [given.price(sku, traffic["region"]) for sku in ("aws/vpc-endpoint/hour", "aws/vpc-endpoint/gb", "aws/nat/gb")]
        left, zones = expected(traffic), len(given.variables(deployment).get("cluster_zones") or {}) or 1
        for service, through in sorted(seen.items()):
            gb = min(amount(through, f"measured.{deployment}.nat_gb.{service}"), left)
            if service in have or None in prices or not gb:
                continue
            found = _proposal(traffic, service, gb, left, zones, prices)
            if found:
                left -= gb
                yield found


def _proposal(traffic: Mapping[str, Any], service: str, gb: Decimal, left: Decimal, zones: int, prices: list[Decimal]) -> Proposal | None:
    hour, per_gb, nat_gb = prices
    least = NONE if service in GATEWAYS else break_even_gb(hour, per_gb, nat_gb, zones)
    if least is None or gb <= least:
        return None
    kind = "gateway" if service in GATEWAYS else "interface"
    return Proposal(
        traffic["deployment"], service, f"A VPC endpoint for {service}", (Part(traffic["id"], gb / left),),
        assumption=f"{plain(gb)} GB a month measured through the NAT gateway; break-even is {plain(least.quantize(Decimal('0.1')))} GB",
        risk="A policy of the endpoint or of a bucket that names other endpoints refuses what went before.",
        precondition=f"{zones} zones with private subnets; private DNS of the endpoint." if least else "Routes of all private subnets.",
        undo=f"Remove network_vpc_endpoints.{service}.",
        adds=NONE if not least else hour * HOURS * zones + per_gb * gb,
        facts={"type": kind, "break_even_gb": plain(least)},
    )  # fmt: skip

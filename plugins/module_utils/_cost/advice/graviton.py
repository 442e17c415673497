# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The same size on Graviton (arm64), by family, at the table's price."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Given
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Part
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Proposal

# Families with the same vCPUs and memory at each size; the cheapest that the table has is taken.
FAMILIES = {
    "t2": ("t4g",), "t3": ("t4g",), "t3a": ("t4g",),
    "m4": ("m6g", "m7g"), "m5": ("m6g", "m7g"), "m5a": ("m6g", "m7g"), "m6i": ("m6g", "m7g"), "m6a": ("m6g", "m7g"),
    "m7i": ("m7g", "m8g"), "m7a": ("m7g", "m8g"),
    "c5": ("c6g", "c7g"), "c5a": ("c6g", "c7g"), "c6i": ("c6g", "c7g"), "c6a": ("c6g", "c7g"), "c7i": ("c7g", "c8g"), "c7a": ("c7g", "c8g"),
    "r5": ("r6g", "r7g"), "r5a": ("r6g", "r7g"), "r6i": ("r6g", "r7g"), "r6a": ("r6g", "r7g"), "r7i": ("r7g", "r8g"), "r7a": ("r7g", "r8g"),
}  # fmt: skip
# Sizes of Graviton; t2.nano to t2.small have one vCPU where t4g has two, c5's 9xlarge has no twin.
SIZES = frozenset(("nano", "micro", "small", "medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"))
SMALL_T2 = ("t2.nano", "t2.micro", "t2.small")
# Services that do not have all of them. MSK: https://docs.aws.amazon.com/msk/latest/developerguide/broker-instance-sizes.html
# OpenSearch: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/supported-instance-types.html
ONLY = {"aws/msk/": ("m7g",), "aws/opensearch/": ("c6g", "c7g", "m6g", "m7g", "r6g", "r7g")}
KINDS = ("aws/ec2/", "aws/rds-", "aws/elasticache-", "aws/msk/", "aws/opensearch/")
SKU = re.compile(r"(?P<head>aws/[a-z0-9-]+/(?:db\.|cache\.|kafka\.)?)(?P<family>[a-z]+[0-9]+[a-z]*)\.(?P<size>[0-9a-z]+)(?P<tail>(?:\.search)?(?:/multi-az)?)")


def twins(sku: str) -> list[str]:
    """SKUs of the same size on Graviton; none where there is none or it is on it already."""
    found = SKU.fullmatch(sku)
    if not found or found["size"] not in SIZES or f"{found['family']}.{found['size']}" in SMALL_T2:
        return []
    sold = next((families for prefix, families in ONLY.items() if sku.startswith(prefix)), None)
    families = [family for family in FAMILIES.get(found["family"], ()) if sold is None or family in sold]
    return [f"{found['head']}{family}.{found['size']}{found['tail']}" for family in families]


def propose(given: Given) -> Iterator[Proposal]:
    """Saves 1 - price there / price here of each line of machines. A price that the table lacks makes the saving "?"."""
    for deployment in given.deployments:
        for row in given.rows(deployment, *KINDS):
            others = twins(row["sku"])
            if others:
                found = _proposal(given, row, others)
                if found:
                    yield found


def _proposal(given: Given, row: Mapping[str, Any], others: list[str]) -> Proposal | None:
    here = given.price(row["sku"], row["region"])
    priced = sorted((price, sku) for sku in others if (price := given.price(sku, row["region"])) is not None)
    share = 1 - priced[0][0] / here if priced and here else Decimal(0)
    if priced and share <= 0:
        return None
    target = priced[0][1] if priced else others[0]
    nodes = row["sku"].startswith("aws/ec2/")
    subject = row["service"] if nodes else f"{row['component']} {row['service']}"
    name = target.removesuffix("/multi-az").rpartition("/")[2]
    return Proposal(
        row["deployment"], f"{row['component']}/{row['service']}/{row['name']}", f"Run {subject} on {name}", (Part(row["id"], share),) if priced else (),
        assumption=f"the price of {target} in the table; the same work with the same vCPUs and memory" if priced
        else f"{' and '.join(others)} have no price in the table",
        risk="An image without arm64 does not start." if nodes else "A change of class restarts the service, or moves it to new machines.",
        precondition="All images of these pods are built for arm64 too." if nodes else "A maintenance window.",
        undo="Declare the old type again." + (" Nodes of it are made, and the others emptied, by playbooks/upgrade.yml." if nodes else ""),
        unknown=not priced,
        facts={"from": row["sku"], "to": target},
    )  # fmt: skip

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bills and prices that are made up, for tests and benches of estimates."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Quantity
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import hours
from ansible_collections.llmops.platform.plugins.module_utils._cost.prices import Prices
from ansible_collections.llmops.platform.plugins.module_utils._cost.prices import table

AS_OF = "2026-07-31"
SERVICES = {"ec2": "Amazon Elastic Compute Cloud - Compute", "rds-postgresql": "Amazon Relational Database Service", "s3": "Amazon Simple Storage Service"}


def place(environment: str = "dev", **changes: Any) -> Place:
    values = {"platform": "shop", "deployment": f"shop_{environment}_primary", "provider": "aws", "region": "us-east-1", "zones": 3, "as_of": AS_OF}
    return Place(**{**values, "environment": environment, **changes})


def line(name: str = "nodes", sku: str = "aws/ec2/m5.large", quantity: Quantity | None = None, **changes: Any) -> Line:
    """730 hours of one m5.large, and what is other than that."""
    values = {"place": place(), "component": "cluster", "service": "general", "unit": "hour"}
    return Line(**{**values, "name": name, "sku": sku, "quantity": quantity or hours(), **changes})


def record(sku: str = "aws/ec2/m5.large", usd: str | list[dict[str, str]] = "0.096", **changes: Any) -> dict[str, Any]:
    values = {"service": SERVICES.get(sku.split("/")[1], "Other"), "region": "us-east-1", "unit": "hour", "source": "made up", "reference": "tests"}
    amount = {"usd": usd} if isinstance(usd, str) else {"tiers": usd}
    return {**values, "sku": sku, **amount, "as_of": "2026-07-20", "strength": "A", **changes}


def prices(*records: dict[str, Any]) -> Prices:
    return table(records or [record()])


def many(count: int, environment: str, seed: int = 1) -> tuple[list[Line], list[dict[str, Any]]]:
    """That many lines of one deployment and a record of a price for each of their SKUs, always the same."""
    dice = random.Random(seed)
    skus = [f"aws/{service}/kind{number}" for service in SERVICES for number in range(20)]
    records = [record(sku, str(Decimal(dice.randrange(1, 10**6)) / 10**5)) for sku in skus]
    lines = []
    for number in range(count):
        low, more, most = (Decimal(dice.randrange(0, 10**5)) / 10 for _part in range(3))
        sku = dice.choice(skus)
        stateful = not sku.startswith("aws/ec2/")
        purchase = "spot" if not stateful and dice.random() < 0.2 else "on_demand"
        quantity = Quantity(low, low + more, low + more + most)
        where = place(environment)
        service = f"service{number % 12}"
        lines.append(Line(where, sku.split("/")[1], service, f"part{number}", sku, quantity, "hour", purchase=purchase, scales=True, stateful=stateful))
    return lines, records

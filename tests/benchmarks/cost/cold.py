# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is measured: bills of made-up components at the prices of role cost, estimated and written in every format. `cold.py FOLDER ENVIRONMENTS COMPONENTS`."""

from __future__ import annotations

import random
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
# Not by the tests' own preparation, which takes Ansible along.
sys.path[:0] = [str(ROOT / ".collections"), str(ROOT)]

from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.advise import advise  # noqa: E402
from ansible_collections.llmops.platform.plugins.module_utils._cost.estimate import estimate  # noqa: E402
from ansible_collections.llmops.platform.plugins.module_utils._cost.folder import FORMATS  # noqa: E402
from ansible_collections.llmops.platform.plugins.module_utils._cost.folder import files  # noqa: E402
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line  # noqa: E402
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Quantity  # noqa: E402
from ansible_collections.llmops.platform.plugins.module_utils._cost.price_files import load  # noqa: E402
from tests.support.costs import AS_OF  # noqa: E402
from tests.support.costs import place  # noqa: E402

TERMS = {
    "spot": {"discount_percent": "60"},
    "discounts": {"all": "3", "services": {"Amazon Relational Database Service": "7"}},
    "commitments": [{"name": "compute", "kind": "compute_savings_plan", "hourly_usd": "7.3", "discount_percent": "27"}],
}


def documents(environments: int, components: int) -> list[dict[str, Any]]:
    """A report's document for each environment, always the same."""
    prices = load(ROOT / "roles" / "cost" / "files" / "prices")
    known = [price for price in prices.all() if price.region in ("us-east-1", "global")]
    found = []
    for number in range(environments):
        dice = random.Random(number)
        where = place(f"environment{number}", deployment=f"shop_environment{number}_primary")
        lines = []
        for part in range(components):
            price = dice.choice(known)
            low, more, most = (Decimal(dice.randrange(0, 10**4)) / 10 for _bound in range(3))
            component = price.sku.split("/")[1]
            quantity = Quantity(low, low + more, low + more + most)
            spot = component == "ec2" and part % 3 == 0 and "credit" not in price.sku
            purchase = "spot" if spot else "on_demand"
            lines.append(Line(where, component, f"service{part % 12}", f"part{part}", price.sku, quantity, price.unit, scales=True, purchase=purchase))
        made = estimate(lines, prices, TERMS, AS_OF)
        name = f"shop-environment{number}"
        found.append(
            {
                "name": name,
                "title": name,
                "generated": AS_OF,
                "estimate": made,
                "baseline": None,
                "actual": None,
                "advice": advise(made, {where.deployment: {}}, prices),
                "allocation": None,
                "budget": {"limit": "5000"},
                "documented": None,
            }
        )
    return found


def main(folder: Path, environments: int, components: int) -> None:
    for name, content in files(documents(environments, components), FORMATS).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

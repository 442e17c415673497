# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""One NAT gateway for all zones, outside production."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import NONE
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import PRODUCTION
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Given
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Part
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Proposal
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import expected
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import HOURS


def propose(given: Given) -> Iterator[Proposal]:
    """n gateways become one: (n - 1) / n of their hours and addresses; in turn (n - 1) / n of their GB cross a zone, paid in both directions."""
    for deployment in given.deployments:
        if given.environment(deployment) in PRODUCTION:
            continue
        gateways = [row for row in given.rows(deployment, "aws/nat/hour") if expected(row) > HOURS]
        if not gateways:
            continue
        number = expected(gateways[0]) / HOURS
        share = 1 - 1 / number
        addresses = [row for row in given.rows(deployment, "aws/ipv4/hour") if (row["component"], row["service"]) == ("network", gateways[0]["service"])]
        moved = sum((expected(row) for row in given.rows(deployment, "aws/nat/gb")), NONE) * share
        price = given.price("aws/transfer/cross-zone", gateways[0]["region"])
        yield Proposal(
            deployment, "nat", "One NAT gateway for all zones", tuple(Part(row["id"], share) for row in (*gateways, *addresses)),
            assumption=f"{number.normalize():f} gateways, one stays; traffic is spread alike over the zones and pays to cross them",
            risk="Without that zone nothing in the others reaches the internet.",
            precondition="The environment may be down with one zone.",
            undo="network_nat: per_az",
            unknown=bool(moved) and price is None,
            adds=moved * 2 * (price or Decimal(0)),
        )  # fmt: skip

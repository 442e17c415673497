# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Traffic between zones that need not cross them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Given
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Part
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Proposal
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import amount
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import expected


def propose(given: Given) -> Iterator[Proposal]:
    """`measured.cross_zone_avoidable_gb`: GB a month between pods of services that have one in each zone. Without it the saving is "?"."""
    for deployment in given.deployments:
        rows = list(given.rows(deployment, "aws/transfer/cross-zone"))
        if not rows:
            continue
        seen = given.measured(deployment, "cross_zone_avoidable_gb")
        gb = Decimal(0) if seen is None else amount(seen, f"measured.{deployment}.cross_zone_avoidable_gb")
        if seen is not None and not gb:
            continue
        yield Proposal(
            deployment, "cross-zone", "Keep traffic between services in its zone",
            tuple(Part(row["id"], min(Decimal(1), gb / expected(row))) for row in rows) if gb else (),
            assumption=f"{gb:f} GB a month could stay in a zone, by measurement" if gb
            else "how much of it flows between services with pods in each zone is not measured; replication of databases always crosses",
            risk="A zone with more callers than pods is busier than the others.",
            precondition="At least one pod of each service in each zone (spread_zones); localityLbSetting of the mesh, or trafficDistribution: PreferClose.",
            undo="Take the setting away.",
            unknown=not gb,
        )  # fmt: skip

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Objects that nobody reads any more in a class that costs less."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Given
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Part
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Proposal
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import amount
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import expected

# From which age, in days, to which class: the least days that are billed there, https://aws.amazon.com/s3/pricing/
CLASSES = (
    (180, "aws/s3/deep-archive", "aws/s3/transition-deep-archive"),
    (90, "aws/s3/glacier-flexible", "aws/s3/transition-glacier"),
    (30, "aws/s3/standard-ia", "aws/s3/transition-ia"),
)


def propose(given: Given) -> Iterator[Proposal]:
    """`measured.objects`: {bucket: {older_gb: {days: GB}, objects_a_month: number}}: GB in Standard that are at least so old. Without it the saving is "?".

    Each GB goes to the cheapest class whose least age it has; in turn the transitions of a month's objects are paid.
    """
    for deployment in given.deployments:
        seen = given.measured(deployment, "objects") or {}
        for row in given.rows(deployment, "aws/s3/standard"):
            if row["sku"] != "aws/s3/standard" or row["component"] != "object_storage":
                continue
            found = _measured(given, row, seen[row["service"]]) if row["service"] in seen else _unknown(row)
            if found:
                yield found


def _unknown(row: Mapping[str, Any]) -> Proposal:
    return _proposal(row, (), assumption="the age of its objects is not measured (S3 Storage Lens or an inventory report says it)", unknown=True)


def _measured(given: Given, row: Mapping[str, Any], seen: Mapping[str, Any]) -> Proposal | None:
    where, total = f"measured.{row['deployment']}.objects.{row['service']}", expected(row)
    here = given.price(row["sku"], row["region"])
    older = {int(days): amount(gb, f"{where}.older_gb.{days}") for days, gb in (seen.get("older_gb") or {}).items()}
    objects = amount(seen.get("objects_a_month", 0), f"{where}.objects_a_month")
    share, adds, before, said = Decimal(0), Decimal(0), Decimal(0), []
    for days, sku, transition in CLASSES:
        there, step = given.price(sku, row["region"]), given.price(transition, row["region"])
        if days not in older or there is None or step is None or not here:
            continue
        moved = max(min(older[days], total) - before, Decimal(0))
        before += moved
        if moved and there < here:
            share += moved / total * (1 - there / here)
            adds += objects / 1000 * step
            said.append(f"{moved:f} GB from {days} days on to {sku.rpartition('/')[2]}")
    if not said:
        return None
    return _proposal(row, (Part(row["id"], min(share, Decimal(1))),), assumption="; ".join(said) + ", by measured age", adds=adds)


def _proposal(row: Mapping[str, Any], parts: tuple[Part, ...], **more: Any) -> Proposal:
    return Proposal(
        row["deployment"], row["service"], f"Lifecycle of bucket {row['service']}", parts,
        risk="Reading costs by the GB, and from Glacier takes hours; small objects are billed as 128 KiB; the least days of a class are billed.",
        precondition="Nobody needs old objects at once.",
        undo="Take the rule away and restore what was moved, which is paid as reading.",
        **more,
    )  # fmt: skip

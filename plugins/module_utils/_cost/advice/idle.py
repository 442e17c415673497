# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What is used by nobody. From measurements only: what a bill does not show is not guessed."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import NONE
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import ONE
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Given
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Part
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Proposal
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import amount
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError

UNDO = "Declare it again; data comes back from the snapshot that is made first."


def propose(given: Given) -> Iterator[Proposal]:
    """`measured.idle`: {line id: why}; `measured.unattached`: {name: {sku, quantity, region, why}}, which are in no line and counted apart."""
    for deployment in given.deployments:
        rows = {row["id"]: row for row in given.rows(deployment)}
        for line, why in sorted((given.measured(deployment, "idle") or {}).items()):
            if line in given.ledger.left and line not in rows:
                continue
            if line not in rows:
                raise CostError(f"measured.{deployment}.idle names {line}, which is no line of the estimate with a price")
            yield Proposal(
                deployment, line, f"Remove {rows[line]['service']}: {rows[line]['name']}", (Part(line, ONE),),
                assumption=f"measured: {why}",
                risk="Something that is used once a month looks idle for a week.",
                precondition="Its owner agrees; a last snapshot of what holds data.",
                undo=UNDO,
            )  # fmt: skip
        for name, one in sorted((given.measured(deployment, "unattached") or {}).items()):
            where = f"measured.{deployment}.unattached.{name}"
            missing = sorted({"sku", "quantity", "region"} - set(one))
            if missing:
                raise CostError(f"{where} lacks {', '.join(missing)}")
            price = given.price(one["sku"], one["region"])
            yield Proposal(
                deployment, name, f"Delete {name}, which nothing uses", (),
                assumption=f"measured: {one.get('why') or 'attached to nothing'}" + ("" if price is not None else f"; {one['sku']} has no price"),
                risk="It may be kept on purpose.",
                precondition="Nobody claims it within two weeks; a snapshot of a volume.",
                undo=UNDO,
                unknown=price is None,
                outside=NONE if price is None else price * amount(one["quantity"], f"{where}.quantity"),
            )  # fmt: skip

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Advice on an estimate: each kind in its turn, on what those before it left, so that nothing is saved twice."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from decimal import ROUND_DOWN
from decimal import Decimal
from decimal import localcontext
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.advice import commitments
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice import cross_zone
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice import endpoints
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice import graviton
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice import idle
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice import lifecycle
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice import log_retention
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice import off_hours
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice import right_sizing
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice import single_nat
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice import spot
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Given
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Ledger
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Proposal
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import DIGITS
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import GRAIN
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import places

# First what need not exist, then how long it runs, then what it is, then how it is bought.
KINDS = (
    ("idle", idle), ("right_sizing", right_sizing), ("off_hours", off_hours), ("graviton", graviton), ("single_nat", single_nat), ("endpoints", endpoints),
    ("cross_zone", cross_zone), ("lifecycle", lifecycle), ("log_retention", log_retention), ("spot", spot), ("commitments", commitments),
)  # fmt: skip


def advise(
    estimate: Mapping[str, Any], variables: Mapping[str, Mapping[str, Any]], prices: Any, measured: Mapping[str, Mapping[str, Any]] | None = None
) -> dict[str, Any]:
    """`{items, total, total_saving, left, outside_saving, notes}`, plain data, USD a month as text; the sum of the savings is at most the total.

    `variables` and `measured` by deployment; `prices` is prices.table's. An item: `{id, order, kind, deployment, title, monthly_saving: text or "?",
    outside: whether the saving is on what the estimate does not have, assumption, risk, precondition, undo, lines: [ids], facts}`; those with "?" come last.
    Raises CostError for measurements that make no sense.
    """
    with localcontext() as context:
        context.prec = DIGITS
        ledger = Ledger(estimate["lines"])
        total = ledger.total
        given = Given(estimate, variables, prices, measured or {}, ledger)
        items, unknown, outside = [], [], Decimal(0)
        for kind, proposal in _proposals(given):
            if proposal.unknown:
                unknown.append(_item(kind, proposal, "?"))
                continue
            saving = proposal.outside if proposal.outside else ledger.take(proposal)
            outside += proposal.outside
            if saving > 0:
                items.append(_item(kind, proposal, plain(saving)))
        found = [{"order": number, **item} for number, item in enumerate(items + unknown, 1)]
        # Regions have pools and databases of one name.
        where = places(estimate["lines"])
        for item in found:
            item["title"] += f" ({where[item['deployment']]})" if where.get(item["deployment"]) else ""
        # Thirds have no end in decimals: a saving is cut there, so that what is left adds up with it exactly.
        saved = (total - ledger.total).quantize(GRAIN, ROUND_DOWN)
        return {
            "items": found,
            "total": plain(total),
            "total_saving": plain(saved),
            "left": plain(total - saved),
            "outside_saving": plain(outside),
            "notes": _notes(given, estimate),
        }


def _proposals(given: Given) -> Iterator[tuple[str, Proposal]]:
    """One after the other: each kind sees the ledger as those before it left it."""
    for kind, module in KINDS:
        for proposal in module.propose(given):
            yield kind, proposal


def _item(kind: str, proposal: Proposal, saving: str) -> dict[str, Any]:
    return {
        "id": "/".join((kind, proposal.deployment, proposal.subject)),
        "kind": kind,
        "deployment": proposal.deployment,
        "title": proposal.title,
        "monthly_saving": saving,
        "outside": bool(proposal.outside),
        "assumption": proposal.assumption,
        "risk": proposal.risk,
        "precondition": proposal.precondition,
        "undo": proposal.undo,
        "lines": [part.line for part in proposal.parts],
        "facts": dict(proposal.facts),
    }


def _notes(given: Given, estimate: Mapping[str, Any]) -> list[str]:
    found = ["Savings are those of the expected figures; each is on what the advice before it leaves."]
    if given.committed:
        found.append(f"Left out, as commitments pay for them until their end: {', '.join(sorted(given.committed))}.")
    if estimate.get("incomplete"):
        found.append(f"Without a price, and so without advice: {', '.join(one['sku'] for one in estimate['missing'])}.")
    return found

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Which quantities commitments pay for: the most specific commitment first, no quantity twice."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from decimal import ROUND_CEILING
from decimal import ROUND_FLOOR
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import HOURS
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import PLACES
from ansible_collections.llmops.platform.plugins.module_utils._cost.terms import HUNDRED
from ansible_collections.llmops.platform.plugins.module_utils._cost.terms import Commitment


@dataclass(frozen=True)
class Usage:
    """What a commitment may cover: one line on demand whose price has no tiers. `listed` and `contracted`: USD of a unit."""

    id: str
    sku: str
    region: str
    quantity: Decimal
    listed: Decimal
    contracted: Decimal


@dataclass
class Covered:
    """`quantity`: by line; `cost`: USD by line; `spent`: USD of the month's commitment that was used."""

    quantity: dict[str, Decimal] = field(default_factory=dict)
    cost: dict[str, Decimal] = field(default_factory=dict)
    spent: Decimal = Decimal(0)


def cover(commitments: Iterable[Commitment], usages: Iterable[Usage]) -> tuple[dict[str, Covered], dict[str, Decimal]]:
    """By commitment what it covers, and by line the quantity that none covers. The order of `commitments` and `usages` counts."""
    usages = list(usages)
    left = {usage.id: usage.quantity for usage in usages}
    found: dict[str, Covered] = {}
    for commitment in commitments:
        covered = found[commitment.name] = Covered()
        free = HOURS * commitment.count
        for usage in usages:
            if not commitment.covers(usage.sku, usage.region) or not left[usage.id]:
                continue
            price = rate(commitment, usage.listed)
            if commitment.kind == "reserved":
                part = min(left[usage.id], free)
                free -= part
                cost = part * price
            else:
                budget = monthly(commitment, usage.listed) - covered.spent
                cost = min(left[usage.id] * price, budget)
                part = left[usage.id] if cost == left[usage.id] * price else (cost / price).quantize(PLACES, ROUND_FLOOR)
            if not part and not cost:
                continue
            left[usage.id] -= part
            covered.quantity[usage.id] = part
            covered.cost[usage.id] = cost
            covered.spent += cost
    return found, left


def rate(commitment: Commitment, listed: Decimal) -> Decimal:
    """USD of one covered unit, what is paid upfront spread over the term."""
    if commitment.kind != "reserved":
        return listed * (HUNDRED - commitment.percent) / HUNDRED
    spread = (commitment.upfront / (commitment.term_months * HOURS)).quantize(PLACES)
    return _recurring(commitment, listed) + spread


def monthly(commitment: Commitment, listed: Decimal) -> Decimal:
    """USD that a month of the commitment costs, used or not."""
    if commitment.kind != "reserved":
        return commitment.hourly * HOURS
    return rate(commitment, listed) * HOURS * commitment.count


def break_even(commitment: Commitment, listed: Decimal, on_demand: Decimal) -> int | None:
    """The month of the term at whose end on-demand use would have cost as much as the whole term of the commitment; None: never within the term.

    Whole term / on demand a month, as AWS' purchase analyser counts: from that month on the commitment is the cheaper one even if nothing ran any more.
    """
    total = monthly(commitment, listed) * commitment.term_months
    if on_demand <= 0 or total > on_demand * commitment.term_months:
        return None
    return max(1, int((total / on_demand).to_integral_value(ROUND_CEILING)))


def described(commitment: Commitment, covered: Covered, usages: Mapping[str, Usage], listed: Decimal) -> dict[str, Any]:
    """A commitment's entry of the estimate. `listed`: the list price of what is reserved."""
    cost = monthly(commitment, listed)
    on_demand = sum((quantity * usages[line].contracted for line, quantity in covered.quantity.items()), Decimal(0))
    return {
        "name": commitment.name,
        "kind": commitment.kind,
        "skus": list(commitment.skus),
        "lines": sorted(covered.quantity),
        "covered": plain(sum(covered.quantity.values(), Decimal(0))),
        "monthly": plain(cost),
        "on_demand": plain(on_demand),
        "saving": plain(on_demand - cost),
        "unused": plain(cost - covered.spent),
        "unused_quantity": plain(HOURS * commitment.count - sum(covered.quantity.values(), Decimal(0))) if commitment.kind == "reserved" else None,
        "used": {line: {"quantity": plain(quantity), "cost": plain(covered.cost[line])} for line, quantity in sorted(covered.quantity.items())},
        "term_months": commitment.term_months,
        "break_even_month": break_even(commitment, listed, on_demand),
        "upfront": plain(commitment.upfront * commitment.count),
    }


def _recurring(commitment: Commitment, listed: Decimal) -> Decimal:
    return commitment.hourly if commitment.hourly is not None else listed * (HUNDRED - commitment.percent) / HUNDRED

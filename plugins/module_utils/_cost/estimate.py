# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""A bill of materials with prices: what it costs a month by list, by contract, and in effect.

The words are those of FOCUS: the list cost is the public on-demand price, the contracted cost has the negotiated discounts off it, the effective cost also
what the spot market and commitments save. Tiers count for each line alone, so the sum is never less than what an account pays that adds its lines up.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from decimal import Decimal
from decimal import localcontext
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.coverage import Covered
from ansible_collections.llmops.platform.plugins.module_utils._cost.coverage import Usage
from ansible_collections.llmops.platform.plugins.module_utils._cost.coverage import cover
from ansible_collections.llmops.platform.plugins.module_utils._cost.coverage import described
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import ANY_UNIT
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import HOURS
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import fixed
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import DIGITS
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import SCENARIOS
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import STAGES
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import amounts
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import grouped
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import price_summary
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import totals
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import undeclared
from ansible_collections.llmops.platform.plugins.module_utils._cost.terms import HUNDRED
from ansible_collections.llmops.platform.plugins.module_utils._cost.terms import Discount
from ansible_collections.llmops.platform.plugins.module_utils._cost.terms import Terms
from ansible_collections.llmops.platform.plugins.module_utils._cost.terms import terms as read_terms

UNUSED = "Unused commitments"
# Nothing that is billed was sold before.
EARLIEST = 2006


@dataclass(frozen=True)
class Priced:
    """A line with its price, both None where the table has none, and with the discount that fits it best."""

    line: Line
    price: Any
    discount: Discount | None

    @property
    def listed(self) -> Decimal | None:
        """USD of a unit; of the first tier where there are tiers."""
        return self.price and self.price.usd

    @property
    def contracted(self) -> Decimal | None:
        return None if self.listed is None else self._discounted(self.listed, Decimal(1))

    @property
    def coverable(self) -> bool:
        return bool(self.price) and not self.price.tiered and self.line.purchase == "on_demand"

    def cost(self, quantity: Decimal) -> tuple[Decimal, Decimal]:
        """USD of a quantity by list and by contract."""
        listed = self.price.cost(quantity)
        return listed, self._discounted(listed, quantity)

    def _discounted(self, usd: Decimal, quantity: Decimal) -> Decimal:
        if not self.discount:
            return usd
        if self.discount.usd is not None:
            return self.discount.usd * quantity
        return usd * (HUNDRED - self.discount.percent) / HUNDRED


def estimate(lines: Iterable[Line], prices: Any, terms: Mapping[str, Any] | Terms, as_of: str) -> dict[str, Any]:
    """The estimate of one account's lines for a month of 730 hours, as plain data; money is USD as decimal text in full precision.

    `prices`: _cost.prices' table. `terms`: see _cost.terms. `as_of`: the ISO date that the age of prices is counted to. Same input, same result. What has no
    price is named in `missing`, makes the estimate `incomplete` and is in no sum. Raises CostError for two lines of one id, for a
    line in another unit than its price, and for terms that make no sense.
    """
    dated(as_of)
    known = terms if isinstance(terms, Terms) else read_terms(terms)
    _discountable(known, prices)
    with localcontext() as context:
        context.prec = DIGITS
        priced = _priced(sorted(lines, key=lambda line: line.id), prices, known)
        commitments, effective, unused, unpriced = _committed(priced, prices, known)
        rows = [_row(entry, {scenario: effective[scenario].get(entry.line.id) for scenario in SCENARIOS}, known) for entry in priced]
        rows = sorted([*rows, *unused], key=lambda row: row["id"])
        missing = _missing(priced, unpriced, prices)
        return {
            "as_of": as_of,
            "currency": "USD",
            "hours_per_month": plain(HOURS),
            "provenance": "modelled",
            "lines": rows,
            "totals": totals(rows),
            "incomplete": bool(missing),
            "missing": missing,
            "undeclared": undeclared(rows),
            "by": grouped(rows),
            "prices": price_summary(rows, as_of),
            "spot": _spot(rows, known),
            "discounts": _discounts(priced, known),
            "commitments": commitments,
            "assumptions": _assumptions(rows, known),
        }


def dated(as_of: str) -> date:
    """The day. Raises CostError for what is no ISO date."""
    try:
        found = date.fromisoformat(as_of)
    except (TypeError, ValueError) as error:
        raise CostError(f"as_of is {as_of!r}; give a date such as 2026-07-31") from error
    # Dates are compared as text as well.
    if found.isoformat() != as_of or found.year < EARLIEST:
        raise CostError(f"as_of is {as_of!r}; give a date such as 2026-07-31")
    return found


def _discountable(known: Terms, prices: Any) -> None:
    """A discount by a name that nothing has would silently take nothing off."""
    table = prices.all() if known.discounts else []
    names = {"sku": {price.sku for price in table}, "service": {price.service for price in table}}
    for discount in known.discounts:
        if discount.scope in names and discount.name not in names[discount.scope]:
            close = prices.near(discount.name) if discount.scope == "sku" else get_close_matches(discount.name, sorted(names["service"]), n=3, cutoff=0)
            raise CostError(f"cost_discounts.{discount.scope}s.{discount.name} is no {discount.scope} of the price table; near: {', '.join(close)}")


def _priced(lines: Sequence[Line], prices: Any, known: Terms) -> list[Priced]:
    for one, two in pairwise(lines):
        if one.id == two.id:
            raise CostError(f"{one.id} is billed twice, as {one.sku} and as {two.sku}; give each component a name of its own")
    found = []
    for line in lines:
        price = prices.find(line.sku, line.place.region)
        if price and line.unit == ANY_UNIT:
            line = replace(line, unit=price.unit)
        if price and line.unit != price.unit:
            raise CostError(f"{line.id} is counted by {line.unit!r}, but {line.sku} has its price by {price.unit!r}; give unit and quantity by that")
        found.append(Priced(line, price, known.discount(line.sku, price.service) if price else None))
    return found


Committed = tuple[list[dict[str, Any]], dict[str, dict[str, Decimal]], list[dict[str, Any]], list[tuple[str, str, str]]]


def _committed(priced: Sequence[Priced], prices: Any, known: Terms) -> Committed:
    """The commitments' entries, the effective cost of covered lines by scenario, the rows of what is committed and unused, and what has no price."""
    effective: dict[str, dict[str, Decimal]] = {scenario: {} for scenario in SCENARIOS}
    fitting, listed, unpriced = [], {}, []
    if known.commitments and not priced:
        raise CostError(f"cost_commitments[{known.commitments[0].name}] stands in an estimate without any line; remove it or check platform_components")
    for commitment in known.commitments:
        region = commitment.region or priced[0].line.place.region
        price = prices.find(commitment.skus[0], region) if commitment.kind == "reserved" else None
        if commitment.kind == "reserved" and commitment.hourly is None and price is None:
            unpriced.append((commitment.skus[0], region, commitment.name))
            continue
        fitting.append(commitment)
        listed[commitment.name] = price.usd if price else Decimal(0)
    if not fitting:
        return [], effective, [], unpriced
    entries: list[dict[str, Any]] = []
    for scenario in SCENARIOS:
        usages = {
            entry.line.id: Usage(entry.line.id, entry.line.sku, entry.line.place.region, getattr(entry.line.quantity, scenario), entry.listed, entry.contracted)
            for entry in priced
            if entry.coverable
        }
        covered, left = cover(fitting, usages.values())
        touched = {line for found in covered.values() for line in found.quantity}
        for line in touched:
            own = (found.cost.get(line, Decimal(0)) for found in covered.values())
            effective[scenario][line] = sum(own, left[line] * usages[line].contracted)
        if scenario == "expected":
            entries = [described(commitment, covered.get(commitment.name, Covered()), usages, listed[commitment.name]) for commitment in fitting]
    return entries, effective, [_unused(entry, priced) for entry in entries if Decimal(entry["unused"])], unpriced


def _unused(entry: Mapping[str, Any], priced: Sequence[Priced]) -> dict[str, Any]:
    """What is committed and pays for nothing, as a row of its own. Its amount is the expected one in all three columns, so that each is a sum of its rows."""
    place = replace(priced[0].line.place, standby=False)
    line = Line(place, "cost", "commitments", entry["name"], f"commitment/{entry['name']}", fixed(1), "month", labels={"commitment": entry["kind"]})
    cost = {"list": amounts(*[Decimal(0)] * 3), "contracted": amounts(*[Decimal(0)] * 3), "effective": amounts(*[Decimal(entry["unused"])] * 3)}
    return line.data() | {"provider_service": UNUSED, "unit_price": {"list": "0", "contracted": "0"}, "cost": cost, "price": None}


def _row(entry: Priced, committed: Mapping[str, Decimal | None], known: Terms) -> dict[str, Any]:
    row = entry.line.data()
    if entry.price is None:
        return row | {"provider_service": None, "unit_price": None, "cost": None, "price": None}
    spot = HUNDRED - known.spot_percent * known.spot_share / HUNDRED if entry.line.purchase == "spot" else HUNDRED
    found: dict[str, list[Decimal]] = {stage: [] for stage in STAGES}
    for scenario in SCENARIOS:
        listed, contracted = entry.cost(getattr(entry.line.quantity, scenario))
        own = committed[scenario]
        found["list"].append(listed)
        found["contracted"].append(contracted)
        found["effective"].append(contracted * spot / HUNDRED if own is None else own)
    return row | {
        "provider_service": entry.price.service,
        "unit_price": {"list": plain(entry.listed), "contracted": plain(entry.contracted)},
        "cost": {stage: amounts(*values) for stage, values in found.items()},
        "price": entry.price.data(),
    }


def _missing(priced: Iterable[Priced], unpriced: Iterable[tuple], prices: Any) -> list[dict[str, Any]]:
    found: dict[tuple[str, str], list[str]] = {}
    for entry in priced:
        if entry.price is None:
            found.setdefault((entry.line.sku, entry.line.place.region), []).append(entry.line.id)
    for sku, region, name in unpriced:
        found.setdefault((sku, region), []).append(f"cost_commitments[{name}]")
    near = {sku: prices.near(sku) for sku, _region in found}
    return [{"sku": sku, "region": region, "near": near[sku], "lines": ids} for (sku, region), ids in sorted(found.items())]


def _spot(rows: Iterable[Mapping[str, Any]], known: Terms) -> dict[str, Any]:
    priced = [row for row in rows if row["cost"] and row["purchase"] == "spot"]
    saving = sum((Decimal(row["cost"]["contracted"]["expected"]) - Decimal(row["cost"]["effective"]["expected"]) for row in priced), Decimal(0))
    return {
        "discount_percent": plain(known.spot_percent),
        "share_percent": plain(known.spot_share),
        "source": known.spot_source,
        "lines": [row["id"] for row in priced],
        "saving": plain(saving),
    }


def _discounts(priced: Iterable[Priced], known: Terms) -> list[dict[str, Any]]:
    found: dict[Discount, tuple[list[str], Decimal]] = {discount: ([], Decimal(0)) for discount in known.discounts}
    for entry in priced:
        if entry.discount:
            listed, contracted = entry.cost(entry.line.quantity.expected)
            ids, saving = found[entry.discount]
            found[entry.discount] = ([*ids, entry.line.id], saving + listed - contracted)
    return [
        {
            "scope": discount.scope,
            "name": discount.name,
            "percent": plain(discount.percent) if discount.usd is None else None,
            "usd": None if discount.usd is None else plain(discount.usd),
            "lines": ids,
            "saving": plain(saving),
        }
        for discount, (ids, saving) in found.items()
    ]


def _assumptions(rows: Sequence[Mapping[str, Any]], known: Terms) -> list[str]:
    found = set()
    if known.spot_percent and any(row["purchase"] == "spot" for row in rows):
        source = f" ({known.spot_source})" if known.spot_source else ""
        share = f"for {plain(known.spot_share)} % of the hours meant for it"
        found.add(f"the spot market takes {plain(known.spot_percent)} % off the price on demand, {share}{source}")
    for row in rows:
        if row["assumption"]:
            found.add(row["assumption"])
        if row["price"] and row["price"]["strength"] == "assumed":
            found.add(f"{row['sku']} costs in {row['region']} what it costs in {row['price']['region']}")
    return sorted(found)

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What makes the difference between a document's figure and ours, to the cent."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import HOURS
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import words

# A month of 30 days, as documents count it.
SHORT_HOURS = Decimal(720)
# Prices of what nothing of ours is, so that a document's price can be called by its name: us-east-1, list prices of July 2024, strength B.
OTHER_PRICES = {"aws/ebs/gp2": Decimal("0.10"), "aws/transfer/inter-region": Decimal("0.02")}
# Line: the document's quantity of it, and what one is.
QUANTITIES = {"nodes": ("nodes", "node"), "storage": ("storage_gb", "GB"), "transfer": ("transfer_gb", "GB"), "logs": ("log_gb", "GB")}
NEAR = Decimal("0.01")
HOURLY = ("hour", "hours", "hrs")
Parts = list[tuple[str, Decimal]]


def effective(rows: Sequence[Mapping[str, Any]], stage: str = "effective") -> Decimal | None:
    """Their sum; 0 of no rows, None where none of them has a price."""
    priced = [row for row in rows if row["cost"]]
    return None if rows and not priced else _sum(priced, stage)


def _sum(priced: Iterable[Mapping[str, Any]], stage: str) -> Decimal:
    return words.total(row["cost"][stage]["expected"] for row in priced)


def made_of(rows: Sequence[Mapping[str, Any]], most: int = 3) -> str:
    """The dearest of them in words."""
    ordered = words.costliest(row for row in rows if not row.get("undeclared"))
    texts = [_row(row) for row in ordered[:most]]
    left = ordered[most:]
    if left:
        texts.append(f"{len(left)} more ({words.money(effective(left))})")
    return f"ours: {'; '.join(texts)}"


def _row(row: Mapping[str, Any]) -> str:
    if not row["cost"]:
        return f"{row['sku']} has no price"
    quantity = Decimal(row["quantity"]["expected"])
    count = f"{_short(quantity / HOURS)} x " if row["unit"].lower() in HOURLY else f"{_short(quantity)} {row['unit']} of "
    return f"{count}{row['sku']} at {row['unit_price']['list']} ({words.money(words.expected(row, 'list'))})"


def _short(value: Decimal) -> str:
    shown = value.quantize(Decimal("0.01"), ROUND_HALF_EVEN)
    return f"{shown.normalize():,f}"


def explained(name: str, usd: Decimal, rows: Sequence[Mapping[str, Any]], quantities: Mapping[str, Decimal]) -> tuple[Parts, list[str]]:
    """The parts of the difference, which add up to it, and sentences. `name`: the line as _cost.documented calls it."""
    if not rows:
        return [("absent", -usd)], ["nothing of ours is that"] if usd else ["both have none"]
    priced = [row for row in rows if row["cost"]]
    texts = [made_of(rows)]
    if not priced:
        return [], texts
    machines = [row for row in priced if row["unit"].lower() in HOURLY] if name == "nodes" and quantities.get("nodes") else []
    # The document counts its nodes together, whatever types they are.
    main = machines or max(_same(priced), key=lambda group: words.total(row["cost"]["list"]["expected"] for row in group))
    own, listed, in_effect = _sum(main, "list"), _sum(priced, "list"), _sum(priced, "effective")
    counted, more = _counted(name, usd, main, own, quantities)
    parts = [*counted, ("others", listed - own), ("terms", in_effect - listed)]
    texts += more
    if listed != own:
        texts.append(f"{words.money(listed - own)} for what else belongs to it")
    if in_effect != listed:
        texts.append(f"discounts, spot and commitments: {words.money(in_effect - listed, sign=True)}")
    return parts, texts


def _same(rows: Sequence[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["sku"], []).append(row)
    return list(groups.values())


def _counted(name: str, usd: Decimal, main: Sequence[Mapping[str, Any]], own: Decimal, quantities: Mapping[str, Decimal]) -> tuple[Parts, list[str]]:
    price, unit = Decimal(main[0]["unit_price"]["list"]), main[0]["unit"]
    quantity = words.total(row["quantity"]["expected"] for row in main)
    key, what = QUANTITIES.get(name, ("", ""))
    hourly = unit.lower() in HOURLY
    one = price * HOURS if hourly else price
    if not one or not usd:
        return [("quantity", own - usd)], []
    theirs = quantities.get(key)
    if not theirs or not own:
        return [("quantity", own - usd)], [_equivalent(usd, one, quantity / HOURS if hourly else quantity, main[0]["sku"], hourly, price)]
    units = quantity / HOURS if hourly else quantity
    implied = usd / theirs
    # Tiers make the average price that counts.
    average = own / units
    more = (units - theirs) * average
    parts = [("price", own - usd - more), ("quantity", more)]
    if len({row["sku"] for row in main}) > 1:
        price = average / HOURS if hourly else average
    each = f"{_short(theirs)} {what}{'s' if what == 'node' and theirs != 1 else ''}"
    texts = [f"the document's {words.money(usd)} for {each} is {_price(implied)} each{_called(implied, price, hourly)}"]
    if units != theirs:
        texts.append(f"ours are {_short(units)} in place of {_short(theirs)}: {words.money(more, sign=True)}")
    return parts, texts


def _price(value: Decimal) -> str:
    return plain(value.quantize(Decimal("0.0001"), ROUND_HALF_EVEN))


def _called(implied: Decimal, price: Decimal, hourly: bool) -> str:
    if hourly:
        return _short_month(implied, price)
    known = [sku for sku, usd in OTHER_PRICES.items() if usd == implied]
    if implied == price:
        return ", the same price as ours"
    return f", the price of {known[0]}; ours is {_price(price)}" if known else f"; ours is {_price(price)}"


def _short_month(monthly: Decimal, price: Decimal) -> str:
    """Says so where the figure is the price, rounded to a tenth of a cent, over 720 hours."""
    per_hour = monthly / SHORT_HOURS
    if words.cents(monthly) == words.cents(price * HOURS):
        return ", as ours"
    if abs(per_hour - price) <= Decimal("0.0005"):
        return f", {_price(per_hour)} an hour in a month of {SHORT_HOURS} hours; the price is {_price(price)}, the month has {HOURS}"
    return f"; ours is {_price(price * HOURS)}, {_price(price)} an hour"


def _equivalent(usd: Decimal, one: Decimal, units: Decimal, sku: str, hourly: bool, price: Decimal) -> str:
    count = usd / one
    whole = count.to_integral_value(ROUND_HALF_EVEN)
    ours = f"ours are {_short(units)}"
    if hourly and whole and abs(count - whole) / whole <= NEAR:
        return f"the document's {words.money(usd)} is the price of {_short(whole)} x {sku}{_short_month(usd / whole, price)}; {ours}"
    return f"the document gives no quantity; its {words.money(usd)} would buy {_short(count)}{' x' if hourly else ' ' + 'units of'} {sku}; {ours}"

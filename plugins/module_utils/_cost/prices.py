# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The dated price table: one record per SKU and region. What has no record has no price, never a price of 0."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import decimal
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain
from ansible_collections.llmops.platform.plugins.module_utils._cost.regions import check
from ansible_collections.llmops.platform.plugins.module_utils._cost.regions import home

TEXTS = ("sku", "service", "region", "unit", "source", "reference", "as_of", "strength")
FIELDS = (*TEXTS, "usd", "tiers")
# A: dated and made by a machine from the provider's own list. B: rounded, or two sources agree. C: one source, or inferred.
STRENGTHS = ("A", "B", "C")
# What no record says: the home region's figure stands in for the region's own.
ASSUMED = "assumed"
# The price is the same wherever it is bought: hosted zones, health checks.
EVERYWHERE = "global"
# Prices change rarely, but a quarter is long enough to miss one.
STALE_DAYS = 90


@dataclass(frozen=True)
class Tier:
    """`usd` per unit for what lies over the tier before and up to `up_to` units a month; None: without end."""

    up_to: Decimal | None
    usd: Decimal


@dataclass(frozen=True)
class Price:
    """A price, and where it is from. `region` is that of the figure: with strength `assumed` it is not the one asked for."""

    sku: str
    service: str
    region: str
    unit: str
    tiers: tuple[Tier, ...]
    source: str
    reference: str
    as_of: str
    strength: str

    @property
    def usd(self) -> Decimal:
        """The price of the first unit."""
        return self.tiers[0].usd

    @property
    def tiered(self) -> bool:
        return len(self.tiers) > 1

    def cost(self, quantity: Decimal) -> Decimal:
        """USD for `quantity` units in one month, exact: each tier's own part at its own price. Raises CostError below 0."""
        if quantity < 0:
            raise CostError(f"{self.sku}: quantity {quantity} is negative")
        total, below = Decimal(0), Decimal(0)
        for tier in self.tiers:
            end = quantity if tier.up_to is None else min(quantity, tier.up_to)
            total += (end - below) * tier.usd
            below = end
        return total

    def age_days(self, as_of: str) -> int:
        """Days from the price's date to `as_of`, both ISO dates; below 0 where the price is from later."""
        return (iso_date(as_of, "as_of") - iso_date(self.as_of, self.sku)).days

    def data(self) -> dict[str, Any]:
        """The price as plain data; decimals as text."""
        return {**_amount(self.tiers), **{name: getattr(self, name) for name in ("unit", "region", "source", "reference", "as_of", "strength")}}

    def record(self) -> dict[str, Any]:
        """What `table` takes."""
        return {"sku": self.sku, "service": self.service, **self.data()}


class Prices:
    """All prices that are known."""

    def __init__(self, prices: Mapping[tuple[str, str], Price]) -> None:
        self._prices = dict(prices)
        self._skus = sorted({sku for sku, region in self._prices})

    def __len__(self) -> int:
        return len(self._prices)

    def all(self) -> list[Price]:
        """By SKU, then region."""
        return [self._prices[key] for key in sorted(self._prices)]

    def find(self, sku: str, region: str) -> Price | None:
        """The price of `sku` in `region`; else that of every region; else that of the provider's home region, with strength `assumed`; else None.

        Raises CostError for a region that the provider does not have: a slip of the pen would get the home region's price.
        """
        check(sku, region)
        found = self._prices.get((sku, region)) or self._prices.get((sku, EVERYWHERE))
        if found:
            return found
        other = self._prices.get((sku, home(sku)))
        return replace(other, strength=ASSUMED) if other else None

    def near(self, sku: str) -> list[str]:
        """The three known SKUs whose names are most like `sku`, for a message; those of the same provider and service first."""
        family = sku.rpartition("/")[0] + "/"
        same = [known for known in self._skus if known.startswith(family)]
        found = difflib.get_close_matches(sku, same, n=3, cutoff=0.0)
        others = difflib.get_close_matches(sku, [known for known in self._skus if known not in found], n=3, cutoff=0.0)
        return (found + others)[:3]

    def age_days(self, as_of: str) -> int | None:
        """Days from the oldest price to `as_of`, an ISO date; None for an empty table."""
        return max((price.age_days(as_of) for price in self._prices.values()), default=None)


def table(records: Iterable[Any]) -> Prices:
    """Records {sku, service, region, unit, usd | tiers: [{up_to, usd}, ..., {usd}], source, reference, as_of, strength}; amounts are decimal text.

    Raises CostError, which names the record, for anything else: a double, a missing or unknown field, a float, a negative amount, a tier that does not rise,
    a region that the provider does not have.
    """
    found: dict[tuple[str, str], Price] = {}
    for index, record in enumerate(records):
        price = _price(record, index)
        key = (price.sku, price.region)
        if key in found:
            raise CostError(f"price {price.sku} in {price.region} is there twice ({found[key].reference}; {price.reference}); keep one")
        found[key] = price
    return Prices(found)


def iso_date(value: Any, what: str) -> date:
    """Raises CostError for anything but text such as 2026-07-20."""
    try:
        found = date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise CostError(f"{what}: date is {value!r}; give text such as '2026-07-20'") from error
    if found.isoformat() != value:
        raise CostError(f"{what}: date is {value!r}; write it as {found.isoformat()}")
    return found


def _price(record: Any, index: int) -> Price:
    if not isinstance(record, Mapping):
        raise CostError(f"price record {index + 1} is {type(record).__name__}, not a mapping")
    name = f"price {record.get('sku', f'record {index + 1}')} in {record.get('region', '?')}"
    for field in TEXTS:
        if not isinstance(record.get(field), str) or not record[field].strip():
            raise CostError(f"{name}: {field} is {record.get(field)!r}; give text")
    if unknown := sorted(str(field) for field in set(record) - set(FIELDS)):
        raise CostError(f"{name}: unknown field {', '.join(unknown)}; there are {', '.join(FIELDS)}")
    if ("usd" in record) == ("tiers" in record):
        raise CostError(f"{name}: give either usd or tiers")
    if record["strength"] not in STRENGTHS:
        raise CostError(f"{name}: strength is {record['strength']!r}; give one of {', '.join(STRENGTHS)}")
    iso_date(record["as_of"], name)
    if record["region"] != EVERYWHERE:
        check(record["sku"], record["region"])
    tiers = (Tier(None, _usd(record["usd"], name)),) if "usd" in record else _tiers(record["tiers"], name)
    return Price(tiers=tiers, **{field: record[field] for field in TEXTS})


def _tiers(given: Any, name: str) -> tuple[Tier, ...]:
    if not isinstance(given, list) or len(given) < 2 or not all(isinstance(tier, Mapping) for tier in given):
        raise CostError(f"{name}: tiers is {given!r}; give a list of at least two of {{up_to, usd}}, the last without up_to")
    found: list[Tier] = []
    below = Decimal(0)
    for index, tier in enumerate(given):
        where, last = f"{name}, tier {index + 1}", index == len(given) - 1
        if set(tier) != ({"usd"} if last else {"usd", "up_to"}):
            raise CostError(f"{where} has {', '.join(sorted(tier))}; all but the last have up_to and usd, the last has only usd")
        up_to = None if last else decimal(_text(tier["up_to"], where), where)
        if up_to is not None and up_to <= below:
            raise CostError(f"{where}: up_to is {plain(up_to)}, not above {plain(below)}")
        below = below if up_to is None else up_to
        found.append(Tier(up_to, _usd(tier["usd"], where)))
    return tuple(found)


def _usd(value: Any, name: str) -> Decimal:
    found = decimal(_text(value, name), name)
    if found < 0:
        raise CostError(f"{name}: {value} USD is negative")
    return found


def _text(value: Any, name: str) -> str:
    # A bare 0.10 in YAML is already a float when it arrives.
    if not isinstance(value, str):
        raise CostError(f"{name}: amount is {value!r}; write it in quotes")
    return value


def _amount(tiers: tuple[Tier, ...]) -> dict[str, Any]:
    if len(tiers) == 1:
        return {"usd": plain(tiers[0].usd)}
    return {"tiers": [{"usd": plain(tier.usd), **({"up_to": plain(tier.up_to)} if tier.up_to is not None else {})} for tier in tiers]}

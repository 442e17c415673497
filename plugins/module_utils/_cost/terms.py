# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What is paid less than the list price: discounts, spot and commitments, as an inventory declares them."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import HOURS
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import decimal
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import limited

HUNDRED = Decimal(100)
TERMS = (12, 36)
MOST_COUNT = 1_000_000
# In the order in which AWS applies them: a reservation, then the plan of a family, then the plan of all compute.
KINDS = ("reserved", "instance_savings_plan", "compute_savings_plan")
COMPUTE = ("aws/ec2/", "aws/fargate/", "aws/lambda/")
# Billed by the hour of a processor's credit, which no plan covers.
UNCOVERED = ("aws/ec2/cpu-credit",)
FIELDS = {
    "reserved": {"name", "kind", "sku", "count", "region", "term_months", "hourly_usd", "discount_percent", "upfront_usd"},
    "instance_savings_plan": {"name", "kind", "skus", "region", "term_months", "hourly_usd", "discount_percent", "upfront_percent"},
    "compute_savings_plan": {"name", "kind", "skus", "region", "term_months", "hourly_usd", "discount_percent", "upfront_percent"},
}


@dataclass(frozen=True)
class Discount:
    """A negotiated one. `percent` off the list price, or the negotiated price `usd` of one unit."""

    scope: str
    name: str
    percent: Decimal = Decimal(0)
    usd: Decimal | None = None


@dataclass(frozen=True)
class Commitment:
    """`hourly`: USD an hour, of one unit where it is a reservation, of the whole plan otherwise; None: `percent` off the list price says it."""

    name: str
    kind: str
    skus: tuple[str, ...]
    region: str
    term_months: int
    count: int
    hourly: Decimal | None
    percent: Decimal | None
    upfront: Decimal

    @property
    def specificity(self) -> tuple[Any, ...]:
        """Sorts the most specific first."""
        return (KINDS.index(self.kind), not self.region, -min(len(sku) for sku in self.skus), self.name)

    def covers(self, sku: str, region: str) -> bool:
        if (self.region and region != self.region) or sku in UNCOVERED:
            return False
        return sku in self.skus if self.kind == "reserved" else sku.startswith(self.skus)


@dataclass(frozen=True)
class Terms:
    """`spot_percent`: what the spot market takes off; `spot_share`: percent of the hours meant for it that it really gives."""

    discounts: tuple[Discount, ...]
    commitments: tuple[Commitment, ...]
    spot_percent: Decimal
    spot_share: Decimal
    spot_source: str

    def discount(self, sku: str, service: str) -> Discount | None:
        """The most specific one, and only that: they are never added up."""
        for scope, name in (("sku", sku), ("service", service), ("all", "")):
            for discount in self.discounts:
                if (discount.scope, discount.name) == (scope, name):
                    return discount
        return None


def terms(data: Mapping[str, Any]) -> Terms:
    """The terms of `{spot: {discount_percent, share_percent, source}, discounts: {all, services, skus}, commitments: [...]}`, each part optional.

    Raises CostError naming the entry.
    """
    spot = dict(data.get("spot") or {})
    _known(spot, {"discount_percent", "share_percent", "source"}, "spot")
    commitments = [_commitment(entry, number) for number, entry in enumerate(_list(data.get("commitments"), "cost_commitments"), 1)]
    names = [commitment.name for commitment in commitments]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise CostError(f"cost_commitments: {', '.join(twice)} stands there twice; give each a name of its own")
    return Terms(
        discounts=tuple(_discounts(data.get("discounts") or {})),
        commitments=tuple(sorted(commitments, key=lambda commitment: commitment.specificity)),
        spot_percent=percent(spot.get("discount_percent", 0), "cost_spot_discount_percent"),
        spot_share=percent(spot.get("share_percent", 100), "cost_spot_share_percent"),
        spot_source=str(spot.get("source") or ""),
    )


def percent(value: Any, what: str) -> Decimal:
    found = decimal(value, what)
    if not 0 <= found <= HUNDRED:
        raise CostError(f"{what} is {value!r}; give a percentage from 0 to 100")
    return found


def _discounts(data: Mapping[str, Any]) -> list[Discount]:
    _known(data, {"all", "services", "skus"}, "cost_discounts")
    for part in ("services", "skus"):
        if not isinstance(data.get(part) or {}, Mapping):
            raise CostError(f"cost_discounts.{part} is {data[part]!r}; give a map of percentages by name")
    found = [Discount("service", name, percent(value, f"cost_discounts.services.{name}")) for name, value in sorted((data.get("services") or {}).items())]
    for name, value in sorted((data.get("skus") or {}).items()):
        what = f"cost_discounts.skus.{name}"
        if isinstance(value, Mapping):
            _known(value, {"usd"}, what)
            found.append(Discount("sku", name, usd=limited(value.get("usd"), f"{what}.usd")))
        else:
            found.append(Discount("sku", name, percent(value, what)))
    if data.get("all") is not None:
        found.append(Discount("all", "", percent(data["all"], "cost_discounts.all")))
    return found


def _commitment(data: Mapping[str, Any], number: int) -> Commitment:
    what = f"cost_commitments[{data.get('name') or number}]" if isinstance(data, Mapping) else f"cost_commitments[{number}]"
    if not isinstance(data, Mapping) or not data.get("name"):
        raise CostError(f"{what} has no name; give name, kind and what it covers")
    kind = data.get("kind")
    if kind not in KINDS:
        raise CostError(f"{what}: kind is {kind!r}; give one of {', '.join(KINDS)}")
    _known(data, FIELDS[kind], what)
    term = data.get("term_months", 12)
    if isinstance(term, bool) or term not in TERMS:
        raise CostError(f"{what}.term_months is {term!r}; give 12 or 36, the terms that are sold")
    hourly = None if data.get("hourly_usd") is None else limited(data["hourly_usd"], f"{what}.hourly_usd")
    off = None if data.get("discount_percent") is None else percent(data["discount_percent"], f"{what}.discount_percent")
    common = {"name": str(data["name"]), "kind": kind, "region": str(data.get("region") or ""), "term_months": term, "hourly": hourly, "percent": off}
    if kind == "reserved":
        if not data.get("sku"):
            raise CostError(f"{what} names no sku; give the SKU that is reserved, such as aws/rds-postgresql/db.r6g.xlarge")
        upfront = limited(data.get("upfront_usd", 0), f"{what}.upfront_usd")
        if (hourly is None) == (off is None):
            raise CostError(f"{what}: give either hourly_usd, what an hour of one costs besides upfront_usd, or discount_percent off the list price")
        return Commitment(**common, skus=(str(data["sku"]),), count=_whole(data.get("count", 1), f"{what}.count"), upfront=upfront)
    if hourly is None or off is None:
        raise CostError(f"{what}: give hourly_usd, the commitment of an hour, and discount_percent, what the plan takes off the list price")
    if off == HUNDRED:
        raise CostError(f"{what}: discount_percent is 100; no plan is free")
    skus = tuple(str(sku) for sku in _list(data.get("skus"), f"{what}.skus"))
    if kind == "instance_savings_plan" and not skus:
        raise CostError(f"{what} names no skus; give how those of its family begin, such as aws/ec2/m5.")
    paid = percent(data.get("upfront_percent", 0), f"{what}.upfront_percent")
    return Commitment(**common, skus=skus or COMPUTE, count=1, upfront=hourly * HOURS * term * paid / HUNDRED)


def _list(value: Any, what: str) -> Sequence[Any]:
    if value is None:
        return ()
    if isinstance(value, str | Mapping) or not isinstance(value, Sequence):
        raise CostError(f"{what} is {value!r}; give a list")
    return value


def _whole(value: Any, what: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_COUNT:
        raise CostError(f"{what} is {value!r}; give a whole number from 1 to {MOST_COUNT}")
    return value


def _known(data: Mapping[str, Any], fields: set[str], what: str) -> None:
    if unknown := sorted(set(data) - fields):
        raise CostError(f"{what} has {', '.join(unknown)}; known are {', '.join(sorted(fields))}")

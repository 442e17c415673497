# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What is bought, before any price: a line of the bill of materials, for one month."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from decimal import Decimal
from decimal import InvalidOperation
from typing import Any

# 365 days of 24 hours over 12 months, as AWS Pricing Calculator and Infracost count.
HOURS = Decimal(730)
# More of anything in one line is a slip of a unit, not a bill.
MOST = Decimal(10) ** 12
# The first digit of a number stands for 10^-40 to 10^40.
MAGNITUDE = 40
PURCHASES = ("on_demand", "spot")
# What Decimal takes besides, 1_000 or digits of other scripts, is a slip.
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


class CostError(ValueError):
    """A failure to show as it is."""


@dataclass(frozen=True)
class Place:
    """Whose the lines are. `zones`: how many the deployment uses; `as_of`: ISO date that versions and prices are judged by."""

    platform: str
    environment: str
    deployment: str
    provider: str
    region: str
    zones: int
    as_of: str
    standby: bool = False


@dataclass(frozen=True)
class Quantity:
    """A month's quantity, `minimum` <= `expected` <= `maximum`. All three are equal where nothing scales.

    `undeclared`: figures of cost_usage that it is made of and that nobody declared, so that they count as 0.
    """

    minimum: Decimal
    expected: Decimal
    maximum: Decimal
    undeclared: tuple[str, ...] = field(default=(), compare=False)

    def times(self, factor: Any) -> Quantity:
        by = decimal(factor, "factor")
        return replace(self, minimum=self.minimum * by, expected=self.expected * by, maximum=self.maximum * by)

    def shown(self) -> dict[str, str]:
        return {"minimum": plain(self.minimum), "expected": plain(self.expected), "maximum": plain(self.maximum)}


# Of what nobody has said: that of its price.
ANY_UNIT = "unit"


@dataclass(frozen=True)
class Line:
    """One component of the bill.

    `component`: the role that owns it, a key of platform_components or the role's name. `service`: what people see as one thing (a database's name, an
    application's service, a node pool). `resource`: the CloudFormation type that it is a part of, empty where it is none. `usage`: depends on traffic or
    volume, not on what exists. `scales`: moves between minimum and maximum by itself. `stateful`: never for spot. `assumption`: what had to be assumed, empty
    where all is declared. `labels`: further facts as text, such as instance_type, architecture, engine, pool.
    """

    place: Place
    component: str
    service: str
    name: str
    sku: str
    quantity: Quantity
    unit: str
    resource: str = ""
    usage: bool = False
    scales: bool = False
    stateful: bool = False
    purchase: str = "on_demand"
    assumption: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        low, middle, high = self.quantity.minimum, self.quantity.expected, self.quantity.maximum
        if not 0 <= low <= middle <= high <= MOST:
            raise CostError(f"{self.id}: quantity {low} to {middle} to {high} {self.unit}; give 0 to {MOST:f}, none smaller than the one before")
        if self.purchase not in PURCHASES:
            raise CostError(f"{self.id}: purchase is {self.purchase!r}; give one of {', '.join(PURCHASES)}")
        if self.purchase == "spot" and self.stateful:
            raise CostError(f"{self.id}: what keeps data is never bought on the spot market")

    @property
    def id(self) -> str:
        """Unique and stable over runs."""
        return "/".join((self.place.deployment, self.component, self.service, self.name))

    @property
    def undeclared(self) -> list[str]:
        """Figures of cost_usage without which nobody knows how much it is; none where there is any quantity."""
        return [] if self.quantity.maximum else sorted(self.quantity.undeclared)

    def data(self) -> dict[str, Any]:
        """The line as plain data; decimals as text."""
        return {
            "id": self.id,
            "platform": self.place.platform,
            "environment": self.place.environment,
            "deployment": self.place.deployment,
            "provider": self.place.provider,
            "region": self.place.region,
            "standby": self.place.standby,
            "component": self.component,
            "service": self.service,
            "name": self.name,
            "sku": self.sku,
            "quantity": self.quantity.shown(),
            "unit": self.unit,
            "resource": self.resource,
            "usage": self.usage,
            "undeclared": self.undeclared,
            "scales": self.scales,
            "stateful": self.stateful,
            "purchase": self.purchase,
            "assumption": self.assumption,
            "labels": dict(self.labels),
        }


def decimal(value: Any, what: str) -> Decimal:
    """The exact decimal of an int, Decimal or text. Raises CostError; a float is one, as it is not what somebody wrote."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise CostError(f"{what} is {value!r}; give a whole number, or a decimal number in quotes")
    if isinstance(value, str) and not NUMBER.fullmatch(value.strip()):
        raise CostError(f"{what} is {short(value)}; give a number such as '12.5'")
    try:
        found = Decimal(value)
    except InvalidOperation as error:
        raise CostError(f"{what} is {short(value)}; give a number such as '12.5'") from error
    if not found.is_finite():
        raise CostError(f"{what} is {value!r}; give a finite number")
    # More digits than sums are counted with would be lost, and zeros by the thousand be written out.
    if found and not -MAGNITUDE <= found.adjusted() <= MAGNITUDE:
        raise CostError(f"{what} is {short(value)}; give a number of ordinary size")
    return found


def limited(value: Any, what: str, above_zero: bool = False) -> Decimal:
    """The exact decimal of what somebody declares, 0 to MOST. Raises CostError."""
    found = decimal(value, what)
    if not 0 <= found <= MOST or (above_zero and not found):
        raise CostError(f"{what} is {short(value)}; give {'more than 0, up to' if above_zero else '0 to'} {MOST:f}")
    return found


def short(value: Any) -> str:
    """For a message: of a long value its beginning."""
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:60]}… ({len(text)} characters)"


def fixed(value: Any, what: str = "quantity") -> Quantity:
    """A quantity that does not scale."""
    found = decimal(value, what)
    return Quantity(found, found, found)


def ranged(minimum: Any, expected: Any, maximum: Any, what: str = "quantity") -> Quantity:
    """A quantity that does."""
    return Quantity(*(decimal(value, what) for value in (minimum, expected, maximum)))


def hours(count: Any = 1, what: str = "count") -> Quantity:
    """`count` of something all month."""
    return fixed(count, what).times(HOURS)


def plain(value: Decimal) -> str:
    """Text without exponent and without zeros that say nothing."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What data services have in common: who runs them, what of their volumes is data, and how their lines look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.data_usage import DEFAULTS
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import elementwise
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import choice
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import layered
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import near
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.usage import usage
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Quantity
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import fixed
from ansible_collections.llmops.platform.plugins.module_utils._inventory.layering import merge

PROVIDERS = ("existing", "in_cluster", "managed")
# Where the platform has an account of its own; elsewhere somebody else pays for what data services stand on.
CLOUDS = ("aws", "azure", "gcp")
MODES = ("backup_only", "pilot_light", "warm_standby")
ZERO = Quantity(Decimal(0), Decimal(0), Decimal(0))


@dataclass(frozen=True)
class Owner:
    """Of a line: component, service and CloudFormation type; `labels` are on each of its lines."""

    place: Place
    component: str
    service: str
    resource: str = ""
    labels: Mapping[str, str] | None = None

    def line(self, name: str, sku: str, quantity: Quantity, unit: str, *, usage: bool = False, assumption: str = "", **labels: str) -> Line:
        """A line of it; what keeps data is stateful. It scales where its quantity is a range and no usage."""
        scales = not usage and quantity.minimum != quantity.maximum
        shown = {**(self.labels or {}), **labels}
        return Line(
            self.place, self.component, self.service, name, sku, quantity, unit, self.resource,
            usage=usage, scales=scales, stateful=True, assumption=assumption, labels=shown,
        )  # fmt: skip


def provider(variables: Mapping[str, Any], name: str) -> str:
    """managed, in_cluster or existing: variable `<name>_provider`. Raises CostError."""
    value = variables.get(f"{name}_provider")
    if value is None:
        raise CostError(f"{name}_provider is not set; give {', '.join(PROVIDERS)}")
    return choice(value, f"{name}_provider", PROVIDERS)


def items(variables: Mapping[str, Any], name: str) -> dict[str, dict[str, Any]]:
    """The map `name` with its layers, `<name>_common` beneath each value, sorted. Raises CostError where a value is no map."""
    common = variables.get(f"{name}_common") or {}
    found = {}
    for key, value in sorted(layered(variables, name).items(), key=lambda item: str(item[0])):
        if not isinstance(key, str):
            raise CostError(f"{name} has {key!r}, which is no name; put it in quotes")
        if not isinstance(value, Mapping):
            raise CostError(f"{name}.{key} is {value!r}; give a map")
        found[key] = merge(common, value)
    return found


def runs(variables: Mapping[str, Any], place: Place) -> bool:
    """Whether services of the deployment run all month: a standby region has them as a warm standby only, but for PostgreSQL's replica and objects.

    Raises CostError for a disaster_recovery_mode that is none.
    """
    mode = choice(variables.get("disaster_recovery_mode", "warm_standby"), "disaster_recovery_mode", MODES)
    return place.provider in CLOUDS and (not place.standby or mode == "warm_standby")


def figure(variables: Mapping[str, Any], name: str) -> tuple[Quantity, str]:
    """A figure of cost_usage; where it is not declared the default, and said so."""
    value = DEFAULTS.get(name)
    if value is None:
        return usage(variables, name)
    said = f"{value.minimum:f} to {value.expected:f} to {value.maximum:f}" if value.minimum != value.maximum else f"{value.expected:f}"
    return usage(variables, name, value, f"cost_usage.{name} is not declared: {said}")


def percent(variables: Mapping[str, Any], name: str, most: int = 100) -> tuple[Quantity, str]:
    """A figure in percent as a share of one. Raises CostError beyond `most` percent."""
    found, why = figure(variables, name)
    if found.maximum > most:
        raise CostError(f"cost_usage.{name} is {found.maximum:f}; give 0 to {most} percent")
    return elementwise(lambda value: value / 100, found), why


def data(variables: Mapping[str, Any], size: Quantity) -> tuple[Quantity, str]:
    """What of a volume is data: `size x fill percent`. In GB."""
    fill, why = percent(variables, "data_fill_percent")
    return product(size, fill), why


def kept(variables: Mapping[str, Any], size: Quantity, days: Fraction) -> tuple[Quantity, str]:
    """GB of a backup that keeps changes only: `data x (1 + change percent x days)`. `days`: how long changes are kept."""
    full, why = data(variables, size)
    more, also = changed(variables, size, days)
    return added(full, more), said(why, also)


def changed(variables: Mapping[str, Any], size: Quantity, days: Fraction) -> tuple[Quantity, str]:
    """GB that change in some days: `data x change percent x days`."""
    full, why = data(variables, size)
    share, also = percent(variables, "data_change_percent", 1000)
    return scaled(product(full, share), days), said(why, also)


def scaled(quantity: Quantity, by: Fraction | int) -> Quantity:
    """Multiplied before it is divided, so that what can be exact is."""
    factor = Fraction(by)
    return elementwise(lambda value: value * factor.numerator / factor.denominator, quantity)


def product(*quantities: Quantity) -> Quantity:
    def times(*values: Decimal) -> Decimal:
        found = Decimal(1)
        for value in values:
            found *= value
        return found

    return elementwise(times, *quantities)


def added(*quantities: Quantity) -> Quantity:
    """The sum; zero of none."""
    return elementwise(lambda *values: sum(values, Decimal(0)), ZERO, *quantities)


def over(quantity: Quantity, free: Any) -> Quantity:
    """What is beyond an allowance."""
    return elementwise(lambda value, allowed: max(Decimal(0), value - allowed), quantity, fixed(free))


def said(*reasons: str) -> str:
    """Reasons once each."""
    return "; ".join(dict.fromkeys(part for reason in reasons for part in reason.split("; ") if part))


def known_class(value: Any, where: str, prefix: str, families: Mapping[str, Any], suffix: str = "") -> tuple[str, str]:
    """Family and size of a class such as db.r6g.xlarge. `families`: sizes by family. Raises CostError with the nearest classes."""
    names = {f"{prefix}{family}.{size}{suffix}": (family, size) for family, sizes in families.items() for size in sizes}
    if value not in names:
        close = near(str(value), names)
        raise CostError(f"{where} is {value!r}; " + (f"did you mean {' or '.join(close)}?" if close else f"give a class such as {min(names)}"))
    return names[value]


def architecture(family: str) -> str:
    """Graviton's families have a g after the number of their generation."""
    return "arm64" if "g" in family.lstrip("abcdefghijklmnopqrstuvwxyz").lstrip("0123456789") else "x86_64"

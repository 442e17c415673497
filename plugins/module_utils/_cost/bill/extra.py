# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Lines that somebody adds by hand: cost_extra_items."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import data
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import amount
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import meant
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import ANY_UNIT
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Quantity
from ansible_collections.llmops.platform.plugins.module_utils._cost.regions import check

KEYS = ("assumption", "maximum", "minimum", "quantity", "region", "service", "sku", "unit", "usage")
# <provider>/<service>/<what>, and what may have parts.
SKU = re.compile(r"[a-z0-9-]+(/[A-Za-z0-9._-]+){2,}")
REGION = re.compile(r"[a-z0-9][a-z0-9-]*")


def lines(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """A line each: `quantity` a month of `sku`, from `minimum` to `maximum` where they are given, in `region` or the deployment's. `unit` is that of its
    price, and need not be given. `usage`: whether it depends on traffic. `service`: whose line it is, `extra` if nothing is said.

    Where cost_extra_items stands for several deployments, each has the line. Raises CostError naming the item: an unknown key, no SKU or quantity,
    a negative or absurd one, minimum <= quantity <= maximum does not hold.
    """
    return [_line(name, settings, place) for name, settings in data.items(variables, "cost_extra_items").items()]


def _line(name: str, settings: Mapping[str, Any], place: Place) -> Line:
    where = f"cost_extra_items.{name}"
    if unknown := sorted(set(settings) - set(KEYS)):
        raise CostError(f"{where}.{unknown[0]} is unknown; {meant(unknown[0], KEYS)}")
    for key in ("sku", "quantity"):
        if settings.get(key) is None:
            raise CostError(f"{where}.{key} is missing; give the sku of the price table and a month's quantity of it")
    if not isinstance(settings["sku"], str) or not SKU.fullmatch(settings["sku"]):
        raise CostError(f"{where}.sku is {settings['sku']!r}; give <provider>/<service>/<what>, such as aws/s3/standard")
    region, by_use = settings.get("region", place.region), settings.get("usage", False)
    if not isinstance(region, str) or not REGION.fullmatch(region):
        raise CostError(f"{where}.region is {region!r}; give a region such as us-east-1")
    try:
        check(settings["sku"], region)
    except CostError as error:
        raise CostError(f"{where}: {error}") from error
    if not isinstance(by_use, bool):
        raise CostError(f"{where}.usage is {by_use!r}; give true or false")
    for key in ("service", "unit", "assumption"):
        if not isinstance(settings.get(key, ""), str):
            raise CostError(f"{where}.{key} is {settings[key]!r}; give text")
    expected = amount(settings["quantity"], f"{where}.quantity")
    least, most = (amount(settings.get(key, expected), f"{where}.{key}") for key in ("minimum", "maximum"))
    if not least <= expected <= most:
        raise CostError(f"{where} is {least} to {expected} to {most}; none may be smaller than the one before")
    there = replace(place, region=region, provider=settings["sku"].partition("/")[0])
    return Line(
        there, "extra", settings.get("service", "extra"), name, settings["sku"], Quantity(least, expected, most), settings.get("unit", ANY_UNIT),
        usage=by_use, scales=not by_use and least != most, assumption=settings.get("assumption", ""),
    )  # fmt: skip

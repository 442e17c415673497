# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Reading declared variables: layers, counts, names that were meant otherwise. Every error names the variable and the remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import decimal
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import short
from ansible_collections.llmops.platform.plugins.module_utils._cost.regions import KNOWN as REGIONS
from ansible_collections.llmops.platform.plugins.module_utils._inventory.layering import merge

LAYERS = ("{}_shared", "{}", "{}_environment", "{}_deployment")
# Nobody runs a million of one thing by hand-written inventory.
MOST_COUNT = 1_000_000
PROVIDERS = ("aws", "azure", "gcp", "existing")


def layered(variables: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The map `name` with `name_environment` and `name_deployment` over it, `name_shared` beneath, as filter layered does. Raises CostError: one is no map."""
    found: dict[str, Any] = {}
    for layer in LAYERS:
        value = variables.get(layer.format(name))
        if value is None:
            continue
        if not isinstance(value, Mapping):
            raise CostError(f"{layer.format(name)} is {value!r}; give a map")
        found = merge(found, value)
    return found


def components(variables: Mapping[str, Any]) -> set[str]:
    """Names that platform_components switches on. Raises CostError for a switch that is no boolean."""
    found = set()
    for name, wanted in layered(variables, "platform_components").items():
        if not isinstance(wanted, bool):
            raise CostError(f"platform_components.{name} is {wanted!r}; give true or false")
        if wanted:
            found.add(name)
    return found


def place(variables: Mapping[str, Any], as_of: str) -> Place:
    """The place of a host by its variables. `as_of`: ISO date. Raises CostError naming a variable that is missing."""
    needed = ("platform_name", "platform_environment", "inventory_hostname", "platform_provider", "platform_region")
    for name in needed:
        if not isinstance(variables.get(name), str) or not variables[name]:
            raise CostError(f"{name} is {variables.get(name)!r}; no estimate without it")
    platform, environment, deployment, provider, region = (variables[name] for name in needed)
    choice(provider, "platform_provider", PROVIDERS)
    known = REGIONS.get(provider)
    if known and region not in known:
        raise CostError(f"platform_region is {region!r}, no region of {provider}; {meant(region, known)}")
    zones = variables.get("cluster_zones") or {}
    return Place(platform, environment, deployment, provider, region, len(zones) or 1, as_of, variables.get("platform_region_group") == "standby")


def count(value: Any, what: str, least: int = 0, most: int = MOST_COUNT) -> int:
    """A whole number of things, in text or not. `what`: the variable. Raises CostError."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal) or not str(value).strip().removeprefix("-").isdecimal():
        raise CostError(f"{what} is {value!r}; give a whole number")
    found = int(value)
    if not least <= found <= most:
        raise CostError(f"{what} is {found}; give {least} to {most}")
    return found


def amount(value: Any, what: str, most: Decimal = Decimal(10) ** 12) -> Decimal:
    """A quantity of 0 or more, exact. `what`: the variable. Raises CostError."""
    found = decimal(value, what)
    if not 0 <= found <= most:
        raise CostError(f"{what} is {short(found)}; give 0 to {most:f}")
    return found


def choice(value: Any, what: str, known: Iterable[str]) -> str:
    """One of some words. Raises CostError with the nearest."""
    names = sorted(known)
    if value not in names:
        raise CostError(f"{what} is {value!r}; {meant(value, names)}")
    return str(value)


def meant(wanted: Any, known: Iterable[str]) -> str:
    """What to say of a name that is not known: the nearest three, or all where none is near."""
    names = sorted(known)
    close = near(str(wanted), names)
    return f"did you mean {' or '.join(close)}?" if close else f"it is one of {', '.join(names) or 'none'}"


def near(wanted: str, known: Iterable[str]) -> list[str]:
    """The three nearest names."""
    return difflib.get_close_matches(wanted, sorted(known), n=3, cutoff=0.5)

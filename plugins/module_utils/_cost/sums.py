# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Sums of an estimate's rows. Nothing is rounded: every sum of parts is the total to the last digit."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from decimal import localcontext
from itertools import pairwise
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain
from ansible_collections.llmops.platform.plugins.module_utils._cost.prices import STALE_DAYS

# Digits of a calculation. The greatest quantity (13) times a price with a division's 12 places, added up, needs less: nothing is ever cut off.
DIGITS = 80
# A division's result is cut here, so that sums of it stay exact: a share of a total, and what people look at.
GRAIN = Decimal(1).scaleb(-20)
PLACES = Decimal("1e-12")
SCENARIOS = ("minimum", "expected", "maximum")
STAGES = ("list", "contracted", "effective")
GROUPS = ("platform", "environment", "deployment", "component", "service", "provider_service")
STRENGTHS = ("A", "B", "C", "assumed")


def amounts(minimum: Decimal, expected: Decimal, maximum: Decimal) -> dict[str, str]:
    return {"minimum": plain(minimum), "expected": plain(expected), "maximum": plain(maximum)}


def totals(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, str]] | dict[str, dict[str, None]]:
    """Of the rows that have a cost. Where none has one nothing was counted: None, which is not 0."""
    counted = [row for row in rows if row["cost"]]
    if not counted:
        return {stage: dict.fromkeys(SCENARIOS) for stage in STAGES}
    found = {stage: dict.fromkeys(SCENARIOS, Decimal(0)) for stage in STAGES}
    for row in counted:
        for stage, own in found.items():
            for scenario in SCENARIOS:
                own[scenario] += Decimal(row["cost"][stage][scenario])
    return {stage: amounts(**own) for stage, own in found.items()}


def grouped(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, dict[str, str]]]:
    """The expected figures of rows that have a cost, by each of GROUPS."""
    found: dict[str, dict[str, dict[str, Decimal]]] = {group: {} for group in GROUPS}
    for row in rows:
        if row["cost"]:
            for group, names in found.items():
                own = names.setdefault(row[group], dict.fromkeys(STAGES, Decimal(0)))
                for stage in STAGES:
                    own[stage] += Decimal(row["cost"][stage]["expected"])
    return {group: {name: {stage: plain(value) for stage, value in own.items()} for name, own in sorted(names.items())} for group, names in found.items()}


def price_summary(rows: Iterable[Mapping[str, Any]], as_of: str) -> dict[str, Any]:
    """How old and how well founded the prices are that were used, each counted once a region."""
    used = {(row["sku"], row["region"]): row["price"] for row in rows if row["price"]}
    dates = sorted(price["as_of"] for price in used.values())
    age = (date.fromisoformat(as_of) - date.fromisoformat(dates[0])).days if dates else None
    stale = sorted({price["as_of"] for price in used.values() if (date.fromisoformat(as_of) - date.fromisoformat(price["as_of"])).days > STALE_DAYS})
    old = sum(price["as_of"] in stale for price in used.values())
    warning = f"{old} of {len(used)} prices are older than {STALE_DAYS} days, the oldest of {dates[0]}; refresh them with cost_prices" if old else None
    strengths = {strength: sum(price["strength"] == strength for price in used.values()) for strength in STRENGTHS}
    return {"oldest": dates[0] if dates else None, "newest": dates[-1] if dates else None, "age_days": age, "warning": warning, "strengths": strengths}


def places(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What tells a deployment from the others, by its name: the region where that is enough; empty where there are no others."""
    regions = {row["deployment"]: row["region"] for row in rows}
    if len(regions) < 2:
        return dict.fromkeys(regions, "")
    return regions if len(set(regions.values())) == len(regions) else {name: name for name in regions}


def undeclared(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Figures of cost_usage that nobody declared and that lines without any quantity wait for."""
    return sorted({name for row in rows for name in row["undeclared"]})


def judged(estimate: Mapping[str, Any]) -> dict[str, Any]:
    """The estimate as a gate sees it: a line without a price of which nothing is used, not even at most, costs nothing whatever its price is."""
    unused = {row["id"] for row in estimate["lines"] if row["cost"] is None and not Decimal(row["quantity"]["maximum"])}
    missing = [{**entry, "lines": [line for line in entry["lines"] if line not in unused]} for entry in estimate["missing"]]
    missing = [entry for entry in missing if entry["lines"]]
    return {**estimate, "missing": missing, "incomplete": bool(missing)}


def combined(estimates: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Estimates of several accounts as one of the same shape. Raises CostError where they are of two dates or share a line."""
    if not estimates:
        raise CostError("there is no estimate to add up")
    dates = sorted({estimate["as_of"] for estimate in estimates})
    if len(dates) > 1:
        raise CostError(f"estimates of {' and '.join(dates)} cannot be added up; make them of one date")
    rows = sorted((row for estimate in estimates for row in estimate["lines"]), key=lambda row: row["id"])
    for one, two in pairwise(rows):
        if one["id"] == two["id"]:
            raise CostError(f"{one['id']} stands in two estimates; make one of both")
    with localcontext() as context:
        context.prec = DIGITS
        spots = [estimate["spot"] for estimate in estimates]
        one_spot = spots[0] if all(spot["discount_percent"] == spots[0]["discount_percent"] for spot in spots) else {}
        return {
            **{key: estimates[0][key] for key in ("as_of", "currency", "hours_per_month", "provenance")},
            "lines": rows,
            "totals": totals(rows),
            "incomplete": any(estimate["incomplete"] for estimate in estimates),
            "missing": _missing(estimates),
            "undeclared": undeclared(rows),
            "by": grouped(rows),
            "prices": price_summary(rows, dates[0]),
            "spot": {
                "discount_percent": one_spot.get("discount_percent"),
                "share_percent": one_spot.get("share_percent"),
                "source": one_spot.get("source", ""),
                "lines": sorted(line for spot in spots for line in spot["lines"]),
                "saving": plain(sum((Decimal(spot["saving"]) for spot in spots), Decimal(0))),
            },
            "discounts": [discount for estimate in estimates for discount in estimate["discounts"]],
            "commitments": [commitment for estimate in estimates for commitment in estimate["commitments"]],
            "assumptions": sorted({text for estimate in estimates for text in estimate["assumptions"]}),
        }


def _missing(estimates: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for estimate in estimates:
        for entry in estimate["missing"]:
            own = found.setdefault((entry["sku"], entry["region"]), {**entry, "lines": []})
            own["lines"] = sorted([*own["lines"], *entry["lines"]])
    return [found[key] for key in sorted(found)]

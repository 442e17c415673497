# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The report as JSON in the form of Infracost's output, version 0.2, so that what reads that reads this.

A project is a deployment, a resource a service of one of its components, a component of its cost a line. Amounts are decimal text. Costs are the expected
and effective ones, `price` is what a unit costs in effect; list and contracted cost are in each resource's metadata. What has no price has null and
`priceNotFound`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from decimal import Decimal
from decimal import localcontext
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.diff import diff
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import HOURS
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import words
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import DIGITS

NO_BREAKDOWN = {"resources": [], "totalHourlyCost": None, "totalMonthlyCost": None, "totalMonthlyUsageCost": None}
# Infracost wants to know a commit; a report knows none. The time is Go's for "none".
NO_COMMIT = {
    "vcsBranch": "",
    "vcsCommitSha": "",
    "vcsCommitAuthorName": "",
    "vcsCommitAuthorEmail": "",
    "vcsCommitTimestamp": "0001-01-01T00:00:00Z",
    "vcsCommitMessage": "",
}


def render(document: Mapping[str, Any]) -> str:
    """The JSON text. Raises CostError where the document has no estimate."""
    with localcontext() as context:
        context.prec = DIGITS
        return json.dumps(report(document), indent=2, ensure_ascii=True) + "\n"


def report(document: Mapping[str, Any]) -> dict[str, Any]:
    """The same as plain data."""
    estimate, baseline = words.estimate_of(document), document.get("baseline")
    change = diff(baseline, estimate) if baseline else None
    names = sorted({row["deployment"] for one in (estimate, baseline or estimate) for row in one["lines"]})
    projects = [_project(name, estimate, baseline, change) for name in names]
    now, past, less = _totals(estimate["lines"]), _totals(baseline["lines"] if baseline else None), _changed(change)
    return {
        "version": "0.2",
        "metadata": {"infracostCommand": "breakdown", **NO_COMMIT},
        "currency": estimate["currency"],
        "projects": projects,
        **now,
        **{f"past{name[0].upper()}{name[1:]}": value for name, value in past.items()},
        **{f"diff{name[0].upper()}{name[1:]}": value for name, value in less.items()},
        "timeGenerated": f"{words.generated(document)}T00:00:00Z",
        "summary": _summary(estimate["lines"]),
    }


def _project(name: str, estimate: Mapping[str, Any], baseline: Mapping[str, Any] | None, change: Mapping[str, Any] | None) -> dict[str, Any]:
    rows = [row for row in estimate["lines"] if row["deployment"] == name]
    past = [row for row in baseline["lines"] if row["deployment"] == name] if baseline else None
    changed = [row for row in change["rows"] if (row["after"] or row["before"])["id"].startswith(f"{name}/")] if change else None
    return {
        "name": words.clean(name),
        "displayName": words.clean(name),
        "metadata": {"path": words.clean(name), "type": "ansible_inventory"},
        "pastBreakdown": dict(NO_BREAKDOWN) if past is None else _breakdown(past),
        "breakdown": _breakdown(rows),
        "diff": dict(NO_BREAKDOWN) if changed is None else _difference(changed, [*rows, *(past or [])]),
        "summary": _summary(rows),
    }


def _breakdown(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"resources": [_resource(own, [_component(row) for row in own]) for own in _resources(rows)], **_totals(rows)}


def _resources(rows: Iterable[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault((row["component"], row["service"]), []).append(row)
    return [found[key] for key in sorted(found)]


def _resource(rows: Sequence[Mapping[str, Any]], components: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    first = rows[0]
    known = [component for component in components if component["monthlyCost"] is not None]
    monthly = words.total(component["monthlyCost"] for component in known) if known else None
    usage = [component["monthlyCost"] for component in known if component["usageBased"]]
    costs = {stage: plain(words.total(row["cost"][stage]["expected"] for row in rows if row.get("cost"))) for stage in words.STAGES}
    tags = {name: words.clean(first[name]) for name in ("platform", "environment", "deployment", "component", "service")}
    return {
        "name": f"{words.clean(first['component'])}.{words.clean(first['service'])}",
        "resourceType": _type(first),
        "tags": tags,
        "metadata": {
            **({"listCost": costs["list"], "contractedCost": costs["contracted"]} if known else {}),
            "incomplete": any(component["priceNotFound"] for component in components),
        },
        "hourlyCost": _hourly(monthly),
        "monthlyCost": None if monthly is None else plain(monthly),
        "monthlyUsageCost": plain(words.total(usage)) if usage else None,
        "costComponents": list(components),
    }


def _type(row: Mapping[str, Any]) -> str:
    return words.clean(row["resource"] or row["sku"].rpartition("/")[0] or row["sku"])


def _component(row: Mapping[str, Any]) -> dict[str, Any]:
    quantity, cost = Decimal(row["quantity"]["expected"]), words.expected(row)
    listed = row["unit_price"] and row["unit_price"]["list"]
    price = _quotient(cost, quantity) if cost is not None and quantity else listed
    found = _cost_component(f"{row['name']} ({row['sku']})", row["unit"], quantity, price, cost, row["usage"])
    # As Infracost has what depends on usage that nobody gave it: a price, and no quantity.
    return {**found, "hourlyQuantity": None, "monthlyQuantity": None, "priceNotFound": listed is None} if row.get("undeclared") else found


def _cost_component(name: str, unit: str, quantity: Decimal, price: str | None, cost: Decimal | None, usage: bool) -> dict[str, Any]:
    return {
        "name": words.clean(name),
        "unit": words.clean(unit),
        "hourlyQuantity": _quotient(quantity, HOURS),
        "monthlyQuantity": plain(quantity),
        "price": price,
        "hourlyCost": _hourly(cost),
        "monthlyCost": None if cost is None else plain(cost),
        "usageBased": bool(usage),
        "priceNotFound": cost is None,
    }


def _difference(changed: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What changed, by resource; quantity, price and cost are differences too, as Infracost's are."""
    known = {row["id"]: row for row in reversed(rows)}
    components: dict[tuple[str, str], list[tuple[Mapping[str, Any], dict[str, Any]]]] = {}
    for change in changed:
        row = known[(change["after"] or change["before"])["id"]]
        before, after = change["before"] or {}, change["after"] or {}
        quantity = Decimal(after.get("quantity", "0")) - Decimal(before.get("quantity", "0"))
        monthly = words.number(change["monthly"])
        price = None if monthly is None else plain(Decimal(after.get("unit_price", "0")) - Decimal(before.get("unit_price", "0")))
        own = _cost_component(f"{row['name']} ({row['sku']})", row["unit"], quantity, price, monthly, row["usage"])
        components.setdefault((row["component"], row["service"]), []).append((row, own))
    resources = []
    for _key, own in sorted(components.items()):
        found = _resource([row for row, component in own], [component for row, component in own])
        resources.append({**found, "metadata": {"incomplete": found["metadata"]["incomplete"]}})
    return {"resources": resources, **_sums([component for _key, own in sorted(components.items()) for row, component in own])}


def _sums(components: Sequence[Mapping[str, Any]]) -> dict[str, str | None]:
    known = [component for component in components if component["monthlyCost"] is not None]
    if components and not known:
        return {"totalHourlyCost": None, "totalMonthlyCost": None, "totalMonthlyUsageCost": None}
    monthly = words.total(component["monthlyCost"] for component in known)
    usage = words.total(component["monthlyCost"] for component in known if component["usageBased"])
    return {"totalHourlyCost": _hourly(monthly), "totalMonthlyCost": plain(monthly), "totalMonthlyUsageCost": plain(usage)}


def _totals(rows: Sequence[Mapping[str, Any]] | None) -> dict[str, str | None]:
    # Nothing counted is no data, not 0.
    if not rows:
        return {name: None for name in NO_BREAKDOWN if name != "resources"}
    return _sums([_component(row) for row in rows])


def _changed(change: Mapping[str, Any] | None) -> dict[str, str | None]:
    if change is None:
        return _totals(None)
    known = [row for row in change["rows"] if row["monthly"] is not None]
    monthly = words.total(row["monthly"] for row in known)
    return {"totalHourlyCost": _hourly(monthly), "totalMonthlyCost": plain(monthly)}


def _summary(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    resources = _resources(rows)
    unpriced = Counter(_type(own[0]) for own in resources if any(row["cost"] is None for row in own))
    return {
        "totalDetectedResources": len(resources),
        "totalSupportedResources": len(resources),
        "totalUnsupportedResources": 0,
        "totalUsageBasedResources": sum(any(row["usage"] for row in own) for own in resources),
        "totalNoPriceResources": unpriced.total(),
        "unsupportedResourceCounts": {},
        "noPriceResourceCounts": dict(sorted(unpriced.items())),
    }


def _hourly(monthly: Decimal | None) -> str | None:
    return None if monthly is None else _quotient(monthly, HOURS)


def _quotient(one: Decimal, other: Decimal) -> str:
    return plain(words.quotient(one, other))

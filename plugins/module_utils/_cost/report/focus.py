# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The report as CSV in the columns of FOCUS 1.2, a row for each line that has a price.

It is a forecast: `BilledCost` is 0, as nobody has been billed anything and what adds that column up must not count it; list, contracted and effective
cost are the expected ones. Columns that begin with `x_` are ours. A line without a price has no row, as FOCUS allows no cost to be null: `x_Incomplete` and
`x_MissingSkus` say so in every row.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from decimal import localcontext
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import focus_commitments
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import focus_services
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import words
from ansible_collections.llmops.platform.plugins.module_utils._cost.report.focus_columns import COLUMNS
from ansible_collections.llmops.platform.plugins.module_utils._cost.report.focus_units import unit
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import DIGITS

OURS = (
    "x_Estimate",
    "x_EstimatedMinimum",
    "x_EstimatedMaximum",
    "x_PriceAsOf",
    "x_PriceSource",
    "x_PriceStrength",
    "x_Environment",
    "x_Component",
    "x_Assumption",
    "x_Incomplete",
    "x_MissingSkus",
)
HEADER = (*(column.name for column in COLUMNS), *OURS)
# What a spreadsheet takes for the beginning of a formula, those of wide alphabets included.
FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Costs and quantities: ours, made of decimals, and negative ones are no formulas.
NUMBERS = ("Cost", "Price", "Quantity", "Minimum", "Maximum")


def render(document: Mapping[str, Any]) -> str:
    """The CSV text, lines end with a line feed. Raises CostError where the document has no estimate."""
    estimate = words.estimate_of(document)
    start, end = month(words.generated(document))
    missing = " ".join(sorted({entry["sku"] for entry in estimate["missing"]}))
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(HEADER)
    for row in estimate["lines"]:
        if words.known(row):
            found = {**_dates(start, end), **_row(row, estimate), "x_Incomplete": "true" if estimate["incomplete"] else "false", "x_MissingSkus": missing}
            rows.writerow([cell(found.get(name), number=name.endswith(NUMBERS)) for name in HEADER])
    return text.getvalue()


def cell(value: Any, number: bool = False) -> str:
    """A cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe before it."""
    if value is None:
        return ""
    found = words.clean(value)
    return f"'{found}" if not number and found.lstrip().startswith(FORMULA) else found


def month(as_of: str) -> tuple[str, str]:
    """First moments of the month of a date and of the next one, in UTC. Raises CostError where it is no date."""
    try:
        day = date.fromisoformat(as_of)
    except ValueError as error:
        raise CostError(f"generated is {as_of!r}; give a date such as 2026-07-31") from error
    after = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return f"{day.replace(day=1)}T00:00:00Z", f"{after}T00:00:00Z"


def _dates(start: str, end: str) -> dict[str, str]:
    return {f"{kind}{edge}": at for kind in ("BillingPeriod", "ChargePeriod") for edge, at in (("Start", start), ("End", end))}


def _row(row: Mapping[str, Any], estimate: Mapping[str, Any]) -> dict[str, Any]:
    commitment, unused = focus_commitments.of(row, estimate), focus_commitments.is_unused(row)
    provider, category, sub = focus_services.of(row["provider"], row["sku"])
    sku_family = row["sku"].rpartition("/")[0] or row["sku"]
    quantity, cost, price = row["quantity"]["expected"], row["cost"], row["price"] or {}
    tags = {name: row[name] for name in ("platform", "environment", "deployment", "component", "service")}
    return {
        "BilledCost": "0",
        "BillingAccountId": f"{row['platform']}-{row['environment']}",
        "BillingAccountName": f"{row['platform']} {row['environment']}",
        "BillingCurrency": estimate["currency"],
        "ChargeCategory": "Usage",
        "ChargeDescription": f"{row['component']}, {row['service']}: {row['name']}",
        "ChargeFrequency": "Usage-Based" if row["usage"] else "Recurring",
        **commitment,
        "ConsumedQuantity": None if unused else quantity,
        "ConsumedUnit": None if unused else unit(row["unit"]),
        "ContractedCost": cost["contracted"]["expected"],
        "ContractedUnitPrice": _unit_price(row, "contracted"),
        "EffectiveCost": cost["effective"]["expected"],
        "InvoiceIssuerName": provider,
        "ListCost": cost["list"]["expected"],
        "ListUnitPrice": _unit_price(row, "list"),
        "PricingCategory": "Committed" if commitment else "Dynamic" if row["purchase"] == "spot" else "Standard",
        "PricingQuantity": quantity,
        "PricingUnit": unit(row["unit"]),
        "ProviderName": provider,
        "PublisherName": provider,
        "RegionId": row["region"],
        "RegionName": row["region"],
        "ResourceId": row["id"],
        "ResourceName": row["name"],
        "ResourceType": row["resource"] or sku_family,
        "ServiceCategory": category,
        "ServiceName": focus_services.name(row["sku"], row["provider_service"]),
        "ServiceSubcategory": sub,
        "SkuId": row["sku"],
        "SkuMeter": " ".join(row["sku"].split("/")[1:]),
        "SkuPriceId": f"{row['sku']}@{price.get('region') or row['region']}",
        "SubAccountId": row["deployment"],
        "SubAccountName": row["deployment"],
        "Tags": json.dumps({name: words.clean(value) for name, value in tags.items()}, ensure_ascii=True, sort_keys=True),
        "x_Estimate": "true",
        "x_EstimatedMinimum": cost["effective"]["minimum"],
        "x_EstimatedMaximum": cost["effective"]["maximum"],
        "x_PriceAsOf": price.get("as_of"),
        "x_PriceSource": price.get("source"),
        "x_PriceStrength": price.get("strength"),
        "x_Environment": row["environment"],
        "x_Component": row["component"],
        "x_Assumption": row["assumption"] or None,
    }


def _unit_price(row: Mapping[str, Any], stage: str) -> str:
    """USD of a unit; of tiers, whose first price is not that of all units, what one costs on average: FOCUS wants cost = price x quantity."""
    price, quantity, cost = (Decimal(value) for value in (row["unit_price"][stage], row["quantity"]["expected"], row["cost"][stage]["expected"]))
    with localcontext() as context:
        context.prec = DIGITS
        return plain(price if not quantity or price * quantity == cost else words.quotient(cost, quantity))

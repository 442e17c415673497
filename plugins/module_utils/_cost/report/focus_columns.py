# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The columns of FOCUS 1.2 that a forecast fills, and a check of them.

Which columns are mandatory, what may be null and what values are allowed: FinOps Open Cost and Usage Specification 1.2, columns. Columns of one's own begin
with `x_`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from decimal import InvalidOperation

CHARGES = ("Usage", "Purchase", "Tax", "Credit", "Adjustment")
FREQUENCIES = ("One-Time", "Recurring", "Usage-Based")
PRICINGS = ("Standard", "Dynamic", "Committed", "Other")
CLASSES = ("Correction",)
COMMITMENTS = ("Spend", "Usage")
STATUSES = ("Used", "Unused")
# Allowed subcategories by category; every category also has `Other (<category>)`.
CATEGORIES: dict[str, tuple[str, ...]] = {
    "AI and Machine Learning": ("AI Platforms", "Bots", "Generative AI", "Machine Learning", "Natural Language Processing"),
    "Analytics": ("Analytics Platforms", "Business Intelligence", "Data Processing", "Search", "Streaming Analytics"),
    "Business Applications": ("Productivity and Collaboration",),
    "Compute": ("Containers", "End User Computing", "Quantum Compute", "Serverless Compute", "Virtual Machines"),
    "Databases": ("Caching", "Data Warehouses", "Ledger Databases", "NoSQL Databases", "Relational Databases", "Time Series Databases"),
    "Developer Tools": (
        "Developer Platforms",
        "Continuous Integration and Deployment",
        "Development Environments",
        "Source Code Management",
        "Quality Assurance",
    ),
    "Multicloud": ("Multicloud Integration",),
    "Identity": ("Identity and Access Management",),
    "Integration": ("API Management", "Messaging", "Workflow Orchestration"),
    "Internet of Things": ("IoT Analytics", "IoT Platforms"),
    "Management and Governance": (
        "Architecture",
        "Compliance",
        "Cost Management",
        "Data Governance",
        "Disaster Recovery",
        "Endpoint Management",
        "Observability",
        "Support",
    ),
    "Media": ("Content Creation", "Gaming", "Media Streaming", "Mixed Reality"),
    "Migration": ("Data Migration", "Resource Migration"),
    "Mobile": (),
    "Networking": ("Application Networking", "Content Delivery", "Network Connectivity", "Network Infrastructure", "Network Routing", "Network Security"),
    "Security": ("Secret Management", "Security Posture Management", "Threat Detection and Response"),
    "Storage": ("Backup Storage", "Block Storage", "File Storage", "Object Storage", "Storage Platforms"),
    "Web": ("Application Platforms",),
    "Other": (),
}
# What a quotient that was cut may lack.
CLOSE = Decimal("1e-9")
MINUTE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


@dataclass(frozen=True)
class Column:
    """`check` takes a value that is not null and says what is wrong with it, empty where nothing is."""

    name: str
    check: Callable[[str], str]
    nulls: bool = False
    mandatory: bool = True


def _text(value: str) -> str:
    return ""


def _decimal(value: str) -> str:
    try:
        found = Decimal(value)
    except InvalidOperation:
        return "is no decimal number"
    return "" if found.is_finite() and "e" not in value.lower() else "is no plain decimal number"


def _time(value: str) -> str:
    return "" if MINUTE.fullmatch(value) else "is no time in UTC such as 2026-07-01T00:00:00Z"


def _currency(value: str) -> str:
    return "" if re.fullmatch("[A-Z]{3}", value) else "is no currency of ISO 4217"


def _object(value: str) -> str:
    try:
        return "" if isinstance(json.loads(value), dict) else "is no JSON object"
    except ValueError:
        return "is no JSON"


def _one_of(allowed: Sequence[str]) -> Callable[[str], str]:
    return lambda value: "" if value in allowed else f"is none of {', '.join(allowed)}"


COLUMNS = (
    Column("BilledCost", _decimal),
    Column("BillingAccountId", _text),
    Column("BillingAccountName", _text, nulls=True),
    Column("BillingCurrency", _currency),
    Column("BillingPeriodEnd", _time),
    Column("BillingPeriodStart", _time),
    Column("ChargeCategory", _one_of(CHARGES)),
    Column("ChargeClass", _one_of(CLASSES), nulls=True),
    Column("ChargeDescription", _text, nulls=True),
    Column("ChargeFrequency", _one_of(FREQUENCIES), mandatory=False),
    Column("ChargePeriodEnd", _time),
    Column("ChargePeriodStart", _time),
    Column("CommitmentDiscountCategory", _one_of(COMMITMENTS), nulls=True, mandatory=False),
    Column("CommitmentDiscountId", _text, nulls=True, mandatory=False),
    Column("CommitmentDiscountName", _text, nulls=True, mandatory=False),
    Column("CommitmentDiscountQuantity", _decimal, nulls=True, mandatory=False),
    Column("CommitmentDiscountStatus", _one_of(STATUSES), nulls=True, mandatory=False),
    Column("CommitmentDiscountType", _text, nulls=True, mandatory=False),
    Column("CommitmentDiscountUnit", _text, nulls=True, mandatory=False),
    Column("ConsumedQuantity", _decimal, nulls=True, mandatory=False),
    Column("ConsumedUnit", _text, nulls=True, mandatory=False),
    Column("ContractedCost", _decimal),
    Column("ContractedUnitPrice", _decimal, nulls=True, mandatory=False),
    Column("EffectiveCost", _decimal),
    Column("InvoiceIssuerName", _text),
    Column("ListCost", _decimal),
    Column("ListUnitPrice", _decimal, nulls=True, mandatory=False),
    Column("PricingCategory", _one_of(PRICINGS), nulls=True, mandatory=False),
    Column("PricingQuantity", _decimal, nulls=True),
    Column("PricingUnit", _text, nulls=True),
    Column("ProviderName", _text),
    Column("PublisherName", _text),
    Column("RegionId", _text, nulls=True, mandatory=False),
    Column("RegionName", _text, nulls=True, mandatory=False),
    Column("ResourceId", _text, nulls=True, mandatory=False),
    Column("ResourceName", _text, nulls=True, mandatory=False),
    Column("ResourceType", _text, nulls=True, mandatory=False),
    Column("ServiceCategory", _one_of(tuple(CATEGORIES))),
    Column("ServiceName", _text),
    Column("ServiceSubcategory", _text, mandatory=False),
    Column("SkuId", _text, nulls=True, mandatory=False),
    Column("SkuMeter", _text, nulls=True, mandatory=False),
    Column("SkuPriceDetails", _object, nulls=True, mandatory=False),
    Column("SkuPriceId", _text, nulls=True, mandatory=False),
    Column("SubAccountId", _text, nulls=True, mandatory=False),
    Column("SubAccountName", _text, nulls=True, mandatory=False),
    Column("Tags", _object, nulls=True, mandatory=False),
)


def problems(header: Sequence[str], rows: Sequence[Mapping[str, str]]) -> list[str]:
    """What is wrong with a FOCUS file, a text each: columns that are missing, unknown or twice, null, of a wrong form or against each other."""
    found = [f"column {column.name} is missing" for column in COLUMNS if column.mandatory and column.name not in header]
    known = {column.name for column in COLUMNS}
    found += [f"column {name} is not one of FOCUS 1.2 and does not begin with x_" for name in header if name not in known and not name.startswith("x_")]
    found += [f"column {name} stands there twice" for name in sorted({name for name in header if list(header).count(name) > 1})]
    for place, row in enumerate(rows, start=1):
        found += [f"row {place}: {problem}" for problem in _row_problems(row)]
    return found


def _row_problems(row: Mapping[str, str]) -> list[str]:
    found = []
    for column in COLUMNS:
        value = row.get(column.name)
        if column.name not in row:
            continue
        if not value:
            found += [] if column.nulls else [f"{column.name} is null"]
        elif problem := column.check(value):
            found.append(f"{column.name} {value!r} {problem}")
    if found:
        return found
    return _together(row)


def _together(row: Mapping[str, str]) -> list[str]:
    """Rules over several columns."""
    found = []
    category, sub = row.get("ServiceCategory", ""), row.get("ServiceSubcategory")
    if sub and sub not in (*CATEGORIES.get(category, ()), f"Other ({category})"):
        found.append(f"ServiceSubcategory {sub!r} does not belong to {category!r}")
    for kind in ("BillingPeriod", "ChargePeriod"):
        if not row.get(f"{kind}Start", "") < row.get(f"{kind}End", "~"):
            found.append(f"{kind}End is not after {kind}Start")
    if row.get("ChargeCategory") in ("Usage", "Purchase") and not row.get("PricingQuantity"):
        found.append("PricingQuantity is null for a charge of use or purchase")
    for one, other in (("PricingQuantity", "PricingUnit"), ("ConsumedQuantity", "ConsumedUnit")):
        if bool(row.get(one)) != bool(row.get(other)):
            found.append(f"{one} and {other} go together")
    if row.get("ChargeCategory") == "Purchase" and row.get("ChargeFrequency") == "Usage-Based":
        found.append("a purchase is not Usage-Based")
    for one, other in (
        ("CommitmentDiscountId", "CommitmentDiscountStatus"),
        ("CommitmentDiscountQuantity", "CommitmentDiscountUnit"),
        ("ResourceId", "ResourceType"),
    ):
        if bool(row.get(one)) != bool(row.get(other)):
            found.append(f"{one} and {other} go together")
    if (row.get("PricingCategory") == "Committed") != bool(row.get("CommitmentDiscountId")):
        found.append("PricingCategory is Committed for a charge under a commitment, and only for one")
    for price, cost in (("ListUnitPrice", "ListCost"), ("ContractedUnitPrice", "ContractedCost")):
        if row.get(price) and row.get("PricingQuantity") and abs(Decimal(row[price]) * Decimal(row["PricingQuantity"]) - Decimal(row[cost])) > CLOSE:
            found.append(f"{cost} is not {price} times PricingQuantity")
    if row.get("ChargeCategory") == "Usage" and "PricingCategory" in row and not row["PricingCategory"]:
        found.append("PricingCategory is null for a charge of use")
    return found

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""FOCUS columns: what a forecast writes, what the check finds, and names that look like formulas."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost import price_files
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import focus
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import focus_columns
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import focus_services
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import focus_units
from tests.support import cost_documents

SHIPPED = Path(__file__).parents[5] / "roles/cost/files/prices"


def rows_of(text: str) -> tuple[list[str], list[dict[str, str]]]:
    found = csv.DictReader(io.StringIO(text))
    rows = list(found)
    return list(found.fieldnames or []), rows


def test_the_forecast_holds_to_the_columns():
    header, rows = rows_of(focus.render(cost_documents.document()))
    assert focus_columns.problems(header, rows) == []
    assert len(rows) == 9


def test_nothing_is_billed_and_costs_add_up():
    document = cost_documents.document()
    _header, rows = rows_of(focus.render(document))
    assert {row["BilledCost"] for row in rows} == {"0"}
    assert {row["x_Estimate"] for row in rows} == {"true"}
    for stage, column in (("list", "ListCost"), ("contracted", "ContractedCost"), ("effective", "EffectiveCost")):
        assert sum(Decimal(row[column]) for row in rows) == Decimal(document["estimate"]["totals"][stage]["expected"])


RESERVED = {"name": "cache", "kind": "reserved", "sku": "aws/elasticache-redis/cache.r6g.xlarge", "count": 3, "hourly_usd": "0.2", "term_months": 12}
PLAN = {"name": "plan", "kind": "compute_savings_plan", "hourly_usd": "0.5", "discount_percent": "30", "term_months": 12}


def test_spot_is_dynamic_and_what_a_commitment_covers_committed():
    estimate = cost_documents.estimated(commitments=[RESERVED])
    header, rows = rows_of(focus.render(cost_documents.document(estimate=estimate)))
    assert focus_columns.problems(header, rows) == []
    assert {row["PricingCategory"] for row in rows if row["x_Component"] == "redis"} == {"Committed"}
    assert {row["PricingCategory"] for row in rows if row["SkuId"] == "aws/ec2/t3.xlarge"} == {"Dynamic"}
    assert {row["PricingCategory"] for row in rows if row["SkuId"] == "aws/eks/cluster"} == {"Standard"}


@pytest.mark.parametrize(
    ("commitment", "status", "expected"),
    [
        (RESERVED, "Used", ("Usage", "llm_marketplace-production/cache", "cache", "1460", "Reserved", "Hours", "1460")),
        (RESERVED, "Unused", ("Usage", "llm_marketplace-production/cache", "cache", "730", "Reserved", "Hours", "")),
        (PLAN, "Unused", ("Spend", "llm_marketplace-production/plan", "plan", "365", "Compute Savings Plan", "USD", "")),
    ],
)
def test_a_commitment_has_its_columns_used_or_not(commitment, status, expected):
    estimate = cost_documents.estimated(commitments=[commitment])
    header, rows = rows_of(focus.render(cost_documents.document(estimate=estimate)))
    assert focus_columns.problems(header, rows) == []
    found = next(row for row in rows if row["CommitmentDiscountStatus"] == status)
    names = [f"CommitmentDiscount{name}" for name in ("Category", "Id", "Name", "Quantity", "Type", "Unit")]
    assert tuple(found[name] for name in (*names, "ConsumedQuantity")) == expected
    assert (found["ChargeCategory"], found["PricingCategory"]) == ("Usage", "Committed")


def test_the_price_of_tiers_is_what_a_unit_costs_on_average():
    _header, rows = rows_of(focus.render(cost_documents.document()))
    found = next(row for row in rows if row["SkuId"] == "aws/transfer/internet-out")
    # 10,240 GB at 0.09, 1,760 at 0.085.
    assert (found["ListCost"], found["ListUnitPrice"]) == ("1071.2", "0.089266666666666667")


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("hour", "Hours"),
        ("GB", "GB"),
        ("GB-month", "GB-Months"),
        ("vCPU-hour", "VCPU-Hours"),
        ("1k requests", "1000 Requests"),
        ("1m queries", "1000000 Queries"),
        ("query", "Queries"),
        ("100k events", "100000 Events"),
    ],
)
def test_units_are_plural_and_capitalised(unit, expected):
    assert focus_units.unit(unit) == expected


def test_a_service_has_one_category():
    """FOCUS 1.2, ServiceName; over all SKUs that have a price."""
    found: dict[tuple[str, str], set[str]] = {}
    for path in price_files.files(SHIPPED):
        for price in price_files.records(path):
            provider, category, _sub = focus_services.of(price["sku"].split("/")[0], price["sku"])
            found.setdefault((provider, focus_services.name(price["sku"], price["service"])), set()).add(category)
    assert {name: categories for name, categories in found.items() if len(categories) > 1} == {}


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2026-11-21", ("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z")),
        ("2026-12-31", ("2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z")),
        ("2028-02-29", ("2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z")),
        ("2027-01-01", ("2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z")),
    ],
)
def test_the_period_is_the_month_of_the_date(as_of, expected):
    assert focus.month(as_of) == expected


def test_no_date_is_refused():
    with pytest.raises(CostError, match="generated is 'today'; give a date"):
        focus.month("today")


def test_what_has_no_price_has_no_row_and_every_row_says_so():
    _header, rows = rows_of(focus.render(cost_documents.document(estimate=cost_documents.estimated(without=("aws/nlb/hour",)))))
    assert len(rows) == 8
    assert {(row["x_Incomplete"], row["x_MissingSkus"]) for row in rows} == {("true", "aws/nlb/hour")}


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\uff1d1", "\n=1"])
def test_a_name_is_never_a_formula(name):
    bill = [replace(cost_documents.lines()[0], name=name, service=name)]
    header, rows = rows_of(focus.render(cost_documents.document(estimate=cost_documents.estimated(bill))))
    assert len(rows) == 1
    assert all(not value.lstrip().startswith(focus.FORMULA) for value in rows[0].values())
    assert not any(letter in value for value in rows[0].values() for letter in "\t\r\n")
    assert focus_columns.problems(header, rows) == []
    assert json.loads(rows[0]["Tags"])["component"] == "cluster"


def test_numbers_stay_numbers():
    assert focus.cell("-5.00", number=True) == "-5.00"
    assert focus.cell("-5.00") == "'-5.00"
    assert focus.cell(None) == ""


BROKEN = [
    ({"ListCost": ""}, "row 1: ListCost is null"),
    ({"ListCost": "1e5"}, "row 1: ListCost '1e5' is no plain decimal number"),
    ({"ListCost": "much"}, "row 1: ListCost 'much' is no decimal number"),
    ({"BillingCurrency": "dollars"}, "row 1: BillingCurrency 'dollars' is no currency of ISO 4217"),
    ({"ChargeCategory": "Rent"}, "row 1: ChargeCategory 'Rent' is none of Usage, Purchase, Tax, Credit, Adjustment"),
    ({"ChargePeriodStart": "2026-11-01"}, "row 1: ChargePeriodStart '2026-11-01' is no time in UTC such as 2026-07-01T00:00:00Z"),
    ({"ChargePeriodEnd": "2026-10-01T00:00:00Z"}, "row 1: ChargePeriodEnd is not after ChargePeriodStart"),
    ({"Tags": "{"}, "row 1: Tags '{' is no JSON"),
    ({"Tags": "[]"}, "row 1: Tags '[]' is no JSON object"),
    ({"ServiceSubcategory": "Caching"}, "row 1: ServiceSubcategory 'Caching' does not belong to 'Compute'"),
    ({"PricingUnit": ""}, "row 1: PricingQuantity and PricingUnit go together"),
    ({"PricingQuantity": "", "PricingUnit": ""}, "row 1: PricingQuantity is null for a charge of use or purchase"),
    ({"ChargeCategory": "Purchase", "ChargeFrequency": "Usage-Based"}, "row 1: a purchase is not Usage-Based"),
    ({"PricingCategory": ""}, "row 1: PricingCategory is null for a charge of use"),
    ({"PricingCategory": "Committed"}, "row 1: PricingCategory is Committed for a charge under a commitment, and only for one"),
    ({"ResourceType": ""}, "row 1: ResourceId and ResourceType go together"),
    ({"ListUnitPrice": "7"}, "row 1: ListCost is not ListUnitPrice times PricingQuantity"),
]


@pytest.mark.parametrize(("changes", "problem"), BROKEN)
def test_the_check_finds_what_is_wrong_with_a_row(changes, problem):
    header, rows = rows_of(focus.render(cost_documents.document()))
    assert problem in focus_columns.problems(header, [{**rows[0], **changes}])


def test_the_check_finds_columns_that_are_missing_unknown_or_twice():
    header, _rows = rows_of(focus.render(cost_documents.document()))
    header = [*(name for name in header if name != "ListCost"), "Team", "x_Team", "ProviderName"]
    assert focus_columns.problems(header, []) == [
        "column ListCost is missing",
        "column Team is not one of FOCUS 1.2 and does not begin with x_",
        "column ProviderName stands there twice",
    ]


def test_categories_of_services_are_allowed_ones():
    for name, (category, sub) in focus_services.SERVICES.items():
        assert sub in focus_columns.CATEGORIES[category], name
    assert focus_services.of("aws", "aws/quantum/qubit") == ("AWS", "Other", "Other (Other)")

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The production inventory as it stands: estimated whole, in the units that prices are for, to the same bytes, with sums that hold."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost.accounts import accounts
from ansible_collections.llmops.platform.plugins.module_utils._cost.accounts import document
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.registry import bill
from ansible_collections.llmops.platform.plugins.module_utils._cost.folder import FORMATS
from ansible_collections.llmops.platform.plugins.module_utils._cost.folder import files
from ansible_collections.llmops.platform.plugins.module_utils._cost.price_files import load
from ansible_collections.llmops.platform.plugins.module_utils._cost.summary import summarised
from tests.support.bills import AS_OF
from tests.support.bills import hosts
from tests.support.inventories import ROOT

NAMES = ["cloudtolocalllm", "connector-hub", "copilot-agent", "llm-marketplace", "shared", "workflow-platform"]


@pytest.fixture(scope="module")
def documents():
    prices = load(ROOT / "roles" / "cost" / "files" / "prices")
    found, problems = accounts(hosts("production").values(), AS_OF, bill)
    assert problems == []
    return [document(account, prices, AS_OF) for account in found]


def test_every_platform_is_estimated_and_each_line_in_the_unit_of_its_price(documents):
    assert [entry["name"] for entry in documents] == [f"{name}-production" for name in NAMES]
    lines = [line for entry in documents for line in entry["estimate"]["lines"] if line["price"]]
    assert len(lines) > 200
    assert {(line["sku"], line["unit"]) for line in lines if line["unit"] != line["price"]["unit"]} == set()


def test_all_that_stands_in_us_east_1_has_a_price_and_most_of_them_a_strong_one(documents):
    here = [line for entry in documents for line in entry["estimate"]["lines"] if line["provider"] == "aws" and line["region"] == "us-east-1"]
    assert sorted({line["sku"] for line in here if line["price"] is None and Decimal(line["quantity"]["maximum"])}) == []
    strengths = {line["sku"]: line["price"]["strength"] for line in here if line["price"]}
    assert sum(strength == "A" for strength in strengths.values()) >= 0.6 * len(strengths)


def test_components_services_and_totals_are_one_sum(documents):
    for entry in documents:
        estimate = entry["estimate"]
        total = estimate["totals"]["effective"]["expected"]
        # Of a deployment that others run nothing is known.
        assert (total is None) == (entry["platform"] == "connector_hub")
        for group in ("component", "service", "provider_service"):
            assert sum(Fraction(own["effective"]) for own in estimate["by"][group].values()) == Fraction(total or 0)


def test_reports_of_all_have_the_same_bytes_twice(documents):
    again = json.loads(json.dumps(documents))
    assert files(again, FORMATS) == files(documents, FORMATS)


def test_the_result_is_what_its_schema_says(documents):
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((ROOT / "roles" / "cost" / "meta" / "result.schema.json").read_text())
    problem = {"estimate": "x-dev", "name": "over_budget", "message": "too much"}
    jsonschema.validate({"as_of": AS_OF, "directory": "/x", "estimates": summarised(documents), "problems": [problem]}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"as_of": AS_OF, "directory": "/x", "estimates": {"x-dev": {"list": 3}}, "problems": []}, schema)

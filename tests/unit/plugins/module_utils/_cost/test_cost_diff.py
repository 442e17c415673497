# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What changes between two estimates, and why."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost.diff import diff
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import fixed
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import hours
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import focus
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import infracost
from tests.support import cost_documents

LINES = cost_documents.lines()
NAT = next(line for line in LINES if line.sku == "aws/nat/hour")
NODES = next(line for line in LINES if line.sku == "aws/ec2/t3.xlarge")


def estimated(*bill, **options):
    return cost_documents.estimated(list(bill), **options)


CASES = [
    ("nothing", estimated(NAT), estimated(NAT), []),
    ("added", estimated(), estimated(NAT), [("added", None, "98.55")]),
    ("removed", estimated(NAT), estimated(), [("removed", None, "-98.55")]),
    ("fewer", estimated(NAT), estimated(replace(NAT, quantity=hours())), [("changed", "quantity", "-65.7")]),
    ("smaller", estimated(NODES), estimated(replace(NODES, sku="aws/ec2/t3.medium")), [("changed", "sku", "-109.3248")]),
    ("no spot", estimated(NODES), estimated(NODES, spot={"discount_percent": "0", "share_percent": "100"}), [("changed", "terms", "218.6496")]),
    ("no price", estimated(NAT), estimated(NAT, without=("aws/nat/hour",)), [("changed", "no_price", None)]),
    ("added without price", estimated(), estimated(NAT, without=("aws/nat/hour",)), [("added", None, None)]),
]


@pytest.mark.parametrize(("before", "after", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_change_has_a_kind_and_a_cause(before, after, expected):
    found = diff(before, after)
    assert [(row["change"], row["cause"], row["monthly"]) for row in found["rows"]] == expected
    assert found["incomplete"] == any(monthly is None for _change, _cause, monthly in expected)


@pytest.mark.parametrize(("before", "after"), [case[1:3] for case in CASES if "price" not in case[0]])
def test_rows_add_up_to_the_difference(before, after):
    found = diff(before, after)
    assert sum((Decimal(row["monthly"]) for row in found["rows"]), Decimal(0)) == Decimal(found["totals"]["expected"]["difference"])


def test_a_price_that_moved_is_a_cause():
    after = estimated(NAT)
    row = after["lines"][0]
    row["unit_price"]["list"], row["cost"]["list"]["expected"], row["cost"]["effective"]["expected"] = "0.05", "109.5", "109.5"
    assert [(row["cause"], row["monthly"]) for row in diff(estimated(NAT), after)["rows"]] == [("price", "10.95")]


def test_environments_are_compared_without_their_names():
    dev = replace(NAT, place=replace(NAT.place, deployment="marketplace-dev", environment="dev"), quantity=hours())
    assert [row["change"] for row in diff(estimated(dev), estimated(NAT))["rows"]] == ["added", "removed"]
    found = diff(estimated(dev), estimated(NAT), match="line")
    assert [(row["id"], row["change"], row["monthly"]) for row in found["rows"]] == [("network/nat/hours", "changed", "65.7")]


def test_lines_of_several_regions_are_kept_apart():
    other = replace(NAT, place=replace(NAT.place, deployment="marketplace-standby", standby=True))
    found = diff(estimated(NAT), estimated(NAT, other), match="line")
    assert [(row["id"], row["change"]) for row in found["rows"]] == [("network/nat/hours (2)", "added")]


def test_the_share_is_of_what_was():
    found = diff(estimated(NAT), estimated(replace(NAT, quantity=hours(4))))
    assert found["totals"]["expected"] == {"before": "98.55", "after": "131.4", "difference": "32.85", "percent": "33.3"}
    assert diff(estimated(), estimated(NAT))["totals"]["expected"]["percent"] is None


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(CostError, match="estimates in EUR and USD cannot be compared"):
        diff({**estimated(NAT), "currency": "EUR"}, estimated(NAT))
    with pytest.raises(CostError, match="match is 'name'; give one of deployment, line"):
        diff(estimated(), estimated(), match="name")


# Infracost's output, version 0.2: the fields that its schema demands.
ROOT = {"version", "metadata", "currency", "projects", "totalHourlyCost", "totalMonthlyCost", "pastTotalHourlyCost", "pastTotalMonthlyCost"}
ROOT |= {"diffTotalHourlyCost", "diffTotalMonthlyCost", "timeGenerated", "summary"}
PROJECT = {"name", "displayName", "metadata", "pastBreakdown", "breakdown", "diff", "summary"}
BREAKDOWN = {"resources", "totalHourlyCost", "totalMonthlyCost", "totalMonthlyUsageCost"}
COMPONENT = {"name", "unit", "hourlyQuantity", "monthlyQuantity", "price", "hourlyCost", "monthlyCost", "priceNotFound", "usageBased"}


@pytest.mark.parametrize("baseline", [None, cost_documents.estimated(LINES[:4])])
def test_infracosts_fields_are_there(baseline):
    found = infracost.report(cost_documents.document(baseline=baseline))
    assert set(found) >= ROOT
    assert found["version"] == "0.2"
    assert found["timeGenerated"] == "2026-11-21T00:00:00Z"
    for project in found["projects"]:
        assert set(project) == PROJECT
        for part in ("pastBreakdown", "breakdown", "diff"):
            assert set(project[part]) == BREAKDOWN
            for resource in project[part]["resources"]:
                assert all(set(component) == COMPONENT for component in resource["costComponents"])
                assert all(
                    value is None or isinstance(value, str) for component in resource["costComponents"] for key, value in component.items() if "Cost" in key
                )


def test_infracosts_components_add_up():
    document = cost_documents.document()
    found = infracost.report(document)
    components = [component for resource in found["projects"][0]["breakdown"]["resources"] for component in resource["costComponents"]]
    assert sum(Decimal(component["monthlyCost"]) for component in components) == Decimal(document["estimate"]["totals"]["effective"]["expected"])
    assert Decimal(found["totalMonthlyCost"]) == Decimal(document["estimate"]["totals"]["effective"]["expected"])
    for component in components:
        assert abs(Decimal(component["price"]) * Decimal(component["monthlyQuantity"]) - Decimal(component["monthlyCost"])) < Decimal("1e-9")


def test_infracosts_missing_prices_are_null():
    found = infracost.report(cost_documents.document(estimate=cost_documents.estimated(without=("aws/nlb/hour",))))
    edge = next(resource for resource in found["projects"][0]["breakdown"]["resources"] if resource["name"] == "edge.internet")
    assert edge["monthlyCost"] is None
    assert edge["costComponents"][0] | {"name": "", "unit": ""} == {
        "name": "",
        "unit": "",
        "hourlyQuantity": "1",
        "monthlyQuantity": "730",
        "price": None,
        "hourlyCost": None,
        "monthlyCost": None,
        "usageBased": False,
        "priceNotFound": True,
    }
    assert found["summary"]["totalNoPriceResources"] == 1
    assert found["summary"]["noPriceResourceCounts"] == {"AWS::ElasticLoadBalancingV2::LoadBalancer": 1}


def test_what_waits_for_a_figure_of_usage_has_a_price_and_no_quantity_for_infracost_and_no_row_for_focus():
    line = replace(cost_documents.lines()[0], service="late", quantity=replace(fixed(0), undeclared=("nat_gb",)), usage=True)
    document = cost_documents.document(estimate=cost_documents.estimated([*cost_documents.lines(), line]))
    resources = {found["name"]: found for found in infracost.report(document)["projects"][0]["breakdown"]["resources"]}
    (component,) = resources["cluster.late"]["costComponents"]
    assert (component["monthlyQuantity"], component["monthlyCost"], component["price"]) == (None, None, "0.1")
    assert not component["priceNotFound"] and not resources["cluster.late"]["metadata"]["incomplete"]
    assert "cluster, late" not in focus.render(document)


def test_infracosts_past_is_null_without_a_baseline():
    found = infracost.report(cost_documents.document())
    assert found["pastTotalMonthlyCost"] is None
    assert found["diffTotalMonthlyCost"] is None
    assert found["projects"][0]["pastBreakdown"]["totalMonthlyCost"] is None


def test_infracosts_difference_is_that_of_both():
    found = infracost.report(cost_documents.document(baseline=cost_documents.estimated(LINES[1:])))
    assert found["diffTotalMonthlyCost"] == "73"
    assert [resource["name"] for resource in found["projects"][0]["diff"]["resources"]] == ["cluster.control plane"]

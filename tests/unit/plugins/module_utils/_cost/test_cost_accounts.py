# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts by platform and environment: what they share, and what keeps them from being estimated."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost.accounts import accounts
from ansible_collections.llmops.platform.plugins.module_utils._cost.accounts import budget_of
from ansible_collections.llmops.platform.plugins.module_utils._cost.accounts import document
from ansible_collections.llmops.platform.plugins.module_utils._cost.accounts import gate_of
from ansible_collections.llmops.platform.plugins.module_utils._cost.accounts import terms_of
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import hours
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import html
from tests.support.costs import AS_OF
from tests.support.costs import line
from tests.support.costs import prices
from tests.support.costs import record


def host(name="shop_dev_primary", **changes):
    platform, environment, group = name.split("_")
    region = "us-west-2" if group == "standby" else "us-east-1"
    common = {"inventory_hostname": name, "platform_name": platform, "platform_environment": environment, "platform_region_group": group}
    return {**common, "platform_provider": "aws", "platform_region": region, "cluster_zones": {"a": "", "b": ""}, **changes}


def one(_variables, place):
    return [line(place=place)]


def test_hosts_of_a_platform_and_environment_are_one_account():
    hosts = [host("shop_production_standby"), host("shop_production_primary"), host("shop_dev_primary")]
    found, problems = accounts(hosts, AS_OF, one)
    assert not problems and [account.name for account in found] == ["shop-dev", "shop-production"]
    assert found[1].first["inventory_hostname"] == "shop_production_primary"
    made = document(found[1], prices(), AS_OF)
    assert made["hosts"] == ["shop_production_primary", "shop_production_standby"]
    assert made["estimate"]["totals"]["list"]["expected"] == "140.16"
    standby = next(row for row in made["estimate"]["lines"] if row["deployment"] == "shop_production_standby")
    assert standby["standby"] and standby["region"] == "us-west-2" and standby["price"]["strength"] == "assumed"


def test_what_keeps_one_host_is_said_by_its_name_and_the_rest_is_estimated():
    def lines(variables, place):
        if place.environment == "dev":
            raise CostError("cluster_node_pools.x.count is -1; give 0 to 9")
        return one(variables, place)

    found, problems = accounts([host(), host("shop_production_primary"), host("shop_x_primary", platform_region="")], AS_OF, lines)
    assert [account.name for account in found] == ["shop-production"]
    assert problems[0] == "shop_dev_primary: cluster_node_pools.x.count is -1; give 0 to 9"
    assert problems[1].startswith("shop_x_primary: platform_region is ''")


def test_a_host_of_two_inventories_is_named():
    assert accounts([host(), host()], AS_OF, one)[1] == ["shop_dev_primary: stands in two inventories; name each deployment once"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"cost_discounts": {"all": "5"}}, "cost_commitments, cost_discounts or the spot discount of shop_production_standby differs"),
        ({"cost_budget_monthly_usd": "300"}, "cost_budget_monthly_usd or cost_target_monthly_usd of shop_production_standby differs"),
        ({"cost_gate": {"growth_percent": "3"}}, "cost_gate of shop_production_standby differs"),
    ],
)
def test_what_holds_for_an_account_is_declared_alike(changes, said):
    found, _problems = accounts([host("shop_production_primary"), host("shop_production_standby", **changes)], AS_OF, one)
    with pytest.raises(CostError, match=said):
        document(found[0], prices(), AS_OF)


def test_clusters_of_others_are_named_and_not_counted():
    found, _problems = accounts([host(platform_provider="existing", platform_region="region")], AS_OF, lambda _variables, _place: [])
    made = document(found[0], prices(), AS_OF)["estimate"]
    assert made["totals"]["list"]["expected"] is None and "shop_dev_primary are run by others" in made["assumptions"][0]


SERVICES = {"web": {"namespace": "shop", "replicas": 2, "resources": {"requests": {"cpu": "500m", "memory": "1Gi"}}}}
SHOP = [
    host("shop_production_primary", application_services=SERVICES),
    host("shop_production_secondary", application_services=SERVICES, platform_region="eu-west-1"),
    host("shop_production_standby"),
]


def nodes(_variables, place):
    """Two node groups in the first region, one elsewhere, and a gateway; a price that thirds do not divide."""
    labels = {"pool": "general", "instance_type": "m5.large"}
    count = 2 if place.region == "us-east-1" else 1
    return [line(place=place, quantity=hours(count), labels=labels), line(place=place, component="network", service="nat", name="hours")]


def test_every_region_of_an_account_is_allocated_and_all_add_up_to_its_total():
    found, problems = accounts(SHOP, AS_OF, nodes)
    made = document(found[0], prices(record(usd="0.0961234567")), AS_OF)
    allocation, total = made["allocation"], made["estimate"]["totals"]["effective"]["expected"]
    assert not problems and list(allocation["clusters"]) == ["shop_production_primary", "shop_production_secondary"]
    # The standby declares no services: its cost is named, not lost.
    assert list(allocation["not_allocated"]) == ["shop_production_standby"]
    parts = [one["total"] for one in allocation["clusters"].values()] + list(allocation["not_allocated"].values())
    assert sum(map(Decimal, parts)) == Decimal(allocation["total"]) == Decimal(total)
    for name, one in allocation["clusters"].items():
        assert sum(Decimal(row["totalCost"]) for row in one["allocations"]) == Decimal(one["total"])
        assert {row["properties"]["cluster"] for row in one["allocations"]} == {name}
    # Twice the nodes in the first region: the same service costs another sum there.
    sums = [one["allocations"][0]["cpuCost"] for one in allocation["clusters"].values()]
    assert sums[0] == sums[1] and allocation["clusters"]["shop_production_primary"]["idle"] != allocation["clusters"]["shop_production_secondary"]["idle"]


def test_the_page_keeps_clusters_apart():
    found, _problems = accounts(SHOP, AS_OF, nodes)
    shown = html.render(document(found[0], prices(), AS_OF))
    for name in ("shop_production_primary: allocations", "shop_production_secondary: allocations", "not allocated"):
        assert f"<h3>{name}</h3>" in shown


def test_an_account_without_services_has_no_allocation():
    found, _problems = accounts([host()], AS_OF, nodes)
    assert document(found[0], prices(), AS_OF)["allocation"] is None


@pytest.mark.parametrize(("group", "percent", "said"), [("standby", 20, True), ("standby", 100, False), ("standby", None, False), ("primary", 20, False)])
def test_a_standby_that_is_declared_smaller_is_billed_as_it_is_made_and_that_is_said(group, percent, said):
    variables = {"disaster_recovery_standby_capacity_percent": percent, "disaster_recovery_mode": "warm_standby"}
    found, _problems = accounts([host(f"shop_production_{group}", **variables)], AS_OF, one)
    made = document(found[0], prices(), AS_OF)["estimate"]
    assert made["totals"]["list"]["expected"] == "70.08"
    assert any("disaster_recovery_standby_capacity_percent (20) makes nothing smaller" in text for text in made["assumptions"]) is said


def test_terms_are_laid_over_each_other():
    variables = {
        "cost_discounts": {"all": "5", "services": {"AWS Lambda": "9"}},
        "cost_discounts_environment": {"all": "7"},
        "cost_commitments": {"nodes": {"kind": "reserved"}, "old": {"kind": "reserved"}},
        "cost_commitments_environment": {"old": None},
        "cost_spot_discount_percent": "60",
    }
    assert terms_of(variables) == {
        "spot": {"discount_percent": "60", "share_percent": 100, "source": ""},
        "discounts": {"all": "7", "services": {"AWS Lambda": "9"}},
        "commitments": [{"name": "nodes", "kind": "reserved"}],
    }


def test_a_budget_is_a_limit_and_a_target():
    assert budget_of({"cost_budget_monthly_usd": "300.00", "cost_target_monthly_usd": "91"}) == {"limit": "300.00", "target": "91"}
    assert budget_of({"cost_budget_monthly_usd": ""}) is None
    with pytest.raises(CostError, match="cost_budget_monthly_usd is '-1'"):
        budget_of({"cost_budget_monthly_usd": "-1"})


def test_the_gate_has_defaults_and_refuses_what_it_does_not_know():
    assert gate_of({}) == {"budget": True, "growth_percent": None, "baseline": ""}
    assert gate_of({"cost_gate": {"budget": False, "growth_percent": "10", "baseline": "/x"}}) == {"budget": False, "growth_percent": "10", "baseline": "/x"}
    with pytest.raises(CostError, match="cost_gate has growth;"):
        gate_of({"cost_gate": {"growth": "10"}})
    with pytest.raises(CostError, match="growth_percent is '-3'"):
        gate_of({"cost_gate": {"growth_percent": "-3"}})


@pytest.mark.parametrize(
    ("gate", "said"),
    [
        ("off", "cost_gate is 'off'; give a map"),
        ({"budget": "no"}, "cost_gate.budget is 'no'; give true or false"),
        ({"baseline": ["/x"]}, "cost_gate.baseline is .*; give an earlier cost_reports_directory"),
    ],
)
def test_a_gate_that_makes_no_sense_is_refused(gate, said):
    with pytest.raises(CostError, match=said):
        gate_of({"cost_gate": gate})


@pytest.mark.parametrize("value", ["0", "-5", "1e13", "1e400", "1e-400", "NaN", "300,00", "1_000", "\u0663", 300.5, True, [], {}])
@pytest.mark.parametrize("name", ["cost_budget_monthly_usd", "cost_target_monthly_usd"])
def test_a_budget_that_makes_no_sense_is_refused(name, value):
    with pytest.raises(CostError, match=rf"{name} is .*; give "):
        budget_of({name: value})


def test_a_long_value_is_not_repeated_in_whole():
    with pytest.raises(CostError) as caught:
        budget_of({"cost_budget_monthly_usd": "9" * 5000})
    assert len(str(caught.value)) < 200

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bill as a whole, and the reading of variables for it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import reading
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import registry
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.usage import NAMES
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.usage import usage
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import fixed
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import hours
from tests.support.bill_cases import place

VARIABLES = {
    "platform_name": "shop",
    "platform_environment": "dev",
    "inventory_hostname": "shop_dev_primary",
    "platform_provider": "aws",
    "platform_region": "us-east-1",
    "platform_region_group": "primary",
    "cluster_zones": {"a": "us-east-1a", "b": "us-east-1b"},
}


@pytest.fixture
def two(monkeypatch):
    """Components `one` and `other` with a line each, `account` that is always asked."""

    def made(component, name="hours"):
        return lambda variables, where: [Line(where, component, "thing", name, "aws/nat/hour", hours(), "hour")]

    monkeypatch.setattr(registry, "COMPONENTS", {"other": made("other"), "one": made("one"), "account": made("account")})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"platform_provider": "AWS"}, "platform_provider is 'AWS'; "),
        ({"platform_provider": "oracle"}, "platform_provider is 'oracle'; "),
        ({"platform_region": "us-esat-1"}, "platform_region is 'us-esat-1', no region of aws; did you mean .*us-east-1"),
        ({"platform_region": "us-east-1a"}, "platform_region is 'us-east-1a', no region of aws; did you mean us-east-1"),
    ],
)
def test_a_provider_or_region_that_is_none_is_no_bill_of_nothing(change, said):
    with pytest.raises(CostError, match=said):
        reading.place({**VARIABLES, **change}, "2026-07-31")


def test_the_region_of_what_others_run_has_any_name():
    assert reading.place({**VARIABLES, "platform_provider": "existing", "platform_region": "basement"}, "2026-07-31").region == "basement"


def test_only_what_is_switched_on_and_what_is_always_there(two):
    found = registry.bill({"platform_components": {"one": True, "other": False}}, place())
    assert [line.id for line in found] == ["shop_dev_primary/account/thing/hours", "shop_dev_primary/one/thing/hours"]


def test_layers_of_components_and_order_by_id(two):
    variables = {"platform_components": {"one": True, "other": True}, "platform_components_environment": {"one": None}}
    assert [line.component for line in registry.bill(variables, place())] == ["account", "other"]


def test_a_bill_on_this_machine_says_so(two):
    found = registry.bill({"platform_components": {"one": True}}, place(environment="local"))
    assert {line.assumption for line in found} == {registry.LOCAL}


def test_two_lines_of_one_name_are_refused(monkeypatch):
    def lines(_variables, where):
        return [Line(where, "one", "a", "b", "aws/nat/hour", hours(), "hour"), Line(where, "one", "a", "b", "aws/nat/gb", fixed(3), "GB")]

    monkeypatch.setattr(registry, "COMPONENTS", {"one": lines})
    with pytest.raises(CostError, match=r"called shop_dev_primary/one/a/b: 730 hour of aws/nat/hour by one and 3 GB of aws/nat/gb by one; rename one"):
        registry.bill({"platform_components": {"one": True}}, place())


@pytest.mark.parametrize(
    ("components", "said"),
    [({"network": "yes"}, r"platform_components\.network is 'yes'; give true or false"), (["network"], r"platform_components is \['network'\]; give a map")],
)
def test_switches_that_are_none(components, said):
    with pytest.raises(CostError, match=said):
        registry.bill({"platform_components": components}, place())


def test_the_place_of_a_host():
    assert reading.place(VARIABLES, "2026-11-21") == place(zones=2)
    assert reading.place({**VARIABLES, "platform_region_group": "standby"}, "2026-11-21").standby
    assert reading.place({**VARIABLES, "cluster_zones": {}}, "2026-11-21").zones == 1


@pytest.mark.parametrize("name", ["platform_name", "platform_environment", "inventory_hostname", "platform_provider", "platform_region"])
def test_a_host_without_a_place(name):
    with pytest.raises(CostError, match=rf"{name} is None; no estimate without it"):
        reading.place({key: value for key, value in VARIABLES.items() if key != name}, "2026-11-21")


@pytest.mark.parametrize(("region", "said"), [("us-esat-1", "did you mean us-west-1 or us-east-1"), ("atlantis", "it is one of af-south-1")])
def test_a_region_that_is_none_is_named_with_its_variable_and_near_ones(region, said):
    with pytest.raises(CostError, match=rf"platform_region is '{region}', no region of aws; {said}"):
        reading.place({**VARIABLES, "platform_region": region}, "2026-11-21")
    # Of others' clusters and clouds the regions are not listed.
    assert reading.place({**VARIABLES, "platform_provider": "existing", "platform_region": region}, "2026-11-21").region == region


def test_layers_are_merged_as_the_roles_do():
    variables = {"x_shared": {"a": 1, "b": {"c": 1}}, "x": {"b": {"d": 2}}, "x_environment": {"a": None}, "x_deployment": {"e": 5}}
    assert reading.layered(variables, "x") == {"b": {"c": 1, "d": 2}, "e": 5}
    with pytest.raises(CostError, match=r"x_environment is 3; give a map"):
        reading.layered({"x_environment": 3}, "x")


@pytest.mark.parametrize(
    ("value", "found"),
    [(3, 3), ("3", 3), ("1000000", 1_000_000)],
)
def test_counts(value, found):
    assert reading.count(value, "x") == found


@pytest.mark.parametrize("value", [-1, "-1", 1_000_001, 1.0, "1.5", True, None, "many", "--1", "", "²"])
def test_counts_that_are_none(value):
    with pytest.raises(CostError, match=r"^x is "):
        reading.count(value, "x")


@pytest.mark.parametrize("value", [-1, "NaN", "Infinity", 0.5, True, None, "1e13", "much", [1]])
def test_amounts_that_are_none(value):
    with pytest.raises(CostError, match=r"^x is "):
        reading.amount(value, "x")


def test_near_names():
    assert reading.meant("nat_gbs", ["nat_gb", "dns_queries"]) == "did you mean nat_gb?"
    assert reading.meant("zzz", ["nat_gb", "dns_queries"]) == "it is one of dns_queries, nat_gb"
    assert reading.meant("zzz", []) == "it is one of none"


@pytest.mark.parametrize(
    ("declared", "ends"),
    [
        (5, "5 5 5"),
        ("5.25", "5.25 5.25 5.25"),
        ({"expected": 5}, "5 5 5"),
        ({"minimum": 1, "expected": 5, "maximum": "7.5"}, "1 5 7.5"),
    ],
)
def test_figures_of_usage(declared, ends):
    quantity, assumption = usage({"cost_usage": {"nat_gb": declared}}, "nat_gb")
    assert (f"{quantity.minimum} {quantity.expected} {quantity.maximum}", assumption) == (ends, "")


def test_layers_of_usage():
    assert usage({"cost_usage": {"nat_gb": 5}, "cost_usage_deployment": {"nat_gb": 6}}, "nat_gb")[0].expected == 6
    assert usage({}, "nat_gb", 3, "a guess") == (fixed(Decimal(3)), "a guess")
    assert usage({"cost_usage": {"nat_gb": 0}}, "nat_gb", 3, "a guess") == (fixed(0), "")


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"maximum": 5}, r"cost_usage\.nat_gb\.expected is missing"),
        ({"expected": 5, "most": 6}, r"cost_usage\.nat_gb\.most is unknown; give minimum, expected and maximum"),
        ({"minimum": 6, "expected": 5}, r"cost_usage\.nat_gb is 6 to 5 to 5; none may be smaller"),
        ({"expected": 5, "maximum": 4}, r"cost_usage\.nat_gb is 5 to 5 to 4"),
        ({"expected": "a"}, r"cost_usage\.nat_gb\.expected is 'a'"),
    ],
)
def test_figures_that_cannot_be(declared, said):
    with pytest.raises(CostError, match=said):
        usage({"cost_usage": {"nat_gb": declared}}, "nat_gb")


def test_each_figure_says_what_it_counts():
    assert all(text and name == name.lower() for name, text in NAMES.items())


def test_the_page_names_every_figure():
    page = (Path(__file__).resolve().parents[5] / "docs" / "docsite" / "rst" / "cost_bill.rst").read_text(encoding="utf-8")
    for name, text in NAMES.items():
        assert f"    * - ``{name}``\n      - {text}\n" in page

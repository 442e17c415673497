# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract of all roles out of argument specs and rules."""

from __future__ import annotations

import pytest
import yaml

from ansible_collections.llmops.platform.plugins.module_utils._inventory.contract import ContractError
from ansible_collections.llmops.platform.plugins.module_utils._inventory.contract import build

SPEC = yaml.safe_load("""
argument_specs:
  main:
    options:
      shop_carts: {type: dict, description: Carts., default: {}}
      shop_carts_environment: {type: dict}
      shop_carts_common: {type: dict}
      shop_size: {type: int}
  facts:
    options:
      shop_carts: {type: dict}
  cart:
    options:
      image: {type: dict, required: true, options: {tag: {type: str, required: true}}}
      ports: {type: dict}
""")
RULES = yaml.safe_load("""
shop:
  options:
    shop_carts: {values: {entry_point: cart}}
    shop_size: {type: str, minimum: 1}
    shop_later: {type: bool}
  entry_points:
    cart: {options: {ports: {values: {type: int, format: port}}}}
depot:
  options:
    depot_doors: {type: int}
""")


def built(*rules):
    return build([("spec", "shop", SPEC), *(("rules", "", rule) for rule in rules)])


def test_rules_add_to_the_specs_which_win():
    found = built(RULES)
    assert found.options["shop_size"] == {"type": "int", "minimum": 1}
    assert found.roles == {"depot": ("depot_doors",), "shop": ("shop_carts", "shop_size", "shop_later", "shop_carts_environment", "shop_carts_common")}


def test_an_entry_point_is_the_shape_of_a_value():
    cart = built(RULES).options["shop_carts"]["values"]["options"]
    assert cart["image"]["options"]["tag"]["required"]
    assert cart["ports"]["values"]["format"] == "port"


def test_layers_have_the_shape_of_what_they_are_laid_over():
    found = built(RULES)
    assert found.option("shop_carts_environment") == found.options["shop_carts"]
    assert found.option("shop_carts_common") == found.options["shop_carts"]["values"]
    assert found.option("shop_carts_deployment") is None, "a layer that no role merges would be ignored"


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"depot": {"options": {"depot_x": {"type": "integer"}}}}, "depot_x: there is no type integer"),
        ({"depot": {"options": {"depot_x": {"values": {"format": "crown"}}}}}, r"depot_x\.\*: there is no format crown; there are cidr"),
        ({"depot": {"options": {"depot_x": {"values": {"entry_point": "door"}}}}}, r"depot_x\.\*: there is no entry point door"),
        ({"depot": ["depot_x"]}, "rules: depot is no map"),
    ],
)
def test_a_wrong_contract_is_refused(rule, said):
    with pytest.raises(ContractError, match=said):
        built(rule)


def test_the_contract_of_this_collection():
    pytest.importorskip("ansible.cli", reason="ansible-test hides the controller from the tests of module_utils")
    from tests.support.inventory_schema import contract

    found = contract()
    assert {"platform", "application", "network", "postgresql", "cost"} <= found.roles.keys()
    assert found.option("application_services_environment")["values"]["options"]["probes"]["options"]["liveness"]["options"]["httpGet"]["options"]["path"]
    assert found.option("cluster_node_pools")["values"]["options"]["instance_type"]["required"]
    for name in found.options:
        assert any(name.startswith(f"{role}_") for role in found.roles), name

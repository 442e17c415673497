# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bills of the inventories as they stand: the variables of every host with the roles' defaults beneath, as an estimate reads them."""

from __future__ import annotations

from functools import cache
from typing import Any

from ansible.parsing.dataloader import DataLoader

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import place
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.registry import bill
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.plugin_utils._inventory import Inventory
from ansible_collections.llmops.platform.plugins.plugin_utils._inventory import role_defaults
from ansible_collections.llmops.platform.plugins.plugin_utils._inventory import shown
from tests.support.inventories import ROOT

AS_OF = "2026-11-21"


@cache
def hosts(environment: str) -> dict[str, dict[str, Any]]:
    """The variables of every host of an inventory, resolved."""
    loader = DataLoader()
    defaults = role_defaults(loader, sorted(file.parent.parent for file in (ROOT / "roles").glob("*/meta/argument_specs.yml")))
    found = {}
    for host in Inventory(loader, [str(ROOT / "inventories" / f"{environment}.yml")]).hosts(defaults):
        name = host.deployment.name
        found[name] = shown({**host.deployment.defaults, **host.deployment.values, "inventory_hostname": name})
    return found


@cache
def bill_of(environment: str, host: str, as_of: str = AS_OF) -> tuple[Line, ...]:
    variables = hosts(environment)[host]
    return tuple(bill(variables, place(variables, as_of)))

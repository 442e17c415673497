# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventories as Ansible itself sees them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from ansible.inventory.group import Group
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible.vars.manager import VariableManager

from ansible_collections.llmops.platform.plugins.module_utils._inventory.layering import merge

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "inventories").glob("*.yml"))
GROUP_VARS = sorted((ROOT / "inventories" / "group_vars").rglob("*.yml"))


class Inventory:
    """One inventory file with its group_vars."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._loader = DataLoader()
        self._manager = InventoryManager(loader=self._loader, sources=[str(path)])
        self._variables = VariableManager(loader=self._loader, inventory=self._manager)
        self._known: dict[str, dict[str, Any]] = {}

    @property
    def hosts(self) -> list[str]:
        """The deployments."""
        return sorted(host.name for host in self._manager.get_hosts("all:!shared"))

    @property
    def shared(self) -> list[str]:
        """The hosts of what exists once per account and region."""
        return sorted(host.name for host in self._manager.get_hosts("shared"))

    @property
    def groups(self) -> dict[str, Group]:
        return {name: group for name, group in self._manager.groups.items() if name not in ("all", "ungrouped")}

    def variables(self, host: str) -> dict[str, Any]:
        if host not in self._known:
            self._known[host] = self._variables.get_vars(host=self._manager.get_host(host))
        return self._known[host]

    def value(self, host: str, name: str) -> Any:
        """The variable with its templates resolved and the layers of its map laid over each other, as the roles do it."""
        variables = self.variables(host)
        layers = [f"{name}_shared", name, f"{name}_environment", f"{name}_deployment"]
        found = [Templar(loader=self._loader, variables=variables).template(variables[layer]) for layer in layers if layer in variables]
        if not found:
            raise KeyError(f"{host} has no {name}")
        return merge(*found) if len(found) > 1 else found[0]

    def figure(self, host: str, path: str) -> Any:
        """A value by its path: keys joined by slashes, as names may have dots."""
        name, *keys = path.split("/")
        value = self.value(host, name)
        for key in keys:
            value = value[key]
        return value


@cache
def inventory(name: str) -> Inventory:
    return Inventory(ROOT / "inventories" / f"{name}.yml")


def of_host(host: str) -> Inventory:
    """The inventory that a host stands in, by the environment in its name."""
    return inventory(host.rsplit("_", 2)[1])

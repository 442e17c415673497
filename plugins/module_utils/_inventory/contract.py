# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The contract of all roles as one map of variables, out of argument specs and of files with what an argument spec cannot say."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._inventory.formats import FORMATS
from ansible_collections.llmops.platform.plugins.module_utils._inventory.layering import merge
from ansible_collections.llmops.platform.plugins.module_utils._inventory.schema import TYPES

# Laid over the variable of the name without it, so they have its shape; `_common` has the shape of each of its values.
OVERLAYS = ("_environment", "_deployment", "_shared")
COMMON = "_common"


class ContractError(Exception):
    """A file of the contract is itself wrong."""


@dataclass(frozen=True)
class Contract:
    """What is known about variables: `options` by variable, `roles` by name with their variables."""

    options: dict[str, dict[str, Any]] = field(default_factory=dict)
    roles: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def option(self, name: str) -> dict[str, Any] | None:
        """The option of a variable; a layer has the shape of what it is laid over."""
        own = self.options.get(name)
        if own is None or "options" in own or "values" in own:
            return own
        for suffix in OVERLAYS:
            base = self.options.get(name.removesuffix(suffix))
            if name.endswith(suffix) and base is not None:
                return base
        if name.endswith(COMMON):
            base = self.options.get(name.removesuffix(COMMON)) or {}
            return base.get("values") or own
        return own


def build(documents: Iterable[tuple[str, str, Mapping[str, Any]]]) -> Contract:
    """`documents`: `(file, role, content)` each. `role` counts for argument specs; other files name their roles themselves.

    An argument spec wins over the other files: Ansible itself judges by it.
    """
    specs: dict[str, dict[str, Any]] = {}
    rules: dict[str, dict[str, Any]] = {}
    for file, role, content in documents:
        if "argument_specs" in content:
            specs[role] = merge(specs.get(role, {}), {"entry_points": content["argument_specs"]})
            continue
        for name, rule in content.items():
            if not isinstance(rule, Mapping):
                raise ContractError(f"{file}: {name} is no map with options")
            rules[name] = merge(rules.get(name, {}), _sorted_in(rule))
    roles = {name: merge(rules.get(name, {}), specs.get(name, {})) for name in sorted({*rules, *specs})}
    contract = Contract()
    for role, content in roles.items():
        points = content.get("entry_points") or {}
        own: dict[str, dict[str, Any]] = {}
        for point in points.values():
            # Several entry points may have a variable; the rules stand with one of them.
            for name, option in (point.get("options") or {}).items():
                if name.startswith(f"{role}_"):
                    own[name] = merge(own.get(name, {}), option)
        contract.roles[role] = tuple(own)
        for name, option in own.items():
            contract.options[name] = _shaped(option, points, name)
    return contract


def _sorted_in(rule: Mapping[str, Any]) -> dict[str, Any]:
    """`options` of a rule are those of the entry point main."""
    points = dict(rule.get("entry_points") or {})
    if "options" in rule:
        points["main"] = merge(points.get("main", {}), {"options": rule["options"]})
    return {"entry_points": points}


def _shaped(option: Mapping[str, Any], points: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The option with entry points in place of their names, all of it checked."""
    if "entry_point" in option:
        if option["entry_point"] not in points:
            raise ContractError(f"{where}: there is no entry point {option['entry_point']}")
        return _shaped({"type": "dict", "options": points[option["entry_point"]]["options"]}, points, where)
    if option.get("type", "raw") not in (*TYPES, "raw"):
        raise ContractError(f"{where}: there is no type {option['type']}")
    if option.get("format", "cidr") not in FORMATS:
        raise ContractError(f"{where}: there is no format {option['format']}; there are {', '.join(FORMATS)}")
    result = dict(option)
    if "options" in option:
        result["options"] = {key: _shaped(inner, points, f"{where}.{key}") for key, inner in (option["options"] or {}).items()}
    if "values" in option:
        result["values"] = _shaped(option["values"], points, f"{where}.*")
    return result

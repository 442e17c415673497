# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Estimates whole inventories; documented in the module of the same name."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError

from ansible_collections.llmops.platform.plugins.module_utils._cost.accounts import accounts
from ansible_collections.llmops.platform.plugins.module_utils._cost.accounts import document
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.registry import bill
from ansible_collections.llmops.platform.plugins.module_utils._cost.estimate import dated
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.price_files import load
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction
from ansible_collections.llmops.platform.plugins.plugin_utils._inventory import Inventory
from ansible_collections.llmops.platform.plugins.plugin_utils._inventory import headline
from ansible_collections.llmops.platform.plugins.plugin_utils._inventory import role_defaults

ROLES = Path(__file__).resolve().parents[2] / "roles"


class ActionModule(ApiAction):
    """Read-only, and without any call to a cloud."""

    errors = (CostError,)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        as_of = arguments["as_of"] or datetime.datetime.now(datetime.UTC).date().isoformat()
        dated(as_of)
        inventories = [[path] for path in arguments["inventories"] or ()] or [list(task_vars.get("ansible_inventory_sources") or ())]
        prices = load(arguments["prices"] or ROLES / "cost" / "files" / "prices")
        wanted = set(arguments["hosts"] or ())
        limit = arguments["limit"] or ""
        hosts = [variables for variables in self._hosts(inventories, limit) if not wanted or variables["inventory_hostname"] in wanted]
        if limit and not hosts:
            raise CostError(f"cost_limit is {limit!r}, which no host of {', '.join(map(', '.join, inventories))} matches; give a platform, a group or a host")
        found, problems = accounts(hosts, as_of, bill)
        documents: list[dict[str, Any]] = []
        for account in found:
            try:
                documents.append(document(account, prices, as_of))
            except CostError as error:
                problems.append(f"{account.name}: {error}")
        result = {"changed": False, "as_of": as_of, "documents": documents, "problems": problems}
        if problems:
            return {**result, "failed": True, "msg": f"{len(problems)} problems keep the estimate from being made:\n" + "\n".join(problems)}
        return result

    def _hosts(self, inventories: list[list[str]], limit: str) -> Iterator[Mapping[str, Any]]:
        defaults = role_defaults(self._loader, sorted(file.parent.parent for file in ROLES.glob("*/meta/argument_specs.yml")))
        for sources in inventories:
            try:
                yield from Inventory(self._loader, [source if "," in source else str(Path(source).resolve()) for source in sources]).lazy(defaults, limit)
            except AnsibleError as error:
                raise CostError(f"{', '.join(sources)} cannot be read: {headline(error)}; judge it with playbooks/validate.yml") from error

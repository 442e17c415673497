# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of the bill of data services share: a place, figures without a range, and lines as rows to compare."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain

PLACE = Place("shop", "production", "shop_production_primary", "aws", "us-east-1", 3, "2026-11-21")
STANDBY = replace(PLACE, deployment="shop_production_standby", region="us-west-2", standby=True)
AZURE = replace(PLACE, provider="azure", region="eastus")
# No ranges, so that a quantity is one number: half of a volume is data, of which a twentieth changes in a day.
USAGE = {"data_fill_percent": 50, "data_change_percent": 5, "configuration_backup_gb": "0.1", "object_versions_percent": 10, "restore_test_hours": 2}


def rows(lines: Iterable[Line]) -> dict[str, tuple[str, str]]:
    """SKU and expected quantity by service and name."""
    return {f"{line.service}/{line.name}": (line.sku, plain(line.quantity.expected)) for line in lines}


def ends(line: Line) -> tuple[str, str, str]:
    return tuple(line.quantity.shown().values())


def one(lines: Iterable[Line], name: str) -> Line:
    found = [line for line in lines if f"{line.service}/{line.name}" == name]
    assert len(found) == 1, (name, [f"{line.service}/{line.name}" for line in lines])
    return found[0]


def on(*names: str, **more: Any) -> dict[str, Any]:
    """Variables with components switched on."""
    return {"platform_components": dict.fromkeys(names, True), "cost_usage": dict(USAGE), **more}


def without(variables: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in variables.items() if key not in names}

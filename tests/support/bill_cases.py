# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Places and variables for tests of the bill, small and made up, and the bill as a table."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain

AS_OF = "2026-11-21"
ZONES = {"a": "us-east-1a", "b": "us-east-1b", "c": "us-east-1c"}
SUBNETS = {"public": {"zones": 3, "prefix_length": 24}, "private": {"zones": 3, "prefix_length": 19}}


def place(**changes: Any) -> Place:
    values = {"platform": "shop", "environment": "dev", "deployment": "shop_dev_primary", "provider": "aws", "region": "us-east-1", "zones": 3, "as_of": AS_OF}
    return Place(**{**values, **changes})


def quantities(lines: Iterable[Line]) -> dict[str, str]:
    """`{service/name: expected quantity}`; `minimum..expected..maximum` where they differ."""
    return {f"{line.service}/{line.name}": shown(line) for line in lines}


def skus(lines: Iterable[Line]) -> dict[str, str]:
    return {f"{line.service}/{line.name}": line.sku for line in lines}


def shown(line: Line) -> str:
    ends = [plain(value) for value in (line.quantity.minimum, line.quantity.expected, line.quantity.maximum)]
    return ends[1] if len(set(ends)) == 1 else "..".join(ends)


def line(lines: Iterable[Line], name: str) -> Line:
    """The one of that service and name."""
    return next(one for one in lines if f"{one.service}/{one.name}" == name)


def doubled(before: Iterable[Line], after: Iterable[Line], names: Mapping[str, bool] | Iterable[str]) -> bool:
    """Whether exactly these lines have twice their quantities, at all three ends."""
    first, second = list(before), {one.id: one for one in after}
    wanted = set(names)
    return {one.id for one in first} == set(second) and all(
        second[one.id].quantity == one.quantity.times(2 if f"{one.service}/{one.name}" in wanted else 1) for one in first
    )

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of role cost that look for savings: advice, allocation, schedules of off-hours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost import allocation
from ansible_collections.llmops.platform.plugins.module_utils._cost import schedule
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.advise import advise
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.measured_usage import usage
from ansible_collections.llmops.platform.plugins.module_utils._cost.prices import table
from ansible_collections.llmops.platform.plugins.module_utils._cost.workloads import declared
from ansible_collections.llmops.platform.plugins.plugin_utils._filters import as_filter

MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")


def advice(
    estimate: Mapping[str, Any],
    prices: Iterable[Mapping[str, Any]],
    variables: Mapping[str, Mapping[str, Any]] | None = None,
    measured: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """See the documentation of cost_advice."""
    return advise(estimate, variables or {}, table(prices), measured)


def allocated(
    estimate: Mapping[str, Any],
    deployment: str,
    variables: Mapping[str, Any],
    answers: Mapping[str, Any] | None = None,
    share: str = "proportional",
) -> dict[str, Any]:
    """See the documentation of cost_allocation."""
    return allocation.allocate(declared(variables), estimate, deployment, None if answers is None else usage(answers), share)


def described(given: Any, month: str) -> dict[str, Any]:
    """See the documentation of cost_schedule."""
    found = MONTH.fullmatch(str(month))
    if not found:
        raise CostError(f"month is {month!r}; give one such as 2026-07")
    return schedule.describe(schedule.parse(given, "the schedule"), int(found[1]), int(found[2]))


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict:
        functions = {"cost_advice": advice, "cost_allocation": allocated, "cost_schedule": described}
        return {name: as_filter(name, function) for name, function in functions.items()}

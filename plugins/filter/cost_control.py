# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of role cost that judge: budgets, growth, and why actual costs differ from the estimate."""

from __future__ import annotations

from ansible_collections.llmops.platform.plugins.module_utils._cost import budgets
from ansible_collections.llmops.platform.plugins.module_utils._cost.gate import gate
from ansible_collections.llmops.platform.plugins.module_utils._cost.variance import variance
from ansible_collections.llmops.platform.plugins.plugin_utils._filters import as_filter


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict:
        functions = {
            "cost_budget": budgets.budget,
            "cost_budget_problems": budgets.problems,
            "cost_gate_problems": gate,
            "cost_variance": variance,
        }
        return {name: as_filter(name, function) for name, function in functions.items()}

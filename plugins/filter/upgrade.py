# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of role upgrade: the steps of an upgrade out of what is there and what is declared."""

from __future__ import annotations

from ansible_collections.llmops.platform.plugins.module_utils._drain import steps
from ansible_collections.llmops.platform.plugins.plugin_utils._filters import as_filter


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict:
        functions = {
            "upgrade_minors": steps.minors,
            "upgrade_moves": steps.moves,
            "upgrade_for_minor": steps.for_minor,
            "upgrade_sized": steps.sized,
            "upgrade_problems": steps.problems,
            "upgrade_by_hand": steps.by_hand,
            "upgrade_plan_rows": steps.plan_rows,
        }
        return {name: as_filter(name, function) for name, function in functions.items()}

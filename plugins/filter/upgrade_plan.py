# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter of upgrades: a plan for people."""

from __future__ import annotations

from ansible_collections.llmops.platform.plugins.module_utils._upgrade.lines import upgrade_plan_lines
from ansible_collections.llmops.platform.plugins.plugin_utils._filters import as_filter


class FilterModule:
    """The filter by name."""

    def filters(self) -> dict:
        return {"upgrade_plan_lines": as_filter("upgrade_plan_lines", upgrade_plan_lines)}

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of role network: what is declared worked out for the templates, and what is there as a result."""

from __future__ import annotations

from ansible_collections.llmops.platform.plugins.module_utils._network.facts import facts
from ansible_collections.llmops.platform.plugins.module_utils._network.plan import plan
from ansible_collections.llmops.platform.plugins.plugin_utils._filters import as_filter


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict:
        return {"network_plan": as_filter("network_plan", plan), "network_facts": as_filter("network_facts", facts)}

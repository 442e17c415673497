# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of role edge: where the cluster is reached, its records, and what stands before it."""

from __future__ import annotations

from ansible_collections.llmops.platform.plugins.module_utils._edge import building
from ansible_collections.llmops.platform.plugins.module_utils._edge import front
from ansible_collections.llmops.platform.plugins.plugin_utils._filters import as_filter


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict:
        functions = {
            "edge_address": building.balanced,
            "edge_records": building.edge_records,
            "edge_region_id": building.camel,
            "edge_tls": front.tls,
            "edge_annotations": front.annotations,
            "edge_waf_rules": front.waf_rules,
            "edge_problems": front.problems,
            "edge_unfiltered": front.unfiltered,
        }
        return {name: as_filter(name, function) for name, function in functions.items()}

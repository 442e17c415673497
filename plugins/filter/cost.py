# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of cost reports: one document in many forms, and what changes between two estimates."""

from __future__ import annotations

from ansible_collections.llmops.platform.plugins.module_utils._cost.diff import diff
from ansible_collections.llmops.platform.plugins.module_utils._cost.documented import documented
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import focus
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import html
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import infracost
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import markdown
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import table
from ansible_collections.llmops.platform.plugins.plugin_utils._filters import as_filter


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict:
        return {
            "cost_table": as_filter("cost_table", table.render),
            "cost_markdown": as_filter("cost_markdown", markdown.render),
            "cost_infracost_json": as_filter("cost_infracost_json", infracost.render),
            "cost_focus": as_filter("cost_focus", focus.render),
            "cost_html": as_filter("cost_html", html.render),
            "cost_diff": as_filter("cost_diff", diff),
            "cost_documented": as_filter("cost_documented", documented),
        }

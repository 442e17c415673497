# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of role teardown."""

from __future__ import annotations

from ansible_collections.llmops.platform.plugins.module_utils._teardown.report import lines
from ansible_collections.llmops.platform.plugins.plugin_utils._filters import as_filter


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict:
        return {"teardown_lines": as_filter("teardown_lines", lines)}

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters for stacks: names, and the policy that guards what holds data."""

from __future__ import annotations

from ansible_collections.llmops.platform.plugins.module_utils._stacks.names import aws_name
from ansible_collections.llmops.platform.plugins.module_utils._stacks.stateful import stack_policy
from ansible_collections.llmops.platform.plugins.plugin_utils._filters import as_filter


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict:
        return {"aws_name": as_filter("aws_name", aws_name), "stack_policy": as_filter("stack_policy", stack_policy)}

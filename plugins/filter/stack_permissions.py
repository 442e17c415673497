# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters for IAM: policies by the types that are rendered."""

from __future__ import annotations

from ansible_collections.llmops.platform.plugins.module_utils._stacks.permissions import controller_policies
from ansible_collections.llmops.platform.plugins.module_utils._stacks.permissions import service_role_policies
from ansible_collections.llmops.platform.plugins.plugin_utils._filters import as_filter


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict:
        return {
            "controller_policies": as_filter("controller_policies", controller_policies),
            "service_role_policies": as_filter("service_role_policies", service_role_policies),
        }

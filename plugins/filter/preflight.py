# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of role preflight: what was read, as findings; findings, as a table."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.llmops.platform.plugins.module_utils._preflight import access
from ansible_collections.llmops.platform.plugins.module_utils._preflight import aws
from ansible_collections.llmops.platform.plugins.module_utils._preflight import components
from ansible_collections.llmops.platform.plugins.module_utils._preflight import findings
from ansible_collections.llmops.platform.plugins.module_utils._preflight import networks
from ansible_collections.llmops.platform.plugins.module_utils._preflight import quotas
from ansible_collections.llmops.platform.plugins.module_utils._preflight import tools
from ansible_collections.llmops.platform.plugins.plugin_utils._filters import as_filter

FILTERS: dict[str, Callable] = {
    "preflight_access_findings": access.judge_access,
    "preflight_aws_findings": aws.judge_aws,
    "preflight_component_findings": components.judge,
    "preflight_components_declared": components.declared,
    "preflight_end_of_life_rows": findings.end_of_life_rows,
    "preflight_left_out": findings.left_out,
    "preflight_network_findings": networks.judge_network,
    "preflight_permissions_needed": access.permissions_needed,
    "preflight_quota_findings": quotas.judge_quotas,
    "preflight_quotas_declared": quotas.quotas_declared,
    "preflight_tool_findings": tools.judge,
}


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict:
        return {name: as_filter(name, function) for name, function in FILTERS.items()}

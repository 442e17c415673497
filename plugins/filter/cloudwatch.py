# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of role cloudwatch: log groups, alarms, dashboards and the add-on's configuration as its templates render them."""

from __future__ import annotations

from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch import alarms
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch import dashboards
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch import facts
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch import groups
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch import insights
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch import metrics
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch import subscriptions
from ansible_collections.llmops.platform.plugins.plugin_utils._filters import as_filter


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict:
        functions = {
            "cloudwatch_metrics": metrics.metrics,
            "cloudwatch_panels": dashboards.panels,
            "cloudwatch_signals_shown": facts.signals_shown,
            "cloudwatch_log_groups": groups.log_groups,
            "cloudwatch_alarms": alarms.alarms,
            "cloudwatch_dashboards": dashboards.dashboards,
            "cloudwatch_subscriptions": subscriptions.subscriptions,
            "cloudwatch_insights_configuration": insights.configuration,
            "cloudwatch_facts": facts.facts,
        }
        return {name: as_filter(name, function) for name, function in functions.items()}

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gates of a release: what each found, all at once, and the manifests of migrations."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.llmops.platform.plugins.module_utils._release import budget
from ansible_collections.llmops.platform.plugins.module_utils._release import findings
from ansible_collections.llmops.platform.plugins.module_utils._release import freeze
from ansible_collections.llmops.platform.plugins.module_utils._release import image
from ansible_collections.llmops.platform.plugins.module_utils._release import low_traffic
from ansible_collections.llmops.platform.plugins.module_utils._release import migration
from ansible_collections.llmops.platform.plugins.module_utils._release import staging
from ansible_collections.llmops.platform.plugins.module_utils._release import versions
from ansible_collections.llmops.platform.plugins.plugin_utils._filters import as_filter

FILTERS: dict[str, Callable] = {
    "release_contract_problems": migration.contract_problems,
    "release_deployed_version": migration.deployed_version,
    "release_error_budget_findings": budget.judge,
    "release_freeze_findings": freeze.judge,
    "release_gate_findings": findings.overruled,
    "release_gate_lines": findings.lines,
    "release_gate_overrides": findings.recorded,
    "release_gate_settings_findings": findings.unknown_settings,
    "release_image_findings": image.judge,
    "release_low_traffic_findings": low_traffic.judge,
    "release_migration_failure": migration.failure,
    "release_migration_findings": migration.judge,
    "release_migration_manifests": migration.manifests,
    "release_migration_name": migration.name,
    "release_migration_state": migration.state,
    "release_staging_findings": staging.judge,
    "release_staging_record": staging.record,
    "release_version_findings": versions.judge,
}


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict:
        return {name: as_filter(name, function) for name, function in FILTERS.items()}

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads service quotas and their use; documented in the module of the same name."""

from __future__ import annotations

from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws import session as aws
from ansible_collections.llmops.platform.plugins.module_utils._aws.quotas import Reader
from ansible_collections.llmops.platform.plugins.module_utils._preflight.quotas import QUOTAS
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction


class ActionModule(ApiAction):
    """Read-only."""

    errors = (aws.AwsError,)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        wanted = list(QUOTAS) if arguments["quotas"] is None else arguments["quotas"]
        unknown = sorted(set(wanted) - set(QUOTAS))
        if unknown:
            raise aws.AwsError(f"quotas names {', '.join(unknown)}; known are {', '.join(QUOTAS)}")
        with self.task_environment():
            session = aws.new_session()
            regions = {
                region: Reader(session, region, arguments["own_tags"], arguments["own_cluster"], arguments["timeout"]).read(wanted, arguments["instance_types"])
                for region in arguments["regions"]
            }
        return {"changed": False, "regions": regions}

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings the price table up to date; documented in the module of the same name."""

from __future__ import annotations

from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws import session as aws
from ansible_collections.llmops.platform.plugins.module_utils._cost import price_refresh
from ansible_collections.llmops.platform.plugins.module_utils._cost import pricing_api
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction


class ActionModule(ApiAction):
    """All thinking is in module_utils/_cost."""

    errors = (aws.AwsError, CostError)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        with self.task_environment():
            asked = {key: arguments[key] for key in ("endpoint_url", "attempts", "timeout")}
            prices = pricing_api.PriceList(aws.new_session(), arguments["endpoint_region"], **asked)
            found = price_refresh.refresh(arguments["path"], prices.record, arguments["skus"], arguments["regions"])
        if found.problems:
            msg = f"{len(found.problems)} prices could not be had, so the table stays as it is: {'; '.join(found.problems)}"
            return {"failed": True, "changed": False, "msg": msg, "problems": found.problems, "calls": prices.calls}
        lines = price_refresh.printed(found)
        for line in lines:
            self.progress(line)
        if not self.check_mode:
            price_refresh.write(found)
        result = {"changed": bool(found.changed), "rows": found.rows, "kept": found.kept, "printed": lines, "calls": prices.calls}
        result["files"] = [str(path) for path in found.changed]
        if self.diff_wanted:
            result["diff"] = price_refresh.difference(found)
        return result

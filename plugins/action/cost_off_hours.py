# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets node groups and databases sleep and wakes them; documented in the module of the same name."""

from __future__ import annotations

import datetime
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws import session as aws
from ansible_collections.llmops.platform.plugins.module_utils._cost import schedule
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.sleeping import Sleeper
from ansible_collections.llmops.platform.plugins.module_utils._stacks import identity
from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import Calls
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction


class ActionModule(ApiAction):
    """All thinking is in module_utils/_cost/sleeping.py."""

    errors = (aws.AwsError, CostError)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        now = datetime.datetime.now(datetime.UTC)
        state = arguments["state"]
        if state == "scheduled":
            state = "asleep" if schedule.parse(arguments["schedule"], "schedule").asleep(now) else "awake"
        tags = {str(name): str(value) for name, value in arguments["tags"].items()}
        with self.task_environment():
            session = aws.new_session()
            identity.ready(session)
            calls = Calls(session)
            sleeper = Sleeper(
                calls, arguments["region"], arguments["cluster_name"], tags, self.progress,
                poll=arguments["poll_seconds"], timeout=arguments["timeout_minutes"] * 60,
            )  # fmt: skip
            rows = sleeper.run(state, now.isoformat(timespec="seconds"), self.check_mode)
        return {
            "changed": any(row["action"] in ("slept", "woken") for row in rows),
            "state": state,
            "resources": rows,
            "asleep": sorted({f"{row['region']}/{row['stack']}" for row in rows if row["asleep"] and row["stack"]}),
            "calls": calls.calls,
        }

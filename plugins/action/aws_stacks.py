# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings a graph of CloudFormation stacks to its declared state; documented in the module of the same name."""

from __future__ import annotations

from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws import session as aws
from ansible_collections.llmops.platform.plugins.module_utils._stacks import identity
from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import Calls
from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.keeping import Who
from ansible_collections.llmops.platform.plugins.module_utils._stacks.running import Run
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction
from ansible_collections.llmops.platform.plugins.plugin_utils._lock import holder


class ActionModule(ApiAction):
    """All thinking is in module_utils/_stacks."""

    errors = (aws.AwsError, StackError)
    farewell = 10.0

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        with self.task_environment():
            session = aws.new_session()
            said = identity.ready(session)
            if said:
                self.progress(f"AWS: {said}")
            calls = Calls(session, arguments["parallel"])
            who = Who(holder.me(), lambda other: "pid" in other and holder.has_ended(other, holder.me()), holder.described)
            result = Run(arguments, calls, who, self.progress, identity.known_regions(session)).run(self.check_mode)
        if self.diff_wanted and result["plan"]:
            result["diff"] = [{"prepared": "".join(f"{step['action']} {step['what']}\n{_fields(step)}" for step in result["plan"])}]
        return result


def _fields(step: dict[str, Any]) -> str:
    return "".join(f"  {field}\n" for field in step.get("fields") or [])

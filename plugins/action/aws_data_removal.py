# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deletes what holds data and would stay when its stack goes; documented in the module of the same name."""

from __future__ import annotations

from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws import session as aws
from ansible_collections.llmops.platform.plugins.module_utils._stacks import identity
from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import Calls
from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.keeping import Who
from ansible_collections.llmops.platform.plugins.module_utils._teardown.guarding import guarded
from ansible_collections.llmops.platform.plugins.module_utils._teardown.removing import Remover
from ansible_collections.llmops.platform.plugins.module_utils._teardown.removing import remove_all
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction
from ansible_collections.llmops.platform.plugins.plugin_utils._lock import holder


class ActionModule(ApiAction):
    """Only what is named to it."""

    errors = (aws.AwsError, StackError)
    farewell = 10.0

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        with self.task_environment():
            session = aws.new_session()
            identity.ready(session)
            calls = Calls(session, arguments["parallel"])
            who = Who(holder.me(), lambda other: "pid" in other and holder.has_ended(other, holder.me()), holder.described)
            with guarded(calls, arguments, who, self.progress) as ours:
                remover = Remover(ours, self.progress, arguments["timeout_minutes"] * 60, arguments["poll_seconds"])
                table = remove_all(remover, arguments["resources"], arguments["unprotect"], self.check_mode, arguments["parallel"])
        gone = [row for row in table if row["action"] != "absent"]
        plan = [
            {
                "action": "update" if row["action"] == "unprotected" else "destroy",
                "what": f"{row['type']} {row['id']} ({row['region']})",
                "fields": [],
                "note": row["note"] or row["action"],
            }
            for row in gone
        ]
        return {"changed": bool(gone), "resources": table, "plan": plan, "calls": calls.calls, "mutating_calls": calls.mutating_calls}

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes snapshots of what is about to be deleted, and reads them back; documented in the module of the same name."""

from __future__ import annotations

import datetime
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws import session as aws
from ansible_collections.llmops.platform.plugins.module_utils._stacks import identity
from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import Calls
from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.keeping import Who
from ansible_collections.llmops.platform.plugins.module_utils._teardown.guarding import guarded
from ansible_collections.llmops.platform.plugins.module_utils._teardown.snapshots import Taker
from ansible_collections.llmops.platform.plugins.module_utils._teardown.snapshots import take_all
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction
from ansible_collections.llmops.platform.plugins.plugin_utils._lock import holder


class ActionModule(ApiAction):
    """A snapshot counts when it was read back."""

    errors = (aws.AwsError, StackError)
    farewell = 10.0

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        now = datetime.datetime.now(datetime.UTC)
        with self.task_environment():
            session = aws.new_session()
            identity.ready(session)
            calls = Calls(session, arguments["parallel"])
            who = Who(holder.me(), lambda other: "pid" in other and holder.has_ended(other, holder.me()), holder.described)
            with guarded(calls, arguments, who, self.progress) as ours:
                taker = Taker(
                    ours, arguments["tags"], self.progress, arguments["fresh_hours"] * 3600, arguments["timeout_minutes"] * 60, arguments["poll_seconds"]
                )
                table = take_all(taker, arguments["resources"], now, self.check_mode, arguments["parallel"])
        plan = [
            {"action": "create", "what": f"snapshot of {row['source']} ({row['type']})", "fields": [], "note": "read back before anything goes"}
            for row in table
            if row["action"] == "taken"
        ]
        changed = any(row["action"] == "taken" for row in table)
        return {"changed": changed, "snapshots": table, "plan": plan, "calls": calls.calls, "mutating_calls": calls.mutating_calls}

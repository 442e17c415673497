# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what bears a deployment's tags and is in no stack; documented in the module of the same name."""

from __future__ import annotations

from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws import session as aws
from ansible_collections.llmops.platform.plugins.module_utils._stacks import identity
from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import Calls
from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError
from ansible_collections.llmops.platform.plugins.module_utils._teardown import finding
from ansible_collections.llmops.platform.plugins.module_utils._teardown import ownership
from ansible_collections.llmops.platform.plugins.module_utils._teardown import survey
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction


class ActionModule(ApiAction):
    """Read-only."""

    errors = (aws.AwsError, StackError)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        tags, clusters, regions = arguments["tags"], arguments["clusters"], arguments["regions"]
        if not tags and not clusters:
            raise aws.AwsError("tags and clusters are empty, so nothing says what belongs to the deployment; give the tags that its stacks have")
        with self.task_environment():
            session = aws.new_session()
            identity.ready(session)
            calls = Calls(session, arguments["parallel"])
            account = identity.check_account(calls, regions, {})
            living = survey.living(calls, regions, tags, ())
            parts = {(row["region"], row["id"]) for key, stack in living.items() for row in survey.resources(calls, key, stack)}
            things, missed = finding.all_of(calls, account, regions, arguments["kinds"], tags, arguments["parallel"])
            names = {tuple(key.split("/", 1)) for key in living}
            rows = ownership.orphans(things, tags, clusters, arguments["prefixes"], arguments["networks"], names, parts)
            rows = ownership.still_there(calls, rows)
        return {"changed": False, "orphans": rows, "not_looked": missed, "calls": calls.calls}

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what of a deployment is at AWS and what is to become of it; documented in the module of the same name."""

from __future__ import annotations

from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws import session as aws
from ansible_collections.llmops.platform.plugins.module_utils._stacks import identity
from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import Calls
from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError
from ansible_collections.llmops.platform.plugins.module_utils._teardown import planning
from ansible_collections.llmops.platform.plugins.module_utils._teardown.policy import Choices
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction


class ActionModule(ApiAction):
    """Read-only."""

    errors = (aws.AwsError, StackError)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        with self.task_environment():
            session = aws.new_session()
            identity.ready(session)
            calls = Calls(session, arguments["parallel"])
            account = identity.check_account(calls, arguments["regions"], {arguments["deployment"]: arguments["account"]})
            names = Choices(*(frozenset(arguments[option]) for option in ("keep", "delete", "without_snapshot")))
            found = planning.plan(
                calls, account, arguments["regions"], arguments["tags"], arguments["stacks"], arguments["state_stack"], names, arguments["parallel"]
            )
        return {"changed": False, "account": account, **found, "calls": calls.calls}

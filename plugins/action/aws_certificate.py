# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A certificate of ACM; documented in the module of the same name."""

from __future__ import annotations

from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws import session as aws
from ansible_collections.llmops.platform.plugins.module_utils._edge import certificate_task
from ansible_collections.llmops.platform.plugins.module_utils._edge import lookup
from ansible_collections.llmops.platform.plugins.module_utils._edge.certificates import Certificates
from ansible_collections.llmops.platform.plugins.module_utils._edge.errors import EdgeError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import Calls
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction


class ActionModule(ApiAction):
    """All thinking is in module_utils/_edge."""

    errors = (aws.AwsError, EdgeError)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        resolvers = arguments["resolvers"] or [*lookup.RESOLVERS, *lookup.own_resolvers()]
        with self.task_environment():
            acm = Certificates(Calls(aws.new_session()), arguments["region"], lambda name, kind: lookup.look_up(name, kind, resolvers))
            return certificate_task.run(arguments, acm, self.check_mode)

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of a zone; documented in the module of the same name."""

from __future__ import annotations

import os
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws import session as aws
from ansible_collections.llmops.platform.plugins.module_utils._edge import dns_task
from ansible_collections.llmops.platform.plugins.module_utils._edge.cloudflare import VARIABLE
from ansible_collections.llmops.platform.plugins.module_utils._edge.cloudflare import Client
from ansible_collections.llmops.platform.plugins.module_utils._edge.cloudflare_zone import CloudflareZone
from ansible_collections.llmops.platform.plugins.module_utils._edge.errors import EdgeError
from ansible_collections.llmops.platform.plugins.module_utils._edge.records import host_name
from ansible_collections.llmops.platform.plugins.module_utils._edge.route53 import Route53
from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import Calls
from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import version
from ansible_collections.llmops.platform.plugins.plugin_utils._action import UNKNOWN
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction


class ActionModule(ApiAction):
    """All thinking is in module_utils/_edge."""

    errors = (aws.AwsError, EdgeError)
    secrets = (("cloudflare_token",),)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        with self.task_environment():
            if self.check_mode and arguments["zone_id"] == UNKNOWN:
                result = dns_task.unread(arguments)
            else:
                result = dns_task.run(arguments, self._provider(arguments), self.check_mode)
        if not self.diff_wanted:
            del result["diff"]
        return result

    @staticmethod
    def _provider(arguments: dict[str, Any]) -> dns_task.Provider:
        zone = host_name(arguments["zone"], "zone")
        if arguments["provider"] == "route53":
            return Route53(Calls(aws.new_session()), zone, arguments["zone_id"])
        token = arguments["cloudflare_token"] or os.environ.get(VARIABLE, "")
        return CloudflareZone(Client(token, arguments["cloudflare_url"], version=version()), zone, arguments["zone_id"])

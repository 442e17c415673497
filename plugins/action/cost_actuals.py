# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads costs from Cost Explorer; documented in the module of the same name."""

from __future__ import annotations

import datetime
import os
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws import session as aws
from ansible_collections.llmops.platform.plugins.module_utils._cost.actuals import Question
from ansible_collections.llmops.platform.plugins.module_utils._cost.actuals import measure
from ansible_collections.llmops.platform.plugins.module_utils._cost.explorer import Explorer
from ansible_collections.llmops.platform.plugins.module_utils._cost.kept import Kept
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.period import moment
from ansible_collections.llmops.platform.plugins.module_utils._cost.period import period
from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import Calls
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction

# A fake's answers must never pass for AWS' own.
ENDPOINTS = ("AWS_ENDPOINT_URL_COST_EXPLORER", "AWS_ENDPOINT_URL")


class ActionModule(ApiAction):
    """Read-only, but each call costs money."""

    errors = (CostError, aws.AwsError)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        # Rounded down to a second: it is written into kept answers.
        now = moment(arguments["as_of"]) if arguments["as_of"] else datetime.datetime.now(datetime.UTC).replace(microsecond=0)
        question = Question(
            period=period(arguments["start"], arguments["end"], now),
            now=now,
            granularity=arguments["granularity"],
            metric=arguments["metric"],
            currency=arguments["currency"],
            chosen=arguments["filter"] or None,
            tag=arguments["tag"],
            value=arguments["tag_value"],
            narrow=arguments["narrow_tags"],
            expected=tuple(arguments["expected_services"]),
            usage=arguments["usage"],
        )
        if question.value and not question.tag:
            raise CostError("tag_value is set and tag is not; name the tag")
        kept = Kept(arguments["cache_directory"], arguments["cache_hours"], now)
        with self.task_environment():
            scope = {"account": arguments["account"], "endpoint": next((os.environ[name] for name in ENDPOINTS if os.environ.get(name)), "")}
            asked = Explorer(Calls(aws.new_session(), timeout=arguments["timeout"]), kept, scope, arguments["most_calls"])
            found = measure(asked, question)
        calls = found["calls"]
        self.progress(f"Cost Explorer: {calls['paid']} paid calls (${calls['usd']}), {calls['cached']} answers from disk")
        return {"changed": False, **found}

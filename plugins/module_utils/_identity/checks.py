# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What a statement of our own may not be: looked at before a template is rendered, for ours and the inventory's alike."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

# Who has these without a limit can give himself the rest.
POWERFUL = ("account", "iam", "organizations", "sts")
# Calls that tell, and change nothing.
READING = ("BatchGet", "Describe", "Get", "List", "Simulate")
# Calls that know no resource (Service Authorization Reference), and are none of reading.
UNSCOPED = ("cloudwatch:PutMetricData", "ecr:GetAuthorizationToken", "xray:PutTelemetryRecords", "xray:PutTraceSegments")


def listed(value: Any) -> list[Any]:
    """What IAM takes as one or as a list."""
    return [] if value is None else list(value) if isinstance(value, (list, tuple)) else [value]


def problems(statements: Iterable[Mapping[str, Any]]) -> list[str]:
    """What is wrong, a sentence each; empty where nothing is."""
    found = []
    for number, statement in enumerate(statements, 1):
        name = statement.get("Sid") or f"statement {number}"
        found += [f"{name}: {text}" for text in _of_one(statement)]
    return found


def _of_one(statement: Mapping[str, Any]) -> Iterable[str]:
    if statement.get("Effect") not in ("Allow", "Deny"):
        yield f"Effect is {statement.get('Effect')!r}; give Allow or Deny"
        return
    if statement["Effect"] == "Deny":
        return
    if "NotAction" in statement or "NotResource" in statement:
        yield "NotAction and NotResource allow what nobody has thought of; name actions and resources"
        return
    anywhere = any(resource in ("*", {"Fn::Sub": "*"}) for resource in listed(statement.get("Resource")))
    if not listed(statement.get("Resource")):
        yield "Resource is missing"
    if not listed(statement.get("Action")):
        yield "Action is missing"
    for action in map(str, listed(statement.get("Action"))):
        service, colon, call = action.partition(":")
        if action == "*" or not colon or not call or "*" in service:
            yield f"action {action!r} is not one of a service; give <service>:<action>"
        elif call.strip("*?") == "":
            yield f"action {action!r} is all of a service; name what is needed"
        elif anywhere and not statement.get("Condition") and not call.startswith(READING) and action not in UNSCOPED:
            yield f"action {action!r} on every resource; name resources or a condition"
        elif anywhere and service in POWERFUL and not call.startswith(READING):
            yield f"action {action!r} on every resource would let the role give itself the rest; name resources"

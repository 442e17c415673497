# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stack policies: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html"""

from __future__ import annotations

import fnmatch
import json
from typing import Any

from fake_cloudformation.errors import invalid

ACTIONS = ("Update:Modify", "Update:Replace", "Update:Delete", "Update:*")


def check(body: str) -> None:
    """Raises ApiError where it is no stack policy."""
    try:
        statements = json.loads(body)["Statement"]
    except (ValueError, KeyError, TypeError):
        raise invalid("Error validating stack policy: Invalid stack policy") from None
    for statement in statements:
        if statement.get("Effect") not in ("Allow", "Deny"):
            raise invalid(f"Error validating stack policy: Invalid effect {statement.get('Effect')}")
        if statement.get("Principal") != "*":
            raise invalid("Error validating stack policy: Invalid principal")
        for action in _list(statement.get("Action") or statement.get("NotAction")):
            if action not in ACTIONS:
                raise invalid(f"Error validating stack policy: Invalid action {action}")
        if "Resource" not in statement and "NotResource" not in statement:
            raise invalid("Error validating stack policy: Resource is missing")


def denied(body: str | None, action: str, logical_id: str, kind: str) -> str | None:
    """Why a policy does not let it be; what no statement allows is denied. None where it may be, or there is no policy."""
    if body is None:
        return None
    matching = [(number, one) for number, one in enumerate(json.loads(body)["Statement"], 1) if _matches(one, action, logical_id, kind)]
    denying = [number for number, statement in matching if statement["Effect"] == "Deny"]
    shown = f"does not allow [{action}] for resource [LogicalResourceId/{logical_id}];"
    if denying:
        return f"Action denied by stack policy: Statement [#{denying[0]}] {shown}"
    return None if matching else f"Action not allowed by stack policy: no statement allows [{action}] for resource [LogicalResourceId/{logical_id}];"


def _matches(statement: dict[str, Any], action: str, logical_id: str, kind: str) -> bool:
    name = f"LogicalResourceId/{logical_id}"
    actions = _any(action, statement["Action"]) if "Action" in statement else not _any(action, statement["NotAction"])
    resources = _any(name, statement["Resource"]) if "Resource" in statement else not _any(name, statement["NotResource"])
    conditions = statement.get("Condition") or {}
    return actions and resources and all(_any(kind, tests.get("ResourceType", [])) for tests in conditions.values())


def _any(value: str, patterns: Any) -> bool:
    return any(fnmatch.fnmatchcase(value, pattern) for pattern in _list(patterns))


def _list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]

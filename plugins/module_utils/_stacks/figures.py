# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Live figures of what operations move, read through CloudFormation itself when a stack is going to be updated anyhow."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks.context import Context
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Observed
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Stack
from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import CallError


def read_figures(context: Context, stack: Stack) -> dict[str, str]:
    """`{parameter: live figure}`; one that cannot be read is left out, then the stack's own parameter counts, which is said."""
    found: dict[str, str] = {}
    actual: dict[str, Any] = {}
    for name, parameter in sorted(stack.parameters.items()):
        if not isinstance(parameter, Observed):
            continue
        try:
            if parameter.resource not in actual:
                answer = context.calls(stack.region, "DetectStackResourceDrift", StackName=stack.name, LogicalResourceId=parameter.resource)
                actual[parameter.resource] = json.loads(answer["StackResourceDrift"].get("ActualProperties") or "{}")
            value = at(actual[parameter.resource], parameter.property)
        except (CallError, ValueError, KeyError) as error:
            context.say(f"{stack.name}: the live {parameter.resource}.{parameter.property} cannot be read, the last sent figure counts: {error}")
            continue
        if value is not None:
            found[name] = str(value)
    return found


def at(properties: Any, path: str) -> Any:
    """The value at a path with dots, positions of lists as numbers; None where there is none."""
    for part in path.split("."):
        if isinstance(properties, list) and part.isdigit() and int(part) < len(properties):
            properties = properties[int(part)]
        elif isinstance(properties, dict):
            properties = properties.get(part)
        else:
            return None
    return properties

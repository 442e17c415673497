# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The stacks of an import: only what is matched, each with its live properties, beside what the stack has already."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._adoption import comparing
from ansible_collections.llmops.platform.plugins.module_utils._adoption import kinds
from ansible_collections.llmops.platform.plugins.module_utils._adoption.values import Found
from ansible_collections.llmops.platform.plugins.module_utils._adoption.values import Values
from ansible_collections.llmops.platform.plugins.module_utils._adoption.values import references
from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.intrinsics import has_unknown
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Stack
from ansible_collections.llmops.platform.plugins.module_utils._stacks.templates import load

try:
    import yaml
except ImportError:
    yaml = None

# Statuses in which a stack has a template of its own; one in review, or given back whole, has none.
EMPTY = ("", "REVIEW_IN_PROGRESS")
MASKED = "****"


def resource(stack: Stack, name: str, found: Found, values: Values, names: Collection[str]) -> dict[str, Any]:
    """The resource in the template of the import: it stays in the account whatever becomes of the stack.

    References to resources of the same import (`names`) stand as they are declared where they come to what is live: an id in their place would look like
    another value to the update that follows, and like a replacement where it is create-only.
    """
    rendered = stack.template.resources[name]
    declared = values.properties(stack, name)
    made = {"Type": found.type, "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    if "UpdatePolicy" in rendered:
        made["UpdatePolicy"] = rendered["UpdatePolicy"]
    properties = comparing.imported(found.type, declared, found.properties)
    for key, value in (rendered.get("Properties") or {}).items():
        if key in properties and properties[key] == declared.get(key) and not references(value, stack).isdisjoint(names):
            expression = values.expression(stack, value, names)
            if not has_unknown(expression) and values.resolve(stack, expression) == properties[key]:
                properties[key] = expression
    return {**made, **({"Properties": properties} if properties else {})}


def identifiers(found: Found) -> dict[str, str]:
    """As ResourcesToImport has them."""
    names = kinds.identifier_of(found.type)
    return dict(zip(names, found.identifier.split("|") if len(names) > 1 else [found.identifier], strict=True))


def stack_of(given: Mapping[str, Any], stack: Stack, live: Mapping[str, Any] | None, resources: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The stack as `aws_stacks` takes it for the import. `given`: as its role rendered it. Raises StackError."""
    if live is None or live["status"] in EMPTY or not live.get("template"):
        body: dict[str, Any] = {key: stack.template.body[key] for key in ("AWSTemplateFormatVersion", "Description") if key in stack.template.body}
        body["Resources"] = dict(resources)
        parameters: dict[str, Any] = {}
    else:
        before = load(live["template"])
        body = {**before.body, "Resources": {**before.resources, **resources}}
        parameters = {name: {"value": value} for name, value in live["parameters"].items()}
        hidden = sorted(
            name for name, one in before.parameters.items() if live["parameters"].get(name) == MASKED and str(one.get("NoEcho", "")).lower() == "true"
        )
        if hidden:
            raise StackError(f"{stack.name} has parameters that nobody can read back ({', '.join(hidden)}); nothing can be imported into it")
    text = yaml.safe_dump(plain(body), sort_keys=True, width=160)
    return {**given, "template": text, "parameters": parameters, "needs": [], "operated": []}


def plain(value: Any) -> Any:
    """Without types that YAML would write as Python's own."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value if isinstance(value, int | float | bool) or value is None else str(value)

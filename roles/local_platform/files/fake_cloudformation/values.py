# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A template's values while an operation runs: resources and outputs, computed from what is there by then."""

from __future__ import annotations

from typing import Any

from fake_cloudformation.desired import scope_of
from fake_cloudformation.functions import NO_VALUE
from fake_cloudformation.functions import Scope
from fake_cloudformation.functions import attribute_of
from fake_cloudformation.functions import text_of
from fake_cloudformation.model import Desired
from fake_cloudformation.model import Resource
from fake_cloudformation.operation import Operation


class Values:
    def __init__(self, operation: Operation) -> None:
        self._operation = operation
        self._stack = operation.stack

    def scope(self, desired: Desired) -> Scope:
        return scope_of(self._operation.service.sources, self._operation.place, self._stack.name, self._stack.id, desired, self._reference)

    def _reference(self, name: str, attribute: str | None) -> Any:
        resource = self._stack.resources[name]
        if attribute is None:
            return resource.physical_id
        try:
            return attribute_of(resource.attributes, attribute)
        except KeyError:
            return resource.properties.get(attribute, "")

    def resource(self, scope: Scope, name: str, depends_on: set[str]) -> Resource:
        """A resource as it is to be. Raises ApiError where a value cannot be computed."""
        declared = scope.template.resources[name]
        properties = scope.value(declared.get("Properties") or {})
        rest = {key: scope.value(value) for key, value in declared.items() if key not in ("Type", "Properties")}
        return Resource(
            name,
            declared["Type"],
            properties=self._operation.type_of(declared["Type"]).coerced(properties),
            definition={key: value for key, value in rest.items() if value is not NO_VALUE},
            depends_on=depends_on,
        )

    def outputs(self, scope: Scope) -> dict[str, str]:
        declared = scope.template.section("Outputs")
        living = {name: output for name, output in declared.items() if output.get("Condition") is None or scope.condition(output["Condition"])}
        return {name: text_of(scope.value(output["Value"])) for name, output in living.items()}

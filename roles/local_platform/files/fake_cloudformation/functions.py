# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Intrinsic functions: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html"""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from fake_cloudformation.errors import invalid
from fake_cloudformation.template import PLACEHOLDER
from fake_cloudformation.template import Template

NO_VALUE = object()


@dataclass(frozen=True)
class Unknown:
    """A value that is known after the execution only; `causes` are (source, entity) as change sets name them."""

    causes: frozenset[tuple[str, str]]


def causes_of(value: Any) -> frozenset[tuple[str, str]]:
    """Why a value, or anything in it, is not known; empty where all is known."""
    if isinstance(value, Unknown):
        return value.causes
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return frozenset().union(*(causes_of(item) for item in inner))


def attribute_of(attributes: dict[str, Any], path: str) -> Any:
    """`Endpoint.Address` as a flat key or as a nested one; raises KeyError."""
    if path in attributes:
        return attributes[path]
    value: Any = attributes
    for part in path.split("."):
        if not isinstance(value, dict):
            raise KeyError(path)
        value = value[part]
    return value


@dataclass
class Scope:
    """Where a template's values are computed. `reference(name, attribute)` gives a resource's Ref (attribute None) or attribute."""

    template: Template
    parameters: dict[str, Any]
    pseudo: dict[str, Any]
    reference: Callable[[str, str | None], Any]
    zones: Callable[[str], list[str]]
    _conditions: dict[str, bool] = field(default_factory=dict)

    def condition(self, name: str) -> bool:
        if name not in self._conditions:
            declared = self.template.section("Conditions")
            if name not in declared:
                raise invalid(f"Template format error: Unresolved condition dependency {name} in the Conditions block of the template")
            self._conditions[name] = self._truth(declared[name])
        return self._conditions[name]

    def exists(self, name: str) -> bool:
        """Whether a declared resource's condition lets it be."""
        own = self.template.resources[name].get("Condition")
        return own is None or self.condition(own)

    def value(self, value: Any) -> Any:
        """A value with all functions computed; NO_VALUE where it is to be left out."""
        if isinstance(value, list):
            return [item for item in map(self.value, value) if item is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            name, argument = next(iter(value.items()))
            if name == "Ref":
                return self._ref(argument)
            if name.startswith("Fn::"):
                return self._call(name, argument)
        computed = {key: self.value(item) for key, item in value.items()}
        return {key: item for key, item in computed.items() if item is not NO_VALUE}

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        if name in self.pseudo:
            return self.pseudo[name]
        return self.parameters[name] if name in self.parameters else self.reference(name, None)

    def _call(self, name: str, argument: Any) -> Any:
        if name == "Fn::If":
            condition, positive, negative = self._arguments(name, argument, 3)
            return self.value(positive if self.condition(condition) else negative)
        if name in ("Fn::Equals", "Fn::Not", "Fn::And", "Fn::Or"):
            return self._truth({name: argument})
        if name == "Fn::GetAtt":
            resource, attribute = self._arguments(name, argument, 2)
            return self.reference(resource, self.value(attribute))
        if name == "Fn::Sub":
            return self._sub(argument)
        computed = self.value(argument)
        causes = causes_of(computed)
        # Select and Split of something unknown are unknown as a whole.
        if causes:
            return Unknown(causes)
        return _PLAIN[name](self, computed)

    def _sub(self, argument: Any) -> Any:
        text, own = argument if isinstance(argument, list) else (argument, {})
        own = {key: self.value(value) for key, value in own.items()}
        causes: set[tuple[str, str]] = set()

        def replaced(found: Any) -> str:
            name = found.group(1).strip()
            if name in own:
                value = own[name]
            elif "." in name:
                value = self.reference(*name.split(".", 1))
            else:
                value = self._ref(name)
            causes.update(causes_of(value))
            return text_of(value)

        result = PLACEHOLDER.sub(replaced, text).replace("${!", "${")
        return Unknown(frozenset(causes)) if causes else result

    def _truth(self, value: Any) -> bool:
        name, argument = next(iter(value.items()))
        if name == "Condition":
            return self.condition(argument)
        if name == "Fn::Equals":
            left, right = (self.value(item) for item in self._arguments(name, argument, 2))
            return text_of(left) == text_of(right)
        if name == "Fn::Not":
            return not self._truth(self._arguments(name, argument, 1)[0])
        if name in ("Fn::And", "Fn::Or"):
            found = [self._truth(item) for item in argument]
            return all(found) if name == "Fn::And" else any(found)
        raise invalid(f"Template error: every condition must be a boolean function, {name} is none")

    @staticmethod
    def _arguments(name: str, argument: Any, count: int) -> list[Any]:
        if not isinstance(argument, list) or len(argument) != count:
            raise invalid(f"Template error: {name} object requires a list argument with {count} element{'s' if count > 1 else ''}")
        return argument

    def _join(self, argument: Any) -> str:
        separator, items = self._arguments("Fn::Join", argument, 2)
        return text_of(separator).join(map(text_of, items))

    def _split(self, argument: Any) -> list[str]:
        separator, text = self._arguments("Fn::Split", argument, 2)
        return text_of(text).split(text_of(separator))

    def _select(self, argument: Any) -> Any:
        index, items = self._arguments("Fn::Select", argument, 2)
        if not str(index).isdigit() or int(index) >= len(items):
            raise invalid(f"Template error: Fn::Select cannot select nonexistent value at index {index}")
        return items[int(index)]

    def _find_in_map(self, argument: Any) -> Any:
        name, first, second = self._arguments("Fn::FindInMap", argument, 3)
        try:
            return self.template.section("Mappings")[name][str(first)][str(second)]
        except KeyError:
            raise invalid(f"Template error: Unable to get mapping for {name}::{first}::{second}") from None

    def _zones(self, argument: Any) -> list[str]:
        return self.zones(argument or self.pseudo["AWS::Region"])

    def _cidr(self, argument: Any) -> list[str]:
        block, count = argument[:2]
        network = ipaddress.ip_network(block)
        host_bits = int(argument[2]) if len(argument) > 2 else 8
        try:
            found = network.subnets(new_prefix=network.max_prefixlen - host_bits)
            return [str(subnet) for _unused, subnet in zip(range(int(count)), found, strict=False)]
        except ValueError as error:
            raise invalid(f"Template error: Fn::Cidr cannot make {count} ranges of {host_bits} bits out of {block}") from error

    def _base64(self, argument: Any) -> str:
        return base64.b64encode(text_of(argument).encode()).decode()


_PLAIN: dict[str, Callable[[Scope, Any], Any]] = {
    "Fn::Base64": Scope._base64,
    "Fn::Cidr": Scope._cidr,
    "Fn::FindInMap": Scope._find_in_map,
    "Fn::GetAZs": Scope._zones,
    "Fn::Join": Scope._join,
    "Fn::Select": Scope._select,
    "Fn::Split": Scope._split,
}


def text_of(value: Any) -> str:
    """A value as it stands in a text or an output."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(text_of, value)) if isinstance(value, list) else str(value)

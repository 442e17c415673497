# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What templates of a graph come to while only some of their resources exist: functions resolved over matched resources and other stacks' outputs."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._adoption import kinds
from ansible_collections.llmops.platform.plugins.module_utils._stacks import intrinsics
from ansible_collections.llmops.platform.plugins.module_utils._stacks.intrinsics import UNKNOWN
from ansible_collections.llmops.platform.plugins.module_utils._stacks.intrinsics import has_unknown
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Literal
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Observed
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Output
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Stack

VARIABLE = re.compile(r"\$\{(!?)([^}]*)\}")
GONE = object()


@dataclass
class Found:
    """A live resource. `identifier`: its parts joined by bars; `properties` as the Cloud Control API gives them, read-only ones included."""

    type: str
    identifier: str
    properties: Mapping[str, Any] = field(default_factory=dict)
    how: str = ""

    @property
    def id(self) -> str:
        """What Ref gives."""
        return kinds.physical_id(self.type, self.identifier)


class Values:
    """`outputs`: those of stacks that exist, by key. `found`: live resources by (stack key, logical id); more may come while this is in use."""

    def __init__(self, stacks: Mapping[str, Stack], outputs: Mapping[str, Mapping[str, str]], found: Mapping[tuple[str, str], Found]) -> None:
        self._stacks, self._outputs, self._found = stacks, outputs, found

    def parameters(self, stack: Stack, seen: frozenset[tuple[str, str]] = frozenset()) -> dict[str, str]:
        """By name; UNKNOWN where it is the output of what does not exist yet."""
        return {name: self._parameter(value, seen) for name, value in stack.parameters.items()}

    def _parameter(self, value: Literal | Output | Observed, seen: frozenset[tuple[str, str]]) -> str:
        if isinstance(value, Output):
            found = self.output(value.stack, value.output, seen)
            return ",".join(map(str, found)) if isinstance(found, list) and not has_unknown(found) else UNKNOWN if has_unknown(found) else str(found)
        return value.create if isinstance(value, Observed) else value.value

    def output(self, key: str, name: str, seen: frozenset[tuple[str, str]] = frozenset()) -> Any:
        """The output of a live stack, or what it will be as far as its resources are matched."""
        if name in self._outputs.get(key, {}):
            return self._outputs[key][name]
        stack = self._stacks.get(key)
        if stack is None or name not in stack.template.outputs or (key, name) in seen:
            return UNKNOWN
        return self.resolve(stack, stack.template.outputs[name].get("Value"), seen | {(key, name)})

    def condition(self, stack: Stack, name: str) -> bool | None:
        """Whether a condition of the template holds; None where that is not known yet."""
        return intrinsics.Resolver(stack.template, self.parameters(stack), stack.region).condition(name)

    def resolve(self, stack: Stack, value: Any, seen: frozenset[tuple[str, str]] = frozenset()) -> Any:
        """The value without functions, UNKNOWN where something is not known yet; None for AWS::NoValue."""
        found = _Resolving(self, stack, self.parameters(stack, seen)).value(value)
        return None if found is GONE else found

    def properties(self, stack: Stack, name: str) -> dict[str, Any]:
        """The declared properties of one resource."""
        return self.resolve(stack, stack.template.resources[name].get("Properties") or {}) or {}

    def expression(self, stack: Stack, value: Any, names: Collection[str]) -> Any:
        """The value with its references to the resources `names`, all else resolved. UNKNOWN where something is not known, or cannot be taken apart."""
        if isinstance(value, list):
            return [self.expression(stack, one, names) for one in value]
        if not isinstance(value, Mapping):
            return value
        if references(value, stack).isdisjoint(names):
            return self.resolve(stack, value)
        if len(value) != 1:
            return {key: self.expression(stack, one, names) for key, one in value.items()}
        ((name, argument),) = value.items()
        if name in ("Ref", "Fn::GetAtt"):
            return {name: argument}
        if name == "Fn::Sub":
            used = {one.group(2).strip().partition(".")[0] for one in VARIABLE.finditer(argument) if not one.group(1)} if isinstance(argument, str) else {""}
            return {name: argument} if all(one in names or one.startswith("AWS::") for one in used) else UNKNOWN
        if name == "Fn::If":
            truth = self.condition(stack, argument[0])
            return UNKNOWN if truth is None else self.expression(stack, argument[1] if truth else argument[2], names)
        return {name: self.expression(stack, argument, names)}

    def reference(self, stack: Stack, name: str, attribute: str) -> Any:
        """What Ref (no attribute) or Fn::GetAtt gives of a resource."""
        found = self._found.get((stack.key, name))
        if found is None:
            return UNKNOWN
        if not attribute:
            return found.id
        value: Any = found.properties
        for part in attribute.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        return UNKNOWN if value is None else value


class _Resolving:
    """One template with the values of its parameters."""

    def __init__(self, values: Values, stack: Stack, parameters: Mapping[str, str]) -> None:
        self._values, self._stack, self._parameters = values, stack, parameters
        self._resolver = intrinsics.Resolver(stack.template, parameters, stack.region)

    def value(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            if len(value) == 1:
                ((name, argument),) = value.items()
                if name == "Ref" or str(name).startswith("Fn::"):
                    return self._call(name, argument)
            inner = {key: self.value(one) for key, one in value.items()}
            return {key: one for key, one in inner.items() if one is not GONE}
        if isinstance(value, list):
            return [one for one in map(self.value, value) if one is not GONE]
        return value

    def _call(self, name: str, argument: Any) -> Any:
        if name == "Ref":
            return self._ref(argument)
        if name == "Fn::If":
            truth = self._resolver.condition(argument[0])
            return UNKNOWN if truth is None else self.value(argument[1] if truth else argument[2])
        if name == "Fn::GetAtt":
            resource, _dot, attribute = argument.partition(".") if isinstance(argument, str) else (argument[0], ".", argument[1])
            return self._values.reference(self._stack, resource, attribute)
        if name == "Fn::Sub":
            return self._sub(*(argument if isinstance(argument, list) else (argument, {})))
        if name == "Fn::FindInMap":
            found = self._resolver.value({name: argument})
            return UNKNOWN if isinstance(found, Mapping) and name in found else found
        inner = self.value(argument)
        work = WORK.get(name)
        return UNKNOWN if work is None or has_unknown(inner) else work(inner)

    def _ref(self, name: str) -> Any:
        partition = "aws-cn" if self._stack.region.startswith("cn-") else "aws-us-gov" if self._stack.region.startswith("us-gov-") else "aws"
        pseudo = {
            "AWS::AccountId": self._stack.account,
            "AWS::NoValue": GONE,
            "AWS::Partition": partition,
            "AWS::Region": self._stack.region,
            "AWS::StackName": self._stack.name,
            "AWS::URLSuffix": "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com",
        }
        if name in pseudo:
            return pseudo[name]
        if name in self._stack.template.parameters:
            found = self._resolver.value({"Ref": name})
            # NoEcho, or from the parameter store.
            return UNKNOWN if isinstance(found, Mapping) else found
        return self._values.reference(self._stack, name, "")

    def _sub(self, text: str, own: Mapping[str, Any]) -> Any:
        unknown = False

        def put(match: re.Match[str]) -> str:
            nonlocal unknown
            name = match.group(2).strip()
            if match.group(1):
                return "${" + name + "}"
            resource, _dot, attribute = name.partition(".")
            value = self.value(own[name]) if name in own else self._values.reference(self._stack, resource, attribute) if attribute else self._ref(name)
            unknown = unknown or has_unknown(value) or value is GONE
            return str(value)

        done = VARIABLE.sub(put, text)
        return UNKNOWN if unknown else done


def references(value: Any, stack: Stack) -> set[str]:
    """Logical ids of the template's resources that a value refers to."""
    if isinstance(value, list):
        return set().union(*(references(one, stack) for one in value))
    if not isinstance(value, Mapping):
        return set()
    found = set().union(*(references(one, stack) for one in value.values()))
    if len(value) == 1:
        ((name, argument),) = value.items()
        if name == "Ref":
            found.add(argument)
        elif name == "Fn::GetAtt":
            found.add(argument.partition(".")[0] if isinstance(argument, str) else argument[0])
        elif name == "Fn::Sub":
            text = argument if isinstance(argument, str) else argument[0]
            found |= {one.group(2).strip().partition(".")[0] for one in VARIABLE.finditer(text) if not one.group(1)}
    return {one for one in found if isinstance(one, str) and one in stack.template.resources}


def _cidr(argument: list[Any]) -> list[str]:
    block = ipaddress.ip_network(argument[0])
    longest = block.max_prefixlen
    networks = block.subnets(new_prefix=longest - int(argument[2] if len(argument) > 2 else 8))
    return [str(network) for network, _number in zip(networks, range(int(argument[1])), strict=False)]


# Functions of values that are all known.
WORK = {
    "Fn::Join": lambda argument: argument[0].join(map(str, argument[1])),
    "Fn::Select": lambda argument: argument[1][int(argument[0])] if int(argument[0]) < len(argument[1]) else UNKNOWN,
    "Fn::Split": lambda argument: str(argument[1]).split(argument[0]),
    "Fn::Cidr": _cidr,
}

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Intrinsic functions, resolved as far as parameters allow: what only the service knows stays as it is written."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks.templates import Template

# The value of a parameter whose stack is not there yet; the words of every plan of this collection.
UNKNOWN = "(known after apply)"
_GONE = object()
VARIABLE = re.compile(r"\$\{(!?)([^}]*)\}")
FUNCTIONS = ("Ref", "Condition")


def has_unknown(value: Any) -> bool:
    """Whether a value that is not known yet is in it."""
    if isinstance(value, str):
        return UNKNOWN in value
    if isinstance(value, Mapping):
        return any(map(has_unknown, value.values()))
    return isinstance(value, list) and any(map(has_unknown, value))


def _function(value: Any) -> tuple[str, Any] | None:
    if isinstance(value, Mapping) and len(value) == 1:
        ((name, argument),) = value.items()
        if name in FUNCTIONS or str(name).startswith("Fn::"):
            return name, argument
    return None


class Resolver:
    """One template with the values of its parameters (`{name: text or UNKNOWN}`; a missing one counts by its Default)."""

    def __init__(self, template: Template, values: Mapping[str, str], region: str = "", stack: str = "") -> None:
        self._template, self._values = template, values
        self._pseudo = {name: value for name, value in (("AWS::Region", region), ("AWS::StackName", stack)) if value}
        self._conditions: dict[str, bool | None] = {}

    def _parameter(self, name: str) -> Any:
        declared = self._template.parameters[name]
        kind = str(declared.get("Type", "String"))
        value = self._values.get(name, declared.get("Default", UNKNOWN))
        # The template holds only the address of the value, or the service hides it.
        if kind.startswith("AWS::SSM::Parameter::Value") or str(declared.get("NoEcho", "")).lower() == "true":
            return {"Ref": name}
        text = _text(value)
        if UNKNOWN in text:
            return UNKNOWN
        return [part.strip() for part in text.split(",")] if kind == "CommaDelimitedList" or kind.startswith("List<") else text

    def _ref(self, name: Any) -> Any:
        if name == "AWS::NoValue":
            return _GONE
        if isinstance(name, str) and name in self._pseudo:
            return self._pseudo[name]
        if isinstance(name, str) and name in self._template.parameters:
            return self._parameter(name)
        return {"Ref": name}

    def condition(self, name: Any) -> bool | None:
        """Whether the condition holds; None where it hangs on what is not known."""
        if name not in self._conditions:
            # A condition that names itself ends here.
            self._conditions[name] = None
            section = self._template.body.get("Conditions")
            found = self._truth(section.get(name) if isinstance(section, Mapping) else None)
            self._conditions[name] = found
        return self._conditions[name]

    def _truth(self, value: Any) -> bool | None:
        function = _function(value)
        if function is None:
            return value if isinstance(value, bool) else {"true": True, "false": False}.get(str(value).lower())
        name, argument = function
        if name == "Condition":
            return self.condition(argument)
        several = argument if isinstance(argument, list) else [argument]
        if name == "Fn::Equals" and len(several) == 2:
            left, right = map(self.value, several)
            return None if any(has_unknown(side) or _open(side) for side in (left, right)) else same(left, right)
        truths = [self._truth(one) for one in several]
        if name == "Fn::Not" and len(truths) == 1:
            return None if truths[0] is None else not truths[0]
        if name in ("Fn::And", "Fn::Or"):
            ends = name == "Fn::Or"
            return ends if ends in truths else None if None in truths else not ends
        return None

    def value(self, value: Any) -> Any:
        """The value with all that is known put in; UNKNOWN where an unknown parameter decides it."""
        found = self._value(value)
        return None if found is _GONE else found

    def _value(self, value: Any) -> Any:
        function = _function(value)
        if function is not None:
            return self._call(*function)
        if isinstance(value, Mapping):
            inner = {key: self._value(one) for key, one in value.items()}
            return {key: one for key, one in inner.items() if one is not _GONE}
        if isinstance(value, list):
            return [one for one in map(self._value, value) if one is not _GONE]
        return value

    def _call(self, name: str, argument: Any) -> Any:
        if name == "Ref":
            return self._ref(argument)
        if name == "Fn::If" and isinstance(argument, list) and len(argument) == 3:
            truth = self.condition(argument[0])
            return UNKNOWN if truth is None else self._value(argument[1] if truth else argument[2])
        if name == "Fn::Sub":
            return self._sub(argument)
        if name in ("Fn::GetAtt", "Condition"):
            return {name: argument}
        inner = self._value(argument)
        method = {"Fn::Join": _join, "Fn::Split": _split, "Fn::Select": _select}.get(name)
        if name == "Fn::FindInMap":
            return self._find(inner)
        if method is not None and isinstance(inner, list) and len(inner) == 2:
            return UNKNOWN if any(one == UNKNOWN for one in inner) else method(inner)
        return {name: inner}

    def _find(self, path: Any) -> Any:
        found: Any = self._template.body.get("Mappings")
        if has_unknown(path):
            return UNKNOWN
        for key in path if isinstance(path, list) and len(path) == 3 else [None]:
            found = found.get(key) if isinstance(found, Mapping) and isinstance(key, str) else None
        return {"Fn::FindInMap": path} if found is None else found

    def _sub(self, argument: Any) -> Any:
        text, own = (argument[0], argument[1]) if isinstance(argument, list) and len(argument) == 2 else (argument, {})
        if not isinstance(text, str) or not isinstance(own, Mapping):
            return {"Fn::Sub": argument}
        known = {name: self._value(one) for name, one in own.items()}
        left = {}

        def put(match: re.Match[str]) -> str:
            name = match.group(2).strip()
            if match.group(1):
                return match.group()
            value = known[name] if name in known else self._ref(name)
            if isinstance(value, list | Mapping) or value is _GONE:
                left.update({name: value} if name in known else {})
                return match.group()
            return _text(value)

        done = VARIABLE.sub(put, text)
        if UNKNOWN in done:
            return UNKNOWN
        if any(not match.group(1) for match in VARIABLE.finditer(done)):
            return {"Fn::Sub": [done, left]} if left else {"Fn::Sub": done}
        return done.replace("${!", "${")


def _join(argument: list[Any]) -> Any:
    between, parts = argument
    if not isinstance(between, str) or not isinstance(parts, list) or any(isinstance(part, list | Mapping) for part in parts):
        return {"Fn::Join": argument}
    return UNKNOWN if has_unknown(parts) else between.join(map(_text, parts))


def _split(argument: list[Any]) -> Any:
    between, text = argument
    return text.split(between) if isinstance(between, str) and between and isinstance(text, str) else {"Fn::Split": argument}


def _select(argument: list[Any]) -> Any:
    place, parts = argument
    if not str(place).isdigit() or not isinstance(parts, list) or int(place) >= len(parts):
        return {"Fn::Select": argument}
    return parts[int(place)]


def _open(value: Any) -> bool:
    """Whether a function is left in the value."""
    if _function(value):
        return True
    return any(map(_open, value.values() if isinstance(value, Mapping) else value)) if isinstance(value, Mapping | list) else False


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def same(left: Any, right: Any) -> bool:
    """Equal to the service, for which 3 and "3", true and "true" are one."""
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return set(left) == set(right) and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, Mapping | list) or isinstance(right, Mapping | list) or (left is None) != (right is None):
        return False
    return _text(left) == _text(right)


def compact(value: Any) -> str:
    """The value in one line."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)

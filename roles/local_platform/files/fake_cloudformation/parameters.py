# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters: types, constraints, what is missing and what is unknown.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fake_cloudformation.errors import invalid

SSM = re.compile(r"AWS::SSM::Parameter::Value<(.+)>")
LISTS = re.compile(r"List<(.+)>|CommaDelimitedList")


@dataclass(frozen=True)
class Parameter:
    """`text` is what was given, `resolved` what an SSM parameter holds (None for the other types), `value` what Ref gives."""

    text: str
    value: Any
    secret: bool
    resolved: str | None = None

    @property
    def shown(self) -> str:
        return "****" if self.secret else self.text


def resolve(
    declared: dict[str, dict[str, Any]], given: list[dict[str, Any]], before: dict[str, Parameter] | None, stored: Callable[[str], str]
) -> dict[str, Parameter]:
    """All parameters of a template. `given` is the request's list, `before` those of the stack, `stored` reads an SSM parameter.

    Raises ApiError where one is unknown, missing or breaks its constraints.
    """
    asked = {item["ParameterKey"]: item for item in given}
    unknown = sorted(set(asked) - set(declared))
    if unknown:
        raise invalid(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    texts = {name: _text(name, declaration, asked.get(name), before) for name, declaration in declared.items()}
    missing = sorted(name for name, text in texts.items() if text is None)
    if missing:
        raise invalid(f"Parameters: [{', '.join(missing)}] must have values")
    return {name: _parameter(name, declaration, str(texts[name]), stored) for name, declaration in declared.items()}


def _text(name: str, declaration: dict[str, Any], item: dict[str, Any] | None, before: dict[str, Parameter] | None) -> str | None:
    if item and item.get("UsePreviousValue"):
        if before is None or name not in before:
            raise invalid(f"Invalid input for parameter key {name}. Cannot specify usePreviousValue as true for a parameter key not in the previous template")
        return before[name].text
    if item and "ParameterValue" in item:
        return item["ParameterValue"]
    default = declaration.get("Default")
    if default is None:
        return None
    return str(default).lower() if isinstance(default, bool) else str(default)


def _parameter(name: str, declaration: dict[str, Any], text: str, stored: Callable[[str], str]) -> Parameter:
    kind = declaration.get("Type", "")
    secret = str(declaration.get("NoEcho", "false")).lower() == "true"
    ssm = SSM.fullmatch(kind)
    resolved = stored(text) if ssm else None
    kind, content = (ssm[1], str(resolved)) if ssm else (kind, text)
    items = [item.strip() for item in content.split(",")] if LISTS.fullmatch(kind) else None
    if resolved is None:
        for item in items if items is not None else [text]:
            _check(name, declaration, kind, item)
    return Parameter(text, items if items is not None else content, secret, resolved)


def _check(name: str, declaration: dict[str, Any], kind: str, text: str) -> None:
    problem = _problem(name, declaration, kind, text)
    if problem:
        description = declaration.get("ConstraintDescription")
        raise invalid(f"Parameter {name} failed to satisfy constraint: {description}" if description else problem)


def _problem(name: str, declaration: dict[str, Any], kind: str, text: str) -> str | None:
    allowed = declaration.get("AllowedValues")
    if allowed is not None and text not in [str(item).lower() if isinstance(item, bool) else str(item) for item in allowed]:
        return f"Parameter '{name}' must be one of AllowedValues"
    if kind in ("Number", "List<Number>"):
        try:
            number = float(text)
        except ValueError:
            return f"Parameter '{name}' must be a number."
        if number < float(declaration.get("MinValue", "-inf")):
            return f"Parameter '{name}' must be a number not less than {declaration['MinValue']}"
        if number > float(declaration.get("MaxValue", "inf")):
            return f"Parameter '{name}' must be a number not greater than {declaration['MaxValue']}"
        return None
    if len(text) < int(declaration.get("MinLength", 0)):
        return f"Parameter '{name}' must contain at least {declaration['MinLength']} characters"
    if len(text) > int(declaration.get("MaxLength", len(text))):
        return f"Parameter '{name}' must contain at most {declaration['MaxLength']} characters"
    pattern = declaration.get("AllowedPattern")
    if pattern is not None and not re.fullmatch(pattern, text):
        return f"Parameter '{name}' must match pattern {pattern}"
    return None

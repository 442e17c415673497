# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudFormation's properties and a service's arguments: the same things, spelled and typed differently. Service models say how."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping
from typing import Any


class Whole(dict):
    """A live map of free keys: one more than declared is a difference."""


SIMPLE = {
    "boolean": lambda value: value if isinstance(value, bool) else str(value).lower() == "true",
    "integer": int,
    "long": int,
    "float": float,
    "double": float,
}

WORD = re.compile(r"\{(\w+)\}")


def fill(template: Any, scope: Mapping[str, Any]) -> Any:
    """Puts the scope's values into a template of strings, lists and maps; what has no value is left out."""
    if isinstance(template, str):
        if whole := WORD.fullmatch(template):
            return scope.get(whole[1])
        return WORD.sub(lambda word: str(scope.get(word[1], "")), template)
    if isinstance(template, dict):
        return {key: filled for key, item in template.items() if (filled := fill(item, scope)) is not None}
    if isinstance(template, list | tuple):
        return [filled for item in template if (filled := fill(item, scope)) is not None]
    return template


def arguments(shape: Any, value: Any) -> Any:
    """Gives `value` (properties) the form of botocore's `shape`: names whatever their case, types as declared; what the shape does not know is left out."""
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict):
        members = {name.lower(): name for name in shape.members}
        known = {members[key.lower()]: item for key, item in value.items() if key.lower() in members and item is not None}
        return {name: arguments(shape.members[name], item) for name, item in known.items()}
    if kind == "list":
        return [arguments(shape.member, item) for item in (value if isinstance(value, list | tuple) else [value])]
    if kind == "map" and isinstance(value, dict):
        return {str(key): arguments(shape.value, item) for key, item in value.items()}
    if kind == "string":
        return text(value)
    return SIMPLE[kind](value) if kind in SIMPLE else value


def text(value: Any) -> str:
    """What AWS takes as a string: a document as JSON, a boolean in lower case."""
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True)
    return str(value).lower() if isinstance(value, bool) else str(value)


def like(declared: Any, live: Any) -> Any:
    """Gives a live value the form of the declared one, so that the two are equal exactly where nothing has changed.

    Of a structure only what is declared counts, as all else are the service's defaults; a list keeps the declared order where it has the
    same members; a document given as JSON is compared as a whole.
    """
    if isinstance(declared, dict):
        return _like_structure(declared, live)
    if isinstance(declared, list):
        return _like_list(declared, live if isinstance(live, list | tuple) else [] if live is None else [live])
    if isinstance(live, datetime.datetime):
        return live.isoformat()
    if isinstance(live, dict | list):
        return declared if _parsed(declared) == live else live
    if isinstance(declared, str) and isinstance(live, str) and declared != live and declared[:1] in "{[":
        return declared if _parsed(declared) == _parsed(live) else live
    if text(declared).lower() == text(live).lower() and (isinstance(declared, bool | int | float) or isinstance(live, bool | int | float)):
        return declared
    if isinstance(live, int | float) and not isinstance(live, bool) and _number(declared) == live:
        return declared
    return live


def _like_structure(declared: dict[str, Any], live: Any) -> Any:
    if isinstance(live, Whole):
        return declared if {key: text(item) for key, item in declared.items()} == {key: text(item) for key, item in live.items()} else dict(live)
    if isinstance(live, str):
        document = _parsed(live)
        return declared if document == declared else document
    if not isinstance(live, dict):
        return live
    found = {str(key).lower(): item for key, item in live.items()}
    return {key: like(item, found[key.lower()]) for key, item in declared.items() if found.get(key.lower()) is not None}


def _like_list(declared: list[Any], live: list[Any] | tuple[Any, ...]) -> list[Any]:
    rest = list(live)
    settled: list[Any] = []
    for item in declared:
        twin = next((number for number, other in enumerate(rest) if like(item, other) == item), None)
        if twin is not None:
            rest.pop(twin)
            settled.append(item)
    return settled + [_plain(item) for item in rest]


def _plain(item: Any) -> Any:
    if isinstance(item, dict):
        return {key[:1].upper() + key[1:]: _plain(value) for key, value in item.items() if value is not None}
    return item.isoformat() if isinstance(item, datetime.datetime) else item


def _parsed(value: Any) -> Any:
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        return value


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None

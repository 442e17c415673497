# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Whether a changed property is an update, an update with restart or a replacement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks import replacement_schemas as schemas
from ansible_collections.llmops.platform.plugins.module_utils._stacks.replacement_table import ROWS
from ansible_collections.llmops.platform.plugins.module_utils._stacks.replacement_table import Change


@dataclass(frozen=True)
class Verdict:
    """`action`: update | restart | replace | unknown. `source`: where it is written. `remedy`: what to add where it is unknown."""

    action: str
    source: str
    remedy: str = ""


@cache
def _paths(table: str, type_name: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(path.split(".")) for path in getattr(schemas, table).get(type_name, "").split())


def _words(path: str) -> tuple[str, ...]:
    """The path without positions in lists: a list changes as a whole."""
    return tuple(word for word in path.split(".") if word != "*" and not word.isdigit())


def _touches(path: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether one of the paths is in the other."""
    other = tuple(word for word in other if word != "*")
    short = min(len(path), len(other))
    return path[:short] == other[:short]


def _at(properties: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = properties
    for word in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(word)
    return value


def verdict(type_name: str, path: str, before: Mapping[str, Any], after: Mapping[str, Any], update_policy: Mapping[str, Any] | None = None) -> Verdict:
    """What a change of the property at `path` (dots, list positions as `*` or numbers) does; `before` and `after` are the resource's properties.

    Tags never replace. A property above a create-only one replaces unless the create-only one itself is equal on both sides.
    """
    words = _words(path)
    if not words:
        return Verdict("unknown", "", f"the properties of {type_name} cannot be compared")
    for row in ROWS:
        of_row = tuple(row.property.split("."))
        if row.type != type_name or not _touches(words, of_row):
            continue
        old, new = _at(before, of_row), _at(after, of_row)
        if len(of_row) > len(words) and old == new:
            continue
        if row.when(Change(old, new, before, after, update_policy or {})):
            return Verdict(row.action, f"{row.source} ({row.property}: {row.condition})")
    for other in _paths("CREATE_ONLY", type_name):
        if _touches(words, other) and (len(other) <= len(words) or "*" in other or _at(before, other) != _at(after, other)):
            return Verdict("replace", f"resource schema (create-only {'.'.join(other)})")
    for other in _paths("CONDITIONAL", type_name):
        if _touches(words, other) and (len(other) <= len(words) or _at(before, other) != _at(after, other)):
            remedy = f"add a row ({type_name}, {'.'.join(other)}, condition, update or replace, source) to replacement_table.py"
            return Verdict("unknown", "resource schema (conditional)", remedy)
    if (words[0],) in _paths("PROPERTIES", type_name):
        return Verdict("update", "resource schema")
    if type_name not in schemas.PROPERTIES:
        return Verdict("unknown", "", f"add {type_name} to NAMES in tests/support/stack_schemas.py and run it")
    return Verdict("unknown", "", f"{type_name} has no property {words[0]} in its schema; correct the template, or run tests/support/stack_schemas.py")

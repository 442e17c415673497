# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Templates of an inventory: which of them can be judged before a run, and which failure is the cause of the others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

# A lookup may talk to the world: its value is known to the run only.
LOOKUP = re.compile(r"\b(lookup|query|q)\s*\(")
NAME = re.compile(r"[A-Za-z_]\w*")
UNDEFINED = re.compile(r"'(\w+)' is undefined")


def texts(value: Any) -> Iterable[str]:
    """All texts in a value that may be templates."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str) and "{" in value:
        yield value


def names_in(template: str) -> set[str]:
    """Every name that a template may use."""
    return set(NAME.findall(template))


def with_lookups(variables: Mapping[str, Any]) -> set[str]:
    """Variables that depend on a lookup, directly or through others."""
    templates = {name: list(texts(value)) for name, value in variables.items()}
    uses = {name: set().union(*map(names_in, found)) for name, found in templates.items() if found}
    return _depending({name for name, found in templates.items() if any(map(LOOKUP.search, found))}, uses)


def causes(failures: Mapping[tuple[str, ...], str]) -> set[tuple[str, ...]]:
    """Of failed templates by path those that do not fail because another one does."""
    uses = {path: names_in(template) for path, template in failures.items()}
    failed = {path[0] for path in failures}
    roots = {path for path in failures if not (uses[path] & failed - {path[0]})}
    by_name: dict[str, set[str]] = {}
    for path in failures:
        by_name.setdefault(path[0], set()).update(uses[path])
    explained = _depending({path[0] for path in roots}, by_name)
    # What depends on no cause is in a circle of its own.
    return roots | {path for path in failures if path[0] not in explained}


def _depending(start: set[str], uses: Mapping[str, set[str]]) -> set[str]:
    found, grown = set(start), True
    while grown:
        more = {name for name, used in uses.items() if name not in found and used & found}
        found |= more
        grown = bool(more)
    return found

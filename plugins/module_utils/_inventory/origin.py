# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Where each leaf of a layered variable comes from."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

LAYERS = ("", "_environment", "_deployment")
SECRET = re.compile(r"password|secret|token|private_key|credential", re.IGNORECASE)


class UnknownVariable(Exception):
    """The variable, or the path in it, does not exist; the text suggests what was meant."""


def leaves(value: Any, key: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """`(path, value, key)` of every leaf; an empty map is a leaf, a list is one as a whole."""
    if isinstance(value, Mapping) and value:
        for name, item in value.items():
            yield from leaves(item, name, (*path, str(name)))
    else:
        yield path, value, key


def explain(name: str, variables: Mapping[str, Any], origin: Callable[[Any], tuple[str, int] | None]) -> list[dict[str, Any]]:
    """Rows `{path, value, file, line, layer}` of a variable's final leaves, the layers merged as RFC 7396 says.

    `name` may go on into the variable by dots. `origin(value)` gives file and line of a value or None. Raises UnknownVariable.
    """
    variable, _dot, inner = name.partition(".")
    known = [key for key in variables if not key.startswith(("ansible_", "__"))]
    if not any(variable + layer in variables for layer in LAYERS):
        raise UnknownVariable(f"there is no variable {variable}{_meant(variable, known)}")
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for layer in LAYERS:
        if variable + layer in variables:
            _lay(found, variable, layer, variables[variable + layer], origin)
    rows = [row for path, row in found.items() if not inner or (".".join(path) + ".").startswith(inner + ".")]
    if not rows:
        raise UnknownVariable(f"{variable} has nothing at {inner}{_meant(inner, ['.'.join(path) for path in found])}")
    return rows


def _lay(found: dict, variable: str, layer: str, value: Any, origin: Callable[[Any], tuple[str, int] | None]) -> None:
    whole = origin(value)
    for path, leaf, key in leaves(value, variable):
        # A new leaf replaces what stood at its place, below it, or above it as a leaf.
        if path or not isinstance(leaf, Mapping):
            for other in [o for o in found if o[: len(path)] == path or o == path[: len(o)]]:
                del found[other]
        if leaf is None and layer:
            continue
        file, line = origin(leaf) or origin(key) or whole or ("", 0)
        found[path] = {"path": ".".join((variable, *path)), "value": masked(path, leaf), "file": file, "line": line, "layer": variable + layer}


def masked(path: tuple[str, ...], value: Any) -> Any:
    """The value, or its digest where a name on the path says that it is secret."""
    if isinstance(value, str) and any(SECRET.search(part) for part in path):
        return "sha256:" + hashlib.sha256(value.encode()).hexdigest()[:8]
    return value


def _meant(wanted: str, known: list[str]) -> str:
    close = difflib.get_close_matches(wanted, known, n=1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else ""

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""One value against the option that describes it. An option has the keys of an argument spec, and these of ours:

`values` is the shape of each value of a free-keyed map, or of each element of a list; `minimum`, `maximum` and `format` say more about a scalar.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._inventory.formats import FORMATS

# Stands for a value that only the real run will know.
OPAQUE = object()
# Type, what it is called, what to do.
TYPES: dict[str, tuple[tuple[type, ...], str, str]] = {
    "str": ((str,), "text", "put it in quotes"),
    "path": ((str,), "a path", "put it in quotes"),
    "int": ((int,), "a whole number", "write it without quotes and without a fraction"),
    "float": ((int, float), "a number", "write it without quotes"),
    "bool": ((bool,), "true or false", "write true or false without quotes"),
    "dict": ((Mapping,), "a map", "write keys below it"),
    "list": ((list, tuple), "a list", "write it as [a, b]"),
}
# An error message is read by people: a longer list of keys helps nobody.
KEYS_SHOWN = 12


@dataclass(frozen=True)
class Finding:
    """What is wrong at a path: `problem` goes on after the value, `remedy` says what to do. `final`: with all layers merged."""

    path: tuple[str, ...]
    value: Any
    problem: str
    remedy: str
    final: bool = False


def check(value: Any, option: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Finding]:
    """Everything that is wrong with a value as it is written; what is missing in it is `missing`'s business.

    Below the first level null means that a map laid under this one loses the key.
    """
    if value is OPAQUE or (value is None and len(path) > 1):
        return
    if value is None:
        yield Finding(path, value, "is empty", "give it a value or remove the line")
        return
    kind = kind_of(option)
    if kind in TYPES and not _is(value, kind):
        _types, called, remedy = TYPES[kind]
        # Quotes do not make text out of a map.
        if kind in ("str", "path") and isinstance(value, (Mapping, list, tuple)):
            remedy = "write one value"
        yield Finding(path, value, f"is {_called(value)}, not {called}", remedy)
    elif isinstance(value, Mapping):
        yield from _map(value, option, path)
    elif isinstance(value, (list, tuple)):
        element = {"type": option.get("elements", "raw"), **({"choices": option["choices"]} if "choices" in option else {})}
        element = option.get("values") or {**element, **({"options": option["options"]} if "options" in option else {})}
        for number, item in enumerate(value):
            yield from check(item, element, (*path, str(number)))
    else:
        yield from _scalar(value, option, path)


def missing(value: Any, option: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Finding]:
    """The required keys that a final value, all layers merged, does not have."""
    if not isinstance(value, Mapping):
        return
    for key, inner in (option.get("options") or {}).items():
        if value.get(key) is None:
            if inner.get("required"):
                yield Finding((*path, key), None, "is missing", _described(inner), final=True)
        # An optional part that is empty is a part that is not wanted.
        elif value[key] != {} or inner.get("required"):
            yield from missing(value[key], inner, (*path, key))
    if "values" in option:
        for key in value.keys() - (option.get("options") or {}).keys():
            yield from missing(value[key], option["values"], (*path, str(key)))


def kind_of(option: Mapping[str, Any]) -> str:
    """The option's type; what has a shape is a map."""
    return option.get("type") or ("dict" if "options" in option or "values" in option else "raw")


def meant(wanted: str, known: Iterable[str]) -> str | None:
    """The nearest known name."""
    close = difflib.get_close_matches(wanted, list(known), n=1, cutoff=0.6)
    return close[0] if close else None


def _map(value: Mapping[Any, Any], option: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Finding]:
    options, free = option.get("options") or {}, option.get("values")
    for key, item in value.items():
        here = (*path, str(key))
        if not isinstance(key, str):
            yield Finding(here, item, f"has {key!r} as its key, which is {_called(key)}", "put the key in quotes")
        elif key in options:
            yield from check(item, options[key], here)
        elif free is not None:
            yield from check(item, free, here)
        elif options:
            yield Finding(here, item, "is an unknown key", _instead(key, options))


def _instead(key: str, known: Mapping[str, Any]) -> str:
    close = meant(key, known)
    if close:
        return f"did you mean {close}?"
    shown = sorted(known)[:KEYS_SHOWN]
    return f"known here: {', '.join(shown)}{' and more' if len(known) > len(shown) else ''}"


def _scalar(value: Any, option: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Finding]:
    choices, least, most = option.get("choices"), option.get("minimum"), option.get("maximum")
    if choices and value not in choices:
        close = meant(str(value), map(str, choices))
        yield Finding(path, value, f"is none of {', '.join(map(str, choices))}", f"did you mean {close}?" if close else "choose one of them")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if least is not None and value < least:
            yield Finding(path, value, f"is less than {least}", _range(least, most))
        if most is not None and value > most:
            yield Finding(path, value, f"is more than {most}", _range(least, most))
    # An empty text is how a default says "none".
    if "format" in option and value != "":
        remedy = FORMATS[option["format"]](value)
        if remedy:
            yield Finding(path, value, f"is no {option['format']}", remedy)


def _range(least: Any, most: Any) -> str:
    if None not in (least, most):
        return f"give a number from {least} to {most}"
    return f"give at least {least}" if most is None else f"give at most {most}"


def _is(value: Any, kind: str) -> bool:
    types = TYPES[kind][0]
    return isinstance(value, types) and (bool in types or not isinstance(value, bool))


def _called(value: Any) -> str:
    names = ((bool, "true or false"), (int, "a number"), (float, "a number with a fraction"), (str, "text"), (Mapping, "a map"), ((list, tuple), "a list"))
    return next((name for kind, name in names if isinstance(value, kind)), type(value).__name__)


def _described(option: Mapping[str, Any]) -> str:
    description = option.get("description") or ""
    text = " ".join(description) if isinstance(description, list) else str(description)
    return f"set it: {text.rstrip('.')}" if text else "set it"

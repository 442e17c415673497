# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""YAML and JSON of templates into plain maps, as CloudFormation reads them: no dates, no aliases, no merges, no key twice.

Built from parser events and not by recursion, so that no depth and no reference can hurt the process.
"""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError

try:
    import yaml
except ImportError:  # On a host that only has Python: nothing there reads templates.
    yaml = None

LARGEST = 1_000_000
DEEPEST = 60
STANDARD = "tag:yaml.org,2002:"
# Short forms of intrinsic functions; all but these two get `Fn::`.
PLAIN = ("Ref", "Condition")
FUNCTIONS = (
    *PLAIN, "And", "Base64", "Cidr", "Equals", "FindInMap", "ForEach", "GetAtt", "GetAZs", "If", "ImportValue", "Join", "Length", "Not", "Or", "Select",
    "Split", "Sub", "ToJsonString", "Transform",
)  # fmt: skip


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise StackError(f"the template has the key {key!r} twice; keep one of them")
        found[key] = value
    return found


def _json(text: str) -> Any:
    try:
        found = json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        raise StackError(f"the template is not JSON: {error}") from error
    except RecursionError as error:
        raise StackError(f"the template is nested deeper than {DEEPEST} levels") from error
    level = [found]
    for _depth in range(DEEPEST):
        level = [inner for one in level if isinstance(one, dict | list) for inner in (one.values() if isinstance(one, dict) else one)]
    if any(isinstance(one, dict | list) for one in level):
        raise StackError(f"the template is nested deeper than {DEEPEST} levels")
    return found


class _Builder:
    """Values out of parser events. `_open` holds one `[value, key or None, short form]` per collection that is not closed yet."""

    def __init__(self) -> None:
        self._resolver = yaml.resolver.Resolver()
        self._constructor = yaml.constructor.SafeConstructor()
        self._open: list[list[Any]] = []
        self.documents: list[Any] = []

    def _where(self, event: Any) -> str:
        return f"line {event.start_mark.line + 1}"

    def _short_form(self, event: Any) -> str:
        tag = event.tag or ""
        if not tag or tag == "!":
            return ""
        if tag.startswith(STANDARD) and tag[len(STANDARD) :] in ("str", "map", "seq", "int", "float", "bool", "null"):
            return ""
        if tag.startswith("!") and tag[1:] in FUNCTIONS:
            return tag[1:]
        raise StackError(f"the template has the tag {tag!r} in {self._where(event)}; only the short forms of intrinsic functions are known")

    def _scalar(self, event: Any, short: str) -> Any:
        if short:
            return event.value
        tag = event.tag if event.tag and event.tag != "!" else self._resolver.resolve(yaml.ScalarNode, event.value, event.implicit)
        kind = tag[len(STANDARD) :]
        if kind not in ("bool", "int", "float", "null"):
            return event.value
        try:
            return getattr(self._constructor, f"construct_yaml_{kind}")(yaml.ScalarNode(tag, event.value))
        except (ValueError, KeyError):
            raise StackError(f"the template has {event.value!r} in {self._where(event)}, which is not a YAML {kind}; quote it") from None

    def _put(self, value: Any, short: str, event: Any) -> None:
        if short:
            value = value.split(".", 1) if short == "GetAtt" and isinstance(value, str) else value
            value = {short if short in PLAIN else f"Fn::{short}": value}
        if not self._open:
            self.documents.append(value)
            return
        top = self._open[-1]
        if isinstance(top[0], list):
            top[0].append(value)
        elif top[1] is None:
            if not isinstance(value, str):
                value = self._key(value, event)
            if value in top[0]:
                raise StackError(f"the template has the key {value!r} twice ({self._where(event)}); keep one of them")
            if value == "<<":
                raise StackError(f"the template has a YAML merge in {self._where(event)}, which CloudFormation does not know; write the keys out")
            top[1] = value
        else:
            top[0][top[1]] = value
            top[1] = None

    def _key(self, value: Any, event: Any) -> str:
        # As keys, 2012 and true are the words of the text.
        if isinstance(value, dict | list) or not isinstance(event, yaml.ScalarEvent):
            raise StackError(f"the template has a key that is no word in {self._where(event)}")
        return event.value

    def take(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise StackError(f"the template has a YAML anchor or alias in {self._where(event)}, unknown to CloudFormation; write the value out")
        if isinstance(event, yaml.ScalarEvent):
            short = self._short_form(event)
            self._put(self._scalar(event, short), short, event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            if len(self._open) >= DEEPEST:
                raise StackError(f"the template is nested deeper than {DEEPEST} levels ({self._where(event)})")
            self._open.append([{} if isinstance(event, yaml.MappingStartEvent) else [], None, self._short_form(event)])
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            value, _key, short = self._open.pop()
            self._put(value, short, event)


def _yaml(text: str) -> Any:
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            builder.take(event)
    except yaml.YAMLError as error:
        raise StackError(f"the template is not YAML: {' '.join(str(error).split())}") from error
    if len(builder.documents) != 1:
        raise StackError(f"the template has {len(builder.documents)} YAML documents; it is one")
    return builder.documents[0]


def read(text: str) -> dict[str, Any]:
    """The body of a template as a map in long form, scalars as YAML 1.1 has them, dates as strings. Raises StackError."""
    if not isinstance(text, str) or not text.strip():
        raise StackError("the template is empty; give its text")
    if len(text) > LARGEST:
        raise StackError(f"the template has {len(text)} characters; nothing above {LARGEST} is read")
    body = _json(text) if text.lstrip().startswith("{") else _yaml(text)
    if not isinstance(body, dict):
        raise StackError(f"the template is a {type(body).__name__}; it is a map with Resources")
    return body

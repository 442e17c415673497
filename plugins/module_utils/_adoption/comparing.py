# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""A declared resource against the live one: the properties of its import, and what the update after it would change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._adoption import schemas
from ansible_collections.llmops.platform.plugins.module_utils._stacks import intrinsics
from ansible_collections.llmops.platform.plugins.module_utils._stacks import replacement
from ansible_collections.llmops.platform.plugins.module_utils._stacks import secrets
from ansible_collections.llmops.platform.plugins.module_utils._stacks import stateful
from ansible_collections.llmops.platform.plugins.module_utils._stacks.intrinsics import has_unknown

SYSTEM = "aws:"
KEYS = ("KmsKeyId", "TargetKeyId", "KMSKeyId", "KmsMasterKeyID", "KmsKey", "KeyArn", "EncryptionKeyArn")


@dataclass(frozen=True)
class Difference:
    """`action`: update | restart | replace | unknown, as `replacement.verdict` has it. The values are masked where they are secrets."""

    path: str
    live: Any
    declared: Any
    action: str

    @property
    def words(self) -> str:
        """For people."""
        return f"{self.path} is {_short(self.live)}, declared {_short(self.declared)}"


def _short(value: Any) -> str:
    if value is None:
        return "not set"
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)
    return text if len(text) <= 120 else f"{text[:117]}…"


def paths(table: Mapping[str, str], type_name: str) -> list[tuple[str, ...]]:
    """Property paths of a type, in parts; `*` stands for any member of a list."""
    return [tuple(path.split(".")) for path in table.get(type_name, "").split()]


def without(value: Any, path: tuple[str, ...]) -> Any:
    """The value without what stands at the path."""
    if not path:
        return None
    if path[0] == "*" and isinstance(value, list):
        return [without(one, path[1:]) for one in value]
    if isinstance(value, Mapping) and path[0] in value:
        rest = without(value[path[0]], path[1:]) if len(path) > 1 else None
        return {key: (rest if key == path[0] else one) for key, one in value.items() if key != path[0] or rest is not None}
    return value


def writable(type_name: str, live: Mapping[str, Any]) -> dict[str, Any]:
    """Live properties that a template may declare: no read-only ones, no tags of AWS's own."""
    found: Any = {key: value for key, value in live.items() if value is not None}
    for path in paths(schemas.READ_ONLY, type_name):
        found = without(found, path)
    for name, value in found.items():
        if isinstance(value, list) and value and all(isinstance(one, Mapping) and set(one) == {"Key", "Value"} for one in value):
            found[name] = [one for one in value if not str(one["Key"]).startswith(SYSTEM)]
        elif name.endswith("Tags") and isinstance(value, Mapping):
            found[name] = {key: one for key, one in value.items() if not str(key).startswith(SYSTEM)}
    return found


def hidden(type_name: str) -> set[str]:
    """First-level properties that no service gives back."""
    return {path[0] for path in paths(schemas.WRITE_ONLY, type_name) if len(path) == 1}


def imported(type_name: str, declared: Mapping[str, Any], live: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of the import: what is declared, with its live values, and what every template of the type must have.

    What is live and not declared is left out: the stack takes it as it is, and the update after the import does not touch it. What no service gives back stands
    as declared, or the update would add it, and a create-only one would replace; secrets are left to the update, which the plan shows.
    """
    own, unread = writable(type_name, live), hidden(type_name)
    found: dict[str, Any] = {}
    for name in dict.fromkeys([*declared, *schemas.REQUIRED.get(type_name, "").split()]):
        if name in own:
            found[name] = _narrowed(own[name], declared.get(name), name)
        elif name in unread and name in declared and _told(name, declared[name]):
            found[name] = declared[name]
    for path in paths(schemas.WRITE_ONLY, type_name):
        inner = declared.get(path[0])
        if len(path) == 2 and isinstance(inner, Mapping) and path[1] in inner and isinstance(found.get(path[0]), Mapping) and _told(path[1], inner[path[1]]):
            found[path[0]] = {**found[path[0]], path[1]: inner[path[1]]}
    return found


def _told(name: str, value: Any) -> bool:
    """Whether a declared value that nobody can read back may stand in the template of an import."""
    return name not in secrets.PROPERTIES and not has_unknown(value)


def _narrowed(live: Any, declared: Any, path: str) -> Any:
    """The live value with the declared keys only, and as declared where both mean the same."""
    if isinstance(live, Mapping) and isinstance(declared, Mapping) and declared and not has_unknown(list(declared)):
        return {key: _narrowed(live[key], one, f"{path}.{key}") for key, one in declared.items() if key in live}
    return declared if declared is not None and not has_unknown(declared) and equal(path, declared, live) else live


def differences(type_name: str, declared: Mapping[str, Any], live: Mapping[str, Any], update_policy: Mapping[str, Any] | None = None) -> list[Difference]:
    """What an update to the declared properties would change; what is not known yet, or never read, is not compared."""
    own = writable(type_name, live)
    unread = {".".join(path) for path in paths(schemas.WRITE_ONLY, type_name)}
    found = []
    for path, before, after in _leaves(own, declared, ""):
        if path in unread or path.partition(".")[0] in unread or has_unknown(after) or equal(path, after, before):
            continue
        verdict = replacement.verdict(type_name, path, own, declared, update_policy)
        action = verdict.action if verdict.action != "unknown" or stateful.is_stateful(type_name) else "update"
        found.append(Difference(path, secrets.shown(path, before), secrets.shown(path, after), action))
    return found


def _leaves(live: Any, declared: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    """(path, live, declared) of what is declared; maps in maps, a list is a leaf."""
    if isinstance(declared, Mapping) and (isinstance(live, Mapping) or not path):
        for key, value in declared.items():
            yield from _leaves((live or {}).get(key), value, f"{path}.{key}" if path else str(key))
    else:
        yield path, live, declared


def equal(path: str, declared: Any, live: Any) -> bool:
    """Whether both mean the same to the service."""
    if isinstance(declared, str) and isinstance(live, str):
        name = path.rpartition(".")[2]
        # A major version is met by each of its minor ones; a key by its id and its ARN.
        if name == "EngineVersion" and live.startswith(f"{declared}."):
            return True
        if name in KEYS and declared.rpartition("/")[2] == live.rpartition("/")[2]:
            return True
        if path == "Name" and declared.removesuffix(".") == live.removesuffix("."):
            return True
    declared, live = _parsed(declared), _parsed(live)
    if isinstance(declared, list) and isinstance(live, list):
        rest = list(live)
        for one in declared:
            twin = next((number for number, other in enumerate(rest) if equal("", one, other)), None)
            if twin is None:
                return False
            rest.pop(twin)
        return not rest
    if isinstance(declared, Mapping) and isinstance(live, Mapping):
        return set(declared) == set(live) and all(equal(key, declared[key], live[key]) for key in declared)
    # What is declared as off or empty is often not given back.
    return (live is None and declared in (False, [], {}, "")) or intrinsics.same(declared, live)


def _parsed(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in "{[":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value

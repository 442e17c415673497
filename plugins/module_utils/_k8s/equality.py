# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Proof that applying an object would change nothing, out of what our field manager owns and what is live.

The server records the fields we last applied in `metadata.managedFields` (fieldsV1). Nothing needs to be sent when that set
equals the fields we want now and every value is the live one. What cannot be proved is sent, and the server decides.
"""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s.quantities import is_quantity
from ansible_collections.llmops.platform.plugins.module_utils._k8s.quantities import quantity

MISSING = object()
# Set by name and place, or by the server; never part of a field set.
UNRECORDED = ("apiVersion", "kind")
UNRECORDED_METADATA = ("name", "namespace")
BOOKKEEPING = ("managedFields", "resourceVersion", "generation", "creationTimestamp", "uid")

# What the server fills in inside atomic values (owned as a whole, so no field set tells ours from its own there):
# (enclosing field, field): value. Leaving such a field out or removing it means the same.
FILLED_IN: dict[tuple[str, str], Any] = {
    ("fieldRef", "apiVersion"): "v1",
    ("resourceFieldRef", "divisor"): "0",
    ("serviceAccountToken", "expirationSeconds"): 3600,
    ("ports", "protocol"): "TCP",
    ("subjects", "apiGroup"): "rbac.authorization.k8s.io",
    ("roleRef", "apiGroup"): "rbac.authorization.k8s.io",
    ("rules", "scope"): "*",
    ("resourceRules", "scope"): "*",
    ("matchConstraints", "matchPolicy"): "Equivalent",
    ("matchConstraints", "namespaceSelector"): {},
    ("matchConstraints", "objectSelector"): {},
    ("matchResources", "matchPolicy"): "Equivalent",
    ("matchResources", "namespaceSelector"): {},
    ("matchResources", "objectSelector"): {},
    ("volumeClaimTemplates", "apiVersion"): "v1",
    ("volumeClaimTemplates", "kind"): "PersistentVolumeClaim",
    ("volumeClaimTemplates", "status"): {"phase": "Pending"},
    ("spec", "volumeMode"): "Filesystem",
}


def owned_fields(live: dict[str, Any], manager: str, api_version: str) -> dict[str, Any] | None:
    """The fieldsV1 tree `manager` last applied (empty if it owns nothing), None if that was in another version than `api_version`."""
    for entry in live["metadata"].get("managedFields") or []:
        if entry.get("manager") == manager and entry.get("operation") == "Apply" and not entry.get("subresource"):
            return entry.get("fieldsV1") if entry.get("apiVersion") == api_version else None
    return {}


def unproven(desired: dict[str, Any], live: dict[str, Any], manager: str, *, custom: bool = False, schema: dict[str, Any] | None = None) -> str | None:
    """None if applying `desired` would provably change nothing, else the first field where the proof fails.

    `custom`: values of custom resources are stored as sent, so no quantity is rewritten; `schema` is then their
    openAPIV3Schema, whose defaults the server fills in.
    """
    fields = owned_fields(live, manager, desired["apiVersion"])
    if fields is None:
        return "metadata.managedFields"
    wanted = {key: value for key, value in desired.items() if key not in UNRECORDED}
    metadata = {key: value for key, value in wanted.pop("metadata").items() if key not in UNRECORDED_METADATA}
    if metadata:
        wanted["metadata"] = metadata
    if not fields or not wanted:
        return "metadata.managedFields" if fields or wanted else None
    return _Proof(custom).fields(wanted, fields, live, (), schema)


class _Proof:
    """Walks desired value, field set, live value and (custom kinds) schema together. Methods return the field that fails, or None."""

    def __init__(self, custom: bool) -> None:
        self._custom = custom

    def fields(self, desired: Any, fields: dict[str, Any], live: Any, path: tuple[str, ...], schema: dict | None) -> str | None:
        children = [key for key in fields if key != "."]
        if not children or desired in ({}, []):
            if children:
                return _name(path)
            return None if self.same(desired, live, path, schema) else _name(path)
        if isinstance(desired, dict):
            return self._map(desired, fields, live, path, schema)
        if isinstance(desired, list) and isinstance(live, list):
            if children[0].startswith("k:"):
                return self._keyed(desired, fields, live, path, schema)
            if children[0].startswith("v:"):
                return _set(desired, children, live, path)
        return _name(path)

    def _map(self, desired: dict, fields: dict, live: Any, path: tuple[str, ...], schema: dict | None) -> str | None:
        owned = {key[2:] for key in fields if key != "."}
        if owned != desired.keys():
            return _name((*path, min(owned ^ desired.keys())))
        if not isinstance(live, dict):
            return _name(path)
        for key, value in desired.items():
            failed = self.fields(value, fields[f"f:{key}"], live.get(key, MISSING), (*path, key), _property(schema, key))
            if failed:
                return failed
        return None

    def _keyed(self, desired: list, fields: dict, live: list, path: tuple[str, ...], schema: dict | None) -> str | None:
        entries = [(json.loads(key[2:]), children) for key, children in fields.items() if key.startswith("k:")]
        if len(entries) != len(desired):
            return _name(path)
        last = -1
        for item in desired:
            entry = _entry_of(item, entries)
            position = -1 if entry is None else _position(live, entry[0])
            # The order of a list may carry meaning, e.g. variables that refer to earlier ones.
            if position <= last:
                return _name(path)
            last = position
            entries.remove(entry)
            failed = self.fields(item, entry[1], live[position], path, (schema or {}).get("items"))
            if failed:
                return failed
        return None

    def same(self, desired: Any, live: Any, path: tuple[str, ...], schema: dict | None) -> bool:
        """Whether a value owned as a whole is the live one, but for what the server fills in or leaves out."""
        if live is MISSING or live is None:
            return desired in ({}, [], "", None) or desired is False or (desired == 0 and not isinstance(desired, bool))
        if isinstance(desired, dict):
            if not isinstance(live, dict):
                return False
            return all(self.same(value, live.get(key, MISSING), (*path, key), _property(schema, key)) for key, value in desired.items()) and all(
                self._filled_in(key, live[key], path, schema) for key in live if key not in desired
            )
        if isinstance(desired, list):
            items = (schema or {}).get("items")
            return isinstance(live, list) and len(desired) == len(live) and all(self.same(a, b, path, items) for a, b in zip(desired, live, strict=True))
        if desired == live and isinstance(desired, bool) == isinstance(live, bool):
            return True
        if not self._custom and is_quantity(path):
            number = quantity(desired)
            return number is not None and number == quantity(live)
        return False

    def _filled_in(self, key: str, value: Any, path: tuple[str, ...], schema: dict | None) -> bool:
        if self._custom:
            default = (_property(schema, key) or {}).get("default", MISSING)
            return default is not MISSING and self.same(default, value, (*path, key), _property(schema, key))
        return bool(path) and FILLED_IN.get((path[-1], key), MISSING) == value


def _entry_of(item: Any, entries: list[tuple[dict, dict]]) -> tuple[dict, dict] | None:
    """The recorded list entry `item` stands for. A key left out was defaulted; whether it was left out before is in the field set."""
    if not isinstance(item, dict):
        return None
    exact = [entry for entry in entries if all(name in item and item[name] == value for name, value in entry[0].items())]
    loose = [entry for entry in entries if all(item.get(name, value) == value for name, value in entry[0].items())]
    # Only the entry whose key field was left out as well can be the item's own.
    loose.sort(key=lambda entry: sum(f"f:{name}" in entry[1] and name not in item for name in entry[0]))
    return (exact or loose or [None])[0]


def _position(live: list, key: dict[str, Any]) -> int:
    for position, item in enumerate(live):
        if isinstance(item, dict) and all(item.get(name) == value for name, value in key.items()):
            return position
    return -1


def _set(desired: list, children: list[str], live: list, path: tuple[str, ...]) -> str | None:
    owned = [json.loads(child[2:]) for child in children]
    if len(owned) == len(desired) and all(value in owned and value in live for value in desired):
        return None
    return _name(path)


def _property(schema: dict | None, key: str) -> dict | None:
    if not schema:
        return None
    found = (schema.get("properties") or {}).get(key)
    if found is None and isinstance(schema.get("additionalProperties"), dict):
        found = schema["additionalProperties"]
    return found


def _name(path: tuple[str, ...]) -> str:
    return ".".join(path) or "the whole object"


def content(live: dict[str, Any], *, has_status: bool) -> dict[str, Any]:
    """What a change is judged by: the object without the server's bookkeeping, and without status where that is a subresource."""
    kept = {key: value for key, value in live.items() if not (key == "status" and has_status)}
    kept["metadata"] = {key: value for key, value in live["metadata"].items() if key not in BOOKKEEPING}
    return kept

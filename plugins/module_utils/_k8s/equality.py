# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Proof, without asking the server, that applying a manifest again would change nothing.

A field that anybody else changes leaves our entry of `metadata.managedFields`
(https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management). So if the live object carries the
digest of exactly this manifest and our entry still covers every field of it, every value is the one we sent.
"""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s.objects import APPLIED


def provably_equal(desired: dict[str, Any], live: dict[str, Any] | None, manager: str) -> bool:
    """Whether `desired` (as `prepared`) needs not be sent.

    A manifest whose values are the same but whose proof is missing gives False: the server then decides.
    """
    if live is None:
        return False
    metadata = live.get("metadata", {})
    if metadata.get("deletionTimestamp"):
        return False
    if (metadata.get("annotations") or {}).get(APPLIED) != desired["metadata"]["annotations"][APPLIED]:
        return False
    for entry in metadata.get("managedFields") or []:
        if entry.get("manager") == manager and entry.get("operation") == "Apply" and not entry.get("subresource"):
            body = {key: value for key, value in desired.items() if key not in ("apiVersion", "kind")}
            body["metadata"] = {key: value for key, value in desired["metadata"].items() if key not in ("name", "namespace")}
            fields = entry.get("fieldsV1")
            return bool(fields) and entry.get("apiVersion") == desired["apiVersion"] and covered(body, fields)
    return False


def covered(value: Any, fields: dict[str, Any]) -> bool:
    """Whether `fields` (fieldsV1 of one node) names every leaf of `value`. An empty node owns all below it."""
    if not fields:
        return True
    if isinstance(value, dict):
        return all(f"f:{key}" in fields and covered(item, fields[f"f:{key}"]) for key, item in value.items())
    if isinstance(value, list):
        return _list_covered(value, fields)
    return True


def _list_covered(items: list[Any], fields: dict[str, Any]) -> bool:
    keyed = [(json.loads(name[2:]), below) for name, below in fields.items() if name.startswith("k:")]
    if keyed:
        return all(any(_same(key, item) and covered(item, below) for key, below in keyed) for item in items)
    # A set is owned value by value.
    owned = [json.loads(name[2:]) for name in fields if name.startswith("v:")]
    return all(item in owned for item in items)


def _same(key: dict[str, Any], item: Any) -> bool:
    """Whether a keyed list's item has this key; a key field that the item leaves out has the server's default."""
    return isinstance(item, dict) and all(name not in item or item[name] == wanted for name, wanted in key.items())

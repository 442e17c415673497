# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Which fields of an object a change touches, in one line each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s.equality import content

MISSING = object()
MOST, WIDTH = 8, 70
# Numbers and times that the server writes beside what was asked for.
INCIDENTAL = ("metadata.generation", "metadata.annotations.deployment.kubernetes.io/revision", "status")


def field_changes(before: dict[str, Any], after: dict[str, Any], *, has_status: bool) -> list[str]:
    """`spec.replicas: 2 → 3`, at most MOST of them. Of a Secret only the names of the fields."""
    secret = after.get("kind") == "Secret"
    found = []
    for path, old, new in _differences(content(before, has_status=has_status), content(after, has_status=has_status), ""):
        if not path.startswith(INCIDENTAL):
            found.append(path if secret and path.startswith(("data", "stringData")) else f"{path}: {_short(old)} → {_short(new)}")
    return found if len(found) <= MOST else [*found[:MOST], f"and {len(found) - MOST} more"]


def _differences(old: Any, new: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            yield from _differences(old.get(key, MISSING), new.get(key, MISSING), f"{path}.{key}" if path else key)
    elif isinstance(old, list) and isinstance(new, list) and _named(old) and _named(new):
        rows = ({item["name"]: item for item in side} for side in (old, new))
        was, now = rows
        for name in list(dict.fromkeys([*was, *now])):
            yield from _differences(was.get(name, MISSING), now.get(name, MISSING), f"{path}[{name}]")
    elif old != new:
        yield path, old, new


def _named(items: list) -> bool:
    return bool(items) and all(isinstance(item, dict) and isinstance(item.get("name"), str) for item in items)


def _short(value: Any) -> str:
    if value is MISSING:
        return "(none)"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    text = " ".join(text.split())
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"

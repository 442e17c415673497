# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What is taken from the server before anything is compared: fields left to other managers, and generated values of Secrets."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterable
from typing import Any

# On a Secret: names of the keys whose value nobody writes down; made once, then kept.
GENERATED = "llmops.platform/generated-keys"
LENGTH = 32


def leave_fields(body: dict[str, Any], live: dict[str, Any], managers: Iterable[str]) -> list[str]:
    """Take out of `body` what one of `managers` owns in `live`. Returns the paths taken out."""
    wanted = set(managers)
    taken: list[str] = []
    for entry in live["metadata"].get("managedFields") or []:
        if entry.get("manager") in wanted and entry.get("subresource") != "status":
            _leave(body, entry.get("fieldsV1") or {}, (), taken)
    return taken


def _leave(value: Any, fields: dict[str, Any], path: tuple[str, ...], taken: list[str]) -> None:
    for key, children in fields.items():
        deeper = [child for child in children if child != "."]
        if key.startswith("f:") and isinstance(value, dict) and key[2:] in value:
            name = key[2:]
            if deeper and isinstance(value[name], (dict, list)):
                _leave(value[name], children, (*path, name), taken)
            elif not deeper and path != ("metadata",):
                taken.append(".".join((*path, name)))
                del value[name]
        elif key.startswith("k:") and isinstance(value, list):
            place = json.loads(key[2:])
            for item in value:
                if isinstance(item, dict) and all(item.get(part) == wanted for part, wanted in place.items()):
                    # What names the item in its list stays, or it would be another item.
                    _leave(item, {part: sub for part, sub in children.items() if part[2:] not in place}, path, taken)


def generate(body: dict[str, Any], live: dict[str, Any] | None) -> None:
    """Fill in the generated keys of a Secret: the live value where there is one, else a new random one."""
    names = ((body["metadata"].get("annotations") or {}).get(GENERATED) or "").split(",")
    if body["kind"] != "Secret" or names == [""]:
        return
    existing = (live or {}).get("data") or {}
    body.setdefault("data", {})
    for name in names:
        if name not in body["data"]:
            body["data"][name] = existing.get(name) or base64.b64encode(secrets.token_urlsafe(LENGTH).encode()).decode()

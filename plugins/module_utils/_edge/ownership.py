# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Whose a record is: a TXT record beside it names its owner, so that nobody else's is ever changed or deleted.

`_llmops-a.api.example.com TXT "heritage=llmops.platform,owner=llm-marketplace/production,set=us-east-1"`: one value for each set of the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ansible_collections.llmops.platform.plugins.module_utils._edge.errors import EdgeError

HERITAGE = "llmops.platform"
PREFIX = "_llmops-"
TTL = 300
OWNER = re.compile(r"[a-z0-9][a-z0-9._/-]{0,62}")


def check_owner(owner: str) -> str:
    """The owner as it is. Raises EdgeError for one that cannot stand in a mark."""
    if not OWNER.fullmatch(owner):
        raise EdgeError(f"owner is {owner!r}; give up to 63 lower-case letters, digits and `._/-`, such as llm-marketplace/production")
    return owner


def mark_name(name: str, kind: str) -> str:
    """Where the mark of a record stands; a star is spelled out, as it means something in the middle of a name at some providers."""
    found = f"{PREFIX}{kind.lower()}.{name.replace('*', '_any')}"
    if len(found) > 253:
        raise EdgeError(f"record {kind} {name}: no room for its mark of ownership; shorten the name to {253 - len(PREFIX) - len(kind) - 1} characters")
    return found


def marked(name: str) -> tuple[str, str]:
    """Name and type of the record that a mark of this name is for."""
    kind, _dot, rest = name.removeprefix(PREFIX).partition(".")
    return rest.replace("_any", "*"), kind.upper()


def is_mark(name: str, kind: str) -> bool:
    return kind == "TXT" and name.startswith(PREFIX)


def mark_value(owner: str, identifier: str) -> str:
    return f"heritage={HERITAGE},owner={owner},set={identifier}"


def owners(values: Iterable[str]) -> dict[str, str]:
    """`{set identifier: owner}` of one mark's values; others are left out."""
    found = {}
    for value in values:
        parts = dict(part.partition("=")[::2] for part in value.split(","))
        if parts.get("heritage") == HERITAGE and "owner" in parts:
            found[parts.get("set", "")] = parts["owner"]
    return found


def comment(owner: str) -> str:
    """What Cloudflare keeps with each single record (100 characters at most)."""
    return f"{HERITAGE} owner={owner}"

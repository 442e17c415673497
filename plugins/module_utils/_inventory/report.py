# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Findings as people read them: one line each, the same finding of several hosts once, sorted, without secrets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._inventory.schema import OPAQUE

SECRET = re.compile(r"password|passwd|passphrase|pwd|secret|token|credential|(^|_|-)key(s|$|_|-)|apikey", re.IGNORECASE)
# The last part of a path that only says where a secret is, or how it is handled.
REFERENCE = re.compile(r"(^|_)(name|path|ref|store|property|namespace|version|provider|kind|days|interval)$")
LOGIN_IN_URL = re.compile(r"(?<=://)[^/\s@]+:[^/\s@]+(?=@)")
HIDDEN = "hidden"
LONGEST = 80
HOSTS_SHOWN = 3


def shown(path: tuple[str, ...], value: Any, hint: str = "") -> str:
    """A value for a message. `hint`: what else may say that it is secret, such as the key that was meant."""
    if value is None:
        return "null"
    if value is OPAQUE:
        return "unknown"
    if isinstance(value, Mapping):
        return "a map"
    if isinstance(value, (list, tuple)):
        return "a list"
    if (any(SECRET.search(part) for part in path) and not REFERENCE.search(path[-1])) or SECRET.search(hint):
        return HIDDEN
    text = LOGIN_IN_URL.sub(HIDDEN, repr(value) if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value))
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def merged(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows `{file, line, host, variable, value, problem, remedy}` with those of several hosts made one, sorted, each with its `message`."""
    together: dict[tuple, list[str]] = {}
    for row in rows:
        key = tuple(row[part] for part in ("file", "line", "variable", "problem", "remedy", "value"))
        hosts = together.setdefault(key, [])
        if row["host"] and row["host"] not in hosts:
            hosts.append(row["host"])
    found = []
    for (file, line, variable, problem, remedy, value), hosts in sorted(together.items()):
        row = {"file": file, "line": line, "hosts": sorted(hosts), "variable": variable, "value": value, "problem": problem, "remedy": remedy}
        found.append({**row, "message": _message(row)})
    return found


def summary(problems: list[dict[str, Any]]) -> str:
    """All messages, one a line."""
    count = len(problems)
    head = f"{count} problem{'s' if count != 1 else ''} in the inventory; nothing was touched."
    return "\n".join([head, *(problem["message"] for problem in problems)])


def _message(row: Mapping[str, Any]) -> str:
    place = f"{row['file']}:{row['line']}" if row["line"] else row["file"]
    # Some problems tell the value themselves.
    told = row["value"] == "null" or row["problem"].startswith(f"is {row['value']}")
    value = "" if told else f" ({row['value']})"
    hosts = row["hosts"]
    where = f" [{', '.join(hosts[:HOSTS_SHOWN])}{f' and {len(hosts) - HOSTS_SHOWN} more' if len(hosts) > HOSTS_SHOWN else ''}]" if hosts else ""
    return f"{place}: {row['variable']}{value} {row['problem']}; {row['remedy']}{where}"

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Logical ids of what is in the templates."""

from __future__ import annotations

import re

NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")


def identity(name: str, kind: str, variable: str, taken: dict[str, str]) -> str:
    """`ApiBackendLogGroup` of `api-backend`. `taken` (`{id: name}`) is added to. Raises ValueError for a name that is none and for two with one id."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ValueError(f"{variable}.{name}: a name has lower-case letters and digits with single '-' or '_' between them; rename it")
    found = "".join(part.capitalize() for part in re.split(r"[-_]", name)) + kind
    if found in taken:
        raise ValueError(f"{variable}: {taken[found]!r} and {name!r} would both be called {found} in the template; rename one")
    taken[found] = name
    return found

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Kubernetes quantities: "1000m" is "1", "1024Mi" is "1Gi"."""

from __future__ import annotations

import re
from decimal import Decimal

SUFFIXES = {
    "": Decimal(1),
    **{suffix: Decimal(1000) ** power for suffix, power in zip("numkMGTPE", (-3, -2, -1, 1, 2, 3, 4, 5, 6), strict=True)},
    **{f"{suffix}i": Decimal(1024) ** power for power, suffix in enumerate("KMGTPE", start=1)},
}
PATTERN = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$")

# The API server rewrites these into their shortest form. Elsewhere "1" and "1.0" are two different strings.
MAPS = frozenset({"requests", "limits", "hard", "capacity", "allocatable", "default", "defaultRequest", "min", "max", "maxLimitRequestRatio", "podFixed"})
LEAVES = frozenset({"sizeLimit", "averageValue", "divisor"})


def quantity(value: object) -> Decimal | None:
    """The number a quantity stands for, None if it is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    match = PATTERN.match(str(value).strip())
    if not match:
        return None
    number, exponent, suffix = match.groups()
    return Decimal(number) * (Decimal(10) ** int(exponent) if exponent else SUFFIXES[suffix or ""])


def is_quantity(path: tuple[str, ...]) -> bool:
    """Whether the field at this path (names of maps, list positions left out) of a built-in kind holds a quantity."""
    if len(path) < 2 or path[0] in ("metadata", "data"):
        return False
    return path[-2] in MAPS or path[-1] in LEAVES or path[-2:] == ("target", "value")

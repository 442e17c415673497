# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Durations as inventories write them."""

from __future__ import annotations

import re

DURATION = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")


def seconds(text: str, where: str) -> int:
    """Seconds of `5m`, `1h30m`, `90s`. `where` names the variable in the ValueError for anything else."""
    match = DURATION.fullmatch(text) if isinstance(text, str) and text else None
    total = sum(int(number or 0) * unit for number, unit in zip(match.groups(), (86400, 3600, 60, 1), strict=True)) if match else 0
    if total < 1:
        raise ValueError(f"{where} is {text!r}; give a duration such as 5m or 1h30m")
    return total

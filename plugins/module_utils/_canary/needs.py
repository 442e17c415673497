# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""How many requests a verdict needs, as a table for people."""

from __future__ import annotations

from ansible_collections.llmops.platform.plugins.module_utils._canary.sequential import requests_needed

RATES = (0.0001, 0.001, 0.01, 0.05)
RATIOS = (1.0, 1.5, 2.0, 4.0, 10.0)
SHARES = (0.1, 0.5)


def cell(ratio: float, rate: float, share: float) -> str:
    """`promote 1,234`, `roll back 1,234`, or `neither`: which verdict expected counts lead to, the earlier of two."""
    found = {name: count for name, count in requests_needed(ratio, rate, share).items() if count is not None}
    if not found:
        return "neither"
    first = min(found, key=lambda name: found[name])
    return f"{first.replace('_', ' ')} {found[first]:,}"


def table() -> list[str]:
    """Lines of an RST list-table: rows by share and by the canary's ratio to stable, columns by stable's rate of events."""
    lines = [".. list-table::", "    :header-rows: 1", "", "    * - share, ratio"]
    lines += [f"      - {rate * 100:g} %" for rate in RATES]
    for share in SHARES:
        for ratio in RATIOS:
            lines.append(f"    * - {share * 100:g} %, {ratio:g}")
            lines += [f"      - {cell(ratio, rate, share)}" for rate in RATES]
    return lines

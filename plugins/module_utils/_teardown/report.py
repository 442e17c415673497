# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What a teardown leaves, as tables for people."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any


def lines(result: Mapping[str, Any]) -> list[str]:
    """Of `{snapshots, kept, kept_stacks, orphans, not_looked}`: a line each, by part. Raises KeyError."""
    snapshots = [[row["source"], row["type"], row["snapshot"] or "-", row["status"] or row["action"], row["size"] or "-"] for row in result["snapshots"]]
    kept = [[f"{row['stack'].split('/', 1)[1]}/{row['resource']}", row["id"], row["why"]] for row in result["kept"]]
    orphans = [[row["kind"], row["region"], row["id"], row["why"], f"costs: {row['cost']}"] for row in result["orphans"]]
    return [
        *_part("Snapshots, read back", snapshots),
        *_part("Stays, as it holds data", kept),
        *_part("Stacks that stay", [[key, why] for key, why in sorted(result["kept_stacks"].items())]),
        *_part("In the account and in no stack", orphans),
        *_part("Could not be looked at", [[line] for line in result["not_looked"]]),
    ]


def _part(title: str, rows: Sequence[Sequence[str]]) -> list[str]:
    if not rows:
        return [f"{title}: none"]
    widths = [max(len(str(row[column])) for row in rows) for column in range(len(rows[0]))]
    padded = ["  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return [f"{title} ({len(rows)}):", *(f"  {line}" for line in padded)]

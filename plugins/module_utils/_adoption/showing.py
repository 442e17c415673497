# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What an adoption found, as lines for people and as steps of a plan."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

WORDS = {
    "import": "matched, is imported",
    "imported": "imported already, is compared",
    "in stack": "in its stack already",
    "create": "to create",
    "refused": "REFUSED",
    "left out": "left out",
}
# A stack in which nothing was found is one line.
WORTH = ("import", "imported", "refused", "left out")


def table(rows: Iterable[Any], left: Iterable[Mapping[str, str]], releases: Iterable[str] = ()) -> list[str]:
    """Lines: each declared resource by stack, then what is live and nobody's, then what makes Terraform let go."""
    by_stack: dict[str, list[Any]] = {}
    for row in rows:
        by_stack.setdefault(row.stack, []).append(row)
    lines = []
    for key, own in sorted(by_stack.items()):
        if not any(row.status in WORTH or (row.status == "create" and row.reasons) for row in own):
            lines.append(f"{key}: nothing to adopt, {sum(row.status == 'create' for row in own)} resources to create")
            continue
        lines.append(f"{key}:")
        for row in sorted(own, key=lambda one: one.resource):
            where = f" {row.id} (by {row.how})" if row.id and row.how != "owned" else f" {row.id}" if row.id else ""
            lines.append(f"  {row.resource} ({row.type}): {WORDS[row.status]}{where}")
            lines += [f"    {reason}" for reason in row.reasons]
            if row.status in ("import", "imported"):
                lines += [f"    the update after it: {change}" for change in row.changes]
    left = list(left)
    if left:
        lines.append("live, and not declared:")
        lines += [f"  {row['type']} {row['id']} in {row['where']}{': ' + row['note'] if row['note'] else ''}" for row in left]
    releases = list(releases)
    if releases:
        lines.append("to be run where Terraform runs, then give a new state, or name the addresses in adopt_released:")
        lines += [f"  {line}" for line in releases]
    return lines


def steps(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """For callback llmops.platform.plan: imports and refusals; what is to create is a deployment's plan."""
    found = []
    for row in rows:
        what = f"{row.stack}/{row.resource} ({row.type})"
        if row.status == "import":
            found.append({"action": "update", "what": what, "fields": [f"id: {row.id}"], "note": "is taken into the stack as it is"})
        elif row.status == "refused":
            found.append({"action": "refuse", "what": what, "fields": [], "note": "; ".join(row.reasons)})
    return found

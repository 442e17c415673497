# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The plan of an upgrade for people: as lines of a terminal, or as Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._upgrade import deprecations

TERMINAL, MARKDOWN = "terminal", "markdown"
KINDS = {"control_plane": "control plane", "addon": "add-on", "node_pool": "node pool"}
# Rows of a table; what is beyond is told as a number.
ROWS = 30


def upgrade_plan_lines(plan: Mapping[str, Any], form: str = TERMINAL) -> list[str]:
    """Lines of the result of eks_upgrade_plan, the verdict first. `form`: `terminal` or `markdown`. Raises ValueError for another form."""
    if form not in (TERMINAL, MARKDOWN):
        raise ValueError(f"form is '{form}', not {TERMINAL} or {MARKDOWN}")
    lines = _title(plan, form)
    for title, entries in (("Problems", _against(plan)), ("Warnings", plan["warnings"])):
        if entries:
            lines += _head(f"{title} ({len(entries)})", form) + [f"{'-' if form == MARKDOWN else '  -'} {entry}" for entry in entries]
    for title, table in _tables(plan):
        if len(table) > 1:
            lines += _head(title, form) + _table(table, form)
    return lines


def _against(plan: Mapping[str, Any]) -> list[str]:
    """What stands against it: problems, and removed APIs that are in use."""
    beyond = {name.removeprefix("removed_apis/"): number for name, number in plan.get("left_out", {}).items()}
    return [*plan["problems"], *deprecations.said(plan["removed_apis"], beyond)]


def _title(plan: Mapping[str, Any], form: str) -> list[str]:
    name = f" of {plan['cluster']}" if plan.get("cluster") else ""
    text = f"Upgrade{name} from Kubernetes {plan['from']} to {plan['to']}"
    number = len(_against(plan))
    if number:
        verdict = f"It would be refused: {number} problem{'s' if number > 1 else ''}."
    else:
        verdict = "Nothing stands in its way." if plan["steps"] else "There is nothing to do."
    return [f"# {text}", "", verdict] if form == MARKDOWN else [text, verdict]


def _head(title: str, form: str) -> list[str]:
    return ["", f"## {title}", ""] if form == MARKDOWN else ["", title]


def _tables(plan: Mapping[str, Any]) -> list[tuple[str, list[list[str]]]]:
    number = 0
    steps = [["step", "minor", "what", "from", "to"]]
    for step in plan["steps"]:
        for one in step["order"]:
            number += 1
            what = f"{KINDS[one['kind']]} {one['name']}".rstrip()
            steps.append([str(number), step["minor"], what, one["from"] or "-", one["to"]])
    pools = [["pool", "nodes", "ready", "kubelets"]]
    for pool in plan["pools"]:
        kubelets = ", ".join(f"{many} x {version or 'unknown'}" for version, many in sorted(pool["versions"].items()))
        pools.append([pool["name"] or "(none)", str(pool["nodes"]), str(pool["ready"]), kubelets or (pool["oldest"] or "-")])
    addons = [["minor", "add-on", "installed", "wanted", "fits", "default", "newest"]]
    for row in plan["addons"]:
        fits = "yes" if row["compatible"] else "no"
        choices = [row["choices"]["default"] or "-", row["choices"]["newest"] or "-"]
        addons.append([row["minor"], row["name"], row["installed"] or "-", row["wanted"] or "-", fits, *choices])
    removed = [["API", "kind", "object", "removed in", "use", "seen by"]]
    for row in plan["removed_apis"]:
        name = "/".join(filter(None, (row["namespace"], row["name"]))) or "-"
        seen = ", ".join(row["seen_by"]) + (f" ({', '.join(row['by'])})" if row["by"] else "")
        removed.append([row["api"], row["kind"], name, row["removed_in"], row["replacement"] or "-", seen])
    budgets = [["budget", "allows now", "pods", "reason"]]
    for row in plan["blocking_budgets"]:
        budgets.append([f"{row['namespace']}/{row['name']}", str(row["allowed"]), str(row["covered"]), row["reason"]])
    support = [["Kubernetes", "standard support until", "extended until"]]
    for minor, row in plan["support"].items():
        support.append([minor, row["end_of_life"] or "-", row["extended"] or "-"])
    return [
        ("Steps", steps),
        ("Node pools", pools),
        ("Add-ons", addons),
        ("Removed APIs in use", removed),
        ("Budgets that let no pod go", budgets),
        ("Support", support),
    ]


def _table(rows: Sequence[Sequence[str]], form: str) -> list[str]:
    shown, more = rows[: ROWS + 1], len(rows) - ROWS - 1
    if form == MARKDOWN:
        lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in shown]
        lines.insert(1, "| " + " | ".join("---" for _cell in rows[0]) + " |")
    else:
        widths = [max(len(cell) for cell in column) for column in zip(*shown, strict=True)]
        lines = ["  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in shown]
    return [*lines, *(["", f"{more} more rows."] if more > 0 else [])]

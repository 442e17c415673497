# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What preflight found, one row a thing, and the table it prints."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

LEVELS = ("error", "warning", "info", "ok")
WIDEST = 100
COLUMNS = ("level", "check", "what", "found", "wanted", "remedy")


def finding(check: str, what: str, found: Any, wanted: Any, level: str, remedy: str = "") -> dict[str, str]:
    """One row. `level`: error stops the run, warning and info are printed, ok is kept in the result only."""
    if level not in LEVELS:
        raise ValueError(f"level of '{what}' is '{level}', not one of {', '.join(LEVELS)}")
    return {"check": check, "what": what, "found": str(found), "wanted": str(wanted), "level": level, "remedy": remedy}


def rows(findings: Mapping[str, Iterable[Mapping[str, str]]], levels: Iterable[str]) -> list[dict[str, str]]:
    """The findings `{host: [...]}` of these levels, worst first; equal ones of several hosts are one row with `hosts`."""
    merged: dict[tuple[str, ...], list[str]] = {}
    for host, found in findings.items():
        for row in found:
            if row["level"] in levels:
                hosts = merged.setdefault(tuple(row[column] for column in COLUMNS), [])
                if host not in hosts:
                    hosts.append(host)
    everywhere = set(findings)
    ordered = sorted(merged.items(), key=lambda item: LEVELS.index(item[0][0]))
    return [
        {**dict(zip(COLUMNS, cells, strict=True)), "hosts": "all" if set(hosts) == everywhere and len(hosts) > 1 else ", ".join(hosts)}
        for cells, hosts in ordered
    ]


def _cell(text: str) -> str:
    """One line; the whole text stands in the result."""
    words = " ".join(text.split()) or "-"
    return words if len(words) <= WIDEST else f"{words[: WIDEST - 3]}..."


def table(findings: Mapping[str, Iterable[Mapping[str, str]]], levels: Iterable[str] = LEVELS[:3]) -> list[str]:
    """Lines of a text table, remedies on lines of their own as they are sentences. Empty if there is nothing to say."""
    found = rows(findings, tuple(levels))
    if not found:
        return []
    head = ("level", "check", "what", "found", "wanted", "hosts")
    cells = [head, *([_cell(row[column]) for column in head] for row in found)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    printed = [lines[0], "  ".join("-" * width for width in widths)]
    for line, row in zip(lines[1:], found, strict=True):
        printed.append(line)
        if row["remedy"]:
            printed.append(f"    -> {' '.join(row['remedy'].split())}")
    return printed


def sentences(findings: Mapping[str, Iterable[Mapping[str, str]]], level: str = "error") -> list[str]:
    """The findings of one level, a line each with hosts and remedy."""
    return [
        f"{row['check']}, {row['what']} ({row['hosts']}): {row['found']}; wanted: {row['wanted']}. {row['remedy']}".rstrip() for row in rows(findings, (level,))
    ]


def left_out(reasons: Mapping[str, str], looked_at: Mapping[str, bool]) -> list[dict[str, str]]:
    """A row for each check that did not look, with its reason."""
    return [finding(check, "not looked at", reason.strip(), "", "info") for check, reason in reasons.items() if not looked_at.get(check)]


def end_of_life_rows(judged: Iterable[Mapping[str, Any]], quiet: bool) -> list[dict[str, str]]:
    """What filter end_of_life_findings found; with `quiet` an end of life is only said."""
    levels = {"ok": "ok", "warning": "warning", "unknown": "warning", "overridden": "info", "error": "warning" if quiet else "error"}
    remedy = "Pin a supported version, or accept this one for a while with preflight_end_of_life_overrides: {item: {reason, until}}."
    return [
        finding("end of life", row["item"], row["message"], "a supported version", levels[row["level"]], remedy if row["level"] == "error" else "")
        for row in judged
    ]

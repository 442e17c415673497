# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a bench says: goals met or not, the raw measurements, the machine; as JSON and as tables."""

from __future__ import annotations

import json
import operator
import os
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.support.modules import ROOT

RELATIONS = {">=": operator.ge, "<=": operator.le, "<": operator.lt, "=": operator.eq}


@dataclass(frozen=True)
class Goal:
    """A figure to reach. `target`: a relation and a number, as `>= 3.5`. Names are stable: they are compared between versions."""

    name: str
    target: str
    unit: str

    def judged(self, value: float | None) -> dict[str, Any]:
        """The goal with what was measured. Without a figure it is neither met nor missed."""
        relation, number = self.target.split()
        met = None if value is None else RELATIONS[relation](value, float(number))
        return {"goal": self.name, "target": self.target, "value": None if value is None else round(value, 3), "unit": self.unit, "met": met}


def build(name: str, revision: str, started: str, seconds: float, goals: list[dict[str, Any]], rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The report as it is written."""
    machine = {"cores": os.cpu_count(), "memory_gib": round(psutil.virtual_memory().total / 2**30, 1)}
    return {"name": name, "commit": revision, "machine": machine, "started": started, "seconds": round(seconds, 1), "goals": goals, "rows": rows}


def write(report: dict[str, Any], directory: Path) -> Path:
    """Put the report in place whole. Returns its path."""
    path = directory / f"bench-{report['name']}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    os.replace(temporary, path)
    return path


def commit() -> str:
    """The commit of the checkout, `-dirty` if it holds more than that."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def table(rows: Iterable[dict[str, Any]]) -> list[str]:
    """Lines of a table, numbers to the right; a missing figure is `no data`."""
    rows = list(rows)
    if not rows:
        return []
    head = list(rows[0])
    cells = [[_shown(row.get(column)) for column in head] for row in rows]
    widths = [max(len(line[column]) for line in (head, *cells)) for column in range(len(head))]
    right = [all(isinstance(row.get(name), (int, float, type(None))) for row in rows) for name in head]
    lines = [head, ["-" * width for width in widths], *cells]
    return [
        "  ".join(cell.rjust(width) if number else cell.ljust(width) for cell, width, number in zip(line, widths, right, strict=True)).rstrip()
        for line in lines
    ]


def markdown(rows: Iterable[dict[str, Any]]) -> list[str]:
    """The same as Markdown."""
    rows = list(rows)
    if not rows:
        return []
    lines = [list(rows[0]), ["---"] * len(rows[0]), *([_shown(row.get(column)).replace("|", "\\|") for column in rows[0]] for row in rows)]
    return [f"| {' | '.join(line)} |" for line in lines]


def write_markdown(report: Path, name: str, rows: Iterable[dict[str, Any]], goals: Iterable[dict[str, Any]]) -> None:
    """Beside the report, its tables for people."""
    lines = [f"# Bench {name}", "", *markdown(goals), "", *markdown(rows)]
    report.with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def verdicts(goals: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Goals as a person reads them."""
    words = {True: "met", False: "NOT MET", None: "no data"}
    return [{**goal, "met": words[goal["met"]]} for goal in goals]


def _shown(value: Any) -> str:
    if value is None:
        return "no data"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.2f}" if isinstance(value, float) else str(value)

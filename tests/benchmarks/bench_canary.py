# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The judges of a canary release on the same simulated scrapes: how often they err, how soon they see harm, and what that costs the users."""

from __future__ import annotations

import argparse
import multiprocessing
import os
from pathlib import Path
from typing import Any

from tests.benchmarks.canary import measures
from tests.benchmarks.canary.cell import HARM
from tests.benchmarks.canary.cell import NULL
from tests.benchmarks.canary.cell import Cell
from tests.benchmarks.canary.cells import chosen
from tests.benchmarks.canary.judges import JUDGES
from tests.benchmarks.canary.judges import OURS
from tests.benchmarks.canary.judges import Outcome
from tests.benchmarks.canary.judges import outcomes
from tests.benchmarks.canary.judges import repeats
from tests.benchmarks.canary.simulator import simulate
from tests.support.modules import ROOT

# Nothing runs in it, but two benches at once would only measure each other.
DIRECTORY = ROOT / ".local" / "benchmarks" / "canary"
NEEDS_PROGRAMS = False
TRIALS, QUICK, FULL = {NULL: 30, HARM: 20}, 2, 2000
CHUNK = 10
# Trials of a cell that are judged twice more, to see that nothing but the samples counts.
REPEATED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} trials a cell: shows that it works")
    parser.add_argument("--full", action="store_true", help=f"{FULL} trials a cell: six hours on two cores")
    parser.add_argument("--trials", type=_positive, help=f"trials a cell, default {TRIALS[NULL]} where nothing is wrong, {TRIALS[HARM]} elsewhere")
    parser.add_argument("--cells", help="only cells whose names this regular expression finds, as '^null/' or 'incident'")
    parser.add_argument("--judges", type=_judges, default=JUDGES, help=f"of: {', '.join(JUDGES)}")
    parser.add_argument("--processes", type=_positive, default=os.cpu_count(), help="default: one a core")
    parser.add_argument("--directory", type=Path, default=DIRECTORY, help="only its name is used, to keep a second run away")


def measure(options: argparse.Namespace, rows: list[dict[str, Any]]) -> None:
    """Append a row for each cell and judge. Raises RuntimeError if there is no such cell."""
    try:
        cells = chosen(options.cells)
    except ValueError as error:
        raise RuntimeError(str(error)) from error
    chunks = [
        (cell, first, min(first + CHUNK, trials), options.judges) for cell in cells for trials in (_trials(options, cell),) for first in range(0, trials, CHUNK)
    ]
    found: dict[str, list[Outcome]] = {}
    same: dict[str, list[bool]] = {}
    # A forked worker can import the collection as this process can.
    with multiprocessing.get_context("fork").Pool(options.processes) as pool:
        for cell, judged, repeated in pool.imap(_work, chunks):
            found.setdefault(cell.name, []).extend(judged)
            same.setdefault(cell.name, []).extend(repeated)
            if len(found[cell.name]) == _trials(options, cell) * len(options.judges):
                _report(cell, found.pop(cell.name), all(same.pop(cell.name)), options.judges, rows)


def _work(chunk: tuple[Cell, int, int, tuple[str, ...]]) -> tuple[Cell, list[Outcome], list[bool]]:
    cell, first, last, judges = chunk
    judged, repeated = [], []
    for number in range(first, last):
        trial = simulate(cell, number)
        judged += outcomes(trial, judges)
        if number < REPEATED and OURS in judges:
            repeated.append(repeats(trial))
    return cell, judged, repeated


def _report(cell: Cell, found: list[Outcome], deterministic: bool, judges: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    for judge in judges:
        rows.append(measures.row(cell, judge, [outcome for outcome in found if outcome.judge == judge], deterministic if judge == OURS else None))


def _trials(options: argparse.Namespace, cell: Cell) -> int:
    if options.trials:
        return options.trials
    return FULL if options.full else QUICK if options.quick else TRIALS.get(cell.kind, TRIALS[HARM])


def _judges(words: str) -> tuple[str, ...]:
    named = tuple(words.split(","))
    if unknown := set(named) - set(JUDGES):
        raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: judges are {', '.join(JUDGES)}")
    return named


def _positive(word: str) -> int:
    if not word.isdecimal() or int(word) < 1:
        raise argparse.ArgumentTypeError(f"{word!r} is not a positive whole number")
    return int(word)


goals = measures.goals


def summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A line a cell: what matters of each judge's verdict."""
    lines: dict[str, dict[str, Any]] = {}
    for row in rows:
        line = lines.setdefault(row["cell"], {"cell": row["cell"], "trials": row["trials"], "measure": _measure(row)})
        line[row["judge"]] = _shown(row)
    return list(lines.values())


def _measure(row: dict[str, Any]) -> str:
    return {NULL: "rolled back %", HARM: "rolled back %, median s, excess"}.get(row["kind"], "promoted %")


def _shown(row: dict[str, Any]) -> str:
    if row["kind"] == NULL:
        return f"{row['rolled_back_percent']:.1f}"
    if row["kind"] != HARM:
        return f"{row['promoted_percent']:.1f}"
    median = "-" if row["roll_back_s_median"] is None else f"{row['roll_back_s_median']:.0f}"
    return f"{row['rolled_back_percent']:.0f}, {median}, {row['excess_bad_requests_mean']:.0f}"

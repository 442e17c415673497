# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cost reports: a cold Python that estimates three environments and writes every format, and each filter alone on one of them."""

from __future__ import annotations

import argparse
import hashlib
import importlib
import os
import shutil
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import psutil

from tests.benchmarks.cost import cold
from tests.benchmarks.measured import command
from tests.benchmarks.report import Goal
from tests.support.modules import ROOT

DIRECTORY = ROOT / ".local" / "benchmarks" / "cost"
# Nothing of the local environment is needed.
NEEDS_PROGRAMS = False
ENVIRONMENTS, COMPONENTS, ROUNDS = 3, 200, 15
QUICK = 3
REPORT = "report"
# Compared with an estimate as it was before.
DIFF = "cost_diff"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} rounds")
    parser.add_argument("--rounds", type=int, help=f"default {ROUNDS}")
    parser.add_argument("--environments", type=int, default=ENVIRONMENTS, help=f"default {ENVIRONMENTS}")
    parser.add_argument("--components", type=int, default=COMPONENTS, help=f"of each environment, default {COMPONENTS}")
    parser.add_argument("--directory", type=Path, default=DIRECTORY, help="folder of the reports, deleted before and afterwards")


def measure(options: argparse.Namespace, rows: list[dict[str, Any]]) -> None:
    """Append a row for each cold report, and for each call of a filter. Raises RuntimeError if a report fails."""
    rounds = options.rounds or (QUICK if options.quick else ROUNDS)
    shutil.rmtree(options.directory, ignore_errors=True)
    options.directory.mkdir(parents=True)
    try:
        for number in range(1, rounds + 1):
            folder = options.directory / str(number)
            words = [sys.executable, str(ROOT / "tests" / "benchmarks" / "cost" / "cold.py"), str(folder), str(options.environments), str(options.components)]
            done = command(words, {"PYTHONHASHSEED": str(number)}, options.directory / "output.log")
            rows.append({"run": REPORT, "round": number, **done.row(), "digest": digest(folder)})
            shutil.rmtree(folder)
        _filters(options, rounds, rows)
    finally:
        shutil.rmtree(options.directory, ignore_errors=True)


def digest(folder: Path) -> str:
    """Of all files by name: equal where every byte is."""
    found = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        found.update(f"{file.relative_to(folder)}\0".encode() + file.read_bytes())
    return found.hexdigest()


def _filters(options: argparse.Namespace, rounds: int, rows: list[dict[str, Any]]) -> None:
    document = cold.documents(1, options.components)[0]
    filters = importlib.import_module("ansible_collections.llmops.platform.plugins.filter.cost").FilterModule().filters()
    for number in range(1, rounds + 1):
        for name, function in sorted(filters.items()):
            arguments = _arguments(name, document)
            load, busy = os.getloadavg()[0], psutil.cpu_percent(interval=None)
            begin, processor = time.monotonic(), time.process_time()
            function(*arguments)
            seconds, cpu = time.monotonic() - begin, time.process_time() - processor
            rows.append(
                {"run": name, "round": number, "seconds": round(seconds, 4), "cpu_seconds": round(cpu, 4), "load": round(load, 2), "busy_percent": busy}
            )


def _arguments(name: str, document: dict[str, Any]) -> tuple[Any, ...]:
    if name == DIFF:
        return document["estimate"], document["estimate"]
    if name == "cost_documented":
        return {"cost_documented_monthly_usd": {"ec2": "1200.00", "rds": "450.00"}}, document["estimate"]
    return (document,)


def goals(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Medians of the clock; the processor's own time beside the report's, as that is what a busy machine leaves alone."""
    reports = [row for row in rows if row["run"] == REPORT]
    filters = {name: _median([row for row in rows if row["run"] == name], "seconds") for name in sorted({row["run"] for row in rows} - {REPORT})}
    slowest = max((value for value in filters.values() if value is not None), default=None)
    return [
        Goal("report_seconds", "<= 2", "s").judged(_median(reports, "seconds")),
        Goal("report_cpu_seconds", "<= 2", "s").judged(_median(reports, "cpu_seconds")),
        Goal("slowest_filter_seconds", "<= 0.2", "s").judged(slowest),
        # A goal of one digest is met by one run alone.
        Goal("different_reports", "= 1", "digests").judged(len({row["digest"] for row in reports}) if len(reports) > 1 else None),
    ]


def summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Medians and worst by what was measured."""
    found = []
    for name in dict.fromkeys(row["run"] for row in rows):
        own = [row for row in rows if row["run"] == name]
        seconds = _median(own, "seconds")
        found.append(
            {"run": name, "rounds": len(own), "seconds": seconds, "worst": max(row["seconds"] for row in own), "cpu_seconds": _median(own, "cpu_seconds")}
        )
    return found


def _median(rows: list[dict[str, Any]], key: str) -> float | None:
    return round(statistics.median(row[key] for row in rows), 4) if rows else None

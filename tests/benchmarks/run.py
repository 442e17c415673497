# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs one bench and writes its report: `run.py NAME [options]`, by `make bench NAME=<name> ARGS='<options>'`.

A bench is a file `bench_<name>.py` with `add_arguments(parser)` (among them `--directory`), `measure(options, rows)`, which appends to `rows` as it goes,
`goals(rows)`, and `summary(rows)`, the rows of the table that is printed. One that says `NEEDS_PROGRAMS = False` does without the local environment's programs.
"""

from __future__ import annotations

import argparse
import datetime
import fcntl
import importlib
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

from tests.benchmarks import report

# It makes the collection importable, too.
from tests.conftest import ROOT

BENCHES = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))
PROGRAMS = ["ansible-playbook", "-i", "inventories/local.yml", "playbooks/local_up.yml", "--tags", "binaries"]


class Rows(list):
    """Measurements; each one is shown and written as soon as it is there, as a bench may take an hour."""

    def __init__(self, save) -> None:
        super().__init__()
        self._save = save

    def append(self, row: dict) -> None:
        super().append(row)
        print("  ".join(f"{key}={value}" for key, value in row.items() if value is not None), flush=True)
        self._save()


def main(words: list[str]) -> int:
    if not words or words[0] not in BENCHES:
        asked = f"There is no bench {words[0]!r}. " if words else ""
        print(f"{asked}NAME is one of: {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    name, bench = words[0], importlib.import_module(f"tests.benchmarks.bench_{words[0]}")
    parser = argparse.ArgumentParser(prog=f"make bench NAME={name} ARGS=...", allow_abbrev=False)
    parser.add_argument("--reports", type=Path, default=ROOT / ".local" / "reports", help="folder of the report")
    bench.add_arguments(parser)
    options = parser.parse_args(words[1:])
    options.directory = options.directory.absolute()
    lock = lock_of(options.directory)
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit(f"Bench {name} is running already in {options.directory}; wait for it, or give another folder by --directory")
        return run(name, bench, options)


def lock_of(directory: Path) -> Path:
    """Of an absolute path. Not in the folder, which some benches remove, nor beside it, where it would lie in the checkout."""
    return ROOT / ".local" / "bench_locks" / f"{str(directory).strip('/').replace('/', '-')}.lock"


def run(name: str, bench: ModuleType, options: argparse.Namespace) -> int:
    """Measure, write and print. Ends the process with a sentence if the bench breaks off."""
    # What was started is ended by `finally`, also when somebody ends the bench.
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(143))
    if getattr(bench, "NEEDS_PROGRAMS", True):
        programs()
    # Now: the checkout may move on while it runs.
    revision = report.commit()
    started, begin = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"), time.monotonic()

    def save() -> Path:
        return report.write(report.build(name, revision, started, time.monotonic() - begin, bench.goals(rows), rows), options.reports)

    rows = Rows(save)
    try:
        bench.measure(options, rows)
    except (RuntimeError, subprocess.CalledProcessError) as error:
        sys.exit(f"{error}\n{getattr(error, 'stderr', '')}\nBench {name} broke off; what it measured until then is in {save()}")
    path = save()
    report.write_markdown(path, name, bench.summary(rows), report.verdicts(bench.goals(rows)))
    for lines in (report.table(bench.summary(rows)), report.table(report.verdicts(bench.goals(rows)))):
        print("\n" + "\n".join(lines))
    print(f"\nEvery figure is measured in this run. Raw measurements: {path}")
    return 0


def programs() -> None:
    """Build what is missing of the local environment's programs."""
    done = subprocess.run(PROGRAMS, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"the programs of the local environment cannot be had: {done.stdout[-3000:]}{done.stderr[-1000:]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

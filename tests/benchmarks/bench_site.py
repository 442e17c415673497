# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""site.yml for all platforms on a local environment of its own: a first and a second run, beside as many tasks that do nothing."""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from tests.benchmarks.measured import Measured
from tests.benchmarks.measured import command
from tests.benchmarks.report import Goal
from tests.support.control_plane import BINARIES
from tests.support.control_plane import ControlPlane
from tests.support.modules import ROOT

DIRECTORY = ROOT / ".local" / "benchmarks" / "site"
INVENTORY = "inventories/local.yml"
ENVIRONMENT = {"ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}
RECAP = re.compile(r"^(\w+)\s+: ok=(\d+)\s+changed=(\d+)\s.*skipped=(\d+)", re.MULTILINE)
FIRST, SECOND = "first run", "second run"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--directory", type=Path, default=DIRECTORY, help="folder of the local environment, deleted before and afterwards")


def measure(options: argparse.Namespace, rows: list[dict[str, Any]]) -> None:
    """Append a row for each command. Raises RuntimeError if one fails."""
    directory = options.directory.absolute()
    _down(directory)
    directory.mkdir(parents=True)
    try:
        # Its memory is mostly that of the control planes, which are its children while they start.
        rows.append(_row("local environment", _playbook(directory, "playbooks/local_up.yml")))
        for name in (FIRST, SECOND):
            lines = {host: _lines(directory, host) for host in _hosts(directory)}
            done = _playbook(directory, "playbooks/site.yml")
            calls = sum(len(ControlPlane(directory, host).mutating(first)) for host, first in lines.items())
            rows.append({**_row(name, done), "mutating_calls": calls})
        tasks = rows[-1]["tasks"]
        rows.append(_row("as many no-op tasks", _playbook(directory, str(_idle(directory, tasks, len(lines))))))
    finally:
        _down(directory)


def _playbook(directory: Path, *playbooks: str) -> Measured:
    return command([*_words(directory), *playbooks], ENVIRONMENT, directory / "playbook.log")


def _words(directory: Path) -> list[str]:
    places = ["-e", f"local_platform_directory={directory}", "-e", f"local_platform_binaries_directory={BINARIES}"]
    return [str(Path(sys.executable).parent / "ansible-playbook"), "-i", INVENTORY, *places]


def _row(name: str, done: Measured) -> dict[str, Any]:
    found = [tuple(map(int, match[1:])) for match in RECAP.findall(done.output)]
    if not found:
        raise RuntimeError(f"{name}: there is no PLAY RECAP in {done.output[-1000:]}")
    # A skipped task costs nearly as much as one that does nothing.
    return {
        "run": name,
        "hosts": len(found),
        "tasks": sum(ok + skipped for ok, _changed, skipped in found),
        "changed": sum(row[1] for row in found),
        **done.row(),
    }


def _hosts(directory: Path) -> list[str]:
    return sorted(path.name for path in (directory / "kwok" / "clusters").iterdir() if (path / "logs").is_dir())


def _lines(directory: Path, host: str) -> int:
    return len(ControlPlane(directory, host).audit_log.read_text(encoding="utf-8").splitlines())


def _idle(directory: Path, tasks: int, hosts: int) -> Path:
    """A playbook with about `tasks` results on the same hosts, none of which does anything."""
    task = {"name": "Nothing", "ansible.builtin.assert": {"that": True, "quiet": True}}
    path = directory / "idle.yml"
    play = {"name": "Nothing", "hosts": "all", "gather_facts": False, "tasks": [task] * -(-tasks // hosts)}
    path.write_text(yaml.safe_dump([play], sort_keys=False), encoding="utf-8")
    return path


def _down(directory: Path) -> None:
    """End what runs in the directory, and remove it. Raises RuntimeError where it may still run."""
    if not directory.exists():
        return
    done = subprocess.run([*_words(directory), "playbooks/local_down.yml"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the local environment in {directory} cannot be ended: {done.stdout[-3000:]}")
    shutil.rmtree(directory)


def goals(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the second run changed, by its own word and by that of the API servers."""
    second = next((row for row in rows if row["run"] == SECOND), {})
    first = next((row for row in rows if row["run"] == FIRST), {})
    # A probe that saw nothing in the first run would see nothing in the second one either.
    calls = second.get("mutating_calls") if first.get("mutating_calls") else None
    return [
        Goal("second_run_changed", "= 0", "tasks").judged(second.get("changed")),
        Goal("second_run_mutating_calls", "= 0", "calls").judged(calls),
    ]


def summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The runs side by side."""
    return [{key: row.get(key) for key in ("run", "hosts", "tasks", "changed", "mutating_calls", "seconds", "cpu_seconds", "peak_rss_mib")} for row in rows]

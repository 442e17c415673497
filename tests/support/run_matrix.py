# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every pair of ansible-core and Python: unit tests, syntax of all playbooks, documentation of all plugins (`make matrix`).

The check `matrix` of `make test` runs one pair besides the one that everything else runs on. A Python that this machine does not
have is neither passed nor failed, and the line of its pair says so.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TextIO

from tests.support.outcome import Outcome
from tests.support.outcome import minutes
from tests.support.outcome import of_junit

ROOT = Path(__file__).resolve().parents[2]
UV = ROOT / ".local" / "uv" / "bin" / "uv"
PLACE = ROOT / ".local" / "matrix"
CORES = {"2.20": "core220", "2.21": "core221"}
PYTHONS = ("3.12", "3.13")
# What .venv holds, and all other checks run on.
DEFAULT = ("2.21", "3.13")


def pairs() -> list[tuple[str, str]]:
    return [(core, python) for core in CORES for python in PYTHONS]


def sampled(seed: str) -> tuple[str, str]:
    """The same pair for the same version of the collection, so that a failing run can be repeated."""
    return random.Random(seed).choice([pair for pair in pairs() if pair != DEFAULT])


def version() -> str:
    return re.search(r"^version: *(\S+)$", (ROOT / "galaxy.yml").read_text(encoding="utf-8"), re.MULTILINE)[1]


def interpreter(python: str, path: str, home: Path) -> str:
    """An interpreter of that version which runs, from PATH or from pyenv; empty without one."""
    found = shutil.which(f"python{python}", path=path)
    for candidate in (*([found] if found else []), *sorted(map(str, home.glob(f".pyenv/versions/{python}*/bin/python{python}")))):
        # A shim of pyenv exists for versions that are not selected, and fails.
        if subprocess.run([candidate, "-c", "import venv"], capture_output=True, check=False).returncode == 0:
            return candidate
    return ""


def machine_path() -> str:
    """PATH without the virtual environments of this project, where `python3.13` is one of them."""
    return os.pathsep.join(part for part in os.environ["PATH"].split(os.pathsep) if not part.startswith(str(ROOT)))


def run_pair(core: str, python: str, log: TextIO) -> Outcome:
    """Make the environment of a pair from the one lock, and run in it what does not need a server."""
    home = PLACE / f"{core}-{python}"
    base = interpreter(python, machine_path(), Path.home())
    if not base:
        return Outcome(note=f"Python {python} not available: skipped")
    PLACE.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PATH": f"{home / 'bin'}{os.pathsep}{machine_path()}", "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}
    groups = [argument for group in ("run", "test", CORES[core]) for argument in ("--group", group)]
    junit = home.parent / f"{home.name}.xml"
    junit.unlink(missing_ok=True)

    def good(*command: str, **more: str) -> bool:
        print(f"$ {' '.join(command)}", file=log, flush=True)
        return subprocess.run(command, cwd=ROOT, env={**environment, **more}, stdout=log, stderr=subprocess.STDOUT, check=False).returncode == 0

    if not good(str(UV), "sync", "--quiet", "--locked", "--no-default-groups", *groups, "--python", base, UV_PROJECT_ENVIRONMENT=str(home)):
        return Outcome(failed=1)
    said = subprocess.run([home / "bin" / "ansible", "--version"], env=environment, capture_output=True, text=True, check=False).stdout
    print(said, file=log, flush=True)
    steps = (
        # A wrong environment would pass everything and prove nothing.
        said.startswith(f"ansible [core {core}.") and f"python version = {python}." in said,
        good("ansible-playbook", "-i", "inventories/local.yml", "--syntax-check", *sorted(map(str, (ROOT / "playbooks").glob("*.yml")))),
        good("ansible-doc", "--metadata-dump", "llmops.platform"),
    )
    tested = good("python", "-m", "pytest", "-q", "--color=no", "-n", "2", "tests/unit", f"--junit-xml={junit}")
    units = of_junit([junit] if junit.exists() else [], tested)
    return Outcome(units.passed + sum(steps), units.failed + len(steps) - sum(steps))


def main() -> int:
    total = Outcome()
    PLACE.mkdir(parents=True, exist_ok=True)
    for core, python in pairs():
        path = PLACE / f"{core}-{python}.log"
        begin = time.monotonic()
        with open(path, "w", encoding="utf-8") as log:
            outcome = run_pair(core, python, log)
        print(f"ansible-core {core}, Python {python}  {minutes(time.monotonic() - begin)}  {outcome}", flush=True)
        if outcome.failed:
            print("\n".join(f"    {line}" for line in path.read_text(encoding="utf-8", errors="replace").splitlines()[-40:]))
            print(f"    whole output: {path.relative_to(ROOT)}", flush=True)
        total.passed, total.failed = total.passed + outcome.passed, total.failed + outcome.failed
    print(f"{total.passed} passed, {total.failed} failed")
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())

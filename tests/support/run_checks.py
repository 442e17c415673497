# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs every check of this project and counts: `python -m tests.support.run_checks [name,name]`. The last line is `N passed, N failed`."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.support import run_matrix
from tests.support.findings import LAST
from tests.support.findings import findings
from tests.support.findings import plain
from tests.support.outcome import Outcome
from tests.support.outcome import minutes
from tests.support.outcome import of_junit

ROOT = Path(__file__).resolve().parents[2]
REPORTS = ROOT / ".local" / "reports" / "checks"
PYTEST = [sys.executable, "-m", "pytest", "-q", "--color=no"]


@dataclass(frozen=True)
class Check:
    """A command that exits non-zero when it found something. `junit`: its tests are counted one by one."""

    name: str
    command: tuple[str, ...] | None = None
    function: str = ""
    junit: bool = False
    # Shown while it runs, as it takes minutes on a new machine.
    loud: bool = False
    # With the whole machine to itself: it keeps all cores busy, or measures time.
    alone: bool = False


# Fast ones first: what is quickly found wrong is quickly known. After them the longest, as two run at a time.
CHECKS = (
    Check("lock", (str(ROOT / ".local/uv/bin/uv"), "lock", "--check")),
    Check("ruff", ("ruff", "check")),
    Check("format", ("ruff", "format", "--check")),
    Check("changelog", ("antsibull-changelog", "lint")),
    Check("yamllint", ("yamllint", "--strict", ".")),
    Check("inventories", ("ansible-playbook", "-i", "inventories/local.yml", "playbooks/validate.yml")),
    Check("sanity", function="sanity"),
    Check("unit", (*PYTEST, "tests/unit"), junit=True),
    Check("ansible-lint", ("ansible-lint", "--profile", "production", "--offline", "--strict")),
    Check("units", function="units"),
    Check("matrix", function="matrix"),
    Check("docs", (sys.executable, "-m", "tests.support.build_docs")),
    Check("artefact", (*PYTEST, "tests/artefact"), junit=True),
    Check("binaries", ("ansible-playbook", "-i", "inventories/local.yml", "playbooks/local_up.yml", "--tags", "binaries"), loud=True, alone=True),
    Check("policy", (sys.executable, "tests/policy/run.py"), alone=True),
    Check("integration", (*PYTEST, "-n", "2", "--dist", "loadfile", "tests/integration"), junit=True, alone=True),
    Check("molecule", function="molecule", alone=True),
)
LANES = 2
# Scenarios of which one is run, by what their names begin with.
SAMPLED = {"release": ("release_",), "operation at AWS": ("aws_adopt", "aws_teardown", "aws_upgrade")}
# A machine that builds everything first has less time for samples: what is left out then is said.
ENOUGH_MINUTES = 40
BEGAN = time.monotonic()


def main(wanted: list[str]) -> int:
    unknown = set(wanted) - {check.name for check in CHECKS}
    if unknown:
        print(f"There is no check {', '.join(sorted(unknown))}; there are {', '.join(check.name for check in CHECKS)}", file=sys.stderr)
        return 2
    REPORTS.mkdir(parents=True, exist_ok=True)
    begin = time.monotonic()
    chosen = [check for check in CHECKS if not wanted or check.name in wanted]
    with ThreadPoolExecutor(max_workers=LANES) as lanes:
        together = [check for check in chosen if not check.alone]
        outcomes = dict(zip(together, lanes.map(run, together), strict=True))
    outcomes |= {check: run(check) for check in chosen if check.alone}
    passed, failed = (sum(getattr(outcome, count) for outcome in outcomes.values()) for count in ("passed", "failed"))
    # Once more, as of a long output often only the end is kept.
    for check, outcome in outcomes.items():
        for line in outcome.findings:
            print(f"{check.name}: {line}")
    print(f"{'all':<14}{minutes(time.monotonic() - begin)}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def run(check: Check) -> Outcome:
    """Run one check, with its output in a file. Anything but tests counts as one."""
    log, junit = REPORTS / f"{check.name}.log", REPORTS / f"{check.name}.xml"
    junit.unlink(missing_ok=True)
    if check.loud:
        print(check.name, flush=True)
    begin = time.monotonic()
    with open(log, "w", encoding="utf-8") as output:
        if check.function:
            outcome = globals()[check.function](output)
        elif check.junit:
            good = shell([*check.command, f"--junit-xml={junit}"], output) == 0
            outcome = of_junit([junit] if junit.exists() else [], good)
        else:
            outcome = one(shell(list(check.command), None if check.loud else output) == 0)
    said = [f"{check.name:<14}{minutes(time.monotonic() - begin)}  {outcome}"]
    if outcome.failed:
        lines = plain(log.read_text(encoding="utf-8", errors="replace"))
        # What failed may stand long before the end, where molecule tells of its own tidying up.
        outcome.findings = findings(lines)
        said += [*(f"    {line}" for line in [*lines[-LAST:], *outcome.findings]), f"    whole output: {log.relative_to(ROOT)}"]
    # At once, as another check may print beside it.
    print("\n".join(said), flush=True)
    return outcome


def one(good: bool) -> Outcome:
    """A check that is one test."""
    return Outcome(passed=int(good), failed=int(not good))


def shell(command: list[str], output, cwd: Path = ROOT, **environment: str) -> int:
    """Exit status of a command."""
    return subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, cwd=cwd, check=False, env={**os.environ, **environment}).returncode


def copied(folder: Path) -> Path:
    """A copy of what Git tracks, or would track, at the place where Ansible's tools expect a collection."""
    target = folder / "ansible_collections" / "llmops" / "platform"
    shutil.rmtree(folder / "ansible_collections", ignore_errors=True)
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=ROOT, check=True, capture_output=True)
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    # ansible-test asks Git which files there are.
    for command in (["git", "init", "-q"], ["git", "add", "-A"]):
        subprocess.run(command, cwd=target, check=True)
    return target


def ansible_test(output, *arguments: str) -> tuple[bool, Path]:
    """Run ansible-test in a copy, everything that it writes below .local. Returns whether it ended well, and the copy."""
    folder = ROOT / ".local" / arguments[0]
    target = copied(folder)
    cache = folder / "home" / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    # The name follows the pip version that ansible-test pins.
    shutil.copy2(ROOT / "tests" / "tools" / "get_pip_shim.py", cache / "get_pip_25_2.py")
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    environment = {"HOME": str(folder / "home"), "ANSIBLE_CONFIG": ""}
    return shell(["ansible-test", *arguments, "--python", python, "--color", "no"], output, cwd=target, **environment) == 0, target


def sanity(output) -> Outcome:
    """ansible-test sanity."""
    return one(ansible_test(output, "sanity")[0])


def units(output) -> Outcome:
    """ansible-test units: the unit tests as whoever vendors the collection runs them, with no package of the development environment."""
    good, target = ansible_test(output, "units", "--venv")
    return of_junit(sorted((target / "tests" / "output" / "junit").glob("*.xml")), good)


def scenarios() -> tuple[list[str], str]:
    """What is run, and a word about it. Some take minutes each, so that one of a kind stands for all of it unless SCENARIOS is `all`."""
    found = sorted(path.parent.name for path in (ROOT / "molecule").glob("*/molecule.yml"))
    if os.environ.get("SCENARIOS") == "all":
        return found, ""
    kinds = [[name for name in found if name.startswith(SAMPLED[kind])] for kind in SAMPLED]
    rest = [name for name in found if not any(name in kind for kind in kinds)]
    if time.monotonic() - BEGAN > ENOUGH_MINUTES * 60:
        return rest, f"no {' or '.join(SAMPLED)} sampled, {ENOUGH_MINUTES} minutes are over; all by make molecule"
    seed = random.Random(run_matrix.version())
    chosen = [seed.choice(kind) for kind in kinds]
    return sorted([*rest, *chosen]), f"{' and '.join(chosen)} sampled by seed {run_matrix.version()}; all by make molecule"


def molecule(output) -> Outcome:
    """End to end: what needs no environment two at a time, then the rest on the one that scenario default makes."""
    names, said = scenarios()
    folder = REPORTS / "molecule"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    # A run that was killed has left word that the environment is there.
    shell(["molecule", "reset", "--scenario-name", "default"], output, NO_COLOR="1")
    on_environment = [name for name in names if (ROOT / "molecule" / name / "converge.yml").exists()]
    with ThreadPoolExecutor(max_workers=LANES) as lanes:
        good = list(lanes.map(verify, [name for name in names if name not in on_environment]))
    for log in sorted(folder.glob("*.log")):
        output.write(log.read_text(encoding="utf-8", errors="replace"))
        output.flush()
    words = ["molecule", "test", "--no-command-borders", *(word for name in on_environment for word in ("--scenario-name", name))]
    good.append(shell(words, output, NO_COLOR="1") == 0)
    outcome = of_junit(sorted(folder.glob("*.xml")), all(good))
    outcome.note = said
    return outcome


def verify(scenario: str) -> bool:
    """Run a scenario that has nothing but tests."""
    with open(REPORTS / "molecule" / f"{scenario}.log", "w", encoding="utf-8") as output:
        return shell(["molecule", "verify", "--no-command-borders", "--scenario-name", scenario], output, NO_COLOR="1") == 0


def matrix(output) -> Outcome:
    """One pair of ansible-core and Python besides the one of this run; the same for the same version of the collection."""
    core, python = run_matrix.sampled(run_matrix.version())
    outcome = run_matrix.run_pair(core, python, output)
    said = f"ansible-core {core}, Python {python}, sampled by seed {run_matrix.version()}"
    outcome.note = f"{said}; {outcome.note}" if outcome.note else said
    return outcome


if __name__ == "__main__":
    sys.exit(main([name for argument in sys.argv[1:] for name in argument.split(",") if name]))

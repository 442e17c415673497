# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stacks of a whole platform on the fake of AWS, a second standing for each minute that a service takes; beside them the network by stock modules."""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.benchmarks.bootstrap import platform
from tests.benchmarks.measured import Measured
from tests.benchmarks.measured import command
from tests.benchmarks.report import Goal
from tests.support.modules import ROOT
from tests.support.programs import program
from tests.support.proxied_aws import ProxiedAws
from tests.support.stacks import OURS
from tests.support.stacks import Stacks
from tests.support.stacks import read_result

NEEDS_PROGRAMS = False
DIRECTORY = ROOT / ".local" / "benchmarks" / "bootstrap"
FIRST, SECOND, CHECK, BARE = "platform, first run", "platform, second run", "platform, check mode", "platform, no creation times"
EMPTY = "empty playbook"
STOCK_FIRST, STOCK_SECOND = "network by stock modules, first run", "network by stock modules, second run"
OURS_FIRST, OURS_SECOND = "network by aws_stacks, first run", "network by aws_stacks, second run"
RECAP = re.compile(r"^localhost\s+: ok=\d+\s+changed=(\d+)", re.MULTILINE)
INSTANCE = "AWS::RDS::DBInstance"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--directory", type=Path, default=DIRECTORY, help="folder of the fake and the runs, deleted before and afterwards")
    parser.add_argument("--quick", action="store_true", help="a tenth of the creation times: that it works, not how fast it is")


def measure(options: argparse.Namespace, rows: list[dict[str, Any]]) -> None:
    """Append a row for each run. Raises RuntimeError if one fails."""
    directory = options.directory.absolute()
    shutil.rmtree(directory, ignore_errors=True)
    try:
        with ProxiedAws(directory) as fake:
            Bench(fake, directory, rows, 0.1 if options.quick else 1.0).measure()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


class Bench:
    """`scale`: seconds for a minute of the services."""

    def __init__(self, fake: ProxiedAws, directory: Path, rows: list[dict[str, Any]], scale: float) -> None:
        self._fake, self._directory, self._rows, self._scale = fake, directory, rows, scale
        self._stacks = Stacks(directory, fake.environment)
        self._log = directory / "playbook.log"

    def measure(self) -> None:
        whole = platform.platform(platform.rendered())
        bounds = platform.least(whole)
        bounds = {key: round(value * self._scale, 3) if isinstance(value, float) else value for key, value in bounds.items()}
        self._rows.append({"run": EMPTY, **self._command([program("ansible-playbook"), "-i", "localhost,", str(self._idle())]).row()})
        # Libraries and service models are read once by the fake; that is none of the run's time.
        self._run("warm-up", whole)
        self._forget()
        self._fake.steer("settings", {"seconds": self._seconds(platform.SECONDS)})
        with self._replica():
            self._rows.append({**self._run(FIRST, whole), **bounds, "seconds_per_minute": self._scale})
        self._rows.append(self._run(SECOND, whole))
        self._rows.append(self._run(CHECK, whole, check=True))
        self._forget()
        bare = self._run(BARE, whole)
        # What is left without Ansible's start and without the services' time is ours, and the fake's.
        empty = self._rows[0]["seconds"]
        self._rows.append({**bare, "overhead_seconds_per_stack": round((bare["seconds"] - empty) / bare["stacks"], 3)})
        for first, second in ((OURS_FIRST, OURS_SECOND), (STOCK_FIRST, STOCK_SECOND)):
            self._forget()
            for name in (first, second):
                self._rows.append(self._run(name, platform.network_alone()) if first is OURS_FIRST else self._stock(name))

    def _seconds(self, seconds: dict[str, float]) -> dict[str, float]:
        return {name: value * self._scale for name, value in seconds.items()}

    def _forget(self) -> None:
        self._fake.reset()
        shutil.rmtree(self._directory / "state", ignore_errors=True)

    def _run(self, name: str, stacks: dict[str, Any], check: bool = False) -> dict[str, Any]:
        # The pause between two looks is up to 5 s where a service takes minutes; with seconds for minutes it is as much shorter as the machine allows.
        options = {"deployment": "llm_marketplace/production", "state_directory": str(self._directory / "state"), "poll_seconds": 0.25}
        if platform.key_of("state") in stacks:
            options["state_bucket"] = {"stack": platform.key_of("state"), "output": "StateBucketName"}
        self._fake.proxy.calls.clear()
        done = self._command(self._stacks.words("aws_stacks", stacks, check, options), self._stacks.process_environment)
        result = read_result(done.output)
        bad = {key: stack["cause"] for key, stack in result["stacks"].items() if stack["action"] not in ("created", "unchanged")}
        if bad or result["failed"]:
            raise RuntimeError(f"{name}: {bad or result.get('msg')}")
        return self._row(name, done, len(stacks), sum(stack["action"] == "created" for stack in result["stacks"].values()), OURS)

    def _stock(self, name: str) -> dict[str, Any]:
        self._fake.proxy.calls.clear()
        words = [program("ansible-playbook"), "-i", "localhost,", "-e", f"ansible_python_interpreter={sys.executable}"]
        words += ["-e", f"region={platform.HOME} name={platform.NAME} cidr=10.0.0.0/16", str(Path(__file__).parent / "bootstrap" / "network.yml")]
        done = self._command(words, {**self._stacks.process_environment, **self._fake.environment, "ANSIBLE_STDOUT_CALLBACK": "default"})
        return self._row(name, done, 1, int(RECAP.search(done.output)[1]), "")

    def _row(self, name: str, done: Measured, stacks: int, changed: int, agent: str) -> dict[str, Any]:
        calls = [call for call in self._fake.proxy.calls if agent in call.user_agent]
        return {"run": name, "stacks": stacks, "changed": changed, "calls": len(calls), "mutating_calls": sum(call.mutating for call in calls), **done.row()}

    def _command(self, words: list[str], environment: dict[str, str] | None = None) -> Measured:
        return command(words, environment or self._stacks.process_environment, self._log)

    def _idle(self) -> Path:
        path = self._directory / "idle.yml"
        path.write_text("- name: Nothing\n  hosts: localhost\n  connection: local\n  gather_facts: false\n  tasks: []\n", encoding="utf-8")
        return path

    @contextmanager
    def _replica(self) -> Iterator[None]:
        """The fake has one creation time per type: that of the replica is set when the primary is under way."""
        over = threading.Event()
        formation = self._fake.client("cloudformation", platform.HOME)

        def watch() -> None:
            while not over.wait(0.2):
                try:
                    found = formation.list_stack_resources(StackName=f"{platform.NAME}-postgresql")["StackResourceSummaries"]
                except formation.exceptions.ClientError:
                    continue
                if any(row["ResourceType"] == INSTANCE for row in found):
                    self._fake.steer("settings", {"seconds": self._seconds({**platform.SECONDS, INSTANCE: platform.REPLICA_SECONDS})})
                    return

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def goals(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the issue of stacks asks of a whole platform."""
    by = {row["run"]: row for row in rows}

    def of(name: str, key: str) -> Any:
        return by.get(name, {}).get(key)

    first, chain = of(FIRST, "seconds"), of(FIRST, "chain_seconds")
    # With less than a second for a minute the start of Ansible alone is too long.
    whole = of(FIRST, "seconds_per_minute") == 1
    # A proxy that saw nothing change in the first run would see nothing in the second one either.
    seen = bool(of(FIRST, "mutating_calls"))
    return [
        Goal("wall_vs_longest_chain", "<= 1.15", "x").judged(first / chain if first and chain and whole else None),
        Goal("second_run_seconds", "<= 5", "s").judged(of(SECOND, "seconds")),
        Goal("second_run_mutating_calls", "= 0", "calls").judged(of(SECOND, "mutating_calls") if seen else None),
        Goal("check_mode_mutating_calls", "= 0", "calls").judged(of(CHECK, "mutating_calls") if seen else None),
    ]


def summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The runs side by side."""
    keys = ("run", "stacks", "changed", "calls", "mutating_calls", "seconds", "chain_seconds", "sequential_seconds")
    keys += ("overhead_seconds_per_stack", "cpu_seconds", "peak_rss_mib")
    return [{key: row.get(key) for key in keys} for row in rows]

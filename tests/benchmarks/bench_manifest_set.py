# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""manifest_set against what else applies Kubernetes objects, side by side on one real control plane of its own."""

from __future__ import annotations

import argparse
import math
import shutil
import statistics
import time
from pathlib import Path
from typing import Any

import psutil

from tests.benchmarks.measured import command
from tests.benchmarks.objects import objects
from tests.benchmarks.report import Goal
from tests.benchmarks.tools import PHASES
from tests.benchmarks.tools import TOOLS
from tests.benchmarks.tools import Run
from tests.benchmarks.tools import Tool
from tests.benchmarks.tools import build_helm
from tests.benchmarks.tools import environment
from tests.support.control_plane import ControlPlane
from tests.support.modules import ROOT

DIRECTORY = ROOT / ".local" / "benchmarks" / "manifest_set"
SIZES = (1, 200, 1000, 5000)
ROUNDS = 5
QUICK = {"sizes": (1, 200), "rounds": 1, "only": ("empty_playbook", "floor", "manifest_set", "k8s")}
# Sizes above this get half the rounds.
LARGE = 1000
# A tool that has taken this many seconds at a size is measured no further there.
PATIENCE = 600
OURS, FLOOR, EMPTY, K8S = "manifest_set", "floor", "empty_playbook", "k8s"
LABEL = "benchmark=manifest-set"
# The control plane counts as calm below this share of one core.
CALM_PERCENT, CALM_WITHIN = 15.0, 60.0

# Of a namespace.
NAME = str.maketrans("_", "-")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    names = ", ".join(tool.name for tool in TOOLS)
    parser.add_argument("--quick", action="store_true", help="sizes 1 and 200, one round, few tools: shows that it works, not how fast it is")
    parser.add_argument("--sizes", type=_numbers, help=f"numbers of objects, default {','.join(map(str, SIZES))}")
    parser.add_argument("--rounds", type=int, help=f"default {ROUNDS}")
    parser.add_argument("--only", type=_names, help=f"tools, of: {names}")
    parser.add_argument("--patience", type=float, default=PATIENCE, help=f"seconds after which a tool is measured no further at a size, default {PATIENCE}")
    parser.add_argument("--directory", type=Path, default=DIRECTORY, help="folder of the control plane, deleted before and afterwards")


def measure(options: argparse.Namespace, rows: list[dict[str, Any]]) -> None:
    """Append a row for each command that was measured. Raises RuntimeError if one fails."""
    sizes = options.sizes or (QUICK["sizes"] if options.quick else SIZES)
    rounds = options.rounds or (QUICK["rounds"] if options.quick else ROUNDS)
    only = options.only or (QUICK["only"] if options.quick else tuple(tool.name for tool in TOOLS))
    if "helm" in only:
        build_helm()
    shutil.rmtree(options.directory, ignore_errors=True)
    plane = ControlPlane(options.directory, "bench")
    try:
        plane.start()
        for size in sizes:
            tools = [tool for tool in TOOLS if tool.name in only and (not tool.sizes or size in tool.sizes)]
            _measure_size(plane, tools, size, rounds if size <= LARGE else max(rounds // 2, 1), options.patience, rows)
        for row in rows:
            row["rounds"] = sum(all(other[key] == row[key] for key in ("tool", "size", "phase")) for other in rows)
    finally:
        plane.stop()
        shutil.rmtree(options.directory, ignore_errors=True)


def _measure_size(plane: ControlPlane, tools: list[Tool], size: int, rounds: int, patience: float, rows: list[dict[str, Any]]) -> None:
    spent = dict.fromkeys(tools, 0.0)
    for number in range(1, rounds + 1):
        # Nobody always comes first.
        turn = number % len(tools)
        for tool in [*tools[turn:], *tools[:turn]]:
            if spent[tool] < patience:
                spent[tool] += _measure_tool(plane, tool, size, number, patience - spent[tool], rows)
        # All at once, as each takes seconds even when it is empty.
        _remove_namespaces(plane)


def _measure_tool(plane: ControlPlane, tool: Tool, size: int, number: int, patience: float, rows: list[dict[str, Any]]) -> float:
    """The phases of one tool in a namespace of their own, until `patience` is spent. Returns the seconds measured."""
    namespace, spent = f"bench-{tool.name.translate(NAME)}-{size}-{number}", 0.0
    folder = plane.directory / "runs" / namespace
    folder.mkdir(parents=True)
    plane.kubectl("create", "namespace", namespace)
    plane.kubectl("label", "namespace", namespace, LABEL)
    for phase in tool.phases:
        if spent >= patience:
            break
        manifests = objects(size, namespace, changed=phase == "one-percent")
        words = tool.prepare(Run(folder, plane.kubeconfig, namespace, manifests))
        _calm(plane)
        before = _versions(plane, manifests)
        done = command(words, environment(plane.directory), folder / "output.log")
        after = _versions(plane, manifests)
        if not tool.yardstick or tool.name == FLOOR:
            _complete(tool, manifests, after)
        changed = sum(before.get(key) != version for key, version in after.items())
        said = tool.said(done.output)
        row = {"tool": tool.name, "size": size, "phase": phase, "round": number, **done.row()}
        rows.append({**row, "said_changed": said, "really_changed": changed, "truthful": None if said is None else said == (changed > 0)})
        spent += done.seconds
    shutil.rmtree(folder)
    return spent


def _remove_namespaces(plane: ControlPlane) -> None:
    plane.kubectl("delete", "namespace", "--selector", LABEL, "--wait", "--timeout=900s")


def _versions(plane: ControlPlane, manifests: list[dict[str, Any]]) -> dict[tuple[str, str], str]:
    """resourceVersion of each of the objects that exist, by kind and name."""
    kinds = ",".join(sorted({manifest["kind"].lower() for manifest in manifests}))
    template = r'{range .items[*]}{.kind}{" "}{.metadata.name}{" "}{.metadata.resourceVersion}{"\n"}{end}'
    lines = plane.kubectl("get", kinds, "--namespace", manifests[0]["metadata"]["namespace"], "-o", f"jsonpath={template}").splitlines()
    ours = {(manifest["kind"], manifest["metadata"]["name"]) for manifest in manifests}
    found = {(kind, name): version for kind, name, version in (line.split() for line in lines)}
    return {key: version for key, version in found.items() if key in ours}


def _complete(tool: Tool, manifests: list[dict[str, Any]], live: dict[tuple[str, str], str]) -> None:
    if len(live) != len(manifests):
        raise RuntimeError(f"{tool.name} left {len(live)} of {len(manifests)} objects")


def _calm(plane: ControlPlane) -> None:
    """Wait until the control plane has finished what the phase before left it to do."""
    deadline = time.monotonic() + CALM_WITHIN
    processes = [psutil.Process(pid) for pid in plane.pids]
    while time.monotonic() < deadline:
        before = sum(sum(process.cpu_times()[:2]) for process in processes)
        time.sleep(0.5)
        if (sum(sum(process.cpu_times()[:2]) for process in processes) - before) / 0.5 * 100 < CALM_PERCENT:
            return


def goals(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The goals, by medians of whole commands."""

    def seconds(tool: str, size: int, phase: str = "cold") -> float | None:
        return _median(rows, "seconds", tool, size, phase)

    def best(size: int, phase: str) -> float | None:
        others = {tool.name for tool in TOOLS if not tool.yardstick and tool.name != OURS}
        found = [value for value in (seconds(tool, size, phase) for tool in others) if value is not None]
        return min(found, default=None)

    def versus(other: float | None, ours: float | None) -> float | None:
        return None if other is None or ours is None or ours <= 0 else other / ours

    def without_start(tool: str, size: int) -> float | None:
        # Every size measures the empty playbook again, beside the others.
        whole, start = seconds(tool, size), seconds(EMPTY, size)
        return None if whole is None or start is None else whole - start

    memory = [row["peak_rss_mib"] for row in rows if row["tool"] == OURS and row["size"] == 5000]
    honest = [row["truthful"] for row in rows if row["tool"] == OURS]
    return [
        Goal("one_object_vs_k8s", ">= 10", "times faster, without start-up").judged(versus(without_start(K8S, 1), without_start(OURS, 1))),
        Goal("1000_cold_vs_best", ">= 3.5", "times faster").judged(versus(best(1000, "cold"), seconds(OURS, 1000))),
        Goal("1000_warm_vs_best", ">= 6", "times faster").judged(versus(best(1000, "warm"), seconds(OURS, 1000, "warm"))),
        Goal("5000_cold_vs_best", ">= 4", "times faster").judged(versus(best(5000, "cold"), seconds(OURS, 5000))),
        Goal("5000_memory_mib", "< 400", "MiB, all processes").judged(max(memory, default=None)),
        Goal("growth_5000_vs_1000", "<= 5.5", "times slower").judged(versus(seconds(OURS, 5000), seconds(OURS, 1000))),
        Goal("1000_vs_floor", "<= 1.5", "times slower, without start-up").judged(versus(without_start(OURS, 1000), seconds(FLOOR, 1000))),
        Goal("changed_truthful", "= 1", "share of runs").judged(sum(map(bool, honest)) / len(honest) if honest else None),
    ]


def summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Medians by size, tool and phase."""
    lines = []
    for size in sorted({row["size"] for row in rows}):
        for tool in TOOLS:
            chosen = [row for row in rows if row["size"] == size and row["tool"] == tool.name]
            if not chosen:
                continue
            line: dict[str, Any] = {"objects": size, "tool": tool.name, "rounds": max(row["round"] for row in chosen)}
            line.update({phase: _median(chosen, "seconds", tool.name, size, phase) for phase in PHASES})
            honest = [row["truthful"] for row in chosen]
            line["MiB"] = math.ceil(max(row["peak_rss_mib"] for row in chosen))
            line["changed is true"] = "does not say" if None in honest else f"{sum(honest)} of {len(honest)}"
            lines.append(line)
    return lines


def _median(rows: list[dict[str, Any]], key: str, tool: str, size: int, phase: str) -> float | None:
    found = [row[key] for row in rows if (row["tool"], row["size"], row["phase"]) == (tool, size, phase)]
    return statistics.median(found) if found else None


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(word) for word in text.split(","))


def _names(text: str) -> tuple[str, ...]:
    names, known = tuple(text.split(",")), {tool.name for tool in TOOLS}
    if unknown := set(names) - known:
        raise argparse.ArgumentTypeError(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}")
    return names

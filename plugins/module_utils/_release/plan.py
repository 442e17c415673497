# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""A release as a list of stages, computed before anything is touched. The record keeps the list, so that a resumed release follows the plan it began with.

A stage: {kind, name, ...}; the kinds are the files of roles/release/tasks/stages/. The order is the safe one for every strategy:
new capacity is ready before it gets weight, and stable has all its capacity before it gets weight back.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

STRATEGIES = ("rolling", "blue_green", "canary")


class PlanError(Exception):
    """Settings that make no plan, with the remedy."""


def check_steps(steps: Sequence[Any], variable: str = "release_canary_steps") -> list[int]:
    """A schedule of weights: whole, from 1 to 100, rising, ending with 100. Raises PlanError.

    Where the last is below 100 it is added, as each release ends with all traffic on the new version.
    """
    if not steps:
        raise PlanError(f"{variable} is empty; give the canary's weights in percent, for example [10, 50, 100]")
    for step in steps:
        if isinstance(step, bool) or not isinstance(step, int) or not 1 <= step <= 100:
            raise PlanError(f"{variable} has {step!r}; give whole numbers from 1 to 100")
    if any(later <= earlier for earlier, later in itertools.pairwise(steps)):
        raise PlanError(f"{variable} is {list(steps)}, which does not rise; give each weight once, in rising order")
    return [*steps] if steps[-1] == 100 else [*steps, 100]


def replicas_for(weight: int, full: int, least: int = 1) -> int:
    """Pods that `weight` percent of the traffic needs, if `full` pods bear all of it; rounded up."""
    return max(least, math.ceil(full * weight / 100))


def plan(service: Mapping[str, Any], full: int) -> list[dict[str, Any]]:
    """The stages of a release. `service` are its settings (defaults of role release), `full` the number of stable pods now."""
    strategy = service["strategy"]
    if strategy not in STRATEGIES:
        raise PlanError(f"release_strategy is {strategy!r}; choose {', '.join(STRATEGIES)}")
    if strategy == "rolling":
        return [{"kind": "roll", "name": "roll out"}]
    if service["traffic"] == "none":
        raise PlanError(
            f"strategy {strategy} needs something that shifts traffic, but the service has no route in istio_services and no Service;"
            " declare one, or use strategy rolling"
        )
    return _blue_green(service, full) if strategy == "blue_green" else _canary(service, full)


def _canary(service: Mapping[str, Any], full: int) -> list[dict[str, Any]]:
    canary = service["canary"]
    if not service["judged"]:
        raise PlanError(
            "strategy canary needs figures to judge by; set release_analysis.metrics and release_prometheus.url, or use strategy blue_green or rolling"
        )
    if service["traffic"] == "Service":
        raise PlanError("strategy canary needs weights, and a Service has none; declare the service in istio_services, or use strategy blue_green or rolling")
    steps, gates = check_steps(canary["steps"]), {str(gate) for gate, wanted in canary["gates"].items() if wanted}
    unknown = gates - {str(step) for step in steps} - {"match", "finish"}
    if unknown:
        raise PlanError(f"release_canary.gates names {', '.join(sorted(unknown))}, but the steps are {steps}; gates stand before a step, 'match' or 'finish'")
    least = canary["replicas_min"]
    stages: list[dict[str, Any]] = [{"kind": "capacity", "name": "new version ready", "replicas": replicas_for(steps[0], full, least)}]
    if canary["mirror_percent"]:
        name = f"mirror {canary['mirror_percent']} %"
        stages.append({"kind": "weight", "name": name, "canary": 0, "matched": 0, "mirror": canary["mirror_percent"], "judge": True})
    matched = 100 if canary["match_first"] and service["matched"] else 0
    if matched:
        stages += _gate("match", gates)
        stages.append({"kind": "weight", "name": "chosen requests", "canary": 0, "matched": 100, "mirror": 0, "judge": False})
    for step in steps:
        stages += _gate(str(step), gates)
        size = replicas_for(step, full, least)
        if size > replicas_for(steps[0], full, least):
            stages.append({"kind": "capacity", "name": f"{size} pods ready", "replicas": size})
        matched_now = 100 if service["matched"] and (matched or step == 100) else 0
        stages.append({"kind": "weight", "name": f"{step} %", "canary": step, "matched": matched_now, "mirror": 0, "judge": step < 100 or canary["judge_full"]})
    return [*stages, *_gate("finish", gates), *_end(canary["keep_old_minutes"])]


def _blue_green(service: Mapping[str, Any], full: int) -> list[dict[str, Any]]:
    settings = service["blue_green"]
    stages: list[dict[str, Any]] = [{"kind": "capacity", "name": "green ready", "replicas": full}]
    if service["matched"]:
        stages.append({"kind": "weight", "name": "preview", "canary": 0, "matched": 100, "mirror": 0, "judge": False})
    if settings["smoke_test_path"]:
        stages.append({"kind": "smoke", "name": "smoke test", "path": settings["smoke_test_path"]})
    stages += _gate("switch", {"switch"} if settings["approve_switch"] else set())
    matched = 100 if service["matched"] else 0
    stages.append({"kind": "weight", "name": "switch", "canary": 100, "matched": matched, "mirror": 0, "judge": settings["judge"] and service["judged"]})
    return [*stages, *_end(settings["keep_old_minutes"])]


def _gate(name: str, wanted: set[str]) -> list[dict[str, Any]]:
    return [{"kind": "gate", "name": f"approval before {name}{' %' if name.isdigit() else ''}", "gate": name}] if name in wanted else []


def _end(minutes: float) -> list[dict[str, Any]]:
    keep = [{"kind": "keep", "name": f"old version warm for {minutes:g} min", "minutes": minutes}] if minutes else []
    return [*keep, {"kind": "finish", "name": "new version is stable"}]


def rows(stages: Sequence[Mapping[str, Any]], done: int = 0) -> list[str]:
    """The plan as lines for people; `done` stages are marked."""
    return [f"{'x' if number < done else ' '} {number + 1}. {words(stage)}" for number, stage in enumerate(stages)]


def words(stage: Mapping[str, Any]) -> str:
    kind = stage["kind"]
    if kind == "capacity":
        return f"{stage['name']}: {stage['replicas']} pods"
    if kind == "weight":
        split = f"stable {100 - stage['canary']} %, canary {stage['canary']} %"
        chosen = ", chosen requests to canary" if stage["matched"] else ""
        copied = f", copies of {stage['mirror']} % to canary" if stage["mirror"] else ""
        return f"{split}{chosen}{copied}{', judged' if stage['judge'] else ''}"
    return str(stage["name"])

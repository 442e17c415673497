# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The judges, each with the settings that its users start from, and what each makes of one trial."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from types import ModuleType
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._canary import argo
from ansible_collections.llmops.platform.plugins.module_utils._canary import kayenta
from ansible_collections.llmops.platform.plugins.module_utils._canary import sequential
from ansible_collections.llmops.platform.plugins.module_utils._canary import threshold
from tests.benchmarks.canary.cell import HORIZON
from tests.benchmarks.canary.cell import SCRAPE
from tests.benchmarks.canary.cell import SLOW
from tests.benchmarks.canary.cell import Cell
from tests.benchmarks.canary.simulator import Trial
from tests.benchmarks.canary.views import INTERVAL
from tests.benchmarks.canary.views import minutes
from tests.benchmarks.canary.views import raw_looks

PROMOTE, ROLL_BACK, INCONCLUSIVE = "promote", "roll_back", "inconclusive"
OURS = "sequential"
# Shares of errors, and of requests above any one bound, that nobody rolls back for.
NEGLIGIBLE, NEGLIGIBLE_SLOW = 0.0005, 0.001
# Looks of a trial that are judged twice more.
REPEATED = 60


@dataclass(frozen=True)
class Outcome:
    """A judge's last word on a trial, or its first `roll_back`, after `seconds`; `first_promote`: when it would first have let the release go on."""

    judge: str
    verdict: str
    seconds: float
    first_promote: float | None
    requests: int
    excess: float
    cpu_seconds: float
    looks: int


def limit(cell: Cell) -> float:
    """Share of errors that the service's owner allows: the same for all judges, above what is usual for the service."""
    return max(0.01, 2.0 * cell.base_error)


def sequential_config(cell: Cell) -> dict[str, Any]:
    """The defaults of the engine, and what the owner says of errors."""
    errors = {"direction": "increase", "slo": limit(cell), "negligible": NEGLIGIBLE}
    return {"warm_up": 60.0 * cell.warm_up, "metrics": {"errors": errors, "latency": {"direction": "increase", "negligible": NEGLIGIBLE_SLOW}}}


def _sequential(trial: Trial) -> Outcome:
    return followed(OURS, sequential, sequential_config(trial.cell), raw_looks(trial, SCRAPE), trial, until=trial.cell.compared_until())


def _valued(trial: Trial, points: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What Flagger and Argo read: the canary's own values."""
    first = int(trial.cell.warm_up * 60.0 / INTERVAL)
    return [{"time": INTERVAL * (number + 1), "metrics": point["canary"]} for number, point in enumerate(points) if number >= first]


def _flagger(failures: int, trial: Trial, points: list[dict[str, Any]]) -> Outcome:
    config = {
        "threshold": failures,
        "steps": None,
        "metrics": {"success": {"min": 100.0 * (1.0 - limit(trial.cell)), "max": None}, "p99": {"min": None, "max": SLOW}},
    }
    # It promotes what it has not rolled back when its last step is over.
    return followed(f"flagger_{failures}", threshold, config, _valued(trial, points), trial, at_the_end=PROMOTE)


def _argo(failures: int, trial: Trial, points: list[dict[str, Any]]) -> Outcome:
    looks = _valued(trial, points)
    shared = {"failure": None, "failure_limit": failures, "inconclusive_limit": 0, "consecutive_error_limit": 4, "count": len(looks), "interval": True}
    success = {"success": {"min": 100.0 * (1.0 - limit(trial.cell)), "max": None}, "p99": {"min": None, "max": SLOW}}
    config = {"metrics": {name: {"success": condition, **shared} for name, condition in success.items()}}
    return followed(f"argo_{failures}", argo, config, looks, trial)


def _kayenta(looks: int, trial: Trial, points: list[dict[str, Any]]) -> Outcome:
    metric = {"direction": "increase", "nan": "remove", "outliers": "keep", "effect": {"increase": 1.0, "decrease": 1.0}}
    config = {
        "metrics": {"errors": {**metric, "group": "errors"}, "latency": {**metric, "group": "latency"}},
        "groups": {"errors": 50, "latency": 50},
        "pass": 95,
        "marginal": 75,
        "looks": looks,
    }
    first = int(trial.cell.warm_up * 60.0 / INTERVAL)
    columns = {
        (name, arm): [_number(point[arm][value], turned) for point in points]
        for name, value, turned in (("errors", "success", True), ("latency", "p99", False))
        for arm in ("canary", "control")
    }
    views = []
    for look in range(1, looks + 1):
        last = round(len(points) * look / looks)
        metrics = {name: {"canary": columns[name, "canary"][first:last], "baseline": columns[name, "control"][first:last]} for name in ("errors", "latency")}
        views.append({"time": INTERVAL * last, "metrics": metrics})
    return followed(f"kayenta_{looks}", kayenta, config, views, trial)


def _number(found: dict[str, Any], turned: bool) -> float:
    value = found["value"]
    if value is None:
        return math.nan
    return 100.0 - value if turned else value


VALUED: dict[str, Callable[[Trial, list[dict[str, Any]]], Outcome]] = {
    **{f"flagger_{failures}": partial(_flagger, failures) for failures in (1, 5, 10)},
    **{f"argo_{failures}": partial(_argo, failures) for failures in (0, 3)},
    **{f"kayenta_{looks}": partial(_kayenta, looks) for looks in (1, 3)},
}
JUDGES = (OURS, *VALUED)


def outcomes(trial: Trial, judges: Sequence[str] = JUDGES) -> list[Outcome]:
    """Of these judges, of the same scrapes."""
    asked = [VALUED[name] for name in judges if name in VALUED]
    points = minutes(trial) if asked else []
    return [*([_sequential(trial)] if OURS in judges else []), *(judge(trial, points) for judge in asked)]


def followed(name: str, judge: ModuleType, config: dict[str, Any], looks: Any, trial: Trial, at_the_end: str | None = None, until: float = HORIZON) -> Outcome:
    """Look by look, until it rolls back or the release is over; the word that counts else is the one at `until`."""
    state, verdict, seconds, first, used, number = judge.initial_state(), INCONCLUSIVE, HORIZON, None, 0.0, 0
    due = INCONCLUSIVE
    for look in looks:
        begin = time.process_time()
        verdict, state, _details = judge.judge(config, state, look)
        used += time.process_time() - begin
        number += 1
        if verdict == PROMOTE and first is None:
            first = look["time"]
        if look["time"] <= until:
            due = verdict
        if verdict == ROLL_BACK:
            seconds = look["time"]
            break
    if verdict != ROLL_BACK:
        verdict = at_the_end or due
    step = min(int(seconds / SCRAPE), len(trial.excess) - 1)
    return Outcome(name, verdict, seconds, first, trial.canary_requests[step], trial.excess[step], used, number)


def repeats(trial: Trial) -> bool:
    """Whether our judge says the same, byte for byte, of the same samples: once in one go, once with its state written and read between looks."""
    config, ends = sequential_config(trial.cell), []
    for written in (False, True):
        state, said = sequential.initial_state(), []
        for look in islice(raw_looks(trial, SCRAPE), REPEATED):
            verdict, state, details = sequential.judge(config, json.loads(json.dumps(state)) if written else state, look)
            said.append((verdict, json.dumps(details, sort_keys=True)))
        ends.append((said, json.dumps(state, sort_keys=True)))
    return ends[0] == ends[1]

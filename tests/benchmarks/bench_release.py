# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Releases under load through a real Envoy: how soon weights reach requests, what a switch costs, how soon a bad canary is led back.

It runs on the deployed local environment (`make deploy LIMIT=llm_marketplace`) and leaves the service at the inventory's version.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path
from typing import Any

from tests.benchmarks.report import Goal
from tests.support.load import Answer
from tests.support.load import report
from tests.support.mesh import eventually
from tests.support.releases import ROOT
from tests.support.releases import Releases
from tests.support.releases import faulty

RATE = 200
WARM = {"smoke_test_path": "/", "approve_switch": False, "judge": False, "keep_old_minutes": 0.2}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--directory", type=Path, default=ROOT / ".local", help="folder of the local environment, which runs")
    parser.add_argument("--changes", type=int, default=10, help="changes of weights that are timed")


def measure(options: argparse.Namespace, rows: list[dict[str, Any]]) -> None:
    """Append a row for each measurement. Raises AssertionError where a release does not end as it should."""
    releases = Releases(options.directory)
    releases.rest()
    try:
        _weights(releases, options.changes, rows)
        releases.rest()
        _under_load(releases, "blue-green", "2.0.0", "blue_green", rows, release_blue_green=WARM)
        releases.rest()
        _under_load(releases, "canary", "3.0.0", "canary", rows, release_canary_steps=[10, 50, 100])
        releases.rest()
        _bad(releases, rows)
    finally:
        releases.rest()


def _weights(releases: Releases, changes: int, rows: list[dict[str, Any]]) -> None:
    """From the patch of weights until the first answer by the new ones; both versions run."""
    gate = {
        "steps": [20, 100],
        "replicas_min": 1,
        "match_first": False,
        "mirror_percent": 0,
        "gates": {"20": True},
        "step_needs": "no_harm",
        "judge_full": False,
        "keep_old_minutes": 0,
    }
    done = releases.release("1.9.0", "canary", release_gate_mode="stop", release_canary=gate)
    assert done.returncode == 0, done.stdout[-2000:]
    with releases.load(RATE, 400) as load:
        eventually(lambda: len(load.answers) > RATE, "answers")
        for number in range(changes):
            track, weights = ("canary", (0, 100)) if number % 2 == 0 else ("stable", (100, 0))
            begun = time.time()
            _patch(releases, weights)
            eventually(lambda begun=begun, track=track: _first(load.answers, begun, track), f"answers of {track}", 30)
            first = _first(load.answers, begun, track)
            time.sleep(2)
            last = max((answer.at for answer in load.answers if answer.at > begun and answer.track and answer.track != track), default=begun)
            rows.append({"measured": "weight change", "to": track, "first_seconds": round(first - begun, 3), "whole_seconds": round(last - begun, 3)})


def _patch(releases: Releases, weights: tuple[int, int]) -> None:
    routes = releases.get("virtualservice", releases.service)["spec"]["http"]
    position = next(number for number, route in enumerate(routes) if route["name"] == "primary")
    changes = [f'{{"op": "add", "path": "/spec/http/{position}/route/{place}/weight", "value": {weight}}}' for place, weight in enumerate(weights)]
    releases.kubectl("patch", "virtualservice", releases.service, "--field-manager=llmops-release", "--type=json", "-p", f"[{','.join(changes)}]")


def _first(answers: list[Answer], after: float, track: str) -> float:
    return next((answer.at for answer in answers[-RATE * 60 :] if answer.at > after and answer.track == track), 0.0)


def _under_load(releases: Releases, name: str, version: str, strategy: str, rows: list[dict[str, Any]], **variables: Any) -> None:
    begun = time.monotonic()
    with releases.load(RATE, 450) as load:
        done = releases.release(version, strategy, **variables)
    assert done.returncode == 0, done.stdout[-2000:]
    found = report(load.answers)
    rows.append(
        {"measured": name, "seconds": round(time.monotonic() - begun, 1), "requests": found["requests"], "failed": len(found["failed"]), **found["latency_ms"]}
    )


def _bad(releases: Releases, rows: list[dict[str, Any]]) -> None:
    with releases.load(RATE, 300) as load:
        done = releases.release("4.0.0", "canary", release_canary_steps=[10, 50, 100], **faulty(5, **{"llmops.platform/run-latency-ms": "5"}))
    assert done.returncode != 0, "a canary with 5 % errors was promoted"
    canary = [answer.at for answer in load.answers if answer.version == "4.0.0"]
    found = report(load.answers)
    assert canary, f"no request reached the bad canary; the answers were {found['statuses']}\n{done.stdout[-2000:]}"
    rows.append(
        {
            "measured": "bad canary",
            "rolled_back_seconds": round(max(canary) - min(canary), 1),
            "canary_requests": len(canary),
            "requests": found["requests"],
            "failed": len(found["failed"]),
        }
    )


def goals(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the issue of releases asks of the live environment."""
    changes = [row["first_seconds"] for row in rows if row["measured"] == "weight change"]

    def of(name: str, key: str) -> Any:
        return next((row[key] for row in rows if row["measured"] == name), None)

    return [
        Goal("weight_to_traffic_median", "<= 2", "s").judged(statistics.median(changes) if changes else None),
        Goal("blue_green_failed_requests", "= 0", "requests").judged(of("blue-green", "failed")),
        Goal("canary_failed_requests", "= 0", "requests").judged(of("canary", "failed")),
        Goal("bad_canary_rolled_back", "<= 60", "s").judged(of("bad canary", "rolled_back_seconds")),
    ]


def summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The measurements with the same columns."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    return [{key: row.get(key) for key in keys} for row in rows]

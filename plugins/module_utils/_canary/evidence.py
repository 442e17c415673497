# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What a look saw, as data: queries, windows, counts, ratio with its confidence sequence, E-values, what is still needed, verdict and reason."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._canary import sequential

#: Points of the curves that a state keeps; beyond it every second one goes.
MOST_POINTS = 240
KEPT = ("e_harm", "e_safe")


def moment(seconds: float) -> str:
    """ISO 8601 in UTC."""
    return datetime.fromtimestamp(round(seconds, 3), UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def remember(state: dict[str, Any], time: float, verdict: str, details: dict[str, Any]) -> None:
    """One point more of the curves: time, verdict and by metric requests, ratio with its limits, and E-values."""
    point: dict[str, Any] = {"time": round(time, 3), "verdict": verdict, "metrics": {}}
    for name, one in details["metrics"].items():
        if "e_harm" in one:
            ratio = one["ratio"]
            point["metrics"][name] = [one["canary"]["requests"], ratio["estimate"], ratio["low"], ratio["high"], one["e_harm"], one["e_safe"]]
    if len(state["path"]) >= MOST_POINTS:
        state["path"] = state["path"][::2]
    state["path"].append(point)


def needed(config: dict[str, Any], name: str, detail: dict[str, Any]) -> dict[str, Any] | None:
    """How many requests of the canary more each verdict needs, if all goes on as it did; None before there is a rate."""
    n_c, n_b, x_b = detail["canary"]["requests"], detail["baseline"]["requests"], detail["baseline"]["events"]
    x_c = detail["canary"]["events"]
    if not n_c or not n_b or not (x_b or x_c):
        return None
    ratio = detail["ratio"]["estimate"]
    rate = min(1.0, (x_b or 0.5) / n_b)
    one = {**config["metrics"][name], "alpha": config["alpha"], "beta": config["beta"], "min_requests": config["min_requests"]}
    one["tests"] = detail["e_harm_needed"] * config["alpha"]
    if one.get("direction") == "decrease" and ratio:
        ratio = 1 / ratio
    whole = sequential.requests_needed(min(16.0, 16.0 if ratio is None else ratio), rate, n_c / (n_c + n_b), one)
    return {verdict: None if count is None else max(0, round(count * detail["dispersion"] - n_c)) for verdict, count in whole.items()}


def of_look(arguments: dict, config: dict, state: dict, seen: dict, asked: list[dict], notes: list[str], window: tuple[float, float]) -> dict[str, Any]:
    """The evidence of one look."""
    details = seen["details"]
    metrics = sequential.clone(details["metrics"])
    if arguments["mode"] == "sequential":
        for name, one in metrics.items():
            one["needed"] = needed(config, name, one)
    target = {key: value for key, value in arguments["target"].items() if value}
    settings = {key: value for key, value in config.items() if key != "metrics"}
    return {
        "time": moment(seen["time"]),
        "target": target,
        "mode": arguments["mode"],
        "look": state["looks"],
        "verdict": seen["verdict"],
        "final": seen["final"],
        "reason": seen["reason"],
        "window": {"begin": moment(window[0]), "end": moment(window[1]), "analysis_begin": moment(state["begun"])},
        "settings": settings,
        "metrics": metrics,
        "queries": asked,
        "looks_without_use": state["counts"],
        "notes": notes,
        "path": state["path"],
    }

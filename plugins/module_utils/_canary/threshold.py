# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Flagger's rule (pkg/controller/scheduler.go): a look fails at its first metric outside its range, and `threshold` failed looks roll back.

As there, failed looks are never forgotten, and a value that is missing, NaN or could not be read is a failed look like any other.
Unlike there, a promotion after `steps` good looks is part of the rule (there the weight's own steps are what is counted).
"""

from __future__ import annotations

import math
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._canary.sequential import INCONCLUSIVE
from ansible_collections.llmops.platform.plugins.module_utils._canary.sequential import PROMOTE
from ansible_collections.llmops.platform.plugins.module_utils._canary.sequential import ROLL_BACK

DEFAULTS: dict[str, Any] = {"threshold": 5, "steps": None}


def initial_state() -> dict[str, Any]:
    """The state before the first look, JSON-able."""
    return {"failed_checks": 0, "passed_checks": 0}


def within(value: float, limits: dict[str, float | None]) -> bool:
    """Whether `min` <= value <= `max`, of which either may be missing."""
    return (limits.get("min") is None or value >= limits["min"]) and (limits.get("max") is None or value <= limits["max"])


def usable(data: dict[str, Any]) -> float | None:
    """A metric's value, or None where there is none to judge by."""
    value = data.get("value")
    if data.get("status", "ok") != "ok" or value is None or not math.isfinite(value):
        return None
    return float(value)


def judge(config: dict[str, Any], state: dict[str, Any], look: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """One look: the verdict, the state for the next look and the details for the evidence. `state` itself is not changed."""
    config = {**DEFAULTS, **config}
    state = {**initial_state(), **state}
    details: dict[str, Any] = {}
    why = ""
    for name, limits in config["metrics"].items():
        data = look["metrics"].get(name) or {"status": "empty"}
        value = usable(data)
        status = data.get("status", "ok")
        if value is None and status == "ok":
            status = "nan" if data.get("value") is not None else "empty"
        details[name] = {"status": status, "value": value, "passed": value is not None and within(value, limits)}
        if not details[name]["passed"]:
            shown = status if value is None else f"{value:g}, not within {limits.get('min')} to {limits.get('max')}"
            why = f"{name}: {shown}"
            break
    if why or not config["metrics"]:
        state["failed_checks"] += 1
    else:
        state["passed_checks"] += 1
    verdict, reason = INCONCLUSIVE, f"{why or 'passed'}; {state['failed_checks']} of {config['threshold']} failed looks"
    if state["failed_checks"] >= config["threshold"]:
        verdict = ROLL_BACK
    elif not why and config["steps"] is not None and state["passed_checks"] >= config["steps"]:
        verdict, reason = PROMOTE, f"{state['passed_checks']} looks passed"
    return verdict, state, {"metrics": details, "reason": reason}

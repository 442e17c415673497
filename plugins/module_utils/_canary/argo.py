# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The rule of Argo Rollouts (analysis/analysis.go, utils/evaluate/evaluate.go): measurements are successful, failed, inconclusive or errors.

One difference is on purpose: a run without a successful measurement never promotes; there a run that ends before it measured anything is successful.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._canary.sequential import INCONCLUSIVE
from ansible_collections.llmops.platform.plugins.module_utils._canary.sequential import PROMOTE
from ansible_collections.llmops.platform.plugins.module_utils._canary.sequential import ROLL_BACK
from ansible_collections.llmops.platform.plugins.module_utils._canary.threshold import usable
from ansible_collections.llmops.platform.plugins.module_utils._canary.threshold import within

DEFAULTS: dict[str, Any] = {
    "success": None,
    "failure": None,
    "failure_limit": 0,
    "inconclusive_limit": 0,
    "consecutive_error_limit": 4,
    "consecutive_success_limit": 0,
    "count": None,
    "interval": True,
}
COUNTERS = ("count", "successful", "failed", "inconclusive", "error", "consecutive_error", "consecutive_success")
#: From best to worst, as a run has the phase of its worst metric.
PHASES = ("successful", "running", "inconclusive", "error", "failed")
VERDICTS = {"successful": PROMOTE, "running": INCONCLUSIVE, "inconclusive": INCONCLUSIVE, "error": ROLL_BACK, "failed": ROLL_BACK}


def initial_state() -> dict[str, Any]:
    """The state before the first look, JSON-able."""
    return {"metrics": {}}


def measured(metric: dict[str, Any], data: dict[str, Any]) -> str:
    """One measurement: `successful`, `failed`, `inconclusive` or `error`."""
    value = usable(data)
    if value is None:
        return "error"
    success, failure = metric["success"], metric["failure"]
    if failure is not None and within(value, failure):
        return "failed"
    if success is None:
        return "successful"
    if within(value, success):
        return "successful"
    return "failed" if failure is None else "inconclusive"


def phase(metric: dict[str, Any], counts: dict[str, int]) -> str:
    """A metric's phase by its limits."""
    count = metric["count"] if metric["count"] is not None else (None if metric["interval"] else 1)
    result = "running"
    if metric["consecutive_success_limit"] and counts["consecutive_success"] >= metric["consecutive_success_limit"]:
        result = "successful"
    if count is not None and counts["count"] >= count:
        result = "successful" if counts["successful"] else "inconclusive"
        if metric["consecutive_success_limit"] and counts["consecutive_success"] < metric["consecutive_success_limit"]:
            result = "inconclusive" if metric["failure_limit"] else "failed"
    if counts["failed"] > metric["failure_limit"] >= 0:
        result = "failed"
    if counts["inconclusive"] > metric["inconclusive_limit"]:
        result = "inconclusive"
    if counts["consecutive_error"] > metric["consecutive_error_limit"]:
        result = "error"
    return result


def judge(config: dict[str, Any], state: dict[str, Any], look: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """One look: the verdict, the state for the next look and the details for the evidence. `state` itself is not changed."""
    metrics: dict[str, Any] = {}
    details: dict[str, Any] = {}
    for name, given in config["metrics"].items():
        metric = {**DEFAULTS, **given}
        data = look["metrics"].get(name) or {"status": "empty"}
        counts = metrics[name] = {**dict.fromkeys(COUNTERS, 0), "phase": "running", **state.get("metrics", {}).get(name, {})}
        if counts["phase"] == "running":
            result = measured(metric, data)
            counts[result] += 1
            counts["count"] += result != "error"
            counts["consecutive_error"] = counts["consecutive_error"] + 1 if result == "error" else 0
            counts["consecutive_success"] = counts["consecutive_success"] + 1 if result == "successful" else 0
            counts["phase"] = phase(metric, counts)
        details[name] = {"status": data.get("status", "ok"), "value": data.get("value"), **counts}
    worst = max((one["phase"] for one in details.values()), key=PHASES.index, default="inconclusive")
    reason = "; ".join(f"{name}: {one['phase']}, {one['failed']} failed, {one['error']} errors of {one['count']}" for name, one in details.items())
    return VERDICTS[worst], {"metrics": metrics}, {"metrics": details, "phase": worst, "reason": reason or "no metric is declared"}

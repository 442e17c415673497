# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Gate error_budget: what is left of what the objective allows to fail, and where to draw the line."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._release.findings import ERROR
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import INFO
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import SEVERITIES
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import WARNING
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import Finding
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import finding
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import wrong

CHECKS = ("prometheus", "none")
WINDOW = re.compile(r"[1-9][0-9]*[mhdw]")
# Below, one failed request is a large part of the budget: a figure of chance.
LEAST_ALLOWED = 10
OVERRULE = "or overrule it with release_override.error_budget and a reason"


def settings_problems(policy: Mapping[str, Any]) -> list[Finding]:
    """What in `release_gates.error_budget` cannot be meant."""

    def bad(key: str, remedy: str) -> Finding:
        return wrong(f"release_gates.error_budget.{key}", f"is {policy.get(key)!r}", remedy)

    found = []
    if policy.get("check") not in CHECKS:
        return [bad("check", f"Use one of {', '.join(CHECKS)}.")]
    if policy["check"] == "none":
        return []
    if not _number(policy.get("objective")) or not 50 <= policy["objective"] < 100:
        found.append(bad("objective", "Give the percentage that must succeed, from 50 to below 100, for example 99.9."))
    if not WINDOW.fullmatch(str(policy.get("window"))):
        found.append(bad("window", "Write a number and m, h, d or w, for example 30d."))
    if not _number(policy.get("floor_percent")) or not 0 <= policy["floor_percent"] <= 100:
        found.append(bad("floor_percent", "Give the percentage of the budget that must be left, from 0 to 100."))
    if policy.get("no_data") not in SEVERITIES[:2]:
        found.append(bad("no_data", f"Use {ERROR} or {WARNING}."))
    if not re.match(r"https?://", str(policy.get("url") or "")):
        found.append(bad("url", "Name Prometheus, for example http://prometheus.observability:9090; or set check to none."))
    return found


def judge(policy: Mapping[str, Any], service: str, answer: Mapping[str, Any]) -> list[Finding]:
    """`answer`: result of module service_level_info, not looked at where `check` is none."""
    if problems := settings_problems(policy):
        return problems
    if policy["check"] == "none":
        return [finding("error_budget", INFO, "nobody looked at the error budget, release_gates.error_budget.check is none")]
    window, objective = policy["window"], float(policy["objective"])
    if answer.get("problem"):
        what = f"the error budget of {service} cannot be read: {answer['problem']}"
        return [finding("error_budget", ERROR, what, f"Repair the access to Prometheus, {OVERRULE}.")]
    requests, errors = answer.get("requests"), answer.get("errors")
    if not _number(requests) or not _number(errors) or requests <= 0:
        what = f"Prometheus has no requests of {service} within {window}, so nothing is known of its error budget"
        return [finding("error_budget", policy["no_data"], what, f"Look whether its metrics are collected under these names, {OVERRULE}.")]
    if errors > requests:
        what = f"Prometheus counts {errors:.0f} errors among {requests:.0f} requests of {service}, which cannot be"
        return [finding("error_budget", ERROR, what, "Correct release_gates.error_budget.errors and .requests: errors must be among the requests.")]
    allowed = requests * (100 - objective) / 100
    left = round(100 * (1 - errors / allowed), 6)
    figures = f"{errors:.0f} of {requests:.0f} requests failed within {window}, {objective:g} % allows {allowed:.0f}: {left:.1f} % of the budget is left"
    if allowed < LEAST_ALLOWED:
        what = f"{figures}; so few requests say little, one failure is {100 / allowed:.0f} % of the budget"
        return [finding("error_budget", WARNING if errors else INFO, what, "Take a longer window.")]
    if left < policy["floor_percent"]:
        remedy = f"Repair what fails first, wait until it leaves the window, {OVERRULE} if this version is the repair."
        return [finding("error_budget", ERROR, f"{figures}, wanted are {policy['floor_percent']:g} %", remedy)]
    return [finding("error_budget", INFO, figures)]


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)

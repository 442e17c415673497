# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Looks that tell nothing, and what becomes of an analysis at its end: limits for bad looks, looks without data and query errors, each its own.

The counts are of looks one after another; a look that went well sets them back. Nothing here ever promotes but the SLO floor of a service with too little
traffic, which has to be asked for.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._canary.sequential import INCONCLUSIVE
from ansible_collections.llmops.platform.plugins.module_utils._canary.sequential import PROMOTE
from ansible_collections.llmops.platform.plugins.module_utils._canary.sequential import ROLL_BACK

ERRORS = ("error", "timeout", "partial", "several")
BAD = ("nan", "invalid")
#: None is no limit. A wrong verdict is worse than a late one: only what cannot be read for long ends an analysis, and it ends it by holding.
DEFAULTS: dict[str, int | None] = {"bad": 3, "no_data": None, "query_error": 5}


def kind(statuses: list[str]) -> str | None:
    """What a look counts as: the worst of its metrics, `query_error` before `bad` before `no_data`; None if it went well."""
    if any(status in ERRORS for status in statuses):
        return "query_error"
    if any(status in BAD for status in statuses):
        return "bad"
    return "no_data" if not statuses or any(status != "ok" for status in statuses) else None


def counted(counts: dict[str, int], what: str | None) -> dict[str, int]:
    """The counts after a look."""
    return {name: counts.get(name, 0) + 1 if name == what else 0 for name in DEFAULTS}


def exceeded(limits: dict[str, int | None], counts: dict[str, int]) -> str | None:
    """The sentence about a limit that was passed."""
    for name, limit in {**DEFAULTS, **limits}.items():
        if limit is not None and counts.get(name, 0) > limit:
            return f"{counts[name]} looks one after another with {name.replace('_', ' ')}, {limit} are allowed (limits.{name})"
    return None


def conclude(options: dict[str, Any], verdict: str, details: dict[str, Any], counts: dict[str, int], seconds: float) -> tuple[str, bool, str]:
    """Verdict, whether it is final, and why, after limits, deadline and the policy for low traffic.

    `options` has `limits`, `on_limit` and `on_deadline` (hold | roll_back), `deadline` (seconds, None for no end), `low_traffic`
    (`policy` hold | slo, `after` seconds); `seconds` is how long the analysis has lasted.
    """
    reason = details["reason"]
    if verdict == ROLL_BACK:
        return verdict, True, reason
    passed = exceeded(options.get("limits") or {}, counts)
    if passed:
        return (ROLL_BACK if options.get("on_limit") == "roll_back" else INCONCLUSIVE), True, f"{passed}; {reason}"
    if verdict == PROMOTE:
        # The judges refuse to promote on such a look; this is the second lock.
        if any(count for count in counts.values()):
            return INCONCLUSIVE, False, f"the last look had no usable data; {reason}"
        return verdict, True, reason
    low = options.get("low_traffic") or {}
    if low.get("policy") == "slo" and seconds >= low.get("after", 3600) and not any(counts.values()):
        floor = details.get("floor")
        if floor and floor["holds"]:
            return PROMOTE, True, f"too little traffic for a comparison after {seconds:g} seconds, judged by the SLO floor alone: {floor['said']}"
    deadline = options.get("deadline")
    if deadline is not None and seconds >= deadline:
        if options.get("on_deadline") == "roll_back":
            return ROLL_BACK, True, f"no verdict within {deadline:g} seconds (on_deadline is roll_back); {reason}"
        return INCONCLUSIVE, True, f"no verdict within {deadline:g} seconds, held for a person; {reason}"
    return INCONCLUSIVE, False, reason

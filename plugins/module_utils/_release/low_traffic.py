# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What is to happen where a service can never have the requests that a verdict needs; judged by canary_analysis, only checked here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._release.findings import WARNING
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import Finding
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import finding
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import wrong

POLICIES = ("hold", "slo")


def judge(policy: Any) -> list[Finding]:
    """What in `release_gates.low_traffic` cannot be meant; a promotion without a comparison is said."""
    where = "release_gates.low_traffic"
    if not isinstance(policy, Mapping):
        return [wrong(where, f"is {policy!r}, no map", "Write {policy: hold} or {policy: slo, after: 3600}.")]
    found = []
    if policy.get("policy") not in POLICIES:
        found.append(wrong(f"{where}.policy", f"is {policy.get('policy')!r}", f"Use one of {', '.join(POLICIES)}."))
    after = policy.get("after", 3600)
    if not isinstance(after, (int, float)) or isinstance(after, bool) or not 60 <= after <= 30 * 86400:
        found.append(wrong(f"{where}.after", f"is {after!r}", "Give seconds, from 60 to 2592000."))
    if policy.get("policy") == "slo" and not found:
        what = f"with too little traffic for a comparison the new version is judged by its SLO alone after {after:g} s"
        found.append(finding("low_traffic", WARNING, what, "So few requests prove little; look at it yourself."))
    return found

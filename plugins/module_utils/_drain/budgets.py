# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What PodDisruptionBudgets say of one pod, by the rules of the API server's eviction."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._drain.choosing import is_finished
from ansible_collections.llmops.platform.plugins.module_utils._k8s.selectors import selects

NOW, LATER, NEVER = "now", "later", "never"


@dataclass(frozen=True)
class Verdict:
    """`when` a pod may go; `budget` is `namespace/name` of the one that holds it, `why` in a sentence."""

    when: str
    budget: str = ""
    why: str = ""


def judge(pod: Mapping[str, Any], budgets: Iterable[Mapping[str, Any]]) -> Verdict:
    """When the budgets of its namespace let a pod go.

    NEVER is what waiting cannot cure: more than one budget for the pod, or one that wants as many healthy pods as there are.
    """
    metadata, status = pod["metadata"], pod.get("status") or {}
    if metadata.get("deletionTimestamp") or is_finished(pod) or status.get("phase") == "Pending":
        return Verdict(NOW)
    labels = metadata.get("labels") or {}
    mine = [one for one in budgets if one["metadata"]["namespace"] == metadata["namespace"] and selects((one.get("spec") or {}).get("selector"), labels)]
    if not mine:
        return Verdict(NOW)
    names = ", ".join(sorted(_name(one) for one in mine))
    if len(mine) > 1:
        return Verdict(NEVER, names, "more than one budget selects the pod, which the API server refuses for ever; leave it to one of them")
    return _judge_one(mine[0], names, ready=_is_ready(status))


def _judge_one(budget: Mapping[str, Any], name: str, *, ready: bool) -> Verdict:
    spec, status = budget.get("spec") or {}, budget.get("status") or {}
    healthy, desired, expected = (int(status.get(key) or 0) for key in ("currentHealthy", "desiredHealthy", "expectedPods"))
    if status.get("observedGeneration", 0) < budget["metadata"].get("generation", 0):
        return Verdict(LATER, name, "its controller has not looked at it yet")
    if not ready and (spec.get("unhealthyPodEvictionPolicy") == "AlwaysAllow" or healthy >= desired > 0):
        return Verdict(NOW)
    if int(status.get("disruptionsAllowed") or 0) > 0:
        return Verdict(NOW)
    figures = f"it wants {desired} healthy pods of {expected}, {healthy} are"
    if ready and desired >= expected:
        return Verdict(NEVER, name, f"{figures}, so it never lets one go; run more replicas, or lower what it wants")
    return Verdict(LATER, name, figures)


def _is_ready(status: Mapping[str, Any]) -> bool:
    return any(one.get("type") == "Ready" and one.get("status") == "True" for one in status.get("conditions") or [])


def _name(budget: Mapping[str, Any]) -> str:
    return f"{budget['metadata']['namespace']}/{budget['metadata']['name']}"

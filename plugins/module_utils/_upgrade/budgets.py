# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Disruption budgets that would stop a drain."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Any

# Names of pods that are kept for each budget: for people, not for machines.
NAMES = 20


def number(value: Any, total: int) -> int:
    """`2` or `"50%"` of `total`, percentages rounded up as the controller does."""
    words = str(value)
    return -(-int(words[:-1]) * total // 100) if words.endswith("%") else int(words)


@dataclass
class Budget:
    """A PodDisruptionBudget and the pods on nodes that it covers."""

    namespace: str
    name: str
    selector: Mapping[str, Any] | None
    spec: Mapping[str, Any]
    status: Mapping[str, Any]
    generation: int = 0
    pods: list[str] = field(default_factory=list)
    covered: int = 0

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> Budget:
        metadata, spec = item["metadata"], item.get("spec") or {}
        kept = {key: spec[key] for key in ("minAvailable", "maxUnavailable") if spec.get(key) is not None}
        return cls(metadata["namespace"], metadata["name"], spec.get("selector"), kept, item.get("status") or {}, metadata.get("generation") or 0)

    def cover(self, pod: str) -> None:
        self.covered += 1
        if len(self.pods) < NAMES:
            self.pods.append(pod)

    @property
    def allowed(self) -> int:
        """Evictions that the API server would allow now; none before its controller has looked at the newest spec."""
        if (self.status.get("observedGeneration") or 0) < self.generation:
            return 0
        return int(self.status.get("disruptionsAllowed") or 0)

    @property
    def never(self) -> str:
        """Why it allows no eviction even when all its pods are well; empty if it does."""
        expected = int(self.status.get("expectedPods") or 0) or self.covered
        if "maxUnavailable" in self.spec:
            return f"maxUnavailable is {self.spec['maxUnavailable']}" if number(self.spec["maxUnavailable"], expected or 1) <= 0 else ""
        least = self.spec.get("minAvailable", 1)
        if expected and number(least, expected) >= expected:
            return f"minAvailable is {least} of {expected} pods"
        return ""

    @property
    def failed(self) -> str:
        """What its controller says where it cannot count the pods."""
        for condition in self.status.get("conditions") or []:
            if condition.get("type") == "DisruptionAllowed" and condition.get("reason") == "SyncFailed":
                return str(condition.get("message") or "its controller cannot count the pods")
        return ""


def blocking(budgets: Iterable[Budget]) -> list[dict[str, Any]]:
    """Rows of those that cover pods on nodes and let none go now, or never would.

    `{namespace, name, allowed, pods, covered, never, reason, remedy}`, `pods` at most NAMES of the `covered` ones.
    """
    rows = []
    for budget in budgets:
        never = budget.never
        if not budget.covered or (budget.allowed > 0 and not never):
            continue
        reason, remedy = _why(budget, never)
        rows.append(
            {
                "namespace": budget.namespace,
                "name": budget.name,
                "allowed": budget.allowed,
                "pods": budget.pods,
                "covered": budget.covered,
                "never": bool(never or budget.failed),
                "reason": reason,
                "remedy": remedy,
            }
        )
    return sorted(rows, key=lambda row: (row["namespace"], row["name"]))


def _why(budget: Budget, never: str) -> tuple[str, str]:
    if never:
        return never, "add replicas, or let one pod go (maxUnavailable: 1)"
    if budget.failed:
        return budget.failed, "give the pods a controller with a scale, or the budget a plain minAvailable"
    if (budget.status.get("observedGeneration") or 0) < budget.generation:
        return "its controller has not looked at it yet", "look again in a moment; if it stays so, see kube-controller-manager"
    healthy, desired = budget.status.get("currentHealthy", 0), budget.status.get("desiredHealthy", 0)
    return f"{healthy} healthy pods, {desired} are needed", "make its pods ready, then plan again"


def problems(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """One for each row of `blocking`."""
    return [
        f"PodDisruptionBudget {row['namespace']}/{row['name']} lets no pod go ({row['reason']}), so that {_pods(row)} cannot be evicted; {row['remedy']}"
        for row in rows
    ]


def _pods(row: Mapping[str, Any]) -> str:
    shown = ", ".join(row["pods"][:3])
    more = row["covered"] - len(row["pods"][:3])
    return f"{shown} and {more} more" if more > 0 else shown

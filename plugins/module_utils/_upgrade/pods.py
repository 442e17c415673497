# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What a drain would do to pods: lose some, not find a place for others."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s.selectors import selects
from ansible_collections.llmops.platform.plugins.module_utils._upgrade.budgets import Budget

MIRROR = "kubernetes.io/config.mirror"
# Names that are kept of each kind of finding.
NAMES = 100


class Capped:
    """The first NAMES rows, and how many there were."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.number = 0

    def add(self, **row: Any) -> None:
        self.number += 1
        if self.number <= NAMES:
            self.rows.append(row)

    @property
    def left_out(self) -> int:
        return self.number - len(self.rows)


class Pods:
    """Takes pods one by one and keeps only what is to be told. `local_claims`: `(namespace, claim)` of volumes that are on one node."""

    def __init__(self, budgets: Iterable[Budget], local_claims: set[tuple[str, str]]) -> None:
        self._budgets: dict[str, list[Budget]] = {}
        for budget in budgets:
            self._budgets.setdefault(budget.namespace, []).append(budget)
        self._claims = local_claims
        self.unmanaged, self.local, self.scratch, self.overlapping = Capped(), Capped(), Capped(), Capped()

    def take(self, pod: Mapping[str, Any]) -> None:
        metadata, spec = pod["metadata"], pod.get("spec") or {}
        node = spec.get("nodeName")
        if not node or not leaves(pod):
            return
        where = {"namespace": metadata["namespace"], "name": metadata["name"], "node": node}
        labels = metadata.get("labels") or {}
        covering = [budget for budget in self._budgets.get(metadata["namespace"], []) if selects(budget.selector, labels)]
        for budget in covering:
            budget.cover(metadata["name"])
        if len(covering) > 1:
            self.overlapping.add(**where, budgets=[budget.name for budget in covering])
        if controller(metadata) is None:
            self.unmanaged.add(**where)
        volumes = spec.get("volumes") or []
        held = [claim for volume in volumes if (metadata["namespace"], claim := claim_of(volume, metadata["name"])) in self._claims]
        if held:
            self.local.add(**where, claims=held)
        scratch = [volume["name"] for volume in volumes if isinstance(volume.get("emptyDir"), dict) and volume["emptyDir"].get("medium") != "Memory"]
        if scratch:
            self.scratch.add(**where, volumes=scratch)

    def problems(self) -> list[str]:
        """What the Eviction API refuses whatever time it gets."""
        return [
            f"pod {row['namespace']}/{row['name']} is of several PodDisruptionBudgets ({', '.join(row['budgets'])}), and the API server evicts no such pod;"
            " let one budget select it"
            for row in self.overlapping.rows
        ] + _more(self.overlapping, "pods of several PodDisruptionBudgets")

    def warnings(self) -> list[str]:
        found = [
            f"pod {row['namespace']}/{row['name']} on {row['node']} has no controller, once evicted it is gone; give it a Deployment"
            for row in self.unmanaged.rows[:10]
        ] + _more(self.unmanaged, "pods without a controller", 10)
        found += [
            f"pod {row['namespace']}/{row['name']} has volumes that are on node {row['node']} ({', '.join(row['claims'])}): elsewhere it stays pending;"
            " move the data, or replace the node only when the application has a copy"
            for row in self.local.rows[:10]
        ] + _more(self.local, "pods with local volumes", 10)
        if self.scratch.number:
            shown = ", ".join(f"{row['namespace']}/{row['name']}" for row in self.scratch.rows[:5])
            found.append(f"{self.scratch.number} pods lose what they hold in emptyDir volumes ({shown}{', …' if self.scratch.number > 5 else ''})")
        return found


def _more(capped: Capped, what: str, shown: int = NAMES) -> list[str]:
    return [f"{capped.number - shown} more {what}"] if capped.number > shown else []


def controller(metadata: Mapping[str, Any]) -> str | None:
    """Kind of the object that would make the pod again."""
    return next((owner.get("kind") or "" for owner in metadata.get("ownerReferences") or [] if owner.get("controller")), None)


def leaves(pod: Mapping[str, Any]) -> bool:
    """Whether a drain evicts it: not a node's own (mirror, DaemonSet), not one that ended or ends."""
    metadata = pod["metadata"]
    if MIRROR in (metadata.get("annotations") or {}) or metadata.get("deletionTimestamp"):
        return False
    return controller(metadata) not in ("DaemonSet", "Node") and (pod.get("status") or {}).get("phase") not in ("Succeeded", "Failed")


def claim_of(volume: Mapping[str, Any], pod: str) -> str:
    """Name of the claim behind a pod's volume, empty where there is none; generic ephemeral ones are named after the pod."""
    if volume.get("ephemeral"):
        return f"{pod}-{volume['name']}"
    return (volume.get("persistentVolumeClaim") or {}).get("claimName") or ""


def local_claim(volume: Mapping[str, Any]) -> tuple[str, str] | None:
    """`(namespace, claim)` of a PersistentVolume that exists on one node only, else None."""
    spec = volume.get("spec") or {}
    reference = spec.get("claimRef") or {}
    return (reference.get("namespace") or "", reference.get("name") or "") if reference and ("local" in spec or "hostPath" in spec) else None

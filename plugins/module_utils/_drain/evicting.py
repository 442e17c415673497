# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""One node emptied through the Eviction API: every round looks again, so that what arrived late goes as well."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._drain import budgets
from ansible_collections.llmops.platform.plugins.module_utils._drain import choosing
from ansible_collections.llmops.platform.plugins.module_utils._drain.choosing import Choice
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import path_of
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import ApiError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError

BUDGETS = "/apis/policy/v1/poddisruptionbudgets"
PAUSE = 1.0
PROGRESS_EVERY = 10.0


@dataclass
class Node:
    """A node on its way: `evicted` are pods that were asked to go, `held` those that may not yet (`{pod: {budget, why}}`)."""

    name: str
    evicted: list[str] = field(default_factory=list)
    stays: dict[str, str] = field(default_factory=dict)
    held: dict[str, dict[str, str]] = field(default_factory=dict)
    leaving: list[str] = field(default_factory=list)
    seconds: float = 0.0


def choices(client: Client, node: str, options: Mapping[str, Any]) -> list[Choice]:
    """Every pod of the node and what becomes of it."""
    pods = [pod for page, _rest in client.pages("/api/v1/pods", fieldSelector=f"spec.nodeName={node}") for pod in page]
    return sorted((choosing.choose(pod, options["unmanaged_pods"], options["delete_empty_dir"]) for pod in pods), key=lambda one: one.name)


def read_budgets(client: Client) -> list[dict[str, Any]]:
    return [one for page, _rest in client.pages(BUDGETS) for one in page]


def blockers(found: Mapping[str, list[Choice]], known: list[dict[str, Any]]) -> list[dict[str, str]]:
    """What waiting cannot cure, by node: pods that nobody may take away, and budgets that never let one go. `{node, pod, budget, why}` each."""
    rows = []
    for node, chosen in sorted(found.items()):
        for one in chosen:
            if one.action == choosing.REFUSED:
                rows.append({"node": node, "pod": one.name, "budget": "", "why": one.why})
            elif one.action == choosing.EVICT and (verdict := budgets.judge(one.pod, known)).when == budgets.NEVER:
                rows.append({"node": node, "pod": one.name, "budget": verdict.budget, "why": verdict.why})
    return rows


def told(row: Mapping[str, str]) -> str:
    """A blocker as a sentence."""
    if row["budget"]:
        return f"pod {row['pod']} on node {row['node']} is held by PodDisruptionBudget {row['budget']}: {row['why']}"
    return f"pod {row['pod']} on node {row['node']} {row['why']}"


class Eviction:
    """Empties one node. `stop` is set when another node failed; `say` prints a line at once."""

    def __init__(self, client: Client, options: Mapping[str, Any], say: Callable[[str], Any], stop: threading.Event) -> None:
        self._client, self._options, self._say, self._stop = client, options, say, stop

    def run(self, node: Node) -> None:
        """Until nothing but what stays is on the node. Raises KubernetesError with the names of pods and budgets."""
        begun = told_at = time.monotonic()
        deadline = begun + self._options["timeout"]
        first = True
        while True:
            found = choices(self._client, node.name, self._options)
            node.stays = {one.name: one.why for one in found if one.action == choosing.STAYS}
            left = [one for one in found if one.action != choosing.STAYS]
            node.seconds = round(time.monotonic() - begun, 1)
            if not left:
                self._say(f"node {node.name}: empty after {node.seconds:.0f} s, {len(node.evicted)} pods evicted, {len(node.stays)} stay")
                return
            if first:
                self._say(f"node {node.name}: {len(left)} pods to go, {len(node.stays)} stay")
                first = False
            self._refuse(node, left)
            self._round(node, left)
            if self._stop.is_set():
                raise KubernetesError(f"node {node.name} was left as it is, because another one failed")
            if time.monotonic() > deadline:
                raise KubernetesError(self._late(node))
            if time.monotonic() - told_at >= PROGRESS_EVERY:
                told_at = time.monotonic()
                self._say(f"node {node.name}: {self._waits_for(node)}")
            self._stop.wait(PAUSE)

    def _refuse(self, node: Node, left: list[Choice]) -> None:
        """A pod without a controller may have come between the first look and the cordon."""
        rows = blockers({node.name: [one for one in left if one.action == choosing.REFUSED]}, [])
        if rows:
            raise KubernetesError("; ".join(told(row) for row in rows))

    def _round(self, node: Node, left: list[Choice]) -> None:
        node.held, node.leaving = {}, []
        for one in left:
            if one.action == choosing.LEAVING:
                node.leaving.append(one.name)
                continue
            held = self._evict(one)
            if held:
                node.held[one.name] = held
            elif held is not None and one.name not in node.evicted:
                node.evicted.append(one.name)
                node.leaving.append(one.name)

    def _evict(self, one: Choice) -> dict[str, str] | None:
        """Ask for one eviction. What holds the pod, `{budget, why}`; empty if it goes, None if there is no such pod any more."""
        namespace, name = one.name.split("/", 1)
        options: dict[str, Any] = {"preconditions": {"uid": one.uid}}
        if self._options["grace_period"] >= 0:
            options["gracePeriodSeconds"] = self._options["grace_period"]
        body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name, "namespace": namespace}, "deleteOptions": options}
        path = f"/api/v1/namespaces/{path_of(namespace)}/pods/{path_of(name)}/eviction"
        try:
            self._client.request("POST", path, body=body, final=(409, 429, 500))
        except ApiError as error:
            if error.status in (404, 409):
                # Gone, or another pod of the same name: the next round sees it.
                return None
            if error.status in (429, 500):
                verdict = budgets.judge(one.pod, read_budgets(self._client))
                return {"budget": verdict.budget, "why": verdict.why or error.message}
            if any(cause.get("reason") == "NamespaceTerminating" for cause in error.causes):
                return {"budget": "", "why": "its namespace is being deleted"}
            raise KubernetesError(f"the eviction of pod {one.name} was refused: {error.message} ({error.status})") from error
        return {}

    def _waits_for(self, node: Node) -> str:
        held = [f"{pod} (PodDisruptionBudget {row['budget']}: {row['why']})" if row["budget"] else f"{pod} ({row['why']})" for pod, row in node.held.items()]
        parts = [f"held: {', '.join(held)}"] if held else []
        parts += [f"still stopping: {', '.join(node.leaving)}"] if node.leaving else []
        return "; ".join(parts) or "looks again"

    def _late(self, node: Node) -> str:
        remedy = []
        if node.held:
            remedy.append("see why the budget's other pods are not ready")
        if node.leaving:
            remedy.append("see what keeps the stopping ones (finalizers, a long grace period: option grace_period)")
        return f"node {node.name} is not empty after {self._options['timeout']:g} s; {self._waits_for(node)}; {' and '.join(remedy)}, then run again"

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Waits until objects are ready or gone, says who is late and why, and gives up at once where waiting is hopeless."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import path_of
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import ApiError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.readiness import FAILED
from ansible_collections.llmops.platform.plugins.module_utils._k8s.readiness import READY
from ansible_collections.llmops.platform.plugins.module_utils._k8s.readiness import condition
from ansible_collections.llmops.platform.plugins.module_utils._k8s.readiness import pod_trouble
from ansible_collections.llmops.platform.plugins.module_utils._k8s.readiness import readiness
from ansible_collections.llmops.platform.plugins.module_utils._k8s.task import Item
from ansible_collections.llmops.platform.plugins.module_utils._k8s.task import Task

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 2.0
WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job")
# Looking behind a late workload costs calls; beyond this many the status of the object itself must do.
EXPLAINED = 5


def until_ready(task: Task, items: list[Item], timeout: float) -> None:
    """Poll until all are ready. Raises KubernetesError for a failed object at once, for late ones after `timeout` seconds."""
    modes = _binding_modes(task, items)

    def settled(item: Item) -> bool:
        if item.live is None:
            item.ready, item.message = False, "does not exist"
            return False
        state, item.message = readiness(item.live, modes)
        item.ready = state == READY
        if state == FAILED:
            raise _Hopeless(item)
        return item.ready

    try:
        late = _poll_together(task, items, settled, timeout)
    except _Hopeless as hopeless:
        _explain(task, [hopeless.item])
        raise KubernetesError(f"{task.prefix}{hopeless.item} has failed: {hopeless.item.message}") from None
    if late:
        _explain(task, late)
        raise KubernetesError(
            f"{task.prefix}{len(late)} of {len(task.items)} objects are not ready after {timeout:g} s: {_listed(late)}; "
            "remove the cause, or raise 'wait_timeout' if they only need longer"
        )


def until_gone(task: Task, items: list[Item], timeout: float) -> None:
    """Poll until none of the objects, as they were last read, exists. Raises KubernetesError after `timeout` seconds."""
    uids = {id(item): item.live["metadata"]["uid"] for item in items if item.live}

    def gone(item: Item) -> bool:
        if item.live is not None and item.live["metadata"]["uid"] == uids.get(id(item)):
            finalizers = ", ".join(item.live["metadata"].get("finalizers") or []) or "its contents"
            remaining = condition(item.live.get("status") or {}, "NamespaceContentRemaining").get("message")
            note = f"is still being deleted, waiting for {remaining or finalizers}"
            if item.action == "deleted":
                item.message = note
            return False
        if item.action == "deleted":
            item.message = ""
        return True

    late = _poll(task, [item for item in items if id(item) in uids], gone, timeout, "gone")
    if late:
        names = "; ".join(f"{item}: {item.message or 'is still being deleted'}" for item in late[:20])
        raise KubernetesError(
            f"{task.prefix}{len(late)} of {len(task.items)} objects are not gone after {timeout:g} s: {names}; "
            "see who owes their finalizers, or raise 'wait_timeout' if they only need longer"
        )


class _Hopeless(Exception):
    def __init__(self, item: Item) -> None:
        super().__init__()
        self.item = item


def _poll_together(task: Task, items: list[Item], settled: Callable[[Item], bool], timeout: float) -> list[Item]:
    """Poll until all are ready in one and the same look. Returns those that are late.

    An autoscaler may raise a Deployment that was ready with one pod: each alone has been ready once, both together not yet.
    """
    deadline, outstanding = time.monotonic() + timeout, items
    while True:
        begun = time.monotonic()
        late = _poll(task, outstanding, settled, max(deadline - begun, 0), "ready")
        if late or time.monotonic() - begun < FIRST_PAUSE:
            return late
        task.read(items)
        outstanding = [item for item in items if not settled(item)]
        if not outstanding:
            return []


def _poll(task: Task, items: list[Item], settled: Callable[[Item], bool], timeout: float, verb: str) -> list[Item]:
    """Read what is outstanding until it has settled. Returns what has not by then."""
    deadline, pause, outstanding = time.monotonic() + timeout, FIRST_PAUSE, items
    while True:
        task.read(outstanding)
        outstanding = [item for item in outstanding if not settled(item)]
        left = deadline - time.monotonic()
        if not outstanding or left <= 0:
            return outstanding
        task.progress(lambda late=outstanding: _situation(task, late, verb))
        time.sleep(min(pause, left))
        pause = min(pause * 1.4, LONGEST_PAUSE)


def _situation(task: Task, late: list[Item], verb: str) -> str:
    _explain(task, late[:EXPLAINED])
    more = f" and {len(late) - EXPLAINED} more" if len(late) > EXPLAINED else ""
    return f"{len(task.items) - len(late)} of {len(task.items)} objects are {verb}, waiting for {_listed(late[:EXPLAINED])}{more}"


def _listed(items: list[Item]) -> str:
    return "; ".join(f"{item}: {item.message}" for item in items[:20]) + (f"; and {len(items) - 20} more" if len(items) > 20 else "")


def _binding_modes(task: Task, items: list[Item]) -> dict[str, str]:
    if not any(item.kind == "PersistentVolumeClaim" for item in items):
        return {}
    try:
        listed = task.client.get("/apis/storage.k8s.io/v1/storageclasses")
    except ApiError:
        return {}
    return {entry["metadata"]["name"]: entry.get("volumeBindingMode", "Immediate") for entry in listed.get("items") or []}


def _explain(task: Task, items: list[Item]) -> None:
    """Add to the messages of late workloads what their newest unready pod, or else the newest event, says."""
    for item in items[:EXPLAINED]:
        if item.live is None or item.kind not in WORKLOADS:
            continue
        try:
            why = _pod_words(task, item.live) or _event_words(task, item.live)
        except KubernetesError:
            # An explanation is never worth a failure of its own.
            continue
        if why and why not in item.message:
            item.message = f"{item.message}: {why}" if item.message else why


def _pod_words(task: Task, live: dict[str, Any]) -> str:
    labels = ((live["spec"].get("selector") or {}).get("matchLabels")) or {}
    if not labels:
        return ""
    selector = ",".join(f"{key}={value}" for key, value in labels.items())
    path = f"/api/v1/namespaces/{path_of(live['metadata']['namespace'])}/pods"
    pods = task.client.get(path, labelSelector=selector, limit=500).get("items") or []
    unready = [pod for pod in pods if not pod["metadata"].get("deletionTimestamp") and readiness({"apiVersion": "v1", "kind": "Pod", **pod})[0] != READY]
    if not unready:
        return ""
    newest = max(unready, key=lambda pod: pod["metadata"]["creationTimestamp"])
    return f"pod {newest['metadata']['name']}: {pod_trouble(newest.get('status') or {})}"


def _event_words(task: Task, live: dict[str, Any]) -> str:
    field = f"involvedObject.uid={live['metadata']['uid']},type=Warning"
    events: list[dict[str, Any]] = (
        task.client.get(f"/api/v1/namespaces/{path_of(live['metadata']['namespace'])}/events", fieldSelector=field).get("items") or []
    )
    if not events:
        return ""
    newest = max(events, key=lambda event: event.get("lastTimestamp") or event.get("eventTime") or event["metadata"]["creationTimestamp"])
    return f"{newest.get('reason')}: {newest.get('message')}"

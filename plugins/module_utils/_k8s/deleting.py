# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Removes objects in reverse order of their ranks. What is not there, in whatever way, is absent."""

from __future__ import annotations

import time
from collections.abc import Iterable

from ansible_collections.llmops.platform.plugins.module_utils._k8s.applying import by_rank
from ansible_collections.llmops.platform.plugins.module_utils._k8s.applying import fail_on_errors
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import ApiError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.manifests import difference
from ansible_collections.llmops.platform.plugins.module_utils._k8s.task import Item
from ansible_collections.llmops.platform.plugins.module_utils._k8s.task import Task
from ansible_collections.llmops.platform.plugins.module_utils._k8s.waiting import until_gone

OWNERS = frozenset({"CronJob", "DaemonSet", "Deployment", "Job", "ReplicaSet", "ReplicationController", "StatefulSet"})


def absent(task: Task) -> None:
    """Delete `task.items`, each rank only after the one above it is gone (with `wait`).

    What owns pods is deleted in the foreground when we wait, so that gone means that the pods are gone too. All else is deleted
    in the background: for it, foreground only adds a turn of the garbage collector (30 s for a kind it has just met).
    """
    task.read(task.items)
    existing = []
    for item in task.items:
        if item.live is None:
            item.action = "absent"
        else:
            item.action = "skipped"
            existing.append(item)
    delete_in_order(task, existing)


def delete_in_order(task: Task, items: Iterable[Item]) -> None:
    """Delete items that were read. Raises KubernetesError with every refusal of the first rank that had one."""
    deadline = time.monotonic() + task.timeout
    for members in by_rank(items, reverse=True):
        task.parallel(lambda item: _delete(task, item), members, "deleted")
        fail_on_errors(task, "could not be deleted")
        if task.wait and not task.check:
            until_gone(task, members, max(deadline - time.monotonic(), 0.0))


def _delete(task: Task, item: Item) -> None:
    live = item.live or {"metadata": {}}
    if live["metadata"].get("deletionTimestamp"):
        item.action, item.message = "absent", "was being deleted already"
        return
    if not task.check:
        try:
            task.client.delete(item.path, live["metadata"]["uid"], "Foreground" if task.wait and item.kind in OWNERS else "Background")
        except ApiError as error:
            item.refuse(error)
            return
    item.action = "deleted"
    if task.want_diff:
        item.diff = difference(live, None, item.label)

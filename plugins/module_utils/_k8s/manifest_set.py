# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The whole of a `manifest_set` task: checks, applies or deletes, waits, and keeps what was done when something fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s import connection
from ansible_collections.llmops.platform.plugins.module_utils._k8s import pruning
from ansible_collections.llmops.platform.plugins.module_utils._k8s.apply_set import from_options
from ansible_collections.llmops.platform.plugins.module_utils._k8s.applying import CHANGES
from ansible_collections.llmops.platform.plugins.module_utils._k8s.applying import present
from ansible_collections.llmops.platform.plugins.module_utils._k8s.catalogue import Catalogue
from ansible_collections.llmops.platform.plugins.module_utils._k8s.catalogue import Resource
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.deleting import absent
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.manifests import canonical
from ansible_collections.llmops.platform.plugins.module_utils._k8s.manifests import check
from ansible_collections.llmops.platform.plugins.module_utils._k8s.manifests import check_unique
from ansible_collections.llmops.platform.plugins.module_utils._k8s.manifests import difference
from ansible_collections.llmops.platform.plugins.module_utils._k8s.readiness import READY
from ansible_collections.llmops.platform.plugins.module_utils._k8s.readiness import readiness
from ansible_collections.llmops.platform.plugins.module_utils._k8s.task import Item
from ansible_collections.llmops.platform.plugins.module_utils._k8s.task import Task
from ansible_collections.llmops.platform.plugins.module_utils._k8s.waiting import until_ready


def run(arguments: dict[str, Any], *, check_mode: bool, want_diff: bool, say: Callable[[str], Any]) -> dict[str, Any]:
    """Do the task. Returns its result; a KubernetesError carries the result up to the failure."""
    check(arguments["manifests"], present=arguments["state"] == "present")
    if arguments["parallelism"] < 1:
        raise KubernetesError("option 'parallelism' must be at least 1")
    client = Client(connection.load(arguments.get("kubeconfig"), arguments.get("context")), "manifest_set")
    task = Task(
        client,
        [],
        manager=arguments["field_manager"],
        name=arguments.get("name") or "",
        force=arguments["force_conflicts"],
        take_over_from=frozenset(arguments["take_over_from"]),
        leave_to=frozenset(arguments["leave_to"]),
        apply_set=from_options(arguments["apply_set"]),
        check=check_mode,
        want_diff=want_diff,
        wait=arguments["wait"],
        timeout=float(arguments["wait_timeout"]),
        parallelism=arguments["parallelism"],
        say=say,
    )
    with task:
        catalogue = Catalogue(client, [manifest for manifest in arguments["manifests"] if manifest["kind"] == "CustomResourceDefinition"])
        task.items = make_items(catalogue, arguments["manifests"], client.connection.namespace)
        try:
            STATES[arguments["state"]](task, catalogue)
        except KubernetesError as error:
            error.result = task.result(_changed(task))
            # What was as it should be only hides what was not.
            error.result["objects"] = [row for row in error.result["objects"] if row["action"] != "unchanged" or not row["ready"]]
            raise
        return task.result(_changed(task))


def plan_without_cluster(arguments: dict[str, Any], *, want_diff: bool) -> dict[str, Any]:
    """The result of check mode where the cluster itself would only come with the real run: everything would be created."""
    check(arguments["manifests"], present=arguments["state"] == "present")
    created = arguments["state"] == "present"
    items = [Item(canonical(manifest, has_status=False), None) for manifest in arguments["manifests"]]
    for item in items:
        item.action = "created" if created else "absent" if arguments["state"] == "absent" else "unchanged"
        item.message = "the cluster does not exist yet"
    result: dict[str, Any] = {"changed": created and bool(items), "objects": [item.outcome() for item in items]}
    result["summary"] = {"created": len(items) if created else 0, "configured": 0, "unchanged": 0, "deleted": 0}
    if want_diff and created:
        result["diff"] = [difference(None, item.body, item.label) for item in items]
    return result


def make_items(catalogue: Catalogue, manifests: list[dict[str, Any]], namespace: str) -> list[Item]:
    """Items in canonical form, each with its namespace. Raises KubernetesError for duplicates."""
    items = []
    for manifest in manifests:
        resource = catalogue.resource(manifest["apiVersion"], manifest["kind"])
        body = canonical(manifest, has_status=resource is not None and resource.has_status)
        body["metadata"] = _placed(body["metadata"], resource, namespace)
        items.append(Item(body, resource))
    check_unique([(item.body["apiVersion"].rpartition("/")[0], item.kind, item.namespace, item.name) for item in items])
    return items


def _placed(metadata: dict[str, Any], resource: Resource | None, namespace: str) -> dict[str, Any]:
    """As with kubectl: the context's namespace where the object names none; none where the kind is cluster-wide."""
    if resource is None:
        return metadata
    if not resource.namespaced:
        return {key: value for key, value in metadata.items() if key != "namespace"}
    return {**metadata, "namespace": metadata.get("namespace") or namespace}


def _present(task: Task, catalogue: Catalogue) -> None:
    group = task.apply_set
    if group:
        pruning.join(task, group)
        present(task, lambda: pruning.widen(task, group))
    else:
        present(task)
    if task.wait and not task.check:
        until_ready(task, [item for item in task.items if not item.ready], task.timeout)
    if group and group.prune:
        # Last of all: what is not wanted any more goes when its successors stand.
        pruning.prune(task, group, catalogue)


def _absent(task: Task, catalogue: Catalogue) -> None:
    group = task.apply_set
    if group:
        task.items += pruning.members_as_items(task, group, catalogue)
    absent(task)
    if group:
        pruning.dissolve(task, group, catalogue)


def _ready(task: Task, _catalogue: Catalogue) -> None:
    unknown = {f"{item.kind} ({item.body['apiVersion']})": None for item in task.items if item.resource is None}
    if unknown and not task.check:
        raise KubernetesError(f"{task.client.connection.server} does not serve {', '.join(unknown)}; apply what defines it before")
    if not task.check:
        until_ready(task, task.items, task.timeout)
        return
    # The tasks that would make them ready were not really run.
    task.read(task.items)
    for item in task.items:
        state, item.message = readiness(item.live) if item.live else ("", "does not exist")
        item.ready = state == READY


def _changed(task: Task) -> bool:
    return any(item.action in CHANGES for item in task.items)


STATES: dict[str, Callable[[Task, Catalogue], None]] = {"present": _present, "absent": _absent, "ready": _ready}

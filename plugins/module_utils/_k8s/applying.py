# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Brings objects to their declared state: sends what is not provably equal, rank by rank."""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Iterable
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s.catalogue import Resource
from ansible_collections.llmops.platform.plugins.module_utils._k8s.changes import field_changes
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import path_of
from ansible_collections.llmops.platform.plugins.module_utils._k8s.equality import content
from ansible_collections.llmops.platform.plugins.module_utils._k8s.equality import unproven
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import ApiError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.manifests import difference
from ansible_collections.llmops.platform.plugins.module_utils._k8s.ranks import rank
from ansible_collections.llmops.platform.plugins.module_utils._k8s.readiness import READY
from ansible_collections.llmops.platform.plugins.module_utils._k8s.readiness import readiness
from ansible_collections.llmops.platform.plugins.module_utils._k8s.task import Item
from ansible_collections.llmops.platform.plugins.module_utils._k8s.task import Task
from ansible_collections.llmops.platform.plugins.module_utils._k8s.waiting import until_gone
from ansible_collections.llmops.platform.plugins.module_utils._k8s.waiting import until_ready
from ansible_collections.llmops.platform.plugins.module_utils._k8s.yielding import generate
from ansible_collections.llmops.platform.plugins.module_utils._k8s.yielding import leave_fields

# A kind is served a moment after its definition is established.
SERVED_WITHIN = 10.0
CHANGES = ("created", "configured", "deleted")


def present(task: Task, before_sending: Callable[[], None] = lambda: None) -> None:
    """Apply `task.items`; `before_sending` is called when they are read. Raises KubernetesError with every refusal of the first rank that had one."""
    _refuse_unknown_kinds(task)
    task.read(task.items)
    before_sending()
    _let_go(task)
    for item in task.items:
        generate(item.body, item.live)
        if task.leave_to and item.live and (left := leave_fields(item.body, item.live, task.leave_to)):
            item.left = left
    schemas = _Schemas(task)
    pending = [item for item in task.items if not _is_equal(item, task.manager, schemas)]
    for item in pending:
        item.action = "skipped"
    for members in by_rank(pending):
        task.parallel(lambda item: _apply(task, item), members, "applied")
        # A plan goes on: it tells all there is.
        if not task.check:
            fail_on_errors(task, "was refused")
        definitions = [item for item in members if item.kind == "CustomResourceDefinition" and item.action in CHANGES]
        if definitions and not task.check:
            until_ready(task, definitions, max(task.timeout, 30.0))
    fail_on_errors(task, "was refused")


def _let_go(task: Task) -> None:
    """Wait for objects that are being deleted: what is applied to them would vanish with them."""
    leaving = [item for item in task.items if item.live and item.live["metadata"].get("deletionTimestamp")]
    if leaving and not task.check:
        until_gone(task, leaving, task.timeout)
        # A namespace takes its contents along.
        task.read(task.items)


def by_rank(items: Iterable[Item], *, reverse: bool = False) -> list[list[Item]]:
    """Items in groups of equal rank, first to be applied first (or last)."""
    ranks: dict[int, list[Item]] = {}
    for item in items:
        ranks.setdefault(rank(item.kind, custom=item.resource is None or item.resource.custom), []).append(item)
    return [ranks[number] for number in sorted(ranks, reverse=reverse)]


def fail_on_errors(task: Task, verb: str) -> None:
    """Raise if the server refused something. The message lists all refusals, and what was done before."""
    refused = [item for item in task.items if item.error]
    if not refused:
        return
    words = "; ".join(f"{item} {verb}: {item.error['message']}" for item in refused if item.error)
    done = [f"{item.action} {item}" for item in task.items if item.action in CHANGES]
    more = f" and {len(done) - 20} more" if len(done) > 20 else ""
    before = f" ({'dry run' if task.check else 'done'} before that: {', '.join(done[:20])}{more})" if done else ""
    raise KubernetesError(f"{task.prefix}{words}{before}")


def _refuse_unknown_kinds(task: Task) -> None:
    unknown = {f"{item.kind} ({item.body['apiVersion']})": None for item in task.items if item.resource is None}
    if unknown and not task.check:
        raise KubernetesError(
            f"{task.client.connection.server} does not serve {', '.join(unknown)}; nothing was sent: "
            "install the CustomResourceDefinition before, or add it to 'manifests'"
        )


def _is_equal(item: Item, manager: str, schemas: _Schemas) -> bool:
    """Whether nothing needs to be sent; then the live object is not kept either."""
    live, resource = item.live, item.resource
    if live is None or resource is None or live["metadata"].get("deletionTimestamp"):
        return False
    failed = unproven(item.body, live, manager, custom=resource.custom)
    if failed and resource.custom and failed != "metadata.managedFields":
        failed = unproven(item.body, live, manager, custom=True, schema=schemas.of(resource, item.kind))
    if failed:
        return False
    _judge(item, live)
    item.live = None
    return True


def _judge(item: Item, live: dict[str, Any]) -> None:
    state, item.message = readiness(live)
    item.ready = state == READY


def _apply(task: Task, item: Item) -> None:
    """Send one item (as a dry run in check mode) and note what became of it."""
    if item.resource is None:
        _predict(task, item, f"not validated: {item.body['apiVersion']} {item.kind} is not served yet")
        return
    if item.live and item.live["metadata"].get("deletionTimestamp"):
        _predict(task, item, "not validated: the old object is still being deleted")
        return
    try:
        after = _send(task, item)
    except ApiError as error:
        if task.check and item.live is None and _comes_first(task, error):
            _predict(task, item, f"not validated: {error.message}")
        else:
            item.refuse(error)
        return
    before, item.live = item.live, None
    # By content, not by resourceVersion: a dry run never moves that, a change of ownership alone does.
    if before is None:
        item.action = "created"
    else:
        has_status = item.resource.has_status
        item.action = "unchanged" if content(before, has_status=has_status) == content(after, has_status=has_status) else "configured"
    if not task.check or before is not None:
        _judge(item, before if task.check and before else after)
    if before is not None and item.action == "configured":
        item.fields = field_changes(before, after, has_status=item.resource.has_status)
    if task.want_diff and item.action != "unchanged":
        item.diff = difference(before, after, item.label)


def _send(task: Task, item: Item) -> dict[str, Any]:
    deadline, force = time.monotonic() + SERVED_WITHIN, task.force
    while True:
        try:
            return task.client.apply(item.path, item.body, task.manager, force=force, dry_run=task.check)
        except ApiError as error:
            if error.owned_by_others and not force and error.owners and task.take_over_from.issuperset(error.owners):
                force = True
                continue
            coming = item.resource is not None and item.resource.custom and error.status == 404 and "could not find the requested resource" in error.message
            if task.check or not coming or time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _predict(task: Task, item: Item, why: str) -> None:
    item.action, item.message = "created", why
    if task.want_diff:
        item.diff = difference(None, item.body, item.label)


def _comes_first(task: Task, error: ApiError) -> bool:
    """In check mode: whether the server refuses only because what comes before in the real run is not there yet."""
    if error.status == 404:
        return True
    if error.status not in (400, 403, 422) or "not found" not in error.message:
        return False
    made = (item.name for item in task.items if item.action == "created")
    return any(f'"{name}"' in error.message or f"/{name}:" in error.message for name in made)


class _Schemas:
    """The openAPIV3Schema of custom kinds, read when a proof needs to know what the server fills in."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._known: dict[Resource, dict[str, Any] | None] = {}

    def of(self, resource: Resource, kind: str) -> dict[str, Any] | None:
        if resource not in self._known:
            self._known[resource] = self._read(resource, kind)
        return self._known[resource]

    def _read(self, resource: Resource, kind: str) -> dict[str, Any] | None:
        group, _slash, version = resource.api_version.rpartition("/")
        name = f"{resource.plural}.{group}"
        try:
            definition = self._task.client.find(f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{path_of(name)}")
        except ApiError:
            # Not allowed to read definitions: then more is sent, that is all.
            return None
        if not definition or definition["spec"]["names"]["kind"] != kind:
            return None
        found = (entry for entry in definition["spec"]["versions"] if entry["name"] == version)
        return (next(found, {}).get("schema") or {}).get("openAPIV3Schema")

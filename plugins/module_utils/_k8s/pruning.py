# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Keeps an apply set: labels its members, widens the parent before anything is sent, deletes what left the set when all else is done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s.apply_set import PART_OF
from ansible_collections.llmops.platform.plugins.module_utils._k8s.apply_set import STATEFUL
from ansible_collections.llmops.platform.plugins.module_utils._k8s.apply_set import ApplySet
from ansible_collections.llmops.platform.plugins.module_utils._k8s.apply_set import age
from ansible_collections.llmops.platform.plugins.module_utils._k8s.apply_set import family
from ansible_collections.llmops.platform.plugins.module_utils._k8s.apply_set import group_kind
from ansible_collections.llmops.platform.plugins.module_utils._k8s.apply_set import kept_versions
from ansible_collections.llmops.platform.plugins.module_utils._k8s.apply_set import key_of
from ansible_collections.llmops.platform.plugins.module_utils._k8s.apply_set import named_by
from ansible_collections.llmops.platform.plugins.module_utils._k8s.apply_set import superfluous
from ansible_collections.llmops.platform.plugins.module_utils._k8s.catalogue import Catalogue
from ansible_collections.llmops.platform.plugins.module_utils._k8s.catalogue import Resource
from ansible_collections.llmops.platform.plugins.module_utils._k8s.changes import field_changes
from ansible_collections.llmops.platform.plugins.module_utils._k8s.deleting import delete_in_order
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import ApiError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.task import Item
from ansible_collections.llmops.platform.plugins.module_utils._k8s.task import Task

REPLICA_SETS = Resource("apps/v1", "replicasets", namespaced=True, has_status=True, custom=False)


def join(task: Task, group: ApplySet) -> None:
    """Make all items members. Raises KubernetesError for an empty set, a foreign parent, or members of other sets."""
    if not task.items:
        raise KubernetesError(
            f"{task.prefix}'manifests' is empty, and with 'apply_set' that would delete all that belongs to {group.name}; use 'state: absent' if that is meant"
        )
    group.remember(task.client.find(group.path))
    for item in task.items:
        item.body["metadata"]["labels"] = {**(item.body["metadata"].get("labels") or {}), PART_OF: group.id}


def widen(task: Task, group: ApplySet) -> None:
    """When the items are read: the parent knows what is coming before it comes, so that a killed run leaves nothing unknown."""
    _refuse_members_of_others(task, group)
    if not task.check:
        _write(task, group, group.kinds | _kinds(task, group), group.namespaces | _namespaces(task, group))


def prune(task: Task, group: ApplySet, catalogue: Catalogue) -> None:
    """Delete what is a member and not wanted any more, then let the parent say what there is now."""
    if not group.exists and task.check:
        return
    wanted = {key_of(item.body) for item in task.items} | {key_of(manifest, group.namespace) for manifest in group.keep}
    members = _members(task, group, catalogue, group.kinds | _kinds(task, group), group.namespaces | _namespaces(task, group))
    _compare_versions(task, [live for _resource, live in members])
    doomed = superfluous([live for _resource, live in members], wanted)
    kept = {live["metadata"]["uid"] for live in _kept(task, group, doomed)}
    resources = {live["metadata"]["uid"]: resource for resource, live in members}
    items = []
    for live in doomed:
        item = Item({key: live[key] for key in ("apiVersion", "kind", "metadata")}, resources[live["metadata"]["uid"]], live)
        if live["metadata"]["uid"] in kept:
            continue
        if _holds_data(task, group, item):
            kept.add(live["metadata"]["uid"])
            continue
        if task.want_diff:
            item.live = task.client.find(item.path) or live
        item.message = "no longer declared"
        items.append(item)
    task.items += items
    delete_in_order(task, items)
    if not task.check:
        left = [live for live in doomed if live["metadata"]["uid"] in kept]
        _write(
            task,
            group,
            _kinds(task, group, without=items) | {group_kind(live["apiVersion"], live["kind"]) for live in left},
            _namespaces(task, group, without=items) | {live["metadata"].get("namespace") or "" for live in left},
        )


def _compare_versions(task: Task, members: list[dict[str, Any]]) -> None:
    """A new version bears a new name: what it changes is told by the newest one before it."""
    for item in task.items:
        which = family(item.body)
        if item.action != "created" or which is None:
            continue
        others = [live for live in members if family(live) == which and live["metadata"]["name"] != item.name]
        if others:
            live = max(others, key=age)
            before, after = ({"kind": item.kind, "metadata": {}, "data": body.get("data") or {}} for body in (live, item.body))
            item.fields = field_changes(before, after, has_status=False)


def members_as_items(task: Task, group: ApplySet, catalogue: Catalogue) -> list[Item]:
    """For `state: absent`: what belongs to the set on the server, is not among the task's items and may be deleted."""
    group.remember(task.client.find(group.path))
    known = {key_of(item.body) for item in task.items}
    items = []
    for resource, live in _members(task, group, catalogue, group.kinds, group.namespaces):
        item = Item({key: live[key] for key in ("apiVersion", "kind", "metadata")}, resource)
        if key_of(live) not in known and not _holds_data(task, group, item):
            items.append(item)
    return items


def dissolve(task: Task, group: ApplySet, catalogue: Catalogue) -> None:
    """Delete the parent, last of all, so that a killed run can be repeated. It stays for what was kept."""
    if task.check or not group.exists:
        return
    left = _members(task, group, catalogue, group.kinds, group.namespaces)
    if left:
        _write(
            task,
            group,
            {group_kind(live["apiVersion"], live["kind"]) for _resource, live in left},
            {live["metadata"].get("namespace") or "" for _r, live in left},
        )
        return
    live = task.client.find(group.path)
    if live is not None:
        task.client.delete(group.path, live["metadata"]["uid"], "Background")


def _holds_data(task: Task, group: ApplySet, item: Item) -> bool:
    if key_of(item.body)[:2] not in STATEFUL or item.label in group.allow_delete:
        return False
    where = "'apply_set.allow_delete' (in our roles application_allow_delete or cluster_baseline_allow_delete)"
    task.client.warnings[f"{item} is no longer declared but is kept, as data would go with it; to delete it add {item.label!r} to {where}"] = None
    return True


def _refuse_members_of_others(task: Task, group: ApplySet) -> None:
    """After reading: an object is in one set only, else each would delete what the other made."""
    if task.force:
        return
    foreign = {
        str(item): other for item in task.items if item.live and (other := (item.live["metadata"].get("labels") or {}).get(PART_OF)) and other != group.id
    }
    if foreign:
        words = "; ".join(f"{name} belongs to {other}" for name, other in list(foreign.items())[:20])
        raise KubernetesError(f"{task.prefix}{words}; remove it there, or set 'force_conflicts: true' to take it over")


def _write(task: Task, group: ApplySet, kinds: set[str], namespaces: set[str]) -> None:
    if group.says(kinds, namespaces):
        return
    try:
        group.remember(task.client.apply(group.path, group.parent(kinds, namespaces), task.manager, force=True))
    except ApiError as error:
        if error.status == 404:
            raise KubernetesError(f"{task.prefix}namespace {group.namespace} of 'apply_set' does not exist; create it before, in a task of its own") from error
        raise KubernetesError(f"{task.prefix}the parent of apply set {group.name} was refused: {error.message} ({error.status})") from error


def _kinds(task: Task, group: ApplySet, without: Iterable[Item] = ()) -> set[str]:
    gone = {id(item) for item in without}
    rows = [item.body for item in task.items if id(item) not in gone] + group.keep
    return {group_kind(row["apiVersion"], row["kind"]) for row in rows}


def _namespaces(task: Task, group: ApplySet, without: Iterable[Item] = ()) -> set[str]:
    gone = {id(item) for item in without}
    return {item.namespace for item in task.items if id(item) not in gone} | {row["metadata"].get("namespace") or group.namespace for row in group.keep}


def _members(task: Task, group: ApplySet, catalogue: Catalogue, kinds: set[str] | frozenset[str], namespaces: set[str] | frozenset[str]):
    """[(Resource, live)] of all that bears the set's label. A kind that is not served any more has no objects."""
    jobs: list[tuple[Resource, str, str]] = []
    for text in kinds:
        kind, _dot, api_group = text.partition(".")
        resource = catalogue.preferred(api_group, kind)
        if resource is not None:
            places = sorted({*namespaces, group.namespace} - {""}) if resource.namespaced else [""]
            jobs += [(resource, kind, place) for place in places]
    found: list[tuple[Resource, dict[str, Any]]] = []

    def look(job: tuple[Resource, str, str]) -> None:
        resource, kind, place = job
        for listed, _remaining in task.client.pages(resource.path(place), labelSelector=f"{PART_OF}={group.id}"):
            found.extend((resource, {**live, "apiVersion": resource.api_version, "kind": kind}) for live in listed)

    try:
        task.parallel(look, jobs, "looked through")
    except ApiError as error:
        raise KubernetesError(
            f"{task.prefix}cannot look for what left apply set {group.name}, so nothing was deleted: {error.message} ({error.status})"
        ) from error
    return [(resource, live) for resource, live in found if not live["metadata"].get("deletionTimestamp")]


def _kept(task: Task, group: ApplySet, doomed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    families = {family(item.body) for item in task.items} | {family(manifest) for manifest in group.keep}
    namespaces = {live["metadata"].get("namespace") or "" for live in doomed if family(live)}
    named: set[tuple[str, str, str]] = set()
    for namespace in namespaces:
        for listed, _remaining in task.client.pages(REPLICA_SETS.path(namespace)):
            for replica_set in listed:
                named |= set(named_by(replica_set["spec"].get("template") or {}, namespace))
    return kept_versions(doomed, families, group.keep_versions, named)

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What the parts of one `manifest_set` task share: its items, its threads, its clock, and how objects are read."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterable
from concurrent.futures import FIRST_EXCEPTION
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s.apply_set import ApplySet
from ansible_collections.llmops.platform.plugins.module_utils._k8s.catalogue import Resource
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import ApiError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.manifests import reference
from ansible_collections.llmops.platform.plugins.module_utils._k8s.manifests import secret_values

# Up to this many objects of one kind and namespace are read by name, more of them by one LIST.
FEW = 4
# A LIST that would still bring this many times more objects than are wanted is given up for reading by name.
CROWD = 20
PROGRESS_EVERY = 10.0


@dataclass
class Item:
    """One object of the set, from manifest to outcome."""

    body: dict[str, Any]
    resource: Resource | None
    live: dict[str, Any] | None = None
    action: str = "unchanged"
    ready: bool = False
    message: str = ""
    error: dict[str, Any] | None = None
    diff: dict[str, str] | None = None
    left: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.body["metadata"]["name"]

    @property
    def namespace(self) -> str:
        return self.body["metadata"].get("namespace") or ""

    @property
    def kind(self) -> str:
        return self.body["kind"]

    @property
    def path(self) -> str:
        return self.resource.path(self.namespace, self.name) if self.resource else ""

    @property
    def label(self) -> str:
        """How a diff calls the object: `Deployment/llm-marketplace/publishing`."""
        return "/".join(part for part in (self.kind, self.namespace, self.name) if part)

    def __str__(self) -> str:
        return reference(self.kind, self.namespace, self.name)

    def outcome(self) -> dict[str, Any]:
        """The item as the task returns it."""
        return {
            "api_version": self.body["apiVersion"],
            "kind": self.kind,
            "namespace": self.namespace,
            "name": self.name,
            "action": self.action,
            "ready": self.ready,
            "message": self.message,
            **({"left": self.left} if self.left else {}),
            **({"fields": self.fields} if self.fields else {}),
        }

    def refuse(self, error: ApiError) -> None:
        """Note the server's refusal in the server's words, with the remedy, without secret values."""
        field_names = ", ".join(dict.fromkeys(cause["field"] for cause in error.causes if cause.get("field")))
        text = explanation(error)
        for value in secret_values(self.body):
            text = text.replace(value, "********")
        self.action, self.message = "refused", text
        self.error = {**self.outcome(), "status": error.status, "reason": error.reason, "field": field_names, "message": text}
        del self.error["action"], self.error["ready"]


def explanation(error: ApiError) -> str:
    """One sentence: fields, the server's words, the remedy."""
    if error.owned_by_others:
        owners = "; ".join(f"{cause.get('field', '')} ({cause.get('message', 'conflict')})" for cause in error.causes)
        names = ", ".join(error.owners) or "its name"
        return (
            f"fields belong to another field manager: {owners}; remove them from the manifest, "
            f"or take them over with 'take_over_from: [{names}]' (in our roles application_take_over_from, cluster_baseline_take_over_from)"
        )
    words = error.message
    if error.status == 422 and error.causes:
        words = "; ".join(f"field {cause.get('field', '?')}: {cause.get('message', '')}" for cause in error.causes)
    remedy = {
        400: "; correct the manifest",
        401: "; log in again or correct the kubeconfig",
        422: "; correct the field",
    }.get(error.status, "")
    if error.status == 403 and "exceeded quota" in words:
        remedy = "; ask for less, or raise that ResourceQuota"
    if error.unknown_field:
        remedy = "; remove or correct the field"
    if error.status == 404 and "namespaces" in words:
        remedy = "; add the Namespace to 'manifests' or create it before"
    return f"{words} ({error.status} {error.reason}){remedy}".replace(" )", ")")


@dataclass
class Task:
    """One run of the module."""

    client: Client
    items: list[Item]
    manager: str
    name: str = ""
    force: bool = False
    take_over_from: frozenset[str] = frozenset()
    leave_to: frozenset[str] = frozenset()
    apply_set: ApplySet | None = None
    check: bool = False
    want_diff: bool = False
    wait: bool = True
    timeout: float = 300.0
    parallelism: int = 8
    say: Callable[[str], Any] = str
    _pool: ThreadPoolExecutor | None = field(default=None, repr=False)
    _said: float = field(default_factory=time.monotonic)
    _begun: float = field(default_factory=time.monotonic)

    @property
    def prefix(self) -> str:
        return f"{self.name}: " if self.name else ""

    def __enter__(self) -> Task:
        self._pool = ThreadPoolExecutor(self.parallelism, thread_name_prefix="manifest_set")
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)
        self.client.close()

    def parallel(self, work: Callable[[Any], Any], things: Iterable[Any], verb: str = "") -> None:
        """Do `work` on all things at once; the first exception stops what has not begun and is raised."""
        if self._pool is None:
            raise RuntimeError("a Task works only inside its `with` block")
        pending = {self._pool.submit(work, thing) for thing in things}
        total = len(pending)
        while pending:
            done, pending = wait(pending, timeout=1.0, return_when=FIRST_EXCEPTION)
            failed = next((future.exception() for future in done if future.exception()), None)
            if failed:
                for future in pending:
                    future.cancel()
                wait(pending)
                raise failed
            if pending and verb:
                finished = total - len(pending)
                self.progress(lambda finished=finished: f"{verb} {finished} of {total} objects")

    def progress(self, text: Callable[[], str]) -> None:
        """Say how it goes, at most every ten seconds."""
        now = time.monotonic()
        if now - self._said >= PROGRESS_EVERY:
            self._said = now
            self.say(f"  {self.name or 'manifest_set'}: {text()} after {now - self._begun:.0f} s")

    def read(self, items: Iterable[Item]) -> None:
        """Set `live` of each item, by one LIST per kind and namespace or, for few, by name."""
        groups: dict[tuple[Resource, str], list[Item]] = {}
        jobs: list[Callable[[], None]] = []
        for item in items:
            item.live = None
            if item.resource is not None:
                groups.setdefault((item.resource, item.namespace), []).append(item)
        for (resource, namespace), members in groups.items():
            if len(members) <= FEW:
                jobs += [lambda item=item: self._read_one(item) for item in members]
            else:
                jobs.append(lambda resource=resource, namespace=namespace, members=members: self._read_many(resource, namespace, members))
        self.parallel(lambda job: job(), jobs, "read")

    def _read_one(self, item: Item) -> None:
        item.live = self.client.find(item.path)

    def _read_many(self, resource: Resource, namespace: str, members: list[Item]) -> None:
        missing = {item.name: item for item in members}
        kind = members[0].kind
        for listed, remaining in self.client.pages(resource.path(namespace)):
            for live in listed:
                item = missing.pop(live["metadata"]["name"], None)
                if item is not None:
                    item.live = {"apiVersion": resource.api_version, "kind": kind, **live}
            if not missing:
                return
            if remaining > CROWD * len(missing):
                for item in missing.values():
                    self._read_one(item)
                return

    def result(self, changed: bool) -> dict[str, Any]:
        """What the task returns, complete or not."""
        summary = {"created": 0, "configured": 0, "unchanged": 0, "deleted": 0, **Counter(item.action for item in self.items)}
        result: dict[str, Any] = {"changed": changed, "objects": [item.outcome() for item in self.items], "summary": summary}
        if self.want_diff:
            result["diff"] = [item.diff for item in self.items if item.diff]
        errors = [item.error for item in self.items if item.error]
        if errors:
            result["errors"] = errors
        if self.client.warnings:
            result["warnings"] = list(self.client.warnings)[:20]
        return result

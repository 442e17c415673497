# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Brings a set of manifests to the cluster: read, compare, send what differs, wait."""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s import objects
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.equality import provably_equal
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import ApiError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import K8sError

# Up to this many objects of one kind and namespace are read by name, more by one list.
READ_BY_NAME = 3


@dataclass
class Entry:
    """One object of the set and what became of it."""

    desired: dict[str, Any]
    live: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    action: str = "unchanged"
    ready: bool | None = None
    message: str = ""

    def row(self) -> dict[str, Any]:
        """The entry as it is returned to the playbook."""
        api_version, kind, namespace, name = objects.identity(self.desired)
        return {
            "api_version": api_version,
            "kind": kind,
            "namespace": namespace,
            "name": name,
            "action": self.action,
            "ready": self.ready,
            "message": self.message,
        }

    @property
    def group(self) -> tuple[str, str, str]:
        return objects.identity(self.desired)[:3]


class ManifestSet:
    """One component's objects on one cluster. `check` sends dry runs only."""

    def __init__(self, client: Client, manifests: list[dict[str, Any]], manager: str, force: bool, check: bool, parallelism: int) -> None:
        found = objects.problems(manifests)
        if found:
            raise K8sError("nothing was sent: " + "; ".join(found))
        self.client, self.manager, self.force, self.check = client, manager, force, check
        self.entries = [Entry(objects.prepared(manifest)) for manifest in manifests]
        self._pool = ThreadPoolExecutor(parallelism)

    # -- reading

    def read(self, entries: list[Entry] | None = None) -> None:
        """Fill `live` of the entries by one list for each kind and namespace."""
        groups: dict[tuple[str, str, str], list[Entry]] = {}
        for entry in self.entries if entries is None else entries:
            if self._known(entry):
                groups.setdefault(entry.group, []).append(entry)
            else:
                entry.live = None
        jobs: list[list[Entry]] = []
        for members in groups.values():
            jobs += [members] if len(members) > READ_BY_NAME else [[member] for member in members]
        list(self._pool.map(self._read_group, jobs))

    def _read_group(self, members: list[Entry]) -> None:
        if len(members) == 1:
            members[0].live = self.client.get(members[0].desired)
            return
        first = members[0].desired
        found = {item["metadata"]["name"]: {"apiVersion": first["apiVersion"], "kind": first["kind"], **item} for item in self.client.list(first)}
        for member in members:
            member.live = found.get(member.desired["metadata"]["name"])

    def _known(self, entry: Entry) -> bool:
        """Whether the server serves the kind; a kind defined by this very set may come later."""
        key = (entry.desired["apiVersion"], entry.desired["kind"])
        if key in self.client.resources():
            self.client.path(entry.desired)
            return True
        if key in self._defined_here():
            return False
        self.client.path(entry.desired)
        return False

    def _defined_here(self) -> set[tuple[str, str]]:
        defined = set()
        for entry in self.entries:
            if entry.desired["kind"] == "CustomResourceDefinition":
                spec = entry.desired["spec"]
                defined |= {(f"{spec['group']}/{version['name']}", spec["names"]["kind"]) for version in spec["versions"]}
        return defined

    # -- applying

    def apply(self, definitions_ready: Callable[[list[Entry]], None]) -> None:
        """Send what is not provably equal, rank after rank, side by side within a rank.

        `definitions_ready` waits for new CustomResourceDefinitions. Raises K8sError with all refusals of a rank.
        """
        self.read()
        differing = [entry for entry in self.entries if not provably_equal(entry.desired, entry.live, self.manager)]
        for number in sorted({objects.rank(entry.desired) for entry in differing}):
            members = [entry for entry in differing if objects.rank(entry.desired) == number]
            refusals = [refusal for refusal in self._pool.map(self._send, members) if refusal]
            if refusals:
                raise K8sError(" ".join(refusals))
            definitions = [entry for entry in members if entry.desired["kind"] == "CustomResourceDefinition" and entry.action == "created"]
            if definitions and not self.check:
                definitions_ready(definitions)
                self.client.resources(renew=True)

    def _send(self, entry: Entry) -> str | None:
        """Apply one object. Returns the refusal in words, or None."""
        query: dict[str, Any] = {"fieldManager": self.manager, "force": str(self.force).lower()}
        if self.check:
            if self._home_missing(entry):
                entry.action, entry.after = "created", entry.desired
                entry.message = "predicted from the manifest, as its namespace or kind does not exist yet"
                return None
            query["dryRun"] = "All"
        try:
            entry.after = self.client.request("PATCH", self.client.path(entry.desired, entry.desired["metadata"]["name"]), query, entry.desired)
        except ApiError as error:
            entry.action, entry.message = "refused", refusal(entry.desired, error)
            return entry.message
        if entry.live is None:
            entry.action = "created"
        elif objects.content(entry.live) != objects.content(entry.after):
            entry.action = "configured"
        return None

    def _home_missing(self, entry: Entry) -> bool:
        """In check mode: an object whose namespace or kind would only come with the real run cannot be tried by the server."""
        if (entry.desired["apiVersion"], entry.desired["kind"]) not in self.client.resources():
            return True
        namespace = entry.desired["metadata"].get("namespace")
        if not namespace or entry.live is not None:
            return False
        return self.client.get({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}) is None

    # -- deleting

    def delete(self) -> None:
        """Delete what is there, in the reverse order. An absent object, namespace or kind is just absent."""
        present = []
        for entry in self.entries:
            if (entry.desired["apiVersion"], entry.desired["kind"]) in self.client.resources():
                present.append(entry)
            else:
                entry.action = "absent"
        self.read(present)
        for entry in present:
            entry.action = "deleted" if entry.live else "absent"
        if self.check:
            return
        leaving = [entry for entry in present if entry.live]
        for number in sorted({objects.rank(entry.desired) for entry in leaving}, reverse=True):
            members = [entry for entry in leaving if objects.rank(entry.desired) == number]
            refusals = [refusal for refusal in self._pool.map(self._delete_one, members) if refusal]
            if refusals:
                raise K8sError(" ".join(refusals))

    def _delete_one(self, entry: Entry) -> str | None:
        # Foreground: the object stays until what it owns (ReplicaSets, pods) is gone, so "gone" means gone.
        body = {"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": "Foreground"}
        try:
            self.client.request("DELETE", self.client.path(entry.desired, entry.desired["metadata"]["name"]), body=body)
        except ApiError as error:
            if error.status != 404:
                entry.action, entry.message = "refused", refusal(entry.desired, error)
                return entry.message
        return None

    # -- waiting

    def wait(self, entries: Iterable[Entry], done: Callable[[Entry], bool], timeout: float, progress: Callable[[str], None], verb: str) -> list[Entry]:
        """Poll until `done(entry)` holds for all. Returns those that are late, empty when none is.

        `done` sets the entry's `ready` and `message` and raises K8sError where waiting is hopeless.
        """
        begin = said = time.monotonic()
        waiting, total, interval = list(entries), 0, 0.25
        total = len(waiting)
        while True:
            self.read(waiting)
            waiting = [entry for entry in waiting if not done(entry)]
            elapsed = time.monotonic() - begin
            if not waiting or elapsed >= timeout:
                return waiting
            if time.monotonic() - said >= 10:
                said = time.monotonic()
                progress(f"  {total - len(waiting)} of {total} objects {verb}, {elapsed:.0f} s of at most {timeout:.0f} s; waiting for {late(waiting)}")
            time.sleep(min(interval, max(timeout - elapsed, 0.01)))
            interval = min(interval * 1.3, 2.0)

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown(wait=True)


def late(entries: list[Entry], most: int = 3) -> str:
    """Who is late and why, for a person."""
    words = "; ".join(f"{objects.title(entry.desired)} ({entry.message})" for entry in entries[:most])
    return words + (f"; and {len(entries) - most} more" if len(entries) > most else "")


def refusal(desired: dict[str, Any], error: ApiError) -> str:
    """What the server said about one object, with the remedy where there is one."""
    name = objects.title(desired)
    if error.status == 409 and any(cause.get("reason") == "FieldManagerConflict" for cause in error.causes):
        owners = "; ".join(f"{cause.get('field')}: {cause.get('message')}" for cause in error.causes)
        return (
            f"{name} was not applied, as others own fields of it ({owners}). Remove the fields from the manifest, or take them over with force_conflicts: true."
        )
    return f"{name} was refused: {error} ({error.status} {error.reason})."

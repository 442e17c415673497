# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Reads of a cluster what its upgrade depends on, page by page; nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import JSON
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import METADATA
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import TEXT
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import path_of
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import ApiError
from ansible_collections.llmops.platform.plugins.module_utils._upgrade import deprecations
from ansible_collections.llmops.platform.plugins.module_utils._upgrade import nodes as node_rows
from ansible_collections.llmops.platform.plugins.module_utils._upgrade import webhooks
from ansible_collections.llmops.platform.plugins.module_utils._upgrade.budgets import Budget
from ansible_collections.llmops.platform.plugins.module_utils._upgrade.pods import Pods
from ansible_collections.llmops.platform.plugins.module_utils._upgrade.pods import local_claim
from ansible_collections.llmops.platform.plugins.module_utils._upgrade.removals import Removal

# Objects of one API and kind that are told by name.
OBJECTS = 100
# Made in thousands by controllers of the cluster itself, and gone within the hour.
SHORT_LIVED = ("Event",)


class ClusterReader:
    """What may not be read is told in `problems` (without it there is no plan) or `warnings`."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._groups: list[dict[str, Any]] | None = None
        self._resources: dict[str, dict[str, str]] = {}
        self.problems: list[str] = []
        self.warnings: list[str] = []
        self.left_out: dict[str, int] = {}

    def version(self) -> str:
        return self._client.get("/version")["gitVersion"].removeprefix("v")

    def nodes(self, pool_labels: Sequence[str], now: int) -> list[dict[str, Any]]:
        found = self._read("nodes", lambda: [node_rows.row(node, pool_labels, now) for node in self._items("/api/v1/nodes")], [], needed=True)
        return sorted(found, key=lambda row: (row["pool"], row["name"]))

    def budgets(self) -> list[Budget]:
        return self._read("PodDisruptionBudgets", lambda: [Budget.of(item) for item in self._items("/apis/policy/v1/poddisruptionbudgets")], [], needed=True)

    def pods(self, budgets: Iterable[Budget]) -> Pods:
        """Looks at all pods; the `budgets` learn which they cover."""

        def volumes() -> set[tuple[str, str]]:
            return {claim for volume in self._items("/api/v1/persistentvolumes") if (claim := local_claim(volume))}

        def take() -> Pods:
            for pod in self._items("/api/v1/pods"):
                pods.take(pod)
            return pods

        pods = Pods(budgets, self._read("PersistentVolumes", volumes, set()))
        return self._read("pods", take, pods, needed=True)

    def webhooks(self) -> list[dict[str, Any]]:
        """Those of failurePolicy Fail that nobody would answer."""
        rows = []
        for plural, kind in (
            ("mutatingwebhookconfigurations", "MutatingWebhookConfiguration"),
            ("validatingwebhookconfigurations", "ValidatingWebhookConfiguration"),
        ):
            path = f"/apis/admissionregistration.k8s.io/v1/{plural}"
            found = self._read(f"{kind}s", lambda path=path: list(self._items(path)), [])
            rows += [row for item in found for row in webhooks.strict({**item, "kind": kind})]
        ready = {
            service: self._read(f"endpoints of {'/'.join(service)}", lambda service=service: self._endpoints(*service), 1)
            for service in {row["service"] for row in rows}
        }
        return [row for row in rows if not ready[row["service"]]]

    def removed(self, removals: Sequence[Removal], lower: int, upper: int) -> list[dict[str, Any]]:
        """Uses of removed APIs: first what the metric says, so that our own reading is not in it, then object by object."""
        rows = self._read(
            "the API server's metrics", lambda: deprecations.requested(self._client.get("/metrics", accept=TEXT).splitlines(), removals, lower, upper), []
        )
        by_kind: dict[tuple[str, tuple[str, ...]], list[Removal]] = {}
        for removal in removals:
            if removal.kind not in SHORT_LIVED:
                by_kind.setdefault((removal.kind, removal.groups), []).append(removal)
        for (kind, groups), of_kind in by_kind.items():
            rows += self._read(kind, lambda kind=kind, groups=groups, of_kind=of_kind: self._written(kind, groups, of_kind), [])
        return rows

    def _written(self, kind: str, groups: Sequence[str], removals: Sequence[Removal]) -> list[dict[str, Any]]:
        path = self._path(kind, groups, {removal.api for removal in removals})
        found: list[dict[str, Any]] = []
        number: dict[str, int] = {}
        for item in self._items(path, METADATA) if path else ():
            for row in deprecations.written_through(item["metadata"], removals):
                name = f"{row['api']}/{kind}"
                number[name] = number.get(name, 0) + 1
                if number[name] <= OBJECTS:
                    found.append(row)
        self.left_out |= {name: many - OBJECTS for name, many in number.items() if many > OBJECTS}
        return found

    def _path(self, kind: str, groups: Sequence[str], old: set[str]) -> str:
        """Where objects of a kind are listed: by an API that stays, else by the old one; empty if the server has none."""
        if self._groups is None:
            self._groups = self._client.get("/apis")["groups"]
        served = [
            version["groupVersion"]
            for group in self._groups
            if group["name"] in groups
            for version in sorted(group["versions"], key=lambda version, group=group: version != group.get("preferredVersion"))
        ]
        for api in sorted(served, key=lambda api: api in old):
            if plural := self._kinds(api).get(kind):
                return f"/apis/{path_of(*api.split('/'))}/{plural}"
        return ""

    def _kinds(self, api: str) -> dict[str, str]:
        if api not in self._resources:
            listed = self._client.find(f"/apis/{path_of(*api.split('/'))}") or {}
            self._resources[api] = {
                one["kind"]: one["name"] for one in listed.get("resources") or [] if "/" not in one["name"] and "list" in one.get("verbs", ())
            }
        return self._resources[api]

    def _endpoints(self, namespace: str, service: str) -> int:
        path = f"/apis/discovery.k8s.io/v1/namespaces/{path_of(namespace)}/endpointslices"
        return webhooks.ready_endpoints(self._items(path, labelSelector=f"kubernetes.io/service-name={service}"))

    def _items(self, path: str, accept: str = JSON, **query: Any) -> Iterator[dict[str, Any]]:
        for items, _remaining in self._client.pages(path, accept=accept, **query):
            yield from items

    def _read(self, what: str, read: Callable[[], Any], otherwise: Any, *, needed: bool = False) -> Any:
        try:
            return read()
        except ApiError as error:
            if error.status not in (401, 403):
                raise
            said = f"{what} cannot be read ({error.message})"
            (self.problems if needed else self.warnings).append(f"{said}; allow get and list" if needed else f"{said}: not looked at")
            return otherwise

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Membership by the ApplySet specification: a parent ConfigMap, a label on each member, and what left the set is deleted.

https://github.com/kubernetes/enhancements/blob/master/keps/sig-cli/3659-kubectl-apply-prune/README.md
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import path_of
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError

PART_OF = "applyset.kubernetes.io/part-of"
ID = "applyset.kubernetes.io/id"
KINDS = "applyset.kubernetes.io/contains-group-kinds"
NAMESPACES = "applyset.kubernetes.io/additional-namespaces"
TOOLING = "applyset.kubernetes.io/tooling"
TOOL = "llmops-platform/1.0.0"
# The deployment whose set it is: the same set of another one means another cluster was meant.
OWNER = "llmops.platform/deployment"
# Objects of one name in several versions (`marketplace-config-4f2a…`) bear the name here.
VERSION_OF = "llmops.platform/version-of"
# With these goes data that no run could bring back.
STATEFUL = {
    ("", "Namespace"),
    ("", "PersistentVolume"),
    ("", "PersistentVolumeClaim"),
    ("apiextensions.k8s.io", "CustomResourceDefinition"),
    ("elasticsearch.k8s.elastic.co", "Elasticsearch"),
    ("kafka.strimzi.io", "Kafka"),
    ("postgresql.cnpg.io", "Cluster"),
    ("rabbitmq.com", "RabbitmqCluster"),
}
# (group, kind, namespace, name)
Key = tuple[str, str, str, str]


@dataclass
class ApplySet:
    """One set. `kinds` and `namespaces` are what the parent said before this run."""

    name: str
    namespace: str
    owner: str = ""
    keep_versions: int = 3
    allow_delete: frozenset[str] = frozenset()
    keep: list[dict[str, Any]] = field(default_factory=list)
    prune: bool = True
    exists: bool = False
    owned: str = ""
    kinds: frozenset[str] = frozenset()
    namespaces: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        digest = hashlib.sha256(f"{self.name}.{self.namespace}.ConfigMap.".encode()).digest()
        return f"applyset-{base64.urlsafe_b64encode(digest).decode().rstrip('=')}-v1"

    @property
    def path(self) -> str:
        return f"/api/v1/namespaces/{path_of(self.namespace)}/configmaps/{path_of(self.name)}"

    def parent(self, kinds: Iterable[str], namespaces: Iterable[str]) -> dict[str, Any]:
        """The parent's manifest."""
        annotations = {TOOLING: TOOL, KINDS: ",".join(sorted(kinds))}
        if self.owner:
            annotations[OWNER] = self.owner
        others = sorted(set(namespaces) - {self.namespace, ""})
        if others:
            annotations[NAMESPACES] = ",".join(others)
        metadata = {"name": self.name, "namespace": self.namespace, "labels": {ID: self.id}, "annotations": annotations}
        return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}

    def remember(self, live: dict[str, Any] | None) -> None:
        """Take over what the live parent says. Raises KubernetesError where it is not ours."""
        if live is None:
            return
        metadata = live["metadata"]
        annotations = metadata.get("annotations") or {}
        tool = annotations.get(TOOLING, "")
        if (metadata.get("labels") or {}).get(ID) != self.id or tool.partition("/")[0] != TOOL.partition("/")[0]:
            raise KubernetesError(
                f"ConfigMap {self.name} in namespace {self.namespace} is not the parent of our apply set"
                f"{f', it belongs to {tool}' if tool else ''}; choose another 'apply_set.name'"
            )
        owner = annotations.get(OWNER, "")
        if owner and self.owner and owner != self.owner:
            raise KubernetesError(
                f"this cluster holds {self.name} of deployment {owner}, not of {self.owner}, so nothing was sent; correct the kubeconfig of {self.owner}, "
                f"or delete ConfigMap {self.name} in namespace {self.namespace} if {self.owner} is to take it over"
            )
        self.owned = owner
        self.exists = True
        self.kinds = frozenset(_words(annotations.get(KINDS)))
        self.namespaces = frozenset(_words(annotations.get(NAMESPACES)))

    def says(self, kinds: Iterable[str], namespaces: Iterable[str]) -> bool:
        """Whether the parent says exactly this already."""
        return self.exists and self.owned == self.owner and self.kinds == set(kinds) and self.namespaces == set(namespaces) - {self.namespace, ""}


def _words(text: str | None) -> list[str]:
    return [word for word in (text or "").split(",") if word]


def from_options(options: dict[str, Any] | None) -> ApplySet | None:
    """Raises KubernetesError for values out of range."""
    if not options:
        return None
    if options["keep_versions"] < 1:
        raise KubernetesError("option 'apply_set.keep_versions' must be at least 1, the version in use")
    return ApplySet(
        options["name"],
        options["namespace"],
        options["owner"],
        options["keep_versions"],
        frozenset(options["allow_delete"]),
        list(options["keep"]),
        prune=options["prune"],
    )


def group_kind(api_version: str, kind: str) -> str:
    """`Deployment.apps`, `ConfigMap`."""
    group = api_version.rpartition("/")[0]
    return f"{kind}.{group}" if group else kind


def key_of(manifest: dict[str, Any], namespace: str = "") -> Key:
    metadata = manifest["metadata"]
    return manifest["apiVersion"].rpartition("/")[0], manifest["kind"], metadata.get("namespace") or namespace, metadata["name"]


def superfluous(members: list[dict[str, Any]], wanted: set[Key]) -> list[dict[str, Any]]:
    """Members of the set that are not wanted and have no controller of their own."""
    return [live for live in members if key_of(live) not in wanted and not any(o.get("controller") for o in live["metadata"].get("ownerReferences") or [])]


def family(manifest: dict[str, Any]) -> tuple[str, str, str] | None:
    """(kind, namespace, common name) of an object that exists in versions."""
    metadata = manifest["metadata"]
    name = (metadata.get("labels") or {}).get(VERSION_OF)
    return (manifest["kind"], metadata.get("namespace") or "", name) if name else None


def kept_versions(
    doomed: list[dict[str, Any]], families: set[tuple[str, str, str] | None], keep: int, named: set[tuple[str, str, str]]
) -> list[dict[str, Any]]:
    """Which of the doomed stay: of a family still in use the newest `keep - 1` besides the one in use, and each that is `named`.

    `named`: {(kind, namespace, name)} that a live ReplicaSet refers to.
    """
    rows: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for live in doomed:
        which = family(live)
        if which and which in families:
            rows.setdefault(which, []).append(live)
    kept = []
    for members in rows.values():
        members.sort(key=age, reverse=True)
        kept += [
            live
            for number, live in enumerate(members)
            if number < keep - 1 or (live["kind"], live["metadata"].get("namespace") or "", live["metadata"]["name"]) in named
        ]
    return kept


def age(live: dict[str, Any]) -> tuple[str, int]:
    """To sort by: the newest is the greatest."""
    # Of two in one second the server's own counter tells which came first.
    metadata = live["metadata"]
    return metadata.get("creationTimestamp") or "", int(metadata.get("resourceVersion") or 0)


def named_by(template: Any, namespace: str) -> Iterator[tuple[str, str, str]]:
    """ConfigMaps and Secrets that a pod template refers to."""
    if isinstance(template, dict):
        for key, value in template.items():
            if isinstance(value, dict):
                if key in ("configMapRef", "configMapKeyRef", "configMap") and value.get("name"):
                    yield "ConfigMap", namespace, value["name"]
                elif key in ("secretRef", "secretKeyRef", "secret") and (value.get("name") or value.get("secretName")):
                    yield "Secret", namespace, value.get("name") or value["secretName"]
            yield from named_by(value, namespace)
    elif isinstance(template, list):
        for value in template:
            yield from named_by(value, namespace)

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Which path serves a kind. Kubernetes' own kinds never move, so only others are asked of the server, once a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import path_of
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import ApiError

# Group/version: (namespaced kinds, cluster-wide kinds); a star marks a `status` subresource.
BUILT_IN = {
    "v1": (
        "ConfigMap LimitRange PersistentVolumeClaim* Pod* PodTemplate ReplicationController* ResourceQuota* Secret ServiceAccount Service*",
        "Namespace* Node* PersistentVolume*",
    ),
    "admissionregistration.k8s.io/v1": (
        "",
        "MutatingWebhookConfiguration ValidatingAdmissionPolicy* ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration",
    ),
    "apiextensions.k8s.io/v1": ("", "CustomResourceDefinition*"),
    "apiregistration.k8s.io/v1": ("", "APIService*"),
    "apps/v1": ("ControllerRevision DaemonSet* Deployment* ReplicaSet* StatefulSet*", ""),
    "autoscaling/v1": ("HorizontalPodAutoscaler*", ""),
    "autoscaling/v2": ("HorizontalPodAutoscaler*", ""),
    "batch/v1": ("CronJob* Job*", ""),
    "coordination.k8s.io/v1": ("Lease", ""),
    "networking.k8s.io/v1": ("Ingress* NetworkPolicy", "IngressClass"),
    "node.k8s.io/v1": ("", "RuntimeClass"),
    "policy/v1": ("PodDisruptionBudget*", ""),
    "rbac.authorization.k8s.io/v1": ("Role RoleBinding", "ClusterRole ClusterRoleBinding"),
    "scheduling.k8s.io/v1": ("", "PriorityClass"),
    "storage.k8s.io/v1": ("", "CSIDriver StorageClass"),
}


@dataclass(frozen=True)
class Resource:
    """How one kind is served."""

    api_version: str
    plural: str
    namespaced: bool
    has_status: bool
    custom: bool

    def path(self, namespace: str = "", name: str = "") -> str:
        """Of one object, or of a collection without `name`; of all namespaces without `namespace`."""
        parts = [*self.api_version.split("/")]
        if self.namespaced and namespace:
            parts += ["namespaces", namespace]
        parts.append(self.plural)
        if name:
            parts.append(name)
        return f"/{'apis' if '/' in self.api_version else 'api'}/{path_of(*parts)}"


def plural(kind: str) -> str:
    word = kind.lower()
    if word.endswith("y"):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith("s") else f"{word}s"


def _built_in() -> dict[tuple[str, str], Resource]:
    table = {}
    for api_version, (namespaced, cluster_wide) in BUILT_IN.items():
        for words, inside in ((namespaced, True), (cluster_wide, False)):
            for word in words.split():
                kind = word.rstrip("*")
                table[api_version, kind] = Resource(api_version, plural(kind), inside, word.endswith("*"), custom=False)
    return table


KNOWN = _built_in()


def from_definition(definition: dict[str, Any]) -> dict[tuple[str, str], Resource]:
    """The kinds a CustomResourceDefinition will serve: `{(api_version, kind): Resource}`."""
    spec = definition.get("spec") or {}
    names = spec.get("names") or {}
    table = {}
    for version in spec.get("versions") or []:
        api_version = f"{spec.get('group')}/{version.get('name')}"
        has_status = "status" in (version.get("subresources") or {})
        table[api_version, str(names.get("kind"))] = Resource(api_version, str(names.get("plural")), spec.get("scope") == "Namespaced", has_status, custom=True)
    return table


class Catalogue:
    """Finds the Resource of a kind: built in, defined by the set itself, else as the server lists it."""

    def __init__(self, client: Client, definitions: list[dict[str, Any]]) -> None:
        self._client = client
        self._known = dict(KNOWN)
        self.coming: dict[tuple[str, str], Resource] = {}
        for definition in definitions:
            self.coming.update(from_definition(definition))
        self._asked: set[str] = set()

    def resource(self, api_version: str, kind: str) -> Resource | None:
        """None: the server does not serve that kind, nor will it after this set."""
        wanted = (api_version, kind)
        known = self._known.get(wanted) or self.coming.get(wanted)
        if known is None and api_version not in self._asked:
            self._ask(api_version)
            known = self._known.get(wanted)
        return known

    def preferred(self, group: str, kind: str) -> Resource | None:
        """The Resource of a kind in whichever version the server prefers; None where it is not served."""
        known = [resource for (api_version, name), resource in self._known.items() if name == kind and api_version.rpartition("/")[0] == group]
        if known:
            return known[-1]
        try:
            version = self._client.get(f"/apis/{path_of(group)}")["preferredVersion"]["groupVersion"]
        except ApiError as error:
            if error.status == 404:
                return None
            raise
        return self.resource(version, kind)

    def _ask(self, api_version: str) -> None:
        self._asked.add(api_version)
        try:
            listed = self._client.get(f"/{'apis' if '/' in api_version else 'api'}/{path_of(*api_version.split('/'))}")
        except ApiError as error:
            if error.status == 404:
                return
            raise
        names = {entry["name"] for entry in listed.get("resources") or []}
        for entry in listed.get("resources") or []:
            if "/" not in entry["name"]:
                self._known.setdefault(
                    (api_version, entry["kind"]),
                    Resource(api_version, entry["name"], entry["namespaced"], f"{entry['name']}/status" in names, custom=True),
                )

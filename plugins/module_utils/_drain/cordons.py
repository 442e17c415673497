# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Cordons of our own: an annotation says whose they are, so that one which a dead run left is found again."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import path_of
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import ApiError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError

ANNOTATION = "llmops.platform/cordoned-by"
MERGE_PATCH = "application/merge-patch+json"
NODES = "/api/v1/nodes"
# A lost race for a node is tried again with what is there then.
ATTEMPTS = 5


def is_cordoned(node: Mapping[str, Any]) -> bool:
    return bool((node.get("spec") or {}).get("unschedulable"))


def owner_of(node: Mapping[str, Any]) -> str:
    """Who of ours cordoned the node, empty for nobody of ours."""
    return (node["metadata"].get("annotations") or {}).get(ANNOTATION, "")


def who_holds(node: Mapping[str, Any]) -> str:
    """For results: our owner, `somebody else`, or empty for a node that takes pods."""
    return (owner_of(node) or "somebody else") if is_cordoned(node) else ""


def read(client: Client, names: list[str], selector: str) -> list[dict[str, Any]]:
    """The nodes of these names, or of a label selector, by name. Raises KubernetesError for a name that is no node."""
    if selector:
        return sorted((item for items, _rest in client.pages(NODES, labelSelector=selector) for item in items), key=_name)
    found = {name: client.find(f"{NODES}/{path_of(name)}") for name in dict.fromkeys(names)}
    missing = sorted(name for name, node in found.items() if node is None)
    if missing:
        raise KubernetesError(f"there is no node {', '.join(missing)} in the cluster; correct option 'nodes', or choose them by option 'selector'")
    return sorted((node for node in found.values() if node), key=_name)


def cordon(client: Client, node: dict[str, Any], owner: str) -> bool:
    """Let no new pod onto the node. Somebody else's cordon stays theirs. Whether anything was changed."""
    body = {"metadata": {"annotations": {ANNOTATION: owner}}, "spec": {"unschedulable": True}}
    return _written(client, node, body, lambda one: not is_cordoned(one), "cordoned")


def uncordon(client: Client, node: dict[str, Any], *, foreign: bool = False) -> bool:
    """Let pods onto the node again, if the cordon is ours or `foreign` says so. Whether anything was changed."""
    body = {"metadata": {"annotations": {ANNOTATION: None}}, "spec": {"unschedulable": None}}
    return _written(client, node, body, lambda one: needs_release(one, foreign=foreign), "uncordoned")


def _written(client: Client, node: dict[str, Any], body: dict[str, Any], needed: Callable[[dict[str, Any]], bool], told: str) -> bool:
    """Write where it is needed, after each conflict on the node as it is then. Whether anything was changed. Raises KubernetesError."""
    for _attempt in range(ATTEMPTS):
        if not needed(node):
            return False
        if _patch(client, node, body):
            return True
        found = client.find(f"{NODES}/{path_of(_name(node))}")
        if found is None:
            return False
        node = found
    raise KubernetesError(f"node {_name(node)} changes faster than it can be {told}; find out what writes to it")


def needs_release(node: Mapping[str, Any], *, foreign: bool) -> bool:
    """Whether `uncordon` would change the node."""
    return bool(owner_of(node)) or (foreign and is_cordoned(node))


def _patch(client: Client, node: Mapping[str, Any], change: dict[str, Any]) -> bool:
    """Only onto the version that was judged; False where somebody was faster."""
    body = {**change, "metadata": {**change["metadata"], "resourceVersion": node["metadata"]["resourceVersion"]}}
    try:
        client.request("PATCH", f"{NODES}/{path_of(_name(node))}", body=body, content_type=MERGE_PATCH, final=(409,))
    except ApiError as error:
        if error.status in (404, 409):
            return False
        raise
    return True


def _name(node: Mapping[str, Any]) -> str:
    return node["metadata"]["name"]

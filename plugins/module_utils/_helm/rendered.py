# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What helm renders, sorted: definitions, hooks, and the objects as helm itself will send them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

HOOK = "helm.sh/hook"
KEEP = "helm.sh/resource-policy"
# The field manager of helm 4, which applies on the server.
MANAGER = "helm"

Objects = list[dict[str, Any]]


def annotation(document: dict[str, Any], name: str) -> str:
    return str(((document.get("metadata") or {}).get("annotations") or {}).get(name) or "")


def split(documents: Iterable[dict[str, Any]], release: str, namespace: str) -> tuple[Objects, Objects]:
    """`(objects, hooks)`; the objects as helm sends them, with namespace, owner's label and annotations."""
    objects, hooks = [], []
    for document in documents:
        if annotation(document, HOOK):
            hooks.append(document)
        else:
            objects.append(owned(document, release, namespace))
    return objects, hooks


def owned(document: dict[str, Any], release: str, namespace: str) -> dict[str, Any]:
    """As helm sends an object."""
    metadata = document.get("metadata") or {}
    return {
        **document,
        "metadata": {
            **metadata,
            "namespace": metadata.get("namespace") or namespace,
            "labels": {**(metadata.get("labels") or {}), "app.kubernetes.io/managed-by": "Helm"},
            "annotations": {
                **(metadata.get("annotations") or {}),
                "meta.helm.sh/release-name": release,
                "meta.helm.sh/release-namespace": namespace,
            },
        },
    }


def left_over(before: Iterable[dict[str, Any]], now: Iterable[dict[str, Any]], namespace: str) -> Objects:
    """Objects of the revision before that this one has no more, and that helm will delete."""
    wanted = {_key(document, namespace) for document in now}
    return [
        _bare(document, namespace)
        for document in before
        if not annotation(document, HOOK) and annotation(document, KEEP) != "keep" and _key(document, namespace) not in wanted
    ]


def _key(document: dict[str, Any], namespace: str) -> tuple[str, str, str, str]:
    metadata = document.get("metadata") or {}
    group = str(document.get("apiVersion", "")).rpartition("/")[0]
    return group, str(document.get("kind")), str(metadata.get("namespace") or namespace), str(metadata.get("name"))


def _bare(document: dict[str, Any], namespace: str) -> dict[str, Any]:
    metadata = document["metadata"]
    return {
        "apiVersion": document["apiVersion"],
        "kind": document["kind"],
        "metadata": {"name": metadata["name"], "namespace": metadata.get("namespace") or namespace},
    }


def merged(values: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Maps merged as helm merges files of values; all else is replaced."""
    both = dict(values)
    for key, value in over.items():
        old = both.get(key)
        both[key] = merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return both


def leaves(value: Any) -> list[str]:
    """All scalars of a tree of values as text, the longest first: what must not appear in a message."""
    found: set[str] = set()
    _collect(value, found)
    # Shorter ones would turn every message into asterisks.
    return sorted((text for text in found if len(text) >= 4), key=len, reverse=True)


def _collect(value: Any, found: set[str]) -> None:
    if isinstance(value, dict):
        for item in value.values():
            _collect(item, found)
    elif isinstance(value, list):
        for item in value:
            _collect(item, found)
    elif value is not None and not isinstance(value, bool):
        found.add(str(value))

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Helm's own memory: one Secret for each revision of a release, read without helm."""

from __future__ import annotations

import base64
import gzip
import json
import time
from dataclasses import dataclass
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import path_of
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError

TYPE = "helm.sh/release.v1"
PENDING = ("pending-install", "pending-upgrade", "pending-rollback")


@dataclass(frozen=True)
class Revision:
    """One revision of a release."""

    secret: str
    number: int
    status: str
    modified: float
    release: dict[str, Any]

    @property
    def manifest(self) -> str:
        return self.release.get("manifest") or ""

    @property
    def hooks(self) -> list[str]:
        return [hook.get("manifest") or "" for hook in self.release.get("hooks") or []]

    @property
    def chart(self) -> str:
        """As helm prints it: `istiod-1.31.1`."""
        metadata = (self.release.get("chart") or {}).get("metadata") or {}
        return f"{metadata.get('name', '?')}-{metadata.get('version', '?')}"


def decode(text: str) -> dict[str, Any]:
    """The release out of `data.release` of its Secret. Raises ValueError for what helm did not write."""
    raw = base64.b64decode(base64.b64decode(text))
    return json.loads(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)


def encode(release: dict[str, Any]) -> str:
    """The reverse of decode."""
    return base64.b64encode(base64.b64encode(gzip.compress(json.dumps(release, separators=(",", ":")).encode()))).decode()


def history(client: Client, namespace: str, name: str) -> list[Revision]:
    """All revisions that are remembered, the oldest first."""
    selector = f"owner=helm,name={name}"
    secrets = [secret for page, _remaining in client.pages(f"/api/v1/{path_of('namespaces', namespace, 'secrets')}", labelSelector=selector) for secret in page]
    return sorted((revision(secret) for secret in secrets if secret.get("type") == TYPE), key=lambda found: found.number)


def revision(secret: dict[str, Any]) -> Revision:
    """What a Secret of helm says. Raises KubernetesError that names it where it cannot be read."""
    metadata, labels = secret["metadata"], secret["metadata"].get("labels") or {}
    try:
        release = decode((secret.get("data") or {}).get("release") or "")
        modified = float(labels.get("modifiedAt") or labels.get("createdAt") or _seconds(metadata["creationTimestamp"]))
        return Revision(metadata["name"], int(release["version"]), release["info"]["status"], modified, release)
    except (ValueError, KeyError, TypeError, OSError, EOFError) as error:
        raise KubernetesError(
            f"Secret {metadata.get('namespace')}/{metadata['name']} is helm's record of a release and cannot be read ({type(error).__name__}: {error}); "
            "delete that revision, helm goes on from the one before"
        ) from error


def _seconds(moment: str) -> float:
    # Kubernetes writes UTC without fractions.
    return time.mktime(time.strptime(moment, "%Y-%m-%dT%H:%M:%SZ")) - time.timezone


def set_free(client: Client, namespace: str, stuck: Revision) -> None:
    """Mark a revision whose helm died as failed: a next upgrade then goes on from it."""
    description = f"Marked failed: it was {stuck.status} and nobody was at work"
    release = {**stuck.release, "info": {**stuck.release["info"], "status": "failed", "description": description}}
    body = {"metadata": {"labels": {"status": "failed"}}, "data": {"release": encode(release)}}
    client.request("PATCH", f"/api/v1/{path_of('namespaces', namespace, 'secrets', stuck.secret)}", {}, body, "application/merge-patch+json")

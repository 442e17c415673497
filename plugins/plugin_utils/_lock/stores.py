# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Where a lock lies: a file on this machine, or a Lease in the deployment's cluster. Both are written only if unchanged since they were read."""

from __future__ import annotations

import fcntl
import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import path_of
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import ApiError
from ansible_collections.llmops.platform.plugins.plugin_utils._local.processes import read_record
from ansible_collections.llmops.platform.plugins.plugin_utils._local.processes import write_record

RECORD = "llmops.platform/holder"
TTL = 60


class FileStore:
    """`<directory>/<name>.json`. The holder is alive as long as its process is, so nothing needs to be renewed."""

    def __init__(self, directory: Path, name: str) -> None:
        self._path = directory / f"{name}.json"

    def read(self) -> tuple[dict[str, Any] | None, Any]:
        record = read_record(self._path)
        return record, record

    def write(self, record: dict[str, Any] | None, version: Any) -> bool:
        """Replace what was read as `version`. False if somebody was faster."""
        with self._alone():
            if read_record(self._path) != version:
                return False
            if record is None:
                self._path.unlink(missing_ok=True)
            else:
                write_record(self._path, record)
        return True

    def looks_abandoned(self, _record: dict[str, Any], _version: Any) -> bool:
        return False

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(self._path.with_suffix(".mutex"), "w", encoding="utf-8") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            yield


class LeaseStore:
    """A Lease. It is renewed by a keeper; one that nobody renews for TTL seconds is abandoned."""

    def __init__(self, client: Client, namespace: str, name: str) -> None:
        self._client = client
        self._collection = f"/apis/coordination.k8s.io/v1/namespaces/{path_of(namespace)}/leases"
        # Inventory names have underscores, names of Kubernetes objects may not.
        name = re.sub(r"[^a-z0-9.-]", "-", name.lower())
        self._name = name
        self._metadata: dict[str, Any] = {"name": name, "namespace": namespace, "labels": {"app.kubernetes.io/managed-by": "llmops-platform"}}

    @property
    def _path(self) -> str:
        return f"{self._collection}/{path_of(self._name)}"

    def read(self) -> tuple[dict[str, Any] | None, Any]:
        live = self._client.find(self._path)
        if live is None:
            return None, None
        text = (live["metadata"].get("annotations") or {}).get(RECORD)
        held = (live.get("spec") or {}).get("holderIdentity")
        return (json.loads(text) if text and held else None), live["metadata"]["resourceVersion"]

    def write(self, record: dict[str, Any] | None, version: Any) -> bool:
        now = time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime())
        spec: dict[str, Any] = {"leaseDurationSeconds": TTL, "renewTime": now}
        if record is not None:
            spec |= {"holderIdentity": f"{record['user']}@{record['machine']}/{record['pid']}"}
        metadata = {**self._metadata, "annotations": {RECORD: json.dumps(record, sort_keys=True)} if record else {}}
        body = {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": metadata, "spec": spec}
        try:
            if version is None:
                self._client.request("POST", self._collection, body=body)
            else:
                metadata["resourceVersion"] = version
                self._client.request("PUT", self._path, body=body)
        except ApiError as error:
            if error.status == 409:
                return False
            raise
        return True

    def looks_abandoned(self, _record: dict[str, Any], version: Any) -> bool:
        """Watch it for TTL seconds of our own clock: those of two machines may differ."""
        deadline = time.monotonic() + TTL
        while time.monotonic() < deadline:
            time.sleep(5)
            if self.read()[1] != version:
                return False
        return True

    def renewed(self) -> float:
        """When it was renewed last, in seconds since 1970 by the holder's clock."""
        live = self._client.find(self._path) or {}
        text = (live.get("spec") or {}).get("renewTime") or "1970-01-01T00:00:00"
        return float(time.mktime(time.strptime(text[:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone)


def file_or_lease(arguments: dict[str, Any], client: Client | None) -> FileStore | LeaseStore:
    """The store that the module's arguments name."""
    if client is None:
        return FileStore(Path(arguments["directory"]).expanduser(), arguments["name"])
    return LeaseStore(client, arguments["namespace"], arguments["name"])

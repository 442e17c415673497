# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes the lock of a deployment; documented in the module of the same name."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s import connection
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError
from ansible_collections.llmops.platform.plugins.plugin_utils._action import UNKNOWN
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction
from ansible_collections.llmops.platform.plugins.plugin_utils._local.processes import LocalError
from ansible_collections.llmops.platform.plugins.plugin_utils._lock import holder
from ansible_collections.llmops.platform.plugins.plugin_utils._lock import keeper
from ansible_collections.llmops.platform.plugins.plugin_utils._lock.stores import TTL
from ansible_collections.llmops.platform.plugins.plugin_utils._lock.stores import LeaseStore
from ansible_collections.llmops.platform.plugins.plugin_utils._lock.stores import file_or_lease

SAY_EVERY = 10.0
REMEDY = (
    "wait for that run, or wait here with ARGS='-e cluster_lock_wait=<seconds>'. "
    "If that run is certainly dead: make unlock ENV=<environment> LIMIT=<deployment> CONFIRM=<environment>"
)


class ActionModule(ApiAction):
    """One lock, two places to keep it."""

    errors = (holder.LockError, KubernetesError, LocalError, OSError)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        if arguments["kubeconfig"] == UNKNOWN:
            return {"changed": False, "held": False, "holder": ""}
        client = None
        if not arguments["directory"]:
            client = Client(connection.load(arguments["kubeconfig"], arguments["context"]), "deployment_lock")
        try:
            store = file_or_lease(arguments, client)
            if arguments["state"] == "broken":
                return self._break(store)
            if arguments["state"] == "shown" or self.check_mode:
                record = _valid(store.read()[0])
                return {"changed": False, "held": record is not None and holder.same(record, holder.me()), "holder": _words(record)}
            record = self._take(arguments["name"], store, arguments["wait"], arguments["remedy"] or REMEDY)
            if record is not None and isinstance(store, LeaseStore):
                _keep(arguments, record)
            return {"changed": False, "held": True, "holder": holder.described(record or holder.me())}
        finally:
            if client:
                client.close()

    def _break(self, store) -> dict[str, Any]:
        record, version = store.read()
        record = _valid(record)
        if record is not None and not self.check_mode:
            store.write(None, version)
        return {"changed": record is not None, "held": False, "holder": _words(record)}

    def _take(self, name: str, store, wait: int, remedy: str) -> dict[str, Any] | None:
        """The new record, or None where this run has the lock already."""
        here, begun, said = holder.me(), time.monotonic(), -SAY_EVERY
        while True:
            record, version = store.read()
            if record is not None and holder.same(record, here):
                return None
            free = record is None or holder.has_ended(record, here)
            if not free and isinstance(store, LeaseStore) and time.time() - store.renewed() > TTL:
                self.progress(f"  {name}: {_words(record)} has not renewed its lock, watching for {TTL} s whether it is still there")
                free = store.looks_abandoned(record, version)
            if free:
                if store.write(here, version):
                    return here
                continue
            waited = time.monotonic() - begun
            if waited >= wait:
                raise holder.LockError(f"{name} is being changed by {_words(record)}; {remedy}")
            if waited - said >= SAY_EVERY:
                said = waited
                self.progress(f"  {name}: waiting for {_words(record)}, {wait - waited:.0f} s left")
            time.sleep(min(2.0, wait - waited))


def _valid(record: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if record is None or holder.has_ended(record, holder.me()) else record


def _words(record: dict[str, Any] | None) -> str:
    return holder.described(record) if record else ""


def _keep(arguments: dict[str, Any], record: dict[str, Any]) -> None:
    settings = {key: arguments[key] for key in ("kubeconfig", "context", "namespace", "name")}
    nothing = subprocess.DEVNULL
    with subprocess.Popen(
        [sys.executable, keeper.__file__], stdin=subprocess.PIPE, stdout=nothing, stderr=nothing, start_new_session=True, text=True
    ) as process:
        process.stdin.write(json.dumps({**settings, "record": record}))
        process.stdin.close()
        # It outlives this task on purpose.
        process.returncode = 0

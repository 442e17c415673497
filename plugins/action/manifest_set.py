# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applies, deletes or awaits a set of Kubernetes objects; documented in the module of the same name."""

from __future__ import annotations

from collections import Counter
from typing import Any

import yaml

from ansible_collections.llmops.platform.plugins.module_utils._k8s import manifest_set
from ansible_collections.llmops.platform.plugins.module_utils._k8s import objects
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import K8sError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.pods import explanation
from ansible_collections.llmops.platform.plugins.module_utils._k8s.readiness import FAILED
from ansible_collections.llmops.platform.plugins.module_utils._k8s.readiness import READY
from ansible_collections.llmops.platform.plugins.module_utils._k8s.readiness import readiness
from ansible_collections.llmops.platform.plugins.plugin_utils._action import UNKNOWN
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction

CHANGES = ("created", "configured", "deleted")


class ActionModule(ApiAction):
    """One component."""

    errors = (K8sError,)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        self._arguments = arguments
        if arguments["kubeconfig"] == UNKNOWN and self.check_mode:
            return self._without_cluster(arguments)
        client = Client(arguments["kubeconfig"], arguments["context"], arguments["parallelism"])
        component = manifest_set.ManifestSet(
            client, arguments["manifests"], arguments["field_manager"], arguments["force_conflicts"], self.check_mode, arguments["parallelism"]
        )
        try:
            getattr(self, f"_{arguments['state']}")(component)
        except K8sError as error:
            error.result = self._result(component)
            raise
        finally:
            component.close()
        return self._result(component)

    def _present(self, component: manifest_set.ManifestSet) -> None:
        component.apply(lambda definitions: self._await_ready(component, definitions))
        if self._arguments["wait"] and not self.check_mode:
            self._await_ready(component, component.entries)

    def _ready(self, component: manifest_set.ManifestSet) -> None:
        if not self.check_mode:
            self._await_ready(component, component.entries)

    def _absent(self, component: manifest_set.ManifestSet) -> None:
        component.delete()
        leaving = [entry for entry in component.entries if entry.action == "deleted"]
        if self._arguments["wait"] and not self.check_mode:
            before = {id(entry): entry.live for entry in leaving}
            late = component.wait(leaving, _gone, self._arguments["wait_timeout"], self.progress, "gone")
            for entry in leaving:
                entry.live = before[id(entry)]
            if late:
                raise K8sError(self._too_late("gone", late))

    def _await_ready(self, component: manifest_set.ManifestSet, entries: list[manifest_set.Entry]) -> None:
        before = {id(entry): entry.live for entry in entries}

        def done(entry: manifest_set.Entry) -> bool:
            state, entry.message = readiness(entry.live) if entry.live else ("progressing", "does not exist")
            entry.ready = state == READY
            if not entry.ready and entry.live:
                entry.message = "; ".join(filter(None, (entry.message, explanation(component.client, entry.live))))
            if state == FAILED:
                raise K8sError(f"{objects.title(entry.desired)} failed: {entry.message}")
            return entry.ready

        late = component.wait(entries, done, self._arguments["wait_timeout"], self.progress, "ready")
        for entry in entries:
            entry.live = before[id(entry)]
        if late:
            raise K8sError(self._too_late("ready", late))

    def _too_late(self, verb: str, late: list[manifest_set.Entry]) -> str:
        return (
            f"{self._arguments['name']}: {len(late)} objects are not {verb} after {self._arguments['wait_timeout']} s: "
            f"{manifest_set.late(late, most=20)}. Correct what they wait for, or allow more time with wait_timeout."
        )

    def _without_cluster(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """The plan for a cluster that does not exist yet: everything would be created, nothing is there to delete."""
        found = objects.problems(arguments["manifests"])
        if found:
            raise K8sError("nothing was sent: " + "; ".join(found))
        entries = [manifest_set.Entry(objects.prepared(manifest)) for manifest in arguments["manifests"]]
        for entry in entries:
            entry.action = {"present": "created", "absent": "absent", "ready": "unchanged"}[arguments["state"]]
            entry.after = entry.desired if entry.action == "created" else None
            entry.message = "the cluster does not exist yet"
        return self._result_of(entries)

    def _result(self, component: manifest_set.ManifestSet) -> dict[str, Any]:
        return self._result_of(component.entries)

    def _result_of(self, entries: list[manifest_set.Entry]) -> dict[str, Any]:
        count = Counter(entry.action for entry in entries)
        result = {
            "changed": any(count[change] for change in CHANGES),
            "objects": [entry.row() for entry in entries],
            "summary": {action: count[action] for action in ("created", "configured", "unchanged", "deleted")},
        }
        if self.diff_wanted:
            result["diff"] = [_difference(entry) for entry in entries if entry.action in CHANGES]
        return result


def _gone(entry: manifest_set.Entry) -> bool:
    finalizers = ", ".join((entry.live or {}).get("metadata", {}).get("finalizers") or [])
    entry.message = f"still there, held by {finalizers}" if finalizers else "still there"
    return entry.live is None


def _difference(entry: manifest_set.Entry) -> dict[str, str]:
    title = objects.title(entry.desired)
    after = None if entry.action == "deleted" else entry.after
    return {"before_header": title, "after_header": title, "before": _text(entry.live), "after": _text(after)}


def _text(live: dict[str, Any] | None) -> str:
    return yaml.safe_dump(objects.shown(live), sort_keys=True) if live else ""

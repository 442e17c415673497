# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Whether a cluster is as healthy as it was: nodes Ready, workloads not short of more pods than before, the API server answers."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._drain import cordons
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import path_of
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import ApiError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError

MANAGER = "llmops-upgrade"
NAME = "llmops-upgrade"
KINDS = (("Deployment", "deployments"), ("StatefulSet", "statefulsets"), ("DaemonSet", "daemonsets"))
PROGRESS_EVERY = 15.0
POLL = 2.0
SHOWN = 10


class Unhealthy(KubernetesError):
    """What is worse than before; `result` holds all of it."""


def missing(kind: str, live: Mapping[str, Any]) -> int:
    """Pods that a workload wants and that are not ready."""
    status = live.get("status") or {}
    if kind == "DaemonSet":
        return max(0, int(status.get("desiredNumberScheduled") or 0) - int(status.get("numberReady") or 0))
    wanted = (live.get("spec") or {}).get("replicas")
    return max(0, int(1 if wanted is None else wanted) - int(status.get("readyReplicas") or 0))


def workloads(client: Client) -> dict[str, int]:
    """How many pods each workload is short of, by `Kind namespace/name`."""
    found = {}
    for kind, plural in KINDS:
        for page, _rest in client.pages(f"/apis/apps/v1/{plural}"):
            found |= {f"{kind} {one['metadata']['namespace']}/{one['metadata']['name']}": missing(kind, one) for one in page}
    return found


def worse(before: Mapping[str, int], now: Mapping[str, int]) -> list[str]:
    """Workloads that are short of more pods than before; what was not there before must be whole."""
    return [f"{name} is short of {short} pods, {before.get(name, 0)} before" for name, short in sorted(now.items()) if short > before.get(name, 0)]


def minor_of(version: str) -> str:
    """1.36 of v1.36.2-eks-1a2b3c; empty for what is no version."""
    parts = version.removeprefix("v").split(".")
    return ".".join(parts[:2]) if len(parts) > 1 and parts[0].isdigit() and parts[1].isdigit() else ""


def node_problems(nodes: list[dict[str, Any]], least: int, version: str) -> list[str]:
    """What is wrong with nodes: not Ready, of another minor, too few. A cordoned one may be whatever it is."""
    problems = []
    counted = 0
    for node in nodes:
        name, status = node["metadata"]["name"], node.get("status") or {}
        if cordons.is_cordoned(node):
            continue
        if not any(one.get("type") == "Ready" and one.get("status") == "True" for one in status.get("conditions") or []):
            problems.append(f"node {name} is not Ready")
            continue
        kubelet = (status.get("nodeInfo") or {}).get("kubeletVersion") or ""
        if version and minor_of(kubelet) != version:
            problems.append(f"node {name} runs {kubelet or 'an unknown version'}, not {version}")
            continue
        counted += 1
    if counted < least:
        problems.append(f"{counted} nodes are ready, {least} are wanted")
    return problems


class Record:
    """How healthy the cluster was before, kept in a ConfigMap of the cluster: the run that goes on after a killed one judges by the same."""

    def __init__(self, client: Client, namespace: str) -> None:
        self._client, self._namespace = client, namespace
        self._path = f"/api/v1/namespaces/{path_of(namespace)}/configmaps/{NAME}"

    def read(self, operation: str) -> dict[str, int] | None:
        """What was remembered for this operation, None for nothing, or for another one."""
        data = (self._client.find(self._path) or {}).get("data") or {}
        return json.loads(data["workloads"]) if data.get("operation") == operation else None

    def write(self, operation: str, found: Mapping[str, int]) -> None:
        data = {"operation": operation, "workloads": json.dumps(found, sort_keys=True)}
        body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": NAME, "namespace": self._namespace}, "data": data}
        self._client.apply(self._path, body, MANAGER, force=True)

    def forget(self, check_mode: bool) -> bool:
        """Whether there was anything to forget."""
        found = self._client.find(self._path)
        if found and not check_mode:
            self._client.delete(self._path, found["metadata"]["uid"], "Background")
        return bool(found)


class Health:
    """One task of cluster_health. `options` are the module's."""

    def __init__(self, client: Client, options: Mapping[str, Any], say: Callable[[str], Any]) -> None:
        self._client, self._options, self._say = client, options, say
        self._record = Record(client, options["namespace"])

    def run(self, check_mode: bool) -> dict[str, Any]:
        """The task's result. Raises Unhealthy with what is worse than before, KubernetesError."""
        options = self._options
        if options["state"] == "forgotten":
            return {"changed": self._record.forget(check_mode), "problems": [], "workloads": {}, "nodes": [], "server_version": ""}
        before = self._record.read(options["operation"]) if options["operation"] else {}
        if options["state"] == "remembered":
            result = self._look({})
            changed = before is None
            if changed and not check_mode:
                self._record.write(options["operation"], result["workloads"])
            return {**result, "changed": changed, "workloads": result["workloads"] if before is None else before, "problems": []}
        return {"changed": False, **(self._look(before or {}) if check_mode else self._wait(before or {}))}

    def _wait(self, before: Mapping[str, int]) -> dict[str, Any]:
        begun = told = time.monotonic()
        while True:
            try:
                result = self._look(before)
            except ApiError as error:
                # An API server that is being replaced refuses for a moment.
                result = {"problems": [f"the API server answers {error.status}: {error.message}"], "workloads": {}, "nodes": [], "server_version": ""}
            if not result["problems"]:
                return result
            now = time.monotonic()
            if now - begun >= self._options["timeout"]:
                shown = "\n".join(_short(result["problems"]))
                raise Unhealthy(f"the cluster is not as healthy as before after {self._options['timeout']:g} s:\n{shown}", {**result, "changed": False})
            if now - told >= PROGRESS_EVERY:
                told = now
                self._say(f"waits for {'; '.join(_short(result['problems'], 3))}")
            time.sleep(POLL)

    def _look(self, before: Mapping[str, int]) -> dict[str, Any]:
        options, problems = self._options, []
        server = self._client.get("/version").get("gitVersion") or ""
        if options["server_version"] and minor_of(server) != options["server_version"]:
            problems.append(f"the API server runs {server}, not {options['server_version']}")
        nodes = cordons.read(self._client, [], options["selector"]) if options["selector"] else self._all_nodes()
        problems += node_problems(nodes, options["least_nodes"], options["nodes_version"])
        found = workloads(self._client)
        if options["operation"]:
            problems += worse(before, found)
        return {
            "problems": problems,
            "workloads": found,
            "nodes": [
                {
                    "name": one["metadata"]["name"],
                    "version": ((one.get("status") or {}).get("nodeInfo") or {}).get("kubeletVersion") or "",
                    "cordoned_by": cordons.who_holds(one),
                    "labels": one["metadata"].get("labels") or {},
                }
                for one in nodes
            ],
            "server_version": server,
        }

    def _all_nodes(self) -> list[dict[str, Any]]:
        return [node for page, _rest in self._client.pages(cordons.NODES) for node in page]


def _short(problems: list[str], most: int = SHOWN) -> list[str]:
    return problems[:most] + ([f"and {len(problems) - most} more"] if len(problems) > most else [])

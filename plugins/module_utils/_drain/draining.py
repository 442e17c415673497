# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The whole of a `node_drain` task: look, refuse what cannot be, cordon all, empty them, put back what failed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._drain import choosing
from ansible_collections.llmops.platform.plugins.module_utils._drain import cordons
from ansible_collections.llmops.platform.plugins.module_utils._drain import evicting
from ansible_collections.llmops.platform.plugins.module_utils._drain.evicting import Eviction
from ansible_collections.llmops.platform.plugins.module_utils._drain.evicting import Node
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError

CORDONED, SCHEDULABLE = "cordoned", "schedulable"


class DrainError(KubernetesError):
    """What stands in the way; `result` says what was done and put back."""


class Drain:
    """One task. `options` are the module's."""

    def __init__(self, client: Client, options: Mapping[str, Any], say: Callable[[str], Any]) -> None:
        self._client, self._options, self._say = client, options, say
        self._rows: dict[str, dict[str, Any]] = {}

    def run(self, check_mode: bool) -> dict[str, Any]:
        """The task's result. Raises DrainError, KubernetesError."""
        options = self._options
        if bool(options["nodes"]) == bool(options["selector"]):
            raise KubernetesError("give either 'nodes' or 'selector', and not an empty one")
        nodes = cordons.read(self._client, options["nodes"], options["selector"])
        for node in nodes:
            holder = cordons.who_holds(node)
            state = CORDONED if cordons.is_cordoned(node) else SCHEDULABLE
            row = {"before": state, "after": state, "cordoned_by": holder, "changed": False, "evicted": [], "stays": {}, "seconds": 0.0}
            self._rows[node["metadata"]["name"]] = row
        if options["state"] == SCHEDULABLE:
            self._release(nodes, check_mode)
        else:
            found = self._judge(nodes) if options["state"] == "drained" else {}
            self._cordon(nodes, check_mode)
            if found:
                self._predict(found) if check_mode else self._empty(nodes, found)
        return self._result()

    def _release(self, nodes: list[dict[str, Any]], check_mode: bool) -> None:
        foreign = self._options["release_foreign"]
        for node in nodes:
            row = self._rows[node["metadata"]["name"]]
            if not cordons.needs_release(node, foreign=foreign):
                continue
            if not check_mode:
                cordons.uncordon(self._client, node, foreign=foreign)
            row |= {"after": SCHEDULABLE, "cordoned_by": "", "changed": True}

    def _judge(self, nodes: list[dict[str, Any]]) -> dict[str, list[choosing.Choice]]:
        """The pods of each node. Raises DrainError before anything is changed where waiting could not help."""
        found = {node["metadata"]["name"]: evicting.choices(self._client, node["metadata"]["name"], self._options) for node in nodes}
        wanted = any(one.action == choosing.EVICT for chosen in found.values() for one in chosen)
        blocked = evicting.blockers(found, evicting.read_budgets(self._client) if wanted else [])
        if blocked:
            lines = "\n".join(evicting.told(row) for row in blocked)
            raise DrainError(f"nothing was changed, as {len(blocked)} pods cannot go:\n{lines}", self._result(blocked))
        return found

    def _cordon(self, nodes: list[dict[str, Any]], check_mode: bool) -> None:
        """All of them first, so that what leaves one does not move to the next."""
        for node in nodes:
            row = self._rows[node["metadata"]["name"]]
            if row["before"] == CORDONED:
                continue
            if check_mode or cordons.cordon(self._client, node, self._options["owner"]):
                row |= {"after": CORDONED, "cordoned_by": self._options["owner"], "changed": True}

    def _predict(self, found: Mapping[str, list[choosing.Choice]]) -> None:
        for node, chosen in found.items():
            evicted = [one.name for one in chosen if one.action == choosing.EVICT]
            row = self._rows[node]
            row |= {"evicted": evicted, "stays": {one.name: one.why for one in chosen if one.action == choosing.STAYS}}
            row["changed"] = row["changed"] or bool(evicted)

    def _empty(self, nodes: list[dict[str, Any]], found: Mapping[str, list[choosing.Choice]]) -> None:
        stop = threading.Event()
        states = {name: Node(name) for name in found}
        failures: dict[str, Exception] = {}

        def one(name: str) -> None:
            if stop.is_set():
                return
            try:
                Eviction(self._client, self._options, self._say, stop).run(states[name])
            except KubernetesError as error:
                if not stop.is_set() or not failures:
                    failures[name] = error
                stop.set()

        with ThreadPoolExecutor(max_workers=max(1, self._options["parallel"])) as pool:
            list(pool.map(one, sorted(found)))
        for name, state in states.items():
            row = self._rows[name]
            row |= {"evicted": state.evicted, "stays": state.stays, "seconds": state.seconds}
            row["changed"] = row["changed"] or bool(state.evicted)
        if failures:
            self._fail(nodes, states, failures)

    def _fail(self, nodes: list[dict[str, Any]], states: Mapping[str, Node], failures: Mapping[str, Exception]) -> None:
        blocked = [{"node": name, "pod": pod, **held} for name, state in sorted(states.items()) if name in failures for pod, held in sorted(state.held.items())]
        words = "\n".join(str(error) for _name, error in sorted(failures.items()))
        if self._options["uncordon_on_failure"]:
            words += f"\n{self._put_back([node['metadata']['name'] for node in nodes])}"
        else:
            words += "\nthe nodes stay cordoned, as uncordon_on_failure is false"
        raise DrainError(words, self._result(blocked)) from next(iter(failures.values()))

    def _put_back(self, names: list[str]) -> str:
        """Uncordon what is ours, also where an earlier run of ours had cordoned it."""
        back = []
        try:
            for node in cordons.read(self._client, names, ""):
                if cordons.uncordon(self._client, node):
                    name = node["metadata"]["name"]
                    back.append(name)
                    self._rows[name] |= {"after": SCHEDULABLE, "cordoned_by": ""}
        except KubernetesError as error:
            return f"uncordoned again: {', '.join(back) or 'none'}; the others stay cordoned ({error}), release them by state: schedulable"
        return f"uncordoned again: {', '.join(back) or 'none'}"

    def _result(self, blocked: list[dict[str, str]] | None = None) -> dict[str, Any]:
        return {
            "changed": any(row["changed"] for row in self._rows.values()),
            "nodes": self._rows,
            "evicted": sum(len(row["evicted"]) for row in self._rows.values()),
            "blocked": blocked or [],
            "plan": [step for name, row in sorted(self._rows.items()) if row["changed"] for step in _steps(name, row)],
        }


def _steps(name: str, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    fields = [f"evict {pod}" for pod in row["evicted"]]
    if row["before"] != row["after"]:
        fields.insert(0, f"{row['before']} → {row['after']}")
    return [{"action": "update", "what": f"Node {name}", "fields": fields, "note": f"{len(row['stays'])} pods stay" if row["stays"] else ""}]

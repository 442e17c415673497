# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The whole of a `helm_release` task: what is rendered is compared with the cluster, and helm is called only where they differ."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._helm import records
from ansible_collections.llmops.platform.plugins.module_utils._helm import rendered
from ansible_collections.llmops.platform.plugins.module_utils._k8s import connection
from ansible_collections.llmops.platform.plugins.module_utils._k8s import manifest_set
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError
from ansible_collections.llmops.platform.plugins.plugin_utils import _manifest_files
from ansible_collections.llmops.platform.plugins.plugin_utils._helm.command import UNVERIFIED
from ansible_collections.llmops.platform.plugins.plugin_utils._helm.command import Chart
from ansible_collections.llmops.platform.plugins.plugin_utils._helm.command import Helm

CHANGES = ("created", "configured", "deleted")
POLL = 2.0


@dataclass
class Run:
    """One run of the module."""

    arguments: dict[str, Any]
    check: bool
    want_diff: bool
    say: Callable[[str], Any]

    @property
    def name(self) -> str:
        return self.arguments["name"]

    @property
    def namespace(self) -> str:
        return self.arguments["namespace"]

    @property
    def label(self) -> str:
        return f"release {self.namespace}/{self.name}"

    def history(self) -> list[records.Revision]:
        return self._asked(lambda client: records.history(client, self.namespace, self.name))

    def set_free(self, stuck: records.Revision) -> None:
        self._asked(lambda client: records.set_free(client, self.namespace, stuck))

    def manifests(self, objects: list[dict[str, Any]], state: str, *, check: bool, manager: str = rendered.MANAGER) -> dict[str, Any]:
        """What manifest_set says of objects."""
        arguments = {
            "name": self.label,
            "manifests": objects,
            "kubeconfig": self.arguments["kubeconfig"],
            "context": self.arguments["context"],
            "state": state,
            "wait": True,
            "wait_timeout": self.arguments["timeout"],
            "field_manager": manager,
            "force_conflicts": self.arguments["force_conflicts"],
            "take_over_from": self.arguments["take_over_from"],
            "leave_to": self.arguments["leave_to"],
            "apply_set": None,
            "parallelism": 8,
        }
        return manifest_set.run(arguments, check_mode=check, want_diff=self.want_diff, say=self.say)

    def _asked(self, question: Callable[[Client], Any]) -> Any:
        client = Client(connection.load(self.arguments["kubeconfig"], self.arguments["context"]), "helm_release")
        try:
            return question(client)
        finally:
            client.close()


def present(run: Run, helm: Helm) -> dict[str, Any]:
    """Install or upgrade where something differs."""
    revisions, recovered = _unstuck(run, run.history())
    last = revisions[-1] if revisions else None
    chart = helm.chart(_chart(run.arguments))
    definitions = _manifest_files.load(helm.definitions(chart)) if run.arguments["crds"] else []
    applied = run.manifests(definitions, "present", check=run.check, manager="llmops-platform") if definitions else {"objects": [], "changed": False}
    documents = _manifest_files.load(helm.template(run.name, chart, upgrade=last is not None))
    objects, hooks = rendered.split(documents, run.name, run.namespace)
    plan = run.manifests(objects, "present", check=True)
    gone = rendered.left_over(_manifest_files.load(last.manifest), objects, run.namespace) if last else []
    removed = run.manifests(gone, "absent", check=True) if gone else {"objects": [], "changed": False}
    reasons = _reasons(last, hooks, [*plan["objects"], *removed["objects"]])
    if reasons and not run.check:
        helm.upgrade(run.name, chart, force=run.arguments["force_conflicts"] or bool(run.arguments["take_over_from"]), history=run.arguments["history"])
    rows = [*applied["objects"], *plan["objects"], *[row for row in removed["objects"] if row["action"] == "deleted"]]
    result = _result(run, rows, [applied, plan, removed], reasons, recovered)
    result["changed"] = bool(reasons or recovered or applied["changed"])
    if run.arguments["wait"] and not run.check and (reasons or not all(row["ready"] for row in plan["objects"])):
        _await(run, objects, result)
    now = revisions if run.check or not reasons else run.history()
    result["revision"] = now[-1].number if now else 0
    result["chart"] = now[-1].chart if now else ""
    if run.arguments["source"] != "directory" and run.arguments["digest"] in UNVERIFIED:
        result["warnings"] = [f"chart {run.arguments['chart']} {run.arguments['version']} is not verified; put its sha256 into helm_release_digest"]
    return result


def absent(run: Run, helm: Helm) -> dict[str, Any]:
    """Uninstall a release that there is."""
    revisions = run.history()
    if not revisions:
        return {"changed": False, "objects": [], "reasons": [], "recovered": "", "revision": 0, "chart": ""}
    held = _manifest_files.load(revisions[-1].manifest)
    removed = run.manifests(rendered.left_over(held, [], run.namespace), "absent", check=True)
    if not run.check:
        helm.uninstall(run.name)
    result = _result(run, removed["objects"], [removed], ["the release is not wanted"], "")
    return {**result, "changed": True, "revision": 0, "chart": revisions[-1].chart}


STATES = {"present": present, "absent": absent}


def _chart(arguments: dict[str, Any]) -> Chart:
    location = arguments["repository"] if arguments["source"] == "repository" else arguments["chart"]
    if not location:
        raise KubernetesError("helm_release_repository is empty; a chart of source 'repository' needs its address")
    name = arguments["chart"].rstrip("/").rpartition("/")[2]
    return Chart(name, arguments["source"], location, arguments["version"], arguments["digest"], arguments["cache"])


def _unstuck(run: Run, revisions: list[records.Revision]) -> tuple[list[records.Revision], str]:
    """Wait for a helm at work elsewhere; after `stuck_after` seconds mark what it left as failed. Returns the history then, and what was done."""
    limit = run.arguments["stuck_after"]
    said = False
    while revisions and revisions[-1].status in records.PENDING:
        stuck = revisions[-1]
        age = time.time() - stuck.modified
        if age >= limit or run.check:
            done = f"revision {stuck.number} was {stuck.status} for {age:.0f} s"
            if run.check:
                return revisions, f"{done}; it would be marked failed once it is {limit} s old"
            run.set_free(stuck)
            return run.history(), f"{done}, it was marked failed and the upgrade went on from there"
        if not said:
            run.say(f"  {run.label}: revision {stuck.number} is {stuck.status} since {age:.0f} s, somebody may be at work; waiting up to {limit - age:.0f} s")
            said = True
        time.sleep(min(POLL, max(limit - age, 0.1)))
        revisions = run.history()
    return revisions, ""


def _reasons(last: records.Revision | None, hooks: list[dict[str, Any]], rows: list[dict[str, Any]]) -> list[str]:
    """Why helm is to be called; none where the cluster is as rendered."""
    if last is None:
        return ["it is not installed"]
    reasons = [] if last.status == "deployed" else [f"revision {last.number} is {last.status}"]
    counted = {action: sum(row["action"] == action for row in rows) for action in CHANGES}
    reasons += [f"{number} object{'s' if number > 1 else ''} to be {action}" for action, number in counted.items() if number]
    held = [document for text in last.hooks for document in _manifest_files.load(text) if "test" not in rendered.annotation(document, rendered.HOOK)]
    if sorted(map(repr, held)) != sorted(map(repr, hooks)):
        reasons.append("its hooks differ")
    return reasons


def _await(run: Run, objects: list[dict[str, Any]], result: dict[str, Any]) -> None:
    try:
        ready = run.manifests(objects, "ready", check=False)
    except KubernetesError as error:
        error.result = {**result, **error.result}
        raise
    states = {(row["kind"], row["namespace"], row["name"]): row for row in ready["objects"]}
    for row in result["objects"]:
        now = states.get((row["kind"], row["namespace"], row["name"]))
        if now:
            row["ready"], row["message"] = now["ready"], now["message"]


def _result(run: Run, rows: list[dict[str, Any]], parts: list[dict[str, Any]], reasons: list[str], recovered: str) -> dict[str, Any]:
    result: dict[str, Any] = {"objects": rows, "reasons": reasons, "recovered": recovered}
    if run.want_diff:
        result["diff"] = [entry for part in parts for entry in part.get("diff") or []]
    return result

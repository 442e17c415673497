# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Gate migration: one Job for each version and kind, made of the pod that runs now, and when the contracting one may run."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from collections.abc import Mapping
from datetime import UTC
from datetime import datetime
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s.readiness import FAILED
from ansible_collections.llmops.platform.plugins.module_utils._k8s.readiness import READY
from ansible_collections.llmops.platform.plugins.module_utils._k8s.readiness import pod_trouble
from ansible_collections.llmops.platform.plugins.module_utils._k8s.readiness import readiness
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import ERROR
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import INFO
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import WARNING
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import Finding
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import finding
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import wrong

KINDS = ("expand", "contract")
LABEL = "llmops.platform/migration"
KIND_LABEL = "llmops.platform/migration-kind"
KEYS = {"command", "timeout", "labels", "env", "resources"}
TIMEOUT = 600
# What a pod of a Deployment has that a pod that ends must not have, or has no use for.
SERVING = ("ports", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle")
KEPT = (
    "serviceAccountName",
    "securityContext",
    "imagePullSecrets",
    "priorityClassName",
    "nodeSelector",
    "tolerations",
    "hostAliases",
    "dnsConfig",
    "dnsPolicy",
)


def name(service: str, version: str, kind: str) -> str:
    """The Job's name: the same for the same version and kind, another one for any other, a label value."""
    slug = re.sub(r"[^a-z0-9]+", "-", version.lower()).strip("-")[:16].strip("-")
    digest = hashlib.sha256(f"{service}\0{version}\0{kind}".encode()).hexdigest()[:8]
    return f"{service[:27].rstrip('-')}-{kind}-{slug}-{digest}"


def settings_problems(service: str, declared: Any) -> list[Finding]:
    """What in `release_migrations.<service>` cannot be meant."""
    where = f"release_migrations.{service}"
    if not isinstance(declared, Mapping):
        return [wrong(where, f"is {declared!r}, no map", "Write {expand: {command: [...]}, contract: {command: [...]}}.")]
    found = [wrong(f"{where}.{kind}", "is no kind of migration", f"Use {' and '.join(KINDS)}.") for kind in declared if kind not in KINDS]
    for kind in KINDS:
        migration = declared.get(kind)
        if migration is None:
            continue
        if not isinstance(migration, Mapping):
            found.append(wrong(f"{where}.{kind}", f"is {migration!r}, no map", "Write {command: [...]}."))
            continue
        found += [wrong(f"{where}.{kind}.{key}", "is unknown", f"Use {', '.join(sorted(KEYS))}.") for key in sorted(set(migration) - KEYS)]
        command = migration.get("command")
        if not isinstance(command, list) or not command or not all(isinstance(word, str) and word for word in command):
            remedy = "Write the program and its arguments as a list of texts; no shell reads it."
            found.append(wrong(f"{where}.{kind}.command", f"is {command!r}", remedy))
        timeout = migration.get("timeout", TIMEOUT)
        if not isinstance(timeout, int) or isinstance(timeout, bool) or timeout < 1:
            found.append(wrong(f"{where}.{kind}.timeout", f"is {timeout!r}", "Give whole seconds, at least 1."))
    if declared.get("contract") and not declared.get("expand"):
        remedy = "Declare the expanding one too: what the new version needs is added before it, what the old one needed is removed after it."
        found.append(wrong(f"{where}.contract", "is declared without expand", remedy))
    return found


def judge(declared: Any, service: str, version: str, live: Mapping[str, Any], jobs: Iterable[Mapping[str, Any]]) -> list[Finding]:
    """`live`: the Deployment that the Job's pod is made of; `jobs`: those of earlier migrations of the service."""
    if not declared:
        return [finding("migration", INFO, f"release_migrations.{service} is not declared, no database is changed")]
    if problems := settings_problems(service, declared):
        return problems
    found = []
    states = {job["metadata"]["name"]: (job, *readiness(job)) for job in jobs}
    if declared.get("expand"):
        if not live:
            remedy = "Deploy it first with playbooks/site.yml; migrations take account, configuration and secrets from the running Deployment."
            found.append(finding("migration", ERROR, f"Deployment {service} does not exist, so no pod of a migration can be made of it", remedy))
        _job, state, said = states.get(name(service, version, "expand"), (None, None, ""))
        if state == FAILED:
            found.append(
                finding("migration", ERROR, f"the expanding migration of {version} has failed before: {said}", _again(name(service, version, "expand")))
            )
        elif state == READY:
            found.append(finding("migration", INFO, f"the expanding migration of {version} is done already"))
        else:
            found.append(finding("migration", INFO, f"the expanding migration of {version} runs before anything else is changed"))
    for job, state, _said in states.values():
        labels = job["metadata"].get("labels") or {}
        if labels.get(KIND_LABEL) == "contract" and state != READY and labels.get("app.kubernetes.io/version") != version:
            what = f"the contracting migration of {labels.get('app.kubernetes.io/version')} is {'failed' if state == FAILED else 'not finished'}"
            found.append(finding("migration", ERROR if state != FAILED else WARNING, what, f"Look at Job {job['metadata']['name']}."))
    return found


def contract_problems(
    state: Mapping[str, Any] | None, service: str, version: str, deployments: Iterable[Mapping[str, Any]], jobs: Iterable[Mapping[str, Any]], now: str
) -> list[str]:
    """Why the contracting migration may not run: the release has not finished, or an old version runs, may come back, or was never made room for.

    `state`: data of ConfigMap release-<service>; `deployments`: all of the service, stable and canary.
    """
    state = state or {}
    if state.get("version") != version or state.get("phase") != "promoted":
        held = f"it says {state.get('version')}, {state.get('phase')}" if state else "there is none"
        return [f"ConfigMap release-{service} does not say that {version} is promoted ({held}); finish the release first"]
    found = []
    try:
        until = datetime.fromisoformat(state["warm_until"]) if state.get("warm_until") else None
        if until and datetime.fromisoformat(now) < (until if until.tzinfo else until.replace(tzinfo=UTC)):
            found.append(f"the old version stays warm until {state['warm_until']} and may come back; run it after that")
    except ValueError:
        found.append(f"warm_until of ConfigMap release-{service} is '{state['warm_until']}', no date and time; correct it")
    for deployment in deployments:
        runs, pods = deployed_version(deployment), _pods(deployment)
        if pods and runs != version:
            found.append(f"Deployment {deployment['metadata']['name']} still has {pods} pod(s) of {runs or 'an unknown version'}; scale it down first")
    expand = next((job for job in jobs if job["metadata"]["name"] == name(service, version, "expand")), None)
    if expand is None or readiness(expand)[0] != READY:
        found.append(f"the expanding migration of {version} has not completed (Job {name(service, version, 'expand')}); there is nothing to contract")
    return found


def _pods(deployment: Mapping[str, Any]) -> int:
    """Wanted or still there, whatever is more."""
    wanted, there = (deployment.get("spec") or {}).get("replicas", 1), (deployment.get("status") or {}).get("replicas", 0)
    return max(wanted or 0, there or 0)


def deployed_version(deployment: Mapping[str, Any] | None) -> str:
    """Version of the image that a Deployment runs, empty if there is none."""
    pod = (((deployment or {}).get("spec") or {}).get("template") or {}).get("spec") or {}
    image = str(next((container.get("image") or "" for container in pod.get("containers") or []), ""))
    return image.partition("@")[0].rpartition("/")[2].partition(":")[2]


def manifests(settings: Mapping[str, Any], live: Mapping[str, Any], policy: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """The Job, and with the service's NetworkPolicy (`policy`) one that lets the Job call what the service may call.

    `settings`: `{service, version, kind, image, migration, part_of}`. The pod does not bear the service's label `app`: it would get its traffic.
    """
    service, version, kind = settings["service"], settings["version"], settings["kind"]
    migration, namespace = settings["migration"], live["metadata"]["namespace"]
    labels = {
        "app": f"{service}-migration",
        "app.kubernetes.io/name": f"{service}-migration",
        "app.kubernetes.io/component": "migration",
        "app.kubernetes.io/part-of": str(settings.get("part_of") or service).replace("_", "-"),
        "app.kubernetes.io/managed-by": "llmops-platform",
        "app.kubernetes.io/version": version,
        LABEL: service,
        KIND_LABEL: kind,
    }
    metadata = {"name": name(service, version, kind), "namespace": namespace, "labels": labels}
    spec = {
        # Half a migration is looked at by a person, not started again by a controller.
        "backoffLimit": 0,
        "completions": 1,
        "parallelism": 1,
        "activeDeadlineSeconds": migration.get("timeout", TIMEOUT),
        "template": {"metadata": {"labels": {**(migration.get("labels") or {}), **labels}}, "spec": _pod(settings, live)},
    }
    made: list[dict[str, Any]] = [{"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": spec}]
    if policy:
        allowed = {"podSelector": {"matchLabels": {LABEL: service}}, "policyTypes": ["Ingress", "Egress"], "egress": policy["spec"].get("egress") or []}
        own = {key: value for key, value in labels.items() if key not in ("app.kubernetes.io/version", KIND_LABEL)}
        policy_metadata = {"name": f"{service}-migration", "namespace": namespace, "labels": own}
        made.insert(0, {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": policy_metadata, "spec": allowed})
    return made


def _pod(settings: Mapping[str, Any], live: Mapping[str, Any]) -> dict[str, Any]:
    running = live["spec"]["template"]["spec"]
    migration = settings["migration"]
    # A claim with one writer is held by the service's own pod.
    claims = {volume["name"] for volume in running.get("volumes") or [] if "persistentVolumeClaim" in volume}
    container = {key: value for key, value in running["containers"][0].items() if key not in (*SERVING, "args")}
    container |= {
        "name": "migration",
        "image": settings["image"],
        "command": list(migration["command"]),
        "volumeMounts": [mount for mount in container.get("volumeMounts") or [] if mount["name"] not in claims],
        # So the last lines of its log stand in the pod's status, where they are read when it fails.
        "terminationMessagePolicy": "FallbackToLogsOnError",
    }
    if migration.get("resources"):
        container["resources"] = migration["resources"]
    if migration.get("env"):
        own = [{"name": variable, "value": str(value)} for variable, value in migration["env"].items()]
        container["env"] = [entry for entry in container.get("env") or [] if entry["name"] not in migration["env"]] + own
    return {
        **{key: running[key] for key in KEPT if key in running},
        "automountServiceAccountToken": bool(running.get("automountServiceAccountToken", False)),
        "restartPolicy": "Never",
        "volumes": [volume for volume in running.get("volumes") or [] if volume["name"] not in claims],
        "containers": [container],
    }


def state(jobs: Iterable[Mapping[str, Any]], job_name: str) -> str:
    """absent, done, failed or running."""
    job = next((job for job in jobs if job["metadata"]["name"] == job_name), None)
    return "absent" if job is None else {READY: "done", FAILED: "failed"}.get(readiness(job)[0], "running")


def failure(jobs: Iterable[Mapping[str, Any]], pods: Iterable[Mapping[str, Any]], job_name: str) -> str:
    """Why a migration failed, in the words of its pod where it left any."""
    job = next((job for job in jobs if job["metadata"]["name"] == job_name), None)
    verdict, said = readiness(job) if job else (None, "the Job is gone")
    words = [said] if verdict == FAILED else [f"it has not finished: {said}"]
    for pod in pods:
        status = pod.get("status") or {}
        if status.get("phase") == "Succeeded":
            continue
        words.append(f"pod {pod['metadata']['name']}: {pod_trouble(status)}")
        for container in status.get("containerStatuses") or []:
            message = ((container.get("state") or {}).get("terminated") or {}).get("message")
            if message:
                words.append(" ".join(message.split())[-600:])
    return f"Job {job_name}: {'; '.join(words)}. {_again(job_name)}"


def _again(job_name: str) -> str:
    return f"Look at it (kubectl logs job/{job_name}), repair what it left, delete the Job and release again."

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Whether an object does what it was made for, by the rules of kstatus: a status older than the spec counts for nothing."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

READY, PROGRESSING, FAILED = "ready", "progressing", "failed"
Verdict = tuple[str, str]

# Kinds whose controller always writes a status: while there is none, it has not looked yet.
OBSERVED = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "PodDisruptionBudget"})


def readiness(live: Mapping[str, Any], binding_modes: Mapping[str, str] | None = None) -> Verdict:
    """`(ready|progressing|failed, message)` for one live object.

    `binding_modes`: `{StorageClass: volumeBindingMode}`; with it a claim that waits for its first consumer is not waited for.
    """
    metadata, kind = live["metadata"], live["kind"]
    if metadata.get("deletionTimestamp"):
        return PROGRESSING, "is being deleted"
    status = live.get("status") or {}
    generation = metadata.get("generation", 0)
    observed = status.get("observedGeneration", 0 if kind in OBSERVED and _ours(live) else generation)
    if isinstance(observed, int) and observed < generation:
        return PROGRESSING, f"its controller has not seen generation {generation} yet (last seen: {observed})"
    if kind == "PersistentVolumeClaim" and _ours(live):
        return _claim(live, status, binding_modes or {})
    rule = RULES.get(kind) if _ours(live) else None
    return rule(live.get("spec") or {}, status) if rule else _generic(status, generation)


def _ours(live: Mapping[str, Any]) -> bool:
    """Whether the kind is Kubernetes' own; a custom kind may bear the same name."""
    group = live["apiVersion"].rpartition("/")[0]
    return group in ("", "apps", "autoscaling", "batch", "policy", "apiextensions.k8s.io", "apiregistration.k8s.io")


def condition(status: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    """One of `status.conditions`, empty if absent."""
    return next((entry for entry in status.get("conditions") or [] if entry.get("type") == kind), {})


def _words(entry: Mapping[str, Any]) -> str:
    return entry.get("message") or entry.get("reason") or f"condition {entry.get('type')} is {entry.get('status')}"


def _deployment(spec: Mapping, status: Mapping) -> Verdict:
    progressing = condition(status, "Progressing")
    if progressing.get("reason") == "ProgressDeadlineExceeded":
        return FAILED, f"progress deadline exceeded: {_words(progressing)}"
    if spec.get("paused"):
        return READY, "its rollout is paused"
    wanted = spec.get("replicas", 1)
    updated, total, available = status.get("updatedReplicas", 0), status.get("replicas", 0), status.get("availableReplicas", 0)
    failure = condition(status, "ReplicaFailure")
    if failure.get("status") == "True":
        return PROGRESSING, _words(failure)
    if updated < wanted:
        return PROGRESSING, f"{updated} of {wanted} pods are of the new version"
    if total > updated:
        return PROGRESSING, f"{total - updated} old pods are still there"
    if available < updated:
        return PROGRESSING, f"{available} of {updated} pods are available"
    return READY, ""


def _stateful_set(spec: Mapping, status: Mapping) -> Verdict:
    strategy = spec.get("updateStrategy") or {}
    wanted, ready, updated = spec.get("replicas", 1), status.get("readyReplicas", 0), status.get("updatedReplicas", 0)
    if status.get("replicas", 0) < wanted or ready < wanted:
        return PROGRESSING, f"{ready} of {wanted} pods are ready"
    if status.get("replicas", 0) > wanted:
        return PROGRESSING, f"{status['replicas'] - wanted} pods too many are still there"
    if strategy.get("type") == "OnDelete":
        return READY, "pods take a new version only when they are deleted (OnDelete)"
    partition = (strategy.get("rollingUpdate") or {}).get("partition") or 0
    if updated < wanted - partition:
        return PROGRESSING, f"{updated} of {wanted - partition} pods are of the new version"
    if not partition and status.get("currentRevision") != status.get("updateRevision"):
        return PROGRESSING, "the rollout to the new revision is not finished"
    return READY, ""


def _daemon_set(spec: Mapping, status: Mapping) -> Verdict:
    wanted = status.get("desiredNumberScheduled", 0)
    updated, available = status.get("updatedNumberScheduled", 0), status.get("numberAvailable", 0)
    if (spec.get("updateStrategy") or {}).get("type") != "OnDelete" and updated < wanted:
        return PROGRESSING, f"{updated} of {wanted} pods are of the new version"
    if available < wanted:
        return PROGRESSING, f"{available} of {wanted} pods are available"
    return READY, ""


def _replica_set(spec: Mapping, status: Mapping) -> Verdict:
    failure = condition(status, "ReplicaFailure")
    if failure.get("status") == "True":
        return PROGRESSING, _words(failure)
    wanted, total, available = spec.get("replicas", 1), status.get("replicas", 0), status.get("availableReplicas", 0)
    if available < wanted:
        return PROGRESSING, f"{available} of {wanted} pods are available"
    return (PROGRESSING, f"{total - wanted} pods too many are still there") if total > wanted else (READY, "")


def _pod(_spec: Mapping, status: Mapping) -> Verdict:
    phase = status.get("phase")
    if phase == "Succeeded":
        return READY, "completed"
    if phase == "Failed":
        return FAILED, status.get("message") or status.get("reason") or "its containers failed"
    if condition(status, "Ready").get("status") == "True":
        return READY, ""
    return PROGRESSING, pod_trouble(status)


def pod_trouble(status: Mapping[str, Any]) -> str:
    """Why a pod is not ready, in the words of who knows best: scheduler, kubelet, or the condition."""
    scheduled = condition(status, "PodScheduled")
    if scheduled.get("status") == "False":
        return f"{scheduled.get('reason', 'not scheduled')}: {scheduled.get('message', '')}".rstrip(": ")
    for container in [*(status.get("initContainerStatuses") or []), *(status.get("containerStatuses") or [])]:
        state, last = container.get("state") or {}, container.get("lastState") or {}
        waiting, ended = state.get("waiting"), state.get("terminated") or last.get("terminated")
        if waiting and waiting.get("reason") not in (None, "ContainerCreating", "PodInitializing"):
            text = f"container {container.get('name')}: {waiting['reason']}: {waiting.get('message', '')}".rstrip(": ")
            return f"{text} (last exit status {ended.get('exitCode')})" if ended else text
        if ended and ended.get("exitCode"):
            return f"container {container.get('name')} ended with exit status {ended['exitCode']} ({ended.get('reason', 'Error')})"
    ready = condition(status, "Ready")
    return ready.get("message") or f"its phase is {status.get('phase', 'Pending')}"


def _job(spec: Mapping, status: Mapping) -> Verdict:
    failed = condition(status, "Failed")
    if failed.get("status") == "True":
        return FAILED, _words(failed)
    if condition(status, "Complete").get("status") == "True":
        return READY, "completed"
    if spec.get("suspend"):
        return READY, "is suspended"
    return PROGRESSING, f"{status.get('succeeded', 0)} of {spec.get('completions', 1)} pods have completed"


def _claim(live: Mapping[str, Any], status: Mapping, binding_modes: Mapping[str, str]) -> Verdict:
    phase = status.get("phase")
    if phase == "Bound":
        return READY, ""
    if phase == "Lost":
        return FAILED, f"its volume {(live.get('spec') or {}).get('volumeName')} is gone"
    storage_class = (live.get("spec") or {}).get("storageClassName") or ""
    taken = "volume.kubernetes.io/selected-node" in (live["metadata"].get("annotations") or {})
    if binding_modes.get(storage_class) == "WaitForFirstConsumer" and not taken:
        return READY, f"not bound: StorageClass {storage_class} waits for the first pod that uses the claim"
    return PROGRESSING, f"not bound (StorageClass {storage_class or 'none'})"


def _service(spec: Mapping, status: Mapping) -> Verdict:
    if spec.get("type") == "LoadBalancer" and not (status.get("loadBalancer") or {}).get("ingress"):
        return PROGRESSING, "its load balancer has no address yet"
    return READY, ""


def _autoscaler(spec: Mapping, status: Mapping) -> Verdict:
    active, able = condition(status, "ScalingActive"), condition(status, "AbleToScale")
    if active.get("reason") == "ScalingDisabled":
        return READY, "scaling is disabled: its target has zero replicas"
    if able.get("status") == "False":
        return PROGRESSING, _words(able)
    if not status.get("conditions") and "currentReplicas" not in status:
        return PROGRESSING, "its controller has not looked at the target yet"
    current, least = status.get("currentReplicas", 0), spec.get("minReplicas", 1)
    if current < least:
        return PROGRESSING, f"its target has {current} of at least {least} replicas"
    if active.get("status") == "False":
        return READY, f"no metrics yet ({active.get('reason')}); they may come later"
    return READY, ""


def _disruption_budget(_spec: Mapping, status: Mapping) -> Verdict:
    healthy, wanted = status.get("currentHealthy", 0), status.get("desiredHealthy", 0)
    return (READY, "") if healthy >= wanted else (PROGRESSING, f"{healthy} of {wanted} pods are healthy")


def _definition(_spec: Mapping, status: Mapping) -> Verdict:
    accepted, established = condition(status, "NamesAccepted"), condition(status, "Established")
    if accepted.get("status") == "False":
        return FAILED, f"names are not accepted: {_words(accepted)}"
    return (READY, "") if established.get("status") == "True" else (PROGRESSING, "is not established yet")


def _api_service(_spec: Mapping, status: Mapping) -> Verdict:
    available = condition(status, "Available")
    return (READY, "") if available.get("status") == "True" else (PROGRESSING, _words(available) if available else "is not available yet")


def _namespace(_spec: Mapping, status: Mapping) -> Verdict:
    phase = status.get("phase")
    return (READY, "") if phase == "Active" else (PROGRESSING, f"its phase is {phase or 'unknown'}")


def _node(_spec: Mapping, status: Mapping) -> Verdict:
    ready = condition(status, "Ready")
    return (READY, "") if ready.get("status") == "True" else (PROGRESSING, _words(ready) if ready else "its kubelet has not reported yet")


def _always(_spec: Mapping, _status: Mapping) -> Verdict:
    return READY, ""


def _generic(status: Mapping, generation: int) -> Verdict:
    stalled, reconciling, ready = (condition(status, kind) for kind in ("Stalled", "Reconciling", "Ready"))
    if stalled.get("status") == "True":
        return FAILED, f"is stalled: {_words(stalled)}"
    if reconciling.get("status") == "True":
        return PROGRESSING, _words(reconciling)
    if ready:
        if isinstance(ready.get("observedGeneration"), int) and ready["observedGeneration"] < generation:
            return PROGRESSING, f"condition Ready is of generation {ready['observedGeneration']}, wanted is {generation}"
        if ready.get("status") != "True":
            return PROGRESSING, _words(ready)
    return READY, ""


RULES: dict[str, Callable[[Mapping, Mapping], Verdict]] = {
    "Deployment": _deployment,
    "StatefulSet": _stateful_set,
    "DaemonSet": _daemon_set,
    "ReplicaSet": _replica_set,
    "Pod": _pod,
    "Job": _job,
    "CronJob": _always,
    "Service": _service,
    "HorizontalPodAutoscaler": _autoscaler,
    "PodDisruptionBudget": _disruption_budget,
    "CustomResourceDefinition": _definition,
    "APIService": _api_service,
    "Namespace": _namespace,
    "Node": _node,
}

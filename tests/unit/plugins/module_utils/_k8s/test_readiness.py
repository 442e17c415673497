# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on live objects."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._k8s.readiness import pod_trouble
from ansible_collections.llmops.platform.plugins.module_utils._k8s.readiness import readiness

GROUPS = {
    "Deployment": "apps/v1", "StatefulSet": "apps/v1", "DaemonSet": "apps/v1", "ReplicaSet": "apps/v1", "Job": "batch/v1",
    "HorizontalPodAutoscaler": "autoscaling/v2", "PodDisruptionBudget": "policy/v1", "CustomResourceDefinition": "apiextensions.k8s.io/v1",
    "APIService": "apiregistration.k8s.io/v1", "Widget": "example.com/v1", "Knative": "serving.example/v1",
}  # fmt: skip


def cond(kind: str, status: str = "True", **more) -> dict:
    return {"type": kind, "status": status, **more}


def conds(*entries: dict, **status) -> dict:
    return {"conditions": list(entries), **status}


def verdict(kind: str, spec: dict, status: dict, generation: int = 1, api_version: str | None = None, metadata: dict | None = None, modes=None):
    body = {"apiVersion": api_version or GROUPS.get(kind, "v1"), "kind": kind, "spec": spec, "status": status}
    return readiness({**body, "metadata": {"name": "x", "generation": generation, **(metadata or {})}}, modes)


SEEN = {"observedGeneration": 1}
FULL = {**SEEN, "replicas": 2, "updatedReplicas": 2, "readyReplicas": 2, "availableReplicas": 2}
TABLE = [
    ("Deployment", {"replicas": 2}, {}, "progressing", "has not seen generation 1"),
    ("Deployment", {"replicas": 2}, {**FULL, "observedGeneration": 0}, "progressing", "has not seen generation 1"),
    ("Deployment", {"replicas": 2}, FULL, "ready", ""),
    ("Deployment", {"replicas": 2}, {**FULL, "updatedReplicas": 1}, "progressing", "1 of 2 pods are of the new version"),
    ("Deployment", {"replicas": 2}, {**FULL, "replicas": 3}, "progressing", "1 old pods"),
    ("Deployment", {"replicas": 2}, {**FULL, "availableReplicas": 1}, "progressing", "1 of 2 pods are available"),
    ("Deployment", {"replicas": 0}, SEEN, "ready", ""),
    ("Deployment", {"paused": True}, SEEN, "ready", "paused"),
    (
        "Deployment",
        {},
        conds(cond("Progressing", "False", reason="ProgressDeadlineExceeded", message="timed out"), **SEEN),
        "failed",
        "timed out",
    ),
    ("Deployment", {}, conds(cond("ReplicaFailure", message="exceeded quota: tight"), **SEEN), "progressing", "exceeded quota: tight"),
    ("StatefulSet", {"replicas": 2}, {**FULL, "currentRevision": "a", "updateRevision": "a"}, "ready", ""),
    ("StatefulSet", {"replicas": 2}, {**FULL, "currentRevision": "a", "updateRevision": "b"}, "progressing", "revision"),
    ("StatefulSet", {"replicas": 2}, {**FULL, "readyReplicas": 1}, "progressing", "1 of 2 pods are ready"),
    ("StatefulSet", {"replicas": 2, "updateStrategy": {"type": "OnDelete"}}, {**FULL, "updatedReplicas": 0}, "ready", "OnDelete"),
    (
        "StatefulSet",
        {"replicas": 2, "updateStrategy": {"rollingUpdate": {"partition": 1}}},
        {**FULL, "updatedReplicas": 1, "currentRevision": "a", "updateRevision": "b"},
        "ready",
        "",
    ),
    ("DaemonSet", {}, {**SEEN, "desiredNumberScheduled": 2, "updatedNumberScheduled": 2, "numberAvailable": 2}, "ready", ""),
    (
        "DaemonSet",
        {},
        {**SEEN, "desiredNumberScheduled": 2, "updatedNumberScheduled": 1, "numberAvailable": 2},
        "progressing",
        "new version",
    ),
    ("DaemonSet", {}, {**SEEN, "desiredNumberScheduled": 2, "updatedNumberScheduled": 2, "numberAvailable": 1}, "progressing", "available"),
    ("DaemonSet", {}, {}, "progressing", "has not seen"),
    ("ReplicaSet", {"replicas": 1}, {**SEEN, "replicas": 1, "availableReplicas": 1}, "ready", ""),
    ("ReplicaSet", {"replicas": 1}, {**SEEN, "replicas": 1}, "progressing", "0 of 1"),
    ("Pod", {}, conds(cond("Ready"), phase="Running"), "ready", ""),
    ("Pod", {}, {"phase": "Succeeded"}, "ready", "completed"),
    ("Pod", {}, {"phase": "Failed", "reason": "Evicted"}, "failed", "Evicted"),
    ("Pod", {}, {"phase": "Pending"}, "progressing", "Pending"),
    ("Job", {}, {"active": 1}, "progressing", "0 of 1 pods"),
    ("Job", {}, conds(cond("Complete")), "ready", "completed"),
    ("Job", {}, conds(cond("Failed", message="backoff limit")), "failed", "backoff limit"),
    ("Job", {"suspend": True}, {}, "ready", "suspended"),
    ("CronJob", {}, {}, "ready", ""),
    ("Service", {"type": "ClusterIP"}, {"loadBalancer": {}}, "ready", ""),
    ("Service", {"type": "LoadBalancer"}, {"loadBalancer": {}}, "progressing", "no address"),
    ("Service", {"type": "LoadBalancer"}, {"loadBalancer": {"ingress": [{"hostname": "x"}]}}, "ready", ""),
    ("HorizontalPodAutoscaler", {"minReplicas": 2}, {}, "progressing", "not looked"),
    ("HorizontalPodAutoscaler", {"minReplicas": 2}, conds(cond("AbleToScale"), currentReplicas=2), "ready", ""),
    ("HorizontalPodAutoscaler", {"minReplicas": 2}, conds(cond("AbleToScale"), currentReplicas=1), "progressing", "1 of at least 2"),
    (
        "HorizontalPodAutoscaler",
        {},
        conds(cond("AbleToScale", "False", message="no scale target"), currentReplicas=0),
        "progressing",
        "no scale target",
    ),
    (
        "HorizontalPodAutoscaler",
        {"minReplicas": 2},
        conds(cond("AbleToScale"), cond("ScalingActive", "False", reason="FailedGetResourceMetric"), currentReplicas=2),
        "ready",
        "no metrics yet (FailedGetResourceMetric)",
    ),
    (
        "HorizontalPodAutoscaler",
        {"minReplicas": 2},
        conds(cond("ScalingActive", "False", reason="ScalingDisabled"), currentReplicas=0),
        "ready",
        "disabled",
    ),
    ("PodDisruptionBudget", {}, {**SEEN, "currentHealthy": 1, "desiredHealthy": 2}, "progressing", "1 of 2"),
    ("PodDisruptionBudget", {}, {**SEEN, "currentHealthy": 2, "desiredHealthy": 2}, "ready", ""),
    ("PodDisruptionBudget", {}, {}, "progressing", "has not seen"),
    ("CustomResourceDefinition", {}, conds(cond("NamesAccepted"), cond("Established")), "ready", ""),
    ("CustomResourceDefinition", {}, conds(cond("NamesAccepted")), "progressing", "not established"),
    ("CustomResourceDefinition", {}, conds(cond("NamesAccepted", "False", message="taken")), "failed", "taken"),
    ("APIService", {}, conds(cond("Available", "False", message="no endpoints")), "progressing", "no endpoints"),
    ("APIService", {}, conds(cond("Available")), "ready", ""),
    ("Namespace", {}, {"phase": "Active"}, "ready", ""),
    ("Namespace", {}, {"phase": "Terminating"}, "progressing", "Terminating"),
    ("Node", {}, conds(cond("Ready")), "ready", ""),
    ("Node", {}, conds(cond("Ready", "Unknown", message="kubelet stopped")), "progressing", "kubelet stopped"),
    ("Node", {}, {}, "progressing", "not reported"),
    ("ConfigMap", {}, {}, "ready", ""),
    ("Widget", {}, {}, "ready", ""),
    ("Widget", {}, {"observedGeneration": 0}, "progressing", "has not seen"),
    ("Widget", {}, conds(cond("Ready", "False", message="creating")), "progressing", "creating"),
    ("Widget", {}, conds(cond("Ready", observedGeneration=0)), "progressing", "generation 0"),
    ("Widget", {}, conds(cond("Ready", observedGeneration=1)), "ready", ""),
    ("Widget", {}, conds(cond("Reconciling", message="rolling")), "progressing", "rolling"),
    ("Widget", {}, conds(cond("Stalled", message="bad reference"), cond("Ready")), "failed", "bad reference"),
]


@pytest.mark.parametrize(("kind", "spec", "status", "state", "words"), TABLE)
def test_readiness(kind, spec, status, state, words):
    found, message = verdict(kind, spec, status)
    assert found == state
    assert words in message
    assert bool(message) == bool(words)


def test_being_deleted_is_never_ready():
    assert verdict("ConfigMap", {}, {}, metadata={"deletionTimestamp": "2026-11-21T00:00:00Z"})[0] == "progressing"


def test_custom_kind_with_a_built_in_name_is_judged_by_its_conditions():
    assert verdict("Service", {"type": "LoadBalancer"}, conds(cond("Ready")), api_version="serving.example/v1") == ("ready", "")


CLAIM = {"storageClassName": "slow"}
SELECTED = {"annotations": {"volume.kubernetes.io/selected-node": "n"}}


@pytest.mark.parametrize(
    ("status", "metadata", "modes", "state", "words"),
    [
        ({"phase": "Bound"}, {}, {}, "ready", ""),
        ({"phase": "Pending"}, {}, {}, "progressing", "StorageClass slow"),
        ({"phase": "Pending"}, {}, {"slow": "Immediate"}, "progressing", "StorageClass slow"),
        ({"phase": "Pending"}, {}, {"slow": "WaitForFirstConsumer"}, "ready", "waits for the first pod"),
        ({"phase": "Pending"}, SELECTED, {"slow": "WaitForFirstConsumer"}, "progressing", "StorageClass slow"),
        ({"phase": "Lost"}, {}, {}, "failed", "is gone"),
    ],
)
def test_claims(status, metadata, modes, state, words):
    found, message = verdict("PersistentVolumeClaim", CLAIM, status, metadata=metadata, modes=modes)
    assert found == state
    assert words in message


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (conds(cond("PodScheduled", "False", reason="Unschedulable", message="0/3 nodes")), "Unschedulable: 0/3 nodes"),
        (
            {"containerStatuses": [{"name": "a", "state": {"waiting": {"reason": "ImagePullBackOff", "message": "no such image"}}}]},
            "ImagePullBackOff: no such image",
        ),
        (
            {"containerStatuses": [{"name": "a", "state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": {"terminated": {"exitCode": 3}}}]},
            "CrashLoopBackOff (last exit status 3)",
        ),
        (
            {"initContainerStatuses": [{"name": "i", "state": {"terminated": {"exitCode": 1, "reason": "Error"}}}]},
            "container i ended with exit status 1",
        ),
        (conds(cond("Ready", "False", message="containers with unready status")), "containers with unready status"),
        ({"phase": "Pending"}, "its phase is Pending"),
    ],
)
def test_pod_trouble(status, words):
    assert words in pod_trouble(status)

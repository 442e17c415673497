# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The order in which kinds are applied; deleted in reverse. Within a rank everything happens at once."""

from __future__ import annotations

RANKS: tuple[tuple[str, ...], ...] = (
    ("Namespace", "CustomResourceDefinition", "PriorityClass", "StorageClass", "RuntimeClass", "IngressClass", "CSIDriver"),
    # What governs others stands before what it governs.
    ("ResourceQuota", "LimitRange", "NetworkPolicy", "ValidatingAdmissionPolicy"),
    ("ServiceAccount", "Role", "ClusterRole", "ValidatingAdmissionPolicyBinding"),
    ("RoleBinding", "ClusterRoleBinding"),
    ("Secret", "ConfigMap"),
    ("PersistentVolume", "Node"),
    ("PersistentVolumeClaim",),
    ("Service",),
    (
        "Pod",
        "PodTemplate",
        "ReplicationController",
        "ReplicaSet",
        "ControllerRevision",
        "Deployment",
        "StatefulSet",
        "DaemonSet",
        "Job",
        "CronJob",
    ),
    ("HorizontalPodAutoscaler", "PodDisruptionBudget", "VerticalPodAutoscaler"),
    # A mesh must know a destination before a route leads there, and loses the route first.
    ("DestinationRule", "ServiceEntry"),
    # Everything else: custom resources of whatever operator.
    ("Ingress",),
    # These call what the ranks above started.
    ("APIService", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"),
)
# Custom kinds with a rank of their own.
CUSTOM = ("VerticalPodAutoscaler", "DestinationRule", "ServiceEntry")
OTHERS = next(number for number, kinds in enumerate(RANKS) if "Ingress" in kinds)
_RANK = {kind: number for number, kinds in enumerate(RANKS) for kind in kinds}


def rank(kind: str, *, custom: bool = False) -> int:
    """Smaller is earlier. A custom kind that bears a built-in's name (a foreign `Service`) is still a custom one."""
    if custom and kind not in CUSTOM:
        return OTHERS
    return _RANK.get(kind, OTHERS)

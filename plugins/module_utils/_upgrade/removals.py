# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The APIs that Kubernetes stops serving, by the minor version that does so."""

from __future__ import annotations

from dataclasses import dataclass

# The last minor whose removals were final when the table was made; later ones are announced.
FINAL = 37
# Minor of Kubernetes 1: (what is not served from there on, its kinds, what is used instead or nothing).
# Source: https://kubernetes.io/docs/reference/using-api/deprecation-guide/ (read 2026-11-21; it ends with 1.32 and leaves alphas out). For those and for
# later minors the methods APILifecycleRemoved and APILifecycleReplacement of k8s.io/api, apiextensions-apiserver and kube-aggregator 0.32.3, 0.36.3 and 0.37.1,
# by which an API server decides what it serves; where they differ the newest counts. What is part of another API (Scale, Eviction) is left out.
REMOVALS: dict[int, tuple[tuple[str, str, str], ...]] = {
    16: (
        ("apps/v1beta1", "ControllerRevision Deployment StatefulSet", "apps/v1"),
        ("apps/v1beta2", "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet", "apps/v1"),
        ("extensions/v1beta1", "DaemonSet Deployment ReplicaSet", "apps/v1"),
        ("extensions/v1beta1", "NetworkPolicy", "networking.k8s.io/v1"),
        ("extensions/v1beta1", "PodSecurityPolicy", "policy/v1beta1"),
    ),
    22: (
        ("admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration ValidatingWebhookConfiguration", "admissionregistration.k8s.io/v1"),
        ("apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", "apiextensions.k8s.io/v1"),
        ("apiregistration.k8s.io/v1beta1", "APIService", "apiregistration.k8s.io/v1"),
        ("authentication.k8s.io/v1beta1", "TokenReview", "authentication.k8s.io/v1"),
        (
            "authorization.k8s.io/v1beta1",
            "LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview",
            "authorization.k8s.io/v1",
        ),
        ("certificates.k8s.io/v1beta1", "CertificateSigningRequest", "certificates.k8s.io/v1"),
        ("coordination.k8s.io/v1beta1", "Lease", "coordination.k8s.io/v1"),
        ("extensions/v1beta1", "Ingress", "networking.k8s.io/v1"),
        ("networking.k8s.io/v1beta1", "Ingress IngressClass", "networking.k8s.io/v1"),
        ("rbac.authorization.k8s.io/v1beta1", "ClusterRole ClusterRoleBinding Role RoleBinding", "rbac.authorization.k8s.io/v1"),
        ("scheduling.k8s.io/v1beta1", "PriorityClass", "scheduling.k8s.io/v1"),
        ("storage.k8s.io/v1beta1", "CSIDriver CSINode StorageClass VolumeAttachment", "storage.k8s.io/v1"),
    ),
    24: (
        ("storage.k8s.io/v1alpha1", "VolumeAttachment", "storage.k8s.io/v1"),
        ("storage.k8s.io/v1alpha1", "CSIStorageCapacity", "storage.k8s.io/v1beta1"),
    ),
    25: (
        ("autoscaling/v2beta1", "HorizontalPodAutoscaler", "autoscaling/v2"),
        ("batch/v1beta1", "CronJob", "batch/v1"),
        ("discovery.k8s.io/v1beta1", "EndpointSlice", "discovery.k8s.io/v1"),
        ("events.k8s.io/v1beta1", "Event", "events.k8s.io/v1"),
        ("node.k8s.io/v1beta1", "RuntimeClass", "node.k8s.io/v1"),
        ("policy/v1beta1", "PodSecurityPolicy", ""),
        ("policy/v1beta1", "PodDisruptionBudget", "policy/v1"),
    ),
    26: (
        ("autoscaling/v2beta2", "HorizontalPodAutoscaler", "autoscaling/v2"),
        ("flowcontrol.apiserver.k8s.io/v1beta1", "FlowSchema PriorityLevelConfiguration", "flowcontrol.apiserver.k8s.io/v1beta3"),
    ),
    27: (("storage.k8s.io/v1beta1", "CSIStorageCapacity", "storage.k8s.io/v1"),),
    29: (("flowcontrol.apiserver.k8s.io/v1beta2", "FlowSchema PriorityLevelConfiguration", "flowcontrol.apiserver.k8s.io/v1beta3"),),
    32: (
        ("admissionregistration.k8s.io/v1alpha1", "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding", "admissionregistration.k8s.io/v1"),
        ("authentication.k8s.io/v1alpha1", "SelfSubjectReview", "authentication.k8s.io/v1"),
        ("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema PriorityLevelConfiguration", "flowcontrol.apiserver.k8s.io/v1"),
    ),
    33: (
        ("authentication.k8s.io/v1beta1", "SelfSubjectReview", "authentication.k8s.io/v1"),
        ("networking.k8s.io/v1alpha1", "IPAddress ServiceCIDR", "networking.k8s.io/v1"),
    ),
    34: (("admissionregistration.k8s.io/v1beta1", "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding", "admissionregistration.k8s.io/v1"),),
    35: (("storage.k8s.io/v1alpha1", "VolumeAttributesClass", "storage.k8s.io/v1"),),
    36: (("storagemigration.k8s.io/v1alpha1", "StorageVersionMigration", "storagemigration.k8s.io/v1"),),
    37: (
        ("certificates.k8s.io/v1alpha1", "ClusterTrustBundle", "certificates.k8s.io/v1"),
        ("networking.k8s.io/v1beta1", "IPAddress ServiceCIDR", "networking.k8s.io/v1"),
        ("storage.k8s.io/v1beta1", "VolumeAttributesClass", "storage.k8s.io/v1"),
    ),
    38: (
        ("admissionregistration.k8s.io/v1alpha1", "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding", "admissionregistration.k8s.io/v1"),
        ("coordination.k8s.io/v1alpha2", "LeaseCandidate", "coordination.k8s.io/v1beta1"),
        ("resource.k8s.io/v1beta1", "DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice", "resource.k8s.io/v1"),
    ),
    39: (
        ("coordination.k8s.io/v1beta1", "LeaseCandidate", ""),
        ("resource.k8s.io/v1alpha3", "DeviceTaintRule", "resource.k8s.io/v1"),
        ("resource.k8s.io/v1beta2", "DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice", "resource.k8s.io/v1"),
    ),
    40: (
        ("admissionregistration.k8s.io/v1beta1", "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding", "admissionregistration.k8s.io/v1"),
        ("certificates.k8s.io/v1beta1", "ClusterTrustBundle PodCertificateRequest", "certificates.k8s.io/v1"),
        ("storagemigration.k8s.io/v1beta1", "StorageVersionMigration", "storagemigration.k8s.io/v1"),
    ),
    42: (("resource.k8s.io/v1beta2", "DeviceTaintRule", "resource.k8s.io/v1"),),
    43: (
        ("lifecycle.k8s.io/v1alpha1", "EvictionRequest", ""),
        ("scheduling.k8s.io/v1beta1", "PodGroup Workload", ""),
    ),
}


@dataclass(frozen=True)
class Removal:
    """`api` (group/version) of `kind` is served up to the minor before `removed_in` (of Kubernetes 1)."""

    api: str
    kind: str
    removed_in: int
    replacement: str

    @property
    def groups(self) -> tuple[str, ...]:
        """Where objects of the kind can be read now: under the replacement's group, or its own."""
        return tuple(dict.fromkeys(api.partition("/")[0] for api in (self.replacement, self.api) if api))


def between(lower: int, upper: int) -> list[Removal]:
    """What a cluster loses on its way from 1.`lower` to 1.`upper`."""
    return [
        Removal(api, kind, minor, replacement)
        for minor, rows in sorted(REMOVALS.items())
        if lower < minor <= upper
        for api, kinds, replacement in rows
        for kind in kinds.split()
    ]

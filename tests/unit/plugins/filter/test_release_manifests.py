# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The new version's own objects out of the service's."""

from __future__ import annotations

import copy

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.llmops.platform.plugins.filter.release_manifests import canary_manifests
from ansible_collections.llmops.platform.plugins.filter.release_manifests import release_kept_size

TRACK = "llmops.platform/track"
LABELS = {"app": "cart", TRACK: "canary"}


def named(kind: str, name: str, **spec: object) -> dict:
    return {"kind": kind, "metadata": {"name": name, "namespace": "shop", "labels": {"app.kubernetes.io/managed-by": "llmops-platform"}}, "spec": spec}


TEMPLATE = {"metadata": {"labels": {"app": "cart", TRACK: "stable", "app.kubernetes.io/version": "2.0.0"}}, "spec": {"containers": [{"name": "cart"}]}}
DEPLOYMENT = named("Deployment", "cart", replicas=6, selector={"matchLabels": {"app": "cart", TRACK: "stable"}}, template=TEMPLATE)
AUTOSCALER = named("HorizontalPodAutoscaler", "cart-hpa", scaleTargetRef={"kind": "Deployment", "name": "cart"}, minReplicas=3, maxReplicas=10)
SERVICE = named("Service", "cart", selector={"app": "cart", TRACK: "stable"})
METRICS = named("Service", "cart-metrics", selector={"app": "cart"})


def made(*manifests: dict, replicas: int = 2) -> dict[str, dict]:
    before = copy.deepcopy(manifests)
    found = canary_manifests(list(manifests), "cart", replicas)
    assert manifests == before, "the service's own manifests are left as they are"
    return {f"{manifest['kind']}/{manifest['metadata']['name']}": manifest for manifest in found}


def test_pods_of_the_new_version_are_told_from_the_others():
    deployment = made(DEPLOYMENT)["Deployment/cart-canary"]
    assert deployment["spec"]["selector"] == {"matchLabels": LABELS}
    assert deployment["spec"]["template"]["metadata"]["labels"] == {**LABELS, "app.kubernetes.io/version": "2.0.0"}
    assert deployment["metadata"]["labels"] == {TRACK: "canary", "app.kubernetes.io/managed-by": "llmops-release"}
    assert deployment["spec"]["template"]["spec"] == TEMPLATE["spec"]


@pytest.mark.parametrize(
    ("replicas", "least", "most"),
    [
        (2, 2, 10),
        # All the traffic may need more than the service was ever given.
        (12, 12, 12),
    ],
)
def test_the_autoscaler_owns_the_number_of_pods(replicas, least, most):
    found = made(DEPLOYMENT, AUTOSCALER, replicas=replicas)
    spec = found["HorizontalPodAutoscaler/cart-hpa-canary"]["spec"]
    assert spec == {"scaleTargetRef": {"kind": "Deployment", "name": "cart-canary"}, "minReplicas": least, "maxReplicas": most}
    assert "replicas" not in found["Deployment/cart-canary"]["spec"]


def test_without_an_autoscaler_the_number_is_fixed():
    found = made(DEPLOYMENT, replicas=2)
    assert list(found) == ["Deployment/cart-canary"]
    assert found["Deployment/cart-canary"]["spec"]["replicas"] == 2


def test_only_the_services_own_service_gets_a_twin():
    found = made(DEPLOYMENT, SERVICE, METRICS, named("PodDisruptionBudget", "cart"))
    assert set(found) == {"Deployment/cart-canary", "Service/cart-canary"}
    assert found["Service/cart-canary"]["spec"]["selector"] == LABELS


def test_without_a_deployment():
    with pytest.raises(AnsibleFilterError, match="canary_manifests - cart has no Deployment"):
        canary_manifests([SERVICE], "cart", 2)


@pytest.mark.parametrize(
    ("declared", "size", "least"),
    [
        ({"minReplicas": 3}, 6, 6),
        ({"minReplicas": 3}, 2, 3),
        ({}, "2", 2),
        ({}, 0, 1),
    ],
)
def test_stable_keeps_the_pods_it_had(declared, size, least):
    live = {"autoscaler": {"metadata": {"name": "cart-hpa", "namespace": "shop", "resourceVersion": "7"}, "spec": declared}}
    assert release_kept_size(live, size) == [
        {
            "apiVersion": "autoscaling/v2",
            "kind": "HorizontalPodAutoscaler",
            "metadata": {"name": "cart-hpa", "namespace": "shop"},
            "spec": {"minReplicas": least},
        }
    ]

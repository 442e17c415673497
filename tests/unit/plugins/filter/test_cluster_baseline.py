# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a namespace has from the start, and who may do what there."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.llmops.platform.plugins.filter import cluster_baseline

PEERS = {"dns": "kube-system", "mesh": "istio-system", "metrics": "observability"}
SHOP = {
    "istio_injection": "enabled",
    "pod_security": "restricted",
    "labels": {"team": "shop"},
    "quota": {"pods": "10"},
    "limits": {"Pod": {"max": {"cpu": "2"}}},
    "network": {"default_deny": True, "dns": True, "mesh": True, "metrics": True},
}


def test_namespace():
    (found,) = cluster_baseline.namespace_manifests({"shop": SHOP}, "v1.36")
    labels = found["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    assert labels["pod-security.kubernetes.io/enforce-version"] == "v1.36"
    assert (labels["istio-injection"], labels["team"], labels["name"]) == ("enabled", "shop", "shop")
    (free,) = cluster_baseline.namespace_manifests({"shop": {**SHOP, "pod_security": "none"}}, "v1.36")
    assert not [label for label in free["metadata"]["labels"] if label.startswith("pod-security")]


@pytest.mark.parametrize(("key", "value"), [("istio_injection", True), ("pod_security", "strict")])
def test_unknown_values_name_the_variable(key, value):
    with pytest.raises(AnsibleFilterError, match=rf"cluster_baseline_namespaces.shop.{key} is {value!r}; use one of "):
        cluster_baseline.namespace_manifests({"shop": {**SHOP, key: value}}, "v1.36")


def test_limits():
    quota, limits = cluster_baseline.namespace_limits({"shop": SHOP})
    assert (quota["kind"], quota["spec"]) == ("ResourceQuota", {"hard": {"pods": "10"}})
    assert (limits["kind"], limits["spec"]) == ("LimitRange", {"limits": [{"type": "Pod", "max": {"cpu": "2"}}]})
    assert cluster_baseline.namespace_limits({"shop": {"quota": {}, "limits": None}}) == []


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({}, ["default-deny", "allow-dns", "allow-mesh", "allow-metrics"]),
        ({"istio_injection": "disabled"}, ["default-deny", "allow-dns"]),
        ({"network": {"default_deny": True}}, ["default-deny"]),
        ({"network": {"default_deny": False, "dns": True}}, []),
    ],
)
def test_network_policies(changes, names):
    found = cluster_baseline.namespace_network_policies({"shop": {**SHOP, **changes}}, PEERS)
    assert [policy["metadata"]["name"] for policy in found] == names
    for policy in found:
        assert policy["spec"]["podSelector"] == {}
    if found:
        # Both ways closed, nothing open.
        assert found[0]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_groups_are_bound_where_they_belong():
    found = cluster_baseline.group_bindings(
        {"sre": {"role": "operator"}, "idp:dev": {"role": "viewer", "namespaces": {"shop": True, "data": False}}}, {"shop": 1, "data": 2}
    )
    assert [(row["metadata"]["namespace"], row["metadata"]["name"], row["subjects"][0]["name"]) for row in found] == [
        ("shop", "llmops-operator-sre", "sre"),
        ("data", "llmops-operator-sre", "sre"),
        ("shop", "llmops-viewer-idp-dev", "idp:dev"),
    ]


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ({"sre": {"role": "root"}}, "sre.role is 'root'"),
        ({"sre": {"role": "viewer", "namespaces": {"shp": True}}}, "namespaces.shp: there is no such namespace"),
    ],
)
def test_wrong_groups_are_refused(groups, words):
    with pytest.raises(AnsibleFilterError, match=words):
        cluster_baseline.group_bindings(groups, {"shop": 1})


def test_classes():
    standard = cluster_baseline.storage_class(
        {"key": "standard-ssd", "value": {"provisioner": "ebs.csi.aws.com", "parameters": {"type": "gp3"}}}, "standard-ssd"
    )
    assert standard["volumeBindingMode"] == "WaitForFirstConsumer"
    assert standard["allowVolumeExpansion"] is True
    assert standard["metadata"]["annotations"] == {"storageclass.kubernetes.io/is-default-class": "true"}
    batch = cluster_baseline.priority_class({"key": "batch", "value": {"value": 1000, "preemption": "Never"}})
    assert (batch["value"], batch["preemptionPolicy"], batch["globalDefault"]) == (1000, "Never", False)

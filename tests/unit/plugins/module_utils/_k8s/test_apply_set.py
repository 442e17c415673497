# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables for the pure part of apply sets."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._k8s import apply_set
from ansible_collections.llmops.platform.plugins.module_utils._k8s.apply_set import ApplySet
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError


def row(kind: str, name: str, created: str = "", family: str = "", controller: bool = False) -> dict:
    metadata: dict = {"name": name, "namespace": "ns", "creationTimestamp": created, "uid": name}
    if family:
        metadata["labels"] = {apply_set.VERSION_OF: family}
    if controller:
        metadata["ownerReferences"] = [{"controller": True}]
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata}


def test_id_follows_the_specification():
    # printf web.ns.ConfigMap. | openssl sha256 -binary | basenc --base64url
    assert ApplySet("web", "ns").id == "applyset-w7o-j0GAQ8GT9mwELVyXrzTkQ0BkzOXOI4RZilIYJPE-v1"


def test_parent_lists_kinds_and_other_namespaces():
    group = ApplySet("web", "ns")
    parent = group.parent({"Secret", "Deployment.apps"}, {"ns", "", "data"})
    assert parent["metadata"]["annotations"] == {
        apply_set.TOOLING: apply_set.TOOL,
        apply_set.KINDS: "Deployment.apps,Secret",
        apply_set.NAMESPACES: "data",
    }
    group.remember(parent)
    assert group.exists
    assert group.says({"Secret", "Deployment.apps"}, {"data", ""})
    assert not group.says({"Secret"}, {"data"})


@pytest.mark.parametrize(
    ("labels", "tool", "said"),
    [({apply_set.ID: "applyset-x-v1"}, apply_set.TOOL, "is not the parent"), ({}, "kubectl/v1.36", "it belongs to kubectl/v1.36")],
)
def test_foreign_parents_are_refused(labels, tool, said):
    live = {"metadata": {"labels": labels, "annotations": {apply_set.TOOLING: tool}}}
    with pytest.raises(KubernetesError, match=said):
        ApplySet("web", "ns").remember(live)


def test_the_set_of_another_deployment_is_the_wrong_cluster():
    live = ApplySet("web", "ns", "web_production_primary").parent({"Secret"}, {"ns"})
    mine = ApplySet("web", "ns", "web_production_primary")
    mine.remember(live)
    assert mine.says({"Secret"}, {"ns"})
    with pytest.raises(KubernetesError, match=r"holds web of deployment web_production_primary, not of web_dev_primary.*correct the kubeconfig"):
        ApplySet("web", "ns", "web_dev_primary").remember(live)
    # Made before sets had owners: taken over with the next write.
    old = ApplySet("web", "ns", "web_dev_primary")
    old.remember(ApplySet("web", "ns").parent({"Secret"}, {"ns"}))
    assert not old.says({"Secret"}, {"ns"})


def test_superfluous_are_members_that_nobody_wants_or_controls():
    members = [row("Secret", "kept"), row("Secret", "gone"), row("Secret", "made", controller=True), row("ConfigMap", "kept")]
    wanted = {("", "Secret", "ns", "kept")}
    assert [live["metadata"]["name"] for live in apply_set.superfluous(members, wanted)] == ["gone", "kept"]


@pytest.mark.parametrize(
    ("keep", "named", "stays"),
    [
        (3, set(), ["web-4", "web-3"]),
        (1, set(), []),
        (2, {("ConfigMap", "ns", "web-1")}, ["web-4", "web-1"]),
        (1, {("ConfigMap", "other", "web-1"), ("Secret", "ns", "web-2")}, []),
        (9, set(), ["web-4", "web-3", "web-2", "web-1"]),
    ],
)
def test_versions_that_stay(keep, named, stays):
    doomed = [row("ConfigMap", f"web-{number}", f"2026-11-2{number}T00:00:00Z", "web") for number in (1, 3, 2, 4)]
    doomed += [row("ConfigMap", "plain", "2026-11-29T00:00:00Z"), row("ConfigMap", "gone-1", "2026-11-29T00:00:00Z", "gone")]
    kept = apply_set.kept_versions(doomed, {("ConfigMap", "ns", "web"), None}, keep, named)
    assert [live["metadata"]["name"] for live in kept] == stays


def test_what_a_pod_template_names():
    template = {
        "spec": {
            "containers": [
                {
                    "envFrom": [{"configMapRef": {"name": "a"}}, {"secretRef": {"name": "b"}}],
                    "env": [{"valueFrom": {"secretKeyRef": {"name": "c", "key": "k"}}}, {"name": "configMapRef", "value": "no"}],
                }
            ],
            "volumes": [{"configMap": {"name": "d"}}, {"secret": {"secretName": "e"}}, {"projected": {"sources": [{"configMap": {"name": "f"}}]}}],
        }
    }
    assert set(apply_set.named_by(template, "ns")) == {
        ("ConfigMap", "ns", "a"),
        ("Secret", "ns", "b"),
        ("Secret", "ns", "c"),
        ("ConfigMap", "ns", "d"),
        ("Secret", "ns", "e"),
        ("ConfigMap", "ns", "f"),
    }


def test_options():
    assert apply_set.from_options(None) is None
    with pytest.raises(KubernetesError, match="keep_versions"):
        apply_set.from_options({"name": "a", "namespace": "b", "owner": "", "keep_versions": 0, "allow_delete": [], "keep": []})

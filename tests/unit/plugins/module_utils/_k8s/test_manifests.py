# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manifests: what is refused, what is sent, in which order, what a diff shows."""

from __future__ import annotations

import base64

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._k8s.applying import by_rank
from ansible_collections.llmops.platform.plugins.module_utils._k8s.catalogue import KNOWN
from ansible_collections.llmops.platform.plugins.module_utils._k8s.catalogue import from_definition
from ansible_collections.llmops.platform.plugins.module_utils._k8s.catalogue import plural
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import ApiError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.manifests import canonical
from ansible_collections.llmops.platform.plugins.module_utils._k8s.manifests import check
from ansible_collections.llmops.platform.plugins.module_utils._k8s.manifests import check_unique
from ansible_collections.llmops.platform.plugins.module_utils._k8s.manifests import difference
from ansible_collections.llmops.platform.plugins.module_utils._k8s.ranks import RANKS
from ansible_collections.llmops.platform.plugins.module_utils._k8s.ranks import rank
from ansible_collections.llmops.platform.plugins.module_utils._k8s.task import Item
from ansible_collections.llmops.platform.plugins.module_utils._k8s.task import explanation


def config_map(**metadata) -> dict:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x", **metadata}}


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        (None, "manifests[0] is empty or no object"),
        ({}, "manifests[0] is empty or no object"),
        ("text", "manifests[0] is empty or no object"),
        ({"kind": "ConfigMap", "metadata": {"name": "x"}}, "has no valid apiVersion"),
        ({"apiVersion": "v1", "metadata": {"name": "x"}}, "has no valid kind"),
        ({"apiVersion": "../../v1", "kind": "ConfigMap", "metadata": {"name": "x"}}, "has no valid apiVersion"),
        ({"apiVersion": "v1", "kind": "ConfigMap"}, "(ConfigMap) has no metadata.name"),
        (config_map(name=5), "has no metadata.name"),
        (config_map(name=""), "has no metadata.name"),
        (config_map(name="", generateName="x-"), "metadata.generateName"),
        (config_map(name=".."), "invalid name or namespace"),
        (config_map(name="a/b"), "invalid name or namespace"),
        (config_map(namespace="../kube-system"), "invalid name or namespace"),
        (config_map(managedFields=[{}]), "it was copied from a server"),
    ],
)
def test_refused(manifest, words):
    with pytest.raises(KubernetesError) as caught:
        check([manifest])
    assert words in str(caught.value)
    assert "nothing was sent" in str(caught.value)


def test_all_faults_are_listed_and_good_ones_pass():
    check([config_map(), config_map(name="system:auth", namespace=None)])
    with pytest.raises(KubernetesError, match=r"manifests\[1\].*manifests\[2\]"):
        check([config_map(), None, {}])


def test_duplicates_by_group_whatever_the_version():
    check_unique([("", "ConfigMap", "a", "x"), ("", "ConfigMap", "b", "x"), ("x.io", "ConfigMap", "a", "x")])
    with pytest.raises(KubernetesError, match=r"manifests\[1\] is the same object as manifests\[0\] \(ConfigMap a/x\)"):
        check_unique([("", "ConfigMap", "a", "x"), ("", "ConfigMap", "a", "x")])


def test_canonical_drops_nulls_and_status():
    manifest = {**config_map(creationTimestamp=None), "data": {"a": None, "b": ""}, "list": [None, {"c": None}], "status": {}}
    assert canonical(manifest, has_status=True) == {**config_map(), "data": {"b": ""}, "list": [None, {}]}
    assert canonical(manifest, has_status=False)["status"] == {}
    assert manifest["data"] == {"a": None, "b": ""}


def secret(**fields) -> dict:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, **fields}


def test_canonical_secret():
    body = canonical(secret(data={"a": "YWJj\n", "b": "eA=="}, stringData={"b": "new", "c": "é"}), has_status=False)
    assert body == secret(data={"a": "YWJj", "b": base64.b64encode(b"new").decode(), "c": base64.b64encode("é".encode()).decode()})


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"data": {"a": "not base64!"}}, "data.a is not base64"), ({"stringData": {"a": 5}}, "stringData.a is not a string")],
)
def test_canonical_secret_refuses(fields, words):
    with pytest.raises(KubernetesError, match=words) as caught:
        canonical(secret(**fields), has_status=False)
    assert "not base64!" not in str(caught.value)


def test_difference_masks_and_strips():
    old = secret(data={"a": base64.b64encode(b"hunter2").decode()})
    old["metadata"].update(
        uid="u",
        resourceVersion="1",
        annotations={"kubectl.kubernetes.io/last-applied-configuration": "hunter2", "k": "v"},
        managedFields=[],
    )
    entry = difference({**old, "status": {}}, None, "Secret/s")
    assert "a: sha256:f52fbd32\n" in entry["before"]
    assert "hunter2" not in entry["before"]
    assert not any(word in entry["before"] for word in ("uid", "resourceVersion", "managedFields", "status", "last-applied"))
    assert entry["after"] == ""
    assert entry["before_header"] == entry["after_header"] == "Secret/s"


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("Namespace", "ServiceAccount"),
        ("CustomResourceDefinition", "Widget"),
        ("Role", "RoleBinding"),
        ("ServiceAccount", "RoleBinding"),
        ("NetworkPolicy", "Deployment"),
        ("ResourceQuota", "Deployment"),
        ("Secret", "Deployment"),
        ("ConfigMap", "StatefulSet"),
        ("PersistentVolumeClaim", "Deployment"),
        ("Service", "StatefulSet"),
        ("Deployment", "HorizontalPodAutoscaler"),
        ("Deployment", "Ingress"),
        ("Deployment", "Widget"),
        ("Deployment", "ValidatingWebhookConfiguration"),
        ("Namespace", "Node"),
    ],
)
def test_order_of_kinds(earlier, later):
    assert rank(earlier) < rank(later)


def test_each_kind_has_one_rank_and_foreign_namesakes_are_custom():
    kinds = [kind for kinds in RANKS for kind in kinds]
    assert len(kinds) == len(set(kinds))
    assert rank("Service", custom=True) == rank("Widget") > rank("Service")
    groups = by_rank([Item(config_map(), KNOWN["v1", "ConfigMap"]), Item({**config_map(), "kind": "Namespace"}, KNOWN["v1", "Namespace"])], reverse=True)
    assert [group[0].kind for group in groups] == ["ConfigMap", "Namespace"]


@pytest.mark.parametrize("destination", ["DestinationRule", "ServiceEntry"])
@pytest.mark.parametrize("route", ["VirtualService", "HTTPRoute"])
def test_a_mesh_knows_a_destination_before_the_route_that_leads_there(destination, route):
    assert rank("Deployment") < rank(destination, custom=True) < rank(route, custom=True)


@pytest.mark.parametrize(
    ("api_version", "kind", "namespace", "path"),
    [
        ("v1", "ConfigMap", "a", "/api/v1/namespaces/a/configmaps/x"),
        ("v1", "Namespace", "", "/api/v1/namespaces/x"),
        ("apps/v1", "Deployment", "a", "/apis/apps/v1/namespaces/a/deployments/x"),
        ("networking.k8s.io/v1", "Ingress", "a", "/apis/networking.k8s.io/v1/namespaces/a/ingresses/x"),
        ("rbac.authorization.k8s.io/v1", "ClusterRole", "", "/apis/rbac.authorization.k8s.io/v1/clusterroles/x"),
    ],
)
def test_paths(api_version, kind, namespace, path):
    assert KNOWN[api_version, kind].path(namespace, "x") == path


@pytest.mark.parametrize(("kind", "word"), [("NetworkPolicy", "networkpolicies"), ("StorageClass", "storageclasses"), ("Pod", "pods")])
def test_plural(kind, word):
    assert plural(kind) == word


def test_definition_tells_how_its_kind_will_be_served():
    versions = [{"name": "v1", "subresources": {"status": {}}}, {"name": "v2"}]
    table = from_definition({"spec": {"group": "g.io", "scope": "Cluster", "names": {"kind": "Thing", "plural": "things"}, "versions": versions}})
    assert table["g.io/v1", "Thing"].has_status
    assert not table["g.io/v2", "Thing"].has_status
    assert table["g.io/v2", "Thing"].path("", "x") == "/apis/g.io/v2/things/x"


def conflict(reason: str = "FieldManagerConflict") -> ApiError:
    cause = {"reason": reason, "field": ".spec.replicas", "message": 'conflict with "hpa"'}
    return ApiError(409, "Conflict", "Apply failed", {"causes": [cause]})


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (conflict(), ".spec.replicas (conflict with \"hpa\"); remove them from the manifest, or take them over with 'take_over_from: [hpa]'"),
        (
            ApiError(422, "Invalid", "x is invalid", {"causes": [{"field": "spec.a", "message": "Required value"}]}),
            "field spec.a: Required value (422 Invalid)",
        ),
        (ApiError(403, "Forbidden", "exceeded quota: q"), "exceeded quota: q (403 Forbidden)"),
        (ApiError(404, "NotFound", 'namespaces "a" not found'), "add the Namespace"),
        (ApiError(500, "", "failed to create typed patch object: .spec.x: field not declared in schema"), "remove or correct the field"),
        (ApiError(502, "", "HTTP 502 bad gateway"), "HTTP 502 bad gateway (502)"),
    ],
)
def test_explanation(error, words):
    assert words in explanation(error)


@pytest.mark.parametrize(
    ("error", "transient"),
    [
        (ApiError(429, "TooManyRequests", ""), True),
        (ApiError(500, "", "etcdserver: leader changed"), True),
        (ApiError(503, "", ""), True),
        (ApiError(409, "Conflict", "the object has been modified"), True),
        (conflict(), False),
        (ApiError(500, "", "failed to create typed patch object (x)"), False),
        (ApiError(422, "Invalid", ""), False),
        (ApiError(403, "Forbidden", ""), False),
    ],
)
def test_what_is_worth_another_try(error, transient):
    assert error.transient is transient


def test_refusal_does_not_repeat_a_secret():
    item = Item(canonical(secret(stringData={"a": "hunter2"}), has_status=False), KNOWN["v1", "Secret"])
    item.refuse(ApiError(422, "Invalid", f"bad value hunter2 / {base64.b64encode(b'hunter2').decode()}"))
    assert item.error is not None
    assert item.error["message"] == "bad value ******** / ******** (422 Invalid); correct the field"

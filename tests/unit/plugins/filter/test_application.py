# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which services role application brings, in which version, and the pods that a way back puts there."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.llmops.platform.plugins.filter.application import chosen_services
from ansible_collections.llmops.platform.plugins.filter.application import named_list
from ansible_collections.llmops.platform.plugins.filter.application import object_references
from ansible_collections.llmops.platform.plugins.filter.application import with_defaults
from ansible_collections.llmops.platform.plugins.filter.application import with_pod_template

CART = {"image": {"repository": "shop/cart", "tag": "1.0.0"}, "replicas": 2}
WEB = {"image": {"repository": "shop/web", "tag": "3.0.0"}}
SERVICES = {"cart": CART, "web": WEB}
NEWER = {**CART, "image": {"repository": "shop/cart", "tag": "2.0.0"}}


@pytest.mark.parametrize(
    ("only", "versions", "expected"),
    [
        ([], {}, SERVICES),
        (["web"], {}, {"web": WEB}),
        (["cart"], {"cart": "2.0.0"}, {"cart": NEWER}),
        ([], {"cart": "2.0.0"}, {"cart": NEWER, "web": WEB}),
        # A version of what is not asked for is of no matter.
        (["web"], {"cart": "2.0.0"}, {"web": WEB}),
        # YAML reads 2.0 as a number.
        (["cart"], {"cart": 2.0}, {"cart": {**CART, "image": {"repository": "shop/cart", "tag": "2.0"}}}),
    ],
)
def test_chosen_services(only, versions, expected):
    assert chosen_services(SERVICES, only, versions) == expected
    assert CART["image"]["tag"] == "1.0.0", "the input is left as it is"


@pytest.mark.parametrize(
    ("services", "only", "versions", "said"),
    [
        (SERVICES, ["basket"], {}, "there is no service basket; there are cart, web"),
        (SERVICES, [], {"basket": "1"}, "there is no service basket; there are cart, web"),
        (SERVICES, ["basket", "cart"], {"basket": "1", "shelf": "1"}, "there is no service basket, shelf; there are cart, web"),
        ({}, ["cart"], {}, "there is no service cart; there are none"),
    ],
)
def test_services_that_are_not_there(services, only, versions, said):
    with pytest.raises(AnsibleFilterError, match=f"^chosen_services - {said}$"):
        chosen_services(services, only, versions)


def manifest(kind: str, **spec: object) -> dict:
    return {"kind": kind, "metadata": {"name": "cart", "labels": {"app": "cart", "app.kubernetes.io/version": "2.0.0"}}, "spec": spec}


MANIFESTS = [
    manifest("Deployment", replicas=3, template={"spec": {"containers": [{"image": "shop/cart:2.0.0"}]}}),
    manifest("Service"),
    manifest("HorizontalPodAutoscaler"),
    manifest("ConfigMap"),
]


def test_the_way_back_puts_the_old_pods_into_the_deployment():
    labels = {"app": "cart", "app.kubernetes.io/version": "1.0.0"}
    template = {
        "metadata": {"creationTimestamp": None, "labels": {**labels, "pod-template-hash": "abc"}},
        "spec": {"containers": [{"image": "shop/cart:1.0.0"}]},
    }
    found = with_pod_template(MANIFESTS, template)
    assert [one["kind"] for one in found] == ["Deployment"], "nothing else of the newer version comes along"
    assert found[0]["spec"] == {"replicas": 3, "template": {"metadata": {"labels": labels}, "spec": template["spec"]}}
    assert found[0]["metadata"]["labels"] == labels
    assert MANIFESTS[0]["metadata"]["labels"]["app.kubernetes.io/version"] == "2.0.0", "the input is left as it is"


def test_pods_without_a_version_leave_the_label():
    found = with_pod_template(MANIFESTS, {"metadata": {"labels": {"app": "cart"}}, "spec": {}})
    assert found[0]["metadata"]["labels"] == MANIFESTS[0]["metadata"]["labels"]


def test_without_pods_to_go_back_to_only_what_reaches_and_counts_them():
    assert [one["kind"] for one in with_pod_template(MANIFESTS, {})] == ["Service", "HorizontalPodAutoscaler"]


def test_defaults_lie_below_each_service():
    assert with_defaults({"cart": {"replicas": 3}, "web": {}}, {"replicas": 1, "image": {"tag": "1"}}) == {
        "cart": {"replicas": 3, "image": {"tag": "1"}},
        "web": {"replicas": 1, "image": {"tag": "1"}},
    }
    with pytest.raises(AnsibleFilterError, match="with_defaults - cart is list, not a map"):
        with_defaults({"cart": []}, {})


def test_lists_out_of_maps():
    assert named_list({"http": {"port": 80}}) == [{"name": "http", "port": 80}]
    assert named_list({"http": {"port": 80}}, "id") == [{"id": "http", "port": 80}]
    with pytest.raises(AnsibleFilterError, match="named_list - the input is list, not a map"):
        named_list([])


def test_objects_are_found_again():
    rows = [
        {"api_version": "v1", "kind": "Service", "name": "cart", "namespace": "shop"},
        {"api_version": "v1", "kind": "Namespace", "name": "shop", "namespace": ""},
    ]
    assert object_references(rows) == [
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "cart", "namespace": "shop"}},
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}},
    ]

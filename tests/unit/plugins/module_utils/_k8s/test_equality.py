# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proof that nothing needs to be sent."""

from __future__ import annotations

import copy

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._k8s.equality import content
from ansible_collections.llmops.platform.plugins.module_utils._k8s.equality import unproven
from ansible_collections.llmops.platform.plugins.module_utils._k8s.quantities import quantity

MANAGER = "llmops-platform"


def live(fields: dict, api_version: str = "apps/v1", manager: str = MANAGER, **body) -> dict:
    entry = {"manager": manager, "operation": "Apply", "apiVersion": api_version, "fieldsV1": fields}
    metadata = {"name": "web", "namespace": "a", **body.pop("metadata", {}), "managedFields": [entry]}
    return {"apiVersion": api_version, "kind": "Deployment", "metadata": metadata, **body}


def desired(api_version: str = "apps/v1", **body) -> dict:
    metadata = {"name": "web", "namespace": "a", **body.pop("metadata", {})}
    return {"apiVersion": api_version, "kind": "Deployment", "metadata": metadata, **body}


PORT_TCP = 'k:{"containerPort":8080,"protocol":"TCP"}'
PORT_UDP = 'k:{"containerPort":8080,"protocol":"UDP"}'
PORTS = {"f:spec": {"f:ports": {PORT_TCP: {".": {}, "f:containerPort": {}}, PORT_UDP: {".": {}, "f:containerPort": {}, "f:protocol": {}}}}}
PORTS_LIVE = [{"containerPort": 8080, "protocol": "TCP"}, {"containerPort": 8080, "protocol": "UDP"}]
SELECTOR = {"f:spec": {"f:selector": {}}}
REPLICAS = {"f:spec": {"f:replicas": {}}}
LIMITS = {"f:spec": {"f:limits": {"f:cpu": {}}}}
CLAIMS = {"f:spec": {"f:volumeClaimTemplates": {}}}
FINALIZERS = {"f:metadata": {"f:finalizers": {'v:"a"': {}, 'v:"b"': {}}}}

EQUAL = {
    "same value": (REPLICAS, {"spec": {"replicas": 2}}, {"spec": {"replicas": 2, "paused": True}}),
    "defaulted list key": (
        PORTS,
        {"spec": {"ports": [{"containerPort": 8080}, {"containerPort": 8080, "protocol": "UDP"}]}},
        {"spec": {"ports": PORTS_LIVE}},
    ),
    "somebody else's list item": (
        {"f:spec": {"f:ports": {PORT_TCP: {".": {}, "f:containerPort": {}}}}},
        {"spec": {"ports": [{"containerPort": 8080}]}},
        {"spec": {"ports": [{"containerPort": 9, "protocol": "TCP"}, *PORTS_LIVE]}},
    ),
    "atomic map": (SELECTOR, {"spec": {"selector": {"app": "a"}}}, {"spec": {"selector": {"app": "a"}}}),
    "quantity": (LIMITS, {"spec": {"limits": {"cpu": "1000m"}}}, {"spec": {"limits": {"cpu": "1"}}}),
    "quantity as a number": (LIMITS, {"spec": {"limits": {"cpu": 0.5}}}, {"spec": {"limits": {"cpu": "500m"}}}),
    "empty value the server leaves out": ({"f:spec": {"f:paused": {}}}, {"spec": {"paused": False}}, {"spec": {}}),
    "empty list": ({"f:spec": {"f:ingress": {}}}, {"spec": {"ingress": []}}, {"spec": {"podSelector": {}}}),
    "set": (FINALIZERS, {"metadata": {"finalizers": ["b", "a"]}}, {"metadata": {"finalizers": ["a", "b", "c"]}}),
    "default inside an atomic list": (
        CLAIMS,
        {"spec": {"volumeClaimTemplates": [{"metadata": {"name": "d"}, "spec": {"resources": {"requests": {"storage": "1024Mi"}}}}]}},
        {
            "spec": {
                "volumeClaimTemplates": [
                    {
                        "apiVersion": "v1",
                        "kind": "PersistentVolumeClaim",
                        "metadata": {"name": "d"},
                        "spec": {"resources": {"requests": {"storage": "1Gi"}}, "volumeMode": "Filesystem"},
                        "status": {"phase": "Pending"},
                    }
                ]
            }
        },
    ),
    "nothing but a name": ({}, {}, {"spec": {"finalizers": ["kubernetes"]}}),
}
DIFFERENT = {
    "other value": (REPLICAS, {"spec": {"replicas": 2}}, {"spec": {"replicas": 3}}, "spec.replicas"),
    "removed field": (
        {"f:spec": {"f:replicas": {}, "f:paused": {}}},
        {"spec": {"replicas": 2}},
        {"spec": {"replicas": 2, "paused": True}},
        "spec.paused",
    ),
    "new field that is live by chance": (
        REPLICAS,
        {"spec": {"replicas": 2, "paused": True}},
        {"spec": {"replicas": 2, "paused": True}},
        "spec.paused",
    ),
    "removed label": ({"f:metadata": {"f:labels": {"f:a": {}}}}, {}, {"metadata": {"labels": {"a": "1"}}}, "metadata.managedFields"),
    "removed key of an atomic map": (
        SELECTOR,
        {"spec": {"selector": {"app": "a"}}},
        {"spec": {"selector": {"app": "a", "x": "y"}}},
        "spec.selector",
    ),
    "atomic map made empty": (SELECTOR, {"spec": {"selector": {}}}, {"spec": {"selector": {"app": "a"}}}, "spec.selector"),
    "removed list item": (PORTS, {"spec": {"ports": [{"containerPort": 8080}]}}, {"spec": {"ports": PORTS_LIVE}}, "spec.ports"),
    "list key no longer written": (
        {"f:spec": {"f:ports": {PORT_UDP: {".": {}, "f:containerPort": {}, "f:protocol": {}}}}},
        {"spec": {"ports": [{"containerPort": 8080}]}},
        {"spec": {"ports": PORTS_LIVE}},
        "spec.ports.protocol",
    ),
    "other order": (
        {"f:spec": {"f:env": {'k:{"name":"a"}': {".": {}, "f:name": {}}, 'k:{"name":"b"}': {".": {}, "f:name": {}}}}},
        {"spec": {"env": [{"name": "b"}, {"name": "a"}]}},
        {"spec": {"env": [{"name": "a"}, {"name": "b"}]}},
        "spec.env",
    ),
    "text that looks like a quantity": (
        {"f:metadata": {"f:annotations": {"f:limits": {}}}},
        {"metadata": {"annotations": {"limits": "1.0"}}},
        {"metadata": {"annotations": {"limits": "1"}}},
        "metadata.annotations.limits",
    ),
    "number and text": (REPLICAS, {"spec": {"replicas": "2"}}, {"spec": {"replicas": 2}}, "spec.replicas"),
    "true and one": (REPLICAS, {"spec": {"replicas": True}}, {"spec": {"replicas": 1}}, "spec.replicas"),
    "value that is gone": (REPLICAS, {"spec": {"replicas": 2}}, {"spec": {}}, "spec.replicas"),
    "set with a value less": (
        FINALIZERS,
        {"metadata": {"finalizers": ["a"]}},
        {"metadata": {"finalizers": ["a", "b"]}},
        "metadata.finalizers",
    ),
    "never applied by us": ({}, {"spec": {"replicas": 2}}, {"spec": {"replicas": 2}}, "metadata.managedFields"),
}


@pytest.mark.parametrize(("fields", "wanted", "found"), EQUAL.values(), ids=EQUAL)
def test_equal(fields, wanted, found):
    assert unproven(desired(**copy.deepcopy(wanted)), live(fields, **copy.deepcopy(found)), MANAGER) is None


@pytest.mark.parametrize(("fields", "wanted", "found", "field"), DIFFERENT.values(), ids=DIFFERENT)
def test_not_proven(fields, wanted, found, field):
    assert unproven(desired(**copy.deepcopy(wanted)), live(fields, **copy.deepcopy(found)), MANAGER) == field


def test_other_version_or_manager_or_subresource_proves_nothing():
    wanted, found = desired(spec={"replicas": 2}), {"spec": {"replicas": 2}}
    assert unproven(wanted, live(REPLICAS, api_version="apps/v1beta1", **copy.deepcopy(found)), MANAGER) == "metadata.managedFields"
    assert unproven(wanted, live(REPLICAS, manager="kubectl", **copy.deepcopy(found)), MANAGER) == "metadata.managedFields"
    scaled = live(REPLICAS, **copy.deepcopy(found))
    scaled["metadata"]["managedFields"][0]["subresource"] = "scale"
    assert unproven(wanted, scaled, MANAGER) == "metadata.managedFields"


def test_defaults_of_a_custom_kind_come_from_its_schema():
    rule = {"type": "object", "properties": {"name": {}, "weight": {"default": 1}}}
    schema = {"properties": {"spec": {"properties": {"rules": {"items": rule}}}}}
    wanted = desired(spec={"rules": [{"name": "a"}]})
    found = live({"f:spec": {"f:rules": {}}}, spec={"rules": [{"name": "a", "weight": 1}]})
    assert unproven(wanted, found, MANAGER, custom=True) == "spec.rules"
    assert unproven(wanted, found, MANAGER, custom=True, schema=schema) is None
    found["spec"]["rules"][0]["weight"] = 2
    assert unproven(wanted, found, MANAGER, custom=True, schema=schema) == "spec.rules"


def test_custom_kinds_keep_quantities_as_written():
    wanted, found = desired(spec={"limits": {"cpu": "1000m"}}), live(LIMITS, spec={"limits": {"cpu": "1"}})
    assert unproven(wanted, found, MANAGER, custom=True) == "spec.limits.cpu"


@pytest.mark.parametrize(
    ("one", "other"),
    [("1000m", "1"), ("1024Mi", "1Gi"), ("0.5Gi", "512Mi"), ("1e3", "1k"), ("100u", "0.1m"), (2, "2"), (0.1, "100m"), ("1E", "1000P")],
)
def test_quantities_are_the_same(one, other):
    assert quantity(one) is not None
    assert quantity(one) == quantity(other)


@pytest.mark.parametrize("text", ["", "Gi", "1 Gi", "1gi", "one", True, None, "1Gi2", [], "1e"])
def test_not_quantities(text):
    assert quantity(text) is None


def test_content_leaves_out_bookkeeping():
    found = live(REPLICAS, metadata={"uid": "u", "resourceVersion": "1", "generation": 2, "labels": {"a": "b"}}, spec={}, status={"x": 1})
    assert content(found, has_status=True) == desired(metadata={"labels": {"a": "b"}}, spec={})
    assert content(found, has_status=False)["status"] == {"x": 1}

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables for fields that are left to others and for generated values."""

from __future__ import annotations

import base64
import copy

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._k8s.yielding import GENERATED
from ansible_collections.llmops.platform.plugins.module_utils._k8s.yielding import generate
from ansible_collections.llmops.platform.plugins.module_utils._k8s.yielding import leave_fields

BODY = {
    "metadata": {"name": "web", "labels": {"app": "web"}},
    "spec": {"replicas": 3, "selector": {"app": "web"}, "ports": [{"name": "http", "port": 80}, {"name": "grpc", "port": 90}]},
}


@pytest.mark.parametrize(
    ("fields", "taken"),
    [
        ({"f:spec": {"f:selector": {}}}, ["spec.selector"]),
        ({"f:spec": {"f:replicas": {}, "f:other": {}}}, ["spec.replicas"]),
        ({"f:spec": {"f:ports": {'k:{"name":"grpc"}': {".": {}, "f:name": {}, "f:port": {}}}}}, ["spec.ports.port"]),
        ({"f:metadata": {"f:labels": {"f:app": {}}}}, ["metadata.labels.app"]),
        # Without its name an object is none.
        ({"f:metadata": {"f:name": {}}}, []),
        ({}, []),
    ],
)
def test_fields_of_others_are_taken_out(fields, taken):
    body = copy.deepcopy(BODY)
    live = {"metadata": {"managedFields": [{"manager": "llmops-release", "fieldsV1": fields}, {"manager": "x", "fieldsV1": {"f:spec": {"f:ports": {}}}}]}}
    assert leave_fields(body, live, ["llmops-release"]) == taken
    assert (body == BODY) == (not taken)
    assert body["spec"]["ports"][0] == BODY["spec"]["ports"][0]


def secret(**data: str) -> dict:
    return {"kind": "Secret", "metadata": {"name": "s", "annotations": {GENERATED: "user,password"}}, "data": data}


def test_generated_values_are_made_once():
    first = secret(user="YWRtaW4=")
    generate(first, None)
    assert first["data"]["user"] == "YWRtaW4="
    assert len(base64.b64decode(first["data"]["password"])) >= 32
    again = secret()
    generate(again, first)
    assert again["data"] == first["data"]
    other = secret()
    generate(other, None)
    assert other["data"]["password"] != first["data"]["password"]


def test_others_are_left_alone():
    body = {"kind": "Secret", "metadata": {"name": "s"}, "data": {}}
    generate(body, None)
    assert body["data"] == {}

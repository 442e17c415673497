# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who uses removed APIs, by each source."""

from __future__ import annotations

import json

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._upgrade import deprecations
from ansible_collections.llmops.platform.plugins.module_utils._upgrade.removals import Removal

OLD = "networking.k8s.io/v1beta1"
CIDR = Removal(OLD, "ServiceCIDR", 37, "networking.k8s.io/v1")
ADDRESS = Removal(OLD, "IPAddress", 37, "networking.k8s.io/v1")


def written(api: str, manager: str) -> dict:
    return {"manager": manager, "operation": "Apply", "apiVersion": api}


def applied(**manifest) -> dict:
    return {"annotations": {deprecations.LAST_APPLIED: json.dumps(manifest)}}


METADATA = [
    ({"managedFields": [written("networking.k8s.io/v1", "helm")]}, [], []),
    ({"managedFields": [written(OLD, "helm"), written(OLD, "argocd"), written("networking.k8s.io/v1", "kubectl")]}, ["managed_fields"], ["argocd", "helm"]),
    ({"managedFields": [{"apiVersion": OLD}]}, ["managed_fields"], ["unknown"]),
    (applied(apiVersion=OLD, kind="ServiceCIDR"), ["last_applied"], []),
    (applied(apiVersion="networking.k8s.io/v1"), [], []),
    (
        {**applied(apiVersion=OLD), "managedFields": [written(OLD, "kubectl-client-side-apply")]},
        ["managed_fields", "last_applied"],
        ["kubectl-client-side-apply"],
    ),
    ({"annotations": {deprecations.LAST_APPLIED: "{broken"}}, [], []),
    ({"annotations": {deprecations.LAST_APPLIED: "[]"}}, [], []),
    ({}, [], []),
]


@pytest.mark.parametrize(("metadata", "seen_by", "by"), METADATA)
def test_what_an_object_says_of_itself(metadata, seen_by, by):
    found = deprecations.written_through({"name": "more", **metadata}, [CIDR])
    if not seen_by:
        assert found == []
        return
    wanted = {"api": OLD, "kind": "ServiceCIDR", "namespace": "", "name": "more", "removed_in": "1.37", "replacement": "networking.k8s.io/v1"}
    assert found == [{**wanted, "seen_by": seen_by, "by": by}]


def metric(group: str, version: str, resource: str, removed: str) -> str:
    return f'{deprecations.METRIC}{{group="{group}",removed_release="{removed}",resource="{resource}",subresource="",version="{version}"}} 1'


METRICS = [
    (metric("networking.k8s.io", "v1beta1", "servicecidrs", "1.37"), [(OLD, "ServiceCIDR", "1.37", "networking.k8s.io/v1")]),
    (metric("networking.k8s.io", "v1beta1", "ipaddresses", "1.37"), [(OLD, "IPAddress", "1.37", "networking.k8s.io/v1")]),
    # The server knows of an API that the table does not.
    (metric("new.k8s.io", "v1beta1", "things", "1.37"), [("new.k8s.io/v1beta1", "things", "1.37", "")]),
    (metric("", "v1", "endpoints", ""), []),
    (metric("resource.k8s.io", "v1beta1", "resourceclaims", "1.38"), []),
    (metric("networking.k8s.io", "v1beta1", "ingresses", "1.36"), []),
    ("# TYPE apiserver_requested_deprecated_apis gauge", []),
    ('apiserver_request_total{removed_release="1.37",resource="servicecidrs"} 4', []),
]


@pytest.mark.parametrize(("line", "wanted"), METRICS)
def test_what_the_api_server_counted(line, wanted):
    found = deprecations.requested([line, line], [CIDR, ADDRESS], 36, 37)
    assert [(row["api"], row["kind"], row["removed_in"], row["replacement"]) for row in found] == wanted
    assert all(row["seen_by"] == ["metric"] and not row["name"] for row in found)


def insight(usage: str, requests: int, stop: str = "1.37") -> dict:
    stats = [{"userAgent": "old-client/1", "numberOfRequestsLast30Days": requests}]
    detail = {"usage": usage, "replacedWith": "/apis/networking.k8s.io/v1/ServiceCIDR", "stopServingVersion": stop, "clientStats": stats}
    return {"categorySpecificSummary": {"deprecationDetails": [detail]}}


INSIGHTS = [
    (insight(f"/apis/{OLD}/ServiceCIDR", 3), (OLD, "ServiceCIDR", "networking.k8s.io/v1", ["old-client/1"])),
    (insight(f"/apis/{OLD}/servicecidrs", 3), (OLD, "ServiceCIDR", "networking.k8s.io/v1", ["old-client/1"])),
    (insight("/apis/new.k8s.io/v1beta1/Thing", 3), ("new.k8s.io/v1beta1", "Thing", "networking.k8s.io/v1", ["old-client/1"])),
    (insight(f"/apis/{OLD}/ServiceCIDR", 0), None),
    (insight(f"/apis/{OLD}/ServiceCIDR", 3, stop="1.38"), None),
    (insight(f"/apis/{OLD}/ServiceCIDR", 3, stop=""), None),
    ({"categorySpecificSummary": {}}, None),
    ({}, None),
]


@pytest.mark.parametrize(("told", "wanted"), INSIGHTS)
def test_what_eks_counted(told, wanted):
    found = deprecations.told([told], [CIDR], 36, 37)
    assert [(row["api"], row["kind"], row["replacement"], row["by"]) for row in found] == ([wanted] if wanted else [])


def test_one_sentence_for_each_api_with_its_remedy():
    rows = [deprecations.row(CIDR, ["managed_fields"], ["helm"], "", f"cidr-{number}") for number in range(7)]
    rows += [deprecations.row(ADDRESS, ["metric"])]
    address, cidr = deprecations.said(rows, {f"{OLD}/ServiceCIDR": 20})
    assert "in use: cidr-0, cidr-1, cidr-2, cidr-3, cidr-4, 22 more objects (by helm); use networking.k8s.io/v1" in cidr
    assert f"{OLD} IPAddress is not served from 1.37 on and is in use: requests since the API server's start" in address


@pytest.mark.parametrize(("names", "is_accepted"), [([OLD], True), ([f"{OLD}/ServiceCIDR"], True), ([f"{OLD}/IPAddress"], False), ([], False)])
def test_traces_can_be_accepted_by_api_or_kind(names, is_accepted):
    assert deprecations.accepted(deprecations.row(CIDR, ["managed_fields"]), names) is is_accepted

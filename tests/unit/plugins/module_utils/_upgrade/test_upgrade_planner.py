# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One plan out of both sides, each played by a client that answers from a table."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import ApiError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import CallError
from ansible_collections.llmops.platform.plugins.module_utils._upgrade.cluster import ClusterReader
from ansible_collections.llmops.platform.plugins.module_utils._upgrade.eks import EksReader
from ansible_collections.llmops.platform.plugins.module_utils._upgrade.planner import Planner
from ansible_collections.llmops.platform.plugins.module_utils._upgrade.planner import fingerprint

OPTIONS = {
    "cluster_name": "one", "region": "us-east-1", "to": None, "addons": {"coredns": "latest"}, "pools": [],
    "pool_labels": ["eks.amazonaws.com/nodegroup"], "order": ["control_plane", "addons", "node_pools"], "kubectl_version": None,
    "end_of_life": {}, "accept_end_of_life": False, "accept_removed": [], "same_cluster": True,
}  # fmt: skip
NODE = {
    "metadata": {"name": "a", "labels": {"eks.amazonaws.com/nodegroup": "general"}},
    "status": {"nodeInfo": {"kubeletVersion": "v1.36.3-eks-1"}, "conditions": [{"type": "Ready", "status": "True"}]},
}


class Api:
    """The part of Client that the reader uses; what is not in the table is an empty list, an exception is raised."""

    def __init__(self, **answers: Any) -> None:
        self._answers = {"/version": {"gitVersion": "v1.36.3-eks-1"}, "/apis": {"groups": []}, "/metrics": "", "/api/v1/nodes": [NODE], **answers}

    def get(self, path: str, **_query: Any) -> Any:
        found = self._answers.get(path, [])
        if isinstance(found, Exception):
            raise found
        return found

    def pages(self, path: str, **_query: Any):
        yield self.get(path), 0


def fits(name: str, **versions: str) -> dict:
    rows = [
        {"addonVersion": version, "compatibilities": [{"clusterVersion": minor, "defaultVersion": True} for minor in minors.split()]}
        for version, minors in versions.items()
    ]
    return {"addonName": name, "addonVersions": rows}


def calls(**answers: Any):
    """Calls of EKS: by operation, and by operation and page token where there are pages."""
    table = {
        "DescribeCluster": {"cluster": {"name": "one", "version": "1.36", "status": "ACTIVE"}},
        "DescribeClusterVersions": {"clusterVersions": [version("1.36"), version("1.37")]},
        "ListAddons": {"addons": ["vpc-cni"], "nextToken": "2"},
        "ListAddons 2": {"addons": ["coredns"]},
        "DescribeAddon vpc-cni": {"addon": {"addonVersion": "v1.20.0", "status": "ACTIVE"}},
        "DescribeAddon coredns": {"addon": {"addonVersion": "v1.12.0", "status": "ACTIVE"}},
        "DescribeAddonVersions vpc-cni": {"addons": [fits("vpc-cni", **{"v1.20.0": "1.36 1.37"})]},
        "DescribeAddonVersions coredns": {"addons": [fits("coredns", **{"v1.12.0": "1.36", "v1.13.0": "1.37"})]},
        "ListNodegroups": {"nodegroups": ["general"]},
        "DescribeNodegroup general": {"nodegroup": {"version": "1.36", "status": "ACTIVE", "amiType": "CUSTOM"}},
        "ListInsights": {"insights": []},
        **answers,
    }

    def call(region: str, operation: str, service: str = "cloudformation", **arguments: Any) -> dict:
        assert (region, service) == ("us-east-1", "eks")
        named = arguments.get("addonName") or arguments.get("nodegroupName") or arguments.get("id") or arguments.get("nextToken")
        found = table[f"{operation} {named}" if named else operation]
        if isinstance(found, Exception):
            raise found
        return found

    return call


def version(minor: str, status: str = "STANDARD_SUPPORT") -> dict:
    moment = datetime.datetime(2027, 8, 2, tzinfo=datetime.UTC)
    return {"clusterVersion": minor, "versionStatus": status, "endOfStandardSupportDate": moment, "endOfExtendedSupportDate": moment.replace(year=2028)}


def planned(eks: dict | None = None, api: dict | None = None, **options: Any) -> dict:
    reader = EksReader(calls(**(eks or {})), "us-east-1", "one")
    return Planner({**OPTIONS, **options}, ClusterReader(Api(**(api or {}))), reader, "", datetime.date(2026, 11, 21)).make()


def denied(operation: str) -> CallError:
    return CallError(operation, "us-east-1", "AccessDeniedException", "not authorized")


def test_a_whole_plan_of_eks():
    found = planned()
    assert found["problems"] == []
    assert found["warnings"] == ["node group general has an AMI of its own: EKS does not move it, its launch template needs an image of the new minor"]
    assert [(row["name"], row["installed"], row["wanted"]) for row in found["addons"]] == [("vpc-cni", "v1.20.0", "v1.20.0"), ("coredns", "v1.12.0", "v1.13.0")]
    assert [(one["kind"], one["name"], one["to"]) for one in found["steps"][0]["order"]] == [
        ("control_plane", "", "1.37"),
        ("addon", "coredns", "v1.13.0"),
        ("node_pool", "general", "1.37"),
    ]
    assert found["support"]["1.37"] == {"end_of_life": "2027-08-02", "extended": "2028-08-02", "source": "eks"}


@pytest.mark.parametrize("status", ["missing", "UNSUPPORTED"])
def test_a_version_that_eks_does_not_offer(status):
    versions = [version("1.36")] + ([version("1.37", status)] if status != "missing" else [])
    assert "EKS does not offer Kubernetes 1.37, only 1.36; correct to" in planned({"DescribeClusterVersions": {"clusterVersions": versions}})["problems"]


def test_what_an_account_does_not_give_is_a_problem_or_a_warning():
    found = planned({"ListInsights": denied("ListInsights"), "DescribeClusterVersions": denied("DescribeClusterVersions"), "ListAddons": denied("ListAddons")})
    assert found["problems"][-1] == "the add-ons cannot be read (AccessDeniedException: not authorized); allow it to the role that plans"
    assert any(warning.startswith("EKS' upgrade insights cannot be read") and warning.endswith("not looked at") for warning in found["warnings"])
    assert any(warning.startswith("nothing says until when Kubernetes 1.37 is supported") for warning in found["warnings"])


def test_another_failure_of_eks_is_one():
    with pytest.raises(CallError, match="ServerException"):
        planned({"ListAddons": CallError("ListAddons", "us-east-1", "ServerException", "out of order")})


def test_nodes_that_may_not_be_read_are_a_problem():
    refused = ApiError(403, "Forbidden", "nodes is forbidden")
    assert planned(api={"/api/v1/nodes": refused})["problems"] == ["nodes cannot be read (nodes is forbidden); allow get and list"]
    with pytest.raises(ApiError):
        planned(api={"/api/v1/nodes": ApiError(500, "InternalError", "out of order")})


def test_insights_that_fail_are_told_and_apis_of_them_stand_with_the_apis():
    detail = {
        "usage": "/apis/networking.k8s.io/v1beta1/ServiceCIDR",
        "stopServingVersion": "1.37",
        "clientStats": [{"userAgent": "old", "numberOfRequestsLast30Days": 2}],
    }
    base = {"kubernetesVersion": "1.37", "insightStatus": {"status": "ERROR", "reason": "bad"}}
    found = planned(
        {
            "ListInsights": {"insights": [{"id": "1", **base}, {"id": "2", **base}, {"id": "3", "insightStatus": {"status": "PASSING"}}]},
            "DescribeInsight 1": {"insight": {"name": "Add-ons", "recommendation": "update them", **base}},
            "DescribeInsight 2": {"insight": {"name": "APIs", "categorySpecificSummary": {"deprecationDetails": [detail]}, **base}},
        }
    )
    assert found["problems"] == ["EKS insight 'Add-ons' for 1.37 is ERROR: bad; update them"]
    assert [(row["kind"], row["seen_by"], row["by"]) for row in found["removed_apis"]] == [("ServiceCIDR", ["insight"], ["old"])]


def test_nothing_is_left_to_do():
    done = {"cluster": {"name": "one", "version": "1.37", "status": "ACTIVE"}}
    nodegroup = {"nodegroup": {"version": "1.37", "status": "ACTIVE"}}
    ready = NODE | {"status": {"nodeInfo": {"kubeletVersion": "v1.37.1"}, "conditions": [{"type": "Ready", "status": "True"}]}}
    answers = {"DescribeCluster": done, "DescribeNodegroup general": nodegroup, "DescribeAddon coredns": {"addon": {"addonVersion": "v1.13.0"}}}
    found = planned(answers, {"/version": {"gitVersion": "v1.37.1"}, "/api/v1/nodes": [ready]}, to="1.37")
    assert (found["from"], found["to"], found["steps"], found["problems"]) == ("1.37", "1.37", [], [])


@pytest.mark.parametrize("data", [None, "", "bm90IGEgY2VydGlmaWNhdGU=", "%%%"])
def test_an_authority_that_is_none_has_no_fingerprint(data):
    assert fingerprint(data) == ""

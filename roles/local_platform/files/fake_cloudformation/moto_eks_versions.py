# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What EKS says of versions: Kubernetes' own, those of add-ons, its upgrade insights. Shapes are AWS', the numbers of add-ons are made up by a rule."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

from moto.core.responses import ActionResult
from moto.eks import urls
from moto.eks.exceptions import InvalidParameterException
from moto.eks.exceptions import ResourceNotFoundException
from moto.eks.models import Cluster
from moto.eks.responses import EKSResponse

from fake_cloudformation import moto_eks

# Minor: (end of standard, end of extended support), as https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html had them in August 2026.
# 1.37 was not there yet: its days are made up, so that a control plane of the newest minor has a way up.
MINORS = {
    31: ("2025-11-26", "2026-11-26"),
    32: ("2026-03-23", "2027-03-23"),
    33: ("2026-07-29", "2027-07-29"),
    34: ("2026-12-02", "2027-12-02"),
    35: ("2027-03-27", "2028-03-27"),
    36: ("2027-08-02", "2028-08-02"),
    37: ("2027-12-02", "2028-12-02"),
}
# Add-on: (major, what is taken from the minor for its own, how many later minors its versions fit).
ADDONS = {
    "aws-ebs-csi-driver": (1, -10, 3),
    "aws-efs-csi-driver": (2, 29, 3),
    "coredns": (1, 23, 1),
    "eks-pod-identity-agent": (1, 27, 3),
    "kube-proxy": (1, 0, 0),
    "metrics-server": (0, 28, 2),
    "vpc-cni": (1, 16, 1),
}
# A tag of the cluster that says which deprecated API a client asks for, as AWS counts it from the audit log: `/apis/<group>/<version>/<Kind>`.
USED = "fake/deprecated-usage"
PAGE = 100


def paged(response: EKSResponse, items: list[Any], key: str) -> ActionResult:
    """A page of `maxResults` items; a token is the number of the next one."""
    given = moto_eks.body(response)
    begin = int(given.get("nextToken") or response._get_param("nextToken") or 0)
    size = int(given.get("maxResults") or response._get_param("maxResults") or PAGE)
    more = {"nextToken": str(begin + size)} if begin + size < len(items) else {}
    return ActionResult({key: items[begin : begin + size], **more})


def addon_versions(name: str) -> list[dict[str, Any]]:
    """Two builds for each minor, newest first; the older one is the default of its own minor."""
    major, less, later = ADDONS[name]
    found = []
    for minor in sorted(MINORS, reverse=True):
        for build in (2, 1):
            fits = [fit for fit in range(minor, minor + later + 1) if fit in MINORS]
            compatible = [
                {"clusterVersion": f"1.{fit}", "platformVersions": ["*"], "defaultVersion": fit == minor and build == 1} for fit in sorted(fits, reverse=True)
            ]
            version = f"v{major}.{minor - less}.0-eksbuild.{build}"
            found.append({"addonVersion": version, "architecture": ["amd64", "arm64"], "compatibilities": compatible, "requiresConfiguration": False})
    return found


def describe_addon_versions(response: EKSResponse) -> ActionResult:
    wanted, minor = response._get_param("addonName"), response._get_param("kubernetesVersion")
    if wanted and wanted not in ADDONS:
        raise InvalidParameterException(message=f"Addon {wanted} specified is not supported")
    found = []
    for name in [wanted] if wanted else sorted(ADDONS):
        versions = [one for one in addon_versions(name) if not minor or minor in fitting(one)]
        if versions:
            found.append({"addonName": name, "type": "networking", "owner": "aws", "publisher": "eks", "addonVersions": versions})
    return paged(response, found, "addons")


def fitting(version: dict[str, Any]) -> list[str]:
    return [one["clusterVersion"] for one in version["compatibilities"]]


def describe_cluster_versions(response: EKSResponse) -> ActionResult:
    today, found = datetime.datetime.now(datetime.UTC).date().isoformat(), []
    wanted = response.querystring.get("clusterVersions") or []
    newest = max(MINORS)
    for minor, (standard, extended) in sorted(MINORS.items(), reverse=True):
        status = "STANDARD_SUPPORT" if today <= standard else "EXTENDED_SUPPORT" if today <= extended else "UNSUPPORTED"
        days = {"endOfStandardSupportDate": day(standard), "endOfExtendedSupportDate": day(extended)}
        version = {"clusterVersion": f"1.{minor}", "clusterType": "eks", "defaultVersion": minor == newest - 1, "versionStatus": status, **days}
        if not wanted or version["clusterVersion"] in wanted:
            found.append(version)
    return paged(response, found, "clusterVersions")


def day(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


def insights(cluster: Cluster) -> list[dict[str, Any]]:
    """Three of AWS' own, judged by what the fake has: kubelets, add-ons, deprecated APIs; all about the next minor."""
    now = int(cluster.version.split(".")[1])
    upcoming = f"1.{now + 1}"
    old = [group for group in cluster.nodegroups.values() if int(group.version.split(".")[1]) < now - 1]
    unfit = {}
    for name, addon in moto_eks.kept(cluster, "addon").items():
        good = [one["addonVersion"] for one in addon_versions(name) if upcoming in fitting(one)] if name in ADDONS else []
        if name in ADDONS and addon["addonVersion"] not in good:
            unfit[name] = good
    used = (cluster.tags or {}).get(USED, "")
    detail = {"usage": used or f"/apis/none/{upcoming}", "replacedWith": "", "stopServingVersion": upcoming, "startServingReplacementVersion": ""}
    detail["clientStats"] = [{"userAgent": "old-client", "numberOfRequestsLast30Days": 7, "lastRequestTime": day("2026-11-01")}] if used else []
    addon_details = [{"name": name, "compatibleVersions": versions} for name, versions in unfit.items()]
    return [
        insight("Kubelet version skew", upcoming, "WARNING" if old else "PASSING", "Update the node groups first.", {}),
        insight(
            "Amazon EKS add-on version compatibility", upcoming, "ERROR" if unfit else "PASSING", "Update them.", {"addonCompatibilityDetails": addon_details}
        ),
        insight(f"Deprecated APIs removed in Kubernetes v{upcoming}", upcoming, "ERROR" if used else "PASSING", "", {"deprecationDetails": [detail]}),
    ]


def insight(name: str, version: str, status: str, recommendation: str, summary: dict[str, Any]) -> dict[str, Any]:
    moment = datetime.datetime.now(datetime.UTC)
    told = {"id": hashlib.sha256(name.encode()).hexdigest()[:36], "name": name, "category": "UPGRADE_READINESS", "kubernetesVersion": version}
    told |= {"lastRefreshTime": moment, "lastTransitionTime": moment, "description": f"Checks: {name}", "recommendation": recommendation}
    return told | {"insightStatus": {"status": status, "reason": f"{name}: {status.lower()}"}, "categorySpecificSummary": summary}


def list_insights(response: EKSResponse) -> ActionResult:
    found = insights(moto_eks.cluster_of(response))
    less = ("recommendation", "categorySpecificSummary")
    return paged(response, [{key: value for key, value in one.items() if key not in less} for one in found], "insights")


def describe_insight(response: EKSResponse) -> ActionResult:
    wanted = response._get_param("id")
    for one in insights(moto_eks.cluster_of(response)):
        if one["id"] == wanted:
            return ActionResult({"insight": one})
    raise ResourceNotFoundException(message=f"No insight found for id: {wanted}.")


def defaulted(old: Any, response: EKSResponse) -> ActionResult:
    """AWS takes the default for the cluster's version where nobody names one."""
    answered, given = old(response), moto_eks.body(response)
    if given.get("addonVersion") or given["addonName"] not in ADDONS:
        return answered
    cluster = moto_eks.cluster_of(response)
    addon = moto_eks.kept(cluster, "addon")[given["addonName"]]
    for version in addon_versions(given["addonName"]):
        if any(one["defaultVersion"] and one["clusterVersion"] == cluster.version for one in version["compatibilities"]):
            addon["addonVersion"] = version["addonVersion"]
    return moto_eks.answer("addon", addon)


def apply() -> None:
    """Adds the operations and their paths."""
    EKSResponse.describe_addon_versions = describe_addon_versions
    EKSResponse.describe_cluster_versions = describe_cluster_versions
    EKSResponse.list_insights = list_insights
    EKSResponse.describe_insight = describe_insight
    moto_eks.put(EKSResponse, "create_addon", defaulted)
    paths = ("{0}/addons/supported-versions$", "{0}/cluster-versions$", f"{moto_eks.CLUSTER}/insights$", moto_eks.CLUSTER + "/insights/(?P<id>[^/]+)$")
    urls.url_paths.update(dict.fromkeys(paths, EKSResponse.dispatch))

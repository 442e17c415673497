# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::EKS."""

from __future__ import annotations

from typing import Any

from fake_cloudformation.contract import Context
from fake_cloudformation.resources.iam import difference
from fake_cloudformation.resources.shapes import Whole
from fake_cloudformation.resources.table import Call
from fake_cloudformation.resources.table import Name
from fake_cloudformation.resources.table import Part
from fake_cloudformation.resources.table import Row
from fake_cloudformation.resources.table import Scope
from fake_cloudformation.resources.tagging import Tagging

CLUSTER = {"name": "{id}"}
TAGS = Tagging("TagResource", "UntagResource", "ListTagsForResource", {"resourceArn": "{Arn}"}, "tags")
ENTRY_TAGS = Tagging("TagResource", "UntagResource", "ListTagsForResource", {"resourceArn": "{AccessEntryArn}"}, "tags")
IDENTITY_TAGS = Tagging("TagResource", "UntagResource", "ListTagsForResource", {"resourceArn": "{AssociationArn}"}, "tags")
GROUP = {"clusterName": "{ClusterName}", "nodegroupName": "{NodegroupName}"}
ADDON = {"clusterName": "{ClusterName}", "addonName": "{AddonName}"}
ENTRY = {"clusterName": "{ClusterName}", "principalArn": "{PrincipalArn}"}
IDENTITY = {"clusterName": "{ClusterName}", "associationId": "{AssociationId}"}
LOGS = ("api", "audit", "authenticator", "controllerManager", "scheduler")


def logging(properties: dict[str, Any]) -> dict[str, Any]:
    """CloudFormation lists the log types that are on; the API wants them on and off."""
    enabled = ((properties.get("Logging") or {}).get("ClusterLogging") or {}).get("EnabledTypes") or []
    on = [item["Type"] for item in enabled]
    sides = ((on, True), ([name for name in LOGS if name not in on], False))
    return {"clusterLogging": [{"types": types, "enabled": side} for types, side in sides if types]}


def logged(context: Context, scope: Scope) -> dict[str, Any] | None:
    entries = scope["thing"].get("logging", {}).get("clusterLogging", [])
    on = [name for entry in entries if entry.get("enabled") for name in entry["types"]]
    return {"ClusterLogging": {"EnabledTypes": [{"Type": name} for name in on]}} if on else None


def create_cluster(context: Context, scope: Scope, properties: dict[str, Any]) -> dict[str, Any]:
    given = {"logging": logging(properties)} if properties.get("Logging") else {}
    plain = {key: item for key, item in properties.items() if key != "Logging"}
    return Call("CreateCluster", given, None)(context, "eks", scope, plain)


def update_access(context: Context, scope: Scope, before: dict[str, Any], after: dict[str, Any]) -> None:
    """One kind of change at a time, as the API wants it."""
    client = context.client("eks")
    if before.get("ResourcesVpcConfig") != after.get("ResourcesVpcConfig"):
        Call("UpdateClusterConfig", CLUSTER, ("ResourcesVpcConfig",))(context, "eks", scope, after)
    if before.get("Logging") != after.get("Logging"):
        client.update_cluster_config(name=scope["id"], logging=logging(after))
    for key in ("AccessConfig", "UpgradePolicy", "DeletionProtection"):
        if before.get(key) != after.get(key) and after.get(key) is not None:
            value = {"AuthenticationMode": after[key]["AuthenticationMode"]} if key == "AccessConfig" else after[key]
            Call("UpdateClusterConfig", CLUSTER, (key,))(context, "eks", scope, {key: value})


def update_group(context: Context, scope: Scope, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Labels and taints change by what is set and what is removed."""
    change: dict[str, Any] = {
        key: after[key] for key in ("ScalingConfig", "UpdateConfig", "NodeRepairConfig") if after.get(key) and after[key] != before.get(key)
    }
    old, new = before.get("Labels") or {}, after.get("Labels") or {}
    if old != new:
        change["Labels"] = {"addOrUpdateLabels": new, "removeLabels": sorted(old.keys() - new.keys())}
    more, less = difference(before, after, "Taints")
    if more or less:
        change["Taints"] = {"addOrUpdateTaints": more, "removeTaints": less}
    Call("UpdateNodegroupConfig", GROUP, None)(context, "eks", scope, change)


def update_group_version(context: Context, scope: Scope, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Kubernetes minor, release of the AMI and version of the launch template go by an operation of their own, which replaces the nodes."""
    names = ("Version", "ReleaseVersion", "LaunchTemplate")
    changed = {key: after[key] for key in names if after.get(key) and after[key] != before.get(key)}
    if changed:
        Call("UpdateNodegroupVersion", GROUP, names)(context, "eks", scope, changed)


def set_policies(context: Context, scope: Scope, before: dict[str, Any], after: dict[str, Any]) -> None:
    more, less = difference(before, after, "AccessPolicies")
    for policy in less:
        Call("DisassociateAccessPolicy", ENTRY, ("PolicyArn",))(context, "eks", scope, policy)
    for policy in more:
        Call("AssociateAccessPolicy", ENTRY, ("PolicyArn", "AccessScope"))(context, "eks", scope, policy)


def delete_identity(context: Context, scope: Scope, properties: dict[str, Any]) -> None:
    context.client("eks").delete_pod_identity_association(clusterName=scope["ClusterName"], associationId=scope["id"].rsplit("/", 1)[-1])


def find_identity(context: Context, service: str, scope: Scope) -> Any:
    scope["AssociationId"] = str(scope["id"]).rsplit("/", 1)[-1]
    return Call("DescribePodIdentityAssociation", IDENTITY, answer="association")(context, service, scope)


VPC = "resourcesVpcConfig"
ROWS = (
    Row(
        "AWS::EKS::Cluster",
        "eks",
        create_cluster,
        "cluster.name",
        Call("DescribeCluster", CLUSTER, answer="cluster"),
        Call("DeleteCluster", CLUSTER),
        {
            "Id": "name",
            "Arn": "arn",
            "Endpoint": "endpoint",
            "CertificateAuthorityData": "certificateAuthority.data",
            "ClusterSecurityGroupId": f"{VPC}.clusterSecurityGroupId",
            "EncryptionConfigKeyArn": "encryptionConfig[0].provider.keyArn",
            "OpenIdConnectIssuerUrl": "identity.oidc.issuer",
        },
        {"Logging": logged},
        (
            Part(("Version",), Call("UpdateClusterVersion", CLUSTER, ("Version",)), made=True),
            Part(("ResourcesVpcConfig", "Logging", "AccessConfig", "UpgradePolicy", "DeletionProtection"), update_access, made=True),
        ),
        tagging=TAGS,
        name=Name("Name", 100),
    ),
    Row(
        "AWS::EKS::Nodegroup",
        "eks",
        Call("CreateNodegroup", takes=None),
        "join('/', [nodegroup.clusterName, nodegroup.nodegroupName])",
        Call("DescribeNodegroup", GROUP, answer="nodegroup"),
        Call("DeleteNodegroup", GROUP),
        {"Id": "join('/', [clusterName, nodegroupName])", "Arn": "nodegroupArn", "ClusterName": "clusterName", "NodegroupName": "nodegroupName"},
        {"Labels": lambda context, scope: Whole(scope["thing"].get("labels") or {})},
        (
            Part(("ScalingConfig", "UpdateConfig", "Labels", "Taints", "NodeRepairConfig"), update_group, made=True),
            Part(("Version", "ReleaseVersion", "LaunchTemplate"), update_group_version, made=True),
        ),
        tagging=TAGS,
        name=Name("NodegroupName", 63),
    ),
    Row(
        "AWS::EKS::Addon",
        "eks",
        Call("CreateAddon", takes=None),
        "={ClusterName}|{AddonName}",
        Call("DescribeAddon", ADDON, answer="addon"),
        Call("DeleteAddon", ADDON),
        {"Arn": "addonArn"},
        parts=(
            Part(
                ("AddonVersion", "ConfigurationValues", "ServiceAccountRoleArn", "ResolveConflicts"),
                Call("UpdateAddon", ADDON, ("AddonVersion", "ConfigurationValues", "ServiceAccountRoleArn", "ResolveConflicts")),
                made=True,
            ),
        ),
        tagging=TAGS,
    ),
    Row(
        "AWS::EKS::AccessEntry",
        "eks",
        Call("CreateAccessEntry", takes=None),
        "={PrincipalArn}|{ClusterName}",
        Call("DescribeAccessEntry", ENTRY, answer="accessEntry"),
        Call("DeleteAccessEntry", ENTRY),
        {"AccessEntryArn": "accessEntryArn"},
        {"AccessPolicies": Call("ListAssociatedAccessPolicies", ENTRY, answer="associatedAccessPolicies")},
        (
            Part(("AccessPolicies",), set_policies),
            Part(("KubernetesGroups", "Username"), Call("UpdateAccessEntry", ENTRY, ("KubernetesGroups", "Username")), made=True),
        ),
        tagging=ENTRY_TAGS,
    ),
    Row(
        "AWS::EKS::PodIdentityAssociation",
        "eks",
        Call("CreatePodIdentityAssociation", takes=None),
        "association.associationArn",
        find_identity,
        delete_identity,
        {"AssociationArn": "associationArn", "AssociationId": "associationId"},
        parts=(Part(("RoleArn",), Call("UpdatePodIdentityAssociation", IDENTITY, ("RoleArn",)), made=True),),
        tagging=IDENTITY_TAGS,
    ),
)

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::IAM."""

from __future__ import annotations

from typing import Any

from fake_cloudformation.contract import Context
from fake_cloudformation.resources import shapes
from fake_cloudformation.resources.table import Call
from fake_cloudformation.resources.table import Name
from fake_cloudformation.resources.table import Part
from fake_cloudformation.resources.table import Row
from fake_cloudformation.resources.table import Scope
from fake_cloudformation.resources.tagging import Tagging

ROLE = {"RoleName": "{id}"}
ENTITIES = {"Roles": ("role", "RoleName"), "Users": ("user", "UserName"), "Groups": ("group", "GroupName")}
# Policies attached by resources of their own: drift counts them with these, not as unexpected ones of their role.
_attached: set[tuple[str, str, str]] = set()


def difference(before: dict[str, Any], after: dict[str, Any], key: str) -> tuple[list[Any], list[Any]]:
    """What a list property gains and loses."""
    old, new = before.get(key) or [], after.get(key) or []
    return [item for item in new if item not in old], [item for item in old if item not in new]


def attach(context: Context, scope: Scope, before: dict[str, Any], after: dict[str, Any]) -> None:
    more, less = difference(before, after, "ManagedPolicyArns")
    for arn in more:
        context.client("iam").attach_role_policy(RoleName=scope["id"], PolicyArn=arn)
    for arn in less:
        context.client("iam").detach_role_policy(RoleName=scope["id"], PolicyArn=arn)


def attached(context: Context, scope: Scope) -> list[str]:
    policies = context.client("iam").list_attached_role_policies(RoleName=scope["id"])["AttachedPolicies"]
    return [policy["PolicyArn"] for policy in policies if (context.account, scope["id"], policy["PolicyArn"]) not in _attached]


def put_inline(context: Context, scope: Scope, before: dict[str, Any], after: dict[str, Any]) -> None:
    more, less = difference(before, after, "Policies")
    for policy in more:
        document = shapes.text(policy["PolicyDocument"])
        context.client("iam").put_role_policy(RoleName=scope["id"], PolicyName=policy["PolicyName"], PolicyDocument=document)
    for name in {policy["PolicyName"] for policy in less} - {policy["PolicyName"] for policy in after.get("Policies") or []}:
        context.client("iam").delete_role_policy(RoleName=scope["id"], PolicyName=name)


def inline(context: Context, scope: Scope) -> list[dict[str, Any]]:
    client = context.client("iam")
    names = [name for name in client.list_role_policies(RoleName=scope["id"])["PolicyNames"] if (context.account, scope["id"], name) not in _attached]
    return [{"PolicyName": name, "PolicyDocument": client.get_role_policy(RoleName=scope["id"], PolicyName=name)["PolicyDocument"]} for name in names]


def delete_role(context: Context, scope: Scope, properties: dict[str, Any]) -> None:
    """A role goes with all that its own template gave it; what others attached keeps it."""
    attach(context, scope, {"ManagedPolicyArns": [arn for arn in properties.get("ManagedPolicyArns") or [] if arn in attached(context, scope)]}, {})
    present = [policy["PolicyName"] for policy in inline(context, scope)]
    put_inline(context, scope, {"Policies": [policy for policy in properties.get("Policies") or [] if policy["PolicyName"] in present]}, {})
    context.client("iam").delete_role(RoleName=scope["id"])


def give_policy(context: Context, scope: Scope, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Attaches a managed policy to what it names."""
    for key, (kind, argument) in ENTITIES.items():
        more, less = difference(before, after, key)
        for verb, names in (("attach", more), ("detach", less)):
            for name in names:
                getattr(context.client("iam"), f"{verb}_{kind}_policy")(**{argument: name, "PolicyArn": scope["id"]})
                (_attached.add if verb == "attach" else _attached.discard)((context.account, name, scope["id"]))


def new_version(context: Context, scope: Scope, before: dict[str, Any], after: dict[str, Any]) -> None:
    """AWS keeps five versions; the oldest makes room."""
    client = context.client("iam")
    versions = [version for version in client.list_policy_versions(PolicyArn=scope["id"])["Versions"] if not version["IsDefaultVersion"]]
    if len(versions) >= 4:
        oldest = min(versions, key=lambda version: int(version["VersionId"][1:]))
        client.delete_policy_version(PolicyArn=scope["id"], VersionId=oldest["VersionId"])
    client.create_policy_version(PolicyArn=scope["id"], PolicyDocument=shapes.text(after["PolicyDocument"]), SetAsDefault=True)


def delete_policy(context: Context, scope: Scope, properties: dict[str, Any]) -> None:
    client = context.client("iam")
    give_policy(context, scope, properties, {})
    for version in client.list_policy_versions(PolicyArn=scope["id"])["Versions"]:
        if not version["IsDefaultVersion"]:
            client.delete_policy_version(PolicyArn=scope["id"], VersionId=version["VersionId"])
    client.delete_policy(PolicyArn=scope["id"])


def spread(context: Context, scope: Scope, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Writes an inline policy to all that it names."""
    client, name = context.client("iam"), after.get("PolicyName") or before["PolicyName"]
    for key, (kind, argument) in ENTITIES.items():
        _unused, less = difference(before, after, key)
        for owner in after.get(key) or []:
            getattr(client, f"put_{kind}_policy")(**{argument: owner, "PolicyName": name, "PolicyDocument": shapes.text(after["PolicyDocument"])})
            _attached.add((context.account, owner, name))
        for owner in less:
            try:
                getattr(client, f"delete_{kind}_policy")(**{argument: owner, "PolicyName": before["PolicyName"]})
            except client.exceptions.NoSuchEntityException:
                continue
            finally:
                _attached.discard((context.account, owner, before["PolicyName"]))
    return {"id": f"{context.stack_name[:4]}-{scope.get('logical_id', '')[:4]}-{name}"[:64]}


def spread_found(context: Context, service: str, scope: Scope) -> dict[str, Any] | None:
    """The policy at the first of its owners that still has it."""
    for key, (kind, argument) in ENTITIES.items():
        owners = []
        for owner in scope.get(key) or []:
            try:
                found = getattr(context.client("iam"), f"get_{kind}_policy")(**{argument: owner, "PolicyName": scope["PolicyName"]})
                owners.append(owner)
            except context.client("iam").exceptions.NoSuchEntityException:
                continue
        if owners:
            return {"PolicyName": found["PolicyName"], "PolicyDocument": found["PolicyDocument"], key: owners}
    return None


def make_profile(context: Context, scope: Scope, before: dict[str, Any], after: dict[str, Any]) -> None:
    more, less = difference(before, after, "Roles")
    for role in less:
        context.client("iam").remove_role_from_instance_profile(InstanceProfileName=scope["id"], RoleName=role)
    for role in more:
        context.client("iam").add_role_to_instance_profile(InstanceProfileName=scope["id"], RoleName=role)


def delete_profile(context: Context, scope: Scope, properties: dict[str, Any]) -> None:
    make_profile(context, scope, {"Roles": [role["RoleName"] for role in scope["thing"].get("Roles", [])]}, {})
    context.client("iam").delete_instance_profile(InstanceProfileName=scope["id"])


def set_clients(context: Context, scope: Scope, before: dict[str, Any], after: dict[str, Any]) -> None:
    more, less = difference(before, after, "ClientIdList")
    for name in more:
        context.client("iam").add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=scope["id"], ClientID=name)
    for name in less:
        context.client("iam").remove_client_id_from_open_id_connect_provider(OpenIDConnectProviderArn=scope["id"], ClientID=name)


PROVIDER = {"OpenIDConnectProviderArn": "{id}"}
ROWS = (
    Row(
        "AWS::IAM::Role",
        "iam",
        Call("CreateRole", takes=("RoleName", "AssumeRolePolicyDocument", "Path", "Description", "MaxSessionDuration", "PermissionsBoundary")),
        "Role.RoleName",
        Call("GetRole", ROLE, answer="Role"),
        delete_role,
        {"Arn": "Arn", "RoleId": "RoleId"},
        {
            "ManagedPolicyArns": attached,
            "Policies": inline,
            "PermissionsBoundary": "PermissionsBoundary.PermissionsBoundaryArn",
            "Description": "Description",
        },
        (
            Part(("ManagedPolicyArns",), attach),
            Part(("Policies",), put_inline),
            Part(("AssumeRolePolicyDocument",), Call("UpdateAssumeRolePolicy", ROLE | {"PolicyDocument": "{AssumeRolePolicyDocument}"}), made=True),
            Part(("Description", "MaxSessionDuration"), Call("UpdateRole", ROLE, ("Description", "MaxSessionDuration")), made=True, default=""),
            Part(
                ("PermissionsBoundary",),
                Call("PutRolePermissionsBoundary", ROLE, ("PermissionsBoundary",)),
                Call("DeleteRolePermissionsBoundary", ROLE),
                made=True,
            ),
        ),
        tagging=Tagging("TagRole", "UntagRole", "ListRoleTags", ROLE, "Tags"),
        name=Name("RoleName", 64),
    ),
    Row(
        "AWS::IAM::ManagedPolicy",
        "iam",
        Call("CreatePolicy", takes=("ManagedPolicyName", "PolicyDocument", "Path", "Description"), renames={"ManagedPolicyName": "PolicyName"}),
        "Policy.Arn",
        Call("GetPolicy", {"PolicyArn": "{id}"}, answer="Policy"),
        delete_policy,
        {
            "PolicyArn": "Arn",
            "PolicyId": "PolicyId",
            "DefaultVersionId": "DefaultVersionId",
            "AttachmentCount": "AttachmentCount",
            "IsAttachable": "IsAttachable",
            "PermissionsBoundaryUsageCount": "PermissionsBoundaryUsageCount",
            "CreateDate": "to_string(CreateDate)",
            "UpdateDate": "to_string(UpdateDate)",
        },
        {
            "PolicyDocument": Call(
                "GetPolicyVersion", {"PolicyArn": "{id}", "VersionId": "{DefaultVersionId}"}, answer="PolicyVersion.Document", service="iam"
            ),
            "Roles": Call("ListEntitiesForPolicy", {"PolicyArn": "{id}"}, answer="PolicyRoles[].RoleName"),
        },
        (Part(("PolicyDocument",), new_version, made=True), Part(tuple(ENTITIES), give_policy)),
        name=Name("ManagedPolicyName", 128),
    ),
    Row(
        "AWS::IAM::Policy",
        "iam",
        lambda context, scope, properties: spread(context, scope, {}, properties),
        "id",
        spread_found,
        lambda context, scope, properties: spread(context, scope, properties, {}) and None,
        {"Id": "={id}"},
        update_by=spread,
    ),
    Row(
        "AWS::IAM::RolePolicy",
        "iam",
        Call("PutRolePolicy", takes=None),
        "={PolicyName}|{RoleName}",
        Call("GetRolePolicy", {"RoleName": "{RoleName}", "PolicyName": "{PolicyName}"}),
        Call("DeleteRolePolicy", takes=("RoleName", "PolicyName")),
        update_by=Call("PutRolePolicy", takes=None),
    ),
    Row(
        "AWS::IAM::OIDCProvider",
        "iam",
        Call("CreateOpenIDConnectProvider", {"ThumbprintList": "{ThumbprintList}"}, ("Url", "ClientIdList")),
        "OpenIDConnectProviderArn",
        Call("GetOpenIDConnectProvider", PROVIDER),
        Call("DeleteOpenIDConnectProvider", PROVIDER),
        {"Arn": "={id}"},
        {"Url": "join('', ['https://', Url])", "ClientIdList": "ClientIDList"},
        (
            Part(("ClientIdList",), set_clients, made=True),
            Part(("ThumbprintList",), Call("UpdateOpenIDConnectProviderThumbprint", PROVIDER, ("ThumbprintList",)), made=True),
        ),
        tagging=Tagging("TagOpenIDConnectProvider", "UntagOpenIDConnectProvider", "ListOpenIDConnectProviderTags", PROVIDER, "Tags"),
    ),
    Row(
        "AWS::IAM::InstanceProfile",
        "iam",
        Call("CreateInstanceProfile", takes=("InstanceProfileName", "Path")),
        "InstanceProfile.InstanceProfileName",
        Call("GetInstanceProfile", {"InstanceProfileName": "{id}"}, answer="InstanceProfile"),
        delete_profile,
        {"Arn": "Arn"},
        {"Roles": "Roles[].RoleName"},
        (Part(("Roles",), make_profile),),
        name=Name("InstanceProfileName", 128),
    ),
    Row(
        "AWS::IAM::ServiceLinkedRole",
        "iam",
        Call("CreateServiceLinkedRole", takes=None),
        "Role.RoleName",
        Call("GetRole", ROLE, answer="Role"),
        Call("DeleteServiceLinkedRole", ROLE),
        {"RoleName": "RoleName"},
        {"Description": "Description"},
        (Part(("Description",), Call("UpdateRole", ROLE, ("Description",)), made=True, default=""),),
    ),
)

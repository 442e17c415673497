# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::SecretsManager."""

from __future__ import annotations

import json
from typing import Any

from fake_cloudformation.contract import Context
from fake_cloudformation.contract import ResourceFailed
from fake_cloudformation.resources.table import Call
from fake_cloudformation.resources.table import Name
from fake_cloudformation.resources.table import Part
from fake_cloudformation.resources.table import Row
from fake_cloudformation.resources.table import Scope
from fake_cloudformation.resources.tagging import Tagging

SECRET = {"SecretId": "{id}"}
LENGTH = 32


def generated(context: Context, wanted: dict[str, Any]) -> str:
    """A value as GenerateSecretString asks for it: bare, or as one key of a JSON template."""
    taken = {key: item for key, item in wanted.items() if key not in ("SecretStringTemplate", "GenerateStringKey")}
    word = Call("GetRandomPassword", takes=None, answer="RandomPassword")(context, "secretsmanager", {}, {"PasswordLength": LENGTH} | taken)
    if bool(wanted.get("SecretStringTemplate")) != bool(wanted.get("GenerateStringKey")):
        raise ResourceFailed("InvalidRequest", "SecretStringTemplate and GenerateStringKey are given together or not at all.")
    return json.dumps(json.loads(wanted["SecretStringTemplate"]) | {wanted["GenerateStringKey"]: word}) if wanted.get("GenerateStringKey") else word


def value(context: Context, properties: dict[str, Any]) -> dict[str, str]:
    if properties.get("SecretString") is not None and properties.get("GenerateSecretString") is not None:
        raise ResourceFailed("InvalidRequest", "You can't specify both SecretString and GenerateSecretString.")
    if properties.get("GenerateSecretString") is not None:
        return {"SecretString": generated(context, properties["GenerateSecretString"])}
    return {"SecretString": properties["SecretString"]} if properties.get("SecretString") is not None else {}


def create(context: Context, scope: Scope, properties: dict[str, Any]) -> dict[str, Any]:
    call = Call("CreateSecret", {"AddReplicaRegions": "{ReplicaRegions}"}, ("Name", "Description", "KmsKeyId", "SecretString"))
    return call(context, "secretsmanager", scope, properties | value(context, properties))


def update(context: Context, scope: Scope, before: dict[str, Any], after: dict[str, Any]) -> None:
    """The value changes only where what it is made from changes."""
    source = ("SecretString", "GenerateSecretString")
    changed = value(context, after) if any(before.get(key) != after.get(key) for key in source) else {}
    call = Call("UpdateSecret", SECRET, ("Description", "KmsKeyId", "SecretString"))
    call(context, "secretsmanager", scope, {key: item for key, item in after.items() if key not in source} | changed)


def replicate(context: Context, scope: Scope, before: dict[str, Any], after: dict[str, Any]) -> None:
    client = context.client("secretsmanager")
    old, new = ({item["Region"]: item for item in side.get("ReplicaRegions") or []} for side in (before, after))
    if more := [new[region] for region in sorted(new.keys() - old.keys())]:
        client.replicate_secret_to_regions(SecretId=scope["id"], AddReplicaRegions=more)
    if less := sorted(old.keys() - new.keys()):
        client.remove_regions_from_replication(SecretId=scope["id"], RemoveReplicaRegions=less)


def delete(context: Context, scope: Scope, properties: dict[str, Any]) -> None:
    """A secret's replicas go first."""
    replicate(context, scope, {"ReplicaRegions": [{"Region": item["Region"]} for item in scope["thing"].get("ReplicationStatus") or []]}, {})
    context.client("secretsmanager").delete_secret(SecretId=scope["id"], ForceDeleteWithoutRecovery=True)


def rotate(context: Context, scope: Scope, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    call = Call("RotateSecret", {"RotateImmediately": False}, ("SecretId", "RotationLambdaARN", "RotationRules"))
    return {"ARN": call(context, "secretsmanager", scope, after)["ARN"]}


FIND = Call("DescribeSecret", SECRET, answer="[@] | [?!DeletedDate] | [0]")
ROWS = (
    Row(
        "AWS::SecretsManager::Secret",
        "secretsmanager",
        create,
        "ARN",
        FIND,
        delete,
        {"Id": "ARN"},
        {"Description": "Description", "KmsKeyId": "KmsKeyId", "ReplicaRegions": "ReplicationStatus[].{Region: Region}"},
        (Part(("ReplicaRegions",), replicate, made=True),),
        update_by=update,
        tagging=Tagging("TagResource", "UntagResource", "DescribeSecret", SECRET, "Tags"),
        name=Name("Name", 64),
    ),
    Row(
        "AWS::SecretsManager::RotationSchedule",
        "secretsmanager",
        lambda context, scope, properties: rotate(context, scope, {}, properties),
        "ARN",
        Call("DescribeSecret", {"SecretId": "{id}"}, answer="[@] | [?RotationEnabled] | [0]"),
        Call("CancelRotateSecret", SECRET),
        {"Id": "ARN"},
        {"RotationLambdaARN": "RotationLambdaARN", "SecretId": lambda context, scope: scope["SecretId"]},
        update_by=lambda context, scope, before, after: rotate(context, scope, before, after) and None,
    ),
    Row(
        "AWS::SecretsManager::ResourcePolicy",
        "secretsmanager",
        Call("PutResourcePolicy", takes=("SecretId", "ResourcePolicy")),
        "ARN",
        Call("GetResourcePolicy", SECRET, answer="[@] | [?ResourcePolicy] | [0]"),
        Call("DeleteResourcePolicy", SECRET),
        {"Id": "ARN"},
        update_by=Call("PutResourcePolicy", takes=("SecretId", "ResourcePolicy")),
    ),
)

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::KMS."""

from __future__ import annotations

import dataclasses
from typing import Any

import boto3

from fake_cloudformation.contract import Context
from fake_cloudformation.resources.table import Call
from fake_cloudformation.resources.table import Part
from fake_cloudformation.resources.table import Row
from fake_cloudformation.resources.table import Scope
from fake_cloudformation.resources.tagging import Tagging

KEY = {"KeyId": "{id}"}
TAGS = Tagging("TagResource", "UntagResource", "ListResourceTags", KEY, "Tags")
# A key waits for its deletion, and is gone for CloudFormation.
FIND = Call("DescribeKey", KEY, answer="[KeyMetadata] | [?KeyState!='PendingDeletion'] | [0]")
DELETE = Call("ScheduleKeyDeletion", KEY, ("PendingWindowInDays",))
POLICY = Call("GetKeyPolicy", KEY | {"PolicyName": "default"}, answer="Policy")
ATTRIBUTES = {"Arn": "Arn", "KeyId": "KeyId"}


def rotate(context: Context, scope: Scope, before: dict[str, Any], after: dict[str, Any]) -> None:
    if str(after.get("EnableKeyRotation", False)).lower() != "true":
        context.client("kms").disable_key_rotation(KeyId=scope["id"])
    else:
        Call("EnableKeyRotation", KEY, ("RotationPeriodInDays",))(context, "kms", scope, after)


def enable(context: Context, scope: Scope, before: dict[str, Any], after: dict[str, Any]) -> None:
    client = context.client("kms")
    (client.disable_key if str(after.get("Enabled", True)).lower() == "false" else client.enable_key)(KeyId=scope["id"])


def replicate(context: Context, scope: Scope, properties: dict[str, Any]) -> dict[str, Any]:
    """A replica is asked for in its primary's region."""
    primary, here = properties["PrimaryKeyArn"], context.client("kms")
    login = here._request_signer._credentials.get_frozen_credentials()
    there = boto3.client(
        "kms",
        primary.split(":")[3],
        endpoint_url=here.meta.endpoint_url,
        aws_access_key_id=login.access_key,
        aws_secret_access_key=login.secret_key,
        aws_session_token=login.token,
    )
    taken = Call("ReplicateKey", {"KeyId": primary, "ReplicaRegion": context.region}, ("Description", "KeyPolicy"), {"KeyPolicy": "Policy"})
    shape = there.meta.service_model.operation_model("ReplicateKey").input_shape
    return there.replicate_key(**taken.argued(shape, scope, properties))["ReplicaKeyMetadata"]


def target_of(context: Context, scope: Scope) -> str:
    """A target declared by ARN is the same key as its id."""
    declared, live = str(scope.get("TargetKeyId", "")), scope["thing"]["TargetKeyId"]
    return declared if declared.rsplit("/", 1)[-1] == live else live


CHANGES = (
    Part(("KeyPolicy",), Call("PutKeyPolicy", KEY | {"PolicyName": "default", "Policy": "{KeyPolicy}"}), made=True),
    Part(("Description",), Call("UpdateKeyDescription", KEY, ("Description",)), made=True, default=""),
    Part(("Enabled",), enable),
)
# moto's replica begins as a copy of its primary; AWS gives it what is declared.
OWN = tuple(dataclasses.replace(part, made=False) for part in CHANGES)
ROWS = (
    Row(
        "AWS::KMS::Key",
        "kms",
        Call("CreateKey", takes=None, renames={"KeyPolicy": "Policy"}),
        "KeyMetadata.KeyId",
        FIND,
        DELETE,
        ATTRIBUTES,
        {
            "KeyPolicy": POLICY,
            "EnableKeyRotation": Call("GetKeyRotationStatus", KEY, answer="KeyRotationEnabled"),
            "RotationPeriodInDays": Call("GetKeyRotationStatus", KEY, answer="RotationPeriodInDays"),
        },
        (*CHANGES, Part(("EnableKeyRotation", "RotationPeriodInDays"), rotate)),
        tagging=TAGS,
    ),
    Row("AWS::KMS::ReplicaKey", "kms", replicate, "KeyId", FIND, DELETE, ATTRIBUTES, {"KeyPolicy": POLICY}, OWN, tagging=TAGS),
    Row(
        "AWS::KMS::Alias",
        "kms",
        Call("CreateAlias", takes=None),
        "={AliasName}",
        Call("ListAliases", answer="Aliases[?AliasName=='{id}'] | [0]"),
        Call("DeleteAlias", {"AliasName": "{id}"}),
        {"AliasArn": "AliasArn"},
        {"TargetKeyId": target_of},
        update_by=Call("UpdateAlias", {"AliasName": "{id}"}, ("TargetKeyId",)),
    ),
)

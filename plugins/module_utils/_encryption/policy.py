# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Policy of a key: who administers it, and which services may use it for whom."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._encryption.usages import CRYPT
from ansible_collections.llmops.platform.plugins.module_utils._encryption.usages import GRANT
from ansible_collections.llmops.platform.plugins.module_utils._encryption.usages import USAGES

# All but using it: no Encrypt, Decrypt, GenerateDataKey, Sign or CreateGrant.
ADMINISTRATION = (
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:Describe*",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:Get*",
    "kms:List*",
    "kms:PutKeyPolicy",
    "kms:ReplicateKey",
    "kms:RevokeGrant",
    "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
    "kms:UpdatePrimaryRegion",
)
ACCOUNT = {"Ref": "AWS::AccountId"}
ROOT = {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}
AUTO_SCALING = {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"}}


def key_policy(usages: Collection[str], users: Collection[str] = (), administrators: Collection[str] = ()) -> dict[str, Any]:
    """The policy as CloudFormation takes it, with intrinsics for account, region and partition.

    `usages`: keys of USAGES. `users`: names of IAM roles, with `*` for any rest, for the usages that programs of the account make of the key themselves.
    `administrators`: names of IAM roles; none leaves it to IAM who administers the key.
    The account alone may do nothing but administer: what uses the key comes through a service, and needs the permission by IAM as well.
    """
    statements = [_administration(administrators)]
    through = sorted({service for usage in usages for service in USAGES[usage].via})
    granting = sorted({service for usage in usages if USAGES[usage].grants for service in USAGES[usage].via})
    if through:
        statements.append(_statement("UseThroughServices", ROOT, CRYPT, {"StringEquals": _via(through)}))
    if granting:
        statements.append(_statement("GrantToServices", ROOT, GRANT, {"Bool": {"kms:GrantIsForAWSResource": "true"}, "StringEquals": _via(granting)}))
    for usage in sorted(set(usages) & set(SPECIAL)):
        statements += SPECIAL[usage](sorted(users))
    return {"Version": "2012-10-17", "Statement": statements}


def _statement(sid: str, principal: Mapping[str, Any], actions: Collection[str], condition: Mapping[str, Any] | None = None) -> dict[str, Any]:
    found = {"Sid": sid, "Effect": "Allow", "Principal": dict(principal), "Action": sorted(actions), "Resource": "*"}
    return {**found, "Condition": dict(condition)} if condition else found


def _via(services: Collection[str]) -> dict[str, Any]:
    return {"kms:CallerAccount": ACCOUNT, "kms:ViaService": [{"Fn::Sub": f"{service}.${{AWS::Region}}.amazonaws.com"} for service in services]}


def _roles(names: Collection[str]) -> list[dict[str, str]]:
    return [{"Fn::Sub": f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/{name}"} for name in names]


def _administration(administrators: Collection[str]) -> dict[str, Any]:
    # The root user stays, so that no key is ever without anybody who can change its policy.
    only = {"ArnLike": {"aws:PrincipalArn": [ROOT["AWS"], *_roles(sorted(administrators))]}} if administrators else None
    return _statement("Administration", ROOT, ADMINISTRATION, only)


def _ebs(_users: Collection[str]) -> list[dict[str, Any]]:
    # The role that starts nodes has no policy of its own for foreign keys: only the key can allow it.
    return [
        _statement("UseByAutoScaling", AUTO_SCALING, CRYPT),
        _statement("GrantByAutoScaling", AUTO_SCALING, ("kms:CreateGrant",), {"Bool": {"kms:GrantIsForAWSResource": "true"}}),
    ]


def _ecr(_users: Collection[str]) -> list[dict[str, Any]]:
    # A repository uses the key by its grants alone.
    return [_statement("GrantToRepositories", ROOT, ("kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant"), {"StringEquals": _via(["ecr"])})]


def _kubernetes_secrets(_users: Collection[str]) -> list[dict[str, Any]]:
    # Who creates the cluster makes the grant. EKS refuses keys whose policy asks for kms:GrantIsForAWSResource here.
    actions = ("kms:CreateGrant", "kms:DescribeKey")
    return [_statement("GrantToClusters", ROOT, actions, {"StringEquals": {"kms:CallerAccount": ACCOUNT}})]


def _logs(_users: Collection[str]) -> list[dict[str, Any]]:
    groups = {"Fn::Sub": "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:*"}
    service = {"Service": {"Fn::Sub": "logs.${AWS::Region}.amazonaws.com"}}
    return [_statement("UseByLogs", service, CRYPT, {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}})]


def _notifications(_users: Collection[str]) -> list[dict[str, Any]]:
    # An alarm that may not use its topic's key says nothing, silently.
    services = {"Service": ["budgets.amazonaws.com", "cloudwatch.amazonaws.com", "events.amazonaws.com"]}
    actions = ("kms:Decrypt", "kms:GenerateDataKey*")
    # EventBridge names no source account where it writes to a topic, so there the topic says whose it is: "not supported for EventBridge-to-encrypted
    # topics", https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    topics = {"Fn::Sub": "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:*"}
    return [
        _statement("UseByAlarms", services, actions, {"StringEquals": {"aws:SourceAccount": ACCOUNT}}),
        _statement("UseByEventsForTopics", {"Service": "events.amazonaws.com"}, actions, {"ArnLike": {"kms:EncryptionContext:aws:sns:topicArn": topics}}),
    ]


def _vault_unseal(users: Collection[str]) -> list[dict[str, Any]]:
    return [_statement("UseByVault", ROOT, ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt"), {"ArnLike": {"aws:PrincipalArn": _roles(users)}})]


SPECIAL: dict[str, Callable[[Collection[str]], list[dict[str, Any]]]] = {
    "ebs": _ebs,
    "ecr": _ecr,
    "kubernetes_secrets": _kubernetes_secrets,
    "logs": _logs,
    "notifications": _notifications,
    "vault_unseal": _vault_unseal,
}

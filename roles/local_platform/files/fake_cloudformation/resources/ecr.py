# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::ECR. The registry's own settings are one per account and region: their reference is the account."""

from __future__ import annotations

from typing import Any

from fake_cloudformation.contract import Context
from fake_cloudformation.resources.table import Call
from fake_cloudformation.resources.table import Name
from fake_cloudformation.resources.table import Part
from fake_cloudformation.resources.table import Row
from fake_cloudformation.resources.table import Scope
from fake_cloudformation.resources.tagging import Tagging

REPOSITORY = {"repositoryName": "{id}"}


def registry(type_name: str, put: str, get: str, answer: str, undo: dict[str, Any], live: dict[str, str]) -> Row:
    """A setting of the whole registry; deleting it puts back what a new registry has."""
    return Row(
        type_name,
        "ecr",
        Call(put, takes=None),
        "={account}",
        Call(get, answer=answer),
        Call(put, undo),
        {"RegistryId": "={account}"},
        live,
        update_by=Call(put, takes=None),
    )


def empty(context: Context, scope: Scope, properties: dict[str, Any]) -> None:
    """A repository with images goes only where EmptyOnDelete says so."""
    force = str(properties.get("EmptyOnDelete", False)).lower() == "true"
    context.client("ecr").delete_repository(repositoryName=scope["id"], force=force)


def lifecycle(context: Context, scope: Scope) -> dict[str, Any]:
    text = context.client("ecr").get_lifecycle_policy(repositoryName=scope["id"])["lifecyclePolicyText"]
    return {"LifecyclePolicyText": text}


ROWS = (
    Row(
        "AWS::ECR::Repository",
        "ecr",
        Call(
            "CreateRepository",
            takes=("RepositoryName", "EncryptionConfiguration", "ImageScanningConfiguration", "ImageTagMutability", "ImageTagMutabilityExclusionFilters"),
        ),
        "repository.repositoryName",
        Call("DescribeRepositories", {"repositoryNames": ["{id}"]}, answer="repositories[0]"),
        empty,
        {"Arn": "repositoryArn", "RepositoryUri": "repositoryUri"},
        {
            "LifecyclePolicy": lifecycle,
            "RepositoryPolicyText": Call("GetRepositoryPolicy", REPOSITORY, answer="policyText"),
        },
        (
            Part(("LifecyclePolicy",), lambda context, scope, before, after: put_lifecycle(context, scope, after), Call("DeleteLifecyclePolicy", REPOSITORY)),
            Part(
                ("RepositoryPolicyText",),
                Call("SetRepositoryPolicy", REPOSITORY | {"policyText": "{RepositoryPolicyText}"}),
                Call("DeleteRepositoryPolicy", REPOSITORY),
            ),
            Part(
                ("ImageTagMutability", "ImageTagMutabilityExclusionFilters"),
                Call("PutImageTagMutability", REPOSITORY, ("ImageTagMutability", "ImageTagMutabilityExclusionFilters")),
                made=True,
                default="MUTABLE",
            ),
            Part(
                ("ImageScanningConfiguration",),
                Call("PutImageScanningConfiguration", REPOSITORY, ("ImageScanningConfiguration",)),
                made=True,
                default={"scanOnPush": False},
            ),
        ),
        tagging=Tagging("TagResource", "UntagResource", "ListTagsForResource", {"resourceArn": "{Arn}"}, "tags"),
        name=Name("RepositoryName", 256, lower=True),
    ),
    Row(
        "AWS::ECR::RegistryPolicy",
        "ecr",
        Call("PutRegistryPolicy", {"policyText": "{PolicyText}"}),
        "={account}",
        Call("GetRegistryPolicy"),
        Call("DeleteRegistryPolicy"),
        {"RegistryId": "={account}"},
        update_by=Call("PutRegistryPolicy", {"policyText": "{PolicyText}"}),
    ),
    registry(
        "AWS::ECR::ReplicationConfiguration",
        "PutReplicationConfiguration",
        "DescribeRegistry",
        "[@] | [?replicationConfiguration.rules] | [0]",
        {"replicationConfiguration": {"rules": []}},
        {"ReplicationConfiguration": "replicationConfiguration"},
    ),
    registry(
        "AWS::ECR::RegistryScanningConfiguration",
        "PutRegistryScanningConfiguration",
        "GetRegistryScanningConfiguration",
        "scanningConfiguration",
        {"scanType": "BASIC", "rules": []},
        {"Rules": "rules", "ScanType": "scanType"},
    ),
    Row(
        "AWS::ECR::PullThroughCacheRule",
        "ecr",
        Call("CreatePullThroughCacheRule", takes=None),
        "={EcrRepositoryPrefix}",
        Call("DescribePullThroughCacheRules", {"ecrRepositoryPrefixes": ["{id}"]}, answer="pullThroughCacheRules[0]"),
        Call("DeletePullThroughCacheRule", {"ecrRepositoryPrefix": "{id}"}),
    ),
    Row(
        "AWS::ECR::RepositoryCreationTemplate",
        "ecr",
        Call("CreateRepositoryCreationTemplate", takes=None),
        "={Prefix}",
        Call("DescribeRepositoryCreationTemplates", {"prefixes": ["{id}"]}, answer="repositoryCreationTemplates[0]"),
        Call("DeleteRepositoryCreationTemplate", {"prefix": "{id}"}),
        {"CreatedAt": "to_string(createdAt)", "UpdatedAt": "to_string(updatedAt)"},
        update_by=Call("UpdateRepositoryCreationTemplate", takes=None),
    ),
)


def put_lifecycle(context: Context, scope: Scope, after: dict[str, Any]) -> None:
    text = after["LifecyclePolicy"].get("LifecyclePolicyText", "{}")
    context.client("ecr").put_lifecycle_policy(repositoryName=scope["id"], lifecyclePolicyText=text)

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::S3. A bucket's properties are calls of their own; where CloudFormation and the API spell a key differently, `NAMES` has both."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from fake_cloudformation.contract import Context
from fake_cloudformation.contract import ResourceFailed
from fake_cloudformation.resources import errors
from fake_cloudformation.resources.table import Call
from fake_cloudformation.resources.table import Name
from fake_cloudformation.resources.table import Part
from fake_cloudformation.resources.table import Row
from fake_cloudformation.resources.table import Scope
from fake_cloudformation.resources.tagging import Tagging
from fake_cloudformation.resources.tagging import as_map

BUCKET = {"Bucket": "{id}"}
# CloudFormation's key: the API's, per property and at every depth.
NAMES: dict[str, dict[str, str]] = {
    "BucketEncryption": {"ServerSideEncryptionConfiguration": "Rules", "ServerSideEncryptionByDefault": "ApplyServerSideEncryptionByDefault"},
    "LifecycleConfiguration": {
        "Id": "ID",
        "TransitionInDays": "Days",
        "TransitionDate": "Date",
        "NoncurrentVersionTransitions": "NoncurrentVersionTransitions",
    },
    "ReplicationConfiguration": {"Id": "ID"},
    "LoggingConfiguration": {"DestinationBucketName": "TargetBucket", "LogFilePrefix": "TargetPrefix"},
    "CorsConfiguration": {"CorsRules": "CORSRules", "Id": "ID", "ExposedHeaders": "ExposeHeaders", "MaxAge": "MaxAgeSeconds"},
    "AccelerateConfiguration": {"AccelerationStatus": "Status"},
}
# Property: put, its argument, get, where the answer has it, what undoes it.
CONFIGURATIONS = {
    "VersioningConfiguration": ("PutBucketVersioning", "VersioningConfiguration", "GetBucketVersioning", "Status && {Status: Status}", ""),
    "BucketEncryption": (
        "PutBucketEncryption",
        "ServerSideEncryptionConfiguration",
        "GetBucketEncryption",
        "ServerSideEncryptionConfiguration",
        "DeleteBucketEncryption",
    ),
    "PublicAccessBlockConfiguration": (
        "PutPublicAccessBlock",
        "PublicAccessBlockConfiguration",
        "GetPublicAccessBlock",
        "PublicAccessBlockConfiguration",
        "DeletePublicAccessBlock",
    ),
    "OwnershipControls": (
        "PutBucketOwnershipControls",
        "OwnershipControls",
        "GetBucketOwnershipControls",
        "OwnershipControls",
        "DeleteBucketOwnershipControls",
    ),
    "LifecycleConfiguration": (
        "PutBucketLifecycleConfiguration",
        "LifecycleConfiguration",
        "GetBucketLifecycleConfiguration",
        "{Rules: Rules}",
        "DeleteBucketLifecycle",
    ),
    "LoggingConfiguration": ("PutBucketLogging", "BucketLoggingStatus", "GetBucketLogging", "LoggingEnabled", ""),
    "CorsConfiguration": ("PutBucketCors", "CORSConfiguration", "GetBucketCors", "{CORSRules: CORSRules}", "DeleteBucketCors"),
    "ObjectLockConfiguration": ("PutObjectLockConfiguration", "ObjectLockConfiguration", "GetObjectLockConfiguration", "ObjectLockConfiguration", ""),
    "ReplicationConfiguration": (
        "PutBucketReplication",
        "ReplicationConfiguration",
        "GetBucketReplication",
        "ReplicationConfiguration",
        "DeleteBucketReplication",
    ),
    "AccelerateConfiguration": (
        "PutBucketAccelerateConfiguration",
        "AccelerateConfiguration",
        "GetBucketAccelerateConfiguration",
        "Status && {Status: Status}",
        "",
    ),
}
OFF = {"VersioningConfiguration": {"Status": "Suspended"}, "LoggingConfiguration": {}, "AccelerateConfiguration": {"Status": "Suspended"}}
ABSENT = "NotFoundError", "NoSuch", "NotFound", "NotConfigured"


def renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {names.get(key, key): renamed(item, names) for key, item in value.items()}
    return [renamed(item, names) for item in value] if isinstance(value, list) else value


def to_api(key: str, value: Any) -> Any:
    """A property as the API takes it."""
    made = renamed(value, NAMES.get(key, {}))
    if key == "LoggingConfiguration":
        return {"LoggingEnabled": {"TargetPrefix": ""} | made} if made else {}
    if key == "LifecycleConfiguration":
        return {"Rules": [rule_to_api(rule) for rule in made["Rules"]]}
    return made


def rule_to_api(rule: dict[str, Any]) -> dict[str, Any]:
    """A lifecycle rule: expiry and filter are structures in the API, keys of the rule in CloudFormation."""
    own = ("ExpirationInDays", "ExpirationDate", "ExpiredObjectDeleteMarker", "Prefix", "TagFilters", "ObjectSizeGreaterThan", "ObjectSizeLessThan")
    made = {key: item for key, item in rule.items() if key not in own}
    if expiry := {name: rule[key] for key, name in zip(own[:3], ("Days", "Date", "ExpiredObjectDeleteMarker"), strict=True) if key in rule}:
        made["Expiration"] = expiry
    filters: dict[str, Any] = {key: rule[key] for key in ("Prefix", "ObjectSizeGreaterThan", "ObjectSizeLessThan") if key in rule}
    tags = rule.get("TagFilters") or []
    if len(filters) + len(tags) > 1:
        made["Filter"] = {"And": filters | ({"Tags": tags} if tags else {})}
    else:
        made["Filter"] = filters or ({"Tag": tags[0]} if tags else {"Prefix": ""})
    return made


def rule_from_api(rule: dict[str, Any]) -> dict[str, Any]:
    made = {key: item for key, item in rule.items() if key not in ("Expiration", "Filter")}
    for key, name in (("Days", "ExpirationInDays"), ("Date", "ExpirationDate"), ("ExpiredObjectDeleteMarker", "ExpiredObjectDeleteMarker")):
        if key in rule.get("Expiration", {}):
            made[name] = rule["Expiration"][key]
    inner = rule.get("Filter", {})
    inner = inner.get("And", inner)
    made |= {key: item for key, item in inner.items() if key not in ("Tag", "Tags") and item != ""}
    if tags := inner.get("Tags") or ([inner["Tag"]] if "Tag" in inner else []):
        made["TagFilters"] = tags
    return made


def put(key: str) -> Part:
    operation, argument, _unused, _unused2, undo = CONFIGURATIONS[key]

    def change(context: Context, scope: Scope, before: dict[str, Any], after: dict[str, Any]) -> None:
        value = OFF.get(key) if after.get(key) is None else after[key]
        if value is not None:
            Call(operation, BUCKET | {argument: to_api(key, value)})(context, "s3", scope)

    return Part((key,), change, Call(undo, BUCKET) if undo else None)


def get(key: str) -> Any:
    _unused, _unused2, operation, answer, _unused3 = CONFIGURATIONS[key]

    def read(context: Context, scope: Scope) -> Any:
        try:
            found = Call(operation, BUCKET, answer=answer)(context, "s3", scope)
        except ClientError as error:
            if any(part in error.response["Error"]["Code"] for part in ABSENT):
                return None
            raise
        if key == "LifecycleConfiguration":
            found = {"Rules": [rule_from_api(rule) for rule in found["Rules"]]}
        return renamed(found, {api: own for own, api in NAMES.get(key, {}).items()})

    return read


def create(context: Context, scope: Scope, properties: dict[str, Any]) -> dict[str, Any]:
    """In us-east-1 the service itself makes no error of a bucket that is there; CloudFormation does."""
    client, name = context.client("s3"), properties["BucketName"]
    try:
        client.head_bucket(Bucket=name)
    except ClientError as error:
        if not errors.gone(error) and error.response["Error"]["Code"] != "404":
            raise ResourceFailed("AlreadyExists", f"{name} already exists (Service: S3; Status Code: 409; Error Code: BucketAlreadyExists)") from error
    else:
        raise ResourceFailed("AlreadyExists", f"{name} already exists (Service: S3; Status Code: 409; Error Code: BucketAlreadyOwnedByYou)")
    given: dict[str, Any] = {"Bucket": name}
    if context.region != "us-east-1":
        given["CreateBucketConfiguration"] = {"LocationConstraint": context.region}
    if str(properties.get("ObjectLockEnabled", False)).lower() == "true":
        given["ObjectLockEnabledForBucket"] = True
    client.create_bucket(**given)
    return {"id": name}


def found(context: Context, service: str, scope: Scope) -> dict[str, Any] | None:
    try:
        context.client("s3").head_bucket(Bucket=scope["id"])
    except ClientError as error:
        if error.response["Error"]["Code"] == "404":
            return None
        raise
    return {"BucketName": scope["id"]}


class BucketTags(Tagging):
    """A bucket's tags are one set, put as a whole."""

    def all(self, context: Context, service: str, scope: dict[str, Any]) -> dict[str, str]:
        try:
            return super().all(context, service, scope)
        except ClientError as error:
            if "NoSuchTagSet" in error.response["Error"]["Code"]:
                return {}
            raise

    def _call(self, context: Context, service: str, scope: dict[str, Any], operation: str, tags: dict[str, str] | list[str]) -> None:
        live = self.all(context, service, scope)
        wanted = live | as_map(tags) if isinstance(tags, dict) else {key: value for key, value in live.items() if key not in tags}
        context.client("s3").put_bucket_tagging(Bucket=scope["id"], Tagging={"TagSet": [{"Key": key, "Value": value} for key, value in wanted.items()]})


POLICY = Call("PutBucketPolicy", takes=("Bucket", "PolicyDocument"), renames={"PolicyDocument": "Policy"})
ROWS = (
    Row(
        "AWS::S3::Bucket",
        "s3",
        create,
        "id",
        found,
        Call("DeleteBucket", BUCKET),
        {
            "Arn": "=arn:{partition}:s3:::{id}",
            "DomainName": "={id}.s3.amazonaws.com",
            "DualStackDomainName": "={id}.s3.dualstack.{region}.amazonaws.com",
            "RegionalDomainName": "={id}.s3.{region}.amazonaws.com",
            "WebsiteURL": "=http://{id}.s3-website-{region}.amazonaws.com",
        },
        {key: get(key) for key in CONFIGURATIONS},
        tuple(put(key) for key in CONFIGURATIONS),
        tagging=BucketTags("PutBucketTagging", "DeleteBucketTagging", "GetBucketTagging", BUCKET, "TagSet"),
        name=Name("BucketName", 63, lower=True),
    ),
    Row(
        "AWS::S3::BucketPolicy",
        "s3",
        POLICY,
        "={Bucket}",
        Call("GetBucketPolicy", BUCKET, answer="{PolicyDocument: Policy}"),
        Call("DeleteBucketPolicy", BUCKET),
        update_by=POLICY,
    ),
)

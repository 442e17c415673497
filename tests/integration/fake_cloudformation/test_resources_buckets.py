# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Buckets, really made, with the usual properties."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("moto.server")
pytest.importorskip("boto3")

from fake_cloudformation.contract import ResourceFailed

from tests.support.fake_resources import World

TAGS = [{"Key": "Name", "Value": "one"}]
CLOSED = {"BlockPublicAcls": True, "BlockPublicPolicy": True, "IgnorePublicAcls": True, "RestrictPublicBuckets": True}
SECRET = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "arn:aws:kms:us-east-1:123456789012:key/1"}, "BucketKeyEnabled": True}
RULES = [
    {"Id": "old", "Status": "Enabled", "NoncurrentVersionExpiration": {"NoncurrentDays": 90}, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}},
    {"Id": "logs", "Status": "Enabled", "Prefix": "logs/", "ExpirationInDays": 400, "Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 60}]},
]
STATE = {
    "BucketName": "demo-state",
    "VersioningConfiguration": {"Status": "Enabled"},
    "BucketEncryption": {"ServerSideEncryptionConfiguration": [SECRET]},
    "PublicAccessBlockConfiguration": CLOSED,
    "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
    "LifecycleConfiguration": {"Rules": RULES},
    "Tags": TAGS,
}


@pytest.fixture(scope="module")
def world():
    world = World()
    yield world
    world.stop()


def test_a_bucket_lives(world):
    attributes = ("Arn", "DomainName", "RegionalDomainName", "DualStackDomainName", "WebsiteURL")

    def seen(made):
        client = world.client("s3")
        assert client.get_bucket_versioning(Bucket="demo-state")["Status"] == "Enabled"
        rule = client.get_bucket_encryption(Bucket="demo-state")["ServerSideEncryptionConfiguration"]["Rules"][0]
        assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
        rules = {rule["ID"]: rule for rule in client.get_bucket_lifecycle_configuration(Bucket="demo-state")["Rules"]}
        assert rules["logs"]["Expiration"]["Days"] == 400 and rules["logs"]["Filter"] == {"Prefix": "logs/"}
        tags = {tag["Key"]: tag["Value"] for tag in client.get_bucket_tagging(Bucket="demo-state")["TagSet"]}
        assert tags["aws:cloudformation:stack-name"] == "demo-test-network" and tags["platform"] == "demo"

    def outside(made):
        world.client("s3").put_public_access_block(Bucket="demo-state", PublicAccessBlockConfiguration=CLOSED | {"BlockPublicAcls": False})

    after = {key: item for key, item in STATE.items() if key != "LifecycleConfiguration"} | {"Tags": [{"Key": "Name", "Value": "two"}]}
    made = world.live("AWS::S3::Bucket", STATE, after, outside, seen, "PublicAccessBlockConfiguration", attributes)
    assert made.attributes["Arn"] == "arn:aws:s3:::demo-state"


@pytest.mark.parametrize(
    ("drifted", "change"),
    [
        ("VersioningConfiguration", lambda client: client.put_bucket_versioning(Bucket="demo-state", VersioningConfiguration={"Status": "Suspended"})),
        ("BucketEncryption", lambda client: client.delete_bucket_encryption(Bucket="demo-state")),
        ("LifecycleConfiguration", lambda client: client.delete_bucket_lifecycle(Bucket="demo-state")),
        ("Tags", lambda client: client.delete_bucket_tagging(Bucket="demo-state")),
    ],
)
def test_what_is_changed_outside_is_seen(world, drifted, change):
    world.live("AWS::S3::Bucket", STATE, None, lambda made: change(world.client("s3")), None, drifted)


def test_a_bucket_with_objects_stays(world):
    made = world.make("AWS::S3::Bucket")
    assert made.physical_id.startswith("demo-test-network-thing-") and made.physical_id == made.physical_id.lower()
    world.client("s3").put_object(Bucket=made.physical_id, Key="a", Body=b"1")
    with pytest.raises(ResourceFailed, match=r"The bucket you tried to delete is not empty .*BucketNotEmpty"):
        world.delete("AWS::S3::Bucket", made)


def test_a_bucket_that_exists_is_refused(world):
    world.client("s3").create_bucket(Bucket="taken")
    with pytest.raises(ResourceFailed, match="taken already exists") as refused:
        world.make("AWS::S3::Bucket", BucketName="taken")
    assert refused.value.code == "AlreadyExists"


def test_buckets_of_logs_locks_and_copies(world):
    versions = {"VersioningConfiguration": {"Status": "Enabled"}}
    logs = world.make("AWS::S3::Bucket", BucketName="demo-logs", **versions)
    delivery = {"Effect": "Allow", "Principal": {"Service": "logging.s3.amazonaws.com"}, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::demo-logs/*"}
    world.make("AWS::S3::BucketPolicy", Bucket="demo-logs", PolicyDocument={"Version": "2012-10-17", "Statement": [delivery]})
    before = {"BucketName": "demo-more"} | versions
    before["LoggingConfiguration"] = {"DestinationBucketName": logs.physical_id, "LogFilePrefix": "access/"}
    before["CorsConfiguration"] = {"CorsRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["https://example.com"], "MaxAge": 300}]}
    after = before | {"LoggingConfiguration": {"DestinationBucketName": logs.physical_id, "LogFilePrefix": "all/"}}
    world.live("AWS::S3::Bucket", before, after)
    rule = {"Id": "all", "Status": "Enabled", "Priority": 1, "Filter": {"Prefix": ""}, "Destination": {"Bucket": logs.attributes["Arn"]}}
    copy = {"BucketName": "demo-copied", "ReplicationConfiguration": {"Role": "arn:aws:iam::123456789012:role/copy", "Rules": [rule]}} | versions
    world.live("AWS::S3::Bucket", copy)
    lock = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 30}}}
    world.live("AWS::S3::Bucket", {"BucketName": "demo-locked", "ObjectLockEnabled": True, "ObjectLockConfiguration": lock})


def test_a_bucket_elsewhere(world):
    other = World.beside(world, "eu-west-1")
    made = other.live("AWS::S3::Bucket", {"BucketName": "demo-eu", "Tags": TAGS})
    assert made.attributes["RegionalDomainName"] == "demo-eu.s3.eu-west-1.amazonaws.com"


def test_a_bucket_policy_lives(world):
    world.make("AWS::S3::Bucket", BucketName="demo-policy")
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::demo-policy/*"}
    before = {"Bucket": "demo-policy", "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
    after = {"Bucket": "demo-policy", "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement | {"Action": "s3:PutObject"}]}}

    def outside(made):
        world.client("s3").put_bucket_policy(Bucket="demo-policy", Policy='{"Version": "2012-10-17", "Statement": []}')

    made = world.live("AWS::S3::BucketPolicy", before, after, outside, None, "PolicyDocument")
    assert made.physical_id == "demo-policy"


def test_a_policy_denies_what_it_denies_without_a_condition(world):
    bucket = world.make("AWS::S3::Bucket").physical_id
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    tls = {**deny, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    client = world.client("s3")
    client.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [tls]}))
    client.put_object(Bucket=bucket, Key="a", Body=b"1")
    client.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [tls, deny]}))
    with pytest.raises(client.exceptions.ClientError, match="403"):
        client.put_object(Bucket=bucket, Key="a", Body=b"2")

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a test may steer, accounts and regions, drift, and how services refuse or delay."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("moto")
pytest.importorskip("cfnlint")
pytest.importorskip("boto3")

from botocore.exceptions import ConnectionClosedError

from tests.support.fake_stacks import fake_stacks
from tests.support.fake_stacks import refused


@pytest.fixture(scope="module")
def server():
    with fake_stacks() as found:
        yield found


@pytest.fixture
def fake(server):
    server.reset()
    return server


def topics(count=1, **properties):
    return {"Resources": {f"T{number}": {"Type": "AWS::SNS::Topic", "Properties": properties} for number in range(count)}}


def one(kind, **properties):
    return {"Resources": {"Thing": {"Type": kind, "Properties": properties}}}


def reason(fake, stack, status="CREATE_FAILED"):
    return next(reason for name, state, reason in fake.events(stack) if name == "Thing" and state == status)


def test_a_token_gives_the_old_answer(fake):
    body = json.dumps(topics())
    first = fake.api.create_stack(StackName="one", TemplateBody=body, ClientRequestToken="t")["StackId"]
    fake.wait("one")
    assert fake.api.create_stack(StackName="one", TemplateBody=body, ClientRequestToken="t")["StackId"] == first
    assert refused(fake.api.delete_stack, StackName="one", ClientRequestToken="t")[0] == "TokenAlreadyExistsException"
    assert {event["ClientRequestToken"] for event in fake.api.describe_stack_events(StackName="one")["StackEvents"]} == {"t"}
    fake.api.delete_stack(StackName="one")
    fake.wait(first)
    assert fake.api.create_stack(StackName="one", TemplateBody=body, ClientRequestToken="t")["StackId"] == first
    assert fake.api.describe_stacks()["Stacks"] == []


def test_pages(fake):
    fake.deploy("one", topics(7))
    fake.control("settings", {"page_size": 3})
    first = fake.api.list_stack_resources(StackName="one")
    assert len(first["StackResourceSummaries"]) == 3
    pages = list(fake.api.get_paginator("list_stack_resources").paginate(StackName="one"))
    assert [len(page["StackResourceSummaries"]) for page in pages] == [3, 3, 1]
    assert len(fake.events("one")) == 23
    assert refused(fake.api.list_stack_resources, StackName="one", NextToken="x")[0] == "ValidationError"


def test_throttling_passes(fake):
    fake.control("throttle", {"action": "DescribeStacks", "times": 2, "code": "Throttling"})
    assert refused(fake.api.describe_stacks) == ("Throttling", "Rate exceeded")
    assert fake.api.list_stacks()["StackSummaries"] == []
    assert refused(fake.api.describe_stacks)[0] == "Throttling"
    assert fake.api.describe_stacks()["Stacks"] == []


def test_regions_and_accounts_are_apart(fake):
    fake.deploy("one", topics())
    west = fake.client("cloudformation", "us-west-2")
    assert west.describe_stacks()["Stacks"] == []
    role = fake.client("sts").assume_role(RoleArn="arn:aws:iam::222222222222:role/r", RoleSessionName="session")["Credentials"]
    other = fake.client("cloudformation", key=role["AccessKeyId"])
    made = other.create_stack(StackName="one", TemplateBody=json.dumps(topics()))["StackId"]
    assert made.startswith("arn:aws:cloudformation:us-east-1:222222222222:stack/one/")
    assert fake.api.describe_stacks()["Stacks"][0]["StackId"].startswith("arn:aws:cloudformation:us-east-1:123456789012:stack/one/")
    fake.control("regions", {"unreachable": ["us-west-2"]})
    with pytest.raises(ConnectionClosedError):
        west.describe_stacks()
    with pytest.raises(ConnectionClosedError):
        fake.client("sns", "us-west-2").list_topics()
    assert len(fake.api.describe_stacks()["Stacks"]) == 1


def test_all_else_is_motos(fake):
    s3 = fake.client("s3")
    s3.create_bucket(Bucket="by-moto")
    assert "by-moto" in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]


def test_the_state_tells_what_is_real(fake):
    template = topics()
    template["Resources"]["Record"] = {"Type": "AWS::EKS::AccessEntry", "Properties": {"ClusterName": "c", "PrincipalArn": "arn:aws:iam::123456789012:role/r"}}
    fake.deploy("one", template, RoleARN="arn:aws:iam::123456789012:role/formation-role")
    stack = fake.control("state")["stacks"][0]
    assert {name: resource["real"] for name, resource in stack["resources"].items()} == {"T0": True, "Record": False}
    assert stack["resources"]["Record"]["physical_id"].startswith("arn:aws:iam") or stack["resources"]["Record"]["physical_id"].count("|")
    assert stack["role"].endswith("formation-role") and fake.api.describe_stacks()["Stacks"][0]["RoleARN"].endswith("formation-role")


@pytest.mark.parametrize(("what", "body"), [("settings", {"speed": 1}), ("faults", [{"on": "monday"}]), ("settings", [])])
def test_a_wrong_setting_is_refused(fake, what, body):
    with pytest.raises(OSError, match="400"):
        fake.control(what, body)


def test_drift(fake):
    wanted = [{"Key": "a", "Value": "b"}]
    template = topics(1, TopicName="t", DisplayName="before", Tags=wanted)
    template["Resources"]["Gone"] = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Name": "p", "Value": "v"}}
    template["Resources"]["Record"] = {"Type": "AWS::SQS::Queue"}
    fake.deploy("one", template)

    def detected():
        detection = fake.api.detect_stack_drift(StackName="one")["StackDriftDetectionId"]
        while True:
            found = fake.api.describe_stack_drift_detection_status(StackDriftDetectionId=detection)
            if found["DetectionStatus"] != "DETECTION_IN_PROGRESS":
                return found

    found = detected()
    assert (found["DetectionStatus"], found["StackDriftStatus"], found["DriftedStackResourceCount"]) == ("DETECTION_COMPLETE", "IN_SYNC", 0)
    fake.handlers["AWS::SNS::Topic"].live["t"].update(DisplayName="after", FifoTopic=True)
    fake.handlers["AWS::SSM::Parameter"].live.clear()
    assert detected()["StackDriftStatus"] == "DRIFTED"
    drifts = {drift["LogicalResourceId"]: drift for drift in fake.api.describe_stack_resource_drifts(StackName="one")["StackResourceDrifts"]}
    assert {name: drift["StackResourceDriftStatus"] for name, drift in drifts.items()} == {"T0": "MODIFIED", "Gone": "DELETED", "Record": "NOT_CHECKED"}
    assert drifts["T0"]["PropertyDifferences"] == [
        {"PropertyPath": "/DisplayName", "ExpectedValue": "before", "ActualValue": "after", "DifferenceType": "NOT_EQUAL"}
    ]
    filtered = fake.api.describe_stack_resource_drifts(StackName="one", StackResourceDriftStatusFilters=["DELETED"])
    assert [drift["LogicalResourceId"] for drift in filtered["StackResourceDrifts"]] == ["Gone"]


def test_quotas_singletons_and_names(fake):
    fake.control("quotas", {"AWS::SNS::Topic": 2})
    fake.deploy("first", topics(2))
    assert fake.deploy("one", one("AWS::SNS::Topic")) == "ROLLBACK_COMPLETE"
    assert "Limit exceeded for resource of type 'AWS::SNS::Topic'" in reason(fake, "one") and "ServiceLimitExceeded" in reason(fake, "one")
    policy = one("AWS::ECR::RegistryPolicy", PolicyText={})
    assert fake.deploy("two", policy) == "CREATE_COMPLETE" and fake.deploy("three", policy) == "ROLLBACK_COMPLETE"
    assert "already exists" in reason(fake, "three")
    queue = one("AWS::EKS::Cluster", Name="c", RoleArn="arn:aws:iam::123456789012:role/r", ResourcesVpcConfig={"SubnetIds": ["subnet-1"]})
    assert fake.deploy("four", queue) == "CREATE_COMPLETE" and fake.deploy("five", queue) == "ROLLBACK_COMPLETE"
    assert """with identifier '{"/properties/Name":"c"}' already exists.""" in reason(fake, "five")


def test_an_addon_needs_nodes(fake):
    addon = one("AWS::EKS::Addon", ClusterName="c", AddonName="coredns")
    assert fake.deploy("one", addon) == "ROLLBACK_COMPLETE" and "did not stabilize" in reason(fake, "one")
    assert fake.deploy("network", one("AWS::EKS::Addon", ClusterName="c", AddonName="vpc-cni")) == "CREATE_COMPLETE"
    nodes = one("AWS::EKS::Nodegroup", ClusterName="c", NodeRole="arn:aws:iam::123456789012:role/r", Subnets=["subnet-1"])
    assert fake.deploy("nodes", nodes) == "CREATE_COMPLETE" and fake.deploy("two", addon) == "CREATE_COMPLETE"


def test_a_certificate_waits_for_its_validation(fake):
    certificate = {"DomainName": "a.example.com", "ValidationMethod": "DNS"}
    in_zone = {**certificate, "DomainValidationOptions": [{"DomainName": "a.example.com", "HostedZoneId": "Z0123456789ABCDEFGHIJ"}]}
    assert fake.deploy("zone", one("AWS::CertificateManager::Certificate", **in_zone)) == "CREATE_COMPLETE"
    fake.api.create_stack(StackName="one", TemplateBody=json.dumps(one("AWS::CertificateManager::Certificate", **certificate)))
    with pytest.raises(AssertionError, match="CREATE_IN_PROGRESS"):
        fake.wait("one", seconds=0.5)
    fake.control("settings", {"validated_domains": ["*.example.com"]})
    assert fake.wait("one") == "CREATE_COMPLETE"


DATABASE = {"DBInstanceIdentifier": "db", "DBInstanceClass": "db.t4g.medium", "Engine": "postgres", "EngineVersion": "16.4", "AllocatedStorage": "20"}
CACHE = {"ReplicationGroupId": "cache", "ReplicationGroupDescription": "d", "CacheNodeType": "cache.t4g.small", "NumNodeGroups": 1}
DOMAIN = {"DomainName": "search", "EngineVersion": "OpenSearch_2.11"}
UPDATES = {
    "a minor version": ("AWS::RDS::DBInstance", DATABASE, {"EngineVersion": "16.6"}, {}, "UPDATE_COMPLETE", False),
    "any minor version": ("AWS::RDS::DBInstance", DATABASE, {"EngineVersion": "16"}, {}, "UPDATE_COMPLETE", False),
    "a version down": ("AWS::RDS::DBInstance", DATABASE, {"EngineVersion": "15.8"}, {}, "UPDATE_ROLLBACK_COMPLETE", False),
    "a zone more": ("AWS::RDS::DBInstance", DATABASE, {"MultiAZ": True}, {}, "UPDATE_COMPLETE", False),
    "encryption": ("AWS::RDS::DBInstance", DATABASE, {"StorageEncrypted": True}, {}, "UPDATE_ROLLBACK_COMPLETE", False),
    "encryption and name": ("AWS::RDS::DBInstance", DATABASE, {"StorageEncrypted": True, "DBInstanceIdentifier": "db2"}, {}, "UPDATE_COMPLETE", True),
    "a snapshot and name": ("AWS::RDS::DBInstance", DATABASE, {"DBSnapshotIdentifier": "s", "DBInstanceIdentifier": "db2"}, {}, "UPDATE_COMPLETE", True),
    "shards": ("AWS::ElastiCache::ReplicationGroup", CACHE, {"NumNodeGroups": 2}, {}, "UPDATE_ROLLBACK_COMPLETE", False),
    "shards online": ("AWS::ElastiCache::ReplicationGroup", CACHE, {"NumNodeGroups": 2}, {"UseOnlineResharding": True}, "UPDATE_COMPLETE", False),
    "a search version": ("AWS::OpenSearchService::Domain", DOMAIN, {"EngineVersion": "OpenSearch_2.13"}, {}, "UPDATE_ROLLBACK_COMPLETE", False),
    "a search version in place": (
        "AWS::OpenSearchService::Domain",
        DOMAIN,
        {"EngineVersion": "OpenSearch_2.13"},
        {"EnableVersionUpgrade": True},
        "UPDATE_COMPLETE",
        False,
    ),
}


@pytest.mark.parametrize(("kind", "before", "change", "policy", "status", "replaced"), UPDATES.values(), ids=UPDATES)
def test_update_or_replacement_of_data_services(fake, kind, before, change, policy, status, replaced):
    def template(**properties):
        return {"Resources": {"Thing": {"Type": kind, "Properties": properties, **({"UpdatePolicy": policy} if policy else {})}}}

    assert fake.deploy("one", template(**before)) == "CREATE_COMPLETE"
    assert fake.deploy("one", template(**{**before, **change})) == status
    assert any("hence creating one" in words for _unused, _unused2, words in fake.events("one")) == replaced
    if status != "UPDATE_COMPLETE":
        assert "custom-named resource" in reason(fake, "one", "UPDATE_FAILED") or "Cannot upgrade postgres from 16.4 to 15.8" in reason(
            fake, "one", "UPDATE_FAILED"
        )


def test_a_protected_record_is_not_deleted_and_a_managed_password_has_no_replica(fake):
    fake.deploy("one", one("AWS::RDS::DBInstance", **DATABASE, DeletionProtection=True, MasterUsername="admin", ManageMasterUserPassword=True))
    fake.api.delete_stack(StackName="one")
    assert fake.wait("one") == "DELETE_FAILED" and "deletion protection is enabled" in reason(fake, "one", "DELETE_FAILED")
    replica = one("AWS::RDS::DBInstance", DBInstanceIdentifier="r", DBInstanceClass="db.t4g.medium", SourceDBInstanceIdentifier="db")
    assert fake.deploy("two", replica) == "ROLLBACK_COMPLETE" and "managed in Secrets Manager" in reason(fake, "two")

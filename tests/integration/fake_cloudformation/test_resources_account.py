# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys, secrets, identities, registries, logs and trails, really made."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("moto.server")
pytest.importorskip("boto3")

from fake_cloudformation.contract import ResourceFailed

from tests.support.fake_resources import ACCOUNT
from tests.support.fake_resources import World

MANIFEST = {"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json", "config": {"digest": "sha256:1"}, "layers": []}
TAGS = [{"Key": "Name", "Value": "one"}]


def allow(action="s3:GetObject", **more):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"} | more]}


def trust(service="ec2.amazonaws.com"):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}]}


@pytest.fixture(scope="module")
def world():
    world = World()
    yield world
    world.stop()


def test_a_key_lives(world):
    policy = allow("kms:*", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"})
    before = {"Description": "data", "KeyPolicy": policy, "EnableKeyRotation": True, "RotationPeriodInDays": 180, "PendingWindowInDays": 7, "Tags": TAGS}
    after = before | {"Description": "all data", "RotationPeriodInDays": 365, "Tags": [], "KeyPolicy": policy | {"Id": "two"}}

    def outside(made):
        world.client("kms").disable_key_rotation(KeyId=made.physical_id)

    def seen(made):
        tags = world.client("kms").list_resource_tags(KeyId=made.physical_id)["Tags"]
        assert {"TagKey": "aws:cloudformation:logical-id", "TagValue": "Thing"} in tags and {"TagKey": "owner", "TagValue": "team-a"} in tags

    before.pop("RotationPeriodInDays"), after.pop("RotationPeriodInDays")
    made = world.live("AWS::KMS::Key", before, after, outside, seen, "EnableKeyRotation", ("Arn", "KeyId"))
    assert world.client("kms").describe_key(KeyId=made.physical_id)["KeyMetadata"]["KeyState"] == "PendingDeletion"
    period = {"EnableKeyRotation": True, "RotationPeriodInDays": 180}
    world.live("AWS::KMS::Key", period, period | {"RotationPeriodInDays": 90})


def test_an_alias_lives(world):
    one, two = (world.make("AWS::KMS::Key") for _unused in range(2))
    before = {"AliasName": "alias/demo-data", "TargetKeyId": one.attributes["Arn"]}

    def outside(made):
        world.client("kms").update_alias(AliasName=made.physical_id, TargetKeyId=one.physical_id)

    world.live("AWS::KMS::Alias", before, before | {"TargetKeyId": two.physical_id}, outside, None, "TargetKeyId")
    made = world.make("AWS::KMS::Alias", **before)
    with pytest.raises(ResourceFailed) as refused:
        world.make("AWS::KMS::Alias", **before)
    assert refused.value.code == "AlreadyExists"
    world.delete("AWS::KMS::Alias", made)


def test_a_key_has_a_replica_in_another_region(world):
    primary = world.make("AWS::KMS::Key", MultiRegion=True, Description="everywhere")
    other = World.beside(world, "us-west-2")
    before = {"PrimaryKeyArn": primary.attributes["Arn"], "Description": "replica", "Tags": TAGS}
    made = other.live("AWS::KMS::ReplicaKey", before, before | {"Description": "copy"}, attributes=("Arn", "KeyId"))
    assert made.attributes["Arn"].startswith("arn:aws:kms:us-west-2:") and made.physical_id == primary.physical_id
    assert world.read("AWS::KMS::Key", primary, {"Description": "everywhere"}) == {"Description": "everywhere"}


def test_a_secret_lives(world):
    generate = {"SecretStringTemplate": '{"username": "app"}', "GenerateStringKey": "password", "PasswordLength": 40, "ExcludePunctuation": True}
    before = {"Name": "demo/db", "Description": "db", "GenerateSecretString": generate, "Tags": TAGS}

    def value(made):
        return json.loads(world.client("secretsmanager").get_secret_value(SecretId=made.physical_id)["SecretString"])

    made = world.make("AWS::SecretsManager::Secret", **before)
    first = value(made)
    assert first["username"] == "app" and len(first["password"]) == 40 and first["password"].isalnum()
    assert made.physical_id.startswith("arn:aws:secretsmanager:us-east-1:") and made.attributes["Id"] == made.physical_id
    world.update("AWS::SecretsManager::Secret", made, before, before | {"Description": "the db"})
    assert value(made) == first
    assert world.client("secretsmanager").describe_secret(SecretId=made.physical_id)["Description"] == "the db"
    world.delete("AWS::SecretsManager::Secret", made)

    def outside(made):
        world.client("secretsmanager").update_secret(SecretId=made.physical_id, Description="by hand")

    world.live("AWS::SecretsManager::Secret", before, before | {"Description": "the db"}, outside, None, "Description")


def test_a_secrets_policy_and_copies(world):
    secret = world.make("AWS::SecretsManager::Secret", SecretString="bare").physical_id
    policy = allow("secretsmanager:GetSecretValue", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"})
    before = {"SecretId": secret, "ResourcePolicy": policy}
    world.live("AWS::SecretsManager::ResourcePolicy", before, before | {"ResourcePolicy": policy | {"Id": "two"}})
    world.live("AWS::SecretsManager::Secret", {"Name": "copied", "SecretString": "x", "ReplicaRegions": [{"Region": "us-west-2"}]})


def test_a_secrets_rotation_lives(world):
    secret = world.make("AWS::SecretsManager::Secret", SecretString="bare").physical_id
    before = {"SecretId": secret, "RotationRules": {"AutomaticallyAfterDays": 30}}
    world.live("AWS::SecretsManager::RotationSchedule", before, before | {"RotationRules": {"AutomaticallyAfterDays": 60}}, attributes=("Id",))


def test_a_role_lives(world):
    managed = world.make("AWS::IAM::ManagedPolicy", PolicyDocument=allow()).physical_id
    before = {"RoleName": "demo-nodes", "AssumeRolePolicyDocument": trust(), "Description": "nodes", "Tags": TAGS}
    before |= {"ManagedPolicyArns": [managed], "Policies": [{"PolicyName": "one", "PolicyDocument": allow()}], "MaxSessionDuration": 7200}
    after = before | {"Description": "all nodes", "AssumeRolePolicyDocument": trust("eks.amazonaws.com")}
    after |= {"Policies": [{"PolicyName": "one", "PolicyDocument": allow("s3:PutObject")}, {"PolicyName": "two", "PolicyDocument": allow()}]}

    def outside(made):
        world.client("iam").put_role_policy(RoleName="demo-nodes", PolicyName="hand", PolicyDocument=json.dumps(allow()))
        before = world.read("AWS::IAM::Role", made, after)
        assert any(policy["PolicyName"] == "hand" for policy in before["Policies"])
        world.client("iam").delete_role_policy(RoleName="demo-nodes", PolicyName="hand")
        world.client("iam").update_assume_role_policy(RoleName="demo-nodes", PolicyDocument=json.dumps(trust("lambda.amazonaws.com")))

    def seen(made):
        role = world.client("iam").get_role(RoleName="demo-nodes")["Role"]
        assert role["Arn"] == made.attributes["Arn"] and {"Key": "platform", "Value": "demo"} in role["Tags"]

    world.live("AWS::IAM::Role", before, after, outside, seen, "AssumeRolePolicyDocument", ("Arn", "RoleId"))


def test_a_role_that_exists_or_is_used_is_refused(world):
    made = world.make("AWS::IAM::Role", RoleName="taken", AssumeRolePolicyDocument=trust())
    with pytest.raises(ResourceFailed, match="EntityAlreadyExists") as refused:
        world.make("AWS::IAM::Role", RoleName="taken", AssumeRolePolicyDocument=trust())
    assert refused.value.code == "AlreadyExists"
    managed = world.make("AWS::IAM::ManagedPolicy", PolicyDocument=allow()).physical_id
    world.client("iam").attach_role_policy(RoleName="taken", PolicyArn=managed)
    with pytest.raises(ResourceFailed, match="DeleteConflict"):
        world.delete("AWS::IAM::Role", made)
    world.client("iam").detach_role_policy(RoleName="taken", PolicyArn=managed)
    world.delete("AWS::IAM::Role", made)


def test_policies_live(world):
    role = world.make("AWS::IAM::Role", AssumeRolePolicyDocument=trust())
    assert role.physical_id.startswith("demo-test-network-Thing-")
    before = {"ManagedPolicyName": "demo-read", "PolicyDocument": allow(), "Roles": [role.physical_id]}
    attributes = ("PolicyArn", "PolicyId", "DefaultVersionId", "AttachmentCount")
    made = world.live("AWS::IAM::ManagedPolicy", before, before | {"PolicyDocument": allow("s3:*")}, attributes=attributes)
    assert made.physical_id == f"arn:aws:iam::{ACCOUNT}:policy/demo-read"
    inline = {"PolicyName": "own", "PolicyDocument": allow(), "Roles": [role.physical_id]}

    def outside(made):
        world.client("iam").put_role_policy(RoleName=role.physical_id, PolicyName="own", PolicyDocument=json.dumps(allow("iam:*")))

    world.live("AWS::IAM::Policy", inline, inline | {"PolicyDocument": allow("s3:*")}, outside, None, "PolicyDocument", ("Id",))
    single = {"PolicyName": "own", "PolicyDocument": allow(), "RoleName": role.physical_id}
    world.live("AWS::IAM::RolePolicy", single, single | {"PolicyDocument": allow("s3:*")}, outside, None, "PolicyDocument")


def test_seven_versions_of_a_policy(world):
    made = world.make("AWS::IAM::ManagedPolicy", PolicyDocument=allow())
    for number in range(7):
        world.update("AWS::IAM::ManagedPolicy", made, {"PolicyDocument": allow()}, {"PolicyDocument": allow(f"s3:Get{number}")})
    assert len(world.client("iam").list_policy_versions(PolicyArn=made.physical_id)["Versions"]) == 5


def test_providers_and_profiles_live(world):
    url = {"Url": "https://token.actions.githubusercontent.com", "ClientIdList": ["sts.amazonaws.com"], "Tags": TAGS}
    made = world.live("AWS::IAM::OIDCProvider", url, url | {"ClientIdList": ["sts.amazonaws.com", "two"]}, attributes=("Arn",))
    assert made.physical_id == f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
    one, two = (world.make("AWS::IAM::Role", AssumeRolePolicyDocument=trust()).physical_id for _unused in range(2))
    world.live(
        "AWS::IAM::InstanceProfile", {"InstanceProfileName": "nodes", "Roles": [one]}, {"InstanceProfileName": "nodes", "Roles": [two]}, attributes=("Arn",)
    )
    world.live("AWS::IAM::ServiceLinkedRole", {"AWSServiceName": "es.amazonaws.com", "Description": "search"})


def test_a_repository_lives(world):
    rules = json.dumps(
        {"rules": [{"rulePriority": 1, "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 9}, "action": {"type": "expire"}}]}
    )
    before = {"RepositoryName": "demo/app", "ImageTagMutability": "IMMUTABLE", "ImageScanningConfiguration": {"ScanOnPush": True}, "Tags": TAGS}
    before |= {
        "EncryptionConfiguration": {"EncryptionType": "KMS", "KmsKey": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"},
        "LifecyclePolicy": {"LifecyclePolicyText": rules},
    }
    policy = {"Version": "2012-10-17", "Statement": [{"Sid": "pull", "Effect": "Allow", "Principal": "*", "Action": ["ecr:BatchGetImage"]}]}
    after = before | {"RepositoryPolicyText": policy, "ImageScanningConfiguration": {"ScanOnPush": False}}

    def outside(made):
        world.client("ecr").put_image_tag_mutability(repositoryName="demo/app", imageTagMutability="MUTABLE")

    made = world.live("AWS::ECR::Repository", before, after, outside, None, "ImageTagMutability", ("Arn", "RepositoryUri"))
    assert made.attributes["RepositoryUri"] == f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/demo/app"


def test_a_repository_with_images_stays_unless_told(world):
    made = world.make("AWS::ECR::Repository", RepositoryName="full")
    world.client("ecr").put_image(repositoryName="full", imageManifest=json.dumps(MANIFEST), imageTag="1")
    with pytest.raises(ResourceFailed, match="RepositoryNotEmptyException"):
        world.delete("AWS::ECR::Repository", made)
    world.delete("AWS::ECR::Repository", made, {"EmptyOnDelete": True})


def test_the_registrys_settings_live(world):
    statement = {"Sid": "copy", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": ["ecr:ReplicateImage"]}
    policy = {"PolicyText": {"Version": "2012-10-17", "Statement": [statement | {"Resource": [f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/*"]}]}}
    world.live("AWS::ECR::RegistryPolicy", policy, attributes=("RegistryId",))
    # Several rules, which moto alone refuses.
    rules = [{"Destinations": [{"Region": region, "RegistryId": ACCOUNT}]} for region in ("us-west-2", "eu-west-1")]
    copy = {"ReplicationConfiguration": {"Rules": rules}}
    world.live("AWS::ECR::ReplicationConfiguration", copy, attributes=("RegistryId",))
    rules = {"ScanType": "BASIC", "Rules": [{"ScanFrequency": "SCAN_ON_PUSH", "RepositoryFilters": [{"Filter": "*", "FilterType": "WILDCARD"}]}]}
    made = world.make("AWS::ECR::RegistryScanningConfiguration", **rules)
    assert world.read("AWS::ECR::RegistryScanningConfiguration", made, rules) == rules
    world.client("ecr").put_registry_scanning_configuration(scanType="BASIC", rules=[])
    assert world.read("AWS::ECR::RegistryScanningConfiguration", made, rules)["Rules"] == []
    world.live("AWS::ECR::PullThroughCacheRule", {"EcrRepositoryPrefix": "quay", "UpstreamRegistryUrl": "quay.io"})
    template = {"Prefix": "quay", "AppliedFor": ["PULL_THROUGH_CACHE"], "ImageTagMutability": "IMMUTABLE", "ResourceTags": TAGS}
    world.live("AWS::ECR::RepositoryCreationTemplate", template, template | {"ImageTagMutability": "MUTABLE"}, attributes=("CreatedAt",))


def test_logs_live(world):
    key = world.make("AWS::KMS::Key").attributes["Arn"]
    before = {"LogGroupName": "/demo/flows", "RetentionInDays": 30, "KmsKeyId": key, "Tags": TAGS}

    def outside(made):
        world.client("logs").delete_retention_policy(logGroupName=made.physical_id)

    made = world.live("AWS::Logs::LogGroup", before, before | {"RetentionInDays": 90, "Tags": []}, outside, None, "RetentionInDays", ("Arn",))
    assert made.attributes["Arn"] == f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/demo/flows:*"
    document = {"PolicyName": "events", "PolicyDocument": json.dumps(allow("logs:PutLogEvents", Principal={"Service": "es.amazonaws.com"}))}
    world.live("AWS::Logs::ResourcePolicy", document, document | {"PolicyDocument": json.dumps(allow("logs:*", Principal={"Service": "es.amazonaws.com"}))})


def test_topics_parameters_and_alarms_live(world):
    before = {"TopicName": "alerts", "DisplayName": "Alerts", "Tags": TAGS}
    world.live("AWS::SNS::Topic", before, before | {"DisplayName": "All alerts"}, attributes=("TopicArn", "TopicName"))
    topic = world.make("AWS::SNS::Topic", TopicName="more").physical_id
    world.live("AWS::SNS::Subscription", {"TopicArn": topic, "Protocol": "email", "Endpoint": "a@example.com"}, attributes=("Arn",))
    policy = {"Topics": [topic], "PolicyDocument": allow("sns:Publish", Principal={"Service": "budgets.amazonaws.com"})}
    world.live("AWS::SNS::TopicPolicy", policy, policy | {"PolicyDocument": allow("sns:Publish", Principal={"Service": "es.amazonaws.com"})})
    parameter = {"Name": "/demo/one", "Type": "String", "Value": "1", "Description": "one"}
    world.live(
        "AWS::SSM::Parameter",
        parameter,
        parameter | {"Value": "2"},
        lambda made: world.client("ssm").put_parameter(Name="/demo/one", Value="3", Overwrite=True),
        None,
        "Value",
        ("Type", "Value"),
    )
    alarm = {"AlarmName": "cpu", "Namespace": "AWS/EC2", "MetricName": "CPUUtilization", "Period": 60, "EvaluationPeriods": 3, "Statistic": "Average"}
    alarm |= {"Threshold": 80, "ComparisonOperator": "GreaterThanThreshold", "Dimensions": [{"Name": "InstanceId", "Value": "i-1"}], "Tags": TAGS}

    def outside(made):
        found = world.client("cloudwatch").describe_alarms(AlarmNames=["cpu"])["MetricAlarms"][0]
        names = ("AlarmName", "Namespace", "MetricName", "Period", "EvaluationPeriods", "Statistic", "ComparisonOperator", "Dimensions")
        world.client("cloudwatch").put_metric_alarm(Threshold=99, **{name: found[name] for name in names})

    world.live("AWS::CloudWatch::Alarm", alarm, alarm | {"Threshold": 90}, outside, None, "Threshold", ("Arn",))
    board = {"DashboardName": "demo", "DashboardBody": json.dumps({"widgets": []})}
    world.live("AWS::CloudWatch::Dashboard", board, board | {"DashboardBody": json.dumps({"widgets": [{"type": "text"}]})})


def test_a_trail_lives(world):
    world.client("s3").create_bucket(Bucket="demo-trail")
    before = {"TrailName": "shared", "S3BucketName": "demo-trail", "IsLogging": True, "IsMultiRegionTrail": True, "EnableLogFileValidation": True, "Tags": TAGS}
    before["IncludeGlobalServiceEvents"] = True
    world.live(
        "AWS::CloudTrail::Trail",
        before,
        before | {"EnableLogFileValidation": False},
        lambda made: world.client("cloudtrail").stop_logging(Name="shared"),
        None,
        "IsLogging",
        ("Arn",),
    )

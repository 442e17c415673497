# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Data services, names and certificates, really made."""

from __future__ import annotations

import pytest

pytest.importorskip("moto.server")
pytest.importorskip("boto3")

from fake_cloudformation.contract import ResourceFailed

from tests.support.fake_resources import ACCOUNT
from tests.support.fake_resources import World

TAGS = [{"Key": "Name", "Value": "one"}]
KEY = "arn:aws:kms:us-east-1:123456789012:key/1"


@pytest.fixture(scope="module")
def world():
    world = World()
    yield world
    world.stop()


@pytest.fixture(scope="module")
def net(world):
    vpc = world.make("AWS::EC2::VPC", CidrBlock="10.50.0.0/16").physical_id
    subnets = [
        world.make("AWS::EC2::Subnet", VpcId=vpc, CidrBlock=f"10.50.{number * 16}.0/20", AvailabilityZone=f"us-east-1{zone}").physical_id
        for number, zone in enumerate("ab")
    ]
    group = world.make("AWS::EC2::SecurityGroup", GroupDescription="data", VpcId=vpc).physical_id
    return {"vpc": vpc, "subnets": subnets, "group": group}


def test_groups_of_rds_live(world, net):
    group = {"DBSubnetGroupName": "demo", "DBSubnetGroupDescription": "demo", "SubnetIds": net["subnets"], "Tags": TAGS}
    world.live("AWS::RDS::DBSubnetGroup", group, group | {"DBSubnetGroupDescription": "all", "SubnetIds": net["subnets"][::-1]})
    settings = {
        "DBParameterGroupName": "demo-16",
        "Family": "postgres16",
        "Description": "demo",
        "Parameters": {"log_min_duration_statement": "500"},
        "Tags": TAGS,
    }

    def outside(made):
        changed = {"ParameterName": "log_min_duration_statement", "ParameterValue": "1", "ApplyMethod": "immediate"}
        world.client("rds").modify_db_parameter_group(DBParameterGroupName="demo-16", Parameters=[changed])

    world.live("AWS::RDS::DBParameterGroup", settings, settings | {"Parameters": {"log_min_duration_statement": 900}}, outside, None, "Parameters")


def test_a_database_lives(world, net):
    world.make("AWS::RDS::DBSubnetGroup", DBSubnetGroupName="db", DBSubnetGroupDescription="db", SubnetIds=net["subnets"])
    before = {"DBInstanceIdentifier": "demo-pg", "Engine": "postgres", "EngineVersion": "16.4", "DBInstanceClass": "db.m6g.large", "AllocatedStorage": "100"}
    before |= {"StorageType": "gp3", "MultiAZ": True, "StorageEncrypted": True, "DBSubnetGroupName": "db", "VPCSecurityGroups": [net["group"]], "Tags": TAGS}
    before |= {"MasterUsername": "app", "MasterUserPassword": "not-a-real-one", "BackupRetentionPeriod": 7, "DeletionProtection": True}
    after = before | {"DBInstanceClass": "db.m6g.xlarge", "DeletionProtection": False}
    made = world.make("AWS::RDS::DBInstance", **before)
    assert set(made.attributes) >= {"DBInstanceArn", "DbiResourceId", "Endpoint.Address", "Endpoint.Port"}
    with pytest.raises(ResourceFailed, match="deletion protection"):
        world.delete("AWS::RDS::DBInstance", made, before)
    assert world.client("rds").describe_db_instances(DBInstanceIdentifier="demo-pg")["DBInstances"][0]["MultiAZ"] is True
    world.update("AWS::RDS::DBInstance", made, before, after)
    assert world.read("AWS::RDS::DBInstance", made, after) == after
    replica = {"DBInstanceIdentifier": "demo-reader", "SourceDBInstanceIdentifier": "demo-pg", "DBInstanceClass": "db.m6g.large"}
    reader = world.make("AWS::RDS::DBInstance", **replica)
    assert world.client("rds").describe_db_instances(DBInstanceIdentifier="demo-reader")["DBInstances"][0]["ReadReplicaSourceDBInstanceIdentifier"] == "demo-pg"
    for gone in (reader, made):
        world.delete("AWS::RDS::DBInstance", gone)
        assert world.read("AWS::RDS::DBInstance", gone, {}) is None
        world.delete("AWS::RDS::DBInstance", gone)


def test_a_cache_lives(world, net):
    group = {"CacheSubnetGroupName": "cache", "Description": "cache", "SubnetIds": net["subnets"], "Tags": TAGS}
    world.live("AWS::ElastiCache::SubnetGroup", group, group | {"Description": "all"})
    before = {
        "ReplicationGroupId": "demo-redis",
        "ReplicationGroupDescription": "demo",
        "Engine": "redis",
        "CacheNodeType": "cache.m6g.large",
        "NumCacheClusters": 2,
    }
    before |= {"AutomaticFailoverEnabled": True, "MultiAZEnabled": True, "Tags": TAGS}
    made = world.live("AWS::ElastiCache::ReplicationGroup", before, before | {"CacheNodeType": "cache.m6g.xlarge"})
    assert "PrimaryEndPoint.Address" in made.attributes


def test_brokers_and_domains_live(world, net):
    nodes = {"ClientSubnets": net["subnets"], "InstanceType": "kafka.m7g.large", "SecurityGroups": [net["group"]]}
    kafka = {"ClusterName": "demo", "KafkaVersion": "3.8.x", "NumberOfBrokerNodes": 2, "BrokerNodeGroupInfo": nodes, "Tags": {"a": "1"}}
    world.live("AWS::MSK::Cluster", kafka, kafka | {"Tags": {"a": "2"}}, attributes=("Arn", "CurrentVersion"))
    domain = {
        "DomainName": "demo-search",
        "EngineVersion": "OpenSearch_2.19",
        "ClusterConfig": {"InstanceType": "m6g.large.search", "InstanceCount": 2},
        "Tags": TAGS,
    }
    domain["EBSOptions"] = {"EBSEnabled": True, "VolumeType": "gp3", "VolumeSize": 100}
    changed = domain | {"ClusterConfig": {"InstanceType": "m6g.large.search", "InstanceCount": 3}}
    world.live("AWS::OpenSearchService::Domain", domain, changed, attributes=("Arn", "Id"))
    broker = {"BrokerName": "demo", "EngineType": "RABBITMQ", "EngineVersion": "3.13", "HostInstanceType": "mq.m5.large", "DeploymentMode": "CLUSTER_MULTI_AZ"}
    broker |= {"PubliclyAccessible": False, "AutoMinorVersionUpgrade": True, "Users": [{"Username": "admin", "Password": "not-a-real-one"}], "Tags": TAGS}
    world.live("AWS::AmazonMQ::Broker", broker, broker | {"EngineVersion": "4.2"}, attributes=("Arn", "Id"))
    world.live("AWS::Backup::BackupVault", {"BackupVaultName": "demo", "EncryptionKeyArn": KEY, "BackupVaultTags": {"a": "1"}}, attributes=("BackupVaultArn",))


def test_names_live(world, net):
    zone = {"Name": "demo.example.com", "HostedZoneConfig": {"Comment": "demo"}, "HostedZoneTags": TAGS}
    world.live("AWS::Route53::HostedZone", zone, zone | {"HostedZoneTags": [], "HostedZoneConfig": {"Comment": "all"}}, attributes=("Id", "NameServers"))
    made = world.make("AWS::Route53::HostedZone", **zone)
    record = {"HostedZoneId": made.physical_id, "Name": "api.demo.example.com", "Type": "A", "TTL": "60", "ResourceRecords": ["192.0.2.1"]}

    def outside(_made):
        changed = {"Name": "api.demo.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.9"}]}
        batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": changed}]}
        world.client("route53").change_resource_record_sets(HostedZoneId=made.physical_id, ChangeBatch=batch)

    world.live("AWS::Route53::RecordSet", record, record | {"ResourceRecords": ["192.0.2.2", "192.0.2.3"]}, outside, None, "ResourceRecords")
    kept = world.make("AWS::Route53::RecordSet", **record)
    with pytest.raises(ResourceFailed, match="but it already exists") as refused:
        world.make("AWS::Route53::RecordSet", **record)
    assert refused.value.code == "AlreadyExists"
    with pytest.raises(ResourceFailed, match="HostedZoneNotEmpty"):
        world.delete("AWS::Route53::HostedZone", made)
    world.delete("AWS::Route53::RecordSet", kept, record)
    check = {"HealthCheckConfig": {"Type": "HTTPS", "FullyQualifiedDomainName": "api.demo.example.com", "ResourcePath": "/"}, "HealthCheckTags": TAGS}
    world.live("AWS::Route53::HealthCheck", check, attributes=("HealthCheckId",))


def test_certificates_and_budgets_live(world):
    certificate = {"DomainName": "demo.example.com", "SubjectAlternativeNames": ["*.demo.example.com"], "ValidationMethod": "DNS", "Tags": TAGS}
    world.live("AWS::CertificateManager::Certificate", certificate)
    limit = {"BudgetName": "demo", "BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": {"Amount": 100, "Unit": "USD"}}
    world.live("AWS::Budgets::Budget", {"Budget": limit}, {"Budget": limit | {"BudgetLimit": {"Amount": 200, "Unit": "USD"}}})


def test_who_is_told_of_a_budget_is_read_from_it(world):
    topic = "arn:aws:sns:us-east-1:123456789012:cost"
    alert = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 100, "ThresholdType": "PERCENTAGE"}
    limit = {"BudgetName": "demo", "BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": {"Amount": 300, "Unit": "USD"}, "Metrics": ["UnblendedCost"]}
    limit["FilterExpression"] = {"And": [{"Tags": {"Key": "platform", "Values": ["demo"]}}, {"Tags": {"Key": "environment", "Values": ["dev"]}}]}
    declared = {"Budget": limit, "NotificationsWithSubscribers": [{"Notification": alert, "Subscribers": [{"SubscriptionType": "SNS", "Address": topic}]}]}

    def outside(made):
        of_budget = {"AccountId": ACCOUNT, "BudgetName": made.physical_id, "Notification": alert}
        told = world.client("budgets").describe_subscribers_for_notification(**of_budget)["Subscribers"]
        assert told == [{"SubscriptionType": "SNS", "Address": topic}]
        world.client("budgets").delete_notification(**of_budget)

    raised = declared | {"Budget": limit | {"BudgetLimit": {"Amount": 400, "Unit": "USD"}}}
    world.live("AWS::Budgets::Budget", declared, raised, outside, None, "NotificationsWithSubscribers", ("Id",))

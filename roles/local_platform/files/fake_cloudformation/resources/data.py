# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::RDS, AWS::ElastiCache, AWS::MSK, AWS::OpenSearchService, AWS::AmazonMQ, AWS::Backup: data and its copies."""

from __future__ import annotations

from typing import Any

from fake_cloudformation.contract import Context
from fake_cloudformation.resources.table import Call
from fake_cloudformation.resources.table import Name
from fake_cloudformation.resources.table import Part
from fake_cloudformation.resources.table import Row
from fake_cloudformation.resources.table import Scope
from fake_cloudformation.resources.tagging import Tagging


def rds_tags(attribute: str) -> Tagging:
    return Tagging("AddTagsToResource", "RemoveTagsFromResource", "ListTagsForResource", {"ResourceName": f"{{{attribute}}}"}, "TagList")


def own_arn(kind: str) -> str:
    return f"=arn:{{partition}}:rds:{{region}}:{{account}}:{kind}:{{id}}"


def set_parameters(context: Context, scope: Scope, before: dict[str, Any], after: dict[str, Any]) -> None:
    """A static parameter waits for a reboot; which ones are static only the service knows, so all wait."""
    client, new = context.client("rds"), after.get("Parameters") or {}
    changed = [{"ParameterName": key, "ParameterValue": str(value), "ApplyMethod": "pending-reboot"} for key, value in sorted(new.items())]
    for first in range(0, len(changed), 20):
        client.modify_db_parameter_group(DBParameterGroupName=scope["id"], Parameters=changed[first : first + 20])


def parameters(context: Context, scope: Scope) -> dict[str, str]:
    found = context.client("rds").describe_db_parameters(DBParameterGroupName=scope["id"])["Parameters"]
    declared = scope.get("Parameters") or {}
    return {item["ParameterName"]: item["ParameterValue"] for item in found if "ParameterValue" in item and item["ParameterName"] in declared}


RENAMED = {"VPCSecurityGroups": "VpcSecurityGroupIds", "EnableCloudwatchLogsExports": "EnableCloudwatchLogsExports"}


def create_instance(context: Context, scope: Scope, properties: dict[str, Any]) -> dict[str, Any]:
    """Where a database comes from decides which operation makes it."""
    if properties.get("SourceDBInstanceIdentifier"):
        taken, operation = properties, "CreateDBInstanceReadReplica"
    elif properties.get("DBSnapshotIdentifier"):
        taken, operation = properties, "RestoreDBInstanceFromDBSnapshot"
    else:
        taken, operation = properties, "CreateDBInstance"
    return Call(operation, takes=None, renames=RENAMED)(context, "rds", scope, taken)["DBInstance"]


def modify_instance(context: Context, scope: Scope, before: dict[str, Any], after: dict[str, Any]) -> None:
    changed = {key: item for key, item in after.items() if before.get(key) != item and key not in ("Tags", "DBInstanceIdentifier")}
    given: dict[str, Any] = {"DBInstanceIdentifier": "{id}", "ApplyImmediately": True}
    if "EngineVersion" in changed:
        given["AllowMajorVersionUpgrade"] = bool(after.get("AllowMajorVersionUpgrade", False))
    Call("ModifyDBInstance", given, None, RENAMED)(context, "rds", scope, changed)


ROWS = (
    Row(
        "AWS::RDS::DBSubnetGroup",
        "rds",
        Call("CreateDBSubnetGroup", takes=None),
        "DBSubnetGroup.DBSubnetGroupName",
        Call("DescribeDBSubnetGroups", {"DBSubnetGroupName": "{id}"}, answer="DBSubnetGroups[0]"),
        Call("DeleteDBSubnetGroup", {"DBSubnetGroupName": "{id}"}),
        {"DBSubnetGroupArn": "DBSubnetGroupArn"},
        {"SubnetIds": "Subnets[].SubnetIdentifier"},
        update_by=Call("ModifyDBSubnetGroup", {"DBSubnetGroupName": "{id}"}, ("SubnetIds", "DBSubnetGroupDescription")),
        tagging=rds_tags("DBSubnetGroupArn"),
        name=Name("DBSubnetGroupName", 255, lower=True),
    ),
    Row(
        "AWS::RDS::DBParameterGroup",
        "rds",
        Call("CreateDBParameterGroup", takes=None, renames={"Family": "DBParameterGroupFamily"}),
        "DBParameterGroup.DBParameterGroupName",
        Call("DescribeDBParameterGroups", {"DBParameterGroupName": "{id}"}, answer="DBParameterGroups[0]"),
        Call("DeleteDBParameterGroup", {"DBParameterGroupName": "{id}"}),
        {"DBParameterGroupArn": own_arn("pg")},
        {"Parameters": parameters, "Family": "DBParameterGroupFamily"},
        (Part(("Parameters",), set_parameters),),
        tagging=rds_tags("DBParameterGroupArn"),
        name=Name("DBParameterGroupName", 255, lower=True),
    ),
    Row(
        "AWS::RDS::DBInstance",
        "rds",
        create_instance,
        "DBInstanceIdentifier",
        Call("DescribeDBInstances", {"DBInstanceIdentifier": "{id}"}, answer="DBInstances[0]"),
        Call("DeleteDBInstance", {"DBInstanceIdentifier": "{id}", "SkipFinalSnapshot": True}),
        {
            "DBInstanceArn": "DBInstanceArn",
            "DbiResourceId": "DbiResourceId",
            "Endpoint.Address": "Endpoint.Address",
            "Endpoint.Port": "to_string(Endpoint.Port)",
            "MasterUserSecret.SecretArn": "MasterUserSecret.SecretArn",
        },
        {
            "VPCSecurityGroups": "VpcSecurityGroups[].VpcSecurityGroupId",
            "DBParameterGroupName": "DBParameterGroups[0].DBParameterGroupName",
            "DBSubnetGroupName": "DBSubnetGroup.DBSubnetGroupName",
            "Port": "Endpoint.Port",
            "EngineVersion": lambda context, scope: engine_version(scope),
            "EnableCloudwatchLogsExports": "EnabledCloudwatchLogsExports",
        },
        update_by=modify_instance,
        tagging=rds_tags("DBInstanceArn"),
        name=Name("DBInstanceIdentifier", 63, lower=True),
    ),
    Row(
        "AWS::ElastiCache::SubnetGroup",
        "elasticache",
        Call("CreateCacheSubnetGroup", takes=None, renames={"Description": "CacheSubnetGroupDescription"}),
        "CacheSubnetGroup.CacheSubnetGroupName",
        Call("DescribeCacheSubnetGroups", {"CacheSubnetGroupName": "{id}"}, answer="CacheSubnetGroups[0]"),
        Call("DeleteCacheSubnetGroup", {"CacheSubnetGroupName": "{id}"}),
        live={"SubnetIds": "Subnets[].SubnetIdentifier", "Description": "CacheSubnetGroupDescription"},
        update_by=Call(
            "ModifyCacheSubnetGroup", {"CacheSubnetGroupName": "{id}"}, ("SubnetIds", "Description"), {"Description": "CacheSubnetGroupDescription"}
        ),
        tagging=Tagging("AddTagsToResource", "RemoveTagsFromResource", "ListTagsForResource", {"ResourceName": "{ARN}"}, "TagList"),
        name=Name("CacheSubnetGroupName", 255, lower=True),
    ),
    Row(
        "AWS::ElastiCache::ReplicationGroup",
        "elasticache",
        Call("CreateReplicationGroup", takes=None),
        "ReplicationGroup.ReplicationGroupId",
        Call("DescribeReplicationGroups", {"ReplicationGroupId": "{id}"}, answer="ReplicationGroups[0]"),
        Call("DeleteReplicationGroup", {"ReplicationGroupId": "{id}"}),
        {
            "PrimaryEndPoint.Address": "NodeGroups[0].PrimaryEndpoint.Address",
            "PrimaryEndPoint.Port": "to_string(NodeGroups[0].PrimaryEndpoint.Port)",
            "ReaderEndPoint.Address": "NodeGroups[0].ReaderEndpoint.Address",
            "ReaderEndPoint.Port": "to_string(NodeGroups[0].ReaderEndpoint.Port)",
            "ConfigurationEndPoint.Address": "ConfigurationEndpoint.Address",
        },
        {"ReplicationGroupDescription": "Description", "AutomaticFailoverEnabled": "AutomaticFailover == 'enabled'", "MultiAZEnabled": "MultiAZ == 'enabled'"},
        update_by=Call("ModifyReplicationGroup", {"ReplicationGroupId": "{id}", "ApplyImmediately": True}, None),
        tagging=Tagging("AddTagsToResource", "RemoveTagsFromResource", "ListTagsForResource", {"ResourceName": "{ARN}"}, "TagList"),
        name=Name("ReplicationGroupId", 40, lower=True),
    ),
    Row(
        "AWS::MSK::Cluster",
        "kafka",
        Call("CreateCluster", takes=None),
        "ClusterArn",
        Call("DescribeCluster", {"ClusterArn": "{id}"}, answer="ClusterInfo"),
        Call("DeleteCluster", {"ClusterArn": "{id}"}),
        {"Arn": "ClusterArn", "CurrentVersion": "CurrentVersion"},
        {"KafkaVersion": "CurrentBrokerSoftwareInfo.KafkaVersion"},
        tagging=Tagging("TagResource", "UntagResource", "ListTagsForResource", {"ResourceArn": "{id}"}, "Tags"),
    ),
    Row(
        "AWS::OpenSearchService::Domain",
        "opensearch",
        Call("CreateDomain", takes=None),
        "DomainStatus.DomainName",
        Call("DescribeDomain", {"DomainName": "{id}"}, answer="DomainStatus"),
        Call("DeleteDomain", {"DomainName": "{id}"}),
        {"Id": "DomainId", "Arn": "ARN", "DomainArn": "ARN", "DomainEndpoint": "Endpoint || Endpoints.vpc"},
        update_by=Call("UpdateDomainConfig", {"DomainName": "{id}"}, None),
        tagging=Tagging("AddTags", "RemoveTags", "ListTags", {"ARN": "{Arn}"}, "TagList"),
        name=Name("DomainName", 28, lower=True),
    ),
    Row(
        "AWS::AmazonMQ::Broker",
        "mq",
        Call("CreateBroker", takes=None),
        "BrokerId",
        Call("DescribeBroker", {"BrokerId": "{id}"}),
        Call("DeleteBroker", {"BrokerId": "{id}"}),
        {"Id": "BrokerId", "Arn": "BrokerArn", "AmqpEndpoints": "BrokerInstances[].Endpoints[]", "IpAddresses": "BrokerInstances[].IpAddress"},
        {"Users": lambda context, scope: scope.get("Users")},
        update_by=Call("UpdateBroker", {"BrokerId": "{id}"}, ("EngineVersion", "HostInstanceType", "SecurityGroups", "AutoMinorVersionUpgrade", "Logs")),
        tagging=Tagging("CreateTags", "DeleteTags", "ListTags", {"ResourceArn": "{Arn}"}, "Tags"),
    ),
    Row(
        "AWS::Backup::BackupVault",
        "backup",
        Call("CreateBackupVault", takes=("BackupVaultName", "EncryptionKeyArn")),
        "BackupVaultName",
        Call("ListBackupVaults", answer="BackupVaultList[?BackupVaultName=='{id}'] | [0]"),
        Call("DeleteBackupVault", {"BackupVaultName": "{id}"}),
        {"BackupVaultArn": "BackupVaultArn", "BackupVaultName": "BackupVaultName"},
        tagging=Tagging("TagResource", "UntagResource", "ListTags", {"ResourceArn": "{BackupVaultArn}"}, "Tags", property="BackupVaultTags"),
    ),
)


def engine_version(scope: Scope) -> str:
    """A declared major version is met by each of its minor ones."""
    declared, live = str(scope.get("EngineVersion", "")), str(scope["thing"]["EngineVersion"])
    return declared if live == declared or live.startswith(declared + ".") else live

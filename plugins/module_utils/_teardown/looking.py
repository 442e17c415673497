# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Reads resources that hold data by their own services: whether they are there, protected, and of what size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import CallError

# Each service has a word of its own for what is not there.
GONE = ("NotFound", "NoSuch", "DoesNotExist")


@dataclass(frozen=True)
class Look:
    """`service` answers `operation` with the identifier under `takes`; the thing lies at `path`, its protection at `protected`."""

    service: str
    operation: str
    takes: str
    path: tuple[str | int, ...]
    protected: str = ""


LOOKS = {
    "AWS::AmazonMQ::Broker": Look("mq", "DescribeBroker", "BrokerId", ()),
    "AWS::DynamoDB::Table": Look("dynamodb", "DescribeTable", "TableName", ("Table",), "DeletionProtectionEnabled"),
    "AWS::ECR::Repository": Look("ecr", "DescribeRepositories", "repositoryNames", ("repositories", 0)),
    "AWS::EFS::FileSystem": Look("efs", "DescribeFileSystems", "FileSystemId", ("FileSystems", 0)),
    "AWS::EKS::Cluster": Look("eks", "DescribeCluster", "name", ("cluster",), "deletionProtection"),
    "AWS::ElastiCache::ReplicationGroup": Look("elasticache", "DescribeReplicationGroups", "ReplicationGroupId", ("ReplicationGroups", 0)),
    "AWS::ElastiCache::ServerlessCache": Look("elasticache", "DescribeServerlessCaches", "ServerlessCacheName", ("ServerlessCaches", 0)),
    "AWS::KMS::Key": Look("kms", "DescribeKey", "KeyId", ("KeyMetadata",)),
    "AWS::KMS::ReplicaKey": Look("kms", "DescribeKey", "KeyId", ("KeyMetadata",)),
    "AWS::MSK::Cluster": Look("kafka", "DescribeClusterV2", "ClusterArn", ("ClusterInfo",)),
    "AWS::OpenSearchService::Domain": Look("opensearch", "DescribeDomain", "DomainName", ("DomainStatus",)),
    "AWS::RDS::DBCluster": Look("rds", "DescribeDBClusters", "DBClusterIdentifier", ("DBClusters", 0), "DeletionProtection"),
    "AWS::RDS::DBInstance": Look("rds", "DescribeDBInstances", "DBInstanceIdentifier", ("DBInstances", 0), "DeletionProtection"),
    "AWS::S3::Bucket": Look("s3", "HeadBucket", "Bucket", ()),
    "AWS::SecretsManager::Secret": Look("secretsmanager", "DescribeSecret", "SecretId", ()),
}
LISTED = ("repositoryNames",)


def is_gone(error: CallError) -> bool:
    """Whether the service says that there is no such thing."""
    return error.code == "404" or any(word in error.code for word in GONE)


def look(calls: Any, kind: str, region: str, identifier: str) -> dict[str, Any] | None:
    """The thing as its service describes it; None where there is none. Raises CallError, KeyError for a type that has no row."""
    row = LOOKS[kind]
    try:
        found: Any = calls(region, row.operation, row.service, **{row.takes: [identifier] if row.takes in LISTED else identifier})
    except CallError as error:
        if is_gone(error):
            return None
        raise
    for part in row.path:
        if not found or (isinstance(found, Mapping) and part not in found):
            return None
        found = found[part]
    return found


def is_protected(kind: str, thing: Mapping[str, Any] | None) -> bool:
    """Whether the service itself would refuse to delete it."""
    return bool(thing and LOOKS[kind].protected and thing.get(LOOKS[kind].protected))

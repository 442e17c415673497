# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Update or replacement: the schemas' lists are those of cfn-lint, the table decides the rest, nothing stateful is guessed."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._stacks import replacement_schemas
from ansible_collections.llmops.platform.plugins.module_utils._stacks.replacement import verdict
from ansible_collections.llmops.platform.plugins.module_utils._stacks.replacement_table import ROWS
from ansible_collections.llmops.platform.plugins.module_utils._stacks.stateful import GUARDS
from tests.support import stack_schemas

DB, SEARCH, CACHE, MSK = "AWS::RDS::DBInstance", "AWS::OpenSearchService::Domain", "AWS::ElastiCache::ReplicationGroup", "AWS::MSK::Cluster"


def test_the_committed_lists_are_those_of_the_schemas() -> None:
    pytest.importorskip("cfnlint")
    for name, types in stack_schemas.data().items():
        committed = {kind: paths.split() for kind, paths in getattr(replacement_schemas, name).items()}
        assert committed == {kind: paths.split() for kind, paths in types.items()}, "run tests/support/stack_schemas.py"


def test_guards_name_properties_of_the_schemas() -> None:
    for kind, guard in GUARDS.items():
        settable = replacement_schemas.PROPERTIES[kind].split()
        assert all(name in settable for name in (guard.name, guard.protection) if name), kind


def test_rows_name_properties_of_the_schemas() -> None:
    for row in ROWS:
        assert row.property.split(".")[0] in replacement_schemas.PROPERTIES[row.type].split(), row
        assert row.action in ("update", "restart", "replace") and row.source and row.condition


@pytest.mark.parametrize(
    ("kind", "path", "before", "after", "policy", "action"),
    [
        (DB, "KmsKeyId", {}, {}, {}, "replace"),
        (DB, "StorageEncrypted", {}, {}, {}, "replace"),
        (DB, "DBSubnetGroupName", {}, {}, {}, "replace"),
        (DB, "DBSnapshotIdentifier", {"DBSnapshotIdentifier": "a"}, {}, {}, "replace"),
        (DB, "SourceDBInstanceIdentifier", {"SourceDBInstanceIdentifier": "a"}, {}, {}, "replace"),
        (DB, "Engine", {"Engine": "postgres"}, {"Engine": "mysql"}, {}, "replace"),
        (DB, "EngineVersion", {"EngineVersion": "16"}, {"EngineVersion": "17"}, {}, "restart"),
        (DB, "MultiAZ", {"Engine": "postgres", "MultiAZ": False}, {"Engine": "postgres", "MultiAZ": True}, {}, "update"),
        (DB, "MultiAZ", {"Engine": "sqlserver-ee", "MultiAZ": False}, {"Engine": "sqlserver-ee", "MultiAZ": True}, {}, "unknown"),
        (DB, "BackupRetentionPeriod", {"BackupRetentionPeriod": 7}, {"BackupRetentionPeriod": 35}, {}, "update"),
        (DB, "BackupRetentionPeriod", {"BackupRetentionPeriod": "7"}, {"BackupRetentionPeriod": "0"}, {}, "restart"),
        (DB, "BackupRetentionPeriod", {"BackupRetentionPeriod": 7}, {"BackupRetentionPeriod": {"Ref": "Days"}}, {}, "unknown"),
        (DB, "DBParameterGroupName", {"DBParameterGroupName": "a"}, {"DBParameterGroupName": "b"}, {}, "restart"),
        (DB, "DBParameterGroupName", {"DBParameterGroupName": "a"}, {}, {}, "unknown"),
        (DB, "AllocatedStorage", {}, {}, {}, "update"),
        (DB, "Tags", {}, {}, {}, "update"),
        (DB, "NoSuchProperty", {}, {}, {}, "unknown"),
        ("AWS::RDS::DBCluster", "GlobalClusterIdentifier", {"GlobalClusterIdentifier": "a"}, {}, {}, "unknown"),
        (SEARCH, "EngineVersion", {"EngineVersion": "OpenSearch_2.11"}, {"EngineVersion": "OpenSearch_2.13"}, {"EnableVersionUpgrade": True}, "update"),
        (SEARCH, "EngineVersion", {"EngineVersion": "OpenSearch_2.11"}, {"EngineVersion": "OpenSearch_2.13"}, {}, "replace"),
        (SEARCH, "DomainName", {}, {}, {"EnableVersionUpgrade": True}, "replace"),
        (
            SEARCH,
            "EncryptionAtRestOptions.Enabled",
            {"EngineVersion": "OpenSearch_2.11"},
            {"EngineVersion": "OpenSearch_2.11", "EncryptionAtRestOptions": {"Enabled": True}},
            {},
            "update",
        ),
        (
            SEARCH,
            "EncryptionAtRestOptions.KmsKeyId",
            {"EngineVersion": "OpenSearch_2.11", "EncryptionAtRestOptions": {"Enabled": True, "KmsKeyId": "a"}},
            {"EngineVersion": "OpenSearch_2.11", "EncryptionAtRestOptions": {"Enabled": True, "KmsKeyId": "b"}},
            {},
            "replace",
        ),
        (SEARCH, "EncryptionAtRestOptions.Enabled", {"EncryptionAtRestOptions": {"Enabled": True}}, {}, {}, "replace"),
        (SEARCH, "ClusterConfig.InstanceCount", {}, {}, {}, "update"),
        (CACHE, "NumNodeGroups", {"NumNodeGroups": 2}, {"NumNodeGroups": 3}, {"UseOnlineResharding": True}, "update"),
        (CACHE, "NumNodeGroups", {"NumNodeGroups": 2}, {"NumNodeGroups": 3}, {}, "replace"),
        (CACHE, "Port", {}, {}, {}, "replace"),
        (CACHE, "CacheSubnetGroupName", {}, {}, {}, "replace"),
        (CACHE, "KmsKeyId", {}, {}, {}, "replace"),
        (CACHE, "AuthToken", {}, {}, {}, "unknown"),
        (CACHE, "CacheNodeType", {}, {}, {}, "update"),
        (MSK, "BrokerNodeGroupInfo.SecurityGroups", {}, {}, {}, "replace"),
        (MSK, "BrokerNodeGroupInfo.ClientSubnets.0", {}, {}, {}, "replace"),
        (MSK, "BrokerNodeGroupInfo.InstanceType", {}, {}, {}, "restart"),
        (MSK, "BrokerNodeGroupInfo.StorageInfo.EBSStorageInfo.VolumeSize", {}, {}, {}, "update"),
        # A whole map: what is create-only in it is equal, or not.
        (MSK, "BrokerNodeGroupInfo", {"BrokerNodeGroupInfo": {"ClientSubnets": ["a"]}}, {"BrokerNodeGroupInfo": {"ClientSubnets": ["b"]}}, {}, "replace"),
        (
            MSK,
            "BrokerNodeGroupInfo",
            {"BrokerNodeGroupInfo": {"ClientSubnets": ["a"]}},
            {"BrokerNodeGroupInfo": {"ClientSubnets": ["a"], "X": 1}},
            {},
            "update",
        ),
        ("AWS::EKS::Cluster", "EncryptionConfig.0.Provider.KeyArn", {}, {}, {}, "replace"),
        ("AWS::EKS::Cluster", "RoleArn", {}, {}, {}, "replace"),
        ("AWS::EKS::Cluster", "Version", {}, {}, {}, "update"),
        ("AWS::EKS::Cluster", "AccessConfig.AuthenticationMode", {}, {}, {}, "update"),
        ("AWS::EKS::Nodegroup", "InstanceTypes", {}, {}, {}, "replace"),
        ("AWS::EKS::Nodegroup", "Labels.pool", {}, {}, {}, "update"),
        ("AWS::EC2::VPC", "CidrBlock", {}, {}, {}, "replace"),
        ("AWS::EC2::Subnet", "Ipv6CidrBlock", {}, {"Ipv6CidrBlock": "x"}, {}, "update"),
        ("AWS::EC2::Subnet", "Ipv6CidrBlock", {"Ipv6CidrBlock": "x"}, {}, {}, "replace"),
        ("AWS::S3::Bucket", "BucketEncryption", {}, {}, {}, "update"),
        ("AWS::Nobody::Knows", "Thing", {}, {}, {}, "unknown"),
    ],
)
def test_verdict(kind: str, path: str, before: dict, after: dict, policy: dict, action: str) -> None:
    found = verdict(kind, path, before, after, policy)
    assert found.action == action
    assert bool(found.remedy) == (action == "unknown")
    assert found.source or action == "unknown"


@pytest.mark.parametrize("kind", [kind for kind in GUARDS if kind in replacement_schemas.CONDITIONAL])
def test_every_conditional_property_of_what_holds_data_has_a_row_or_is_refused(kind: str) -> None:
    for path in replacement_schemas.CONDITIONAL[kind].split():
        found = verdict(kind, path, {}, {})
        assert found.action != "unknown" or "replacement_table.py" in found.remedy


def test_every_create_only_property_replaces() -> None:
    tabled = {(row.type, row.property) for row in ROWS}
    for kind, paths in replacement_schemas.CREATE_ONLY.items():
        for path in paths.split():
            if (kind, path) not in tabled:
                assert verdict(kind, path, {}, {}).action == "replace", (kind, path)

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The properties of an import, and what the update after it would change."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._adoption import comparing
from ansible_collections.llmops.platform.plugins.module_utils._stacks.intrinsics import UNKNOWN

DATABASE = "AWS::RDS::DBInstance"
SECRET = "{{resolve:secretsmanager:hub/postgresql:SecretString:password}}"
TAGS = [{"Key": "Name", "Value": "main"}]


@pytest.mark.parametrize(
    ("kind", "declared", "live", "expected"),
    [
        pytest.param(
            "AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}, {"CidrBlock": "10.1.0.0/16", "VpcId": "vpc-1"}, {"CidrBlock": "10.1.0.0/16"}, id="live value"
        ),
        pytest.param("AWS::EC2::VPC", {}, {"CidrBlock": "10.1.0.0/16", "InstanceTenancy": "default"}, {}, id="not declared, not imported"),
        pytest.param("AWS::EC2::Subnet", {}, {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24"}, {"VpcId": "vpc-1"}, id="required by the schema"),
        pytest.param("AWS::EC2::VPC", {"VpcId": "vpc-2"}, {"VpcId": "vpc-1"}, {}, id="read-only"),
        pytest.param(
            "AWS::EC2::VPC", {"Tags": []}, {"Tags": [*TAGS, {"Key": "aws:cloudformation:stack-name", "Value": "x"}]}, {"Tags": TAGS}, id="tags of AWS"
        ),
        pytest.param(DATABASE, {"EngineVersion": "16"}, {"EngineVersion": "16.4"}, {"EngineVersion": "16"}, id="a major version is met by its minor ones"),
        pytest.param(DATABASE, {"MasterUserPassword": SECRET}, {}, {}, id="a password is left to the update"),
        pytest.param(DATABASE, {"AllowMajorVersionUpgrade": True}, {}, {"AllowMajorVersionUpgrade": True}, id="write-only, as declared"),
        pytest.param(DATABASE, {"AllowMajorVersionUpgrade": UNKNOWN}, {}, {}, id="write-only and not known"),
        pytest.param("AWS::EC2::Subnet", {"VpcId": UNKNOWN}, {"VpcId": "vpc-1"}, {"VpcId": "vpc-1"}, id="not known yet"),
        pytest.param(
            "AWS::EKS::Cluster",
            {"KubernetesNetworkConfig": {"IpFamily": "ipv4"}},
            {"KubernetesNetworkConfig": {"IpFamily": "ipv4", "ServiceIpv4Cidr": "172.20.0.0/16"}},
            {"KubernetesNetworkConfig": {"IpFamily": "ipv4"}},
            id="inner keys too",
        ),
    ],
)
def test_properties_of_an_import(kind, declared, live, expected):
    assert comparing.imported(kind, declared, live) == expected


@pytest.mark.parametrize(
    ("kind", "declared", "live", "expected"),
    [
        ("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}, {"CidrBlock": "10.1.0.0/16"}, [("CidrBlock", "replace")]),
        ("AWS::EC2::VPC", {"EnableDnsSupport": True}, {"EnableDnsSupport": False}, [("EnableDnsSupport", "update")]),
        ("AWS::EC2::VPC", {"EnableDnsSupport": "true"}, {"EnableDnsSupport": True}, []),
        ("AWS::Logs::LogGroup", {"RetentionInDays": 30}, {}, [("RetentionInDays", "update")]),
        ("AWS::EC2::Subnet", {"VpcId": UNKNOWN}, {"VpcId": "vpc-1"}, []),
        (DATABASE, {"MasterUserPassword": SECRET}, {}, []),
        (DATABASE, {"KmsKeyId": "arn:aws:kms:us-east-1:1:key/ab"}, {"KmsKeyId": "arn:aws:kms:us-east-1:1:key/cd"}, [("KmsKeyId", "replace")]),
        (DATABASE, {"KmsKeyId": "ab"}, {"KmsKeyId": "arn:aws:kms:us-east-1:1:key/ab"}, []),
        (DATABASE, {"DBInstanceClass": "db.r6g.large"}, {"DBInstanceClass": "db.t4g.micro"}, [("DBInstanceClass", "restart")]),
        ("AWS::IAM::Role", {"AssumeRolePolicyDocument": {"A": ["b", "c"]}}, {"AssumeRolePolicyDocument": '{"A": ["c", "b"]}'}, []),
        ("AWS::Route53::HostedZone", {"Name": "example.org"}, {"Name": "example.org."}, []),
        ("AWS::EKS::Nodegroup", {"InstanceTypes": ["m7g.large"]}, {"InstanceTypes": ["t3.medium"]}, [("InstanceTypes", "replace")]),
    ],
)
def test_what_an_update_would_change(kind, declared, live, expected):
    assert [(one.path, one.action) for one in comparing.differences(kind, declared, live)] == expected


def test_no_secret_is_shown():
    (found,) = comparing.differences("AWS::SSM::Parameter", {"Value": "AKIAIOSFODNN7EXAMPLE"}, {"Value": "AKIAIOSFODNN7EXAMPLF"})
    assert "AKIA" not in found.words

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets in templates are refused without being repeated, and masked in plans."""

from __future__ import annotations

import hashlib
import json

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._stacks.secrets import fingerprint
from ansible_collections.llmops.platform.plugins.module_utils._stacks.secrets import problems
from ansible_collections.llmops.platform.plugins.module_utils._stacks.secrets import shown
from ansible_collections.llmops.platform.plugins.module_utils._stacks.templates import load

REGION = "us-east-1"
ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:orders-AbCdEf"
KEY = "AKIA" + "ABCDEFGHIJKLMNOP"
PEM = "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE"


def _found(kind: str, properties: dict, parameters: dict | None = None, literals: dict | None = None) -> list[str]:
    body = {"Parameters": parameters or {}, "Resources": {"R": {"Type": kind, "Properties": properties}}}
    return problems(load(json.dumps(body)), REGION, literals or {})


@pytest.mark.parametrize(
    ("kind", "properties", "words"),
    [
        ("AWS::RDS::DBInstance", {"MasterUserPassword": "hunter2!"}, "Properties.MasterUserPassword is a literal secret"),
        ("AWS::RDS::DBInstance", {"MasterUserPassword": {"Ref": "Password"}}, "Properties.MasterUserPassword is a literal secret"),
        ("AWS::RDS::DBInstance", {"MasterUserPassword": {"Fn::Sub": "hunter2!-${AWS::Region}"}}, "literal secret"),
        ("AWS::RDS::DBInstance", {"MasterUserPassword": {"Fn::If": ["C", "hunter2!", {"Ref": "AWS::NoValue"}]}}, "literal secret"),
        ("AWS::RDS::DBInstance", {"MasterUserPassword": "hunter2!{{resolve:secretsmanager:a}}"}, "literal secret"),
        ("AWS::ElastiCache::ReplicationGroup", {"AuthToken": "hunter2!"}, "Properties.AuthToken is a literal secret"),
        ("AWS::ElastiCache::User", {"Passwords": ["hunter2!"]}, "Properties.Passwords is a literal secret"),
        ("AWS::SecretsManager::Secret", {"SecretString": "hunter2!"}, "Properties.SecretString is a literal secret"),
        ("AWS::AmazonMQ::Broker", {"Users": [{"Username": "a", "Password": "hunter2!"}]}, "Properties.Users.0.Password is a literal secret"),
        ("AWS::OpenSearchService::Domain", {"AdvancedSecurityOptions": {"MasterUserOptions": {"MasterUserPassword": "hunter2!"}}}, "literal secret"),
        ("AWS::Lambda::Function", {"Environment": {"Variables": {"DB_PASSWORD": "hunter2!"}}}, "DB_PASSWORD is a literal secret"),
        ("AWS::SSM::Parameter", {"Value": PEM}, "holds a private key"),
        ("AWS::SSM::Parameter", {"Value": f"id={KEY};"}, "holds an AWS access key"),
        ("AWS::SSM::Parameter", {"Value": "postgres://app:hunter2!@db/orders"}, "an address with a password"),
        ("AWS::SSM::Parameter", {"Value": {"Fn::Sub": f"x {PEM}"}}, "holds a private key"),
        ("AWS::RDS::DBInstance", {"MasterUserPassword": "{{resolve:ssm-secure:/a:1}}"}, "resolves 'ssm-secure'"),
        ("AWS::RDS::DBInstance", {"DBName": "{{resolve:ssm:/a:1}}"}, "resolves 'ssm'"),
        ("AWS::RDS::DBInstance", {"MasterUserPassword": f"{{{{resolve:secretsmanager:{ARN.replace('us-east-1', 'us-west-2')}}}}}"}, "region us-west-2"),
    ],
)
def test_refused(kind: str, properties: dict, words: str) -> None:
    found = _found(kind, properties, {"Password": {"Type": "String"}})
    assert any(words in problem for problem in found), found
    assert not any(secret in problem for problem in found for secret in ("hunter2!", KEY, "MIIE"))


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("AWS::RDS::DBInstance", {"ManageMasterUserPassword": True, "MasterUsername": "app"}),
        ("AWS::RDS::DBInstance", {"MasterUserPassword": "{{resolve:secretsmanager:orders:SecretString:password}}"}),
        ("AWS::RDS::DBInstance", {"MasterUserPassword": f"{{{{resolve:secretsmanager:{ARN}:SecretString:password}}}}"}),
        ("AWS::RDS::DBInstance", {"MasterUserPassword": {"Fn::Sub": "{{resolve:secretsmanager:${Secret}:SecretString:password}}"}}),
        ("AWS::RDS::DBInstance", {"MasterUserPassword": {"Fn::Sub": "{{resolve:secretsmanager:arn:aws:secretsmanager:${AWS::Region}:1:secret:a}}"}}),
        ("AWS::RDS::DBInstance", {"MasterUserPassword": {"Fn::Join": ["", ["{{resolve:secretsmanager:", {"Ref": "Secret"}, ":SecretString:p}}"]]}}),
        ("AWS::RDS::DBInstance", {"MasterUserPassword": {"Fn::If": ["C", "{{resolve:secretsmanager:a}}", {"Ref": "AWS::NoValue"}]}}),
        ("AWS::SecretsManager::Secret", {"GenerateSecretString": {"SecretStringTemplate": '{"username": "app"}', "GenerateStringKey": "password"}}),
        ("AWS::IAM::Role", {"Policies": [{"PolicyName": "secret-reader", "PolicyDocument": {"Statement": [{"Action": "secretsmanager:GetSecretValue"}]}}]}),
        ("AWS::SSM::Parameter", {"Value": "https://example.com:8443/a@b"}),
        ("AWS::Lambda::Function", {"Environment": {"Variables": {"SECRET_NAME": "orders"}}}),
    ],
)
def test_taken(kind: str, properties: dict) -> None:
    assert _found(kind, properties) == []


@pytest.mark.parametrize(
    ("parameters", "literals", "words"),
    [
        ({"P": {"Type": "String", "NoEcho": True}}, {"P": "hunter2!"}, "parameter P holds a secret (the template says NoEcho)"),
        ({"P": {"Type": "String", "NoEcho": "true", "Default": "hunter2!"}}, {}, "parameter P has NoEcho and a Default"),
        ({"P": {"Type": "String"}}, {"P": KEY}, "parameter P holds an AWS access key"),
        ({"P": {"Type": "String"}}, {"P": "{{resolve:ssm-secure:/a}}"}, "parameter P resolves 'ssm-secure'"),
    ],
)
def test_parameters(parameters: dict, literals: dict, words: str) -> None:
    found = _found("AWS::EC2::VPC", {}, parameters, literals)
    assert len(found) == 1 and words in found[0] and "hunter2!" not in found[0]


def test_a_reference_may_be_the_value_of_a_hidden_parameter() -> None:
    assert _found("AWS::EC2::VPC", {}, {"P": {"Type": "String", "NoEcho": True}}, {"P": "{{resolve:secretsmanager:a}}"}) == []


def test_fingerprint() -> None:
    assert fingerprint("a") == "sha256:" + hashlib.sha256(b"a").hexdigest()[:8]
    assert fingerprint({"b": 1, "a": 2}) == fingerprint({"a": 2, "b": 1}) and fingerprint("\ud800").startswith("sha256:")


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("Engine", "postgres", "postgres"),
        ("MasterUserPassword", "hunter2!", fingerprint("hunter2!")),
        ("MasterUserPassword", "{{resolve:secretsmanager:a}}", "{{resolve:secretsmanager:a}}"),
        ("Users", [{"Username": "a", "Password": "hunter2!"}], [{"Username": "a", "Password": fingerprint("hunter2!")}]),
        ("Passwords", ["hunter2!"], fingerprint(["hunter2!"])),
        ("Value", PEM, fingerprint(PEM)),
        ("Tags", [{"Key": "a", "Value": KEY}], [{"Key": "a", "Value": fingerprint(KEY)}]),
        ("Count", 3, 3),
        ("Nothing", None, None),
    ],
)
def test_shown(path: str, value: object, expected: object) -> None:
    assert shown(path, value) == expected

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets: how the service makes their values, where they are copied to, and that no value is ever taken from an inventory."""

from __future__ import annotations

import json

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._encryption.secrets import secret_entries
from ansible_collections.llmops.platform.plugins.module_utils._encryption.secrets import secret_policy
from ansible_collections.llmops.platform.plugins.module_utils._encryption.stacks import secret_facts
from ansible_collections.llmops.platform.plugins.module_utils._encryption.stacks import secret_parameters

STORES = {"store": {"provider": "aws_secrets_manager"}, "vault": {"provider": "vault"}}
SETTINGS = {
    "platform": "shop",
    "environment": "dev",
    "region": "us-east-1",
    "replica_regions": ["us-west-2"],
    "rotation_days": 90,
    "rotation_window": "sun:03:00-sun:05:00",
}


def reference(store="store", **keys) -> dict:
    return {"store": store, "namespace": "shop", "keys": {key: {"path": path, "property": name} for key, (path, name) in keys.items()}}


def entries(references=None, declared=None, **changes) -> dict[str, dict]:
    found = secret_entries({"shop": reference(**references)} if references else {}, STORES, declared or {}, {**SETTINGS, **changes})
    return {entry["name"]: entry for entry in found}


def test_what_the_cluster_reads_is_made():
    found = entries({"PASSWORD": ("shop/dev/postgresql", "password"), "KEY": ("shop/dev/token-keys/jwt", "key")})
    assert list(found) == ["postgresql", "token_keys_jwt"]
    assert found["postgresql"] == {
        "name": "postgresql",
        "id": "Postgresql",
        "path": "shop/dev/postgresql",
        "properties": ["password"],
        "generated": "password",
        "length": 40,
        "attributes": {},
        "description": "",
        "replica_regions": ["us-west-2"],
        "primary": True,
        "readers": [],
        "services": [],
        "rotation_days": 90,
        "rotation_window": "sun:03:00-sun:05:00",
    }
    assert (found["token_keys_jwt"]["id"], found["token_keys_jwt"]["generated"]) == ("TokenKeysJwt", "key")


def test_what_stands_in_another_store_is_not():
    assert secret_entries({"shop": reference("vault", A=("a/b", "c")), "other": reference("nowhere", A=("a/b", "c"))}, STORES, {}, SETTINGS) == []


def test_what_is_said_of_a_secret_is_laid_over_it():
    found = entries({"P": ("shop/dev/db", "password"), "U": ("shop/dev/db", "username")}, {"db": {"attributes": {"username": "shop"}, "length": 64}})
    assert found["db"]["properties"] == ["password", "username"]
    assert (found["db"]["generated"], found["db"]["length"], found["db"]["attributes"]) == ("password", 64, {"username": "shop"})


def test_a_value_given_from_outside_is_not_generated():
    found = entries({"A": ("shop/dev/provider", "openai"), "B": ("shop/dev/provider", "google")}, {"provider": {"generate": False}})
    assert found["provider"]["generated"] == ""
    assert found["provider"]["properties"] == ["google", "openai"]


@pytest.mark.parametrize(
    ("options", "region", "primary", "regions"),
    [
        ({}, "us-east-1", True, ["us-west-2"]),
        ({}, "us-west-2", False, ["us-west-2"]),
        ({"replicate": False}, "us-west-2", True, []),
        ({"replicate": False}, "us-east-1", True, []),
    ],
)
def test_where_a_secret_is(options, region, primary, regions):
    found = entries({"P": ("shop/dev/db", "password")}, {"db": options}, region=region)["db"]
    assert (found["primary"], found["replica_regions"]) == (primary, regions)


def test_parameters_and_facts():
    assert secret_parameters("Cluster", "us-east-1", ["us-west-2"], "shop-dev-encryption") == {
        "KeyArn": {"stack": "us-east-1/shop-dev-encryption", "output": "ClusterKeyArn"},
        "ReplicaKeyArn1": {"stack": "us-west-2/shop-dev-encryption", "output": "ClusterKeyArn"},
    }
    found = secret_facts(entries({"P": ("shop/dev/db", "password")}).values(), {"DbSecretArn": "arn:1"}, "us-east-1", "123456789012")
    assert found["db"]["arn"] == "arn:1" and found["db"]["store_path"] == "shop/dev/db"
    assert found["db"]["arn_pattern"] == "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/dev/db-??????"
    assert found["db"]["rotation"] == {"days": 90, "window": "sun:03:00-sun:05:00"}
    replica = secret_facts(entries({"P": ("shop/dev/db", "password")}, region="us-west-2").values(), {}, "us-west-2", "123456789012")["db"]
    assert replica["replica"] and replica["arn"] == "" and ":us-west-2:" in replica["arn_pattern"]


def test_the_policy_shuts_out_other_accounts_and_other_readers():
    declared = {"db": {"path": "db", "readers": {"app": "shop-dev-app-*"}, "services": {"kafka": True, "rds": False}}}
    found = {entry["Sid"]: entry for entry in secret_policy(entries(declared=declared)["db"])["Statement"]}
    assert found["DenyOtherAccounts"]["Condition"]["StringNotEquals"] == {"aws:PrincipalAccount": {"Ref": "AWS::AccountId"}}
    assert found["DenyOtherReaders"]["Condition"]["ArnNotLike"]["aws:PrincipalArn"] == [
        {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/shop-dev-app-*"}
    ]
    assert found["ReadByServices"]["Principal"] == {"Service": ["kafka.amazonaws.com"]}
    # A service of Amazon's has no account, and would be shut out by a bare comparison.
    assert all(entry["Condition"]["Bool"] == {"aws:PrincipalIsAWSService": "false"} for entry in found.values() if entry["Effect"] == "Deny")


@pytest.mark.parametrize(
    ("references", "declared", "said"),
    [
        ({}, {"a": {"path": "x"}, "b": {"path": "x"}}, "a and b are one secret, the path of both is 'x'"),
        ({"P": ("shop/dev/db", "password")}, {"other": {"path": "shop/dev/db"}}, "db and other are one secret, the path of both is 'shop/dev/db'"),
        ({"P": ("shop/dev/a-b", "x"), "Q": ("shop/dev/a/b", "x")}, {}, "would both be called a_b"),
        (
            {"P": ("shop/dev/db", "password")},
            {"db": {"path": "elsewhere"}},
            "encryption_secrets.db.path is 'elsewhere', but external_secrets_secrets reads it at",
        ),
        ({"P": ("shop/dev/db", "a"), "Q": ("shop/dev/db", "b")}, {}, "encryption_secrets.db: a, b are read of it and one value can be generated"),
        ({}, {"db": {}}, "encryption_secrets.db.path is None"),
        ({}, {"db": {"path": "a b"}}, "encryption_secrets.db.path is 'a b'"),
        ({}, {"db": {"path": "orders-abc123"}}, "not ending in a hyphen and six characters"),
        ({}, {"db": {"path": "x", "length": 16}}, "encryption_secrets.db.length is 16; give 32 to 128 characters"),
        ({}, {"db": {"path": "x", "rotation_days": 0}}, "encryption_secrets.db.rotation_days is 0; give 1 to 1000 days"),
        ({}, {"db": {"path": "x", "rotation_window": "sometimes"}}, "give it as sun:03:00-sun:05:00"),
        ({}, {"db": {"path": "x", "colour": "red"}}, "encryption_secrets.db.colour is unknown"),
        ({}, {"db": {"path": "x", "readers": {"a": "arn:x"}}}, "encryption_secrets.db.readers has 'arn:x'"),
        ({}, {"db": {"path": "x", "services": {"kafka.amazonaws.com": True}}}, "give the first part of the service's principal"),
        ({}, {"db": {"path": "x", "property": "user", "attributes": {"user": "x"}}}, "is an attribute too"),
        ({}, {"D-B": {"path": "x"}}, "encryption_secrets.D-B: give the secret a name"),
    ],
)
def test_what_is_refused(references, declared, said):
    with pytest.raises(ValueError) as caught:
        entries(references, declared)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "options",
    [
        {"path": "x", "value": "hunter2"},
        {"path": "x", "secret_string": "hunter2"},
        {"path": "x", "password": "hunter2"},
        {"path": "x", "SecretString": "hunter2"},
        {"path": "x", "attributes": {"password": "hunter2"}},
        {"path": "x", "attributes": {"api_key": "hunter2"}},
        {"path": "x", "attributes": {"username": ["hunter2"]}},
        "hunter2",
    ],
    ids=json.dumps,
)
def test_a_literal_secret_is_refused_and_not_repeated(options):
    with pytest.raises(ValueError, match=r"encryption_secrets\.db") as caught:
        entries(declared={"db": options})
    assert "hunter2" not in str(caught.value)
    assert "never written here" in str(caught.value) or "generated" in str(caught.value)

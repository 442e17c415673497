# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stacks of encryption and registry of every AWS host, as the roles render them."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest
import yaml

from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import read_graph
from tests.support.inventories import FILES
from tests.support.inventories import ROOT
from tests.support.inventories import inventory
from tests.support.inventories import of_host
from tests.support.rendered_stacks import of_role
from tests.support.role_stacks import RenderingFailed
from tests.support.role_stacks import hosts_with
from tests.support.role_stacks import stacks_of

HOSTS = sorted(host for path in FILES for host in hosts_with(inventory(path.stem), "encryption"))
PRIMARY, STANDBY = "llm_marketplace_production_primary", "llm_marketplace_production_standby"


@cache
def rendered(role: str) -> dict[str, dict[str, Any]]:
    return of_role(role)


def graph(host: str) -> dict[str, Any]:
    return {**rendered("encryption").get(host, {}), **rendered("registry").get(host, {})}


def body(host: str, thing: str) -> dict[str, Any]:
    (text,) = (stack["template"] for key, stack in graph(host).items() if key.endswith(f"-{thing}"))
    return yaml.safe_load(text)


def resources(host: str, thing: str, kind: str) -> dict[str, dict[str, Any]]:
    return {name: entry for name, entry in body(host, thing)["Resources"].items() if entry["Type"] == kind}


def test_hosts_are_those_at_amazon():
    # Local has all platforms.
    assert len(HOSTS) == 5 + 4 + 4 + 6


@pytest.mark.parametrize("host", HOSTS)
def test_the_graph_can_be_read_and_guards_what_holds_data(host):
    # All regions of the platform together, as references cross them.
    platform = host.rsplit("_", 1)[0]
    whole = {key: stack for other in HOSTS if other.startswith(f"{platform}_") for key, stack in graph(other).items()}
    regions = {stack["region"] for stack in whole.values()}
    foundation = {f"{region}/{platform.replace('_', '-')}-cloudformation" for region in regions}
    stacks = read_graph(whole, account="123456789012", regions=regions, outside=foundation)
    assert set(stacks) == set(whole)
    for stack in stacks.values():
        assert set(stack.tags) >= {"platform", "environment", "managed-by"}
        assert stack.service_role.stack in foundation


@pytest.mark.parametrize("host", HOSTS)
def test_templates_are_the_same_each_time(host):
    for stack in graph(host).values():
        loaded = yaml.safe_load(stack["template"])
        for section in ("Resources", "Outputs"):
            assert list(loaded[section]) == sorted(loaded[section]), section


@pytest.mark.parametrize("host", HOSTS)
def test_keys(host):
    found = resources(host, "encryption", "AWS::KMS::Key")
    assert {"BackupKey", "ClusterKey", "DataKey", "StorageKey"} == {*found, *resources(host, "encryption", "AWS::KMS::ReplicaKey")}
    for name, key in found.items():
        assert key["Properties"]["EnableKeyRotation"] is True
        assert key["Properties"]["RotationPeriodInDays"] == {"Ref": f"{name.removesuffix('Key')}RotationDays"}
    for alias in resources(host, "encryption", "AWS::KMS::Alias").values():
        assert re.fullmatch(r"alias/\$\{[A-Za-z]+AliasName\}", alias["Properties"]["AliasName"]["Fn::Sub"])
    assert {f"{purpose}KeyArn" for purpose in ("Data", "Storage", "Cluster", "Backup")} <= set(body(host, "encryption")["Outputs"])


def test_keys_that_a_disaster_needs_are_in_both_regions():
    multi_region = {name for name, key in resources(PRIMARY, "encryption", "AWS::KMS::Key").items() if key["Properties"].get("MultiRegion")}
    assert multi_region == set(resources(STANDBY, "encryption", "AWS::KMS::ReplicaKey")) == {"BackupKey", "DataKey", "StorageKey"}
    (stack,) = (stack for key, stack in graph(STANDBY).items() if key.endswith("-encryption"))
    assert stack["parameters"]["DataPrimaryKeyArn"] == {"stack": "us-east-1/llm-marketplace-production-encryption", "output": "DataKeyArn"}


@pytest.mark.parametrize("host", [host for host in HOSTS if "_production_" not in host])
def test_no_key_is_in_two_regions_where_there_is_one(host):
    assert not resources(host, "encryption", "AWS::KMS::ReplicaKey")
    assert not [key for key in resources(host, "encryption", "AWS::KMS::Key").values() if "MultiRegion" in key["Properties"]]


@pytest.mark.parametrize("host", HOSTS)
def test_all_that_the_cluster_reads_of_secrets_manager_is_made_once(host):
    value = of_host(host).value
    stores = {name for name, store in value(host, "external_secrets_stores").items() if store["provider"] == "aws_secrets_manager"}
    wanted = {key["path"] for secret in value(host, "external_secrets_secrets").values() if secret["store"] in stores for key in secret["keys"].values()}
    platform = host.rsplit("_", 1)[0]
    made = [
        secret["Properties"]["Name"]
        for other in HOSTS
        if other.startswith(f"{platform}_") and any(key.endswith("-secrets") for key in graph(other))
        for secret in resources(other, "secrets", "AWS::SecretsManager::Secret").values()
    ]
    assert len(made) == len(set(made))
    assert wanted <= set(made)


@pytest.mark.parametrize("host", HOSTS)
def test_no_secret_has_a_value(host):
    if not any(key.endswith("-secrets") for key in graph(host)):
        return
    for secret in resources(host, "secrets", "AWS::SecretsManager::Secret").values():
        properties = secret["Properties"]
        assert "SecretString" not in properties and properties["KmsKeyId"] == {"Ref": "KeyArn"}
        if "GenerateSecretString" in properties:
            generator = properties["GenerateSecretString"]
            assert generator["PasswordLength"] >= 32 and generator["GenerateStringKey"] not in json.loads(generator["SecretStringTemplate"])


def test_secrets_are_copied_to_the_standby_region():
    (stack,) = (stack for key, stack in graph(PRIMARY).items() if key.endswith("-secrets"))
    secrets = resources(PRIMARY, "secrets", "AWS::SecretsManager::Secret")
    assert secrets["PostgresqlSecret"]["Properties"]["ReplicaRegions"] == [{"KmsKeyId": {"Ref": "ReplicaKeyArn1"}, "Region": "us-west-2"}]
    assert stack["parameters"]["ReplicaKeyArn1"] == {"stack": "us-west-2/llm-marketplace-production-encryption", "output": "ClusterKeyArn"}
    # Users of Kafka are those of one cluster.
    assert "ReplicaRegions" not in secrets["KafkaSecret"]["Properties"]
    assert set(resources(STANDBY, "secrets", "AWS::SecretsManager::Secret")) == {"KafkaSecret"}


@pytest.mark.parametrize("host", [host for host in HOSTS if of_host(host).value(host, "registry_provider") == "ecr"])
def test_each_own_image_has_a_repository(host):
    found = resources(host, "registry", "AWS::ECR::Repository")
    images = {
        service["image"]["repository"]
        for service in of_host(host).value(host, "application_services").values()
        if "." not in service["image"]["repository"].partition("/")[0]
    }
    assert {entry["Properties"]["RepositoryName"]["Fn::Sub"].removeprefix("${Prefix}") for entry in found.values()} == images
    for entry in found.values():
        properties = entry["Properties"]
        assert properties["ImageTagMutability"] == "IMMUTABLE" and properties["ImageScanningConfiguration"] == {"ScanOnPush": True}
        assert properties["EncryptionConfiguration"] == {"EncryptionType": "KMS", "KmsKey": {"Ref": "KeyArn"}}
        assert properties["EmptyOnDelete"] is False
        rules = json.loads(properties["LifecyclePolicy"]["LifecyclePolicyText"])["rules"]
        assert [rule["selection"]["tagStatus"] for rule in rules] == ["untagged", "any"]


def test_repositories_of_environments_in_one_account_do_not_meet():
    seen: dict[tuple[str, str], str] = {}
    for host in HOSTS:
        for key, stack in rendered("registry")[host].items():
            place = (stack["region"], stack["parameters"]["Prefix"]["value"])
            assert seen.setdefault(place, key) == key
            assert stack["parameters"]["Prefix"]["value"].startswith(host.rsplit("_", 1)[0].replace("_", "-"))


def test_a_key_of_the_repositories_has_the_usage():
    for host in HOSTS:
        keys = of_host(host).value(host, "encryption_keys")
        for stack in rendered("registry")[host].values():
            output = stack["parameters"]["KeyArn"]["output"]
            assert "ecr" in next(key["usage"] for name, key in keys.items() if f"{name.capitalize()}KeyArn" == output)


EVIL = 'x: "y"\n  Evil: {Type: AWS::S3::Bucket}\n# ${AWS::Region} \'}}'


def test_free_text_stays_text():
    stacks = stacks_of(
        "encryption",
        ROOT / "inventories" / "dev.yml",
        ["copilot_agent_dev_primary"],
        encryption_keys={"data": {"usage": ["postgresql", "redis"], "description": EVIL}},
        encryption_secrets={"postgresql": {"description": EVIL, "attributes": {"user\n  Evil": EVIL, "username": EVIL}}},
    )["copilot_agent_dev_primary"]
    keys, secrets = (yaml.safe_load(stacks[f"us-east-1/copilot-agent-dev-{thing}"]["template"])["Resources"] for thing in ("encryption", "secrets"))
    assert "Evil" not in keys and "Evil" not in secrets
    assert keys["DataKey"]["Properties"]["Description"] == EVIL
    assert secrets["PostgresqlSecret"]["Properties"]["Description"] == EVIL
    assert json.loads(secrets["PostgresqlSecret"]["Properties"]["GenerateSecretString"]["SecretStringTemplate"])["username"] == EVIL


@pytest.mark.parametrize(
    ("role", "variables", "said"),
    [
        ("encryption", {"encryption_deletion_window_days": 3}, "encryption_deletion_window_days of copilot_agent_dev_primary is 3; give 7 to 30"),
        ("encryption", {"encryption_keys": {"cluster": {"usage": ["kubernetes_secrets"]}}}, "0 of its encryption_keys have usage secrets"),
        ("encryption", {"encryption_secrets": {"postgresql": {"value": "hunter2"}}}, "encryption_secrets.postgresql.value: a value is never written here"),
        ("encryption", {"platform_provider": "azure"}, "Role encryption makes keys at AWS"),
        ("registry", {"registry_services": {"a": {"image": {"repository": "Shop/Cart"}}}}, "ECR takes 2 to 256 lower-case"),
        ("registry", {"registry_provider": "quay"}, "registry_provider is 'quay'"),
    ],
)
def test_bad_input_is_refused_with_the_variable_and_the_remedy(role, variables, said):
    with pytest.raises(RenderingFailed) as caught:
        stacks_of(role, ROOT / "inventories" / "dev.yml", ["copilot_agent_dev_primary"], **variables)
    assert said in " ".join(str(caught.value).split())
    assert "hunter2" not in str(caught.value)


def test_other_registries_make_nothing():
    assert stacks_of("registry", ROOT / "inventories" / "production.yml", ["cloudtolocalllm_production_primary", "connector_hub_production_primary"]) == {
        "cloudtolocalllm_production_primary": {},
        "connector_hub_production_primary": {},
    }

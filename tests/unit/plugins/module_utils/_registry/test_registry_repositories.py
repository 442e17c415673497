# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Registries: server and prefix by provider, repositories of the services, policies, and what the account's registry is asked for."""

from __future__ import annotations

import json

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._registry.account import account_settings
from ansible_collections.llmops.platform.plugins.module_utils._registry.policies import lifecycle_policy
from ansible_collections.llmops.platform.plugins.module_utils._registry.policies import repository_policy
from ansible_collections.llmops.platform.plugins.module_utils._registry.repositories import prefix
from ansible_collections.llmops.platform.plugins.module_utils._registry.repositories import repositories
from ansible_collections.llmops.platform.plugins.module_utils._registry.repositories import server

ECR = {"provider": "ecr", "server": "1.dkr.ecr.us-east-1.amazonaws.com", "prefix": "shop-dev", "keep_images": 30, "immutable_tags": True}
HOST = {
    "platform_name": "web_shop",
    "platform_environment": "production",
    "platform_account": "123456789012",
    "platform_region": "us-east-1",
    "platform_regions": {"primary": "us-east-1", "standby": "us-west-2"},
    "registry_provider": "ecr",
}


@pytest.mark.parametrize(
    ("provider", "name", "host", "before"),
    [
        ("ecr", "", "123456789012.dkr.ecr.eu-west-1.amazonaws.com", "web-shop-dev"),
        ("acr", "ImRightGuy", "imrightguy.azurecr.io", ""),
        ("gcr", "project/images", "eu-west-1-docker.pkg.dev", "project/images"),
        ("docker_hub", "shop", "docker.io", "shop"),
    ],
)
def test_where_images_are(provider, name, host, before):
    assert server(provider, name, "123456789012", "eu-west-1") == host
    assert prefix(provider, name, "web_shop", "dev") == before


def test_the_server_in_china():
    assert server("ecr", "", "1", "cn-north-1").endswith(".cn-north-1.amazonaws.com.cn")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: server("oci", "", "", ""), "registry_server is not set"),
        (lambda: server("existing", "", "", ""), "registry_server is not set"),
        (lambda: server("quay", "", "", ""), "registry_provider is 'quay'; it is one of ecr, acr"),
        (lambda: server("acr", "a-b", "", ""), "registry_name is 'a-b'"),
        (lambda: prefix("docker_hub", "", "a", "b"), "registry_name is empty; name the organisation"),
        (lambda: prefix("gcr", "", "a", "b"), "registry_name is empty; name the project"),
    ],
)
def test_what_cannot_be_computed(call, said):
    with pytest.raises(ValueError) as caught:
        call()
    assert said in str(caught.value)


def found(services, common=None, more=None, **changes) -> dict[str, dict]:
    return {entry["image"]: entry for entry in repositories(services, common or {}, more or {}, {**ECR, **changes})}


def test_repositories_of_the_services():
    services = {
        "cart": {"image": {"repository": "shop/cart"}},
        "worker": {"image": {"repository": "shop/cart", "tag": "2"}},
        "cache": {"image": {"repository": "docker.io/valkey/valkey"}},
        "local": {"image": {"repository": "localhost/x"}},
        "own": {"image": {"repository": f"{ECR['server']}/shop-dev/own"}},
    }
    rows = found(services, more={"shop/migrations": {"keep_images": 5, "immutable_tags": False}})
    assert list(rows) == ["own", "shop/cart", "shop/migrations"]
    assert rows["shop/cart"] == {
        "image": "shop/cart",
        "name": "shop-dev/shop/cart",
        "uri": "1.dkr.ecr.us-east-1.amazonaws.com/shop-dev/shop/cart",
        "id": "ShopCartRepository",
        "services": ["cart", "worker"],
        "keep_images": 30,
        "immutable_tags": True,
    }
    assert (rows["shop/migrations"]["keep_images"], rows["shop/migrations"]["immutable_tags"]) == (5, False)


def test_an_image_can_stand_in_what_services_have_in_common():
    assert list(found({"a": {}, "b": {}}, {"image": {"repository": "shop/all"}})) == ["shop/all"]


def test_elsewhere_names_are_taken_as_they_are():
    assert found({"a": {"image": {"repository": "Shop"}}}, provider="acr", prefix="")["Shop"]["name"] == "Shop"


@pytest.mark.parametrize("name", ["Shop/cart", "shop//cart", "shop/cart-", "shop/-cart", "shop cart", "shop/ca--rt", "a" * 256, "shop:1"])
def test_a_name_that_ecr_refuses(name):
    with pytest.raises(ValueError, match="of cart: ECR takes 2 to 256 lower-case"):
        found({"cart": {"image": {"repository": name}}})


@pytest.mark.parametrize(
    ("services", "more", "said"),
    [
        ({"a": {}}, {}, "application_services.a.image.repository is missing"),
        ({"a": {"image": {"repository": "x-y"}}, "b": {"image": {"repository": "x/y"}}}, {}, "would both be called XYRepository"),
        ({}, {"x": {"keep_images": 0}}, "registry_repositories.x.keep_images is 0"),
        ({}, {"x": {"keep": 1}}, "registry_repositories.x is {'keep': 1}"),
    ],
)
def test_what_is_refused(services, more, said):
    with pytest.raises(ValueError) as caught:
        found(services, more=more)
    assert said in str(caught.value)


def test_lifecycle():
    first, last = json.loads(lifecycle_policy(30, 7))["rules"]
    assert first["selection"] == {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 7}
    assert last["selection"] == {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 30}
    assert first["rulePriority"] < last["rulePriority"]


@pytest.mark.parametrize(
    ("keep", "days", "said"), [(0, 7, "registry_keep_images is 0"), (30, 0, "registry_untagged_days is 0"), ("30", 7, "registry_keep_images is '30'")]
)
def test_lifecycle_that_ecr_refuses(keep, days, said):
    with pytest.raises(ValueError, match=said):
        lifecycle_policy(keep, days)


def test_who_may_pull():
    policy = repository_policy({"tools": "210987654321", "builder": "arn:aws:iam::210987654321:role/builder"})
    (statement,) = policy["Statement"]
    assert statement["Principal"]["AWS"] == [{"Fn::Sub": "arn:${AWS::Partition}:iam::210987654321:root"}, "arn:aws:iam::210987654321:role/builder"]
    assert not [action for action in statement["Action"] if "Put" in action or "Upload" in action or "*" in action]
    assert repository_policy({}) == {}


@pytest.mark.parametrize("principal", ["*", 210987654321, "arn:aws:s3:::bucket", "${AWS::AccountId}", "arn:aws:iam::210987654321:role/${x}"])
def test_who_may_not(principal):
    with pytest.raises(ValueError, match=r"registry_pull_principals\.x is"):
        repository_policy({"x": principal})


def test_the_accounts_registry_is_asked_once():
    caches = {"quay": {"upstream": "quay.io"}}
    hosts = [
        {**HOST, "registry_replicate_to_standby": True, "registry_pull_through": caches},
        {**HOST, "platform_region": "us-west-2", "registry_replicate_to_standby": True, "registry_pull_through": caches},
        {**HOST, "platform_name": "other", "registry_replicate_to_standby": True, "registry_pull_through": caches, "registry_prefix": "others"},
        {**HOST, "platform_name": "third", "registry_provider": "docker_hub", "registry_replicate_to_standby": True},
        {**HOST, "platform_name": "fourth", "platform_environment": "dev"},
    ]
    assert account_settings(hosts) == {
        "123456789012/us-east-1": {
            "account": "123456789012",
            "region": "us-east-1",
            "replication": [{"regions": ["us-west-2"], "prefixes": ["others/", "web-shop-production/"]}],
            "pull_through": {"quay": {"upstream": "quay.io", "credential": ""}},
        },
        "123456789012/us-west-2": {
            "account": "123456789012",
            "region": "us-west-2",
            "replication": [],
            "pull_through": {"quay": {"upstream": "quay.io", "credential": ""}},
        },
    }


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"registry_pull_through": {"Q": {"upstream": "quay.io"}}}, "registry_pull_through.Q: ECR takes 2 to 30"),
        ({"registry_pull_through": {"ex": {"upstream": "example.com"}}}, "upstream one of public.ecr.aws"),
        ({"registry_pull_through": {"hub": {"upstream": "registry-1.docker.io"}}}, "registry_pull_through.hub.credential is ''"),
        ({"registry_replicate_to_standby": True, "registry_prefix": ""}, "all repositories of 123456789012/us-east-1 would be copied"),
    ],
)
def test_what_the_account_cannot_have(changes, said):
    with pytest.raises(ValueError) as caught:
        account_settings([{**HOST, **changes}])
    assert said in str(caught.value)


def test_two_platforms_do_not_share_a_cache_of_two_registries():
    with pytest.raises(ValueError, match=r"another platform of 123456789012/us-east-1 has this cache for quay\.io"):
        account_settings([{**HOST, "registry_pull_through": {"kk": {"upstream": upstream}}} for upstream in ("quay.io", "registry.k8s.io")])

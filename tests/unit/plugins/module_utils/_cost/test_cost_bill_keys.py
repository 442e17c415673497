# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys, secrets, images, CloudWatch, state and account: exact quantities."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import account
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import cloudwatch
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import encryption
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import identity
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import images
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import stacks
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from tests.support.bill_cases import line
from tests.support.bill_cases import place
from tests.support.bill_cases import quantities
from tests.support.bill_cases import skus

REGIONS = {"primary": "us-east-1", "standby": "us-west-2"}
KEYS = {
    "platform_components": {"encryption": True, "external_secrets": True},
    "platform_regions": REGIONS,
    "platform_secret_delivery": "external_secrets",
    "encryption_keys_shared": {"data": {"usage": ["postgresql"]}, "cluster": {"usage": ["kubernetes_secrets", "secrets"], "rotation_days": 90}},
    "external_secrets_refresh_interval": "1h",
    "external_secrets_stores": {"store": {"provider": "aws_secrets_manager"}, "other": {"provider": "vault"}},
    "external_secrets_secrets": {
        "app": {
            "store": "store",
            "keys": {"a": {"path": "shop/dev/postgres", "property": "password"}, "b": {"path": "shop/dev/redis", "property": "password"}},
        },
        "more": {"store": "other", "keys": {"c": {"path": "shop/dev/vaulted", "property": "password"}}},
    },
}


def test_keys_and_secrets_of_one_region():
    found = encryption.lines(KEYS, place())
    assert quantities(found) == {
        "keys/cluster": "1..1..3",
        "keys/data": "1..1..3",
        "secrets/secrets": "2",
        # Two entries each hour: 1,460 calls, each of them one of KMS too.
        "secrets/calls": "0.146",
        "keys/calls": "0.146",
    }
    assert line(found, "keys/cluster").assumption == "in its first 90 days; each of the first 2 rotations adds as much again"
    assert line(found, "secrets/calls").assumption == "2 entries read every 1h"
    assert line(found, "secrets/calls").usage


@pytest.mark.parametrize(
    ("region", "resources", "secrets"),
    [
        ("us-east-1", {"keys/cluster": "AWS::KMS::Key", "keys/data": "AWS::KMS::Key"}, {"secrets/secrets": "2"}),
        ("us-west-2", {"keys/cluster": "AWS::KMS::Key", "keys/data": "AWS::KMS::ReplicaKey"}, {"secrets/replicas": "2"}),
    ],
)
def test_replicas_are_paid_where_they_are(region, resources, secrets):
    found = encryption.lines({**KEYS, "encryption_replicate_to_standby": True}, place(region=region))
    assert {f"{one.service}/{one.name}": one.resource for one in found if one.sku == "aws/kms/key"} == resources
    assert {name: number for name, number in quantities(found).items() if name in ("secrets/secrets", "secrets/replicas")} == secrets


def test_a_key_more_is_a_line_more():
    more = encryption.lines({**KEYS, "encryption_keys": {"backup": {"usage": ["backup"]}}}, place())
    assert set(quantities(more)) - set(quantities(encryption.lines(KEYS, place()))) == {"keys/backup"}


@pytest.mark.parametrize(
    ("changes", "calls"),
    [
        ({"cost_usage": {"secrets_requests": 50_000}}, "5"),
        ({"external_secrets_refresh_interval": "30m"}, "0.292"),
        ({"platform_secret_delivery": "direct"}, "0"),
        ({"platform_components": {"encryption": True}}, "0"),
    ],
)
def test_calls_of_the_secret_store(changes, calls):
    assert quantities(encryption.lines({**KEYS, **changes}, place()))["secrets/calls"] == calls


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"encryption_keys": {"data": {"usage": ["postgres"]}}}, r"encryption_keys\.data\.usage has 'postgres'"),
        ({"encryption_keys": {"data": {"usage": ["s3"], "rotation_days": 1}}}, r"encryption_keys\.data\.rotation_days is 1"),
        ({"external_secrets_refresh_interval": "often"}, r"external_secrets_refresh_interval"),
        ({"cost_usage": {"kms_requests": -1}}, r"cost_usage\.kms_requests is -1"),
    ],
)
def test_keys_that_cannot_be(changes, said):
    with pytest.raises(CostError, match=said):
        encryption.lines({**KEYS, **changes}, place())


IMAGES = {
    "registry_provider": "ecr",
    "registry_keep_images": 30,
    "application_services": {
        "web": {"image": {"repository": "web"}},
        "api": {"image": {"repository": "api"}},
        "cache": {"image": {"repository": "docker.io/valkey/valkey"}},
    },
}


def test_repositories_of_our_own_are_filled():
    found = images.lines(IMAGES, place())
    assert quantities(found) == {"registry/images": "0.2..6..6"}
    assert line(found, "registry/images").assumption == "cost_usage.registry_gb is not declared: up to 60 images of 0.1 GB in 2 repositories"
    fewer = images.lines({**IMAGES, "registry_repositories": {"web": {"keep_images": 10}}}, place())
    assert quantities(fewer) == {"registry/images": "0.2..4..4"}
    assert quantities(images.lines({**IMAGES, "cost_usage": {"registry_gb": 12}}, place())) == {"registry/images": "12"}


@pytest.mark.parametrize(("standby", "names"), [(False, ["registry/images", "registry/copies"]), (True, ["registry/images"])])
def test_copies_are_sent_by_the_primary(standby, names):
    assert list(quantities(images.lines({**IMAGES, "registry_replicate_to_standby": True}, place(standby=standby)))) == names


def test_registries_of_others():
    assert images.lines({**IMAGES, "registry_provider": "docker_hub"}, place()) == []
    assert skus(images.lines({"registry_provider": "acr"}, place(provider="azure"))) == {"registry/registry": "azure/acr/standard"}
    with pytest.raises(CostError, match=r"application_services\.web\.image\.repository is missing"):
        images.lines({"registry_provider": "ecr", "application_services": {"web": {}}}, place())
    with pytest.raises(CostError, match=r"keep_images is -3; give 1 to"):
        images.lines({**IMAGES, "registry_keep_images": -3}, place())


WATCH = {
    "cloudwatch_alarms": {"cpu": {}, "memory": {}, "disk": {}},
    "cloudwatch_dashboards": {"application": {}},
    "cloudwatch_log_groups": {"web": {"retention_days": 30}, "api": {"retention_days": 60}, "db": {}},
    "cloudwatch_log_retention_days": 30,
    "cloudwatch_eks": True,
    "cloudwatch_application_signals": True,
    "cost_usage": {"cloudwatch_log_gb": 73, "insights_metrics": 1000, "signals_gb": 3, "signals": 2_000_000, "notifications": 500},
}


def test_alarms_dashboards_logs_and_measurements():
    assert quantities(cloudwatch.lines(WATCH, place())) == {
        "alarms/alarms": "3",
        "alarms/notifications": "0.0005",
        "dashboards/dashboards": "1",
        "logs/log ingestion": "73",
        # 73 GB x 40 days x 12 / 365 x 0.15.
        "logs/log storage": "14.4",
        # 1,000 metrics x 60 x 730, in millions.
        "insights/observations": "43.8",
        "insights/signals": "3",
        "insights/signals by number": "2",
    }


def test_layers_of_alarms_and_no_insights():
    found = quantities(cloudwatch.lines({**WATCH, "cloudwatch_alarms_environment": {"cpu": None}, "cloudwatch_container_insights": False}, place()))
    assert found["alarms/alarms"] == "2"
    assert "insights/observations" not in found
    assert cloudwatch.lines(WATCH, place(provider="azure")) == []


def test_a_log_of_no_days():
    with pytest.raises(CostError, match=r"cloudwatch_log_groups\.web\.retention_days is -1"):
        cloudwatch.lines({**WATCH, "cloudwatch_log_groups": {"web": {"retention_days": -1}}}, place())


def test_the_state_of_each_deployment():
    found = stacks.lines({"cost_usage": {"state_puts": 3000, "state_gets": 12_500}}, place())
    assert quantities(found) == {"state/key": "1", "state/storage": "0.1", "state/writes": "3", "state/reads": "12.5"}
    assert line(found, "state/storage").assumption == "cost_usage.state_gb is not declared: 0.1 GB of journals and records"
    assert stacks.lines({}, place(provider="azure")) == []


ACCOUNT = {
    "stacks_account_wide": True,
    "platform_regions": REGIONS,
    "account_trail": True,
    "account_trail_log_days": 365,
    "cost_usage": {"trail_gb": 40, "trail_log_gb": 5},
}


def test_the_trail_of_an_account():
    assert quantities(account.lines(ACCOUNT, place())) == {"trail/key": "1", "trail/storage": "40", "trail/log ingestion": "5", "trail/log storage": "9"}
    assert quantities(account.lines({**ACCOUNT, "account_trail_log_days": 0}, place())) == {"trail/key": "1", "trail/storage": "40"}


@pytest.mark.parametrize("changes", [{"account_trail": False}, {"stacks_account_wide": False}])
def test_no_trail(changes):
    assert account.lines({**ACCOUNT, **changes}, place()) == []


def test_the_trail_is_made_in_the_primary_region_only():
    assert account.lines(ACCOUNT, place(region="us-west-2")) == []


def test_scans_by_inspector_are_counted():
    found = account.lines({**ACCOUNT, "account_trail": False, "account_registry_scan_type": "ENHANCED", "cost_usage": {"registry_scanned_images": 90}}, place())
    assert (quantities(found), found[0].sku) == ({"registry/scans": "90"}, "aws/inspector/image-scan")
    with pytest.raises(CostError, match=r"account_registry_scan_type is 'ENHANCE'; did you mean ENHANCED\?"):
        account.lines({**ACCOUNT, "account_registry_scan_type": "ENHANCE"}, place())


@pytest.mark.parametrize("provider", ["aws", "azure", "gcp", "existing"])
def test_identity_is_free(provider):
    assert identity.lines({"identity_roles": {"a": {}}}, place(provider=provider)) == []

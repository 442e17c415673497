# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What data services of the inventories cost as they stand: every deployment, and exact quantities of the documents' figures."""

from __future__ import annotations

import pytest

from tests.support.bills import bill_of
from tests.support.bills import hosts
from tests.support.data_bills import rows
from tests.support.inventories import FILES

COMPONENTS = ("backup", "elasticsearch", "kafka", "logging", "monitoring", "object_storage", "postgresql", "rabbitmq", "redis", "tracing", "vault")
ENVIRONMENTS = [file.stem for file in FILES]


def billed(environment, host, *components):
    return [line for line in bill_of(environment, host) if line.component in (components or COMPONENTS)]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_deployment_is_billed(environment):
    for host, variables in hosts(environment).items():
        lines = billed(environment, host)
        for line in lines:
            assert 0 <= line.quantity.minimum <= line.quantity.expected <= line.quantity.maximum, line.id
            assert line.purchase == "on_demand", line.id
            assert line.sku.startswith(f"{line.place.provider}/"), line.id
        if variables["platform_provider"] == "existing":
            assert lines == [], host


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_what_is_switched_on_and_not_somebody_elses_has_lines(environment):
    for host, variables in hosts(environment).items():
        if variables["platform_provider"] == "existing" or variables.get("platform_region_group") == "standby":
            continue
        wanted = variables.get("platform_components") or {}
        have = {line.component for line in billed(environment, host)}
        for component in ("postgresql", "redis", "kafka", "elasticsearch", "rabbitmq", "monitoring", "logging", "backup"):
            if wanted.get(component):
                assert component in have, (host, component)


def test_the_marketplace_in_production():
    found = rows(billed("production", "llm_marketplace_production_primary", "postgresql", "redis", "kafka", "elasticsearch"))
    assert {key: found[key] for key in sorted(found) if "all databases" not in key and "snapshots" not in key} == {
        "marketplace/brokers": ("aws/msk/kafka.m5.xlarge", "2190"),
        "marketplace/data nodes": ("aws/opensearch/r6g.large.search", "2190"),
        "marketplace/instance": ("aws/rds-postgresql/db.r6g.xlarge/multi-az", "730"),
        "marketplace/nodes": ("aws/elasticache-valkey/cache.r6g.xlarge", "2190"),
        "marketplace/storage": found["marketplace/storage"],
    }
    storage = {line.sku: line.quantity.shown() for line in billed("production", "llm_marketplace_production_primary") if line.name == "storage"}
    assert storage["aws/rds/gp3/multi-az"] == {"minimum": "100", "expected": "100", "maximum": "1024"}
    assert (storage["aws/msk/storage"]["expected"], storage["aws/opensearch/gp3"]["expected"]) == ("3072", "600")


def test_the_copilot_has_four_instances_in_production_and_one_in_dev():
    found = {line.name: line for line in billed("production", "copilot_agent_production_primary", "postgresql") if line.service == "llm-copilot-postgres"}
    assert {name: (line.sku, str(line.quantity.expected)) for name, line in found.items()} == {
        "instance": ("aws/rds-postgresql/db.r6g.xlarge/multi-az", "730"),
        "readers": ("aws/rds-postgresql/db.r6g.xlarge", "1460"),
        "storage": ("aws/rds/gp3/multi-az", "200"),
        "readers' storage": ("aws/rds/gp3", "400"),
    }
    assert sum(int(line.labels.get("instances", 0)) for line in found.values()) == 4
    dev = rows(billed("dev", "copilot_agent_dev_primary", "postgresql"))
    assert dev["llm-copilot-postgres/instance"] == ("aws/rds-postgresql/db.t4g.medium", "730")
    assert "llm-copilot-postgres/readers" not in dev


def test_the_workflow_platforms_volumes():
    lines = billed("production", "workflow_platform_production_primary", "postgresql", "redis", "rabbitmq", "vault")
    assert {line.sku for line in lines} == {"aws/ebs/gp3"}
    # Seven databases of 100 and two of 20 GiB, a cache of 10, a queue of 20, Vault with data and audit log of 10 each: three of each.
    assert sum(line.quantity.expected for line in lines) == 3 * (7 * 100 + 2 * 20 + 10 + 20 + 2 * 10)
    assert all(line.stateful for line in lines)


def test_the_pod_on_azure():
    found = rows(billed("production", "cloudtolocalllm_production_primary", "postgresql"))
    assert found == {"postgres/volumes": ("azure/disk/standard-ssd-gb", "20")}


def test_the_standby_region_has_a_replica_and_copies():
    found = rows(billed("production", "llm_marketplace_production_standby", "postgresql", "object_storage", "backup"))
    assert found["marketplace/instance"] == ("aws/rds-postgresql/db.r6g.xlarge", "730")
    assert not [name for name in found if name.endswith("replication") or "test restore" in name]

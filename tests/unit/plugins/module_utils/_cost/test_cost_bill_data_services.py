# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Redis, Kafka, OpenSearch and RabbitMQ: nodes, volumes of each node, snapshots; managed, in the cluster, or existing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import elasticsearch
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import kafka
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import rabbitmq
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import redis
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from tests.support.data_bills import AZURE
from tests.support.data_bills import PLACE
from tests.support.data_bills import STANDBY
from tests.support.data_bills import on
from tests.support.data_bills import one
from tests.support.data_bills import rows

CACHE = {"node_class": "cache.r6g.xlarge", "nodes": 3, "shards": 2}
BROKERS = {"broker_class": "kafka.m5.xlarge", "brokers": 3, "storage_gib": 1024, "replication_factor": 3}
DOMAIN = {"instance_class": "r6g.large.search", "nodes": 3, "storage_gib": 200}
QUEUE = {"replicas": 3, "storage_gib": 20, "broker_class": "mq.m5.large"}
KINDS = {
    "redis": (redis, "redis_clusters", CACHE, "nodes"),
    "kafka": (kafka, "kafka_clusters", BROKERS, "brokers"),
    "elasticsearch": (elasticsearch, "elasticsearch_domains", DOMAIN, "nodes"),
    "rabbitmq": (rabbitmq, "rabbitmq_clusters", QUEUE, "replicas"),
}


def variables(component, how="managed", **changes):
    _module, name, settings, _count = KINDS[component]
    return on(component, **{f"{component}_provider": how, name: {"main": {**settings, **changes}}})


def billed(component, how="managed", place=PLACE, **changes):
    return KINDS[component][0].lines(variables(component, how, **changes), place)


@pytest.mark.parametrize(
    ("component", "expected"),
    [
        ("redis", {"main/nodes": ("aws/elasticache-valkey/cache.r6g.xlarge", "4380")}),
        ("kafka", {"main/brokers": ("aws/msk/kafka.m5.xlarge", "2190"), "main/storage": ("aws/msk/storage", "3072")}),
        ("elasticsearch", {"main/data nodes": ("aws/opensearch/r6g.large.search", "2190"), "main/storage": ("aws/opensearch/gp3", "600")}),
        ("rabbitmq", {"main/nodes": ("aws/mq-rabbitmq/mq.m5.large", "2190"), "main/storage": ("aws/mq/storage", "60")}),
    ],
)
def test_managed(component, expected):
    assert rows(billed(component)) == expected


@pytest.mark.parametrize("component", ["redis", "kafka", "elasticsearch"])
def test_twice_as_many_nodes_are_twice_as_much_of_everything(component):
    number = KINDS[component][3]
    once, twice = billed(component), billed(component, **{number: 2 * KINDS[component][2][number]})
    assert [line.id for line in once] == [line.id for line in twice]
    for before, after in zip(once, twice, strict=True):
        assert after.quantity == before.quantity.times(2)


@pytest.mark.parametrize("component", KINDS)
def test_what_exists_already_and_what_somebody_else_runs_costs_nothing_here(component):
    assert billed(component, "existing") == []
    assert billed(component, place=replace(PLACE, provider="existing")) == []


@pytest.mark.parametrize("component", KINDS)
def test_a_standby_region_runs_them_as_a_warm_standby_only(component):
    module = KINDS[component][0]
    assert rows(module.lines({**variables(component), "disaster_recovery_mode": "warm_standby"}, STANDBY)) == rows(billed(component))
    for mode in ("pilot_light", "backup_only"):
        assert module.lines({**variables(component), "disaster_recovery_mode": mode}, STANDBY) == []
        assert module.lines({**variables(component), "disaster_recovery_mode": mode}, PLACE)
    with pytest.raises(CostError, match=r"disaster_recovery_mode is 'cold'"):
        module.lines({**variables(component), "disaster_recovery_mode": "cold"}, STANDBY)


@pytest.mark.parametrize(("component", "volumes"), [("redis", 6), ("kafka", 3), ("elasticsearch", 3), ("rabbitmq", 3)])
def test_in_the_cluster_each_replica_has_a_volume(component, volumes):
    found = rows(billed(component, "in_cluster", storage_gib=10, storage_class="fast-ssd"))
    assert found == {"main/volumes": ("aws/ebs/gp3", str(10 * volumes))}
    assert rows(billed(component, "in_cluster", AZURE, storage_gib=10)) == {"main/volumes": ("azure/disk/standard-ssd-gb", str(10 * volumes))}


def test_a_cache_in_the_cluster_without_a_volume():
    assert billed("redis", "in_cluster") == []


@pytest.mark.parametrize("component", KINDS)
def test_elsewhere_than_at_aws_the_class_is_the_providers(component):
    assert {line.sku.partition("/")[0] for line in billed(component, place=AZURE, node_class="P1", instance_class="P1", broker_class="P1")} == {"azure"}


def test_redis_itself():
    assert rows(redis.lines({**variables("redis"), "redis_engine": "redis"}, PLACE)) == {"main/nodes": ("aws/elasticache-redis/cache.r6g.xlarge", "4380")}


def test_snapshots_are_whole_and_the_first_is_free():
    # 26.32 GiB x 2 shards x 50 % x (7 - 1).
    line = one(redis.lines({**variables("redis"), "redis_snapshot_retention_days": 7}, PLACE), "main/snapshots")
    assert (line.sku, str(line.quantity.expected.normalize())) == ("aws/elasticache/backup", "157.92")
    assert "main/snapshots" not in rows(redis.lines({**variables("redis"), "redis_snapshot_retention_days": 1}, PLACE))


def test_a_schedule_of_snapshots_is_how_the_daily_one_is_made_and_adds_none():
    both = {**variables("redis"), "redis_snapshot_retention_days": 7, "backup_retention_days": 30}
    both["platform_components"]["backup"] = True
    both["backup_schedules"] = {"daily": {"kind": "redis", "method": "snapshot", "schedule": "0 3 * * *", "keep_days": 5}}
    assert redis.snapshots(both) == 7
    both["backup_schedules"]["daily"]["keep_days"] = 14
    assert redis.snapshots(both) == 14


def test_masters_of_a_domain():
    found = rows(billed("elasticsearch", masters=3, master_class="m6g.large.search"))
    assert found["main/masters"] == ("aws/opensearch/m6g.large.search", "2190")
    # Masters keep no data.
    assert found["main/storage"] == ("aws/opensearch/gp3", "600")


def test_a_broker_class_that_nobody_declared_is_said():
    found = rabbitmq.lines(on("rabbitmq", rabbitmq_provider="managed", rabbitmq_clusters={"main": {"replicas": 1}}), PLACE)
    assert rows(found) == {"main/nodes": ("aws/mq-rabbitmq/mq.m5.large", "730")}
    assert "broker_class is not declared" in found[0].assumption


@pytest.mark.parametrize(
    ("component", "change", "said"),
    [
        ("redis", {"node_class": "cache.r6g.xlrge"}, "main.node_class is 'cache.r6g.xlrge'; did you mean cache.r6g"),
        ("redis", {"nodes": 0}, "nodes is 0; give 1 to 6"),
        ("redis", {"shards": 501}, "shards is 501; give 1 to 500"),
        ("kafka", {"broker_class": "kafka.m5.xlage"}, "did you mean kafka.m5.xlarge"),
        ("kafka", {"brokers": -3}, "brokers is -3; give 1"),
        ("kafka", {"replication_factor": 4}, "replication_factor is 4; give 1 to 3"),
        ("kafka", {"storage_gib": 16385}, "storage_gib is 16385; give 1 to 16384"),
        ("elasticsearch", {"instance_class": "r6g.large"}, "did you mean r6g.large.search"),
        ("elasticsearch", {"storage_gib": 5}, "storage_gib is 5; give 10 to"),
        ("elasticsearch", {"masters": 2, "master_class": "m6g.large.search"}, "masters is 2; give 3 or 5"),
        ("elasticsearch", {"masters": 3}, "main.master_class is None; give a class"),
        ("rabbitmq", {"replicas": 2}, "replicas is 2 of mq.m5.large; Amazon MQ has one node, or three"),
        ("rabbitmq", {"broker_class": "mq.t3.micro"}, "replicas is 3 of mq.t3.micro"),
        ("rabbitmq", {"broker_class": "mq.m5.lage"}, "did you mean mq.m5.large"),
    ],
)
def test_bad_figures_are_named_with_the_remedy(component, change, said):
    with pytest.raises(CostError, match=said):
        billed(component, **change)


@pytest.mark.parametrize("component", KINDS)
def test_an_unknown_provider_is_named(component):
    with pytest.raises(CostError, match=f"{component}_provider is 'manged'; did you mean managed"):
        billed(component, "manged")


def test_an_unknown_engine_is_named():
    with pytest.raises(CostError, match=r"redis_engine is 'keydb'"):
        redis.lines({**variables("redis"), "redis_engine": "keydb"}, PLACE)

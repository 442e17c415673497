# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What the schedules of backup_schedules back up, and how large it is."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import data
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import kafka
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.application import gib
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.classes import ELASTICACHE
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import components
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import count
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Quantity
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import fixed

# Days that Kafka keeps a message where a topic says nothing: https://kafka.apache.org/documentation/#brokerconfigs_log.retention.hours
KAFKA_DAYS = 7
# Maps of what runs in the cluster with volumes of its own.
IN_CLUSTER = {
    "elasticsearch": "elasticsearch_domains",
    "kafka": "kafka_clusters",
    "postgresql": "postgresql_instances",
    "rabbitmq": "rabbitmq_clusters",
    "redis": "redis_clusters",
}


def provider(variables: Mapping[str, Any], component: str) -> str:
    """Who runs a component; existing where the deployment does not use it."""
    return data.provider(variables, component) if component in components(variables) else "existing"


def databases(variables: Mapping[str, Any]) -> Quantity:
    """GB declared for PostgreSQL, each instance once: readers hold the same."""
    if provider(variables, "postgresql") == "existing":
        return data.ZERO
    sizes = [count(item.get("storage_gib"), f"postgresql_instances.{name}.storage_gib", least=1) for name, item in _items(variables, "postgresql_instances")]
    return fixed(sum(sizes))


def instances(variables: Mapping[str, Any]) -> int:
    """How many instances of PostgreSQL archive a log of their own."""
    return 0 if provider(variables, "postgresql") == "existing" else len(_items(variables, "postgresql_instances"))


def caches(variables: Mapping[str, Any], place: Place) -> Quantity:
    """GB declared for Redis, each shard once: the memory of its class, or its volume."""
    how, found = provider(variables, "redis"), fixed(0)
    if how == "existing":
        return found
    for name, item in _items(variables, "redis_clusters"):
        shards, where = count(item.get("shards", 1), f"redis_clusters.{name}.shards", least=1), f"redis_clusters.{name}.node_class"
        if how == "managed" and place.provider == "aws":
            family, size = data.known_class(item.get("node_class"), where, "cache.", ELASTICACHE)
            found = data.added(found, fixed(ELASTICACHE[family][size] * shards))
        elif item.get("storage_gib") is not None:
            found = data.added(found, fixed(count(item["storage_gib"], f"redis_clusters.{name}.storage_gib") * shards))
    return found


def messages(variables: Mapping[str, Any]) -> Quantity:
    """GB declared for Kafka, each message once: `brokers x storage_gib / replication_factor`."""
    if provider(variables, "kafka") == "existing":
        return data.ZERO
    found = fixed(0)
    for name, item in _items(variables, "kafka_clusters"):
        where = f"kafka_clusters.{name}"
        whole = count(item.get("brokers"), f"{where}.brokers", least=1) * count(item.get("storage_gib"), f"{where}.storage_gib", least=1)
        found = data.added(found, data.scaled(fixed(whole), Fraction(1, kafka.replicas(item, where))))
    return found


def claims(variables: Mapping[str, Any], namespaces: set[str] | None) -> Quantity:
    """GB of the volumes of applications and of what runs in the cluster, in some namespaces or in all (None). Of several replicas one is restored from."""
    found = fixed(0)
    for name, service in sorted(_services(variables).items()):
        if namespaces is None or service.get("namespace", variables.get("application_namespace")) in namespaces:
            for volume, settings in (service.get("volumes") or {}).items():
                found = data.added(found, fixed(gib((settings or {}).get("size"), f"application_services.{name}.volumes.{volume}.size")))
    for component, variable in IN_CLUSTER.items():
        if namespaces is None or provider(variables, component) != "in_cluster":
            continue
        for name, item in _items(variables, variable):
            if item.get("namespace") in namespaces and item.get("storage_gib") is not None:
                found = data.added(found, fixed(count(item["storage_gib"], f"{variable}.{name}.storage_gib")))
    return found


def _services(variables: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    if "application" not in components(variables):
        return {}
    return data.items(variables, "application_services")


def _items(variables: Mapping[str, Any], name: str) -> list[tuple[str, dict[str, Any]]]:
    return list(data.items(variables, name).items())

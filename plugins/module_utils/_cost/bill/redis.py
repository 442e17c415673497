# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Redis or Valkey at ElastiCache, as pods with volumes, or at somebody else's expense."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import data
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.classes import ELASTICACHE
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import choice
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import components
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import count
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.schedules import copies
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.schedules import keep_days
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.schedules import per_day
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.volumes import volumes
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import fixed
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import hours

ENGINES = ("redis", "valkey")
RESOURCE = "AWS::ElastiCache::ReplicationGroup"


def lines(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """Node-hours `730 x nodes x shards`, as `nodes` are those of one shard with its primary, and snapshots; in the cluster as many volumes.

    Free are several zones, failover, encryption and a daily snapshot's first copy. A version of redis_version costs what the next one does.
    Raises CostError naming the variable: an unknown class or engine, a count that is none.
    """
    how = data.provider(variables, "redis")
    engine = choice(variables.get("redis_engine", "valkey"), "redis_engine", ENGINES)
    if how == "existing" or not data.runs(variables, place):
        return []
    kept = snapshots(variables)
    found: list[Line] = []
    for name, settings in data.items(variables, "redis_clusters").items():
        where = f"redis_clusters.{name}"
        shards = count(settings.get("shards", 1), f"{where}.shards", least=1, most=500)
        nodes = count(settings.get("nodes"), f"{where}.nodes", least=1, most=6) * shards
        if how == "in_cluster":
            found += volumes(variables, data.Owner(place, "redis", name, labels={"engine": engine}), nodes, settings, where)
            continue
        found += _managed(variables, place, engine, name, settings, nodes, shards, kept)
    return found


def snapshots(variables: Mapping[str, Any]) -> int:
    """Full copies that are there at once: those of redis_snapshot_retention_days, one a day, or those of a schedule, whichever are more: a schedule is
    how the daily snapshot is made, at the time of its window.
    """
    most = count(variables.get("redis_snapshot_retention_days") or 0, "redis_snapshot_retention_days", most=35)
    if "backup" not in components(variables):
        return most
    for name, settings in data.items(variables, "backup_schedules").items():
        if (settings.get("kind"), settings.get("method")) == ("redis", "snapshot"):
            runs: Fraction = per_day(settings.get("schedule"), f"backup_schedules.{name}.schedule")
            most = max(most, copies(runs, keep_days(variables, name, settings)))
    return most


def _managed(variables: Mapping[str, Any], place: Place, engine: str, name: str, settings: Mapping[str, Any], nodes: int, shards: int, kept: int) -> list[Line]:
    where, given = f"redis_clusters.{name}.node_class", settings.get("node_class")
    labels = {"engine": engine, "version": str(variables.get("redis_version") or ""), "instance_type": str(given), "nodes": str(nodes)}
    if place.provider != "aws":
        if not given:
            raise CostError(f"{where} is not set; give the provider's class")
        return [data.Owner(place, "redis", name, labels=labels).line("nodes", f"{place.provider}/{engine}/{given}", hours(nodes), "hour")]
    family, size = data.known_class(given, where, "cache.", ELASTICACHE)
    owner = data.Owner(place, "redis", name, RESOURCE, {**labels, "architecture": data.architecture(family)})
    found = [owner.line("nodes", f"aws/elasticache-{engine}/{given}", hours(nodes), "hour")]
    if kept > 1:
        # A snapshot is of each shard's data, whole every time; the first copy of a cluster is free: https://aws.amazon.com/elasticache/pricing/
        full, why = data.data(variables, fixed(ELASTICACHE[family][size] * shards))
        found.append(owner.line("snapshots", "aws/elasticache/backup", full.times(kept - 1), "GB-month", usage=True, assumption=why, copies=str(kept)))
    return found

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Kafka at MSK, as pods with volumes, or at somebody else's expense."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import data
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.classes import MSK
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import count
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.volumes import volumes
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import fixed
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import hours

RESOURCE = "AWS::MSK::Cluster"
# A volume of a broker: https://docs.aws.amazon.com/msk/latest/developerguide/limits.html
MOST_GIB = 16384


def lines(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """Broker-hours `730 x brokers` and GB `brokers x storage_gib`, as storage_gib is the volume of one broker; in the cluster as many volumes.

    Free are encryption and what brokers send each other: https://aws.amazon.com/msk/pricing/. Copies of a message lie in the brokers' declared volumes.
    Raises CostError naming the variable: an unknown class, a count or size that is none, more copies than brokers.
    """
    how = data.provider(variables, "kafka")
    if how == "existing" or not data.runs(variables, place):
        return []
    found: list[Line] = []
    for name, settings in data.items(variables, "kafka_clusters").items():
        where = f"kafka_clusters.{name}"
        brokers = count(settings.get("brokers"), f"{where}.brokers", least=1, most=1000)
        size = count(settings.get("storage_gib"), f"{where}.storage_gib", least=1, most=MOST_GIB)
        replicas(settings, where)
        if how == "in_cluster":
            found += volumes(variables, data.Owner(place, "kafka", name, labels={"engine": "kafka"}), brokers, settings, where)
            continue
        found += _managed(variables, place, name, settings, brokers, size)
    return found


def replicas(settings: Mapping[str, Any], where: str) -> int:
    """Copies of a message; as many as brokers at most. Raises CostError."""
    brokers = count(settings.get("brokers"), f"{where}.brokers", least=1, most=1000)
    return count(settings.get("replication_factor", min(3, brokers)), f"{where}.replication_factor", least=1, most=brokers)


def _managed(variables: Mapping[str, Any], place: Place, name: str, settings: Mapping[str, Any], brokers: int, size: int) -> list[Line]:
    where, given = f"kafka_clusters.{name}.broker_class", settings.get("broker_class")
    labels = {"engine": "kafka", "version": str(variables.get("kafka_version") or ""), "instance_type": str(given), "nodes": str(brokers)}
    base, resource = f"{place.provider}/kafka", ""
    if place.provider == "aws":
        family, _size = data.known_class(given, where, "kafka.", MSK)
        labels["architecture"] = data.architecture(family)
        base, resource = "aws/msk", RESOURCE
    elif not given:
        raise CostError(f"{where} is not set; give the provider's class")
    owner = data.Owner(place, "kafka", name, resource, labels)
    return [
        owner.line("brokers", f"{base}/{given}", hours(brokers), "hour"),
        owner.line("storage", f"{base}/storage", fixed(size).times(brokers), "GB-month"),
    ]

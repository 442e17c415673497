# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""RabbitMQ at Amazon MQ, as pods with volumes, or at somebody else's expense."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import data
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.classes import MQ
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import count
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.volumes import volumes
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import fixed
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import hours

RESOURCE = "AWS::AmazonMQ::Broker"
# What a broker of Amazon MQ may have: one node, or a cluster of three.
# https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-broker-architecture.html
NODES = (1, 3)
SINGLE_ONLY = ("t3",)
BROKER_CLASS = "mq.m5.large"
MOST_GIB = 16384


def lines(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """Node-hours `730 x replicas` and GB `replicas x storage_gib`; in the cluster as many volumes. Queues are free, whatever their type.

    Raises CostError naming the variable: an unknown class, a number of nodes that Amazon MQ has not, a size that is none.
    """
    how = data.provider(variables, "rabbitmq")
    if how == "existing" or not data.runs(variables, place):
        return []
    found: list[Line] = []
    for name, settings in data.items(variables, "rabbitmq_clusters").items():
        where = f"rabbitmq_clusters.{name}"
        nodes = count(settings.get("replicas"), f"{where}.replicas", least=1, most=99)
        labels = {"engine": "rabbitmq", "version": str(variables.get("rabbitmq_version") or "")}
        if how == "in_cluster":
            found += volumes(variables, data.Owner(place, "rabbitmq", name, labels=labels), nodes, settings, where)
            continue
        found += _managed(data.Owner(place, "rabbitmq", name, RESOURCE if place.provider == "aws" else "", labels), settings, where, nodes)
    return found


def _managed(owner: data.Owner, settings: Mapping[str, Any], where: str, nodes: int) -> list[Line]:
    given = settings.get("broker_class", BROKER_CLASS)
    why = "" if "broker_class" in settings else f"{where}.broker_class is not declared: {BROKER_CLASS}"
    base, labels = f"{owner.place.provider}/rabbitmq", {"instance_type": str(given), "nodes": str(nodes)}
    if owner.place.provider == "aws":
        family, _size = data.known_class(given, f"{where}.broker_class", "mq.", MQ)
        if nodes not in NODES or (nodes > 1 and family in SINGLE_ONLY):
            raise CostError(f"{where}.replicas is {nodes} of {given}; Amazon MQ has one node, or three of any class but mq.t3.micro")
        base, labels["architecture"] = "aws/mq-rabbitmq", data.architecture(family)
    found = [owner.line("nodes", f"{base}/{given}", hours(nodes), "hour", assumption=why, **labels)]
    if settings.get("storage_gib") is not None:
        size = count(settings["storage_gib"], f"{where}.storage_gib", least=1, most=MOST_GIB)
        storage = "aws/mq/storage" if owner.place.provider == "aws" else f"{base}/storage"
        found.append(owner.line("storage", storage, fixed(size).times(nodes), "GB-month", nodes=str(nodes)))
    return found

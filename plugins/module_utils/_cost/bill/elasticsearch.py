# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""OpenSearch or Elasticsearch at Amazon OpenSearch Service, as pods with volumes, or at somebody else's expense."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import data
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.classes import OPENSEARCH
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import choice
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import count
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.volumes import volumes
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import fixed
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import hours

ENGINES = ("elasticsearch", "opensearch")
STORAGE = ("gp2", "gp3", "io1")
RESOURCE = "AWS::OpenSearchService::Domain"
# https://docs.aws.amazon.com/opensearch-service/latest/developerguide/limits.html
MOST_NODES, MOST_MASTERS, MOST_GIB = 1002, 5, 36_864


def lines(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """Node-hours of data nodes and dedicated masters `730 x nodes`, GB `nodes x storage_gib`, as storage_gib is the volume of one data node; in the
    cluster as many volumes.

    Free are hourly snapshots, encryption, and what nodes send each other. Raises CostError naming the variable: an unknown class, a number of masters that
    cannot agree.
    """
    how = data.provider(variables, "elasticsearch")
    engine = choice(variables.get("elasticsearch_engine", "opensearch"), "elasticsearch_engine", ENGINES)
    if how == "existing" or not data.runs(variables, place):
        return []
    found: list[Line] = []
    for name, settings in data.items(variables, "elasticsearch_domains").items():
        where = f"elasticsearch_domains.{name}"
        nodes = count(settings.get("nodes"), f"{where}.nodes", least=1, most=MOST_NODES)
        labels = {"engine": engine, "version": str(variables.get("elasticsearch_version") or "")}
        if how == "in_cluster":
            found += volumes(variables, data.Owner(place, "elasticsearch", name, labels=labels), nodes, settings, where)
            continue
        resource = RESOURCE if place.provider == "aws" else ""
        found += _managed(data.Owner(place, "elasticsearch", name, resource, labels), settings, where, nodes)
    return found


def _managed(owner: data.Owner, settings: Mapping[str, Any], where: str, nodes: int) -> Iterator[Line]:
    aws = owner.place.provider == "aws"
    base = "aws/opensearch" if aws else f"{owner.place.provider}/search"
    kind = choice(settings.get("storage_type", "gp3"), f"{where}.storage_type", STORAGE)
    size = count(settings.get("storage_gib"), f"{where}.storage_gib", least=10, most=MOST_GIB)
    yield _hours(owner, settings, where, base, "instance_class", "data nodes", nodes)
    yield owner.line("storage", f"{base}/{kind}", fixed(size).times(nodes), "GB-month", nodes=str(nodes))
    masters = count(settings.get("masters", 0), f"{where}.masters", most=MOST_MASTERS)
    if masters:
        if masters not in (3, 5):
            raise CostError(f"{where}.masters is {masters}; give 3 or 5, so that a majority is left when one fails, or 0")
        yield _hours(owner, settings, where, base, "master_class", "masters", masters)


def _hours(owner: data.Owner, settings: Mapping[str, Any], where: str, base: str, key: str, name: str, number: int) -> Line:
    given, labels = settings.get(key), {"nodes": str(number)}
    if owner.place.provider == "aws":
        family, _size = data.known_class(given, f"{where}.{key}", "", OPENSEARCH, ".search")
        labels["architecture"] = data.architecture(family)
    elif not given:
        raise CostError(f"{where}.{key} is not set; give the provider's class")
    return owner.line(name, f"{base}/{given}", hours(number), "hour", instance_type=str(given), **labels)

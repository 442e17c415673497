# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Buckets: what they hold in each class, requests, transitions, and copies in the standby region."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import data
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import objects
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import elementwise
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import choice
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import components
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.usage import usage
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.volumes import volumes_of
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Quantity

FIGURES = {"application": "objects_gb", "backup": "other_backup_objects_gb", "logs": "log_objects_gb", "state": "state_objects_gb"}
# Over which the objects of a bucket that deletes none are taken to have come, evenly.
HORIZON = 365


def lines(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """Each bucket by the figure of its purpose; what backups put into backup_bucket is component backup's. The objects are taken to have come evenly over
    expire_after_days, or a year: `GB a day = GB / days`, so that the lifecycle's days tell the share of each class.

    In a standby region: copies, where object_storage_replicate_to_standby says so. Versions add cost_usage.object_versions_percent. Free are encryption,
    deletions and policies. Raises CostError naming the variable: an unknown store, class or purpose, days that contradict each other.
    """
    where = objects.store(variables, place)
    if where == "existing" or (place.standby and not variables.get("object_storage_replicate_to_standby")):
        return []
    found: list[Line] = []
    for name, settings in data.items(variables, "object_storage_buckets").items():
        purpose = choice(settings.get("purpose"), f"object_storage_buckets.{name}.purpose", FIGURES)
        rules = objects.lifecycle(settings, f"object_storage_buckets.{name}")
        if "backup" in components(variables) and name == variables.get("backup_bucket"):
            continue
        gb, why = _gb(variables, purpose, bool(settings.get("versioning")))
        if where == "in_cluster":
            found += _in_cluster(variables, place, name, purpose, gb, why)
        else:
            found += _bucket(variables, objects.bucket_owner(place, "object_storage", name, purpose), rules, gb, why)
    return found


def _gb(variables: Mapping[str, Any], purpose: str, versions: bool) -> tuple[Quantity, str]:
    gb, why = usage(variables, FIGURES[purpose])
    if not versions:
        return gb, why
    more, also = data.percent(variables, "object_versions_percent", 1_000_000)
    return elementwise(lambda current, share: current * (1 + share), gb, more), data.said(why, also)


def _bucket(variables: Mapping[str, Any], owner: data.Owner, rules: objects.Lifecycle, gb: Quantity, why: str) -> Iterator[Line]:
    days = Fraction(rules.expire_after or HORIZON)
    if rules.expire_after is None and rules.archive_after is not None:
        why = data.said(why, f"objects came evenly over {HORIZON} days")
    size, also = data.figure(variables, "object_size_mb")
    if not size.minimum:
        raise CostError("cost_usage.object_size_mb is 0; give the mean size of an object")
    # The larger the objects, the fewer.
    fewer = Quantity(size.maximum, size.expected, size.minimum)
    counted = elementwise(lambda whole, mb: whole * objects.MB / mb, gb, fewer)
    flow = objects.Flow(gb, counted, days, days, assumption=data.said(why, also))
    copied = bool(variables.get("object_storage_replicate_to_standby")) and not owner.place.standby
    yield from objects.objects(owner, flow, rules, copied=copied)
    if owner.place.standby:
        return
    for name, figure, sku in (("further writes", "object_puts", "put"), ("reads", "object_gets", "get")):
        number_of, reason = usage(variables, figure)
        yield owner.line(name, f"{objects.BASE[owner.place.provider]}/{sku}", number_of.times("0.001"), "1k requests", usage=True, assumption=reason)


def _in_cluster(variables: Mapping[str, Any], place: Place, name: str, purpose: str, gb: Quantity, why: str) -> list[Line]:
    kind = variables["object_storage_provider"]
    number_of = objects.IN_CLUSTER[kind]
    owner = data.Owner(place, "object_storage", name, labels={"purpose": purpose, "engine": kind})
    reason = data.said(why, f"{kind} keeps {number_of} times what is in it, on volumes that are full")
    return [volumes_of(variables, owner, gb.times(number_of), "volumes", reason)]

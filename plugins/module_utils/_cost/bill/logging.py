# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Logs of pods: what Loki keeps, compressed, in objects or on volumes. Its pods are on nodes that are counted already."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import data
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import objects
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import elementwise
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import choice
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import components
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import count
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.usage import declared
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.usage import usage
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.volumes import volumes_of
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Quantity

LEVELS = ("all", "info", "audit")
# GB of text that become one; judgement, so it is said with the line.
RATIOS = {"gzip": 8, "zstd": 8, "snappy": 4, "none": 1}
# MB of a chunk that Loki writes: https://grafana.com/docs/loki/latest/configure/#ingester, chunk_target_size
CHUNK_MB = Decimal("1.5")
MOST_DAYS = 36_500


def lines(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """GB that are kept, `cost_usage.log_gb x 12 / 365 x days / compression`, days being the mean of logging_retention by level, and in an object store
    the writes of chunks. Collecting is free; streams and queries too: logging_streams says which logs cost_usage.log_gb is of.

    Raises CostError naming the variable: no retention, an unknown level or encoding, a ratio of none.
    """
    if not data.runs(variables, place):
        return []
    stored, written, why = kept(variables)
    return telemetry(variables, data.Owner(place, "logging", "loki", labels={"engine": "loki"}), stored, written, why)


def days(variables: Mapping[str, Any]) -> dict[str, int]:
    """How long a line of each level is kept at least: what is audit is info, and what is info is of the class for all. Raises CostError."""
    classes = data.items(variables, "logging_retention")
    if not classes:
        raise CostError("logging_retention is not set; give at least {detail: {days: 7, levels: all}}")
    found, longest = {}, 0
    for level in LEVELS:
        for name, settings in classes.items():
            where = f"logging_retention.{name}"
            if choice(settings.get("levels"), f"{where}.levels", LEVELS) == level:
                longest = max(longest, count(settings.get("days"), f"{where}.days", least=1, most=MOST_DAYS))
        found[level] = longest
    return found


def kept(variables: Mapping[str, Any]) -> tuple[Quantity, Quantity, str]:
    """GB there at any time, GB written a month, both compressed, and what had to be assumed."""
    gb, why = usage(variables, "log_gb")
    info, also = data.percent(variables, "log_info_percent")
    audit, more = data.percent(variables, "log_audit_percent")
    for_all, for_info, for_audit = (days(variables)[level] for level in LEVELS)
    if audit.maximum > info.maximum:
        raise CostError(f"cost_usage.log_audit_percent is {audit.maximum * 100:f}, more than log_info_percent {info.maximum * 100:f}; audit is a part of info")
    encoding = choice(variables.get("logging_compression", "gzip"), "logging_compression", RATIOS)
    ratio, last = Quantity(*[Decimal(RATIOS[encoding])] * 3), f"{encoding} makes {RATIOS[encoding]} GB of logs one"
    if "log_compression_ratio" in declared(variables):
        ratio, last = usage(variables, "log_compression_ratio")
    if ratio.minimum < 1:
        raise CostError(f"cost_usage.log_compression_ratio is {ratio.minimum:f}; give 1 or more")
    # The better it is compressed, the less there is.
    written = elementwise(lambda size, by: size / by, gb, Quantity(ratio.maximum, ratio.expected, ratio.minimum))
    mean = elementwise(lambda some, few: for_all + some * (for_info - for_all) + few * (for_audit - for_info), info, audit)
    return data.scaled(data.product(written, mean), Fraction(12, 365)), written, data.said(why, also, more, last)


def telemetry(variables: Mapping[str, Any], owner: data.Owner, stored: Quantity, written: Quantity | None, why: str) -> list[Line]:
    """GB in the platform's object store, where it has one, else on volumes; `written` in chunks."""
    has_store = "object_storage" in components(variables) and objects.store(variables, owner.place) == owner.place.provider
    if not has_store:
        return [volumes_of(variables, owner, stored, "volumes", why)]
    base, kind = objects.BASE[owner.place.provider], objects.FIRST[owner.place.provider]
    found = [owner.line(kind, f"{base}/{kind}", stored, "GB-month", usage=True, assumption=why)]
    if written is not None:
        thousands = elementwise(lambda gb: gb * objects.MB / CHUNK_MB / 1000, written)
        found.append(owner.line("writes", f"{base}/put", thousands, "1k requests", usage=True, assumption=why))
    return found

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Traces: what Tempo keeps in objects, or Jaeger on volumes. Their pods are on nodes that are counted already."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import data
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.logging import MOST_DAYS
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.logging import telemetry
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import choice
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import components
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import count
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.usage import usage
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.volumes import volumes_of
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place

BACKENDS = ("jaeger", "tempo")


def lines(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """GB that are kept: `cost_usage.trace_gb x 12 / 365 x sampling percent x tracing_retention_days`. Tempo's are objects, of a size that makes writes
    cost nothing worth a line. Jaeger's lie in the platform's OpenSearch, whose volumes are counted there, else on volumes.

    Raises CostError naming the variable.
    """
    if not data.runs(variables, place):
        return []
    backend = choice(variables.get("tracing_backend", "tempo"), "tracing_backend", BACKENDS)
    if backend == "jaeger" and "elasticsearch" in components(variables):
        return []
    whole, why = usage(variables, "trace_gb")
    sampled = Fraction(count(variables.get("tracing_sampling_percent", 100), "tracing_sampling_percent", most=100), 100)
    kept = count(variables.get("tracing_retention_days", 7), "tracing_retention_days", least=1, most=MOST_DAYS)
    stored = data.scaled(whole, Fraction(12, 365) * sampled * kept)
    owner = data.Owner(place, "tracing", backend, labels={"engine": backend})
    if backend == "jaeger":
        return [volumes_of(variables, owner, stored, "volumes", why)]
    return telemetry(variables, owner, stored, None, why)

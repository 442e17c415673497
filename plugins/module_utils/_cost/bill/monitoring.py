# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Figures: what Prometheus keeps on a volume, or what the provider's own monitoring takes for metrics, alarms and dashboards."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import data
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.logging import MOST_DAYS
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import elementwise
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import choice
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import count
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import layered
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.volumes import volumes_of
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Quantity
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import fixed

# Base of the SKUs of each provider's own, and where it is.
PROVIDERS = {"prometheus": "", "cloudwatch": "aws", "azure_monitor": "azure", "cloud_monitoring": "gcp"}
BASE = {"aws": "aws/cloudwatch", "azure": "azure/monitor", "gcp": "gcp/monitoring"}
# needed_disk_space = retention_time_seconds * ingested_samples_per_second * bytes_per_sample, the last 1 to 2:
# https://prometheus.io/docs/prometheus/latest/storage/#operational-aspects
BYTES = 2
DAY = 86_400


def lines(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """Prometheus: GB `series / interval x seconds of monitoring_retention_days x 2 bytes`. Else series as custom metrics, an alarm for each of
    monitoring_alerts and a dashboard for each of monitoring_dashboards. In the cluster those, metrics, receivers, objectives and datasources are free.

    Raises CostError naming the variable: another provider's monitoring, an interval of none.
    """
    if not data.runs(variables, place):
        return []
    name = "monitoring_provider"
    kind = choice(variables.get(name, "prometheus"), name, PROVIDERS)
    series, why = data.figure(variables, "metric_series")
    if kind == "prometheus":
        stored, also = _disk(variables, series)
        return [volumes_of(variables, data.Owner(place, "monitoring", kind, labels={"engine": kind}), stored, "volumes", data.said(why, also))]
    if PROVIDERS[kind] != place.provider:
        raise CostError(f"{name} is {kind}, but platform_provider {place.provider}; name its own, or prometheus")
    owner, base = data.Owner(place, "monitoring", kind), BASE[place.provider]
    alerts = layered(variables, "monitoring_alerts")
    return [
        owner.line("metrics", f"{base}/metric", series, "metric-month", usage=True, assumption=why),
        owner.line("alarms", f"{base}/alarm", fixed(len(alerts)), "alarm-month"),
        owner.line("dashboards", f"{base}/dashboard", fixed(len(layered(variables, "monitoring_dashboards"))), "dashboard-month"),
    ]


def _disk(variables: Mapping[str, Any], series: Quantity) -> tuple[Quantity, str]:
    kept = count(variables.get("monitoring_retention_days", 15), "monitoring_retention_days", least=1, most=MOST_DAYS)
    seconds, why = data.figure(variables, "metric_interval_seconds")
    if not seconds.minimum:
        raise CostError("cost_usage.metric_interval_seconds is 0; give the seconds between two samples")
    # The longer the interval, the fewer samples.
    rarer = Quantity(seconds.maximum, seconds.expected, seconds.minimum)
    each = elementwise(lambda number, between: number / between, series, rarer)
    return data.scaled(each, Fraction(kept * DAY * BYTES, 2**30)), why

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Traffic that is paid by the gigabyte and belongs to no one thing: between zones, to other regions, to the internet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import used
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import components
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place

# Directions that are billed: https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer, https://azure.microsoft.com/pricing/details/bandwidth/,
# https://cloud.google.com/vpc/network-pricing
CROSS_ZONE = {"aws": ("in", "out"), "azure": (), "gcp": ("out",)}


def lines(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """Of a deployment with a cluster. What crosses a zone's border is billed at AWS where it leaves and where it arrives: two lines of the same GB.

    What the CDN sends is the edge's, not in internet_out_gb. Raises CostError naming the figure.
    """
    if place.provider not in CROSS_ZONE or "cluster" not in components(variables):
        return []
    sku = f"{place.provider}/transfer/"
    found = [
        used(place, "transfer", "internet", "out", f"{sku}internet-out", "GB", variables, "internet_out_gb"),
        used(place, "transfer", "between regions", "out", f"{sku}inter-region", "GB", variables, "inter_region_gb"),
    ]
    if place.zones > 1:
        name = f"{sku}cross-zone"
        found += [used(place, "transfer", "between zones", way, name, "GB", variables, "cross_zone_gb") for way in CROSS_ZONE[place.provider]]
    return found

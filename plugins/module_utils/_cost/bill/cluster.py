# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Cluster: control plane, extended support, nodes with their root volumes, logs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.nodes import pools
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import logs
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import used
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import choice
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import meant
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import hours

COMPUTE = ("auto_mode", "node_groups")
SUPPORT = ("extended", "standard")
AUTOSCALERS = ("cluster_autoscaler", "karpenter", "none")
MILLIONTH = Decimal("0.000001")
OTHERS = {
    "azure": ("azure/aks/standard", "tier Standard, which has the uptime agreement"),
    "gcp": ("gcp/gke/cluster", "a regional cluster without the free tier's credit"),
}


def lines(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """The cluster by its provider; one of an owner elsewhere costs the platform nothing. Raises CostError naming the variable."""
    if place.provider in OTHERS:
        sku, why = OTHERS[place.provider]
        control = Line(place, "cluster", "control plane", "control plane", sku, hours(), "hour", assumption=why)
        return [control, *pools(variables, place)]
    made = variables.get("cluster_eks", variables.get("cluster_provider", "aws") in ("aws", "local"))
    if place.provider != "aws" or not made:
        return []
    return [*_control_plane(variables, place), *_compute(variables, place), *_logs(variables, place), *_interruptions(variables, place)]


def _control_plane(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """730 hours, and as many at the price of extended support while the version is past its standard one.

    With support `standard` EKS itself upgrades a control plane on that day, so nothing is added:
    https://docs.aws.amazon.com/eks/latest/userguide/view-support-level.html
    """
    version, resource = str(variables.get("cluster_version", "")), "AWS::EKS::Cluster"
    releases = variables.get("cluster_eks_releases") or {}
    if version not in releases:
        raise CostError(f"cluster_version {version!r} has no row in cluster_eks_releases; {meant(version, releases)} Or add one with until and extended_until")
    support = choice(variables.get("cluster_support", "standard"), "cluster_support", SUPPORT)
    until, extended = (str(releases[version].get(key) or "") for key in ("until", "extended_until"))
    past = bool(until) and until < place.as_of
    why = ""
    if past and support == "standard":
        why = f"EKS upgraded it by itself after {until}, as cluster_support is standard"
    elif past and extended and extended < place.as_of:
        why = f"EKS upgraded it by itself after {extended}, the end of extended support"
    labels = {"version": version, "support": support, "until": until}
    found = [Line(place, "cluster", "control plane", "control plane", "aws/eks/cluster", hours(), "hour", resource, assumption=why, labels=labels)]
    if past and not why:
        found.append(Line(place, "cluster", "control plane", "extended support", "aws/eks/extended-support", hours(), "hour", resource, labels=labels))
    return found


def _compute(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """Auto Mode's nodes are of EKS' choice: the pools are then what it is expected to choose, and its fee comes on top of each node's hours."""
    auto = choice(variables.get("cluster_compute", "node_groups"), "cluster_compute", COMPUTE) == "auto_mode"
    found = pools(variables, place, auto_mode=auto)
    if not found and auto:
        raise CostError("cluster_node_pools is empty; EKS chooses the nodes by itself, declare the pools that you expect of it (instance_type, min, max)")
    return found


def _logs(variables: Mapping[str, Any], place: Place) -> list[Line]:
    if not any((variables.get("cluster_log_types") or {}).values()):
        return []
    days = variables.get("cluster_log_retention_days", 365)
    return logs(place, "cluster", "control plane", variables, "cluster_log_gb", days, "cluster_log_retention_days")


def _interruptions(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """Karpenter's queue."""
    scaler = choice(
        variables.get("cluster_autoscaler", variables.get("cluster_addons_autoscaler", "cluster_autoscaler")), "cluster_addons_autoscaler", AUTOSCALERS
    )
    if scaler != "karpenter" or variables.get("cluster_compute") == "auto_mode":
        return []
    sku, resource = "aws/sqs/requests-1m", "AWS::SQS::Queue"
    return [used(place, "cluster", "interruptions", "calls", sku, "1m requests", variables, "queue_requests", factor=MILLIONTH, resource=resource)]

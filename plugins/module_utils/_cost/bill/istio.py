# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Mesh: the load balancers of its gateways. Its own pods are on nodes that are counted already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import balancer
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import balancer_kind
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import choice
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import layered
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place

KINDS = ("egress", "ingress")
TYPES = ("ClusterIP", "LoadBalancer", "NodePort")
INTERNAL = "service.beta.kubernetes.io/aws-load-balancer-scheme"
PROVIDERS = ("aws", "azure", "gcp")


def lines(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """One load balancer for each gateway whose Service asks for one; the first one in front of the hosts has cost_usage.load_balancer_*.

    A gateway is a Service: an application load balancer cannot stand before it, whatever edge_load_balancer says. Raises CostError naming the variable.
    """
    if place.provider not in PROVIDERS:
        return []
    found: list[Line] = []
    defaults = variables.get("istio_gateway_defaults") or {}
    busy = True
    for name, gateway in sorted(layered(variables, "istio_gateways").items()):
        whole = {**defaults, **(gateway or {})}
        kind = choice(whole.get("kind", "ingress"), f"istio_gateways.{name}.kind", KINDS)
        otherwise = "LoadBalancer" if kind == "ingress" else "ClusterIP"
        if choice(whole.get("service_type") or otherwise, f"istio_gateways.{name}.service_type", TYPES) != "LoadBalancer":
            continue
        internal = (whole.get("annotations") or {}).get(INTERNAL) == "internal"
        found += balancer(place, "istio", f"gateway {name}", variables, balancer_kind(variables, place, "nlb"), busy=busy, internal=internal)
        busy = False
    return found

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What the inventory asks for pods: requests x replicas of each application service, from the variables that deploy it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._application.validation import quantity
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Quantity
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import decimal
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import ranged
from ansible_collections.llmops.platform.plugins.module_utils._inventory.layering import merge

# As role application has them where neither common nor defaults are among the variables.
REPLICAS, NAMESPACE, TIER = 3, "default", "service"
RESOURCES = ("cpu", "memory")


@dataclass(frozen=True)
class Workload:
    """One service. `cpu`: cores, `memory`: bytes that each pod requests. `scales_on`: resources by whose use an autoscaler moves the replicas.

    `hpa`: whether there is an autoscaler at all. `tier`: the label app.kubernetes.io/component.
    """

    namespace: str
    service: str
    tier: str
    replicas: Quantity
    cpu: Decimal
    memory: Decimal
    hpa: bool = False
    scales_on: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.namespace}/{self.service}"


def declared(variables: Mapping[str, Any]) -> list[Workload]:
    """The workloads of one host's variables, by name. Raises CostError naming service and field.

    Services are application_services with their layers, over application_services_common, over application_service_defaults, as role application has it.
    """
    services = merge(*(_map(variables, f"application_services{layer}") for layer in ("", "_environment", "_deployment")))
    beneath = merge(_map(variables, "application_service_defaults"), _map(variables, "application_services_common"))
    return [_workload(name, merge(beneath, service), variables) for name, service in sorted(services.items())]


def _map(variables: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = variables.get(name) or {}
    if not isinstance(found, Mapping):
        raise CostError(f"{name} is {found!r}; give a map")
    return found


def _workload(name: str, service: Mapping[str, Any], variables: Mapping[str, Any]) -> Workload:
    where, requests = f"application_services.{name}", (service.get("resources") or {}).get("requests") or {}
    asked = {}
    for resource in RESOURCES:
        found = quantity(requests.get(resource))
        if found is None or found < 0:
            raise CostError(
                f"{where}.resources.requests.{resource} is {requests.get(resource)!r}; give what a pod needs, such as 250m of cpu and 512Mi of memory"
            )
        asked[resource] = found
    scaling = service.get("scaling") or {}
    if scaling:
        least = _count(scaling.get("min", 1), f"{where}.scaling.min")
        replicas = ranged(least, least, _count(scaling.get("max", least), f"{where}.scaling.max"), where)
    else:
        number = _count(service.get("replicas", REPLICAS), f"{where}.replicas")
        replicas = ranged(number, number, number, where)
    if replicas.minimum > replicas.maximum:
        raise CostError(f"{where}.scaling: min {replicas.minimum} is above max {replicas.maximum}")
    return Workload(
        str(service.get("namespace") or variables.get("application_namespace") or NAMESPACE),
        name,
        str(service.get("component") or TIER),
        replicas,
        asked["cpu"],
        asked["memory"],
        hpa=bool(scaling),
        scales_on=tuple(resource for resource in RESOURCES if f"{resource}_percent" in scaling),
    )


def _count(value: Any, what: str) -> Decimal:
    found = decimal(value, what)
    if found < 0 or found != found.to_integral_value():
        raise CostError(f"{what} is {value!r}; give a whole number of pods")
    return found

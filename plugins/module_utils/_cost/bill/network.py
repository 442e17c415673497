# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Network: NAT gateways with their addresses, endpoints in each zone, the log of flows. The VPC itself is free."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import logs
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import used
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import zones_of
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import choice
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import layered
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import hours

NAT = ("none", "per_az", "single")
ENDPOINTS = ("gateway", "interface")
DESTINATIONS = ("cloudwatch", "s3")


def lines(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """Of a network that role network makes at AWS; one that is there already is its owner's.

    NAT: gateways x 730 hours, an address each, GB. Interface endpoints: endpoints x zones of tier private x 730 hours, GB; gateway endpoints are free.
    Raises CostError naming the variable.
    """
    if place.provider != "aws" or variables.get("network_provider", "aws") != "aws":
        return []
    return [*_nat(variables, place), *_endpoints(variables, place), *_flow_logs(variables, place)]


def gateways(variables: Mapping[str, Any]) -> list[str]:
    """Letters of the zones with a NAT gateway: those with nodes and a public subnet, or the first of them."""
    nat = choice(variables.get("network_nat", "per_az"), "network_nat", NAT)
    public, private = zones_of(variables, "public"), set(zones_of(variables, "private"))
    zones = [letter for letter in public if letter in private] or public
    return {"none": [], "single": zones[:1], "per_az": zones}[nat]


def _nat(variables: Mapping[str, Any], place: Place) -> list[Line]:
    number = len(gateways(variables))
    if not number:
        return []
    resource, labels = "AWS::EC2::NatGateway", {"gateways": str(number)}
    return [
        Line(place, "network", "nat", "gateways", "aws/nat/hour", hours(number), "hour", resource, labels=labels),
        used(place, "network", "nat", "traffic", "aws/nat/gb", "GB", variables, "nat_gb", resource=resource),
        Line(place, "network", "nat", "public addresses", "aws/ipv4/hour", hours(number), "hour", "AWS::EC2::EIP", labels=labels),
    ]


def _endpoints(variables: Mapping[str, Any], place: Place) -> list[Line]:
    wanted = []
    for name, settings in sorted(layered(variables, "network_vpc_endpoints").items()):
        if choice((settings or {}).get("type"), f"network_vpc_endpoints.{name}.type", ENDPOINTS) == "interface":
            wanted.append(name)
    zones, resource = len(zones_of(variables, "private")), "AWS::EC2::VPCEndpoint"
    found = [
        Line(place, "network", "endpoints", name, "aws/vpc-endpoint/hour", hours(zones), "hour", resource, labels={"zones": str(zones)}) for name in wanted
    ]
    if wanted:
        found.append(used(place, "network", "endpoints", "traffic", "aws/vpc-endpoint/gb", "GB", variables, "endpoint_gb", resource=resource))
    return found


def _flow_logs(variables: Mapping[str, Any], place: Place) -> list[Line]:
    if not variables.get("network_flow_logs", True):
        return []
    resource = "AWS::EC2::FlowLog"
    if choice(variables.get("network_flow_log_destination", "cloudwatch"), "network_flow_log_destination", DESTINATIONS) == "s3":
        return [used(place, "network", "flow logs", "log delivery", "aws/cloudwatch/logs-to-s3", "GB", variables, "flow_log_gb", resource=resource)]
    days = variables.get("network_flow_log_retention_days", 30)
    return logs(place, "network", "flow logs", variables, "flow_log_gb", days, "network_flow_log_retention_days", resource)

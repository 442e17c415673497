# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What a deployment declares of its network: judged as a whole, and worked out for the templates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._inventory.schema import Finding
from ansible_collections.llmops.platform.plugins.module_utils._network import flows
from ansible_collections.llmops.platform.plugins.module_utils._network import layout
from ansible_collections.llmops.platform.plugins.module_utils._network import ranges

NAT = ("single", "per_az", "none")
# Where a single NAT gateway, so one zone, may take the way out from all of them.
SMALL = ("local", "dev")
# The only services that have gateway endpoints: https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
GATEWAYS = ("dynamodb", "s3")
SERVICE = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
# Days that CloudWatch Logs can keep a log: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
RETENTION = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
INTERNET = "0.0.0.0/0"
INTERNET_V6 = "::/0"


def problems(declared: Mapping[str, Any]) -> list[Finding]:
    """Everything that is wrong with a network; what is not there is not judged.

    `declared`: `{environment, region, cidr, zones: {letter: zone}, subnets: {tier: {zones, prefix_length} or {cidrs}}, nat, endpoints: {service: {type}},
    peers: {name: range}, flows: {name: {from, to, ports, protocol}}, flow_log_retention_days}`, layers merged. A finding's path begins with the variable.
    """
    region, cidr, zones = declared.get("region") or "", declared.get("cidr"), declared.get("zones") or {}
    found = [*ranges.own_range(cidr, local=declared.get("environment") == "local"), *layout.zone_problems(zones, region)]
    if not found:
        found += layout.tier_problems(cidr, declared.get("subnets") or {}, zones)
    found += ranges.peers(cidr, declared.get("peers") or {})
    found += _nat_problems(declared)
    found += _endpoint_problems(declared.get("endpoints") or {})
    found += flows.problems(declared.get("flows") or {}, declared.get("peers") or {})
    days = declared.get("flow_log_retention_days")
    if days is not None and days not in RETENTION:
        larger = next((number for number in RETENTION if number > days), RETENTION[-1])
        found.append(Finding(("network_flow_log_retention_days",), days, "is no number of days that CloudWatch Logs knows", f"write {larger}"))
    return found


def _nat_problems(declared: Mapping[str, Any]) -> Iterator[Finding]:
    nat, environment, path = declared.get("nat"), declared.get("environment"), ("network_nat",)
    if nat is not None and nat not in NAT:
        yield Finding(path, nat, f"is none of {', '.join(NAT)}", "write per_az")
    if nat == "single" and environment not in SMALL:
        yield Finding(path, nat, f"is for {' and '.join(SMALL)} only: with its zone {environment} would lose the way out", "write per_az")
    tiers = declared.get("subnets") or {}
    if nat in ("single", "per_az") and tiers and "public" not in tiers:
        yield Finding(path, nat, "needs a tier public in network_subnets, where the gateways are", "add public: {zones: 3, prefix_length: 24}, or write none")


def _endpoint_problems(endpoints: Mapping[str, Any]) -> Iterator[Finding]:
    for service, wanted in sorted(endpoints.items()):
        path, kind = ("network_vpc_endpoints", service), wanted.get("type")
        if not SERVICE.fullmatch(service):
            yield Finding(path, dict(wanted), "is no name of a service", "write it as AWS does behind the region, like ecr.api", True)
        if kind == "gateway" and service not in GATEWAYS:
            yield Finding((*path, "type"), kind, f"is for {' and '.join(GATEWAYS)} only", "write interface", True)


def plan(declared: Mapping[str, Any]) -> dict[str, Any]:
    """The network as its templates need it, all of it sorted. Raises ValueError with every problem, a line each.

    `{subnets: [{name, tier, letter, zone, cidr, ipv6}], tiers: {tier: [subnet]}, gateways: [letter], gateway_of: {letter: letter},
    gateway_endpoints: [{service, name}], interface_endpoints: […], groups: {group: {name, description}},
    rules: [{name, type, group, key, parameter or value, protocol, first, last, description}],
    parameters: {network: {name: {value}}, endpoints: {name: {stack, output}}, flows: …}}`; `stack` of `declared` is the key of the network's own stack
    """
    found = problems(declared)
    if found:
        raise ValueError("\n".join(f"{'.'.join(finding.path)} ({finding.value!r}) {finding.problem}; {finding.remedy}" for finding in found))
    subnets = layout.subnets(declared["cidr"], declared["subnets"], declared["zones"])
    rows = [{"name": s.name, "tier": s.tier, "letter": s.letter.upper(), "zone": s.zone, "cidr": s.cidr, "ipv6": s.ipv6} for s in subnets]
    tiers = {tier: [row for row in rows if row["tier"] == tier] for tier in layout.SHARES}
    gateways = _gateways(declared["nat"], tiers)
    endpoints = sorted((declared.get("endpoints") or {}).items())
    services = {
        kind: [{"service": name, "name": flows.camel(name)} for name, wanted in endpoints if wanted["type"] == kind] for kind in ("gateway", "interface")
    }
    rules = [row for rule in flows.rules(declared.get("flows") or {}) for row in _rule(rule, declared.get("peers") or {}, bool(declared.get("ipv6")))]
    return {
        "subnets": rows,
        "tiers": {tier: found for tier, found in tiers.items() if found},
        "gateways": gateways,
        "gateway_of": {row["letter"]: row["letter"] if row["letter"] in gateways else gateways[0] for row in tiers["private"]} if gateways else {},
        "gateway_endpoints": services["gateway"],
        "interface_endpoints": services["interface"],
        "groups": {group: {"name": f"{flows.camel(group)}SecurityGroup", "description": text} for group, text in sorted(flows.GROUPS.items())},
        "rules": rules,
        "parameters": {
            "network": {
                "VpcCidr": {"value": declared["cidr"]},
                **{f"{row['name']}Cidr": {"value": row["cidr"]} for row in rows},
                **{f"Zone{row['letter']}": {"value": row["zone"]} for row in rows},
            },
            "endpoints": _outputs(declared, _endpoint_inputs(services)),
            "flows": _outputs(declared, {row[key] for row in rules for key in ("group", "parameter") if key in row}),
        },
    }


def _endpoint_inputs(services: Mapping[str, list[Any]]) -> set[str]:
    needed = {"gateway": {"EndpointRouteTableIds"}, "interface": {"EndpointSecurityGroupId", "PrivateSubnetIds"}}
    return {"VpcId"}.union(*(needed[kind] for kind, found in services.items() if found))


def _outputs(declared: Mapping[str, Any], names: set[str]) -> dict[str, dict[str, str]]:
    """Parameters that are outputs of the network's stack, of the same names."""
    return {name: {"stack": declared.get("stack", ""), "output": name} for name in sorted(names)}


def _gateways(nat: str, tiers: Mapping[str, list[Mapping[str, Any]]]) -> list[str]:
    """Letters of the zones with a NAT gateway: those that have nodes and a public subnet."""
    public = [row["letter"] for row in tiers["public"]]
    private = {row["letter"] for row in tiers["private"]}
    zones = [letter for letter in public if letter in private] or public
    return {"none": [], "single": zones[:1], "per_az": zones}[nat]


def _rule(rule: flows.Rule, peers: Mapping[str, str], ipv6: bool) -> Iterator[dict[str, Any]]:
    """The resources of one rule: to the internet there is one for each address family."""
    end = "Destination" if rule.direction == "egress" else "Source"
    icmp = rule.protocol == "icmp"
    row = {
        "name": rule.name,
        "direction": rule.direction,
        "group": f"{flows.camel(rule.group)}SecurityGroupId",
        "description": rule.description,
        "protocol": "-1" if rule.protocol == "all" else rule.protocol,
        "first": -1 if icmp else rule.first,
        "last": -1 if icmp else rule.last,
    }
    if rule.other in flows.GROUPS:
        yield {**row, "key": f"{end}SecurityGroupId", "parameter": f"{flows.camel(rule.other)}SecurityGroupId"}
    elif rule.other == flows.VPC:
        yield {**row, "key": "CidrIp", "parameter": "VpcCidr"}
    elif rule.other == flows.INTERNET:
        yield {**row, "key": "CidrIp", "value": INTERNET}
        if ipv6:
            yield {**row, "name": f"{rule.name}V6", "key": "CidrIpv6", "value": INTERNET_V6}
    else:
        yield {**row, "key": "CidrIp", "value": peers[rule.other]}


def warnings(cidr: Any) -> list[str]:
    """What works and makes trouble later."""
    return ranges.unwise(cidr)

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The network as other roles see it, out of its stacks' outputs or out of what the inventory names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._network.flows import GROUPS
from ansible_collections.llmops.platform.plugins.module_utils._network.flows import camel
from ansible_collections.llmops.platform.plugins.module_utils._network.layout import SHARES

UNKNOWN = "(known after apply)"


def facts(
    declared: Mapping[str, Any],
    *,
    stacks: Mapping[str, Mapping[str, Any]] | None = None,
    keys: Mapping[str, str] | None = None,
    existing: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """`network_result`; its shape stands in the role's README.

    `declared`: `{provider, region, zones, cidr}`; `stacks`: what module aws_stacks_info read; `keys`: the stack keys of `network`, `endpoints`, `flow_logs`;
    `existing`: a network by ids, `{vpc_id, subnets: {tier: {letter: id}}, security_groups: {group: id}}`, instead of stacks.
    Ids of a network that is not there yet are `(known after apply)`. Raises ValueError for a stack that was not read.
    """
    head = {"provider": declared["provider"], "region": declared["region"], "zones": dict(declared["zones"])}
    if existing is not None:
        return {**head, **_existing(existing, declared["cidr"])}
    read, keys = stacks or {}, keys or {}
    if keys.get("network") not in read:
        raise ValueError(f"stack {keys.get('network')} was not read")
    network = read[keys["network"]]
    outputs, parameters = network.get("outputs") or {}, network.get("parameters") or {}
    endpoints = (read.get(keys.get("endpoints", "")) or {}).get("outputs") or {}
    flow_log = (read.get(keys.get("flow_logs", "")) or {}).get("outputs") or {}
    subnets = {tier: _subnets(tier, outputs) for tier in SHARES}
    return {
        **head,
        "exists": bool(network.get("exists")),
        "vpc": {
            "id": outputs.get("VpcId", UNKNOWN),
            "cidr": outputs.get("VpcCidr", parameters.get("VpcCidr", UNKNOWN)),
            "ipv6_cidr": outputs.get("VpcIpv6Cidr", ""),
        },
        "subnets": {
            tier: {letter: {"id": found, "cidr": parameters.get(f"{tier.capitalize()}Subnet{letter.upper()}Cidr", "")} for letter, found in rows.items()}
            for tier, rows in subnets.items()
        },
        "subnet_ids": {tier: list(rows.values()) for tier, rows in subnets.items()},
        "security_groups": {group: outputs.get(f"{camel(group)}SecurityGroupId", UNKNOWN) for group in GROUPS},
        "nat_addresses": [value for name, value in sorted(outputs.items()) if re.fullmatch(r"NatAddress[A-Z]", name)],
        "endpoints": {name.removesuffix("EndpointId"): value for name, value in sorted(endpoints.items()) if name.endswith("EndpointId")},
        "flow_log": flow_log.get("FlowLogId", ""),
    }


def _subnets(tier: str, outputs: Mapping[str, str]) -> dict[str, str]:
    """Ids of a tier by letter."""
    pattern = re.compile(rf"{tier.capitalize()}Subnet([A-Z])")
    return {found[1].lower(): outputs[name] for name in sorted(outputs) if (found := pattern.fullmatch(name))}


def _existing(existing: Mapping[str, Any], cidr: str) -> dict[str, Any]:
    subnets = {tier: dict(sorted((existing["subnets"].get(tier) or {}).items())) for tier in SHARES}
    return {
        "exists": True,
        "vpc": {"id": existing["vpc_id"], "cidr": cidr, "ipv6_cidr": existing.get("vpc_ipv6_cidr", "")},
        "subnets": {tier: {letter: {"id": found, "cidr": ""} for letter, found in rows.items()} for tier, rows in subnets.items()},
        "subnet_ids": {tier: list(rows.values()) for tier, rows in subnets.items()},
        "security_groups": {group: (existing.get("security_groups") or {}).get(group, "") for group in GROUPS},
        "nat_addresses": list(existing.get("nat_addresses") or []),
        "endpoints": {},
        "flow_log": "",
    }

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Security groups as a table of allowed flows. A flow is one rule out of its source and one rule into its target."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._inventory.schema import Finding

# {group: description}. EC2 takes no apostrophe in it.
GROUPS = {
    "cluster": "Control plane of the Kubernetes cluster",
    "node": "Nodes of the Kubernetes cluster and their pods",
    "postgresql": "PostgreSQL",
    "redis": "Redis and Valkey",
    "kafka": "Kafka brokers",
    "elasticsearch": "OpenSearch",
    "rabbitmq": "RabbitMQ",
    "endpoint": "Interface endpoints of AWS services",
}
# Not groups: everything outside, and the network's own range.
INTERNET, VPC = "internet", "vpc"
PROTOCOLS = ("tcp", "udp", "icmp", "all")
PORTS = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?")
WORD = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*")
DESCRIPTION = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{1,255}")


@dataclass(frozen=True)
class Rule:
    """One rule of a group. `other` is a group, `internet`, `vpc` or a peer; ports are None for all of them."""

    direction: str
    group: str
    other: str
    protocol: str
    first: int | None
    last: int | None
    description: str

    @property
    def name(self) -> str:
        """Logical id: made of what the rule allows, so that a flow's new name changes nothing."""
        ports = "" if self.first is None else f"{self.first}" if self.first == self.last else f"{self.first}To{self.last}"
        ends = (self.group, "To", self.other) if self.direction == "egress" else (self.other, "To", self.group)
        return "".join((self.direction.capitalize(), *map(camel, ends), self.protocol.capitalize(), ports))


def camel(name: str) -> str:
    """CamelCase of a name in snake, kebab or dotted case."""
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"[_.-]", name))


def problems(flows: Mapping[str, Any], peers: Mapping[str, Any]) -> Iterator[Finding]:
    """What is wrong with `network_flows`, `{name: {from, to, ports, protocol, description}}`."""
    ends = [*GROUPS, INTERNET, VPC, *peers]
    for name in sorted(peers):
        if name in GROUPS or name in (INTERNET, VPC) or not WORD.fullmatch(name):
            yield Finding(("network_peers", name), peers[name], "has a name that flows cannot use", "take another one, of lower-case letters and digits", True)
    for name, flow in sorted(flows.items()):
        path = ("network_flows", name)
        for side in ("from", "to"):
            if flow.get(side) not in ends:
                yield Finding((*path, side), flow.get(side), "is neither a group nor a range", f"there are {', '.join(ends)}", True)
        if flow.get("from") not in GROUPS and flow.get("to") not in GROUPS:
            yield Finding(path, dict(flow), "has no security group at either end", f"name one of {', '.join(GROUPS)}", True)
        if flow.get("from") == INTERNET:
            remedy = "let it in through a load balancer, whose own group the load balancer controller makes"
            yield Finding((*path, "from"), INTERNET, "would open a group to everybody", remedy, True)
        if not DESCRIPTION.fullmatch(str(flow.get("description", name))):
            yield Finding(
                (*path, "description"), flow["description"], "has characters that EC2 refuses", "use letters, digits, spaces and . _-:/()#,@[]+=&;{}!$*", True
            )
        yield from _port_problems(path, flow)


def _port_problems(path: tuple[str, ...], flow: Mapping[str, Any]) -> Iterator[Finding]:
    protocol, ports = flow.get("protocol", "tcp"), flow.get("ports") or []
    if protocol not in PROTOCOLS:
        yield Finding((*path, "protocol"), protocol, f"is none of {', '.join(PROTOCOLS)}", "write tcp, or leave it out", True)
    elif protocol in ("tcp", "udp") and not ports:
        yield Finding((*path, "ports"), ports, f"is empty for {protocol}", "name the ports, like [443, 8000-8100]; for all of them write protocol: all", True)
    elif protocol not in ("tcp", "udp") and ports:
        yield Finding((*path, "ports"), ports, f"means nothing for protocol {protocol}", "leave it out", True)
    if protocol == "all" and not (flow.get("from") in GROUPS and flow.get("to") in GROUPS):
        yield Finding((*path, "protocol"), protocol, "would open everything to a range", "name protocol and ports", True)
    for port in ports:
        first, last = _range(port) or (1, 0)
        if not 1 <= first <= last <= 65535:
            yield Finding((*path, "ports"), port, "is neither a port nor a range of ports", "write 443, or 8000-8100", True)


def _range(port: Any) -> tuple[int, int] | None:
    found = PORTS.fullmatch(str(port))
    return (int(found[1]), int(found[2] or found[1])) if found else None


def rules(flows: Mapping[str, Mapping[str, Any]]) -> list[Rule]:
    """The rules of flows without problems, sorted by logical id, each once."""
    found: dict[str, Rule] = {}
    for name, flow in sorted(flows.items()):
        protocol = flow.get("protocol", "tcp")
        description = flow.get("description") or name.replace("_", " ")
        for port in flow.get("ports") or [None]:
            first, last = (None, None) if port is None else _range(port) or (None, None)
            for direction, group, other in (("egress", flow["from"], flow["to"]), ("ingress", flow["to"], flow["from"])):
                if group in GROUPS:
                    rule = Rule(direction, group, other, protocol, first, last, description)
                    found.setdefault(rule.name, rule)
    return [found[name] for name in sorted(found)]


def most_rules(flows: Mapping[str, Mapping[str, Any]]) -> int:
    """Rules of the group and direction that has most: what the quota of rules per security group counts."""
    counted = Counter((rule.group, rule.direction) for rule in rules(flows))
    return max(counted.values(), default=0)

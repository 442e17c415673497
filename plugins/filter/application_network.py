# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters that open a namespace's default-deny for one service, and lead clients to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleFilterError


def network_ingress(service: Mapping[str, Any], peers: Mapping[str, str]) -> list[dict[str, Any]]:
    """Who may call the service: its route's gateway, its load balancer's clients, the metrics' collector, and `network.from`."""
    numbers = {name: port["containerPort"] for name, port in service["ports"].items()}
    every = [{"protocol": "TCP", "port": number} for number in numbers.values()]
    rules = []
    if service["route"]:
        rules.append({"from": [_namespace(peers["gateway"])], "ports": every})
    if service["load_balancer"]:
        ranges = (service["load_balancer"].get("source_ranges") or {}).values()
        rules.append({**({"from": [{"ipBlock": {"cidr": cidr}} for cidr in ranges]} if ranges else {}), "ports": every})
    if service["metrics"]:
        target = service["service"]["ports"][service["metrics"]["port"]].get("targetPort", service["metrics"]["port"])
        rules.append({"from": [_namespace(peers["metrics"])], "ports": [{"protocol": "TCP", "port": numbers.get(target, target)}]})
    for name, peer in (service["network"].get("from") or {}).items():
        wanted = [{"protocol": "TCP", "port": numbers[port]} for port, yes in (peer.get("ports") or {}).items() if yes] or every
        rules.append({"from": [_peer(f"from.{name}", peer)], "ports": wanted})
    return rules


def network_egress(service: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Whom the service may call, `network.to`; name resolution is open to all."""
    rules = []
    for name, peer in (service["network"].get("to") or {}).items():
        ports = [{"protocol": peer.get("protocol", "TCP"), "port": port} for port in (peer.get("ports") or {}).values()]
        rules.append({"to": [_peer(f"to.{name}", peer)], **({"ports": ports} if ports else {})})
    return rules


def _peer(where: str, peer: Mapping[str, Any]) -> dict[str, Any]:
    if peer.get("cidr"):
        block = {"cidr": peer["cidr"]}
        if peer.get("except"):
            block["except"] = list(peer["except"].values())
        return {"ipBlock": block}
    found: dict[str, Any] = _namespace(peer["namespace"]) if peer.get("namespace") else {}
    if peer.get("app"):
        found["podSelector"] = {"matchLabels": {"app": peer["app"]}}
    if not found:
        raise AnsibleFilterError(f"network policy - network.{where} names neither namespace, app nor cidr; name at least one")
    return found


def _namespace(name: str) -> dict[str, Any]:
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}


def ingress_rules(hosts: list[str], name: str, route: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`rules` of an Ingress: every host to the service's port."""
    backend = {"service": {"name": name, "port": {"name": route["port"]}}}
    path = {"path": route.get("path", "/"), "pathType": "Prefix", "backend": backend}
    return [{"host": host, "http": {"paths": [path]}} for host in hosts]


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict:
        return {"network_ingress": network_ingress, "network_egress": network_egress, "ingress_rules": ingress_rules}

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""From hosts, addresses and the active region to records."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._edge.errors import EdgeError
from ansible_collections.llmops.platform.plugins.module_utils._edge.records import BALANCER


def camel(text: str) -> str:
    """`us-east-1` as part of a logical id: UsEast1."""
    return text.replace("-", " ").replace("_", " ").title().replace(" ", "")


def balanced(objects: Iterable[Mapping[str, Any]], name: str = "", hosts: Iterable[str] = ()) -> dict[str, str]:
    """`{address, found, missing}` of the first object, by name, that has an address.

    A Service is chosen by its name, an Ingress or Gateway by `name` or, without one, by a host in its rules or listeners. `missing` says what is not there.
    """
    wanted, seen = set(hosts), []
    for thing in sorted(objects, key=lambda thing: (thing["metadata"].get("namespace", ""), thing["metadata"]["name"])):
        if name and thing["metadata"]["name"] != name:
            continue
        if not name and not wanted & _hosts(thing):
            continue
        what = f"{thing['kind']} {thing['metadata'].get('namespace', '')}/{thing['metadata']['name']}"
        status = thing.get("status") or {}
        for entry in [*((status.get("loadBalancer") or {}).get("ingress") or []), *(status.get("addresses") or [])]:
            if address := entry.get("hostname") or entry.get("ip") or entry.get("value"):
                return {"address": address, "found": what, "missing": ""}
        seen.append(what)
    if seen:
        return {"address": "", "found": "", "missing": f"{', '.join(seen)} has no address yet; look at its events and at the load balancer controller"}
    sought = f"of the name {name}" if name else f"for {', '.join(sorted(wanted)) or 'any host'}"
    return {"address": "", "found": "", "missing": f"nothing {sought} is in the cluster; deploy what makes it first"}


def _hosts(thing: Mapping[str, Any]) -> set[str]:
    spec = thing.get("spec") or {}
    rules = [rule.get("host") for rule in spec.get("rules") or []]
    return {host for host in [*rules, *(listener.get("hostname") for listener in spec.get("listeners") or [])] if host}


def edge_records(hosts: Iterable[str], addresses: Mapping[str, str], settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Records as module dns_records takes them.

    `addresses`: `{region: address}`, an IP or a host name, empty where there is none yet. `settings`: `{provider, zone, domain, active, routing, ttl,
    health_checks: {region: id}, cdn, proxied}`; `routing` is simple, failover or latency, `active` the region that answers while all are healthy.
    Raises EdgeError: the active region has no address while another has.
    """
    known = {region: address for region, address in sorted(addresses.items()) if address}
    active = settings["active"]
    if not known:
        return []
    if active not in known:
        raise EdgeError(
            f"the active region {active} has no address, {', '.join(known)} has: no record is written, as none would answer there. "
            "Deploy it first, or set edge_active_region (after a failover the run finds it by itself)"
        )
    found = [_record(f"{region}.{settings['domain']}", address, settings, simple=True) for region, address in known.items()]
    # Behind a CDN it alone knows the way in.
    names = [f"origin.{settings['domain']}"] if settings.get("cdn") else sorted(set(hosts))
    for name in names:
        found += _routed(name, known, settings)
    if settings.get("cdn"):
        found += [_record(name, settings["cdn"], {**settings, "proxied": False}, simple=True) for name in sorted(set(hosts))]
    return found


def _routed(name: str, known: Mapping[str, str], settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    active, routing = settings["active"], settings["routing"]
    if routing == "simple":
        return [_record(name, known[active], settings)]
    found = []
    for region, address in known.items():
        record = _record(name, address, settings) | {"set_identifier": region}
        if health := (settings.get("health_checks") or {}).get(region):
            record["health_check_id"] = health
        record |= {"region": region} if routing == "latency" else {"failover": "primary" if region == active else "secondary"}
        found.append(record)
    return found


def _record(name: str, address: str, settings: Mapping[str, Any], simple: bool = False) -> dict[str, Any]:
    proxied = {"proxied": True} if settings.get("proxied") and not simple else {}
    try:
        version = ipaddress.ip_address(address).version
    except ValueError:
        version = 0
    if version:
        return {"name": name, "type": "A" if version == 4 else "AAAA", "values": [address], "ttl": settings["ttl"], **proxied}
    # Route 53 answers a load balancer's addresses itself, which a top of a zone needs.
    if settings["provider"] == "route53" and (BALANCER.search(address.lower()) or address.lower().endswith(".cloudfront.net")):
        evaluated = not address.lower().endswith(".cloudfront.net")
        return {"name": name, "type": "A", "alias": {"name": address, "evaluate_health": evaluated}}
    if name == settings["zone"] and settings["provider"] == "cloudflare":
        # Flattened there.
        return {"name": name, "type": "A", "alias": {"name": address}, **proxied}
    if name == settings["zone"]:
        raise EdgeError(f"{name} is the top of its zone, where no CNAME to {address} may stand; give it an IP address, or hosts below it")
    return {"name": name, "type": "CNAME", "values": [address], "ttl": settings["ttl"], **proxied}

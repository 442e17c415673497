# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Records of a zone as data, the same for every provider.

A record set is `{name, type, set_identifier, ttl, values, alias, failover, region, weight, health_check_id, proxied}`: names in lower case without
the dot at their end, values sorted. What does not apply is None, `set_identifier` then "".
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._edge.errors import EdgeError

Record = dict[str, Any]
# Name, type, set identifier.
Key = tuple[str, str, str]

TYPES = ("A", "AAAA", "CAA", "CNAME", "MX", "NS", "SRV", "TXT")
ALIASED = ("A", "AAAA")
LABEL = re.compile(r"(?:\*|[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)")
ROUTING = ("failover", "region", "weight")
TTL = 60
# Names of Amazon's load balancers: <name>.elb.<region> (network), <name>.<region>.elb (application).
BALANCER = re.compile(r"(?:\.elb\.([a-z0-9-]+)|\.([a-z0-9-]+)\.elb)\.amazonaws\.com(?:\.cn)?$")


def host_name(name: str, what: str = "name") -> str:
    """The name in lower case without a dot at its end. Raises EdgeError for what is no host name (RFC 1035: labels of 63, 253 in all)."""
    text = str(name).strip().lower().removesuffix(".")
    labels = text.split(".")
    if not text or len(text) > 253 or not all(LABEL.fullmatch(label) for label in labels) or "*" in labels[1:]:
        raise EdgeError(f"{what} {name!r} is no host name; give letters, digits and hyphens between dots, at most 63 a label and 253 in all")
    return text


def key_of(record: Mapping[str, Any]) -> Key:
    return record["name"], record["type"], record["set_identifier"]


def shown(key: Key) -> str:
    """As plans and messages name it."""
    name, kind, identifier = key
    return f"{kind} {name}{f' ({identifier})' if identifier else ''}"


def unquoted(value: str) -> str:
    """The text of a TXT value, whose parts may be quoted."""
    parts = re.findall(r'"((?:[^"\\]|\\.)*)"', value)
    return "".join(re.sub(r"\\(.)", r"\1", part) for part in parts) if parts else value


def value_of(kind: str, value: Any, where: str) -> str:
    """One value in its canonical form. Raises EdgeError."""
    text = str(value).strip()
    if kind in ("A", "AAAA"):
        try:
            address = ipaddress.ip_address(text)
        except ValueError as error:
            raise EdgeError(f"{where}: {text!r} is no address; a host name goes into a CNAME or an alias") from error
        if address.version != {"A": 4, "AAAA": 6}[kind]:
            raise EdgeError(f"{where}: {text} is an address of IP version {address.version}; type {kind} takes the other one")
        return str(address)
    if kind in ("CNAME", "NS"):
        return host_name(text, f"{where}: value")
    if kind == "TXT":
        plain = unquoted(text)
        if len(plain) > 255:
            raise EdgeError(f"{where}: a text of {len(plain)} characters; at most 255")
        return plain
    return text


def record_of(entry: Mapping[str, Any], zone: str) -> Record:
    """A declared record in canonical form. Raises EdgeError."""
    name, kind = host_name(entry.get("name", "")), str(entry.get("type", "")).upper()
    where = f"record {kind} {name}"
    if kind not in TYPES:
        raise EdgeError(f"{where}: unknown type; it is one of {', '.join(TYPES)}")
    if name != zone and not name.endswith(f".{zone}"):
        raise EdgeError(f"{where} is not in zone {zone}; correct the name, or give the zone that holds it")
    alias, values = entry.get("alias") or None, [value_of(kind, value, where) for value in entry.get("values") or []]
    if bool(alias) == bool(values):
        raise EdgeError(f"{where}: give either `values` or `alias`")
    if alias and kind not in ALIASED:
        raise EdgeError(f"{where}: an alias is of type A or AAAA")
    if kind == "CNAME" and (len(values) != 1 or name == zone):
        raise EdgeError(f"{where}: a CNAME has one value, and none is at the top of a zone; give an alias")
    return {
        "name": name,
        "type": kind,
        **_routing(entry, where),
        "ttl": None if alias else int(entry.get("ttl") or TTL),
        "values": sorted(set(values)),
        "alias": _alias(alias, where) if alias else None,
        "health_check_id": entry.get("health_check_id") or None,
        "proxied": bool(entry.get("proxied")),
    }


def _routing(entry: Mapping[str, Any], where: str) -> dict[str, Any]:
    identifier = str(entry.get("set_identifier") or "")
    given = {name: entry.get(name) for name in ROUTING if entry.get(name) not in (None, "")}
    if bool(identifier) != (len(given) == 1):
        raise EdgeError(f"{where}: `set_identifier` goes with one of {', '.join(ROUTING)}, and each of these with it")
    if not re.fullmatch(r"[A-Za-z0-9._-]{0,64}", identifier):
        raise EdgeError(f"{where}: set_identifier is {identifier!r}; give letters, digits and `._-`, such as the region")
    failover = str(given.get("failover") or "").lower() or None
    if failover not in (None, "primary", "secondary"):
        raise EdgeError(f"{where}: failover is {failover!r}; it is primary or secondary")
    weight = given.get("weight")
    return {"set_identifier": identifier, "failover": failover, "region": given.get("region"), "weight": None if weight is None else int(weight)}


def _alias(alias: Mapping[str, Any], where: str) -> dict[str, Any]:
    name = host_name(alias.get("name", ""), f"{where}: alias").removeprefix("dualstack.")
    return {"name": name, "zone_id": alias.get("zone_id") or None, "evaluate_health": bool(alias.get("evaluate_health"))}


def canonical(entries: Iterable[Mapping[str, Any]], zone: str) -> dict[Key, Record]:
    """Declared records by key. Raises EdgeError: two of one key, a CNAME beside others, sets with and without routing at one name and type."""
    found: dict[Key, Record] = {}
    for record in (record_of(entry, zone) for entry in entries):
        if key_of(record) in found:
            raise EdgeError(f"record {shown(key_of(record))} is declared twice; join their values")
        found[key_of(record)] = record
    kinds: dict[str, set[str]] = {}
    ways: dict[tuple[str, str], set[str]] = {}
    for record in found.values():
        kinds.setdefault(record["name"], set()).add(record["type"])
        way = next((name for name in ROUTING if record[name] is not None), "simple")
        ways.setdefault((record["name"], record["type"]), set()).add(way)
    for name, of_name in kinds.items():
        if "CNAME" in of_name and len(of_name) > 1:
            raise EdgeError(f"{name} is declared as CNAME and as {', '.join(sorted(of_name - {'CNAME'}))}; a CNAME stands alone")
    for (name, kind), of_key in ways.items():
        if len(of_key) > 1:
            raise EdgeError(f"{kind} {name} is declared by {' and by '.join(sorted(of_key))}; all sets of one name and type are routed the same way")
    return found


def at_cloudflare(records: Mapping[Key, Record]) -> dict[Key, Record]:
    """The same records where DNS knows no routing: of a failover the primary's alone, an alias as the CNAME that is flattened there.

    Raises EdgeError for routing by latency or weight, which only Cloudflare's load balancers have.
    """
    found: dict[Key, Record] = {}
    for record in records.values():
        for way in ("region", "weight"):
            if record[way] is not None:
                raise EdgeError(f"record {shown(key_of(record))}: Cloudflare's DNS has no routing by {way}; use failover, or another provider")
        if record["failover"] == "secondary":
            continue
        plain = {**record, "set_identifier": "", "failover": None, "health_check_id": None}
        if plain["alias"]:
            plain |= {"type": "CNAME", "values": [plain["alias"]["name"]], "alias": None, "ttl": TTL}
        # 1 means automatic; behind the proxy there is nothing else.
        plain["ttl"] = 1 if plain["proxied"] else plain["ttl"]
        found[key_of(plain)] = plain
    return found


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """`property: old → new` of what differs, for a plan."""
    told = []
    for key in ("values", "alias", "ttl", "failover", "region", "weight", "health_check_id", "proxied"):
        old, new = before.get(key), after.get(key)
        if key == "alias" and old and new and not new["zone_id"]:
            old = {**old, "zone_id": None}
        if old != new:
            told.append(f"{key}: {_text(old)} → {_text(new)}")
    return told


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return f"{value['name']}{' (health evaluated)' if value['evaluate_health'] else ''}"
    if isinstance(value, list):
        return ", ".join(value) or "none"
    return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)

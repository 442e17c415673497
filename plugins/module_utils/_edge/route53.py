# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Records of a zone at Amazon Route 53."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._edge import ownership
from ansible_collections.llmops.platform.plugins.module_utils._edge.errors import EdgeError
from ansible_collections.llmops.platform.plugins.module_utils._edge.errors import NoZone
from ansible_collections.llmops.platform.plugins.module_utils._edge.errors import Unclear
from ansible_collections.llmops.platform.plugins.module_utils._edge.planning import Changes
from ansible_collections.llmops.platform.plugins.module_utils._edge.planning import Zone
from ansible_collections.llmops.platform.plugins.module_utils._edge.records import BALANCER
from ansible_collections.llmops.platform.plugins.module_utils._edge.records import Key
from ansible_collections.llmops.platform.plugins.module_utils._edge.records import Record
from ansible_collections.llmops.platform.plugins.module_utils._edge.records import key_of
from ansible_collections.llmops.platform.plugins.module_utils._edge.records import value_of
from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import Calls
from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import CallError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import Unreachable

# Route 53 is one service for all regions, addressed here.
REGION = "us-east-1"
# Quotas of ChangeResourceRecordSets (Route 53 Developer Guide, "Quotas"): an UPSERT counts twice. Five requests a second for the whole account.
ELEMENTS, CHARACTERS, PAUSE = 1000, 32000, 0.2
# Zone of every CloudFront distribution (API reference, AliasTarget).
CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"


class Route53:
    """`calls` makes the calls; `sleep` is given by tests."""

    name = "Route 53"

    def __init__(self, calls: Calls, zone: str, zone_id: str = "", sleep: Callable[[float], Any] = time.sleep) -> None:
        self._calls, self._zone, self._given, self._sleep = calls, zone, zone_id, sleep
        self._last = 0.0
        self._balancers: dict[str, str] = {}

    def _call(self, operation: str, **arguments: Any) -> dict[str, Any]:
        wait = self._last + PAUSE - time.monotonic()
        if wait > 0:
            self._sleep(wait)
        self._last = time.monotonic()
        return self._calls(REGION, operation, "route53", **arguments)

    def zone_id(self) -> str:
        """The public zone's id. Raises EdgeError where there is none, or more than one."""
        if not self._given:
            answer = self._call("ListHostedZonesByName", DNSName=f"{self._zone}.", MaxItems="20")
            found = [one for one in answer["HostedZones"] if one["Name"] == f"{self._zone}." and not (one.get("Config") or {}).get("PrivateZone")]
            if not found:
                raise NoZone(f"Route 53 has no public zone {self._zone} in this account; make it and delegate it, or set edge_zone_managed or edge_zone")
            if len(found) > 1:
                ids = ", ".join(one["Id"].rsplit("/", 1)[-1] for one in found)
                raise EdgeError(f"Route 53 has {len(found)} public zones {self._zone}: {ids}; name the delegated one in edge_zone_id")
            self._given = found[0]["Id"]
        return self._given.rsplit("/", 1)[-1]

    def read(self, owner: str) -> Zone:
        """All records of the zone. Pages are followed to the end."""
        records: dict[Key, Record] = {}
        marks: dict[tuple[str, str], list[str]] = {}
        for raw in self._pages():
            record = record_of(raw)
            if ownership.is_mark(record["name"], record["type"]):
                marks[ownership.marked(record["name"])] = record["values"]
            else:
                records[key_of(record)] = record
        return Zone(records, marks)

    def _pages(self) -> Iterator[dict[str, Any]]:
        start: dict[str, Any] = {}
        while True:
            answer = self._call("ListResourceRecordSets", HostedZoneId=self.zone_id(), MaxItems="300", **start)
            yield from answer["ResourceRecordSets"]
            if not answer.get("IsTruncated"):
                return
            start = {"StartRecordName": answer["NextRecordName"], "StartRecordType": answer["NextRecordType"]}
            if answer.get("NextRecordIdentifier"):
                start["StartRecordIdentifier"] = answer["NextRecordIdentifier"]

    def resolved(self, records: dict[Key, Record]) -> dict[Key, Record]:
        """With the zone of each alias. Raises EdgeError for a load balancer that this account does not have."""
        return {
            key: {**record, "alias": {**record["alias"], "zone_id": self._alias_zone(record)}} if record["alias"] else record for key, record in records.items()
        }

    def _alias_zone(self, record: Record) -> str:
        alias = record["alias"]
        if alias["zone_id"]:
            return alias["zone_id"]
        if alias["name"].endswith(".cloudfront.net"):
            return CLOUDFRONT_ZONE
        if alias["name"] == self._zone or alias["name"].endswith(f".{self._zone}"):
            return self.zone_id()
        place = BALANCER.search(alias["name"])
        if not place:
            raise EdgeError(f"record {record['type']} {record['name']}: no zone is known for alias {alias['name']}; give `zone_id`, or a CNAME")
        region = place.group(1) or place.group(2)
        if alias["name"] not in self._balancers:
            marker: dict[str, str] = {}
            while True:
                answer = self._calls(region, "DescribeLoadBalancers", "elbv2", **marker)
                self._balancers |= {one["DNSName"].lower(): one["CanonicalHostedZoneId"] for one in answer["LoadBalancers"]}
                if not answer.get("NextMarker"):
                    break
                marker = {"Marker": answer["NextMarker"]}
        if alias["name"] not in self._balancers:
            raise EdgeError(f"record {record['type']} {record['name']}: {region} has no load balancer {alias['name']}; is it of another account, or gone?")
        return self._balancers[alias["name"]]

    def apply(self, changes: Changes, owner: str) -> list[str]:
        """Write the steps and their marks. Returns the ids of the changes. Raises Unclear where no answer came."""
        ids = []
        for batch in batches(entries(changes)):
            try:
                answer = self._call("ChangeResourceRecordSets", HostedZoneId=self.zone_id(), ChangeBatch={"Changes": batch})
            except Unreachable as error:
                raise Unclear(str(error)) from error
            except CallError as error:
                # Somebody else was faster: what they did is read, and judged, again.
                if error.code == "InvalidChangeBatch" and re.search(r"already exists|not found|do(?:es)? not match", error.message):
                    raise Unclear(str(error)) from error
                raise
            ids.append(answer["ChangeInfo"]["Id"].rsplit("/", 1)[-1])
        return ids

    def wait(self, ids: list[str], timeout: float, poll: float = 5.0) -> None:
        """Until all of Route 53's name servers have the changes. Raises EdgeError after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        left = list(ids)
        while left:
            left = [one for one in left if self._call("GetChange", Id=one)["ChangeInfo"]["Status"] != "INSYNC"]
            if left and time.monotonic() > deadline:
                raise EdgeError(
                    f"after {timeout:.0f} s not all name servers have change {', '.join(left)} of zone {self._zone}; it is written, run again to wait on"
                )
            if left:
                self._sleep(poll)


def unescaped(name: str) -> str:
    """Route 53 answers what is no letter, digit or hyphen in octal: \\052 is a star."""
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match.group(1), 8)), name).lower().removesuffix(".")


def record_of(raw: dict[str, Any]) -> Record:
    """A record set as Route 53 answers it. `handles` keeps the answer: a deletion has to repeat it."""
    kind = raw["Type"]
    alias = raw.get("AliasTarget")
    values = [one["Value"] for one in raw.get("ResourceRecords") or []]
    return {
        "name": unescaped(raw["Name"]),
        "type": kind,
        "set_identifier": raw.get("SetIdentifier") or "",
        "ttl": None if alias else raw.get("TTL"),
        "values": sorted({_value(kind, value) for value in values}),
        "alias": alias
        and {
            "name": unescaped(alias["DNSName"]).removeprefix("dualstack."),
            "zone_id": alias["HostedZoneId"],
            "evaluate_health": bool(alias.get("EvaluateTargetHealth")),
        },
        "failover": (raw.get("Failover") or "").lower() or None,
        "region": raw.get("Region"),
        "weight": raw.get("Weight"),
        "health_check_id": raw.get("HealthCheckId"),
        "proxied": False,
        "handles": raw,
    }


def _value(kind: str, value: str) -> str:
    """Somebody else's value may be one that we would not write."""
    try:
        return value_of(kind, value, "")
    except EdgeError:
        return value


def raw_of(record: Record) -> dict[str, Any]:
    """A record set as Route 53 takes it."""
    quoted = [f'"{value}"' if record["type"] == "TXT" else value for value in record["values"]]
    found: dict[str, Any] = {"Name": f"{record['name']}.", "Type": record["type"]}
    if record["alias"]:
        alias = record["alias"]
        found["AliasTarget"] = {"HostedZoneId": alias["zone_id"], "DNSName": f"{alias['name']}.", "EvaluateTargetHealth": alias["evaluate_health"]}
    else:
        found |= {"TTL": record["ttl"], "ResourceRecords": [{"Value": value} for value in quoted]}
    named = {"SetIdentifier": record["set_identifier"] or None, "Failover": record["failover"] and record["failover"].upper()}
    named |= {"Region": record["region"], "Weight": record["weight"], "HealthCheckId": record["health_check_id"]}
    return found | {key: value for key, value in named.items() if value is not None}


def _mark(name: str, values: list[str]) -> dict[str, Any]:
    return {"Name": f"{name}.", "Type": "TXT", "TTL": ownership.TTL, "ResourceRecords": [{"Value": f'"{value}"'} for value in values]}


def entries(changes: Changes) -> list[list[dict[str, Any]]]:
    """Changes by name: those of one name belong into one batch, which is done as a whole, the mark with its record."""
    by_name: dict[str, list[dict[str, Any]]] = {}
    order = {"delete": 0, "update": 1, "create": 2}
    verbs = {"update": "UPSERT", "create": "CREATE"}
    for step in sorted(changes.steps, key=lambda step: (step.key[0], order[step.action])):
        raw = step.before["handles"] if step.action == "delete" else raw_of(step.after)
        by_name.setdefault(step.key[0], []).append({"Action": verbs.get(step.action, "DELETE"), "ResourceRecordSet": raw})
    marked = {ownership.mark_name(step.key[0], step.key[1]): step.key[0] for step in changes.steps}
    for name, before, after in changes.marks:
        action = "DELETE" if not after else "UPSERT" if before else "CREATE"
        by_name.setdefault(marked.get(name, name), []).append({"Action": action, "ResourceRecordSet": _mark(name, after or before)})
    return list(by_name.values())


def batches(groups: list[list[dict[str, Any]]], elements: int = ELEMENTS, characters: int = CHARACTERS) -> list[list[dict[str, Any]]]:
    """Groups joined as far as the quotas allow."""
    found: list[list[dict[str, Any]]] = []
    held = [elements + 1, 0]
    for group in groups:
        size = [sum(_weight(entry)[index] for entry in group) for index in (0, 1)]
        if held[0] + size[0] > elements or held[1] + size[1] > characters:
            found.append([])
            held = [0, 0]
        found[-1].extend(group)
        held = [held[0] + size[0], held[1] + size[1]]
    return found


def _weight(entry: dict[str, Any]) -> tuple[int, int]:
    """Elements and characters that count."""
    values = [one["Value"] for one in entry["ResourceRecordSet"].get("ResourceRecords") or [{"Value": ""}]]
    times = 2 if entry["Action"] == "UPSERT" else 1
    return len(values) * times, sum(map(len, values)) * times

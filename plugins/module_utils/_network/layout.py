# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Subnets out of a network's range. Where one lies depends on its tier and on its zone's letter, never on how many others there are."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._inventory.schema import Finding
from ansible_collections.llmops.platform.plugins.module_utils._network.ranges import parsed

LETTERS = "abcdefghijklmnopqrstuvwxyz"
# {tier: (begin, end)} in eighths of the range. The last eighth is kept free for what comes later.
SHARES = {"private": (0, 4), "public": (4, 6), "database": (6, 7)}
EIGHTHS = 8
# AWS' smallest subnet; it keeps five addresses of each: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
SMALLEST = 28
# Zones that an account may use where it is not three, by https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html
ZONES = {"us-east-1": 6, "us-west-2": 4, "ap-northeast-1": 4, "ap-northeast-2": 4}
ZONES_OF_OTHERS = 3
# An IPv6 block of AWS is a /56: so many subnets of /64.
IPV6_SUBNETS = 256


@dataclass(frozen=True)
class Subnet:
    """One subnet. `name` is its logical id; `ipv6` the number of its /64 within the network's /56."""

    tier: str
    letter: str
    zone: str
    cidr: str
    ipv6: int

    @property
    def name(self) -> str:
        return f"{self.tier.capitalize()}Subnet{self.letter.upper()}"


def zone_problems(zones: Any, region: str) -> Iterator[Finding]:
    """What is wrong with `network_zones`, `{letter: zone}`."""
    if not zones:
        yield Finding(("network_zones",), zones, "is empty", f"name the zones, like {{a: {region}a, b: {region}b}} (cluster_zones)")
        return
    seen: dict[str, str] = {}
    for letter, zone in sorted(zones.items()):
        path = ("network_zones", str(letter))
        if letter not in LETTERS or len(letter) != 1:
            yield Finding(path, zone, "has a key that is no letter", "use a to z, as it is part of the subnets' names and says where they lie")
        if region and not (str(zone).startswith(region) and len(str(zone)) == len(region) + 1):
            yield Finding(path, zone, f"is no zone of {region}", f"write one like {region}a")
        if zone in seen:
            yield Finding(path, zone, f"is network_zones.{seen[zone]} too", "name each zone once")
        seen.setdefault(zone, letter)
    available = ZONES.get(region, ZONES_OF_OTHERS)
    if region and len(zones) > available:
        yield Finding(("network_zones",), sorted(zones), f"has {len(zones)} zones, {region} has {available}", f"name {available} at most")


def tier_problems(cidr: Any, tiers: Any, zones: Mapping[str, str]) -> Iterator[Finding]:
    """What is wrong with `network_subnets`, `{tier: {zones, prefix_length} or {cidrs}}`, in a range that is right itself."""
    network = parsed(cidr)
    if network is None:
        return
    if "private" not in (tiers or {}):
        yield Finding(("network_subnets",), sorted(tiers or {}), "has no tier private, where the nodes are", "add private: {zones: 3, prefix_length: 19}", True)
    broken = False
    for tier, wanted in sorted((tiers or {}).items()):
        for finding in _tier_problems(network, tier, wanted, zones):
            broken = True
            yield finding
    if broken:
        return
    found = subnets(cidr, tiers, zones)
    for number, subnet in enumerate(found):
        for other in found[number + 1 :]:
            if IPv4Network(subnet.cidr).overlaps(IPv4Network(other.cidr)):
                path = ("network_subnets", other.tier, "cidrs", other.letter)
                yield Finding(path, other.cidr, f"overlaps {subnet.cidr} of {subnet.name}", "move one of the two", True)


def _tier_problems(network: IPv4Network, tier: str, wanted: Mapping[str, Any], zones: Mapping[str, str]) -> Iterator[Finding]:
    path = ("network_subnets", tier)
    if tier not in SHARES:
        yield Finding(path, wanted, "is no tier", f"there are {', '.join(sorted(SHARES))}", True)
        return
    if wanted.get("cidrs"):
        for letter, value in sorted(wanted["cidrs"].items()):
            own = parsed(value)
            if own is None or str(own) != value or not own.subnet_of(network) or own.prefixlen > SMALLEST:
                yield Finding(
                    (*path, "cidrs", letter), value, f"is no range within {network}", f"write one of at least /{SMALLEST} that begins where it says", True
                )
            if letter not in zones:
                yield Finding((*path, "cidrs", letter), value, "is in no zone", f"network_zones has {', '.join(sorted(zones))}", True)
        return
    number, prefix = wanted.get("zones"), wanted.get("prefix_length")
    if not isinstance(number, int) or not isinstance(prefix, int):
        yield Finding(path, dict(wanted), "says neither zones and prefix_length nor cidrs", "write {zones: 3, prefix_length: 24}", True)
        return
    if number > len(zones):
        remedy = f"write {len(zones)} at most, or name more zones in network_zones"
        yield Finding((*path, "zones"), number, f"is more than the {len(zones)} zones of the deployment", remedy, True)
        return
    if number < 1:
        yield Finding((*path, "zones"), number, "is no number of zones", "write 1 at least, or leave the tier out", True)
        return
    begin, end = SHARES[tier]
    if prefix > SMALLEST:
        yield Finding((*path, "prefix_length"), prefix, f"is smaller than AWS' smallest subnet, a /{SMALLEST}", f"write {SMALLEST} or less", True)
        return
    last = sorted(zones)[number - 1]
    room = _room(network, tier, prefix)
    if LETTERS.index(last) >= room:
        smaller = next((length for length in range(prefix + 1, SMALLEST + 1) if LETTERS.index(last) < _room(network, tier, length)), SMALLEST)
        problem = f"leaves room for {room} subnets in the tier's {end - begin} eighths of {network}, zone {last} is number {LETTERS.index(last) + 1}"
        yield Finding((*path, "prefix_length"), prefix, problem, f"write {smaller}, or use fewer zones", True)


def _room(network: IPv4Network, tier: str, prefix: int) -> int:
    begin, end = SHARES[tier]
    return network.num_addresses * (end - begin) // EIGHTHS // 2 ** (32 - prefix)


def subnets(cidr: str, tiers: Mapping[str, Mapping[str, Any]], zones: Mapping[str, str]) -> list[Subnet]:
    """The subnets of a declaration without problems, sorted by tier and letter.

    Each tier has its share of the range; within it the subnet of zone a comes first, of b second, and so on, whether or not there is one in a.
    A tier with `cidrs` (`{letter: range}`, for a network that was made elsewhere) lies where they say.
    """
    network = IPv4Network(cidr)
    result = []
    for tier, wanted in sorted(tiers.items()):
        begin, _end = SHARES[tier]
        given = wanted.get("cidrs") or {}
        for letter in sorted(given or sorted(zones)[: wanted["zones"]]):
            place = LETTERS.index(letter)
            ranges = given.get(letter) or _at(network, begin, wanted["prefix_length"], place)
            result.append(Subnet(tier, letter, zones[letter], str(ranges), begin * IPV6_SUBNETS // EIGHTHS + place))
    return result


def _at(network: IPv4Network, begin: int, prefix: int, place: int) -> IPv4Network:
    first = int(network.network_address) + network.num_addresses * begin // EIGHTHS
    return IPv4Network((first + place * 2 ** (32 - prefix), prefix))

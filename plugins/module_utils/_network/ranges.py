# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Address ranges: what a network may have, and what it must keep away from."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._inventory.schema import Finding

PREFIX = 16
# RFC 1918, the only ranges that no host of the internet has.
PRIVATE = tuple(IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
# EKS gives Services addresses of one of the two unless a range is named: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
RESERVED = {
    "10.100.0.0/16": "EKS gives to Services",
    "172.20.0.0/16": "EKS gives to Services",
    "10.96.0.0/16": "the local clusters give to Services",
}
# What kwok gives to simulated pods, so only beside a local cluster.
RESERVED_LOCALLY = {"10.0.0.0/24": "the local clusters give to pods"}
# A node reaches a host of these through its own bridge, never through the VPC.
UNWISE = {"172.17.0.0/16": "Docker's bridge has on every host"}


def parsed(value: Any) -> IPv4Network | None:
    """The range as it is meant, host bits cut off; None for what is no IPv4 range."""
    try:
        return IPv4Network(value, strict=False) if isinstance(value, str) and "/" in value else None
    except ValueError:
        return None


def own_range(value: Any, *, local: bool = False) -> Iterator[Finding]:
    """What is wrong with the range of a VPC (`network_cidr`): exactly a /16 without host bits, private, and of nobody else."""
    path = ("network_cidr",)
    network = parsed(value)
    if network is None:
        yield Finding(path, value, "is no IPv4 address range", "write one like 10.12.0.0/16")
        return
    whole = IPv4Network((network.network_address, PREFIX), strict=False)
    if network.prefixlen > PREFIX:
        yield Finding(path, value, f"is too small, a network has a /{PREFIX}", f"write {whole}, or another /{PREFIX} that is free")
    elif network.prefixlen < PREFIX:
        yield Finding(path, value, f"is too large, the largest network of AWS is a /{PREFIX}", f"write {whole}, or another /{PREFIX} within it")
    elif str(network) != value:
        yield Finding(path, value, f"is not aligned, a /{PREFIX} ends in .0.0", f"write {network}")
    if not any(network.subnet_of(private) for private in PRIVATE):
        yield Finding(path, value, "is no private range", f"take one out of {', '.join(map(str, PRIVATE))}")
    for text, who in {**RESERVED, **(RESERVED_LOCALLY if local else {})}.items():
        if network.overlaps(IPv4Network(text)):
            yield Finding(path, value, f"overlaps {text}, which {who}", "take another range")


def unwise(value: Any) -> list[str]:
    """Sentences on a range that works and makes trouble."""
    network = parsed(value)
    return [f"overlaps {text}, which {who}" for text, who in UNWISE.items() if network and network.overlaps(IPv4Network(text))]


def peers(cidr: Any, declared: Mapping[str, Any]) -> Iterator[Finding]:
    """What is wrong with the ranges that the network is connected to: `{name: range}`."""
    known: dict[str, IPv4Network] = {}
    network = parsed(cidr)
    for name, value in sorted(declared.items()):
        path, peer = ("network_peers", name), parsed(value)
        if peer is None or str(peer) != value:
            yield Finding(path, value, "is no IPv4 address range", f"write {peer}" if peer else "write one like 192.168.0.0/16", True)
            continue
        if network and peer.overlaps(network):
            yield Finding(path, value, f"overlaps network_cidr {network}, so nothing could be sent there", "give one of the two another range", True)
        for other, range_ in known.items():
            if peer.overlaps(range_):
                yield Finding(path, value, f"overlaps {range_} of network_peers.{other}", "name each range once", True)
        known[name] = peer

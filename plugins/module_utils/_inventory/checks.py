# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Checks across deployments: names, platforms, regions, address ranges."""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._inventory.deployment import Deployment
from ansible_collections.llmops.platform.plugins.module_utils._inventory.schema import Finding
from ansible_collections.llmops.platform.plugins.module_utils._inventory.schema import meant
from ansible_collections.llmops.platform.plugins.module_utils._network.plan import NAT as NATS
from ansible_collections.llmops.platform.plugins.module_utils._network.plan import problems as network_problems

REGION_GROUPS = ("primary", "standby", "secondary")


@dataclass(frozen=True)
class Located:
    """A finding and the deployments that it concerns; without any it concerns the inventory as a whole."""

    finding: Finding
    deployments: tuple[Deployment, ...] = ()
    inventory: str = ""


def platforms(deployments: Iterable[Deployment], known: Iterable[str]) -> list[Located]:
    """Deployments whose platform nobody defines. `known`: the platforms that have variables."""
    deployments = list(deployments)
    names = {*known, *(d.value("platform_name") for d in deployments if d.value("platform_name") in d.groups)}
    found = []
    for deployment in deployments:
        name = deployment.value("platform_name")
        if isinstance(name, str) and name in deployment.groups:
            continue
        if name is None:
            said = _claimed(deployment)
            path, value, problem = ("platform_name",), None, f"is not set, as there is no platform {said}"
        else:
            said, path, value, problem = str(name), ("platform_name",), name, "is an unknown platform, no group of the host bears its name"
        close = meant(said, names)
        others = f"known: {', '.join(sorted(names)) or 'none'}; add the host to the group of its platform, or the platform to group_vars"
        remedy = f"did you mean {close}?" if close else others
        found.append(Located(Finding(path, value, problem, remedy), (deployment,)))
    return found


def names(deployments: Iterable[Deployment]) -> Iterator[Located]:
    """Each name says platform, environment and region group, and stands in one inventory only."""
    seen: dict[str, Deployment] = {}
    for deployment in deployments:
        other = seen.setdefault(deployment.name, deployment)
        if other is not deployment:
            finding = Finding(("inventory_hostname",), deployment.name, f"stands in {other.inventory} too", "give each deployment a name of its own")
            yield Located(finding, (deployment,), deployment.inventory)
        parts = [deployment.value(f"platform_{part}") for part in ("name", "environment", "region_group")]
        if all(isinstance(part, str) for part in parts):
            wanted = "_".join(parts)
            if deployment.name != wanted:
                finding = Finding(("inventory_hostname",), deployment.name, "does not say platform, environment and region group", f"name the host {wanted}")
                yield Located(finding, (deployment,), deployment.inventory)
        environment = parts[1]
        if isinstance(environment, str) and environment not in deployment.groups:
            finding = Finding(("platform_environment",), environment, "is not the environment of its groups", f"add the host to group {environment}")
            yield Located(finding, (deployment,))


def regions(deployments: Iterable[Deployment]) -> Iterator[Located]:
    """Production of each platform runs in a primary and in a standby region."""
    sides: dict[tuple[str, str], dict[str, Deployment]] = defaultdict(dict)
    for deployment in deployments:
        if deployment.value("platform_environment") == "production" and isinstance(deployment.value("platform_name"), str):
            platform = sides[deployment.inventory, deployment.value("platform_name")]
            platform.update({group: deployment for group in REGION_GROUPS if group in deployment.groups})
    for (inventory, platform), present in sides.items():
        for side in ("primary", "standby"):
            if side not in present:
                remedy = f"add host {platform}_production_{side} to the groups {side} and {platform}_production"
                yield Located(
                    Finding(("groups", side), None, f"has no host of {platform}: production needs a primary and a standby region", remedy), (), inventory
                )
        primary, standby = present.get("primary"), present.get("standby")
        regions = [side.value("platform_region") for side in (primary, standby) if side]
        if primary and standby and regions[0] is not None and regions[0] == regions[1]:
            finding = Finding(
                ("platform_region",), standby.value("platform_region"), "is the primary's region too", "set another one in platform_regions.standby"
            )
            yield Located(finding, (standby,))


def networks(deployments: Iterable[Deployment]) -> Iterator[Located]:
    """No address range of a platform, an environment, a region or a peer overlaps another one, and each network can be made."""
    deployments = list(deployments)
    ranges: dict[tuple[str, ...], tuple[Any, tuple[str, ...], Any, Deployment]] = {}
    for deployment in deployments:
        platform = deployment.value("platform_name")
        here = (platform, deployment.value("platform_environment"), deployment.value("platform_region_group"))
        for key, path, value in (*_reserved(deployment, platform), (here, ("network_cidr",), deployment.value("network_cidr"))):
            network = _network(value)
            if network is None or any(not isinstance(part, str) for part in key):
                continue
            if key in ranges and ranges[key][0] == network:
                continue
            # A range of its own that is not the reserved one stands beside it.
            ranges[key if key not in ranges else (*key, path[0])] = (network, path, value, deployment)
    # Sorted by address, whatever overlaps comes after the range that it overlaps and before that range's end.
    rows = sorted(ranges.items(), key=lambda row: (row[1][0].version, row[1][0].network_address, row[1][0].prefixlen, row[0]))
    for number, (first, (network, _path, _value, _deployment)) in enumerate(rows):
        for second, (other, path, value, deployment) in rows[number + 1 :]:
            if other.version != network.version or not other.overlaps(network):
                break
            problem = f"overlaps {network} of {' '.join(first[:3])}"
            yield Located(
                Finding(path, value, f"of {' '.join(second[:3])} {problem}", "give each platform, environment and region a range of its own"), (deployment,)
            )

    taken = {key[:3]: network for key, (network, *_place) in ranges.items()}
    for deployment in deployments:
        yield from _peers(deployment, taken)
        for finding in _own_network(deployment):
            yield Located(finding, (deployment,))


def _peers(deployment: Deployment, taken: Mapping[tuple[str, ...], Any]) -> Iterator[Located]:
    """A peer may be the network of another deployment, but not a part of it or more than it."""
    peers = deployment.value("network_peers")
    here = tuple(deployment.value(f"platform_{part}") for part in ("name", "environment", "region_group"))
    for name, value in peers.items() if isinstance(peers, Mapping) else ():
        network = _network(value)
        for key, other in taken.items():
            if network and key != here and other.version == network.version and other != network and other.overlaps(network):
                remedy = f"write {other}, if that is meant, or a range of its own"
                yield Located(Finding(("network_peers", str(name)), value, f"overlaps {other} of {' '.join(key)}", remedy), (deployment,))


def _own_network(deployment: Deployment) -> list[Finding]:
    """What is wrong with the network that is made for a deployment, as role network itself would say it."""
    provider = deployment.value("network_provider") or deployment.value("platform_provider")
    if provider != "aws" or not deployment.components.get("network"):
        return []
    declared = {
        "environment": deployment.value("platform_environment"),
        "region": deployment.value("network_region") or deployment.value("platform_region"),
        "cidr": deployment.value("network_cidr"),
        "zones": deployment.value("network_zones") or deployment.value("cluster_zones"),
        "subnets": deployment.value("network_subnets"),
        "nat": deployment.value("network_nat"),
        "endpoints": deployment.layered("network_vpc_endpoints"),
        "peers": deployment.value("network_peers"),
        "flows": deployment.layered("network_flows"),
        "flow_log_retention_days": deployment.value("network_flow_log_retention_days"),
    }
    try:
        # A word that is no choice is said by the contract.
        return [finding for finding in network_problems(declared) if finding.path != ("network_nat",) or declared["nat"] in NATS]
    except (TypeError, AttributeError):
        # Of the wrong shape, which is said already.
        return []


def _reserved(deployment: Deployment, platform: Any) -> Iterator[tuple[tuple[str, str, str], tuple[str, ...], Any]]:
    reserved = deployment.value("network_cidrs")
    for environment, sides in reserved.items() if isinstance(reserved, Mapping) else ():
        for side, value in sides.items() if isinstance(sides, Mapping) else ():
            yield (platform, environment, side), ("network_cidrs", environment, side), value


def _network(value: Any) -> Any:
    try:
        return ipaddress.ip_network(value, strict=False) if isinstance(value, str) else None
    except ValueError:
        return None


def _claimed(deployment: Deployment) -> str:
    """The platform that a host's name says."""
    name = deployment.name
    for group in REGION_GROUPS:
        name = name.removesuffix(f"_{group}")
    environment = deployment.value("platform_environment")
    return name.removesuffix(f"_{environment}") if isinstance(environment, str) else name

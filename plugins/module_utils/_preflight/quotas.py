# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Service quotas of AWS: their codes, what an inventory declares of each, and whether that fits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._network.flows import GROUPS
from ansible_collections.llmops.platform.plugins.module_utils._network.flows import most_rules
from ansible_collections.llmops.platform.plugins.module_utils._preflight.findings import finding

CHECK = "quotas"
REFERENCE = "https://docs.aws.amazon.com/general/latest/gr"


@dataclass(frozen=True)
class Quota:
    """One quota of an account in a region, by the codes of the service Service Quotas."""

    service: str
    code: str
    name: str
    source: str


# Codes were read on 2026-11-21. Brokers of MSK have no code that could be confirmed, so they are not looked at.
QUOTAS = {
    "vpcs": Quota("vpc", "L-F678F1CE", "VPCs per Region", f"{REFERENCE}/vpc-service.html"),
    "internet_gateways": Quota("vpc", "L-A4707A72", "Internet gateways per Region", f"{REFERENCE}/vpc-service.html"),
    "nat_gateways_per_zone": Quota("vpc", "L-FE5A380F", "NAT gateways per Availability Zone", f"{REFERENCE}/vpc-service.html"),
    "egress_only_gateways": Quota("vpc", "L-45FE3B85", "Egress-only internet gateways per Region", f"{REFERENCE}/vpc-service.html"),
    "subnets_per_vpc": Quota("vpc", "L-407747CB", "Subnets per VPC", f"{REFERENCE}/vpc-service.html"),
    "route_tables_per_vpc": Quota("vpc", "L-589F43AA", "Route tables per VPC", f"{REFERENCE}/vpc-service.html"),
    "security_groups": Quota("vpc", "L-E79EC296", "VPC security groups per Region", f"{REFERENCE}/vpc-service.html"),
    "rules_per_security_group": Quota("vpc", "L-0EA8095F", "Inbound or outbound rules per security group", f"{REFERENCE}/vpc-service.html"),
    "gateway_endpoints": Quota("vpc", "L-1B52E74A", "Gateway VPC endpoints per Region", f"{REFERENCE}/vpc-service.html"),
    "interface_endpoints_per_vpc": Quota("vpc", "L-29B6F2EB", "Interface VPC endpoints per VPC", f"{REFERENCE}/vpc-service.html"),
    "elastic_ips": Quota("ec2", "L-0263D0A3", "EC2-VPC Elastic IPs", f"{REFERENCE}/ec2-service.html"),
    "vcpus_on_demand_standard": Quota("ec2", "L-1216C47A", "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", f"{REFERENCE}/ec2-service.html"),
    "vcpus_on_demand_g": Quota("ec2", "L-DB2E81BA", "Running On-Demand G and VT instances", f"{REFERENCE}/ec2-service.html"),
    "vcpus_on_demand_p": Quota("ec2", "L-417A185B", "Running On-Demand P instances", f"{REFERENCE}/ec2-service.html"),
    "vcpus_spot_standard": Quota("ec2", "L-34B43A08", "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests", f"{REFERENCE}/ec2-service.html"),
    "vcpus_spot_g": Quota("ec2", "L-3819A6DF", "All G and VT Spot Instance Requests", f"{REFERENCE}/ec2-service.html"),
    "vcpus_spot_p": Quota("ec2", "L-7212CCBC", "All P Spot Instance Requests", f"{REFERENCE}/ec2-service.html"),
    "eks_clusters": Quota("eks", "L-1194D53C", "Clusters", f"{REFERENCE}/eks.html"),
    "rds_instances": Quota("rds", "L-7B6409FD", "DB instances", f"{REFERENCE}/rds-service.html"),
    "elasticache_nodes": Quota("elasticache", "L-DFE45DF3", "Nodes per Region", f"{REFERENCE}/elasticache-service.html"),
    "opensearch_domains": Quota("es", "L-076D529E", "Domains per Region", f"{REFERENCE}/opensearch-service.html"),
}
# Limits of one network or group: what others have does not count.
PER_THING = ("subnets_per_vpc", "route_tables_per_vpc", "rules_per_security_group", "interface_endpoints_per_vpc")
# Rules that role network gives the nodes' group in one direction before a platform adds its own flows; a test compares.
SHARED_RULES = 12
FAMILIES = {"standard": ("a", "c", "d", "h", "i", "im", "is", "m", "r", "t", "z"), "g": ("g", "gr", "vt"), "p": ("p",)}


def family(instance_type: str) -> str | None:
    """The group of instance types that share a vCPU quota; None for one with a quota of its own (inf, trn, x, u, ...)."""
    letters = re.match(r"[a-z]+", instance_type.lower())
    return next((group for group, names in FAMILIES.items() if letters and letters[0] in names), None)


def declared_use(declaration: Mapping[str, Any], vcpus: Mapping[str, int | None]) -> dict[str, dict[str, Any]]:
    """What one deployment will use of each quota, `{quota: {least, most}}`; `least` is None, with a `problem`, where it cannot be told.

    `declaration`: `{network, nat, zones, ipv6, subnets, endpoints, flows, cluster, node_pools, postgresql, redis, elasticsearch}`, numbers and the maps of the
    inventory; `vcpus`: by instance type, None for an unknown type.
    """
    use: dict[str, dict[str, Any]] = {}
    if declaration.get("network"):
        for quota, number in _network_use(declaration).items():
            if number:
                _add(use, quota, number, number)
    if declaration.get("cluster"):
        _add(use, "eks_clusters", 1, 1)
        for name, pool in (declaration.get("node_pools") or {}).items():
            _add_pool(use, name, pool, vcpus)
    for instance in (declaration.get("postgresql") or {}).values():
        # A Multi-AZ standby does not count, a read replica does.
        _add(use, "rds_instances", 1 + int(instance.get("replicas") or 0), 1 + int(instance.get("replicas") or 0))
    for cluster in (declaration.get("redis") or {}).values():
        nodes = int(cluster.get("nodes") or 1) * int(cluster.get("shards") or 1)
        _add(use, "elasticache_nodes", nodes, nodes)
    for _domain in declaration.get("elasticsearch") or {}:
        _add(use, "opensearch_domains", 1, 1)
    return use


def _network_use(declaration: Mapping[str, Any]) -> dict[str, int]:
    zones = int(declaration["zones"])
    tiers = {tier: len(wanted.get("cidrs") or ()) or int(wanted.get("zones") or 0) for tier, wanted in (declaration.get("subnets") or {}).items()}
    gateways = {"none": 0, "single": 1}.get(declaration["nat"], min(tiers.get("public", zones), tiers.get("private", zones)))
    kinds = [endpoint["type"] for endpoint in (declaration.get("endpoints") or {}).values()]
    return {
        "vpcs": 1,
        "internet_gateways": 1,
        "nat_gateways_per_zone": min(gateways, 1),
        "elastic_ips": gateways,
        "egress_only_gateways": int(bool(declaration.get("ipv6"))),
        "subnets_per_vpc": sum(tiers.values()),
        # Each network has one group and one table of its own.
        "route_tables_per_vpc": sum(tiers.values()) + 1,
        "security_groups": len(GROUPS) + 1,
        "rules_per_security_group": SHARED_RULES + most_rules(declaration.get("flows") or {}),
        "gateway_endpoints": kinds.count("gateway"),
        "interface_endpoints_per_vpc": kinds.count("interface"),
    }


def quotas_declared(declaration: Mapping[str, Any]) -> list[str]:
    """Names of the quotas that a declaration counts against."""
    return list(declared_use(declaration, {}))


def _add(use: dict[str, dict[str, Any]], quota: str, least: int, most: int) -> None:
    row = use.setdefault(quota, {"least": 0, "most": 0, "problem": None})
    if row["least"] is not None:
        row["least"] += least
        row["most"] += most


def _add_pool(use: dict[str, dict[str, Any]], name: str, pool: Mapping[str, Any], vcpus: Mapping[str, int | None]) -> None:
    kind = family(pool["instance_type"])
    market = "spot" if pool.get("capacity_type") == "spot" else "on_demand"
    if kind is None:
        return
    quota, each = f"vcpus_{market}_{kind}", vcpus.get(pool["instance_type"])
    if each is None:
        use[quota] = {"least": None, "most": None, "problem": f"the vCPUs of {pool['instance_type']} (cluster_node_pools.{name}) are not known in this region"}
        return
    least = max(int(pool.get("desired") or 0), int(pool["min"]))
    _add(use, quota, least * each, int(pool["max"]) * each)


def judge_quotas(read: Mapping[str, Mapping[str, Any]], declaration: Mapping[str, Any]) -> list[dict[str, str]]:
    """Findings, region by region, of what module service_quota_info read: `{region: {quotas, instance_types}}`.

    What a deployment has already counts once: `own` is in what it declares. A quota that cannot be read is a warning, never zero.
    """
    found = []
    for region, answer in read.items():
        for quota, declared in declared_use(declaration, answer["instance_types"]).items():
            found.append(_judged(region, quota, declared, answer["quotas"].get(quota) or {}))
    return found


def _judged(region: str, quota: str, declared: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, str]:
    known = QUOTAS[quota]
    what = f"{quota} in {region}"
    problem = declared["problem"] or row.get("problem")
    if problem or row.get("limit") is None or row.get("own") is None:
        wanted = "what is declared" if declared["least"] is None else f"{declared['least']} declared"
        remedy = f"Look at {known.service} {known.code} ({known.name}) in Service Quotas by hand, or allow servicequotas:GetServiceQuota and the reads."
        return finding(CHECK, what, f"no data: {problem or 'not read'}", wanted, "warning", remedy)
    limit, others = row["limit"], row["others"]
    least, most = (others + max(declared[bound], row["own"]) for bound in ("least", "most"))
    found = f"limit {limit:g}, used {others + row['own']:g} (own {row['own']:g})"
    raise_it = f"Ask for at least {max(least, most):g} of {known.service} {known.code} ({known.name}) in {region} through Service Quotas"
    if least > limit:
        return finding(CHECK, what, found, f"{declared['least']} declared, {least:g} in all", "error", f"{raise_it}, or declare less.")
    if most > limit:
        return finding(CHECK, what, found, f"up to {declared['most']} declared, {most:g} in all", "warning", f"{raise_it}; until then scaling stops there.")
    return finding(CHECK, what, found, f"up to {declared['most']} declared", "ok")

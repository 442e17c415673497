# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Service quotas and how much of each is in use: reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws import session as aws
from ansible_collections.llmops.platform.plugins.module_utils._preflight.quotas import PER_THING
from ansible_collections.llmops.platform.plugins.module_utils._preflight.quotas import QUOTAS
from ansible_collections.llmops.platform.plugins.module_utils._preflight.quotas import family

# The client that counts each quota.
CLIENTS = {"vpc": "ec2", "ec2": "ec2", "eks": "eks", "rds": "rds", "elasticache": "elasticache", "es": "opensearch"}
GATEWAY_ENDPOINTS = {"Name": "vpc-endpoint-type", "Values": ["Gateway"]}
LIVING = {"Name": "instance-state-name", "Values": ["pending", "running"]}


class Reader:
    """One region of one account. `tags` say what is the deployment's own; an EKS cluster is its own by `cluster`."""

    def __init__(self, session: Any, region: str, tags: Mapping[str, str], cluster: str, timeout: float) -> None:
        self._session, self._region, self._tags, self._cluster, self._timeout = session, region, tags, cluster, timeout
        self._clients: dict[str, Any] = {}

    def read(self, quotas: Iterable[str], instance_types: Iterable[str]) -> dict[str, Any]:
        """`{quotas: {name: {service, code, limit, own, others, problem}}, instance_types: {type: vCPUs or None}}`."""
        wanted, types = list(quotas), sorted(set(instance_types))
        # Clients may be used by several threads, but not made by them.
        for service in {"service-quotas", "ec2", *(CLIENTS[QUOTAS[name].service] for name in wanted)}:
            self._clients[service] = aws.new_client(self._session, service, self._region, self._timeout)
        vcpus = self._vcpus(types)
        with ThreadPoolExecutor(max_workers=8) as pool:
            rows = pool.map(self._row, wanted)
            return {"quotas": dict(zip(wanted, rows, strict=True)), "instance_types": vcpus}

    def _row(self, name: str) -> dict[str, Any]:
        quota = QUOTAS[name]
        row: dict[str, Any] = {"service": quota.service, "code": quota.code, "limit": None, "own": None, "others": None, "problem": None}
        try:
            row["limit"] = self._limit(quota.service, quota.code)
            row["own"], row["others"] = self._count(name)
        except aws.failures() as error:
            row["problem"] = aws.said(error)
        except (KeyError, TypeError) as error:
            row["problem"] = f"an answer of {quota.service} that lacks {error}"
        return row

    def _limit(self, service: str, code: str) -> float:
        """The limit of this account, else AWS' default: a quota that nobody ever changed may have no value of its own."""
        client = self._clients["service-quotas"]
        try:
            return float(client.get_service_quota(ServiceCode=service, QuotaCode=code)["Quota"]["Value"])
        except client.exceptions.NoSuchResourceException:
            return float(client.get_aws_default_service_quota(ServiceCode=service, QuotaCode=code)["Quota"]["Value"])

    def _count(self, name: str) -> tuple[float, float]:
        if name in PER_THING:
            return 0.0, 0.0
        if name.startswith("vcpus_"):
            return self._running_vcpus(*name.removeprefix("vcpus_").rsplit("_", 1))
        counters: dict[str, Callable[[], tuple[float, float]]] = {
            "vpcs": lambda: self._tagged("describe_vpcs", "Vpcs"),
            "internet_gateways": lambda: self._tagged("describe_internet_gateways", "InternetGateways"),
            "egress_only_gateways": lambda: self._tagged("describe_egress_only_internet_gateways", "EgressOnlyInternetGateways"),
            "security_groups": lambda: self._tagged("describe_security_groups", "SecurityGroups"),
            "gateway_endpoints": lambda: self._tagged("describe_vpc_endpoints", "VpcEndpoints", Filters=[GATEWAY_ENDPOINTS]),
            "nat_gateways_per_zone": self._gateways,
            "elastic_ips": self._addresses,
            "eks_clusters": self._eks,
            "rds_instances": self._rds,
            "elasticache_nodes": self._elasticache,
            "opensearch_domains": self._opensearch,
        }
        return counters[name]()

    def _is_own(self, tags: Iterable[Mapping[str, str]] | None) -> bool:
        found = {tag["Key"]: tag["Value"] for tag in tags or []}
        return bool(self._tags) and all(found.get(key) == value for key, value in self._tags.items())

    def _pages(self, service: str, operation: str, result: str, **arguments: Any) -> list[Any]:
        pages = self._clients[service].get_paginator(operation).paginate(**arguments)
        return [item for page in pages for item in page.get(result) or []]

    def _split(self, tagged: Iterable[tuple[Iterable[Mapping[str, str]] | None, float]]) -> tuple[float, float]:
        own = others = 0.0
        for tags, number in tagged:
            if self._is_own(tags):
                own += number
            else:
                others += number
        return own, others

    def _tagged(self, operation: str, result: str, **arguments: Any) -> tuple[float, float]:
        return self._split((item.get("Tags"), 1) for item in self._pages("ec2", operation, result, **arguments))

    def _addresses(self) -> tuple[float, float]:
        return self._split((item.get("Tags"), 1) for item in self._clients["ec2"].describe_addresses().get("Addresses") or [])

    def _gateways(self) -> tuple[float, float]:
        """Of the zone that has most of others: there the limit is met first."""
        subnets = {subnet["SubnetId"]: subnet["AvailabilityZone"] for subnet in self._pages("ec2", "describe_subnets", "Subnets")}
        living = [{"Name": "state", "Values": ["pending", "available"]}]
        own, others = Counter[str](), Counter[str]()
        for gateway in self._pages("ec2", "describe_nat_gateways", "NatGateways", Filters=living):
            counted = own if self._is_own(gateway.get("Tags")) else others
            counted[subnets.get(gateway["SubnetId"], "?")] += 1
        return float(max(own.values(), default=0)), float(max(others.values(), default=0))

    def _running_vcpus(self, market: str, kind: str) -> tuple[float, float]:
        reservations = self._pages("ec2", "describe_instances", "Reservations", Filters=[LIVING])
        instances = [
            instance
            for reservation in reservations
            for instance in reservation["Instances"]
            if family(instance["InstanceType"]) == kind and (instance.get("InstanceLifecycle") == "spot") == (market == "spot")
        ]
        # The quota counts what an instance has with hyper-threading on, whatever its CPU options are.
        vcpus = self._vcpus(sorted({instance["InstanceType"] for instance in instances}))
        return self._split((instance.get("Tags"), vcpus[instance["InstanceType"]]) for instance in instances)

    def _vcpus(self, types: list[str]) -> dict[str, int | None]:
        """vCPUs by instance type, None for one that this region does not have."""
        found: dict[str, int | None] = dict.fromkeys(types)
        # A filter, as a list with one unknown type is refused as a whole.
        for begin in range(0, len(types), 100):
            by_name = [{"Name": "instance-type", "Values": types[begin : begin + 100]}]
            try:
                described = self._pages("ec2", "describe_instance_types", "InstanceTypes", Filters=by_name)
            except aws.failures():
                continue
            found.update({item["InstanceType"]: int(item["VCpuInfo"]["DefaultVCpus"]) for item in described})
        return found

    def _eks(self) -> tuple[float, float]:
        names = self._pages("eks", "list_clusters", "clusters")
        own = float(self._cluster in names)
        return own, len(names) - own

    def _rds(self) -> tuple[float, float]:
        return self._split((item.get("TagList"), 1) for item in self._pages("rds", "describe_db_instances", "DBInstances"))

    def _elasticache(self) -> tuple[float, float]:
        client = self._clients["elasticache"]
        clusters = self._pages("elasticache", "describe_cache_clusters", "CacheClusters")
        return self._split((client.list_tags_for_resource(ResourceName=item["ARN"])["TagList"], item["NumCacheNodes"]) for item in clusters)

    def _opensearch(self) -> tuple[float, float]:
        client = self._clients["opensearch"]
        names = [domain["DomainName"] for domain in client.list_domain_names()["DomainNames"]]
        arns = [client.describe_domain(DomainName=name)["DomainStatus"]["ARN"] for name in names]
        return self._split((client.list_tags(ARN=arn)["TagList"], 1) for arn in arns)

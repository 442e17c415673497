# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Node pools: hours of their machines by purchase, and the root volume of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.families import FAMILIES
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import used
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import choice
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import components
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import count
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import layered
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import meant
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import HOURS
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Quantity
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import ranged

CAPACITY = ("on_demand", "spot")
TYPE = re.compile(r"([a-z][a-z0-9-]*)\.(nano|micro|small|medium|large|[0-9]*xlarge|metal(?:-[0-9]+xl)?)")
SKUS = {"aws": "aws/ec2/{}", "azure": "azure/vm/{}", "gcp": "gcp/gce/{}"}
# Which letter of a family says arm64: https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
ARM = re.compile(r"[a-z]+[0-9]+g[a-z]*|a1")
# Premium SSDs are sold by size: https://azure.microsoft.com/pricing/details/managed-disks/
AZURE_DISKS = ((4, "P1"), (8, "P2"), (16, "P3"), (32, "P4"), (64, "P6"), (128, "P10"), (256, "P15"), (512, "P20"), (1024, "P30"), (2048, "P40"), (4096, "P50"))
# https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html
MOST_GIB = 16_384
# https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html
MOST_NODES = 450
BURSTABLE = ("t2", "t3", "t3a", "t4g", "t8i")
# Of an instance with detailed monitoring: https://aws.amazon.com/cloudwatch/pricing/
DETAILED_METRICS = 7


def pools(variables: Mapping[str, Any], place: Place, *, auto_mode: bool = False) -> list[Line]:
    """Lines of all node pools: `nodes x 730` hours and `nodes x disk_gib` GB-months, nodes being min, desired (or min) and max.

    Pools scale by themselves where the cluster has an autoscaler and the pool says nothing else. Raises CostError naming pool and key.
    """
    declared = layered(variables, "cluster_node_pools")
    found = [line for name, pool in sorted(declared.items()) for line in _pool(name, pool or {}, variables, place, auto_mode)]
    burst = place.provider == "aws" and any(_type(variables, name, pool or {}).partition(".")[0] in BURSTABLE for name, pool in declared.items())
    if burst:
        sku = "aws/ec2/cpu-credit"
        found.append(used(place, "cluster", "nodes", "surplus credits", sku, "vCPU-hour", variables, "cpu_credit_vcpu_hours", resource="AWS::EKS::Nodegroup"))
    return found


def nodes(name: str, pool: Mapping[str, Any]) -> Quantity:
    """Numbers of nodes: min, desired, max."""
    where = f"cluster_node_pools.{name}"
    least, most = count(pool.get("min"), f"{where}.min", most=MOST_NODES), count(pool.get("max"), f"{where}.max", least=1, most=MOST_NODES)
    desired = count(pool.get("desired", least), f"{where}.desired", most=MOST_NODES)
    if not least <= desired <= most:
        raise CostError(f"{where}: min {least}, desired {desired}, max {most}; none may be smaller than the one before")
    return ranged(least, desired, most)


def _type(variables: Mapping[str, Any], name: str, pool: Mapping[str, Any]) -> str:
    """The instance type in AWS' words. Raises CostError with the nearest families."""
    where, wanted = f"cluster_node_pools.{name}.instance_type", pool.get("instance_type")
    found = TYPE.fullmatch(wanted) if isinstance(wanted, str) else None
    if not found:
        raise CostError(f"{where} is {wanted!r}; give a family and a size, such as t3.xlarge")
    known = {*FAMILIES, *(variables.get("cluster_instance_families") or {})}
    if found[1] not in known:
        raise CostError(f"{where} is {wanted!r}, of no known family; {meant(found[1], known)} Add a newer one by cluster_instance_families")
    return str(wanted)


def _pool(name: str, pool: Mapping[str, Any], variables: Mapping[str, Any], place: Place, auto_mode: bool) -> Iterator[Line]:
    where, kind = f"cluster_node_pools.{name}", _type(variables, name, pool)
    number, size = nodes(name, pool), kind
    if place.provider != "aws":
        size = (variables.get("cluster_instance_types") or {}).get(kind)
        if not size:
            raise CostError(f"cluster_instance_types.{kind} is missing; name the machine of {place.provider} that pool {name} takes for it")
    wanted = choice(pool.get("capacity_type") or "on_demand", f"{where}.capacity_type", CAPACITY)
    # Without permission for spot all are on demand, as the role makes them.
    purchase = wanted if variables.get("cluster_spot_enabled") else "on_demand"
    disk = count(pool.get("disk_gib") or variables.get("cluster_disk_gib", 50), f"{where}.disk_gib", least=1, most=MOST_GIB)
    scales = number.minimum != number.maximum and _scales(variables, pool, place, auto_mode)
    further = sorted(other for other, yes in (pool.get("further_instance_types") or {}).items() if yes)
    labels = {
        "instance_type": size,
        "architecture": "arm64" if ARM.fullmatch(kind.partition(".")[0]) else "x86_64",
        "pool": name,
        "capacity_type": purchase,
        "nodes": str(number.expected),
        "workload": str((pool.get("labels") or {}).get("workload", "")),
    }
    why = "; ".join(
        text
        for text in (
            f"all nodes are {size}, not one of {', '.join(further)}" if further else "",
            "declared as spot, but cluster_spot_enabled is false: on demand" if wanted != purchase else "",
            "EKS Auto Mode chooses by itself: as the pool is declared" if auto_mode else "",
        )
        if text
    )
    common = {"scales": scales, "assumption": why, "labels": labels}
    resource = "AWS::EKS::Nodegroup" if place.provider == "aws" and not auto_mode else ""
    sku = SKUS[place.provider].format(size)
    yield Line(place, "cluster", f"pool {name}", "nodes", sku, number.times(HOURS), "hour", resource, purchase=purchase, **common)
    if auto_mode:
        yield Line(place, "cluster", f"pool {name}", "auto mode", f"aws/eks/auto-mode/{size}", number.times(HOURS), "hour", "AWS::EKS::Cluster", **common)
    yield _disk(place, name, number, disk, common)
    if variables.get("cluster_detailed_monitoring") and place.provider == "aws" and not auto_mode:
        metrics = number.times(DETAILED_METRICS)
        yield Line(place, "cluster", f"pool {name}", "detailed monitoring", "aws/cloudwatch/metric", metrics, "metric-month", resource, **common)


def _disk(place: Place, name: str, number: Quantity, gib: int, common: Mapping[str, Any]) -> Line:
    labels = {**common["labels"], "disk_gib": str(gib)}
    service, shown = f"pool {name}", {**common, "labels": labels}
    if place.provider == "azure":
        kind = next((kind for size, kind in AZURE_DISKS if gib <= size), AZURE_DISKS[-1][1])
        why = "; ".join(text for text in (common["assumption"], "a managed premium disk, the next size that is sold") if text)
        return Line(place, "cluster", service, "root volumes", f"azure/disk/{kind}", number, "disk-month", **{**shown, "assumption": why})
    sku, resource = ("gcp/disk/pd-balanced", "") if place.provider == "gcp" else ("aws/ebs/gp3", "AWS::EC2::LaunchTemplate")
    return Line(place, "cluster", service, "root volumes", sku, number.times(Decimal(gib)), "GB-month", resource, **shown)


def _scales(variables: Mapping[str, Any], pool: Mapping[str, Any], place: Place, auto_mode: bool) -> bool:
    """Whether somebody but a person moves the number of nodes."""
    if auto_mode:
        return True
    if (pool.get("scaling") or {}).get("mode", "automatic") != "automatic":
        return False
    if place.provider != "aws":
        return True
    scaler = variables.get("cluster_autoscaler", variables.get("cluster_addons_autoscaler", "cluster_autoscaler"))
    return scaler != "none" and "cluster_addons" in components(variables)

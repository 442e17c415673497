# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Nodes from the spot market: never for data, and in production above a base on demand."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import PRODUCTION
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Given
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Part
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Proposal
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import amount
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import layered
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import decimal
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain

# The documents of the platforms expect 60 to 70 %. AWS: up to 90 %, https://aws.amazon.com/ec2/spot/pricing/
PERCENT = Decimal(60)
# Labels by which a pool says that it holds data or must stay.
KEEPS = {"workload": ("data", "infrastructure"), "spot": ("false",)}
# What keeps its data on volumes of pods.
DATA = ("application", "elasticsearch", "kafka", "postgresql", "rabbitmq", "redis")


def percent(variables: Mapping[str, Any]) -> tuple[Decimal, str]:
    """What the market takes off, 0 to 100, and who says so."""
    # 0 is the default of the role: nobody said anything.
    if decimal(variables.get("cost_spot_discount_percent") or 0, "cost_spot_discount_percent"):
        found, why = amount(variables["cost_spot_discount_percent"], "cost_spot_discount_percent"), "cost_spot_discount_percent"
    else:
        assumed = ((variables.get("cost_savings_assumed") or {}).get("spot") or {}).get("percent")
        found, why = (
            (PERCENT, "no figure is declared") if assumed is None else (amount(assumed, "cost_savings_assumed.spot.percent"), "cost_savings_assumed.spot")
        )
    if found > 100:
        raise CostError(f"{why} is {found}; give a percentage from 0 to 100")
    return found, why


def stateful(name: str, variables: Mapping[str, Any]) -> bool:
    """Whether a pool holds data, is reserved, or says of itself that it is not for spot."""
    pool = layered(variables, "cluster_node_pools").get(name) or {}
    labels = pool.get("labels") or {}
    return bool(pool.get("reserved")) or any(str(labels.get(key, "")).lower() in values for key, values in KEEPS.items())


def hosts_data(name: str, given: Given, deployment: str) -> bool:
    """Whether volumes of a database may hang on the pool's nodes: they say the pool, or say none while no pool is kept for data."""
    volumes = [row for row in given.rows(deployment, "aws/ebs/") if row["component"] in DATA and row["stateful"]]
    variables = given.variables(deployment)
    kept = any(stateful(pool, variables) for pool in layered(variables, "cluster_node_pools"))
    return any(row["labels"].get("pool", "" if kept else name) == name for row in volumes)


def shown(nodes: Decimal) -> str:
    """Nodes on average, for people."""
    return plain(nodes.quantize(Decimal("0.1")))


def propose(given: Given) -> Iterator[Proposal]:
    """Nodes above the base: (nodes - base) / nodes x percent. Base: one a zone in staging and production, none elsewhere."""
    for deployment in given.deployments:
        variables = given.variables(deployment)
        off, why = percent(variables)
        base = (len(variables.get("cluster_zones") or {}) or 3) if given.environment(deployment) in PRODUCTION else 0
        for row in given.rows(deployment, "aws/ec2/"):
            pool, nodes = row["labels"].get("pool"), Decimal(row["labels"].get("nodes", "0")) * given.ledger.number[row["id"]]
            if not pool or row["stateful"] or row["purchase"] == "spot" or nodes <= base or stateful(pool, variables) or hosts_data(pool, given, deployment):
                continue
            moved = (nodes - base) / nodes
            part = Part(row["id"], moved * off / 100, runs=1 - moved, steady=1 - moved)
            yield Proposal(
                deployment, pool, f"Spot for {shown(nodes - base)} of {shown(nodes)} nodes of pool {pool}", (part,),
                assumption=f"{plain(off)} % below on demand ({why})",
                risk="AWS takes a node back with two minutes' notice, and all of a type at once.",
                precondition="Pods end in order and have replicas elsewhere; several instance types in the pool; nothing with a volume on it."
                + (" The base is a pool of its own on demand." if base else ""),
                undo="capacity_type: on_demand; new nodes are made, the others emptied, by playbooks/upgrade.yml.",
                facts={"base_nodes": str(base)},
            )  # fmt: skip

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Live resources that nothing declared is: beside what is adopted, or in the Terraform state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._adoption import kinds
from ansible_collections.llmops.platform.plugins.module_utils._adoption import terraform
from ansible_collections.llmops.platform.plugins.module_utils._adoption.matching import Matching
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Stack

NODES = "a node group that none of the declared pools is; declare a pool with its properties and name it in adopt_resources, or move its pods and delete it"


def leftovers(matching: Matching, reader: Any, stacks: Mapping[str, Stack], managed: list[terraform.Managed]) -> list[dict[str, str]]:
    """`[{type, id, region, where, note}]`, sorted."""
    found: dict[tuple[str, str, str], dict[str, str]] = {}
    for (key, _name), live in list(matching.found.items()):
        if key not in stacks or live.how == "owned":
            continue
        region = stacks[key].region
        if live.type == "AWS::EC2::VPC":
            rows = _of_network(matching, reader, region, live.identifier)
        elif live.type == "AWS::EKS::Cluster":
            rows = _of_cluster(matching, reader, region, live.identifier)
        else:
            continue
        found |= {(row["type"], row["region"], row["id"]): row for row in rows}
    rows = sorted(found.values(), key=lambda row: (row["region"], row["type"], row["id"]))
    known = {name for one in matching.found.values() for name in (one.identifier, one.id, str(one.properties.get("Arn") or one.id), *one.identifier.split("|"))}
    named = {row["id"] for row in rows}
    state = [one for one in managed if not one.names & (known | named)]
    return rows + [{"type": one.type, "id": one.address, "region": "", "where": "the Terraform state", "note": "stays Terraform's"} for one in state]


def _of_network(matching: Matching, reader: Any, region: str, network: str) -> list[dict[str, str]]:
    rows = []
    for kind, row in kinds.NETWORK.items():
        if not row.inside or row.search is None:
            continue
        for item in reader.listed(region, row.search):
            inside = item["fields"].get(row.inside) == network and not item["system"]
            if inside and not matching.is_used(region, kind, item["id"]) and reader.owner(region, item["id"], item["tags"]) is None:
                rows.append({"type": kind, "id": item["id"], "region": region, "where": network, "note": item["fields"].get("Tags.Name") or ""})
    return rows


def _of_cluster(matching: Matching, reader: Any, region: str, cluster: str) -> list[dict[str, str]]:
    rows = []
    for kind, operation, items, form in kinds.OF_CLUSTER:
        for name in reader.names(region, operation, items, cluster):
            identifier = form.format(cluster=cluster, name=name)
            if not matching.is_used(region, kind, identifier) and reader.owner(region, kinds.physical_id(kind, identifier), {}) is None:
                note = NODES if kind == "AWS::EKS::Nodegroup" else ""
                rows.append({"type": kind, "id": identifier, "region": region, "where": cluster, "note": note})
    return rows

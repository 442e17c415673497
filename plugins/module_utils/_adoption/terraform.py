# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""A Terraform state: which resource is whose, and the lines that let it go. Nothing here runs Terraform."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError

# Of a state as Terraform keeps it; `terraform show -json` has a format_version instead.
RAW_VERSION = 4
FORMATS = "give what `terraform show -json` printed, or a state of version 4 (`terraform state pull`)"
# Attributes that name a resource to AWS. No other attribute is kept: a state holds passwords in the clear.
NAMING = (
    "id", "arn", "name", "bucket", "identifier", "allocation_id", "public_ip", "key_id", "zone_id", "domain_name", "replication_group_id",
    "association_id", "ipv6_association_id", "security_group_rule_id",
)  # fmt: skip
# And what those that manage a part of something name it by.
PARTS = (
    {"aws_iam_role_policy_attachment": "role", "aws_iam_role_policies_exclusive": "role_name", "aws_security_group_rule": "security_group_id"}
    | {f"aws_vpc_security_group_{direction}_rule": "security_group_id" for direction in ("ingress", "egress")}
    | {"aws_ecr_lifecycle_policy": "repository", "aws_ecr_repository_policy": "repository"}
)
# What AWS's schemas name by several values: {type: (form, values)}.
COMPOSED = {
    "aws_eks_node_group": ("{}/{}", ("cluster_name", "node_group_name")),
    "aws_eks_addon": ("{}|{}", ("cluster_name", "addon_name")),
    "aws_eks_access_entry": ("{}|{}", ("principal_arn", "cluster_name")),
    "aws_eks_access_policy_association": ("{}|{}", ("principal_arn", "cluster_name")),
    "aws_iam_role_policy": ("{}|{}", ("name", "role")),
    "aws_internet_gateway": ("IGW|{}", ("vpc_id",)),
    "aws_internet_gateway_attachment": ("IGW|{}", ("vpc_id",)),
    "aws_route": ("{}|{}", ("route_table_id", "destination_cidr_block")),
}


@dataclass(frozen=True)
class Managed:
    """One resource that a state lists. `names`: the values by which AWS may know it."""

    address: str
    type: str
    names: frozenset[str]

    @property
    def line(self) -> str:
        """What makes Terraform forget it and leaves it as it is."""
        return f"terraform state rm {shlex.quote(self.address)}"


def read(text: str, source: str) -> list[Managed]:
    """The AWS resources that the state manages, data sources left out, by address. Raises StackError that begins with `source`."""
    try:
        state = json.loads(text)
    except ValueError as error:
        raise StackError(f"{source} is not JSON; {FORMATS}") from error
    if not isinstance(state, Mapping):
        raise StackError(f"{source} is no state; {FORMATS}")
    if "format_version" in state:
        found = _shown(((state.get("values") or {}).get("root_module")) or {})
    elif state.get("version") == RAW_VERSION:
        found = _raw(state.get("resources") or [])
    else:
        raise StackError(f"{source} is no state of Terraform in a form that is known; {FORMATS}")
    return sorted((one for one in found if one.type.startswith("aws_")), key=lambda one: one.address)


def _shown(module: Mapping[str, Any]) -> Iterator[Managed]:
    for one in module.get("resources") or []:
        if one.get("mode") == "managed":
            yield Managed(one["address"], one["type"], _names(one["type"], one.get("values") or {}))
    for child in module.get("child_modules") or []:
        yield from _shown(child)


def _raw(resources: list[Mapping[str, Any]]) -> Iterator[Managed]:
    for one in resources:
        if one.get("mode") != "managed":
            continue
        base = ".".join(part for part in (one.get("module"), one["type"], one["name"]) if part)
        for instance in one.get("instances") or []:
            # Deposed objects go with their resource.
            if not instance.get("deposed"):
                yield Managed(base + _index(instance), one["type"], _names(one["type"], instance.get("attributes") or {}))


def _index(instance: Mapping[str, Any]) -> str:
    if "index_key" not in instance:
        return ""
    key = instance["index_key"]
    return f"[{key}]" if isinstance(key, int) else f"[{json.dumps(key)}]"


def _names(kind: str, values: Mapping[str, Any]) -> frozenset[str]:
    """All by which AWS may know it; no other attribute is kept."""
    found = {str(values[name]) for name in (*NAMING, PARTS.get(kind, "id")) if isinstance(values.get(name), str) and values[name]}
    if kind in COMPOSED:
        form, names = COMPOSED[kind]
        parts = [values.get(name) or (values.get("destination_ipv6_cidr_block") if name == "destination_cidr_block" else None) for name in names]
        found = {form.format(*parts)} if all(parts) else set()
        if kind == "aws_internet_gateway":
            found.add(str(values.get("id")))
    return frozenset(found)


def owners(managed: list[Managed], types: tuple[str, ...], names: set[str]) -> list[Managed]:
    """Those of these Terraform types that go by one of the names."""
    return [one for one in managed if one.type in types and one.names & names]

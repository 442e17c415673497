# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What the stacks of keys and secrets are given, and what is known of them afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any


def key_parameters(keys: Iterable[Mapping[str, Any]], deletion_days: int, primary_stack: str) -> dict[str, dict[str, str]]:
    """Parameters of the keys' template. A replica takes the ARN of its primary from `primary_stack`, a key of the graph."""
    found: dict[str, dict[str, str]] = {"DeletionWindowDays": {"value": str(deletion_days)}}
    for key in keys:
        found[f"{key['id']}AliasName"] = {"value": key["alias"]}
        if key["role"] == "replica":
            found[f"{key['id']}PrimaryKeyArn"] = {"stack": primary_stack, "output": f"{key['id']}KeyArn"}
        else:
            found[f"{key['id']}RotationDays"] = {"value": str(key["rotation_days"])}
    return found


def secret_parameters(key_id: str, region: str, replica_regions: Iterable[str], key_stack_name: str) -> dict[str, dict[str, str]]:
    """Parameters of the secrets' template: the key of this region, then that of each region with replicas, in order."""
    output = f"{key_id}KeyArn"
    found = {"KeyArn": {"stack": f"{region}/{key_stack_name}", "output": output}}
    for number, other in enumerate(replica_regions, start=1):
        found[f"ReplicaKeyArn{number}"] = {"stack": f"{other}/{key_stack_name}", "output": output}
    return found


def key_facts(keys: Iterable[Mapping[str, Any]], outputs: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """`{name: {arn, alias, usages, rotation_days, multi_region, role}}`; `arn` is empty while the stack does not exist."""
    told = ("usages", "rotation_days", "multi_region", "role")
    return {key["name"]: {"arn": outputs.get(f"{key['id']}KeyArn", ""), "alias": f"alias/{key['alias']}", **{one: key[one] for one in told}} for key in keys}


def secret_facts(secrets: Iterable[Mapping[str, Any]], outputs: Mapping[str, str], region: str, account: str) -> dict[str, dict[str, Any]]:
    """`{name: {store_path, region, arn, arn_pattern, properties, generated, replica, rotation}}`.

    `arn` is empty while the stack does not exist, and of a replica, which the other region's stack made; `arn_pattern` is for policies of IAM.
    """
    partition = "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"
    return {
        secret["name"]: {
            "store_path": secret["path"],
            "region": region,
            "arn": outputs.get(f"{secret['id']}SecretArn", ""),
            "arn_pattern": f"arn:{partition}:secretsmanager:{region}:{account}:secret:{secret['path']}-??????",
            "properties": secret["properties"],
            "generated": secret["generated"],
            "replica": not secret["primary"],
            "rotation": {"days": secret["rotation_days"], "window": secret["rotation_window"]},
        }
        for secret in secrets
    }

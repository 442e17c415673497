# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Who owns a resource, why it is still there, and what it costs to keep."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import CallError
from ansible_collections.llmops.platform.plugins.module_utils._teardown import finding
from ansible_collections.llmops.platform.plugins.module_utils._teardown import looking
from ansible_collections.llmops.platform.plugins.module_utils._teardown.finding import Thing

NO_DATA = "no data"
FREE = "nothing"
# AWS has no price for these (price lists of Amazon VPC and of IAM).
WITHOUT_PRICE = ("security group", "network interface", "ec2:security-group", "ec2:network-interface", "ec2:subnet", "ec2:vpc", "ec2:route-table", "iam:role")
STACK = "aws:cloudformation:stack-name"
# These may still be listed by their tags for hours after they were deleted.
LATE = {"kms:key": "AWS::KMS::Key", "rds:db": "AWS::RDS::DBInstance", "s3:": "AWS::S3::Bucket", "secretsmanager:secret": "AWS::SecretsManager::Secret"}


def cost_of(thing: Thing) -> str:
    """`nothing` where AWS has no price for the kind; no data otherwise: a price is in no answer of these services."""
    return FREE if thing.kind in WITHOUT_PRICE else NO_DATA


def why_of(thing: Thing, stacks: Collection[str]) -> str:
    """Why it is there, by its tags. `stacks`: names of those that live in its region."""
    tags, facts = thing.tags, thing.facts
    if tags.get("llmops.platform/taken-by"):
        return f"snapshot taken by {tags['llmops.platform/taken-by']}"
    claim = tags.get("kubernetes.io/created-for/pvc/name")
    if claim:
        return f"volume of claim {tags.get('kubernetes.io/created-for/pvc/namespace', '')}/{claim}, kept by the policy of its PersistentVolume"
    if tags.get(STACK) and tags[STACK] not in stacks:
        return f"retained by stack {tags[STACK]} when that was deleted"
    for tag in finding.CLUSTER_TAGS:
        if tag in tags:
            return f"made by a controller in cluster {tags[tag]}, which has not deleted it"
    cluster = next((tag.removeprefix(finding.CLUSTER_TAG) for tag in sorted(tags) if tag.startswith(finding.CLUSTER_TAG)), "")
    if cluster:
        return f"made for cluster {cluster}, which has not deleted it"
    if thing.kind == "log group":
        return "made by the service that writes it, no stack owns it"
    if facts.get("Description"):
        return f"made by a service or by hand: {facts['Description']}"
    return "bears the deployment's tags, no stack owns it: made by hand, or its stack was deleted without it"


def owned(thing: Thing, living: Collection[tuple[str, str]], parts: Collection[tuple[str, str]]) -> bool:
    """Whether a stack that lives has it. `living`: `(region, stack name)`, `parts`: `(region, physical id)`."""
    if (thing.region, thing.tags.get(STACK, "")) in living:
        return True
    return any((thing.region, number) in parts for number in (thing.number, thing.arn, thing.name, thing.number.rpartition("/")[2]) if number)


def orphans(
    things: Iterable[Thing],
    tags: Mapping[str, str],
    clusters: Collection[str],
    prefixes: Collection[str],
    networks: Collection[str],
    living: Collection[tuple[str, str]],
    parts: Collection[tuple[str, str]],
) -> list[dict[str, Any]]:
    """`[{kind, region, id, arn, name, why, cost, tags}]` of what is the deployment's and in no stack. `networks`: its VPCs, whose inhabitants are its own."""
    found = []
    for thing in things:
        in_network = thing.facts.get("VpcId") in networks and bool(networks)
        # The default group of a VPC goes with it, and interfaces without tags are of those services that have made them.
        if thing.kind == "security group" and thing.facts.get("GroupName") == "default":
            continue
        by_name = thing.kind in ("log group", "repository") and finding.named_so(thing.number, clusters, prefixes)
        if not (by_name or in_network or finding.is_ours(thing.tags, tags, clusters)) or owned(thing, living, parts):
            continue
        if thing.arn.split(":")[2:3] == ["cloudformation"]:
            continue
        why = why_of(thing, {name for region, name in living if region == thing.region})
        row = {"kind": thing.kind, "region": thing.region, "id": thing.number, "arn": thing.arn, "name": thing.name, "why": why, "cost": cost_of(thing)}
        found.append({**row, "tags": dict(thing.tags)})
    return sorted(found, key=lambda row: (row["kind"], row["region"], row["id"]))


def still_there(calls: Any, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without what the Tagging API still lists though its service has it no more; a key or a secret that waits for its date says so."""
    found = []
    for row in rows:
        kind = LATE.get(f"{row['kind'].partition(':')[0]}:" if row["kind"].startswith("s3:") else row["kind"])
        if kind is None:
            found.append(row)
            continue
        number = row["id"] if kind != "AWS::SecretsManager::Secret" else row["arn"]
        number = row["arn"].rpartition(":")[2] if kind in ("AWS::S3::Bucket", "AWS::RDS::DBInstance") else number
        thing = _looked(lambda kind=kind, row=row, number=number: looking.look(calls, kind, row["region"], number))
        if thing is None:
            continue
        date = thing.get("DeletionDate") or thing.get("DeletedDate")
        found.append({**row, "why": f"scheduled for deletion ({date:%Y-%m-%d})"} if hasattr(date, "strftime") else row)
    return found


def _looked(look: Callable[[], dict[str, Any] | None]) -> dict[str, Any] | None:
    try:
        return look()
    except CallError:
        # It cannot be said: it is listed.
        return {}

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Finds what bears a deployment's tags: by the Resource Groups Tagging API, and by the services that it does not cover well."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import CallError

# The load balancer controller and the CSI driver mark what they make for a cluster with these, the value being its name or `owned`.
CLUSTER_TAGS = ("elbv2.k8s.aws/cluster", "ebs.csi.aws.com/cluster-name", "eks:cluster-name", "cluster.k8s.amazonaws.com/name")
CLUSTER_TAG = "kubernetes.io/cluster/"


@dataclass(frozen=True)
class Thing:
    """A resource of any service. `number`: the identifier in its own service, the last part of the ARN; `facts`: what ownership and cost are judged by."""

    kind: str
    arn: str
    number: str
    region: str
    name: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Lister:
    """One service's own list. `{region}` and `{account}` in `arn`, and any key of a row."""

    kind: str
    service: str
    operation: str
    rows: str
    number: str
    arn: str
    given: Mapping[str, Any] = field(default_factory=dict)
    tags: str = "Tags"
    facts: tuple[str, ...] = ()
    next_in: str = "NextToken"
    next_out: str = "NextToken"


EC2 = "arn:aws:ec2:{region}:{account}:"
LISTERS = (
    Lister("volume", "ec2", "DescribeVolumes", "Volumes", "VolumeId", EC2 + "volume/{VolumeId}", facts=("State", "Size", "VolumeType")),
    Lister("snapshot", "ec2", "DescribeSnapshots", "Snapshots", "SnapshotId", EC2 + "snapshot/{SnapshotId}", {"OwnerIds": ["self"]}, facts=("VolumeSize",)),
    Lister(
        "network interface",
        "ec2",
        "DescribeNetworkInterfaces",
        "NetworkInterfaces",
        "NetworkInterfaceId",
        EC2 + "network-interface/{NetworkInterfaceId}",
        tags="TagSet",
        facts=("Status", "Description", "VpcId"),
    ),
    Lister("security group", "ec2", "DescribeSecurityGroups", "SecurityGroups", "GroupId", EC2 + "security-group/{GroupId}", facts=("GroupName", "VpcId")),
    Lister(
        "database snapshot",
        "rds",
        "DescribeDBSnapshots",
        "DBSnapshots",
        "DBSnapshotIdentifier",
        "{DBSnapshotArn}",
        {"SnapshotType": "manual"},
        tags="TagList",
        facts=("AllocatedStorage", "DBInstanceIdentifier"),
        next_in="Marker",
        next_out="Marker",
    ),
    Lister("repository", "ecr", "DescribeRepositories", "repositories", "repositoryName", "{repositoryArn}", next_in="nextToken", next_out="nextToken"),
    Lister("log group", "logs", "DescribeLogGroups", "logGroups", "logGroupName", "{arn}", facts=("storedBytes",), next_in="nextToken", next_out="nextToken"),
)


GATEWAY = Lister("ec2:natgateway", "ec2", "DescribeNatGateways", "NatGateways", "NatGatewayId", EC2 + "natgateway/{NatGatewayId}")


def as_map(rows: Any) -> dict[str, str]:
    """Tags of any service as a map."""
    if isinstance(rows, Mapping):
        return dict(rows)
    return {str(row.get("Key", row.get("key"))): str(row.get("Value", row.get("value", ""))) for row in rows or ()}


def is_ours(tags: Mapping[str, str], wanted: Mapping[str, str], clusters: Iterable[str]) -> bool:
    """Whether the tags say that it belongs to the deployment, or to one of its clusters."""
    if wanted and wanted.items() <= tags.items():
        return True
    return any(tags.get(key) == cluster for cluster in clusters for key in CLUSTER_TAGS) or any(f"{CLUSTER_TAG}{cluster}" in tags for cluster in clusters)


def named_so(name: str, clusters: Iterable[str], prefixes: Iterable[str]) -> bool:
    """Whether a log group or repository, which may have no tags, is of the deployment by its name."""
    parts = name.strip("/").split("/")
    return any(cluster in parts for cluster in clusters) or any(part == prefix or part.startswith(f"{prefix}-") for part in parts for prefix in prefixes)


def pages(calls: Any, region: str, row: Lister) -> Iterator[dict[str, Any]]:
    """All rows of one list. Raises CallError."""
    mark: dict[str, str] = {}
    while True:
        answer = calls(region, row.operation, row.service, **row.given, **mark)
        yield from answer.get(row.rows) or []
        if not answer.get(row.next_out):
            return
        mark = {row.next_in: answer[row.next_out]}


def listed(calls: Any, account: str, region: str, row: Lister) -> list[Thing]:
    """One service's resources in a region. Raises CallError."""
    found = []
    for one in pages(calls, region, row):
        arn = row.arn.format(**{"region": region, "account": account, **one}).removesuffix(":*")
        facts = {key: one[key] for key in row.facts if key in one}
        found.append(Thing(row.kind, arn, str(one[row.number]), region, str(one.get("Name") or one.get("GroupName") or ""), as_map(one.get(row.tags)), facts))
    return found


def load_balancers(calls: Any, region: str) -> list[Thing]:
    """Application, network and classic ones with their tags. Raises CallError."""
    found = []
    many = Lister("load balancer", "elbv2", "DescribeLoadBalancers", "LoadBalancers", "", "", next_in="Marker", next_out="NextMarker")
    rows = list(pages(calls, region, many))
    for first in range(0, len(rows), 20):
        some = {one["LoadBalancerArn"]: one for one in rows[first : first + 20]}
        for answer in calls(region, "DescribeTags", "elbv2", ResourceArns=list(some))["TagDescriptions"]:
            one = some[answer["ResourceArn"]]
            name, facts = one["LoadBalancerName"], {"VpcId": one.get("VpcId", ""), "Type": one.get("Type", "")}
            found.append(Thing("load balancer", answer["ResourceArn"], name, region, name, as_map(answer.get("Tags")), facts))
    old = Lister("load balancer", "elb", "DescribeLoadBalancers", "LoadBalancerDescriptions", "", "", next_in="Marker", next_out="NextMarker")
    names = {one["LoadBalancerName"]: one for one in pages(calls, region, old)}
    for first in range(0, len(names), 20):
        for answer in calls(region, "DescribeTags", "elb", LoadBalancerNames=list(names)[first : first + 20])["TagDescriptions"]:
            name = answer["LoadBalancerName"]
            facts = {"VpcId": names[name].get("VPCId", ""), "Type": "classic"}
            found.append(Thing("load balancer", f"{region}/classic/{name}", name, region, name, as_map(answer.get("Tags")), facts))
    return found


def tagged(calls: Any, region: str, tags: Mapping[str, str]) -> list[Thing]:
    """What the Tagging API finds. Its answer may lag behind a deletion for a while. Raises CallError."""
    filters = [{"Key": key, "Values": [value]} for key, value in sorted(tags.items())]
    found, mark = [], ""
    while True:
        answer = calls(region, "GetResources", "resourcegroupstaggingapi", TagFilters=filters, **({"PaginationToken": mark} if mark else {}))
        for row in answer.get("ResourceTagMappingList") or []:
            arn = row["ResourceARN"]
            kind = ":".join(part for part in (arn.split(":")[2], arn.split(":", 5)[-1].partition("/")[0].partition(":")[0]) if part)
            found.append(Thing(kind, arn, number_of(arn), region, tags=as_map(row.get("Tags"))))
        mark = answer.get("PaginationToken") or ""
        if not mark:
            return _living(calls, region, found)


def _living(calls: Any, region: str, things: list[Thing]) -> list[Thing]:
    """Without NAT gateways that are deleted: EC2 goes on showing them, with their tags, for an hour. Raises CallError."""
    if not any(thing.kind == GATEWAY.kind for thing in things):
        return things
    there = {one[GATEWAY.number] for one in pages(calls, region, GATEWAY) if one.get("State") != "deleted"}
    return [thing for thing in things if thing.kind != GATEWAY.kind or thing.number in there]


def number_of(arn: str) -> str:
    """The identifier in an ARN: what follows the kind of resource, or the bucket's name."""
    rest = arn.split(":", 5)[-1]
    return rest.partition("/")[2] or rest.rpartition(":")[2] or rest


def all_of(calls: Any, account: str, regions: Iterable[str], kinds: Iterable[str], tags: Mapping[str, str], parallel: int) -> tuple[list[Thing], list[str]]:
    """`(things, not looked)` of all services; a service that refuses its list is named with the reason, not taken for empty."""
    wanted, jobs = set(kinds), []
    for region in sorted(set(regions)):
        jobs += [(region, row.kind, listed, (calls, account, region, row)) for row in LISTERS if not wanted or row.kind in wanted]
        if not wanted or "load balancer" in wanted:
            jobs.append((region, "load balancer", load_balancers, (calls, region)))
        if tags and (not wanted or "tagged" in wanted):
            jobs.append((region, "tagged", tagged, (calls, region, tags)))
    missed: list[str] = []

    def one(job: Any) -> list[Thing]:
        region, kind, function, arguments = job
        try:
            return function(*arguments)
        except CallError as error:
            missed.append(f"{kind} in {region}: {error}")
            return []

    with ThreadPoolExecutor(max_workers=max(1, parallel)) as pool:
        things = [thing for found in pool.map(one, jobs) for thing in found]
    unique: dict[str, Thing] = {}
    for thing in things:
        # A service's own row says more than the Tagging API's.
        unique.setdefault(thing.arn, thing)
    return list(unique.values()), sorted(missed)

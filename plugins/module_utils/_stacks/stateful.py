# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Resources that hold data: what each must carry so that no update and no deletion takes it away."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Stack


@dataclass(frozen=True)
class Guard:
    """What a type can carry.

    `name`: the property of its explicit name (CloudFormation cannot replace what has one); `protection`: the service's own switch;
    `update_policy`: without it a change that could be made in place replaces; `retained`: it stays when its stack goes;
    `guarded_stack`: its stack needs termination protection and a policy.
    """

    name: str = ""
    protection: str = ""
    update_policy: str = ""
    retained: bool = True
    guarded_stack: bool = True


# A log group, a control plane and a zone are guarded against replacement, but go with their stack: kept ones would be in the way of the next.
# A log group is guarded by the plan alone, as logs stand beside what writes them, in stacks that hold nothing else of worth.
GUARDS = {
    "AWS::AmazonMQ::Broker": Guard("BrokerName"),
    "AWS::Backup::BackupVault": Guard("BackupVaultName"),
    "AWS::DynamoDB::Table": Guard("TableName", "DeletionProtectionEnabled"),
    "AWS::ECR::Repository": Guard("RepositoryName"),
    "AWS::EFS::FileSystem": Guard(),
    "AWS::EKS::Cluster": Guard("Name", "DeletionProtection", retained=False),
    "AWS::ElastiCache::ReplicationGroup": Guard("ReplicationGroupId", update_policy="UseOnlineResharding"),
    "AWS::ElastiCache::ServerlessCache": Guard("ServerlessCacheName"),
    "AWS::KMS::Key": Guard(),
    "AWS::KMS::ReplicaKey": Guard(),
    "AWS::Logs::LogGroup": Guard(retained=False, guarded_stack=False),
    "AWS::MSK::Cluster": Guard("ClusterName"),
    "AWS::OpenSearchService::Domain": Guard("DomainName", update_policy="EnableVersionUpgrade"),
    "AWS::RDS::DBCluster": Guard("DBClusterIdentifier", "DeletionProtection"),
    "AWS::RDS::DBInstance": Guard("DBInstanceIdentifier", "DeletionProtection"),
    "AWS::Route53::HostedZone": Guard("Name", retained=False),
    "AWS::S3::Bucket": Guard("BucketName"),
    "AWS::SecretsManager::Secret": Guard("Name"),
}
# What stands for no policy: once set, a policy can only be replaced by this one.
OPEN_POLICY = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*"}]}
DANGEROUS = ("Update:Replace", "Update:Delete")


@dataclass(frozen=True)
class Finding:
    """A missing guard, with the remedy."""

    stack: str
    resource: str
    type: str
    problem: str
    remedy: str


def is_stateful(type_name: str) -> bool:
    """Whether the type holds data."""
    return type_name in GUARDS


def _of_resource(resource: Mapping[str, Any], guard: Guard) -> Iterable[tuple[str, str]]:
    properties = resource.get("Properties") or {}
    if guard.retained and resource.get("DeletionPolicy") != "RetainExceptOnCreate":
        yield f"has the DeletionPolicy {resource.get('DeletionPolicy')}", "set DeletionPolicy: RetainExceptOnCreate"
    if guard.retained and resource.get("UpdateReplacePolicy") != "Retain":
        yield f"has the UpdateReplacePolicy {resource.get('UpdateReplacePolicy')} (the default deletes)", "set UpdateReplacePolicy: Retain"
    if guard.name and not properties.get(guard.name):
        yield "has no explicit name", f"set {guard.name} (filter aws_name)"
    # By a parameter or a condition it is an environment's decision.
    if guard.protection and not (properties.get(guard.protection) is True or isinstance(properties.get(guard.protection), Mapping)):
        yield f"has {guard.protection} {properties.get(guard.protection)}", f"set {guard.protection}: true"
    if guard.update_policy and (resource.get("UpdatePolicy") or {}).get(guard.update_policy) is not True:
        yield "would be replaced where it could be changed in place", f"set UpdatePolicy: {{{guard.update_policy}: true}}"


def findings(stack: Stack) -> list[Finding]:
    """What the stateful resources of the stack lack."""
    found = []
    for name, resource in stack.template.resources.items():
        kind = str(resource.get("Type"))
        guard = GUARDS.get(kind)
        if guard is None:
            continue
        lacking = list(_of_resource(resource, guard))
        if guard.guarded_stack and not stack.protection:
            lacking.append(("stands in a stack without termination protection", "leave out protection: false"))
        if guard.guarded_stack and not all(denied(stack.policy, name, kind, action) for action in DANGEROUS):
            lacking.append(("may be replaced or deleted by the stack's policy", "set the stack's policy by filter stack_policy"))
        found += [Finding(stack.key, name, kind, problem, remedy) for problem, remedy in lacking]
    return found


def stack_policy(allowed: Iterable[str] = ()) -> dict[str, Any]:
    """The policy: every update allowed, replacing and deleting what is stateful denied, except the logical ids in `allowed`.

    With an allowance it is set for one execution and then set back.
    `ResourceType` and `NotResource` as in the CloudFormation guide, "Prevent updates to stack resources". Raises ValueError for an id that is none.
    """
    names = [allowed] if isinstance(allowed, str) else sorted(set(allowed))
    for name in names:
        if not isinstance(name, str) or not name.isalnum() or not name.isascii():
            raise ValueError(f"{name!r} is no logical id; give letters and digits")
    which = {"NotResource": [f"LogicalResourceId/{name}" for name in names]} if names else {"Resource": "*"}
    return {
        "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*"},
            {"Effect": "Deny", "Principal": "*", "Action": list(DANGEROUS), **which, "Condition": {"StringEquals": {"ResourceType": sorted(GUARDS)}}},
        ]
    }


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [str(one) for one in value or ()]


def _matches(statement: Mapping[str, Any], resource: str, type_name: str, action: str) -> bool:
    def covered(name: str, value: str) -> bool:
        if name in statement:
            return any(fnmatch.fnmatchcase(value, pattern) for pattern in _listed(statement[name]))
        if f"Not{name}" in statement:
            return not any(fnmatch.fnmatchcase(value, pattern) for pattern in _listed(statement[f"Not{name}"]))
        return False

    conditions = statement.get("Condition") or {}
    types = {operator: _listed((keys or {}).get("ResourceType")) for operator, keys in conditions.items() if isinstance(keys, Mapping)}
    exact = "StringEquals" not in types or type_name in types["StringEquals"]
    alike = "StringLike" not in types or any(fnmatch.fnmatchcase(type_name, pattern) for pattern in types["StringLike"])
    return exact and alike and covered("Action", action) and covered("Resource", f"LogicalResourceId/{resource}")


def denied(policy: Mapping[str, Any] | None, resource: str, type_name: str, action: str) -> bool:
    """Whether the stack policy denies the action (Update:Modify, Update:Replace, Update:Delete).

    A policy denies what it does not allow; no policy denies nothing.
    """
    if policy is None:
        return False
    effects = {one.get("Effect") for one in policy.get("Statement") or () if isinstance(one, Mapping) and _matches(one, resource, type_name, action)}
    return "Deny" in effects or "Allow" not in effects

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""IAM policies of the role that CloudFormation takes and of who runs the collection: no more than the rendered types need."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks.operated import off_hours

# Characters of a managed policy, white space not counted, and managed policies of a role (IAM quotas; the second one can be raised).
LARGEST_POLICY = 6144
MOST_POLICIES = 10
VERSION = "2012-10-17"
# Reading that tells no content: many of these calls cannot be limited to a resource at all.
READING = ("Describe", "Get", "List")
# They tell content all the same.
CONTENT = ("s3:GetObject", "secretsmanager:GetSecretValue", "ssm:GetParameter", "dynamodb:GetItem", "ecr:GetAuthorizationToken", "kms:GetPublicKey")
# {service: ARNs, without arn:<partition>:}, where a name or the account says whose a thing is. `%(prefix)s` begins the names of filter aws_name.
SCOPES = {
    "budgets": ("budgets::%(account)s:budget/%(prefix)s-*",),
    "cloudfront": ("cloudfront::%(account)s:*",),
    "iam": (
        "iam::%(account)s:instance-profile/%(prefix)s-*",
        "iam::%(account)s:policy/%(prefix)s-*",
        "iam::%(account)s:role/%(prefix)s-*",
        "iam::%(account)s:role/aws-service-role/*",
        "iam::%(account)s:oidc-provider/*",
    ),
    "kms": ("kms:*:%(account)s:alias/*", "kms:*:%(account)s:key/*"),
    "logs": ("logs:*:%(account)s:*",),
    "route53": ("ec2:*:%(account)s:vpc/*", "route53:::change/*", "route53:::healthcheck/*", "route53:::hostedzone/*", "route53:::queryloggingconfig/*"),
    "s3": ("s3:::%(prefix)s-*",),
    "secretsmanager": ("secretsmanager:*:%(account)s:secret:*",),
    "ssm": ("ssm:*:%(account)s:parameter/*",),
    "wafv2": ("wafv2:*:%(account)s:*",),
}
# Calls of these that know no such resource.
UNSCOPED = (
    "kms:CreateKey",
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DeleteResourcePolicy",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
    "route53:CreateHealthCheck",
    "route53:CreateHostedZone",
    "secretsmanager:GetRandomPassword",
)
# Services with one endpoint, wherever a stack is: the region of a call says nothing.
GLOBAL = ("billing", "budgets", "ce", "cloudfront", "globalaccelerator", "iam", "organizations", "route53", "route53domains", "s3", "sts", "wafv2")
# What a controller asks of an account, without changing anything.
CHECKS = (
    "ce:GetCostAndUsage",
    "ec2:DescribeAddresses",
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeNatGateways",
    "ec2:DescribeVpcs",
    "iam:SimulatePrincipalPolicy",
    "pricing:GetProducts",
    "route53:ListHostedZones",
    "route53:ListHostedZonesByName",
    "servicequotas:GetServiceQuota",
    "servicequotas:ListServiceQuotas",
    "sts:GetCallerIdentity",
)
# CloudFormation's own that know no stack.
ANYWHERE = (
    "cloudformation:DescribeAccountLimits",
    "cloudformation:DescribeStackDriftDetectionStatus",
    # By the id of a resource, where the stack is what is asked for.
    "cloudformation:DescribeStackResources",
    "cloudformation:DescribeStacks",
    "cloudformation:GetTemplateSummary",
    "cloudformation:ListExports",
    "cloudformation:ListStacks",
    "cloudformation:ValidateTemplate",
)


def actions_of(permissions: Mapping[str, Mapping[str, list[str]]], types: Iterable[str]) -> list[str]:
    """The union of what the handlers of the types call, sorted. Raises ValueError for a type that the table has not."""
    found: set[str] = set()
    for name in types:
        if name not in permissions:
            raise ValueError(f"{name} is not in roles/stacks/files/permissions.yml; write it anew: python -m tests.support.stack_permissions")
        found.update(*permissions[name].values())
    return sorted(found)


def size(document: Mapping[str, Any]) -> int:
    """Characters as IAM counts them."""
    return len(json.dumps(document, separators=(",", ":")))


def _is_reading(action: str) -> bool:
    # One schema writes wafv2:listWebACLs; IAM does not look at case.
    call = action.partition(":")[2]
    return (call[:1].upper() + call[1:]).startswith(READING) and not action.startswith(CONTENT)


def _scope(action: str, names: Mapping[str, str]) -> tuple[tuple[str, ...], bool]:
    """ARNs of the action, and whether the region of the call is to be looked at."""
    service = action.partition(":")[0]
    if service in SCOPES and not _is_reading(action) and action not in UNSCOPED:
        return tuple(f"arn:{names['partition']}:{scope % names}" for scope in SCOPES[service]), False
    return ("*",), service not in GLOBAL


def statements(actions: Iterable[str], names: Mapping[str, str], regions: Iterable[str]) -> list[dict[str, Any]]:
    """Allow statements, one for each kind of scope; all calls of regional services only in `regions`."""
    grouped: dict[tuple[tuple[str, ...], bool], list[str]] = defaultdict(list)
    for action in sorted(set(actions)):
        grouped[_scope(action, names)].append(action)
    found = []
    for (resources, regional), chosen in sorted(grouped.items()):
        statement = {"Effect": "Allow", "Action": chosen, "Resource": resources[0] if len(resources) == 1 else list(resources)}
        found.append(statement | ({"Condition": {"StringEquals": {"aws:RequestedRegion": sorted(regions)}}} if regional else {}))
    return found


def split(chosen: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Policy documents of at most `LARGEST_POLICY` characters. A statement that is too long is cut between its actions."""
    documents: list[list[dict[str, Any]]] = [[]]

    def fits(statement: Mapping[str, Any]) -> bool:
        return size({"Version": VERSION, "Statement": [*documents[-1], statement]}) <= LARGEST_POLICY

    for statement in chosen:
        left = list(statement["Action"])
        while left:
            count = bisect_left(range(1, len(left) + 1), True, key=lambda number: not fits({**statement, "Action": left[:number]}))
            if count:
                documents[-1].append({**statement, "Action": left[:count]})
                left = left[count:]
            elif not documents[-1]:
                raise ValueError(f"a statement for {left[0]} is longer than {LARGEST_POLICY} characters by its resources alone; name fewer of them")
            if left:
                documents.append([])
    return [{"Version": VERSION, "Statement": document} for document in documents if document]


def _names(scope: Mapping[str, Any]) -> dict[str, str]:
    found = {name: scope[name] for name in ("prefix", "account", "role_name")}
    for name, value in found.items():
        if not isinstance(value, str) or not value:
            raise ValueError(f"{name} is {value!r}; give a string")
    if not scope["regions"] or isinstance(scope["regions"], str):
        raise ValueError(f"regions is {scope['regions']!r}; give a list of them")
    return found | {"partition": scope.get("partition") or "aws"}


def _own(names: Mapping[str, str], policies: Iterable[str]) -> dict[str, Any]:
    """Whoever writes IAM could give himself the rest: not to the role and to its own policies."""
    head = f"arn:{names['partition']}:iam::{names['account']}"
    resources = [f"{head}:role/{names['role_name']}", *(f"{head}:policy/{name}" for name in policies)]
    changes = ("Add*", "Attach*", "Create*", "Delete*", "Detach*", "PassRole", "Put*", "Set*", "Tag*", "Untag*", "Update*")
    return {"Effect": "Deny", "Action": [f"iam:{change}" for change in changes], "Resource": resources}


def service_role_policies(permissions: Mapping[str, Mapping[str, list[str]]], types: Iterable[str], scope: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Policy documents of the role that CloudFormation takes, each of at most 6,144 characters.

    `permissions`: `{type: {handler: actions}}`. `scope`: `{prefix, account, regions, role_name, policy_names, partition}`; `policy_names` are the names
    under which the documents are made, in order. Raises ValueError for an unknown type and where there are fewer names than documents.
    """
    names = _names(scope)
    own = _own(names, scope["policy_names"][:MOST_POLICIES])
    documents = split([own, *statements(actions_of(permissions, types), names, scope["regions"])])
    if len(documents) > len(own["Resource"]) - 1:
        raise ValueError(
            f"the types need {len(documents)} managed policies, a role has {MOST_POLICIES} at most; give platforms of their own to what they share"
        )
    return documents


def _stack_statements(names: Mapping[str, str], scope: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    head = f"arn:{names['partition']}"
    own = [
        f"{head}:cloudformation:{region}:{names['account']}:{kind}/{names['prefix']}-*/*"
        for region in sorted(scope["regions"])
        for kind in ("changeSet", "stack")
    ]
    yield {"Sid": "Stacks", "Effect": "Allow", "Action": ["cloudformation:*"], "Resource": own}
    yield {"Sid": "NoStack", "Effect": "Allow", "Action": [*ANYWHERE], "Resource": "*"}
    yield {
        "Sid": "OneRole",
        "Effect": "Allow",
        "Action": ["iam:PassRole"],
        "Resource": [f"{head}:iam::{names['account']}:role/{name}" for name in sorted(scope["role_names"])],
        "Condition": {"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}},
    }
    buckets = [f"{head}:s3:::{name}" for name in sorted(scope["buckets"])]
    yield {"Sid": "StateBucket", "Effect": "Allow", "Action": ["s3:GetBucketVersioning", "s3:ListBucket", "s3:ListBucketVersions"], "Resource": buckets}
    objects = ["s3:DeleteObject", "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"]
    yield {"Sid": "State", "Effect": "Allow", "Action": objects, "Resource": [f"{bucket}/*" for bucket in buckets]}
    yield {
        "Sid": "StateKey",
        "Effect": "Allow",
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": f"{head}:kms:*:{names['account']}:key/*",
        "Condition": {
            "ForAnyValue:StringEquals": {"kms:ResourceAliases": [scope["key_alias"]]},
            "StringEquals": {"kms:ViaService": [f"s3.{region}.amazonaws.com" for region in sorted(scope["regions"])]},
        },
    }
    yield {"Sid": "Checks", "Effect": "Allow", "Action": [*CHECKS], "Resource": "*"}
    yield from off_hours(names, scope["regions"], scope["tags"])


def controller_policies(permissions: Mapping[str, Mapping[str, list[str]]], types: Iterable[str], scope: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Policy documents of who runs the collection, each of at most 6,144 characters.

    `types`: those of the foundation, whose two stacks are made before there is a service role. `scope`: `{prefix, account, regions, role_name, role_names,
    buckets, key_alias, tags, partition}`, the names over all regions; `tags`: `{platform, environment}` that the deployment's things bear. Raises ValueError.
    """
    names = _names(scope)
    return split([*_stack_statements(names, scope), *statements(actions_of(permissions, types), names, scope["regions"])])

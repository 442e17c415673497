# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Trust policies: who may take a role, and only as what they are meant to be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._identity.statements import PARTITION
from ansible_collections.llmops.platform.plugins.module_utils._identity.statements import VERSION
from ansible_collections.llmops.platform.plugins.module_utils._identity.statements import document
from ansible_collections.llmops.platform.plugins.module_utils._identity.statements import of_iam
from ansible_collections.llmops.platform.plugins.module_utils._identity.statements import sub

GITHUB = "token.actions.githubusercontent.com"
REPOSITORY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/[A-Za-z0-9._-]{1,100}")
REFERENCE = re.compile(r"[A-Za-z0-9._/-]+")
ENVIRONMENT = re.compile(r"[^*?\s:]+(?: [^*?\s:]+)*")
NAMESPACE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
ACCOUNT_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")
PRINCIPAL = re.compile(r"(?:role|user)/[A-Za-z0-9+=,.@_/*-]+")
# Of a second factor that was given, in seconds.
MFA_AGE = 3600


def of_service(service: str, conditions: Mapping[str, Any]) -> dict[str, Any]:
    """A service of AWS on behalf of this account."""
    return document([{"Effect": "Allow", "Principal": {"Service": service}, "Action": ["sts:AssumeRole"], "Condition": dict(conditions)}])


def of_cluster(cluster: str) -> dict[str, Any]:
    """The control plane, for this one cluster."""
    return of_service("eks.amazonaws.com", {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}, "ArnLike": {"aws:SourceArn": _cluster(cluster)}})


def of_node() -> dict[str, Any]:
    """EC2 takes it for an instance, and tells no source that a condition could ask for."""
    return document([{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": ["sts:AssumeRole"]}])


def _cluster(cluster: str) -> dict[str, str]:
    return sub(f"arn:{PARTITION}:eks:${{AWS::Region}}:${{AWS::AccountId}}:cluster/{cluster}")


def workload(what: str, namespace: str, service_account: str) -> None:
    """Raises ValueError where a workload's role would be anybody's: `what` is the variable to correct."""
    for name, value, form in (("namespace", namespace, NAMESPACE), ("service_account", service_account, ACCOUNT_NAME)):
        if not value:
            raise ValueError(f"{what} has no {name}; name it, or any pod could take the role")
        if not form.fullmatch(str(value)):
            raise ValueError(f"{what}.{name} is {value!r}; give the name of one {name.replace('_', ' ')}, without wildcards")


def of_pod(cluster: str, namespace: str, service_account: str) -> dict[str, Any]:
    """EKS Pod Identity: the agent of one cluster, for one service account. The association names the same again."""
    conditions = {
        "StringEquals": {
            "aws:SourceAccount": {"Ref": "AWS::AccountId"},
            "aws:RequestTag/kubernetes-namespace": namespace,
            "aws:RequestTag/kubernetes-service-account": service_account,
        },
        "ArnEquals": {"aws:SourceArn": _cluster(cluster)},
    }
    statement = {"Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"}, "Action": ["sts:AssumeRole", "sts:TagSession"]}
    return document([{**statement, "Condition": conditions}])


def of_service_account(namespace: str, service_account: str) -> dict[str, Any]:
    """IRSA. The issuer is in the keys of the conditions, where no intrinsic may stand: the whole text is put together by `Fn::Sub`."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:{PARTITION}:iam::${{AWS::AccountId}}:oidc-provider/${{Issuer}}"},
        "Action": ["sts:AssumeRoleWithWebIdentity"],
        "Condition": {"StringEquals": {"${Issuer}:aud": "sts.amazonaws.com", "${Issuer}:sub": f"system:serviceaccount:{namespace}:{service_account}"}},
    }
    text = json.dumps({"Version": VERSION, "Statement": [statement]}, sort_keys=True)
    return {"Fn::Sub": [text, {"Issuer": {"Fn::Select": [1, {"Fn::Split": ["//", {"Ref": "OidcIssuerUrl"}]}]}}]}


def of_people(what: str, principals: Iterable[str], external_id: str = "", *, mfa: bool = False) -> dict[str, Any]:
    """Roles and users of this account by patterns of their ARN's end: `role/operators`, `role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Ops_*`.

    The account is the principal and the pattern a condition, as a trust policy cannot name a role that does not exist yet, or one with a wildcard.
    Raises ValueError.
    """
    named = sorted(principals)
    if not named:
        raise ValueError(f"{what} is empty; name the roles or users that may take the role")
    for principal in named:
        if not PRINCIPAL.fullmatch(principal) or re.fullmatch(r"(?:role|user)/[*/]*", principal):
            raise ValueError(f"{what} has {principal!r}; give role/<name> or user/<name>, where * stands for a part of the name only")
    conditions: dict[str, Any] = {"ArnLike": {"aws:PrincipalArn": [of_iam(principal) for principal in named]}}
    if external_id:
        conditions["StringEquals"] = {"sts:ExternalId": external_id}
    if mfa:
        conditions |= {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "NumericLessThan": {"aws:MultiFactorAuthAge": str(MFA_AGE)}}
    return document([{"Effect": "Allow", "Principal": {"AWS": of_iam("root")}, "Action": ["sts:AssumeRole"], "Condition": conditions}])


def of_github(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Workflows of one repository, on named branches or in named environments. `settings`: `{repository, branches, environments}`. Raises ValueError."""
    repository = settings.get("repository") or ""
    if not REPOSITORY.fullmatch(repository):
        raise ValueError(f"identity_github_oidc.repository is {repository!r}; give owner/name of one repository, without wildcards")
    if (settings.get("provider") or GITHUB) != GITHUB:
        raise ValueError(f"identity_github_oidc.provider is {settings['provider']!r}; role account makes {GITHUB} only")
    subjects = []
    for option, prefix, form in (("branches", "ref:refs/heads/", REFERENCE), ("environments", "environment:", ENVIRONMENT)):
        for name in sorted(name for name, wanted in (settings.get(option) or {}).items() if wanted):
            if not form.fullmatch(name):
                raise ValueError(f"identity_github_oidc.{option} has {name!r}; name one, without wildcards")
            subjects.append(f"repo:{repository}:{prefix}{name}")
    if not subjects:
        raise ValueError(f"identity_github_oidc names neither branches nor environments of {repository}; name some, or any pull request could take the role")
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": of_iam(f"oidc-provider/{GITHUB}")},
        "Action": ["sts:AssumeRoleWithWebIdentity"],
        "Condition": {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com", f"{GITHUB}:sub": subjects}},
    }
    return document([statement])

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The access review by tables: what AWS answers, and what is said of it."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._identity import reading
from ansible_collections.llmops.platform.plugins.module_utils._identity import report
from ansible_collections.llmops.platform.plugins.module_utils._identity import review
from ansible_collections.llmops.platform.plugins.module_utils._identity import wide
from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import CallError

ACCOUNT = "123456789012"
TODAY = datetime.date(2026, 11, 21)
GITHUB = "token.actions.githubusercontent.com"


def ago(days: int) -> datetime.datetime:
    return datetime.datetime(2026, 11, 21, tzinfo=datetime.UTC) - datetime.timedelta(days=days)


def role(name: str = "app", made: int = 500, used: int | None = None, path: str = "/", trusted: Any = None, **more: Any) -> dict[str, Any]:
    trusted = trusted or {"Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    last = {} if used is None else {"LastUsedDate": ago(used), "Region": "us-east-1"}
    return {"RoleName": name, "Path": path, "CreateDate": ago(made), "RoleLastUsed": last, "AssumeRolePolicyDocument": trusted, **more}


def settings(**more: Any) -> dict[str, Any]:
    return {"date": "2026-11-21", "unused_days": 90, "key_days": 90, "accepted": {}, **more}


def details(**more: Any) -> dict[str, Any]:
    return {"account": ACCOUNT, "roles": [], "users": [], "groups": [], "policies": [], "report": [], "trails": None, **more}


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (role(used=89), None),
        (role(used=90), "last used 90 days ago"),
        (role(used=200), "last used 200 days ago"),
        (role(made=89), None),
        (role(made=90), "not used in the 90 days that IAM remembers"),
        (role(made=900), "not used in the 400 days that IAM remembers"),
        (role(path="/aws-service-role/eks.amazonaws.com/"), None),
    ],
)
def test_unused_roles(entry, said):
    found = list(review.unused_roles([entry], TODAY, 90))
    assert [one["detail"] for one in found] == ([said] if said else [])


@pytest.mark.parametrize(
    ("statement", "severity"),
    [
        ({"Action": "*", "Resource": "*"}, "critical"),
        ({"Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}, "high"),
        ({"Action": ["s3:*"], "Resource": "*"}, "high"),
        ({"Action": ["iam:*"], "Resource": ["*"]}, "critical"),
        ({"Action": ["ec2:*"], "Resource": "*", "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}}, "medium"),
        ({"Action": "s3:*", "Resource": "arn:aws:s3:::shop/*"}, "low"),
        ({"Action": "s3:PutObject", "Resource": "*"}, "medium"),
        ({"Action": "s3:Put*", "Resource": "arn:aws:s3:::shop/*"}, "low"),
        ({"NotAction": "iam:*", "Resource": "*"}, "high"),
        ({"Action": "s3:GetObject", "NotResource": "arn:aws:s3:::shop/*"}, "medium"),
        ({"Action": ["ec2:Describe*", "s3:GetObject"], "Resource": "*"}, None),
        ({"Action": "s3:PutObject", "Resource": "arn:aws:s3:::shop/*"}, None),
        ({"Effect": "Deny", "Action": "*", "Resource": "*"}, None),
    ],
)
def test_wide_statements(statement, severity):
    for document in ({"Statement": [{"Effect": "Allow", **statement}]}, {"Statement": {"Effect": "Allow", **statement}}):
        assert [found for found, _text in wide.statements(document)] == ([severity] if severity else [])


def test_a_document_may_come_as_encoded_text():
    text = "%7B%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22%2A%22%2C%22Resource%22%3A%22%2A%22%7D%7D"
    assert list(wide.statements(text)) == [("critical", "statement 1: * on every resource")]


def test_policies_are_looked_at_where_they_are_and_boundaries_are_none():
    version = {"IsDefaultVersion": True, "Document": {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}}
    old = {**version, "IsDefaultVersion": False}

    def policy(name: str, **more: Any) -> dict[str, Any]:
        return {"PolicyName": name, "Arn": f"arn:aws:iam::123456789012:policy/{name}", "PolicyVersionList": [version], "AttachmentCount": 1, **more}

    inline = {"PolicyName": "in", "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}
    found = review.wide_policies(
        details(
            policies=[
                policy("wide"),
                policy("boundary", AttachmentCount=0, PermissionsBoundaryUsageCount=3),
                policy("past", PolicyVersionList=[old]),
            ],
            roles=[role("app", RolePolicyList=[inline])],
            users=[
                {
                    "UserName": "u",
                    "AttachedManagedPolicies": [{"PolicyName": "AdministratorAccess", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}],
                }
            ],
            groups=[{"GroupName": "g", "AttachedManagedPolicies": [{"PolicyName": "PowerUserAccess", "PolicyArn": "arn:aws:iam::1:policy/PowerUserAccess"}]}],
        )
    )
    assert sorted((one["severity"], one["subject"]) for one in found) == [("critical", "role/app in"), ("high", "policy/wide"), ("high", "user/u")]


def trusted(principal: Any, conditions: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal, **more}
    return {"Statement": [{**statement, "Condition": conditions} if conditions else statement]}


def subject(value: Any, operator: str = "StringLike", issuer: str = GITHUB) -> dict[str, Any]:
    return {operator: {f"{issuer}:sub": value}}


PROVIDER = {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"}
CLUSTER = "oidc.eks.eu-west-1.amazonaws.com/id/A1"


@pytest.mark.parametrize(
    ("document", "severity"),
    [
        (trusted("*"), "critical"),
        (trusted({"AWS": ["*"]}), "critical"),
        (trusted({"AWS": "*"}, {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}), "medium"),
        (trusted({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), None),
        (trusted({"AWS": "arn:aws:iam::999999999999:root"}), "medium"),
        (trusted({"AWS": "999999999999"}), "medium"),
        (trusted({"AWS": "arn:aws:iam::999999999999:role/x"}, {"StringEquals": {"sts:ExternalId": "s"}}), None),
        (trusted({"Service": "ec2.amazonaws.com"}), None),
        (trusted(PROVIDER), "critical"),
        (trusted(PROVIDER, {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}}), "critical"),
        (trusted(PROVIDER, subject("repo:acme/shop:ref:refs/heads/main", "StringEquals")), None),
        (trusted(PROVIDER, subject("repo:acme/shop:ref:refs/heads/main", "StringEqualsIfExists")), "critical"),
        (trusted(PROVIDER, subject("repo:*")), "critical"),
        (trusted(PROVIDER, subject("repo:acme/*")), "medium"),
        (trusted(PROVIDER, subject(["repo:acme/shop:*"])), "medium"),
        (trusted({"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{CLUSTER}"}), "high"),
        (trusted({"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{CLUSTER}"}, subject("system:serviceaccount:a:b", "StringEquals", CLUSTER)), None),
        (trusted({"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/corp"}), None),
        ({"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "NotPrincipal": {"AWS": "x"}}]}, "critical"),
    ],
)
def test_open_trust(document, severity):
    assert [found["severity"] for found in review.open_trust([role(trusted=document)], ACCOUNT)] == ([severity] if severity else [])


def row(user: str = "ann", signs_in: str = "true", **more: str) -> dict[str, str]:
    return {"user": user, "password_enabled": signs_in, "mfa_active": "true", **more}


@pytest.mark.parametrize(
    ("entry", "kinds"),
    [
        (row(), []),
        (row(mfa_active="false"), [("high", "no_mfa")]),
        (row(mfa_active="false", signs_in="false"), []),
        (row(review.ROOT, mfa_active="false", signs_in="not_supported"), [("critical", "no_mfa")]),
        (row(access_key_1_active="true", access_key_1_last_rotated="2026-08-23T10:00:00+00:00", access_key_1_last_used_date="2026-11-20T10:00:00+00:00"), []),
        (
            row(access_key_2_active="true", access_key_2_last_rotated="2026-08-22T10:00:00+00:00", access_key_2_last_used_date="2026-11-20T10:00:00+00:00"),
            [("high", "old_key")],
        ),
        (
            row(access_key_1_active="true", access_key_1_last_rotated="2026-01-01T10:00:00+00:00", access_key_1_last_used_date="N/A"),
            [("high", "old_key"), ("medium", "unused_key")],
        ),
        (row(access_key_1_active="false", access_key_1_last_rotated="2020-01-01T10:00:00+00:00"), []),
        (
            row(review.ROOT, access_key_1_active="true", access_key_1_last_rotated="2026-11-01T10:00:00+00:00", access_key_1_last_used_date="N/A"),
            [("critical", "root_key")],
        ),
    ],
)
def test_credentials(entry, kinds):
    assert [(one["severity"], one["kind"]) for one in review.credentials([entry], TODAY, 90)] == kinds


@pytest.mark.parametrize(
    ("trail", "bad"),
    [
        ({"multi_region": True, "logging": True, "global_events": True}, False),
        ({"multi_region": True, "logging": False, "global_events": True}, True),
        ({"multi_region": False, "logging": True, "global_events": True}, True),
    ],
)
def test_trails(trail, bad):
    assert bool(list(review.trails([trail]))) is bad
    assert list(review.trails([]))


def test_findings_are_sorted_and_counted():
    found = review.review(
        details(
            roles=[role("b"), role("a", trusted=trusted("*"), used=1)],
            policies=[{"PolicyName": "p", "Arn": "arn:aws:iam::123456789012:policy/p", "AttachmentCount": 0}],
            report=[row(mfa_active="false", access_key_1_active="true", access_key_1_last_rotated="2026-11-20")],
        ),
        settings(),
    )
    assert [one["severity"] for one in found["findings"]] == ["critical", "high", "medium", "low"]
    assert found["figures"] == {
        "roles": 2, "users": 0, "groups": 0, "policies": 1, "active_access_keys": 1,
        "findings_critical": 1, "findings_high": 1, "findings_medium": 1, "findings_low": 1,
    }  # fmt: skip


@pytest.mark.parametrize(("until", "left"), [("2026-11-21", 0), ("2026-11-20", 1)])
def test_what_somebody_answers_for_counts_again_after_its_day(until, left):
    rule = {"kind": "unused_role", "subject": "role/app", "reason": "for the yearly audit", "until": until}
    found = review.review(details(roles=[role()]), settings(accepted={"audit": rule}))
    assert len(found["findings"]) == left and len(found["accepted"]) == 1 - left


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"date": "yesterday"}, "date is 'yesterday'; give YYYY-MM-DD"),
        ({"accepted": {"x": {"kind": "old_key", "reason": "r"}}}, "identity_review_accepted.x needs kind, subject, reason and until"),
        ({"accepted": {"x": {"kind": "old_key", "subject": "user/a", "until": "2027-01-01"}}}, "identity_review_accepted.x needs"),
    ],
)
def test_bad_settings(more, said):
    with pytest.raises(ValueError, match=r"needs|give") as caught:
        review.review(details(), settings(**more))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("limit", "severity", "reached"),
    [("none", "critical", False), ("critical", "critical", True), ("critical", "high", False), ("low", "low", True), ("medium", "high", True)],
)
def test_exit_by_severity(limit, severity, reached):
    assert review.reached([review.finding(severity, "k", "s", "d", "r")], limit) is reached


@pytest.mark.parametrize(
    ("endpoint", "label"),
    [
        ("https://iam.amazonaws.com", "measured"),
        ("https://iam.cn-north-1.amazonaws.com.cn/", "measured"),
        ("http://127.0.0.1:5000", "contract"),
        ("https://iam.amazonaws.com.evil.example/", "contract"),
    ],
)
def test_what_figures_are_worth(endpoint, label):
    assert reading.label(endpoint) == label


def test_a_name_makes_no_markup():
    one = review.finding("low", "wide_policy", "policy/a|b<script>\n# c", "d", "r")
    text = report.as_markdown(
        {"account": ACCOUNT, "date": "2026-11-21", "words": "w", "findings": [one], "accepted": [], "figures": {}, "unknown": ["report: no"]}
    )
    assert "policy/a\\|b&lt;script&gt; # c" in text and "- report: no" in text


class Answers:
    """Calls with answers by operation, in turn."""

    def __init__(self, **answers: list[Any]) -> None:
        self.answers, self.asked = answers, []

    def __call__(self, region: str, operation: str, service: str, tries: int = 0, **arguments: Any) -> dict[str, Any]:
        self.asked.append((operation, arguments))
        answer = self.answers[operation].pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_all_pages_are_read():
    pages = [{"RoleDetailList": [role("a")], "IsTruncated": True, "Marker": "m"}, {"RoleDetailList": [role("b")], "Policies": [{}], "IsTruncated": False}]
    calls = Answers(GetAccountAuthorizationDetails=pages)
    found = reading.details(calls, "us-east-1")
    assert [one["RoleName"] for one in found["roles"]] == ["a", "b"] and len(found["policies"]) == 1
    assert calls.asked[1][1]["Marker"] == "m"


def test_the_credential_report_is_waited_for_and_cut_to_what_is_looked_at():
    content = b"user,arn,mfa_active,cert_1_active\nann,arn:x,true,false\n"
    calls = Answers(GenerateCredentialReport=[{"State": "STARTED"}, {"State": "COMPLETE"}], GetCredentialReport=[{"Content": content}])
    (found,) = reading.credential_report(calls, "us-east-1", sleep=lambda _seconds: None)
    assert found["user"] == "ann" and "arn" not in found and "cert_1_active" not in found


def test_what_may_not_be_read_is_said_and_the_rest_goes_on():
    denied = CallError("GenerateCredentialReport", "us-east-1", "AccessDenied", "no")
    calls = Answers(GetAccountAuthorizationDetails=[{"IsTruncated": False}], GenerateCredentialReport=[denied], DescribeTrails=[denied])
    found, unknown = reading.read(calls, "us-east-1", ACCOUNT, True)
    assert found["report"] is None and found["trails"] is None
    assert [text.partition(":")[0] for text in unknown] == ["access keys and second factors", "record of sign-ins"]
    assert "active_access_keys" not in review.review(found, settings())["figures"]


def test_a_report_that_never_comes_is_an_error():
    calls = Answers(GenerateCredentialReport=[{"State": "STARTED"}] * reading.TRIES)
    with pytest.raises(CallError, match="no report after"):
        reading.credential_report(calls, "us-east-1", sleep=lambda _seconds: None)


def test_the_json_is_the_same_whatever_the_order():
    assert report.as_json({"b": 1, "a": 2}) == report.as_json(json.loads('{"a": 2, "b": 1}'))

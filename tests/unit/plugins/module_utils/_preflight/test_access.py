# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials, reachability, permissions and accounts as findings."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._preflight import access
from ansible_collections.llmops.platform.plugins.module_utils._preflight import aws

NOW = "2026-11-21T07:00:00+00:00"
WANTED = {"version": "1.36", "minimum": "1.28", "minutes": 60, "permissions": {"deployments.apps": {"verbs": ["create"], "needed_by": ["application"]}}}
CREDENTIALS = {
    "kubeconfig": "/k",
    "modes": {"/k": "0600"},
    "context": "c",
    "server": "https://api.example.com:6443",
    "proxy": "",
    "method": "token",
    "expires": "2026-11-21T17:00:00+00:00",
    "plugin": None,
}
API = {"server": "https://api.example.com:6443", "version": "1.36.3", "milliseconds": 12.0}


def judged(credentials: dict | None = None, api: dict | None = None, problem: dict | None = None, permissions: list | None = None) -> dict[str, dict]:
    read = {"credentials": {**CREDENTIALS, **(credentials or {})}, "api": {**API, **(api or {})}, "problem": problem, "permissions": permissions or []}
    if problem:
        read["api"] = None
    return {row["what"]: row for row in access.judge_access(read, WANTED, NOW)}


def test_all_in_order():
    assert {row["level"] for row in judged().values()} == {"ok"}


@pytest.mark.parametrize(
    ("expires", "level", "said"),
    [
        ("2026-11-21T06:59:00+00:00", "error", "expired at"),
        ("2026-11-21T07:00:00+00:00", "error", "expired at"),
        ("2026-11-21T07:59:00+00:00", "warning", "59 minutes left"),
        ("2026-11-21T08:00:00+00:00", "ok", "until"),
        (None, "ok", "no end"),
    ],
)
@pytest.mark.parametrize("method", ["token", "client_certificate"])
def test_lifetime(expires, level, said, method):
    row = judged({"expires": expires, "method": method})[f"{method.replace('_', ' ')} of context c"]
    assert row["level"] == level and said in row["found"]


@pytest.mark.parametrize(("mode", "level"), [("0600", "ok"), ("0400", "ok"), ("0640", "warning"), ("0604", "warning"), ("0644", "warning")])
def test_mode(mode, level):
    assert judged({"modes": {"/k": mode}})["mode of /k"]["level"] == level


def test_a_credential_plugin_that_is_not_installed():
    row = judged({"method": "exec", "plugin": {"command": "aws", "path": None, "hint": "pip install awscli"}})["credential plugin"]
    assert row["level"] == "error" and row["remedy"] == "pip install awscli"


def test_an_unreachable_server_names_host_and_ways_out():
    message = "https://api.example.com:6443 cannot be reached (timed out); check that the cluster runs, then run again"
    row = judged(problem={"stage": "api", "message": message})["API server"]
    assert row["level"] == "error"
    for word in ("api.example.com", "VPN", "proxy-url", "private"):
        assert word in row["remedy"]


@pytest.mark.parametrize(("api", "what", "level"), [({"version": "1.27.9"}, "Kubernetes", "error"), ({"version": "1.35.1"}, "Kubernetes", "warning")])
def test_the_servers_version(api, what, level):
    assert judged(api=api)[what]["level"] == level


def test_a_slow_server_is_said():
    assert judged(api={"milliseconds": 1500.0})["latency of https://api.example.com:6443"]["level"] == "warning"


def test_denied_permissions_are_one_row_a_resource():
    answers = [{"name": "deployments.apps", "verb": verb, "namespace": "*", "allowed": verb == "list", "reason": ""} for verb in ("list", "create", "patch")]
    row = judged(permissions=answers)["permission on deployments.apps"]
    assert row["level"] == "error" and row["found"] == "may not create, patch in all namespaces" and "application" in row["wanted"]


READ = {
    "credentials": {"method": "env", "renewed": False, "expires": None, "problem": None},
    "endpoints": {"sts": {"url": "https://sts.us-east-1.amazonaws.com", "milliseconds": 80.0, "problem": None}},
}
CALLER = {"account": "111111111111", "arn": "arn:aws:iam::111111111111:user/me"}


def aws_levels(caller: dict | None = None, account: str = "111111111111", **credentials) -> dict[str, dict]:
    read = {**READ, "credentials": {**READ["credentials"], **credentials}}
    return {row["what"]: row for row in aws.judge_aws(read, CALLER if caller is None else caller, account, 60, NOW)}


@pytest.mark.parametrize("account", ["111111111111", ""])
def test_the_right_account(account):
    assert {row["level"] for row in aws_levels(account=account).values()} == {"ok"}


def test_the_wrong_account_is_refused_naming_both():
    row = aws_levels(account="222222222222")["caller"]
    assert row["level"] == "error" and "111111111111" in row["remedy"] and "222222222222" in row["remedy"]


def test_expired_credentials():
    row = aws_levels({"msg": "An error occurred (ExpiredToken) when calling GetCallerIdentity"})["caller"]
    assert row["level"] == "error" and row["found"].startswith("expired")


@pytest.mark.parametrize(
    ("renewed", "expires", "level"),
    [(False, "2026-11-21T06:00:00+00:00", "error"), (False, "2026-11-21T07:30:00+00:00", "warning"), (True, "2026-11-21T07:30:00+00:00", "ok")],
)
def test_credentials_that_are_renewed_need_not_last(renewed, expires, level):
    assert aws_levels(renewed=renewed, expires=expires)["credentials (env)"]["level"] == level


def test_an_endpoint_that_does_not_answer_names_host_and_ways_out():
    read = {**READ, "endpoints": {"sts": {"url": "https://sts.us-east-1.amazonaws.com", "milliseconds": None, "problem": "timed out"}}}
    row = aws.judge_aws(read, CALLER, "", 60, NOW)[0]
    assert row["level"] == "error"
    for word in ("sts.us-east-1.amazonaws.com", "VPN", "HTTPS_PROXY", "private endpoint"):
        assert word in row["remedy"]

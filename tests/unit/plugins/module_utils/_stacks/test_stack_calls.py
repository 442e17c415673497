# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls: what is tried again and how often, what is counted, what an operator is told."""

from __future__ import annotations

import datetime

import pytest

pytest.importorskip("botocore")

from botocore import exceptions
from botocore.parsers import ResponseParserError

from ansible_collections.llmops.platform.plugins.module_utils._aws.session import AwsError
from ansible_collections.llmops.platform.plugins.module_utils._stacks import calls as calling
from ansible_collections.llmops.platform.plugins.module_utils._stacks import identity
from ansible_collections.llmops.platform.plugins.module_utils._stacks import retrying
from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import Calls
from tests.support.scripted_cloud import Cloud
from tests.support.scripted_cloud import refusal

REGION = "us-east-1"


def new(cloud: Cloud) -> tuple[Calls, list[float]]:
    waited: list[float] = []
    return Calls(client_of=cloud.client, sleep=waited.append), waited


THROTTLES = [
    ("Throttling", "Rate exceeded", 400),
    ("ThrottlingException", "Rate exceeded", 400),
    ("ThrottledException", "slow", 400),
    ("RequestLimitExceeded", "Request limit exceeded.", 503),
    ("TooManyRequestsException", "too many", 429),
    ("SlowDown", "Please reduce your request rate", 503),
    ("EC2ThrottledException", "", 400),
    ("RequestThrottled", "", 400),
    ("ProvisionedThroughputExceededException", "", 400),
    ("PriorRequestNotComplete", "", 400),
    ("BandwidthLimitExceeded", "", 400),
    ("TransactionInProgressException", "", 400),
    ("ValidationError", "Rate exceeded", 400),
    ("Whatever", "no words", 429),
    ("InternalFailure", "", 500),
    ("ServiceUnavailable", "", 503),
    ("502", "Bad Gateway", 502),
]


@pytest.mark.parametrize(("code", "message", "status"), THROTTLES)
def test_a_busy_service_is_asked_again(code, message, status):
    cloud = Cloud()
    cloud.before["GetCallerIdentity"] = [refusal("GetCallerIdentity", code, message, status)] * 3 + [None]
    calls, waited = new(cloud)
    assert calls(REGION, "GetCallerIdentity", "sts")["Account"]
    assert (calls.calls, calls.retries, len(waited)) == (4, 3, 3)


@pytest.mark.parametrize(
    "error",
    [
        exceptions.ConnectionClosedError(endpoint_url="http://x"),
        exceptions.ReadTimeoutError(endpoint_url="http://x"),
        exceptions.EndpointConnectionError(endpoint_url="http://x"),
        exceptions.ConnectTimeoutError(endpoint_url="http://x"),
        exceptions.IncompleteReadError(actual_bytes=1, expected_bytes=2),
        ResponseParserError("invalid XML received"),
    ],
)
def test_silence_is_asked_again_and_then_called_unreachable(error):
    cloud = Cloud()
    cloud.before["GetCallerIdentity"] = [error, None]
    calls, _waited = new(cloud)
    assert calls(REGION, "GetCallerIdentity", "sts")["Account"]
    cloud.before["GetCallerIdentity"] = [error] * 20
    with pytest.raises(retrying.Unreachable, match=r"GetCallerIdentity in us-east-1 .*declare us-east-1 unreachable"):
        calls(REGION, "GetCallerIdentity", "sts")
    assert calls.calls == 2 + calling.TRIES


@pytest.mark.parametrize("kind", [exceptions.EndpointConnectionError, exceptions.ReadTimeoutError])
def test_a_region_that_never_answered_is_given_up_soon(kind):
    cloud = Cloud()
    cloud.silent[REGION] = kind(endpoint_url="http://x")
    calls, waited = new(cloud)
    with pytest.raises(retrying.Unreachable):
        calls(REGION, "DescribeStacks", StackName="x")
    assert (calls.calls, len(waited)) == (calling.FIRST_TRIES, calling.FIRST_TRIES - 1)


def test_tries_are_bounded_and_the_error_says_how_many():
    cloud = Cloud()
    cloud.before["GetCallerIdentity"] = [refusal("GetCallerIdentity", "Throttling", "Rate exceeded")] * 50
    calls, waited = new(cloud)
    with pytest.raises(retrying.CallError, match=rf"Throttling \({calling.TRIES} times\).*later"):
        calls(REGION, "GetCallerIdentity", "sts")
    assert all(0 <= pause <= 20 for pause in waited)


@pytest.mark.parametrize("code", ["AccessDenied", "ValidationError", "LimitExceededException", "InvalidClientTokenId"])
def test_a_refusal_is_not_asked_again(code):
    cloud = Cloud()
    cloud.before["GetCallerIdentity"] = [refusal("GetCallerIdentity", code, "no")]
    calls, _waited = new(cloud)
    with pytest.raises(retrying.CallError, match=code):
        calls(REGION, "GetCallerIdentity", "sts")
    assert calls.calls == 1


def test_jitter_grows_and_is_bounded():
    ceilings = [retrying.wait_before(attempt, lambda: 1.0) for attempt in range(1, 12)]
    assert ceilings == sorted(ceilings)
    assert ceilings[0] == pytest.approx(0.3) and ceilings[-1] == 20.0
    assert retrying.wait_before(5, lambda: 0.0) == 0.0


def test_mutating_calls_are_counted_apart():
    cloud = Cloud()
    cloud.add(REGION, "a", "")
    calls, _waited = new(cloud)
    calls(REGION, "DescribeStacks", StackName="a")
    calls(REGION, "SetStackPolicy", StackName="a", StackPolicyBody="{}")
    calls(REGION, "GetStackPolicy", StackName="a")
    assert (calls.calls, calls.mutating_calls) == (3, 1)


def test_expired_credentials_are_read_anew_once(monkeypatch):
    cloud = Cloud()
    cloud.before["GetCallerIdentity"] = [refusal("GetCallerIdentity", "ExpiredToken", "The security token included in the request is expired", 403), None]

    class Session:
        def __init__(self, token):
            self.token = token

        def get_credentials(self):
            return self

        def get_frozen_credentials(self):
            return self

    monkeypatch.setattr(calling.aws, "new_session", lambda: Session("new"))
    calls = Calls(Session("old"), client_of=cloud.client, sleep=lambda _s: None)
    assert calls(REGION, "GetCallerIdentity", "sts")["Account"]
    cloud.before["GetCallerIdentity"] = [refusal("GetCallerIdentity", "ExpiredToken", "expired", 403)] * 5
    with pytest.raises(retrying.CallError, match="log in again"):
        calls(REGION, "GetCallerIdentity", "sts")


def test_user_agent_and_bounds_of_a_real_client(monkeypatch):
    session = pytest.importorskip("botocore.session").Session()
    session.set_credentials("a", "b")
    client = Calls(session, parallel=4)._client("cloudformation", REGION)
    assert f"llmops.platform/{calling.version()}" in client.meta.config.user_agent_extra
    assert calling.version() != "0"
    assert client.meta.config.retries["total_max_attempts"] == 1


def test_secrets_in_a_services_words_are_masked():
    text = retrying.masked("Value for MasterUserPassword=hunter22secret is too short")
    assert "hunter22" not in text and "is too short" in text


NOW = datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC)
FOUND = {"method": "env", "renewed": False, "expires": None, "problem": None}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, ""),
        ({"expires": "2026-11-21T13:30:00+00:00"}, "credentials end in 1 h 30 min"),
        ({"expires": "2026-11-21T12:10:00+00:00"}, "credentials end in 10 min; CloudFormation goes on without them"),
        ({"expires": "2026-11-21T12:10:00+00:00", "renewed": True}, ""),
    ],
)
def test_lifetime_is_said(more, said):
    assert identity.lifetime({**FOUND, **more}, NOW).startswith(said)


@pytest.mark.parametrize("more", [{"problem": "there are none"}, {"expires": "2026-11-21T11:00:00+00:00"}])
def test_useless_credentials_are_refused_before_any_change(more):
    with pytest.raises(AwsError, match="nothing was changed"):
        identity.lifetime({**FOUND, **more}, NOW)


def test_another_account_is_refused_with_both_numbers():
    calls, _waited = new(Cloud())
    assert identity.check_account(calls, [REGION], {"us-east-1/a": "123456789012"}) == "123456789012"
    with pytest.raises(AwsError, match=r"123456789012.*us-east-1/b.*999999999999"):
        identity.check_account(calls, [REGION], {"us-east-1/a": "123456789012", "us-east-1/b": "999999999999"})


def test_the_account_is_asked_of_the_first_region_that_answers():
    cloud = Cloud()
    cloud.silent["us-east-1"] = exceptions.EndpointConnectionError(endpoint_url="http://x")
    calls, _waited = new(cloud)
    assert identity.check_account(calls, ["us-east-1", "us-west-2"], {})
    cloud.silent["us-west-2"] = cloud.silent["us-east-1"]
    with pytest.raises(AwsError, match="no region answers"):
        identity.check_account(calls, ["us-east-1", "us-west-2"], {})

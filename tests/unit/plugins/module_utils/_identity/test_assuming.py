# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A role that is taken with the credentials at hand, and who calls."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

pytest.importorskip("botocore")

from botocore import credentials

from ansible_collections.llmops.platform.plugins.module_utils._aws import assuming
from ansible_collections.llmops.platform.plugins.module_utils._aws.session import AwsError
from ansible_collections.llmops.platform.plugins.module_utils._identity import caller

ROLE = "arn:aws:iam::123456789012:role/shop-controller"


class Session:
    """As much of botocore's as is used; STS gives sessions of `minutes`."""

    def __init__(self, minutes: int = 60, found: Any = None) -> None:
        self.minutes, self.asked = minutes, []
        self._credentials = credentials.Credentials("own", "own") if found is None else found or None

    def get_credentials(self) -> Any:
        return self._credentials

    def get_config_variable(self, _name: str) -> str:
        return "eu-west-1"

    def create_client(self, service: str, **options: Any) -> Any:
        assert service == "sts" and options["region_name"] == "eu-west-1" and options["aws_access_key_id"] == "own"
        return self

    def assume_role(self, **arguments: Any) -> dict[str, Any]:
        self.asked.append(arguments)
        ends = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=self.minutes)
        return {"Credentials": {"AccessKeyId": f"taken{len(self.asked)}", "SecretAccessKey": "s", "SessionToken": "t", "Expiration": ends}}


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    for name in (assuming.ROLE, assuming.EXTERNAL_ID, assuming.SECONDS):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_without_a_role_the_session_stays_as_it_is():
    session = Session()
    assert assuming.assume(session).get_credentials().access_key == "own" and not session.asked


def test_the_role_is_taken_at_the_first_use_and_kept(environment):
    environment.setenv(assuming.ROLE, ROLE)
    environment.setenv(assuming.EXTERNAL_ID, "run")
    environment.setenv(assuming.SECONDS, "1800")
    session = assuming.assume(Session())
    assert not session.asked
    for _again in range(2):
        assert session.get_credentials().get_frozen_credentials().access_key == "taken1"
    assert session.asked == [{"RoleArn": ROLE, "RoleSessionName": "llmops-platform", "DurationSeconds": 1800, "ExternalId": "run"}]


def test_a_session_that_ends_soon_is_taken_anew(environment):
    environment.setenv(assuming.ROLE, ROLE)
    session = assuming.assume(Session(minutes=5))
    assert [session.get_credentials().get_frozen_credentials().access_key for _again in range(2)] == ["taken1", "taken2"]


@pytest.mark.parametrize(
    ("variables", "found", "said"),
    [
        ({assuming.ROLE: "shop-controller"}, None, "give arn:aws:iam::<account>:role/<name>"),
        ({assuming.ROLE: ROLE, assuming.SECONDS: "899"}, None, "LLMOPS_AWS_SESSION_SECONDS is '899'; give 900 to 43200"),
        ({assuming.ROLE: ROLE, assuming.SECONDS: "an hour"}, None, "give 900 to 43200"),
        ({assuming.ROLE: ROLE}, False, "no credentials to take it with"),
    ],
)
def test_bad_input_is_refused(environment, variables, found, said):
    for name, value in variables.items():
        environment.setenv(name, value)
    with pytest.raises(ValueError) as caught:
        assuming.assume(Session(found=found))
    assert said in str(caught.value)


def test_the_expected_account_passes():
    answer = {"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/ann", "UserId": "x"}
    assert caller.judged("123456789012", answer) == {"account": "123456789012", "arn": "arn:aws:iam::123456789012:user/ann"}


@pytest.mark.parametrize(
    ("account", "said"),
    [
        ("999999999999", "the credentials are of account 123456789012 (arn:aws:iam::123456789012:user/ann), the inventory says 999999999999"),
        ("1234", "account is '1234'; give the twelve digits"),
    ],
)
def test_another_account_is_refused(account, said):
    with pytest.raises(AwsError) as caught:
        caller.judged(account, {"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/ann"})
    assert said in str(caught.value)

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The access review and the taken role against moto in this process."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytest.importorskip("moto")

from moto import mock_aws

from ansible_collections.llmops.platform.plugins.action.aws_access_review import ActionModule
from ansible_collections.llmops.platform.plugins.action.aws_access_review import ReviewError
from ansible_collections.llmops.platform.plugins.module_utils._aws import session as aws
from ansible_collections.llmops.platform.plugins.module_utils._identity import caller
from ansible_collections.llmops.platform.plugins.module_utils._identity import report

ACCOUNT = "123456789012"
PASSWORD = "not-A-secret-1"
# Over a page of the API.
MANY = 205


@pytest.fixture
def cloud(monkeypatch):
    for name, value in {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "fake", "AWS_DEFAULT_REGION": "us-east-1"}.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "LLMOPS_AWS_ROLE_ARN", "LLMOPS_AWS_EXTERNAL_ID", "LLMOPS_AWS_SESSION_SECONDS"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        yield monkeypatch


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


@pytest.fixture
def faults(cloud):
    """An account with one fault of each kind; its access key."""
    iam = aws.new_session().create_client("iam")
    everything = policy({"Effect": "Allow", "Action": "*", "Resource": "*"})
    iam.create_role(RoleName="open", AssumeRolePolicyDocument=policy({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}))
    iam.put_role_policy(RoleName="open", PolicyName="all", PolicyDocument=everything)
    iam.create_policy(PolicyName="spare", PolicyDocument=everything)
    iam.create_user(UserName="ann")
    iam.create_login_profile(UserName="ann", Password=PASSWORD)
    for number in range(MANY):
        iam.create_role(RoleName=f"many-{number:03}", AssumeRolePolicyDocument=policy())
    return iam.create_access_key(UserName="ann")["AccessKey"]


def reviewed(**more: Any) -> dict[str, Any]:
    """As the module does, far enough in the future for everything to be old."""
    arguments = {"account": ACCOUNT, "region": "us-east-1", "date": "2099-01-01", "unused_days": 90, "key_days": 90, "trail": True, "accepted": {}, **more}
    return ActionModule._review(None, arguments)


def test_the_review_finds_what_is_there_and_tells_no_secret(faults):
    found = reviewed()
    assert {(one["kind"], one["subject"]) for one in found["findings"] if not one["subject"].startswith("role/many")} >= {
        ("open_trust", "role/open"),
        ("wide_policy", "role/open all"),
        ("wide_policy", "policy/spare"),
        ("unused_policy", "policy/spare"),
        ("unused_role", "role/open"),
        ("no_mfa", "user/ann"),
        ("old_key", "user/ann"),
        ("no_trail", "account"),
    }
    assert not found["unknown"]
    assert found["figures"]["roles"]["value"] == MANY + 1 and found["figures"]["active_access_keys"]["value"] == 1
    text = report.as_json(found) + report.as_markdown(found)
    for secret in (faults["AccessKeyId"], faults["SecretAccessKey"], PASSWORD):
        assert secret not in text
    assert report.as_json(reviewed()) == report.as_json(found)


def test_a_trail_of_all_regions_is_seen(cloud):
    session = aws.new_session()
    session.create_client("s3").create_bucket(Bucket="trail")
    trail = session.create_client("cloudtrail")
    trail.create_trail(Name="all", S3BucketName="trail", IsMultiRegionTrail=True, IncludeGlobalServiceEvents=True)
    assert [one["kind"] for one in reviewed()["findings"]].count("no_trail") == 1
    trail.start_logging(Name="all")
    assert "no_trail" not in [one["kind"] for one in reviewed()["findings"]]


def test_another_account_is_refused_before_anything_is_read(cloud):
    with pytest.raises(aws.AwsError, match=f"the credentials are of account {ACCOUNT} .* the inventory says 999999999999"):
        reviewed(account="999999999999")


def test_bad_settings_are_said(cloud):
    with pytest.raises(ReviewError, match=r"identity_review_accepted\.x needs kind, subject, reason and until"):
        reviewed(accepted={"x": {"kind": "old_key"}})


def test_the_role_of_the_environment_is_taken(cloud):
    # Moto has a world for each account, so another account shows that the role was taken.
    cloud.setenv("LLMOPS_AWS_ROLE_ARN", "arn:aws:iam::222222222222:role/controller")
    found = caller.checked(aws.new_session(), "222222222222", "us-east-1")
    assert found["arn"] == "arn:aws:sts::222222222222:assumed-role/controller/llmops-platform"
    assert found["credentials"]["method"] == "assume-role" and found["credentials"]["renewed"] is True

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is refused before anything is changed, in words that name the remedy."""

from __future__ import annotations

import pytest

from tests.support.stack_graphs import dependent
from tests.support.stack_graphs import stack
from tests.support.stack_graphs import template
from tests.support.stack_graphs import topic

A, B = "us-east-1/a", "us-east-1/b"
SECRET = "hunter2-and-more"
USER = {"Type": "AWS::RDS::DBSubnetGroup", "Properties": {"DBSubnetGroupDescription": "x", "SubnetIds": ["a", "b"], "MasterUserPassword": SECRET}}

BAD = {
    "a cycle": (dependent("a", B) | dependent("b", A), "need each other in a circle"),
    "too large": (stack("a", template({"Topic": topic("x" * 60000)})), "more than 51200"),
    "too many resources": (stack("a", template({f"Topic{number}": topic() for number in range(460)})), "more than 450"),
    "a secret": (stack("a", template({"Group": USER})), "literal secret"),
    "a key in a parameter": (
        stack("a", template({"Topic": topic({"Ref": "Name"})}, ("Name",)), parameters={"Name": {"value": "AKIA" + "A" * 16}}),
        "an AWS access key",
    ),
    "an unknown stack": (dependent("b", A), A),
    "another account": (stack("a") | stack("b", account="999999999999"), "999999999999"),
    "another region": (stack("a", region="us-nowhere-7"), "us-nowhere-7"),
}


@pytest.mark.parametrize("case", BAD)
def test_it_is_said_before_anything_is_changed(fake, direct, case):
    graph, said = BAD[case]
    result = direct.run(graph)
    assert result["failed"] and (said in result["msg"] or said in result["msg"].replace(",", "")), result
    assert fake.proxy.mutating() == [] and fake.stacks() == {}
    assert SECRET not in str(result) and "AKIAAAAA" not in str(result)


def test_expired_credentials_are_said_with_how_long_ago(fake, direct, tmp_path):
    file = tmp_path / "credentials"
    file.write_text("[default]\naws_access_key_id = test\naws_secret_access_key = test\nx_security_token_expires = 2020-01-01T00:00:00Z\n", encoding="utf-8")
    direct.environment = {name: value for name, value in direct.environment.items() if "KEY" not in name} | {"AWS_SHARED_CREDENTIALS_FILE": str(file)}
    result = direct.run(stack("a"))
    assert result["failed"] and "expired" in result["msg"] and "log in again" in result["msg"]
    assert fake.proxy.calls == []


def test_missing_credentials(fake, direct):
    direct.environment = {name: value for name, value in direct.environment.items() if "KEY" not in name}
    result = direct.run(stack("a"))
    assert result["failed"] and "no usable AWS credentials" in result["msg"]
    assert fake.proxy.calls == []


def test_a_token_that_ends_during_the_run(fake, direct):
    fake.proxy.rules.add(do="throttle", code="ExpiredToken", action="CreateChangeSet")
    result = direct.run(stack("a"))
    assert result["failed"] and "log in again" in result["msg"]
    fake.proxy.rules.clear()
    assert not direct.run(stack("a"))["failed"]

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Parts of policy documents, with CloudFormation's intrinsics where account and region stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

VERSION = "2012-10-17"
PARTITION = "${AWS::Partition}"


def sub(text: str) -> dict[str, str]:
    """The text with CloudFormation's parameters put in."""
    return {"Fn::Sub": text}


def arn(service: str, resource: str, *, region: str = "${AWS::Region}", account: str = "${AWS::AccountId}") -> dict[str, str]:
    """`Fn::Sub` of an ARN of this account and region."""
    return sub(f"arn:{PARTITION}:{service}:{region}:{account}:{resource}")


def of_iam(resource: str) -> dict[str, str]:
    return arn("iam", resource, region="")


def any_account(service: str, resource: str, *, region: str = "${AWS::Region}") -> dict[str, str]:
    """Of things whose ARN names no account: images, buckets, zones."""
    return arn(service, resource, region=region, account="")


def allow(sid: str, actions: Iterable[str], resources: Any = "*", **conditions: Any) -> dict[str, Any]:
    """An Allow statement. `conditions`: by operator with `_` for `:`, such as `StringEquals={"aws:RequestedRegion": "eu-west-1"}`."""
    found = {"Sid": sid, "Effect": "Allow", "Action": sorted(actions), "Resource": resources}
    named = {operator.replace("_", ":"): keys for operator, keys in conditions.items() if keys}
    return {**found, "Condition": named} if named else found


def document(statements: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"Version": VERSION, "Statement": list(statements)}

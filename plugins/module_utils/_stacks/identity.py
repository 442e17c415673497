# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Who calls AWS, said and checked before anything is changed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws import session as aws
from ansible_collections.llmops.platform.plugins.module_utils._aws.session import AwsError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import Unreachable

# Credentials that end sooner than this are worth a word: EKS alone takes ten minutes.
SHORT = 30 * 60


def lifetime(found: dict[str, Any], now: datetime.datetime) -> str:
    """What is to be said of credentials `{method, renewed, expires, problem}`; empty where there is nothing to say. Raises AwsError if they are of no use."""
    if found["problem"]:
        raise AwsError(
            f"there are no usable AWS credentials, nothing was changed: {found['problem']}; "
            "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in"
        )
    if not found["expires"]:
        return ""
    left = (datetime.datetime.fromisoformat(found["expires"]) - now).total_seconds()
    if found["renewed"]:
        return ""
    if left <= 0:
        raise AwsError(f"the AWS credentials expired {_span(-left)} ago ({found['expires']}), nothing was changed; log in again")
    if left < SHORT:
        return f"credentials end in {_span(left)}; CloudFormation goes on without them, a run started after a new login follows what is left"
    return f"credentials end in {_span(left)}"


def _span(seconds: float) -> str:
    minutes = int(seconds // 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min" if minutes else f"{int(seconds)} s"


def check_account(calls: Any, regions: Iterable[str], accounts: dict[str, str]) -> str:
    """The caller's account. `accounts` is `{stack key: account}`. Raises AwsError where a stack belongs to another one; asks the first region that answers."""
    last: Exception | None = None
    for region in regions:
        try:
            caller = calls(region, "GetCallerIdentity", "sts", tries=2)
        except Unreachable as error:
            last = error
            continue
        others = sorted(key for key, account in accounts.items() if account and account != caller["Account"])
        if others:
            wanted = ", ".join(sorted({accounts[key] for key in others}))
            raise AwsError(
                f"the credentials are of account {caller['Account']} ({caller['Arn']}), but {', '.join(others[:3])}{' …' if len(others) > 3 else ''} "
                f"belong to {wanted}; nothing was changed. Use that account's credentials, or correct the inventory's account"
            )
        return caller["Account"]
    raise AwsError(f"no region answers, nothing was changed: {last}") from last


def known_regions(session: Any) -> set[str]:
    """Names that botocore has for CloudFormation, over all partitions."""
    return {region for partition in session.get_available_partitions() for region in session.get_available_regions("cloudformation", partition)}


def ready(session: Any) -> str:
    """Look at the credentials before the first call; what is to be said of them. Raises AwsError."""
    return lifetime(aws.credentials(session), datetime.datetime.now(datetime.UTC))

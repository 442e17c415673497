# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Whose credentials are in use, before anything is done with them."""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws import session as aws
from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import Calls
from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import CallError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import Unreachable


def judged(wanted: str | None, answer: dict[str, Any]) -> dict[str, str]:
    """`{account, arn}` of `GetCallerIdentity`. Raises AwsError where the account is another one, or `wanted` is none; None wants no particular one."""
    if wanted is None:
        return {"account": answer["Account"], "arn": answer["Arn"]}
    if not re.fullmatch(r"\d{12}", wanted):
        raise aws.AwsError(f"account is {wanted!r}; give the twelve digits of the account in platform_account, quoted")
    if answer["Account"] != wanted:
        raise aws.AwsError(
            f"the credentials are of account {answer['Account']} ({answer['Arn']}), the inventory says {wanted}; nothing was changed. "
            "Use that account's credentials, or correct platform_account"
        )
    return {"account": answer["Account"], "arn": answer["Arn"]}


def checked(session: Any, account: str | None, region: str) -> dict[str, Any]:
    """`{account, arn, credentials}`. Raises AwsError: no credentials, another account, no answer."""
    found = aws.credentials(session)
    if found["problem"]:
        raise aws.AwsError(f"there are no usable AWS credentials, nothing was changed: {found['problem']}")
    try:
        answer = Calls(session, timeout=20.0)(region, "GetCallerIdentity", "sts", tries=3)
    except (CallError, Unreachable) as error:
        raise aws.AwsError(f"AWS did not say who calls, nothing was changed: {error}") from error
    return {**judged(account, answer), "credentials": found}

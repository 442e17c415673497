# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""A role that is taken with the credentials at hand, and taken anew before its session ends."""

from __future__ import annotations

import os
import re
from typing import Any

try:
    import botocore.credentials
except ImportError:
    botocore = None

ROLE = "LLMOPS_AWS_ROLE_ARN"
EXTERNAL_ID = "LLMOPS_AWS_EXTERNAL_ID"
SECONDS = "LLMOPS_AWS_SESSION_SECONDS"
ARN = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+")
NAME = "llmops-platform"
METHOD = "assume-role"


def wanted() -> dict[str, Any]:
    """`{role, arguments}` by the environment, empty where no role is to be taken. Raises ValueError."""
    role = os.environ.get(ROLE, "")
    if not role:
        return {}
    if not ARN.fullmatch(role):
        raise ValueError(f"{ROLE} is {role!r}; give arn:aws:iam::<account>:role/<name>")
    seconds = os.environ.get(SECONDS) or "3600"
    if not seconds.isdigit() or not 900 <= int(seconds) <= 43200:
        raise ValueError(f"{SECONDS} is {seconds!r}; give 900 to 43200")
    arguments = {"RoleSessionName": NAME, "DurationSeconds": int(seconds)}
    if os.environ.get(EXTERNAL_ID):
        arguments["ExternalId"] = os.environ[EXTERNAL_ID]
    return {"role": role, "arguments": arguments}


def assume(session: Any) -> Any:
    """The session, as the role of the environment where there is one. Nothing is asked of AWS before the first use. Raises ValueError."""
    asked = wanted()
    if not asked:
        return session
    source = session.get_credentials()
    if source is None:
        raise ValueError(f"{ROLE} names a role to be taken, but there are no credentials to take it with; set AWS_PROFILE, or log in")
    region = session.get_config_variable("region") or "us-east-1"
    fetcher = botocore.credentials.AssumeRoleCredentialFetcher(
        # The session's own options as well as its endpoint: a local one is named by AWS_ENDPOINT_URL.
        client_creator=lambda service, **options: session.create_client(service, **{"region_name": region, **options}),
        source_credentials=source,
        role_arn=asked["role"],
        extra_args=asked["arguments"],
    )
    # pylint: disable-next=protected-access
    session._credentials = botocore.credentials.DeferredRefreshableCredentials(refresh_using=fetcher.fetch_credentials, method=METHOD)
    return session

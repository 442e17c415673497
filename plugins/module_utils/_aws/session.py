# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""A botocore session for actions, and what can be said of it before the first call of an API."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws import assuming

try:
    import botocore.awsrequest
    import botocore.config
    import botocore.exceptions
    import botocore.httpsession
    import botocore.session
    import botocore.utils
except ImportError:
    botocore = None

# Written into the shared credentials file by tools that log in for people (saml2aws; aws-azure-login).
EXPIRY_KEYS = ("x_security_token_expires", "aws_expiration")
# These end where they end; botocore gets new ones of any other kind by itself.
STATIC_METHODS = ("env", "shared-credentials-file", "config-file", "explicit")


class AwsError(Exception):
    """A failure to show as it is."""


def new_session() -> Any:
    """A session by the environment variables in effect, as the role that one of them names. Raises AwsError without botocore, and for a role that is none."""
    if botocore is None:
        raise AwsError("the Python library botocore is not installed; run `pip install boto3` for the Python that runs ansible-playbook")
    try:
        return assuming.assume(botocore.session.Session())
    except ValueError as error:
        raise AwsError(str(error)) from error


def new_client(session: Any, service: str, region: str, timeout: float) -> Any:
    """A client that gives up soon. Raises AwsError."""
    config = botocore.config.Config(connect_timeout=timeout, read_timeout=timeout, retries={"total_max_attempts": 2, "mode": "standard"})
    try:
        return session.create_client(service, region_name=region, config=config)
    except (botocore.exceptions.BotoCoreError, ValueError) as error:
        raise AwsError(f"no client of {service} in {region or 'no region'}: {error}") from error


def failures() -> tuple[type[Exception], ...]:
    """What a call may raise."""
    return (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError)


def credentials(session: Any) -> dict[str, Any]:
    """`{method, renewed, expires, problem}`: no key leaves here. `renewed`: botocore replaces them by itself before they end."""
    found: dict[str, Any] = {"method": None, "renewed": False, "expires": None, "problem": None}
    try:
        resolved = session.get_credentials()
        if resolved is None:
            return {**found, "problem": "there are none"}
        found |= {"method": resolved.method, "renewed": resolved.method not in STATIC_METHODS}
        ends = getattr(resolved, "_expiry_time", None)
        found["expires"] = ends.isoformat(timespec="seconds") if ends else _written_expiry(session, resolved.method)
        # The first use asks for, or renews, what is temporary.
        resolved.get_frozen_credentials()
    except botocore.exceptions.BotoCoreError as error:
        return {**found, "problem": str(error)}
    except botocore.exceptions.ClientError as error:
        # A role that may not be taken.
        return {**found, "problem": said(error)}
    except RuntimeError as error:
        # botocore: "Credentials were refreshed, but the refreshed credentials are still expired."
        return {**found, "problem": str(error)}
    return found


def _written_expiry(session: Any, method: str | None) -> str | None:
    if method not in ("shared-credentials-file", "config-file"):
        return None
    profile = session.full_config.get("profiles", {}).get(session.profile or "default", {})
    written = next((profile[key] for key in EXPIRY_KEYS if profile.get(key)), None)
    if not written:
        return None
    try:
        return botocore.utils.parse_timestamp(written).isoformat(timespec="seconds")
    except ValueError:
        return None


def endpoints(session: Any, services: Iterable[str], region: str, timeout: float) -> dict[str, dict[str, Any]]:
    """`{service: {url, milliseconds, problem}}`: any HTTP answer to an unsigned GET will do, also through a proxy of the environment."""
    return {service: _reached(new_client(session, service, region, timeout).meta.endpoint_url, timeout) for service in services}


def _reached(url: str, timeout: float) -> dict[str, Any]:
    http = botocore.httpsession.URLLib3Session(timeout=(timeout, timeout), proxies=botocore.utils.get_environ_proxies(url))
    begin = time.monotonic()
    try:
        http.send(botocore.awsrequest.AWSRequest(method="GET", url=url).prepare())
    except botocore.exceptions.BotoCoreError as error:
        return {"url": url, "milliseconds": None, "problem": str(error)}
    finally:
        http.close()
    return {"url": url, "milliseconds": round((time.monotonic() - begin) * 1000, 1), "problem": None}


def said(error: Exception) -> str:
    """What a service answered, without the HTML that something in between may have added."""
    answer = getattr(error, "response", None)
    if not answer:
        return " ".join(str(error).split())
    message = " ".join(re.sub(r"<[^>]*>", " ", answer.get("Error", {}).get("Message") or "").split())
    return f"{getattr(error, 'operation_name', 'the call')} answered {answer.get('Error', {}).get('Code')}: {message}"[:200]

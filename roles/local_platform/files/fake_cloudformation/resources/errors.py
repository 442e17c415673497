# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service's refusal in the words and with the code of a CloudFormation resource handler."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import BotoCoreError
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from fake_cloudformation.contract import ResourceFailed

# Parts of a service's error codes, in the order in which they are looked for; the handlers' codes are those of the CloudFormation CLI's contract.
CODES = {
    "already": "AlreadyExists",
    "duplicate": "AlreadyExists",
    "exists": "AlreadyExists",
    "limitexceeded": "ServiceLimitExceeded",
    "quotaexceeded": "ServiceLimitExceeded",
    "toomany": "ServiceLimitExceeded",
    "addresslimit": "ServiceLimitExceeded",
    "notfound": "NotFound",
    "nosuch": "NotFound",
    "doesnotexist": "NotFound",
    "throttl": "Throttling",
    "accessdenied": "AccessDenied",
    "unauthorized": "AccessDenied",
    "expiredtoken": "InvalidCredentials",
    "deleteconflict": "ResourceConflict",
    "inuse": "ResourceConflict",
    "conflict": "ResourceConflict",
    "invalid": "InvalidRequest",
    "validation": "InvalidRequest",
    "malformed": "InvalidRequest",
    "parameter": "InvalidRequest",
    "missing": "InvalidRequest",
    "dependencyviolation": "InvalidRequest",
}
GONE = ("notfound", "nosuch", "doesnotexist", "unknownresource")


def gone(error: ClientError) -> bool:
    """Whether the service says that the thing is not there."""
    code = error.response["Error"]["Code"].lower()
    return any(part in code for part in GONE)


def refusal(error: ClientError) -> ResourceFailed:
    """The service's words with status, error code and request id behind, as the handlers show them."""
    code = error.response["Error"]["Code"]
    meta = error.response.get("ResponseMetadata", {})
    if meta.get("HTTPStatusCode", 400) >= 500:
        # A page of HTML says nothing; the cause stands in the server's log.
        return ResourceFailed("ServiceInternalError", f"{error.operation_name} failed inside the service (Service: {error.service_name}; Status Code: 500)")
    handler_code = next((known for part, known in CODES.items() if part in code.lower().replace(".", "")), "GeneralServiceException")
    service = getattr(error, "service_name", "") or code.split(".", 1)[0]
    words = error.response["Error"].get("Message") or code
    where = f"Service: {service}; Status Code: {meta.get('HTTPStatusCode', 400)}; Error Code: {code}; Request ID: {meta.get('RequestId', '')}; Proxy: null"
    return ResourceFailed(handler_code, f"{words} ({where})")


@contextlib.contextmanager
def told(service: str) -> Iterator[None]:
    """Turns what a boto3 call raises into ResourceFailed."""
    try:
        yield
    except ClientError as error:
        error.service_name = service  # type: ignore[attr-defined]
        raise refusal(error) from error
    except ResponseParserError as error:
        raise ResourceFailed("ServiceInternalError", f"{service} answered what is no answer: {error}") from error
    except BotoCoreError as error:
        raise ResourceFailed("InvalidRequest", f"{error} (Service: {service})") from error


def invalid(words: str) -> ResourceFailed:
    """Properties that the handler itself refuses."""
    return ResourceFailed("InvalidRequest", words)


def not_found(type_name: str, physical_id: str) -> ResourceFailed:
    """What AWS's handlers say of a thing that was deleted behind their back."""
    return ResourceFailed("NotFound", f"Resource of type '{type_name}' with identifier '{physical_id}' was not found.")


def named(client: Any) -> str:
    """The service's name in messages: Ec2, S3, Iam."""
    return client.meta.service_model.service_name.title().replace("-", "")

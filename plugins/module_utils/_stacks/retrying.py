# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What an error of an AWS call means: try again, get new credentials, or tell the operator what to do."""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws.session import AwsError

try:
    import botocore.exceptions
    import botocore.parsers
except ImportError:
    botocore = None

# The services' spellings of "too fast", as botocore.retries.standard.ThrottledRetryableChecker lists them, and some that it leaves out.
THROTTLED = {
    "BandwidthLimitExceeded",
    "ConcurrentResourcesLimitExceeded",
    "EC2ThrottledException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequests",
    "TooManyRequestsException",
    "TransactionInProgressException",
}
BUSY = {
    "InternalError",
    "InternalFailure",
    "InternalServerError",
    "RequestTimeout",
    "RequestTimeoutException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
}
EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}
REFUSED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "Forbidden"}
REMEDIES = {
    "InvalidClientTokenId": "the access key is unknown to AWS; log in again, or correct AWS_ACCESS_KEY_ID",
    "SignatureDoesNotMatch": "the secret key does not fit, or this machine's clock is wrong",
    "RequestTimeTooSkewed": "set this machine's clock",
    "OptInRequired": "enable the region for the account, or take it out of the inventory",
    "LimitExceededException": "delete what is not needed any more, or ask for a higher quota of CloudFormation",
    "InsufficientCapabilitiesException": "name the capability in the stack's `capabilities`",
}
SECRET_IN_TEXT = re.compile(r"(?i)((?:secret|password|token|signature)[\"']?\s*[=:]\s*[\"']?)[^\s\"',;&]{4,}")


class CallError(AwsError):
    """A call that failed for good. `operation`, `code` (AWS' word or the class of the failure), `message` in the service's own words, `region`."""

    def __init__(self, operation: str, region: str, code: str, message: str, remedy: str = "", tries: int = 1) -> None:
        self.operation, self.region, self.code, self.message = operation, region, code, message
        often = f" ({tries} times)" if tries > 1 else ""
        super().__init__(f"{operation} in {region} answered {code}{often}: {message}{'; ' + remedy if remedy else ''}")

    @property
    def missing(self) -> bool:
        """CloudFormation has no code of its own for a stack that is not there."""
        return self.code in ("ChangeSetNotFound", "ChangeSetNotFoundException") or (self.code == "ValidationError" and "does not exist" in self.message)


class Unreachable(CallError):
    """The region gave no answer at all."""


def answered(error: Exception) -> tuple[str, str, int]:
    """`(code, message, HTTP status)`; the status is 0 where nothing answered."""
    response = getattr(error, "response", None)
    if not response:
        return type(error).__name__, " ".join(str(error).split()), 0
    found = response.get("Error") or {}
    message = " ".join(re.sub(r"<[^>]*>", " ", found.get("Message") or "").split())
    return found.get("Code") or "Unknown", message, int((response.get("ResponseMetadata") or {}).get("HTTPStatusCode") or 0)


def is_throttled(error: Exception) -> bool:
    """Whether we were too fast, whatever the spelling."""
    code, message, status = answered(error)
    return code in THROTTLED or (status == 429) or message.rstrip(".").lower() == "rate exceeded"


def is_expired(error: Exception) -> bool:
    """Whether the credentials have ended."""
    code, message, _status = answered(error)
    return code in EXPIRED or "security token included in the request is expired" in message.lower()


def is_silent(error: Exception) -> bool:
    """Whether nothing answered, or the answer was cut off: the call may have had its effect or not."""
    if isinstance(error, botocore.exceptions.SSLError):
        return False
    kinds = (
        botocore.exceptions.ConnectionError,
        botocore.exceptions.HTTPClientError,
        botocore.exceptions.IncompleteReadError,
        botocore.parsers.ResponseParserError,
    )
    return isinstance(error, kinds)


def is_transient(error: Exception) -> bool:
    """Whether the same request may succeed a moment later."""
    code, _message, status = answered(error)
    return is_throttled(error) or code in BUSY or status in (500, 502, 503, 504) or is_silent(error)


def masked(text: str) -> str:
    """Without what looks like a secret."""
    return SECRET_IN_TEXT.sub(r"\1********", text)


def described(error: Exception, service: str, operation: str, region: str, tries: int) -> CallError:
    """The error to show, with what to do about it."""
    code, message, _status = answered(error)
    remedy = REMEDIES.get(code, "")
    if code in REFUSED:
        remedy = f"allow the caller {service}:{operation}, as the generated policy of the controller's role does"
    elif is_expired(error):
        remedy = "the credentials have expired; log in again, then start the same run again: it goes on where this one ended"
    elif isinstance(error, (botocore.exceptions.NoCredentialsError, botocore.exceptions.PartialCredentialsError)):
        remedy = "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in"
    elif is_throttled(error):
        remedy = "others use up the account's rate of calls; start the same run again later, or lower `parallel`"
    elif is_silent(error):
        remedy = f"check the network, the proxy and AWS_ENDPOINT_URL, or declare {region} unreachable"
    kind = Unreachable if is_silent(error) else CallError
    return kind(operation, region, code, masked(message), remedy, tries)


def wait_before(attempt: int, draw: Any) -> float:
    """Seconds before try number `attempt` + 1: full jitter below 0.3, 0.6, 1.2 … 20 s, so that many clients do not come back at once."""
    return draw() * min(20.0, 0.3 * 2 ** (attempt - 1))

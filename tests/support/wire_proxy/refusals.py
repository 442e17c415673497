# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors as the server behind would spell them, in the protocol of the call."""

from __future__ import annotations

import json
from xml.sax.saxutils import escape

from tests.support.wire_proxy.calls import Call

# What the services send with it; the rest is a 400 of the query and JSON protocols.
STATUSES = {"RequestLimitExceeded": 503, "SlowDown": 503, "ServiceUnavailable": 503, "TooManyRequestsException": 429, "InternalFailure": 500}
MESSAGES = {"SlowDown": "Please reduce your request rate.", "RequestLimitExceeded": "Request limit exceeded.", "TooManyRequestsException": "Too Many Requests"}
REQUEST = "00000000-0000-4000-8000-000000000000"


def throttled(call: Call, code: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of "slower, please"; of an API server the one it has."""
    if call.protocol == "http":
        return 429, {"Retry-After": "1", "Content-Type": "application/json"}, _kubernetes(429, "TooManyRequests", "too many requests, please try again later")
    status = STATUSES.get(code, 429 if call.protocol == "rest-json" else 400)
    return _aws(call, status, code, MESSAGES.get(code, "Rate exceeded"))


def failed(call: Call, status: int) -> tuple[int, dict[str, str], bytes]:
    """The same of an error on the server's side."""
    if call.protocol == "http":
        return status, {"Content-Type": "application/json"}, _kubernetes(status, "InternalError", "the server has failed")
    return _aws(call, status, "ServiceUnavailable" if status == 503 else "InternalFailure", "We encountered an internal error. Please try again.")


def _kubernetes(status: int, reason: str, message: str) -> bytes:
    return json.dumps(
        {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message, "reason": reason, "code": status}
    ).encode()


def _aws(call: Call, status: int, code: str, message: str) -> tuple[int, dict[str, str], bytes]:
    headers = {"x-amzn-RequestId": REQUEST}
    error = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    if call.protocol in ("json", "rest-json"):
        fields = {"message": message} if call.protocol == "rest-json" else {"__type": code, "message": message}
        headers |= {"Content-Type": "application/x-amz-json-1.1"} if call.protocol == "json" else {"Content-Type": "application/json", "x-amzn-ErrorType": code}
        return status, headers, json.dumps(fields).encode()
    if call.protocol == "rpc-v2-cbor":
        fields = {"__type": code, "message": message}
        return status, {**headers, "Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}, _cbor(fields)
    if call.protocol == "ec2":
        text = f"<Response><Errors><Error>{error}</Error></Errors><RequestID>{REQUEST}</RequestID></Response>"
    elif call.service == "s3":
        text = f"<Error>{error}<RequestId>{REQUEST}</RequestId></Error>"
    else:
        text = f"<ErrorResponse><Error><Type>Sender</Type>{error}</Error><RequestId>{REQUEST}</RequestId></ErrorResponse>"
    return status, {**headers, "Content-Type": "text/xml"}, f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode()


def _cbor(fields: dict[str, str]) -> bytes:
    """A small map of texts, each shorter than 256 bytes (RFC 8949, section 3)."""
    texts = [text.encode() for pair in fields.items() for text in pair]
    return bytes([0xA0 | len(fields)]) + b"".join(b"\x78" + bytes([len(text)]) + text for text in texts)

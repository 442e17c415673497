# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a request is: AWS service and action, or plain HTTP; and whether it could change something."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs
from urllib.parse import urlsplit

from tests.support.wire_proxy.operations import operation

SCOPE = re.compile(r"Credential=[^/\s]+/\d{8}/([^/]+)/([^/]+)/aws4_request")
PRESIGNED_SCOPE = re.compile(r"[^/]+/\d{8}/([^/]+)/([^/]+)/aws4_request")
CBOR_PATH = re.compile(r"/service/[^/]+/operation/(\w+)/?\Z")
READS = re.compile(r"(Describe|Get|List|Head|Detect|Validate|BatchGet|BatchDescribe|BatchCheck|Lookup|Estimate|Simulate|Preview|Search)([A-Z]|\Z)")
# They change nothing though their names do not say so.
MORE_READS = {"Query", "Scan", "TransactGetItems", "FilterLogEvents", "SelectObjectContent", "TestDNSAnswer", "DecodeAuthorizationMessage"}
MORE_READS |= {"AssumeRole", "AssumeRoleWithWebIdentity", "AssumeRoleWithSAML", "Decrypt", "Encrypt", "GenerateDataKey", "Sign", "Verify"}


@dataclass
class Call:
    """One request. `status` is what the client saw, 0 for none; `answered` what the server behind had said, None if it was not asked.

    `protocol`: query, ec2, json, rest-json, rest-xml, rpc-v2-cbor or http (an API server, or no AWS request at all).
    """

    method: str
    path: str
    protocol: str = "http"
    service: str = ""
    action: str = ""
    region: str = ""
    user_agent: str = ""
    body: str = ""
    mutating: bool = False
    status: int = 0
    answered: int | None = None
    done: str = ""
    at: float = 0.0
    seconds: float = 0.0

    def row(self) -> dict[str, object]:
        """The call without its body, which may hold secrets."""
        return {name: value for name, value in vars(self).items() if name != "body"}


def call_of(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Call:
    """Read a request. `headers` compare without case, as those of `http.server`."""
    text, query = body.decode(errors="replace"), parse_qs(urlsplit(path).query, keep_blank_values=True)
    call = Call(method, path, user_agent=headers.get("User-Agent") or "", body=text)
    scope = SCOPE.search(headers.get("Authorization") or "") or PRESIGNED_SCOPE.match(query.get("X-Amz-Credential", [""])[0])
    if scope:
        call.region, call.service = scope.groups()
    target, form = headers.get("X-Amz-Target") or "", {} if text[:1] == "{" else parse_qs(text)
    cbor = CBOR_PATH.match(urlsplit(path).path)
    named = form.get("Action") or query.get("Action")
    if target:
        call.protocol, call.action = "json", target.rpartition(".")[2]
    elif cbor and "cbor" in (headers.get("Smithy-Protocol") or ""):
        call.protocol, call.action = "rpc-v2-cbor", cbor[1]
    elif named and (scope or form.get("Version") or query.get("Version")):
        call.protocol, call.action = "ec2" if call.service == "ec2" else "query", named[0]
    elif scope:
        call.protocol, call.action = operation(call.service, method, path)
    call.mutating = _mutates(call, query)
    return call


def _mutates(call: Call, query: dict[str, list[str]]) -> bool:
    if call.action:
        return not (READS.match(call.action) or call.action in MORE_READS)
    return call.method in ("POST", "PUT", "PATCH", "DELETE") and "All" not in query.get("dryRun", [])

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""One task of aws_certificate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._edge import certificates
from ansible_collections.llmops.platform.plugins.module_utils._edge.certificates import Certificates
from ansible_collections.llmops.platform.plugins.module_utils._edge.errors import EdgeError


def run(arguments: Mapping[str, Any], acm: Certificates, check: bool) -> dict[str, Any]:
    """The task's result. Raises EdgeError."""
    name, region = arguments["name"], arguments["region"]
    names = certificates.names_of(arguments["domain"], arguments["alternative_names"])
    found = acm.find(name, names)
    what = f"certificate {name} ({', '.join(names)}) in {region}"
    if arguments["state"] == "absent":
        if found and not check:
            acm.delete(found["CertificateArn"])
        return _result(None, [_row("destroy", what)] if found else [])
    rows = []
    if found is None:
        rows = [_row("create", what, "validated by DNS")]
        if check:
            return _result(None, rows, arn="(known after apply)")
        found = acm.request(name, names, arguments["tags"])
    if arguments["wait"] and found["Status"] != "ISSUED":
        if check:
            return _result(found, rows)
        try:
            found = acm.wait(found["CertificateArn"], arguments["wait_timeout"], arguments["poll_seconds"])
        except EdgeError as error:
            error.result = _result(found, rows)
            raise
    return _result(found, rows)


def _row(action: str, what: str, note: str = "") -> dict[str, Any]:
    return {"action": action, "what": what, "fields": [], "note": note}


def _result(found: Mapping[str, Any] | None, rows: list[dict[str, Any]], **more: str) -> dict[str, Any]:
    return {"changed": bool(rows), "certificate": {**certificates.told(found), **more}, "plan": rows}

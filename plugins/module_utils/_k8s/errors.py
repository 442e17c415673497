# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Errors of the Kubernetes actions."""

from __future__ import annotations

from typing import Any


class K8sError(Exception):
    """Something the operator can act on; `result` carries what was done before it happened."""

    def __init__(self, message: str, result: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.result = result or {}


class ApiError(K8sError):
    """An answer of the API server other than 2xx."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(str(body.get("message") or f"the API server answered {status}"))
        self.status = status
        self.reason = str(body.get("reason") or "")
        self.causes: list[dict[str, Any]] = (body.get("details") or {}).get("causes") or []

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What can go wrong between us and an API server, in words an operator can act on."""

from __future__ import annotations

import re
from typing import Any

# `conflict with "kubectl" using apps/v1`, `conflict with "kube-controller-manager" with subresource "scale" using apps/v1`
OWNER = re.compile(r'conflict with "([^"]+)"')


class KubernetesError(Exception):
    """A failure to show as it is. `result` holds what the task had done by then."""

    def __init__(self, message: str, result: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.result = result or {}


class Unreachable(KubernetesError):
    """The server gave no answer at all."""


class ApiError(KubernetesError):
    """The server's own refusal (a `Status` object, or plain text from something in between).

    `status`: HTTP code; `reason`: its one word, e.g. Invalid; `causes`: [{field, message, reason}].
    """

    def __init__(self, status: int, reason: str, message: str, details: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason
        self.message = message
        self.causes: list[dict[str, str]] = (details or {}).get("causes") or []

    @property
    def owned_by_others(self) -> bool:
        """A field belongs to another field manager (as opposed to a lost race, which is also 409)."""
        return self.status == 409 and any(cause.get("reason") == "FieldManagerConflict" for cause in self.causes)

    @property
    def owners(self) -> list[str]:
        """The field managers that own what we wanted to set."""
        return list(dict.fromkeys(match[1] for cause in self.causes if (match := OWNER.search(cause.get("message") or ""))))

    @property
    def unknown_field(self) -> bool:
        """The manifest does not fit the kind's schema; server-side apply says so with a 500."""
        return self.status == 500 and "failed to create typed patch object" in self.message

    @property
    def transient(self) -> bool:
        """Whether the same request may succeed a moment later."""
        return (self.status in (429, 500, 502, 503, 504) and not self.unknown_field) or self.race

    @property
    def race(self) -> bool:
        return self.status == 409 and self.reason == "Conflict" and not self.causes

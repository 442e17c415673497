# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter canary_requests_needed."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.llmops.platform.plugins.module_utils._canary.sequential import requests_needed


def canary_requests_needed(rate: float, ratio: float = 1.0, share: float = 0.1, **options: Any) -> dict[str, int | None]:
    """`{"promote": n, "roll_back": n}`."""
    try:
        return requests_needed(float(ratio), float(rate), float(share), options)
    except (ValueError, TypeError) as error:
        raise AnsibleFilterError(f"canary_requests_needed - {error}") from error


class FilterModule:
    """The filter by name."""

    def filters(self) -> dict:
        return {"canary_requests_needed": canary_requests_needed}

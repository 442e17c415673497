# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The rule of threshold."""

from __future__ import annotations

from typing import Any


def initial_state() -> dict[str, Any]:
    """The state before the first look, JSON-able."""
    return {}


def judge(config: dict[str, Any], state: dict[str, Any], look: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """One look: the verdict, the state for the next look and the details for the evidence. `state` itself is not changed."""
    raise NotImplementedError

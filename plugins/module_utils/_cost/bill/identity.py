# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Identity: roles, policies and providers of IAM cost nothing; the trail is the account's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place


def lines(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """None, at any provider: https://aws.amazon.com/iam/faqs/"""
    del variables, place
    return []

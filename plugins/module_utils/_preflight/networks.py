# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Address ranges that work and make trouble later. What cannot work at all, the check of the inventory refuses."""

from __future__ import annotations

from ansible_collections.llmops.platform.plugins.module_utils._network.ranges import unwise
from ansible_collections.llmops.platform.plugins.module_utils._preflight.findings import finding


def judge_network(cidr: str) -> list[dict[str, str]]:
    """Warnings on the range of a deployment; none for an empty one."""
    remedy = "Take another range in network_cidrs before anything stands in it."
    return [finding("network", "network_cidr", f"{cidr} {sentence}", "a range of its own", "warning", remedy) for sentence in unwise(cidr)]

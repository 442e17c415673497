# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ranges that preflight warns of."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._preflight.networks import judge_network


@pytest.mark.parametrize(("cidr", "number"), [("172.17.0.0/16", 1), ("172.16.0.0/12", 1), ("10.12.0.0/16", 0), ("", 0)])
def test_dockers_bridge_is_warned_of(cidr, number):
    found = judge_network(cidr)
    assert len(found) == number
    for row in found:
        assert row["level"] == "warning" and "Docker's bridge" in row["found"] and "network_cidrs" in row["remedy"]

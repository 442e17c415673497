# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports: free, apart from each other, the same again for the same owner."""

from __future__ import annotations

import socket

import pytest

from ansible_collections.llmops.platform.plugins.plugin_utils._local import ports
from ansible_collections.llmops.platform.plugins.plugin_utils._local.processes import LocalError


def test_owners_get_different_ports_and_keep_theirs(tmp_path):
    first = ports.reserve(tmp_path, "a", ["x", "y"])
    second = ports.reserve(tmp_path, "b", ["x", "y"])
    assert not set(first.values()) & set(second.values())
    assert ports.reserve(tmp_path, "a", ["x", "y"]) == first


def test_a_port_in_use_is_passed_over(tmp_path):
    wanted = ports.reserve(tmp_path, "a", ["x"])["x"]
    with socket.socket() as other:
        other.bind(("127.0.0.1", wanted))
        other.listen()
        assert ports.reserve(tmp_path, "a", ["x"])["x"] != wanted


def test_released_ports_are_forgotten(tmp_path):
    ports.reserve(tmp_path, "a", ["x"])
    ports.release(tmp_path, "a")
    assert (tmp_path / "ports.json").read_text() == "{}"


def test_an_exhausted_range_is_said():
    with pytest.raises(LocalError, match="no 2 free loopback ports"):
        ports.choose("a", ["x", "y"], set(), free=lambda port: port == 20001)

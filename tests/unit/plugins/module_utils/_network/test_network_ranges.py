# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Address ranges that a network may have."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._network import ranges


@pytest.mark.parametrize("cidr", ["10.12.0.0/16", "172.16.0.0/16", "192.168.0.0/16", "10.0.0.0/16"])
def test_good_ranges(cidr):
    assert list(ranges.own_range(cidr)) == []


@pytest.mark.parametrize(
    ("cidr", "problem", "remedy"),
    [
        (None, "is no IPv4 address range", "write one like 10.12.0.0/16"),
        ("10.12.0.0", "is no IPv4 address range", "write one like 10.12.0.0/16"),
        ("fd00::/16", "is no IPv4 address range", "write one like 10.12.0.0/16"),
        ("10.12.4.0/20", "is too small, a network has a /16", "write 10.12.0.0/16, or another /16 that is free"),
        ("10.12.0.0/15", "is too large, the largest network of AWS is a /16", "write 10.12.0.0/16, or another /16 within it"),
        ("10.12.4.0/16", "is not aligned, a /16 ends in .0.0", "write 10.12.0.0/16"),
        ("8.8.0.0/16", "is no private range", "take one out of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16"),
        ("10.100.0.0/16", "overlaps 10.100.0.0/16, which EKS gives to Services", "take another range"),
        ("172.20.0.0/16", "overlaps 172.20.0.0/16, which EKS gives to Services", "take another range"),
        ("10.96.0.0/16", "overlaps 10.96.0.0/16, which the local clusters give to Services", "take another range"),
    ],
)
def test_ranges_that_are_refused(cidr, problem, remedy):
    (found,) = ranges.own_range(cidr)
    assert (found.path, found.value, found.problem, found.remedy) == (("network_cidr",), cidr, problem, remedy)


def test_beside_a_local_cluster_its_pods_have_a_range_too():
    assert [finding.problem for finding in ranges.own_range("10.0.0.0/16", local=True)] == ["overlaps 10.0.0.0/24, which the local clusters give to pods"]


def test_dockers_bridge_is_only_unwise():
    assert list(ranges.own_range("172.17.0.0/16")) == []
    assert ranges.unwise("172.17.0.0/16") == ["overlaps 172.17.0.0/16, which Docker's bridge has on every host"]
    assert ranges.unwise("10.12.0.0/16") == ranges.unwise("nonsense") == []


@pytest.mark.parametrize(
    ("peers", "path", "problem"),
    [
        ({"office": "10.12.3.0/24"}, "network_peers.office", "overlaps network_cidr 10.12.0.0/16, so nothing could be sent there"),
        ({"office": "10.0.0.0/8"}, "network_peers.office", "overlaps network_cidr 10.12.0.0/16, so nothing could be sent there"),
        ({"office": "192.168.1.1/24"}, "network_peers.office", "is no IPv4 address range"),
        ({"a": "192.168.0.0/16", "b": "192.168.4.0/24"}, "network_peers.b", "overlaps 192.168.0.0/16 of network_peers.a"),
    ],
)
def test_peers_that_are_refused(peers, path, problem):
    (found,) = ranges.peers("10.12.0.0/16", peers)
    assert (".".join(found.path), found.problem) == (path, problem)


def test_good_peers():
    assert list(ranges.peers("10.12.0.0/16", {"office": "192.168.0.0/24", "other": "10.13.0.0/16"})) == []

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flows as rules of security groups."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._network import flows


def test_a_flow_is_a_rule_at_either_end():
    found = flows.rules({"web": {"from": "node", "to": "redis", "ports": [6379, "7000-7010"]}})
    assert [(rule.name, rule.direction, rule.group, rule.other, rule.first, rule.last) for rule in found] == [
        ("EgressNodeToRedisTcp6379", "egress", "node", "redis", 6379, 6379),
        ("EgressNodeToRedisTcp7000To7010", "egress", "node", "redis", 7000, 7010),
        ("IngressNodeToRedisTcp6379", "ingress", "redis", "node", 6379, 6379),
        ("IngressNodeToRedisTcp7000To7010", "ingress", "redis", "node", 7000, 7010),
    ]


def test_outside_there_is_no_group_to_have_a_rule():
    assert [rule.name for rule in flows.rules({"out": {"from": "node", "to": "internet", "ports": [443]}})] == ["EgressNodeToInternetTcp443"]
    assert [rule.name for rule in flows.rules({"in": {"from": "office_vpn", "to": "node", "ports": [22]}})] == ["IngressOfficeVpnToNodeTcp22"]


def test_a_flows_name_is_not_in_the_rules_and_the_same_is_allowed_once():
    flow = {"from": "node", "to": "node", "protocol": "all"}
    assert flows.rules({"a": {**flow, "description": "x"}, "b": flow}) == flows.rules({"z": {**flow, "description": "x"}})


def test_most_rules():
    assert flows.most_rules({}) == 0
    assert flows.most_rules({"a": {"from": "node", "to": "redis", "ports": [1, 2]}, "b": {"from": "node", "to": "kafka", "ports": [1]}}) == 3


@pytest.mark.parametrize(
    ("flow", "path", "problem"),
    [
        ({"from": "nodes", "to": "redis", "ports": [1]}, "from", "is neither a group nor a range"),
        ({"from": "node", "ports": [1]}, "to", "is neither a group nor a range"),
        ({"from": "vpc", "to": "office", "ports": [1]}, "", "has no security group at either end"),
        ({"from": "internet", "to": "node", "ports": [443]}, "from", "would open a group to everybody"),
        ({"from": "node", "to": "redis"}, "ports", "is empty for tcp"),
        ({"from": "node", "to": "redis", "ports": [0]}, "ports", "is neither a port nor a range of ports"),
        ({"from": "node", "to": "redis", "ports": ["9-3"]}, "ports", "is neither a port nor a range of ports"),
        ({"from": "node", "to": "redis", "ports": [65536]}, "ports", "is neither a port nor a range of ports"),
        ({"from": "node", "to": "redis", "ports": ["http"]}, "ports", "is neither a port nor a range of ports"),
        ({"from": "node", "to": "redis", "ports": [1], "protocol": "all"}, "ports", "means nothing for protocol all"),
        ({"from": "node", "to": "redis", "ports": [1], "protocol": "sctp"}, "protocol", "is none of tcp, udp, icmp, all"),
        ({"from": "node", "to": "internet", "protocol": "all"}, "protocol", "would open everything to a range"),
        ({"from": "node", "to": "redis", "ports": [1], "description": "node's"}, "description", "has characters that EC2 refuses"),
    ],
)
def test_flows_that_are_refused(flow, path, problem):
    (found,) = flows.problems({"web": flow}, {"office": "192.168.0.0/16"})
    assert ".".join(found.path) == ".".join(filter(None, ("network_flows", "web", path)))
    assert found.problem == problem


@pytest.mark.parametrize("name", ["node", "internet", "vpc", "My Office"])
def test_peers_that_no_flow_could_name(name):
    assert [finding.path for finding in flows.problems({}, {name: "192.168.0.0/16"})] == [("network_peers", name)]

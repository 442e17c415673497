# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape of the platform that bench bootstrap deploys, and what it concludes."""

from __future__ import annotations

import pytest

pytest.importorskip("boto3")

from ansible_collections.llmops.platform.plugins.module_utils._stacks import model
from ansible_collections.llmops.platform.plugins.module_utils._stacks.templates import load
from tests.benchmarks.bootstrap import platform
from tests.support.stack_graphs import stack
from tests.support.stack_graphs import template
from tests.support.stack_graphs import topic

bench = pytest.importorskip("tests.benchmarks.bench_bootstrap")


OUTPUTS = {
    "cloudformation": ["RoleArn"],
    "encryption": ["DataKeyArn"],
    "network": ["DatabaseSubnetIds", *(f"{group}SecurityGroupId" for group in ("Elasticsearch", "Kafka", "Postgresql", "Redis"))],
}


def foundation():
    """What roles render, as far as the data services lean on it; a control plane with nodes beside it."""
    found = {}
    for region in (platform.HOME, platform.AWAY):
        for thing, outputs in OUTPUTS.items():
            resources = {"Gateway": {"Type": "AWS::EC2::NatGateway", "Properties": {"SubnetId": "s"}}} if thing == "network" else {"Topic": topic()}
            found |= stack(f"{platform.NAME}-{thing}", template(resources, outputs=dict.fromkeys(outputs, "x")), region)
    cluster = template({"Cluster": {"Type": "AWS::EKS::Cluster", "Properties": {}}, "Addon": {"Type": "AWS::EKS::Addon", "Properties": {}}})
    nodes = template({"Nodes": {"Type": "AWS::EKS::Nodegroup", "Properties": {"ClusterName": "x"}}})
    found |= stack(f"{platform.NAME}-cluster", cluster, needs=[platform.key_of("network")])
    return found | stack(f"{platform.NAME}-nodes-general-abc123", nodes, needs=[platform.key_of("cluster")])


def complete(graph):
    """With the keys that a rendered stack always has."""
    return {key: {"needs": [], "parameters": {}, "service_role": None, **one} for key, one in graph.items()}


def test_the_graph_is_one_that_aws_stacks_takes():
    whole = platform.platform(complete(foundation()))
    guarded = {key: one for key, one in whole.items() if "-cluster" not in key}
    stacks = model.read_graph(guarded | {}, account=platform.ACCOUNT, regions=(platform.HOME, platform.AWAY), outside=set(whole) - set(guarded))
    assert len(stacks) == 6 + 1 + 6
    types = {resource["Type"] for one in whole.values() for resource in load(one["template"]).resources.values()}
    assert set(platform.SECONDS) <= types
    assert list(model.read_graph(platform.network_alone())) == [platform.key_of("network")]


def test_what_a_role_renders_wins_over_its_stand_in():
    own = stack(f"{platform.NAME}-redis", template({"Topic": topic()}))
    assert platform.platform(complete({**foundation(), **own}))[platform.key_of("redis")]["template"] == own[platform.key_of("redis")]["template"]


def test_the_least_time_is_that_of_the_slowest_chain():
    bounds = platform.least(platform.platform(complete(foundation())))
    # NAT gateways and Kafka; all others end sooner.
    assert bounds["chain_seconds"] == 27.0
    assert bounds["chain"].endswith("us-east-1 network > us-east-1 kafka")


@pytest.mark.parametrize(
    ("thing", "region", "seconds"),
    [
        ("network", platform.HOME, 2.0),
        ("cluster", platform.HOME, 10.0),
        ("nodes-general-abc123", platform.HOME, 3.0),
        ("postgresql", platform.HOME, 15.0),
        ("postgresql", platform.AWAY, 8.0),
        ("encryption", platform.HOME, 0.0),
    ],
)
def test_seconds_of_a_stack_are_those_of_its_longest_chain(thing, region, seconds):
    assert platform.seconds_of(platform.platform(complete(foundation()))[platform.key_of(thing, region)]) == seconds


def row(run, **figures):
    return {"run": run, "seconds": 1.0, "stacks": 40, **figures}


def test_goals():
    rows = [row(bench.EMPTY), row(bench.FIRST, seconds=29.7, chain_seconds=27.0, seconds_per_minute=1.0, mutating_calls=130)]
    rows += [row(bench.SECOND, seconds=3.0, mutating_calls=0), row(bench.CHECK, mutating_calls=0)]
    found = {goal["goal"]: (goal["value"], goal["met"]) for goal in bench.goals(rows)}
    assert found == {
        "wall_vs_longest_chain": (1.1, True),
        "second_run_seconds": (3.0, True),
        "second_run_mutating_calls": (0, True),
        "check_mode_mutating_calls": (0, True),
    }
    assert {goal["met"] for goal in bench.goals([])} == {None}
    rows[1]["seconds_per_minute"] = 0.1
    assert bench.goals(rows)[0]["met"] is None


def test_a_second_run_counts_only_if_the_proxy_saw_the_first():
    rows = [row(bench.FIRST, chain_seconds=27.0, mutating_calls=0), row(bench.SECOND, mutating_calls=0)]
    assert {goal["goal"]: goal["met"] for goal in bench.goals(rows)}["second_run_mutating_calls"] is None

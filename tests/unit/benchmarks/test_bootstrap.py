# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape of the platform that bench bootstrap deploys, and what it concludes."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._stacks import model
from tests.benchmarks.bootstrap import platform

pytest.importorskip("boto3")
bench = pytest.importorskip("tests.benchmarks.bench_bootstrap")


def test_the_graph_is_one_that_aws_stacks_takes():
    stacks = model.read_graph(platform.platform(), account=platform.ACCOUNT, regions=(platform.HOME, platform.AWAY))
    assert len(stacks) == 19
    types = {resource["Type"] for stack in stacks.values() for resource in stack.template.resources.values()}
    assert set(platform.SECONDS) <= types
    assert list(model.read_graph(platform.network_alone())) == [platform.key_of("network")]


def test_the_least_time_is_that_of_the_slowest_chain():
    bounds = platform.least(platform.platform())
    # NAT gateways and Kafka; all others end sooner.
    assert bounds["chain_seconds"] == 27.0
    assert bounds["chain"].endswith("us-east-1 network > us-east-1 kafka")
    assert bounds["sequential_seconds"] == 106.0


@pytest.mark.parametrize(
    ("thing", "region", "seconds"),
    [
        ("network", platform.HOME, 2.0),
        ("cluster", platform.HOME, 10.0),
        ("addons-before", platform.HOME, 1.0),
        ("postgresql", platform.HOME, 15.0),
        ("postgresql", platform.AWAY, 8.0),
        ("encryption", platform.HOME, 0.0),
    ],
)
def test_seconds_of_a_stack_are_those_of_its_longest_chain(thing, region, seconds):
    assert platform.seconds_of(platform.platform()[platform.key_of(thing, region)]) == seconds


def test_nodes_stand_between_the_add_ons():
    stacks = platform.platform()
    for pool in ("general", "compute", "memory"):
        assert platform.key_of("addons-before") in stacks[platform.key_of(f"nodes-{pool}")]["needs"]
        assert platform.key_of(f"nodes-{pool}") in stacks[platform.key_of("addons-after")]["needs"]


def row(run, **figures):
    return {"run": run, "seconds": 1.0, "stacks": 19, **figures}


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

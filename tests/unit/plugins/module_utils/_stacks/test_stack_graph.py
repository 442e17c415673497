# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Order of stacks: by example, and by properties over random graphs."""

from __future__ import annotations

import random
from itertools import pairwise
from types import SimpleNamespace

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._stacks import graph
from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError


def _edges(text: str) -> dict[str, frozenset[str]]:
    """`a:bc d:` = a needs b and c, d needs nothing."""
    return {part[0]: frozenset(part[2:]) for part in text.split()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("a:", [["a"]]),
        ("a:b b:c c:", [["c"], ["b"], ["a"]]),
        ("a:bc b:d c:d d: e:", [["d", "e"], ["b", "c"], ["a"]]),
    ],
)
def test_levels(text: str, expected: list) -> None:
    assert graph.levels(_edges(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a: b:a", ""), ("a:a", "aa"), ("a:b b:a", "aba"), ("a:b b:c c:d d:b", "bcdb"), ("a: b:ca c:d d:e e:c", "cdec")],
)
def test_cycle(text: str, expected: str) -> None:
    assert graph.cycle(_edges(text)) == list(expected)
    if expected:
        with pytest.raises(StackError, match=" -> ".join(expected)):
            graph.levels(_edges(text))


@pytest.mark.parametrize(
    ("text", "seconds", "expected"),
    [
        ("", {}, (0.0, [])),
        ("a:b b: c:", {"a": 1, "b": 2, "c": 9}, (9, ["c"])),
        ("a:bc b: c:", {"a": 1, "b": 2, "c": 3}, (4, ["c", "a"])),
        ("a:b b:c c:", {"b": 5}, (5, ["c", "b"])),
    ],
)
def test_longest_chain(text: str, seconds: dict, expected: tuple) -> None:
    total, chain = graph.longest_chain(_edges(text), seconds)
    assert total == expected[0] and sum(seconds.get(key, 0) for key in chain) == total


def test_a_long_chain_needs_no_recursion() -> None:
    edges = {f"{number:05}": frozenset([f"{number + 1:05}"] if number < 9_999 else []) for number in range(10_000)}
    assert graph.cycle(edges) == [] and len(graph.levels(edges)) == 10_000
    assert graph.longest_chain(edges, dict.fromkeys(edges, 1.0))[0] == 10_000


def test_ready() -> None:
    edges = _edges("a:bc b: c:d d:")
    assert graph.ready(edges, []) == ["b", "d"]
    assert graph.ready(edges, ["d"], ["b"]) == ["c"]
    assert graph.ready(edges, "bcd") == ["a"]
    assert graph.ready(edges, "abcd") == []


def test_needed_by() -> None:
    edges = _edges("a:b b:c c: d:c e:")
    assert graph.needed_by(edges, "a") == set("abc") and graph.needed_by(edges, "de") == set("cde") and graph.needed_by(edges, "") == set()


def test_reversed() -> None:
    assert graph.reversed_edges(_edges("a:b b:c c:")) == _edges("a: b:a c:b")


def test_blocked_names_the_path() -> None:
    found = graph.blocked(_edges("a:b b:c c: d: e:cd"), {"c": "Elastic IPs are used up", "d": "us-west-2 does not answer"})
    assert found == {
        "a": "needs b (which needs c): Elastic IPs are used up",
        "b": "needs c: Elastic IPs are used up",
        "e": "needs c: Elastic IPs are used up",
    }
    assert graph.blocked(_edges("a:b b:"), {}) == {}
    assert graph.blocked(_edges("a:b b:c c:"), {"a": "x", "c": "y"}) == {"b": "needs c: y"}


def _stack(needs: str = "", parameters: dict | None = None, role: str = "", needed_for: tuple = ("cluster",)) -> SimpleNamespace:
    return SimpleNamespace(needs=tuple(needs), parameters=parameters or {}, service_role=SimpleNamespace(stack=role) if role else None, needed_for=needed_for)


def test_edges_come_from_parameters_roles_and_needs() -> None:
    parameters = {"A": SimpleNamespace(stack="b"), "B": SimpleNamespace(value="x"), "C": SimpleNamespace(stack="outside")}
    stacks = {"a": _stack("c", parameters, "d"), "b": _stack(), "c": _stack(), "d": _stack()}
    assert graph.edges_of(stacks) == _edges("a:bcd b: c: d:")


def test_awaited() -> None:
    stacks = {"a": _stack("b"), "b": _stack(needed_for=()), "c": _stack("a", needed_for=("data_services",))}
    assert graph.awaited(stacks, "cluster") == set("ab") and graph.awaited(stacks, "data_services") == set("abc") == graph.awaited(stacks, "")
    with pytest.raises(StackError, match="one of cluster, data_services"):
        graph.awaited(stacks, "edge")


@pytest.mark.parametrize("seed", range(40))
def test_properties_of_random_graphs(seed: int) -> None:
    dice = random.Random(seed)
    keys = [f"k{number}" for number in range(dice.randint(1, 40))]
    edges = {key: frozenset(dice.sample(keys[:place], dice.randint(0, min(place, 4)))) for place, key in enumerate(keys)}
    waves = graph.levels(edges)
    place_of = {key: place for place, wave in enumerate(waves) for key in wave}
    assert sorted(place_of) == sorted(keys) and sum(map(len, waves)) == len(keys)
    assert all(place_of[other] < place_of[key] for key in keys for other in edges[key])
    assert graph.reversed_edges(graph.reversed_edges(edges)) == edges
    # Working off what is ready ends with everything, each after its needs; backwards for a deletion.
    for one in (edges, graph.reversed_edges(edges)):
        done: list[str] = []
        while len(done) < len(keys):
            now = graph.ready(one, done)
            assert now and all(one[key] <= set(done) for key in now)
            done.append(dice.choice(now))
    # A failure blocks exactly those that cannot be reached without it.
    failed = set(dice.sample(keys, dice.randint(0, 2) if len(keys) > 2 else 0))
    stuck = set(graph.blocked(edges, dict.fromkeys(failed, "x")))
    assert stuck == {key for key in keys if key not in failed and graph.needed_by(edges, [key]) & failed}
    # An edge back from what is needed to what needs it closes a circle, and the path named is one.
    key = dice.choice(keys)
    far = graph.needed_by(edges, [key])
    end = dice.choice(sorted(far))
    circle = graph.cycle({**edges, end: edges[end] | {key}})
    assert circle[0] == circle[-1] and all(after in {**edges, end: edges[end] | {key}}[before] for before, after in pairwise(circle))
    weights = {key: dice.random() for key in keys}
    total, chain = graph.longest_chain(edges, weights)
    assert all(before in edges[after] for before, after in pairwise(chain))
    assert total == pytest.approx(sum(weights[key] for key in chain)) and total >= max(weights.values())

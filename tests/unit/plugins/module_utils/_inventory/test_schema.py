# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values against options: every kind of problem, at every depth."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._inventory.schema import OPAQUE
from ansible_collections.llmops.platform.plugins.module_utils._inventory.schema import check
from ansible_collections.llmops.platform.plugins.module_utils._inventory.schema import missing

POOL = {
    "type": "dict",
    "options": {
        "size": {"type": "int", "required": True, "minimum": 1, "maximum": 6, "description": "Number of nodes."},
        "kind": {"type": "str", "choices": ["on_demand", "spot"]},
        "taints": {"type": "dict", "values": {"type": "dict", "options": {"effect": {"type": "str", "required": True}}}},
        "probe": {"type": "dict", "options": {"port": {"type": "raw", "required": True}}},
    },
}
POOLS = {"type": "dict", "values": POOL}

CASES = [
    ({"type": "str"}, 1.3, "x", "is a number with a fraction, not text", "put it in quotes"),
    ({"type": "str"}, True, "x", "is true or false, not text", "put it in quotes"),
    ({"type": "str"}, {"a": 1}, "x", "is a map, not text", "write one value"),
    ({"type": "int"}, "3", "x", "is text, not a whole number", "without quotes"),
    ({"type": "int"}, True, "x", "is true or false, not a whole number", "without quotes"),
    ({"type": "int"}, 1.5, "x", "is a number with a fraction, not a whole number", "without a fraction"),
    ({"type": "float"}, "1.5", "x", "is text, not a number", "without quotes"),
    ({"type": "bool"}, "yes", "x", "is text, not true or false", "without quotes"),
    ({"type": "bool"}, 1, "x", "is a number, not true or false", "without quotes"),
    ({"type": "dict"}, ["a"], "x", "is a list, not a map", "write keys"),
    ({"type": "list"}, "a,b", "x", "is text, not a list", "write it as"),
    ({"type": "list", "elements": "str"}, ["a", 2], "x.1", "is a number, not text", "in quotes"),
    ({"type": "list", "elements": "str", "choices": ["a", "b"]}, ["a", "c"], "x.1", "is none of a, b", "choose"),
    ({"type": "list", "elements": "dict", "options": {"a": {"type": "int"}}}, [{"b": 1}], "x.0.b", "is an unknown key", "known here: a"),
    ({"type": "str"}, None, "x", "is empty", "give it a value"),
    ({"type": "str", "choices": ["single", "per_az"]}, "singel", "x", "is none of single, per_az", "did you mean single?"),
    ({"type": "str", "choices": ["single", "per_az"]}, "none", "x", "is none of single, per_az", "choose one of them"),
    ({"type": "int", "minimum": 1, "maximum": 6}, 0, "x", "is less than 1", "from 1 to 6"),
    ({"type": "int", "minimum": 1}, 0, "x", "is less than 1", "at least 1"),
    ({"type": "float", "maximum": 6}, 6.5, "x", "is more than 6", "at most 6"),
    ({"type": "str", "format": "cron"}, "0 25 * * *", "x", "is no cron", "correct the hour"),
    (POOLS, {"general": {"sise": 3}}, "x.general.sise", "is an unknown key", "did you mean size?"),
    (POOLS, {"general": {"zzz": 3}}, "x.general.zzz", "is an unknown key", "known here: kind, probe, size, taints"),
    (POOLS, {"general": {"size": 7}}, "x.general.size", "is more than 6", "from 1 to 6"),
    (POOLS, {"general": {"taints": {"gpu": {"efect": "NoSchedule"}}}}, "x.general.taints.gpu.efect", "is an unknown key", "did you mean effect?"),
    (POOLS, {"general": {"taints": {"gpu": "NoSchedule"}}}, "x.general.taints.gpu", "is text, not a map", "write keys"),
    (POOLS, {True: {"size": 3}}, "x.True", "has True as its key, which is true or false", "in quotes"),
]
GOOD = [
    ({"type": "str"}, '$(reboot); `id` : { "}" {{ x }}'),
    ({"type": "float"}, 3),
    ({"type": "raw"}, object()),
    ({"type": "dict"}, {"anything": {"goes": [1]}}),
    ({"type": "str", "format": "version"}, ""),
    ({"type": "int"}, OPAQUE),
    (POOLS, {}),
    # Taken away from the layer below.
    (POOLS, {"general": None}),
    (POOLS, {"general": {"kind": None}}),
]


@pytest.mark.parametrize(("option", "value", "path", "problem", "remedy"), CASES)
def test_problems(option, value, path, problem, remedy):
    (finding,) = check(value, option, ("x",))
    assert (".".join(finding.path), finding.problem) == (path, problem)
    assert remedy in finding.remedy


@pytest.mark.parametrize(("option", "value"), GOOD)
def test_good_values(option, value):
    assert list(check(value, option, ("x",))) == []


def test_all_problems_of_a_value_are_found():
    value = {"one": {"size": 0, "kind": "spott", "extra": 1}, "two": {"size": "3"}, "three": 3}
    assert [".".join(finding.path) for finding in check(value, POOLS, ("x",))] == ["x.one.size", "x.one.kind", "x.one.extra", "x.two.size", "x.three"]


@pytest.mark.parametrize(
    ("value", "paths"),
    [
        ({"general": {}}, ["x.general.size"]),
        ({"general": {"size": None}}, ["x.general.size"]),
        ({"general": {"size": 1, "taints": {"gpu": {}}}}, ["x.general.taints.gpu.effect"]),
        ({"general": {"size": 1, "probe": {"path": "/"}}}, ["x.general.probe.port"]),
        # An optional part that is empty is not wanted.
        ({"general": {"size": 1, "probe": {}}}, []),
        ({"general": {"size": OPAQUE}}, []),
        ({}, []),
        (None, []),
    ],
)
def test_missing(value, paths):
    found = list(missing(value, POOLS, ("x",)))
    assert [".".join(finding.path) for finding in found] == paths
    assert all(finding.problem == "is missing" and finding.remedy.startswith("set it") for finding in found)


def test_what_is_missing_is_described():
    assert next(missing({"general": {}}, POOLS, ("x",))).remedy == "set it: Number of nodes"

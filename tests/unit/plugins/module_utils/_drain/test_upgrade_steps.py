# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which minors, and what becomes of each node group."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._drain import steps

PREFIX = "hub-dev-nodes-"


@pytest.mark.parametrize(
    ("live", "wanted", "several", "nodes", "path"),
    [
        ("1.35", "1.36", False, [], ["1.36"]),
        ("1.36", "1.36", False, ["1.36"], ["1.36"]),
        ("1.34", "1.36", True, ["1.34"], ["1.35", "1.36"]),
        # A run that ended between control plane and nodes is finished first.
        ("1.35", "1.36", False, ["1.34", "1.35"], ["1.35", "1.36"]),
        ("1.9", "1.10", False, ["1.9", ""], ["1.10"]),
    ],
)
def test_the_minors_in_turn(live, wanted, several, nodes, path):
    assert steps.minors(live, wanted, several, nodes) == path


@pytest.mark.parametrize(
    ("live", "wanted", "words"),
    [
        ("1.36", "1.35", "never goes down"),
        ("1.34", "1.36", "upgrade_to=1.35"),
        ("1.34", "1.36.1", "no Kubernetes minor"),
        ("1.34", 1.35, "in quotes"),
        ("", "1.35", "the control plane's version"),
    ],
)
def test_what_is_refused(live, wanted, words):
    with pytest.raises(ValueError, match=words):
        steps.minors(live, wanted)


def graph(**digests):
    return {f"us-east-1/{PREFIX}{pool}-{digest}": {"name": f"{PREFIX}{pool}-{digest}"} for pool, digest in digests.items()} | {
        "us-east-1/hub-dev-cluster": {"name": "hub-dev-cluster"}
    }


def found(*stacks, by_hand=(), version="1.35", status="ACTIVE", issues=()):
    rows = {f"{PREFIX}{one}": {"pool": one[:-7], "status": "CREATE_COMPLETE", "nodegroup": one} for one in stacks}
    groups = {
        one: {"name": one, "stack": f"{PREFIX}{one}" if one in stacks else "", "desired": 3, "version": version, "issues": list(issues)}
        for one in (*stacks, *by_hand)
    }
    return {"cluster": {"exists": True, "version": "1.35", "status": status}, "groups": groups, "stacks": rows}


def test_what_becomes_of_each_pool():
    rows = steps.moves(graph(general="bbbbbb", web="aaaaaa", fresh="cccccc"), found("general-aaaaaa", "web-aaaaaa", "old-one-dddddd"), PREFIX)
    assert [(row["pool"], row["action"], [one["nodegroup"] for one in row["old"]], row["nodes"]) for row in rows] == [
        ("fresh", "create", [], 0),
        ("general", "replace", ["general-aaaaaa"], 3),
        ("old-one", "remove", ["old-one-dddddd"], 3),
        ("web", "update", [], 0),
    ]
    assert rows[1]["key"] == f"us-east-1/{PREFIX}general-bbbbbb" and rows[2]["key"] == ""


def test_a_half_done_exchange_is_gone_on_with():
    """Both stacks are there: the new one is kept, the old one still goes."""
    row = steps.moves(graph(general="bbbbbb"), found("general-aaaaaa", "general-bbbbbb"), PREFIX)[0]
    assert (row["action"], [one["stack"] for one in row["old"]]) == ("replace", [f"{PREFIX}general-aaaaaa"])
    assert steps.moves(graph(general="bbbbbb"), found("general-bbbbbb"), PREFIX)[0]["action"] == "update"


def test_a_stack_that_never_got_a_group_is_an_old_one_without_nodes():
    live = found()
    live["stacks"][f"{PREFIX}general-aaaaaa"] = {"pool": "general", "status": "CREATE_FAILED", "nodegroup": ""}
    row = steps.moves(graph(general="bbbbbb"), live, PREFIX)[0]
    assert row["old"] == [{"stack": f"{PREFIX}general-aaaaaa", "nodegroup": ""}] and row["nodes"] == 0


@pytest.mark.parametrize(("nodes", "create"), [(0, "2"), (5, "5"), (50, "9")])
def test_a_new_group_begins_as_large_as_the_old_one(nodes, create):
    observed = {"create": "2", "resource": "NodeGroup", "property": "ScalingConfig.DesiredSize", "minimum": "1", "maximum": "9"}
    stack = {"parameters": {"DesiredSize": {"observed": observed}, "Version": {"value": "1.36"}}}
    sized = steps.sized(stack, nodes)["parameters"]
    assert sized["DesiredSize"]["observed"]["create"] == create and sized["Version"] == {"value": "1.36"}
    assert stack["parameters"]["DesiredSize"]["observed"]["create"] == "2"


def test_an_observed_version_is_told():
    stacks = {"a": {"parameters": {"Version": {"observed": {"create": "1.34", "resource": "Cluster", "property": "Version"}}, "Name": {"value": "x"}}}}
    assert steps.for_minor(stacks, "1.36")["a"]["parameters"] == {"Version": {"value": "1.36"}, "Name": {"value": "x"}}


def test_problems_before_anything_is_begun():
    assert steps.problems(found("general-aaaaaa"), "1.36") == []
    assert "no such cluster" in steps.problems({"cluster": {"exists": False}}, "1.36")[0]
    assert "FAILED" in steps.problems(found(status="FAILED"), "1.36")[0]
    assert "NodeCreationFailure: x" in steps.problems(found("general-aaaaaa", issues=["NodeCreationFailure: x"]), "1.36")[0]
    assert "more than three minors" in steps.problems(found(by_hand=["alone"], version="1.32"), "1.36")[0]
    assert steps.problems(found("general-aaaaaa", version="1.33"), "1.36") == []


def test_groups_made_by_hand():
    assert steps.by_hand(found("general-aaaaaa", by_hand=["b", "a"])) == ["a", "b"]


def test_the_plan_for_people():
    rows = steps.plan_rows(graph(general="bbbbbb", web="aaaaaa"), found("general-aaaaaa", "web-aaaaaa"), PREFIX, ["1.36"])
    assert [(row["action"], row["what"].split("/")[0]) for row in rows] == [
        ("update", "control plane and add-ons"),
        ("create", "node group us-east-1"),
        ("destroy", "old node groups of pool general"),
        ("update", "node group us-east-1"),
    ]
    assert rows[0]["fields"] == ["1.35 → 1.36"] and "general-aaaaaa is emptied" in rows[2]["fields"][0]
    assert steps.plan_rows(graph(web="aaaaaa"), found("web-aaaaaa"), PREFIX, ["1.35"]) == []

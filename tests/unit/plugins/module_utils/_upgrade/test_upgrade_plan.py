# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes, add-ons, steps, and the plan as people see it."""

from __future__ import annotations

import re

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._upgrade import addons
from ansible_collections.llmops.platform.plugins.module_utils._upgrade import deprecations
from ansible_collections.llmops.platform.plugins.module_utils._upgrade import nodes
from ansible_collections.llmops.platform.plugins.module_utils._upgrade import plan
from ansible_collections.llmops.platform.plugins.module_utils._upgrade.lines import upgrade_plan_lines
from ansible_collections.llmops.platform.plugins.module_utils._upgrade.removals import Removal

LABELS = ["llmops.platform/node-pool", "eks.amazonaws.com/nodegroup"]


def node(name: str, version: str = "v1.36.3", pool: str = "general", ready: str = "True", **spec) -> dict:
    labels = {LABELS[1]: pool} if pool else {}
    status = {"nodeInfo": {"kubeletVersion": version}, "conditions": [{"type": "Ready", "status": ready}]}
    return nodes.row({"metadata": {"name": name, "labels": labels}, "spec": spec, "status": status}, LABELS, 36)


ROWS = [
    (node("a"), {"pool": "general", "version": "1.36.3", "skew": 0, "ready": True, "schedulable": True}),
    (node("a", "v1.34.1-eks-4f1b2c"), {"version": "1.34.1-eks-4f1b2c", "skew": 2}),
    (node("a", "v1.37.0"), {"skew": -1}),
    (node("a", ""), {"version": "", "skew": None}),
    (node("a", ready="Unknown"), {"ready": False}),
    (node("a", unschedulable=True), {"schedulable": False}),
    (node("a", pool=""), {"pool": ""}),
]


@pytest.mark.parametrize(("row", "wanted"), ROWS)
def test_a_node(row, wanted):
    assert row["name"] == "a" and {key: row[key] for key in wanted} == wanted


def test_the_first_label_names_the_pool_and_fargate_names_itself():
    both = {LABELS[0]: "data", LABELS[1]: "nodes-data-1a2b3c"}
    assert nodes.row({"metadata": {"name": "a", "labels": both}}, LABELS, 36)["pool"] == "data"
    assert nodes.row({"metadata": {"name": "a", "labels": {"eks.amazonaws.com/compute-type": "fargate"}}}, LABELS, 36)["pool"] == "fargate"


def test_pools_come_in_the_order_asked_for_with_their_oldest_minor():
    rows = [node("a"), node("b", "v1.35.0"), node("c", pool="data")]
    groups = {
        "empty": {"version": "1.34", "status": "ACTIVE"},
        "nodes-data-1a2b3c": {"version": "1.36", "status": "ACTIVE", "labels": {LABELS[0]: "data"}},
        "nodes-data-4d5e6f": {"version": "1.36", "status": "CREATING", "labels": {LABELS[0]: "data"}},
    }
    found = nodes.pools(rows, groups, LABELS, ["data"], 36)
    assert [(pool["name"], pool["nodes"], pool["oldest"], pool["groups"], pool["status"]) for pool in found] == [
        ("data", 1, 36, ["nodes-data-1a2b3c", "nodes-data-4d5e6f"], "CREATING"),
        ("empty", 0, 34, ["empty"], "ACTIVE"),
        ("general", 2, 35, [], ""),
    ]


FINDINGS = [
    ([node("a")], [], 37, "", ""),
    ([node("a", "v1.33.0")], [], 37, "pool general: after the upgrade kubelet 1.33 is 4 minors older .*; replace them by nodes of 1.36 first", ""),
    ([node("a", "v1.32.0")], [], 37, "pool general: kubelet 1.32 is 4 minors older than the control plane's 1.36", ""),
    ([node("a", "v1.37.0")], [], 37, "pool general: kubelet 1.37 is newer", ""),
    ([node("a", "v1.37.0"), node("b")], [], 37, "pool general has kubelets that are newer", ""),
    ([node("a", "v1.35.0")], [], 37, "", "pool general: kubelets of 1.35 under a control plane of 1.36"),
    ([node("a")], ["data"], 37, "pools names data, .* known are general", ""),
    ([node("a", ready="False"), node("b", ready="Unknown")], [], 37, "", r"2 nodes \(a, b\) are not ready"),
    ([node("a", unschedulable=True)], [], 37, "", "node a is cordoned already"),
    ([node("a", pool="")], [], 37, "", "node a is of no pool"),
    ([node("a", "")], [], 37, "", ""),
]


@pytest.mark.parametrize(("rows", "order", "to", "problem", "warning"), FINDINGS)
def test_what_is_said_of_nodes(rows, order, to, problem, warning):

    found = nodes.findings(rows, nodes.pools(rows, {}, LABELS, order, 36), order, 36, to)
    for said, wanted in zip(found, (problem, warning), strict=True):
        assert len(said) == bool(wanted), said
        assert not wanted or re.search(wanted, said[0]), said


def test_a_node_group_that_is_not_active_is_a_problem():
    pools = nodes.pools([], {"general": {"version": "1.36", "status": "DEGRADED"}}, LABELS, [], 36)
    assert nodes.findings([], pools, [], 36, 37)[0] == ["node group general is DEGRADED; wait until it is ACTIVE, or correct what EKS says of its health"]


def described(name: str, **versions: str) -> dict:
    """Versions `v1_2` as `v1.2.0-eksbuild.1`, each with the minors it fits; a star marks the default."""
    rows = []
    for version, minors in versions.items():
        fits = [{"clusterVersion": minor.strip("*"), "defaultVersion": minor.endswith("*")} for minor in minors.split()]
        rows.append({"addonVersion": version.replace("_", ".") + ".0-eksbuild.1", "compatibilities": fits})
    return {"addonName": name, "addonVersions": rows}


CNI = described("vpc-cni", v1_9="1.36* 1.35", v1_20="1.36 1.37*", v1_21="1.37")


def test_what_fits_a_minor_newest_first_by_number():
    assert addons.offered([CNI], "1.36")["vpc-cni"] == {
        "default": "v1.9.0-eksbuild.1",
        "newest": "v1.20.0-eksbuild.1",
        "versions": ["v1.20.0-eksbuild.1", "v1.9.0-eksbuild.1"],
    }
    assert addons.offered([CNI], "1.38")["vpc-cni"] == {"default": None, "newest": None, "versions": []}


# Installed, asked for at 1.37: what to have, whether it fits, what to do, problem, warning.
JUDGED = [
    ("v1.20", None, "v1.20", True, "none", "", ""),
    ("v1.9", None, "v1.20", True, "update", "", ""),
    ("v1.9", "default", "v1.20", True, "update", "", ""),
    ("v1.20", "latest", "v1.21", True, "update", "", ""),
    ("v1.20", "v1.21", "v1.21", True, "update", "", ""),
    ("v1.20", "v1.21.0-eksbuild.1", "v1.21", True, "update", "", ""),
    ("v1.21", "v1.20", "v1.20", True, "update", "", "goes down from v1.21.0-eksbuild.1 to v1.20.0-eksbuild.1"),
    (None, "latest", "v1.21", True, "create", "", ""),
    ("v1.9", "v1.9.0-eksbuild.1", "v1.9", False, "none", "add-on vpc-cni v1.9.0-eksbuild.1 does not fit Kubernetes 1.37; write one of v1.21.0-eksbuild.1", ""),
]


@pytest.mark.parametrize(("present", "asked", "wanted", "fits", "action", "problem", "warning"), JUDGED)
def test_which_version_of_an_add_on(present, asked, wanted, fits, action, problem, warning):
    build = ".0-eksbuild.1"
    installed = {"vpc-cni": {"version": present + build, "status": "ACTIVE"}} if present else {}
    (row,), *found = addons.judged("1.37", installed, {"vpc-cni": asked} if asked else {}, addons.offered([CNI], "1.37"))
    assert (row["wanted"], row["compatible"], row["action"]) == (wanted + build, fits, action)
    for said, part in zip(found, (problem, warning), strict=True):
        assert len(said) == bool(part) and part in "".join(said)


def test_an_add_on_without_any_version_for_the_minor_is_a_problem_and_those_before_nodes_come_first():
    installed = {name: {"version": "v1.20.0-eksbuild.1", "status": "DEGRADED"} for name in ("coredns", "vpc-cni")}
    rows, problems, warnings = addons.judged("1.38", installed, {}, addons.offered([CNI], "1.38"))
    assert [(row["name"], row["wanted"]) for row in rows] == [("vpc-cni", None), ("coredns", None)]
    assert problems[0] == "add-on vpc-cni: EKS has no version for Kubernetes 1.38; take it out of addons, or wait until EKS offers one"
    assert warnings[0].startswith("add-on vpc-cni is DEGRADED")


def addon(minor: str, installed: str | None, wanted: str) -> dict:
    return {"minor": minor, "name": "vpc-cni", "installed": installed, "wanted": wanted}


def pool(name: str, oldest: int | None) -> dict:
    return {"name": name, "oldest": oldest}


def short(found: list[dict]) -> list[str]:
    return [f"{step['minor']}: {one['kind']} {one['name']} {one['from']}>{one['to']}" for step in found for one in step["order"]]


def test_a_step_for_each_minor_and_nothing_twice():
    rows = [addon("1.37", "a", "b"), addon("1.38", "a", "b")]
    assert short(plan.steps(36, 38, plan.ORDER, rows, [pool("general", 36), pool("old", 35), pool("", 35)])) == [
        "1.37: control_plane  1.36>1.37",
        "1.37: addon vpc-cni a>b",
        "1.37: node_pool general 1.36>1.37",
        "1.37: node_pool old 1.35>1.37",
        "1.38: control_plane  1.37>1.38",
        "1.38: node_pool general 1.37>1.38",
        "1.38: node_pool old 1.37>1.38",
    ]


def test_what_a_run_that_was_cut_off_left_behind():
    assert short(plan.steps(37, 37, plan.ORDER, [addon("1.37", "a", "b")], [pool("general", 37), pool("data", 36)])) == [
        "1.37: addon vpc-cni a>b",
        "1.37: node_pool data 1.36>1.37",
    ]
    assert plan.steps(37, 37, plan.ORDER, [], [pool("general", 37), pool("new", None)]) == []
    assert plan.steps(37, 36, plan.ORDER, [], [pool("general", 35)]) == []


def test_nodes_before_add_ons_where_that_is_asked_for():
    order = plan.checked_order(["control_plane", "node_pools", "addons"])
    found = plan.steps(36, 37, order, [addon("1.37", "a", "b")], [pool("general", 36)])
    assert [one["kind"] for one in found[0]["order"]] == ["control_plane", "node_pool", "addon"]


@pytest.mark.parametrize("order", [["addons", "control_plane", "node_pools"], ["control_plane", "addons"], ["control_plane", "addons", "addons", "node_pools"]])
def test_an_order_that_cannot_be(order):
    with pytest.raises(ValueError, match=r"order is .* the control plane first"):
        plan.checked_order(order)


EKS = {"name": "one", "version": "1.36"}


def test_a_kubeconfig_of_another_cluster_is_found_out():
    assert plan.same_cluster(EKS, "aa", "aa", "1.36.3") == ([], [])
    assert plan.same_cluster(EKS, "", "aa", "1.36.3") == ([], [])
    assert "two clusters; correct kubeconfig, context or cluster_name" in plan.same_cluster(EKS, "aa", "bb", "1.36.3")[0][0]
    assert "an update is under way, or these are two clusters" in plan.same_cluster(EKS, "aa", "aa", "1.37.0")[1][0]


def test_the_control_plane_must_be_active_and_kubectl_near():
    row, problems, warnings = plan.control_plane(36, 37, "1.36.3", EKS | {"status": "UPDATING"}, "1.34.0")
    assert row["kubectl_skew"]["now"] == -2
    assert problems == ["EKS cluster one is UPDATING; wait until it is ACTIVE"]
    assert "install one of 1.36 to 1.37" in warnings[0]


def test_the_end_of_the_table_is_said():
    assert plan.table_warning(37) == []
    assert "final up to 1.37" in plan.table_warning(38)[0]


def result(**more) -> dict:
    steps = plan.steps(36, 37, plan.ORDER, [], [pool("general", 36)])
    full = {"name": "general", "nodes": 3, "ready": 2, "versions": {"1.36.3": 3}, "oldest": "1.36"}
    empty = {"addons": [], "removed_apis": [], "blocking_budgets": [], "support": {}, "problems": [], "warnings": [], "left_out": {}}
    return {"cluster": "one", "from": "1.36", "to": "1.37", "steps": steps, "pools": [full], **empty, **more}


def test_a_plan_for_the_terminal():
    assert upgrade_plan_lines(result(warnings=["look at this"])) == [
        "Upgrade of one from Kubernetes 1.36 to 1.37",
        "Nothing stands in its way.",
        "",
        "Warnings (1)",
        "  - look at this",
        "",
        "Steps",
        "  step  minor  what               from  to",
        "  1     1.37   control plane      1.36  1.37",
        "  2     1.37   node pool general  1.36  1.37",
        "",
        "Node pools",
        "  pool     nodes  ready  kubelets",
        "  general  3      2      3 x 1.36.3",
    ]


def test_a_plan_for_a_review_counts_removed_apis_as_problems():
    use = deprecations.row(Removal("old.k8s.io/v1beta1", "Thing", 37, "old.k8s.io/v1"), ["managed_fields"], ["a|b"], "shop", "one")
    lines = upgrade_plan_lines(result(problems=["first"], removed_apis=[use], left_out={"removed_apis/old.k8s.io/v1beta1/Thing": 4}), "markdown")
    assert lines[:3] == ["# Upgrade of one from Kubernetes 1.36 to 1.37", "", "It would be refused: 2 problems."]
    assert "- first" in lines
    assert any(line.startswith("- old.k8s.io/v1beta1 Thing is not served from 1.37 on and is in use: shop/one, 4 more objects") for line in lines)
    assert "| old.k8s.io/v1beta1 | Thing | shop/one | 1.37 | old.k8s.io/v1 | managed_fields (a\\|b) |" in lines
    assert "| --- | --- | --- | --- | --- |" in lines


def test_a_plan_without_steps_and_a_table_without_end():
    assert upgrade_plan_lines(result(steps=[], to="1.36"))[1] == "There is nothing to do."
    rows = [{"namespace": "shop", "name": f"b{number}", "allowed": 0, "covered": 1, "reason": "x"} for number in range(40)]
    assert "10 more rows." in upgrade_plan_lines(result(blocking_budgets=rows))
    with pytest.raises(ValueError, match="form is 'html', not terminal or markdown"):
        upgrade_plan_lines(result(), "html")

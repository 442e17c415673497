# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One minor up, as an operator runs it; what is refused; and runs that end in the middle."""

from __future__ import annotations

import pytest

from tests.support import upgrades
from tests.support.stacks import OURS
from tests.support.stacks import kill

EAST = "us-east-1"
OWNER = f"upgrade of {upgrades.CLUSTER}"


def version(fake):
    return fake.client("eks", EAST).describe_cluster(name=upgrades.CLUSTER)["cluster"]["version"]


def groups(fake):
    return sorted(fake.client("eks", EAST).list_nodegroups(clusterName=upgrades.CLUSTER)["nodegroups"])


OLD_GROUPS, NEW_GROUPS = (["compute-aaaaaa", "general-aaaaaa"], ["compute-bbbbbb", "general-bbbbbb"])


def untouched(fake, api):
    """Version, node groups and pods are what they were, and no node is cordoned."""
    assert (version(fake), groups(fake), api.cordoned()) == ("1.35", OLD_GROUPS, {})
    assert fake.proxy.mutating(OURS) == []


def arrived(fake, api):
    """All is new, everything takes pods, and the workload is whole."""
    assert (version(fake), groups(fake)) == ("1.36", NEW_GROUPS)
    assert {row["status"] for row in fake.stacks().values()} <= {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
    assert sorted(key.rpartition("-nodes-")[2] for key in fake.stacks() if "-nodes-" in key) == NEW_GROUPS
    api.wait("nodes of the old groups are still there", lambda: all("bbbbbb" in name for name in api.nodes()))
    assert api.cordoned() == {}
    api.wait("shop is not whole", lambda: api.ready("shop") == 4)
    assert all("bbbbbb" in on for on in api.pods().values()), api.pods()
    for addon in ("kube-proxy", "coredns"):
        found = fake.client("eks", EAST).describe_addon(clusterName=upgrades.CLUSTER, addonName=addon)["addon"]
        assert found["addonVersion"] == "v1.36.0-eksbuild.1"


def test_one_minor_up_and_a_second_run_changes_nothing(cluster, fake, api):
    planned, said = cluster.run(cluster.graphs, "1.36", "--check")
    assert planned, said
    assert (version(fake), groups(fake), api.cordoned()) == ("1.35", OLD_GROUPS, {})
    stack = f"{upgrades.PREFIX}-nodes-general"
    for words in (f"create node group {EAST}/{stack}-bbbbbb", f"{stack}-aaaaaa is emptied and deleted", "1.35 → 1.36"):
        assert words in said, said
    fake.proxy.calls.clear()
    done, said = cluster.run(cluster.graphs, "1.36")
    assert done, said
    arrived(fake, api)
    # One pool after the other, its new group before its old one goes.
    order = [said.index(words) for words in ("compute-bbbbbb", "node upgrading-compute-aaaaaa-0: empty", "node upgrading-general-aaaaaa-0: empty")]
    assert order == sorted(order), order
    fake.proxy.calls.clear()
    done, said = cluster.run(cluster.graphs, "1.36")
    assert done and "nothing to do" in said, said
    assert fake.proxy.mutating(OURS) == []


@pytest.mark.parametrize(("to", "words"), [("1.34", "never goes down"), ("1.37", "a minor is never skipped"), ("1.36.2", "no Kubernetes minor")])
def test_what_is_no_next_minor_is_refused(cluster, fake, api, to, words):
    done, said = cluster.run(cluster.graphs, to)
    assert not done and words in said, said
    untouched(fake, api)


def test_a_budget_that_allows_no_eviction_stops_before_anything_is_begun(cluster, fake, api):
    api.apply(upgrades.budget("shop", 4))
    api.wait("the budget was not looked at", lambda: all(one["status"].get("desiredHealthy") == 4 for one in api.get("pdb", "-n", upgrades.NAMESPACE)))
    done, said = cluster.run(cluster.graphs, "1.36")
    assert not done and f"PodDisruptionBudget {upgrades.NAMESPACE}/shop" in said and "nothing was changed" in said, said
    untouched(fake, api)


def test_pods_that_do_not_drain_in_time(cluster, fake, api):
    name = next(pod for pod, on in sorted(api.pods().items()) if "compute" in on)
    api.kubectl("patch", "pod", name, "-n", upgrades.NAMESPACE, "--type=merge", "-p", '{"metadata":{"finalizers":["llmops.platform/test"]}}')
    done, said = cluster.run(cluster.graphs, "1.36", upgrade_drain_timeout=6)
    assert not done and f"still stopping: {upgrades.NAMESPACE}/{name}" in said, said
    # The old nodes take pods again, and the pools after this one were not begun.
    assert api.cordoned() == {}
    assert groups(fake) == ["compute-aaaaaa", "compute-bbbbbb", "general-aaaaaa"]
    api.kubectl("patch", "pod", name, "-n", upgrades.NAMESPACE, "--type=merge", "-p", '{"metadata":{"finalizers":null}}')
    done, said = cluster.run(cluster.graphs, "1.36")
    assert done, said
    arrived(fake, api)


def test_capacity_that_is_refused_leaves_the_old_nodes_as_they_are(cluster, fake, api):
    before = api.pods()
    words = "Could not launch On-Demand Instances. InsufficientInstanceCapacity - We currently do not have sufficient m6i.large capacity"
    fake.steer("faults", [{"type": "AWS::EKS::Nodegroup", "on": "create", "message": words, "code": "NotStabilized"}])
    done, said = cluster.run(cluster.graphs, "1.36")
    assert not done and "InsufficientInstanceCapacity" in said, said
    assert api.cordoned() == {} and api.pods() == before
    done, said = cluster.run(cluster.graphs, "1.36")
    assert done, said
    arrived(fake, api)


def test_a_run_killed_while_a_node_is_emptied_is_ended_by_a_plain_one(cluster, fake, api):
    # The budget holds the second pod back, so that the kill falls into the middle.
    name = next(pod for pod, on in sorted(api.pods().items()) if "general" in on)
    api.kubectl("patch", "pod", name, "-n", upgrades.NAMESPACE, "--type=merge", "-p", '{"metadata":{"finalizers":["llmops.platform/test"]}}')
    running = cluster.start(cluster.graphs, "1.36")
    try:
        api.wait("no node of the second pool was cordoned", lambda: any("general" in one for one in api.cordoned()) or running.poll() is not None, 240)
    finally:
        kill(running)
    left = api.cordoned()
    assert left and set(left.values()) == {OWNER}, left
    assert groups(fake) == ["compute-bbbbbb", "general-aaaaaa", "general-bbbbbb"]
    api.kubectl("patch", "pod", name, "-n", upgrades.NAMESPACE, "--type=merge", "-p", '{"metadata":{"finalizers":null}}')
    done, said = cluster.run(cluster.graphs, "1.36")
    assert done, said
    arrived(fake, api)


def test_a_cordon_of_a_dead_run_on_a_node_that_stays_is_released(cluster, fake, api):
    """Killed, and then the declaration was taken back: what it had cordoned takes pods again. A person's cordon stays."""
    ours, theirs = (f"upgrading-general-aaaaaa-{number}" for number in range(2))
    api.kubectl("annotate", "node", ours, f"{upgrades.CORDON}={OWNER}")
    api.kubectl("cordon", ours, theirs)
    kept = {**cluster.graphs, "1.36": upgrades.graph("1.36", {"compute": "bbbbbb", "general": "aaaaaa"}, cluster.subnets, {"compute": 1, "general": 2})}
    done, said = cluster.run(kept, "1.36")
    assert done, said
    assert api.cordoned() == {theirs: ""} and groups(fake) == ["compute-bbbbbb", "general-aaaaaa"]


def test_another_instance_type_is_the_same_careful_path(cluster, fake, api):
    """The version stays, one digest has changed: that pool alone is exchanged."""
    other = {"1.35": upgrades.graph("1.35", {"compute": "aaaaaa", "general": "cccccc"}, cluster.subnets, {"compute": 1, "general": 2})}
    done, said = cluster.run(other, "1.35")
    assert done, said
    assert (version(fake), groups(fake), api.cordoned()) == ("1.35", ["compute-aaaaaa", "general-cccccc"], {})
    api.wait("shop is not whole", lambda: api.ready("shop") == 4)


def test_a_node_group_made_by_hand_is_named_and_left(cluster, fake, api):
    fake.client("eks", EAST).create_nodegroup(
        clusterName=upgrades.CLUSTER, nodegroupName="by-hand", nodeRole=upgrades.ROLE, subnets=cluster.subnets, scalingConfig={"desiredSize": 1}
    )
    done, said = cluster.run(cluster.graphs, "1.36")
    assert done and "node group by-hand was made by hand" in said, said
    assert groups(fake) == ["by-hand", *NEW_GROUPS]


def test_nothing_is_done_outside_local_until_it_is_typed(cluster, fake, api):
    graphs = {minor: {key.replace("-local-", "-dev-"): stack for key, stack in graph.items()} for minor, graph in cluster.graphs.items()}
    done, said = cluster.run(graphs, "1.36", platform_environment="dev")
    assert not done and f"'{upgrades.CLUSTER} 1.36'" in said, said
    untouched(fake, api)

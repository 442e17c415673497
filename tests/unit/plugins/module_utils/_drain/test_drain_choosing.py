# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which pods go, and what budgets say of them."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._drain import budgets
from ansible_collections.llmops.platform.plugins.module_utils._drain import choosing

SET = {"kind": "ReplicaSet", "name": "web", "controller": True}
READY = {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}


def pod(owner="set", status=None, volumes=(), **metadata):
    owners = [SET if owner == "set" else owner] if owner else []
    return {
        "metadata": {"name": "web-1", "namespace": "shop", "uid": "u1", "labels": {"app": "web"}, "ownerReferences": owners, **metadata},
        "spec": {"volumes": list(volumes)},
        "status": status or READY,
    }


def budget(healthy, desired, expected, name="web", allowed=None, generation=1, selector=None, **spec):
    return {
        "metadata": {"name": name, "namespace": "shop", "generation": generation},
        "spec": {"selector": {"matchLabels": {"app": "web"}} if selector is None else selector, **spec},
        "status": {
            "currentHealthy": healthy,
            "desiredHealthy": desired,
            "expectedPods": expected,
            "disruptionsAllowed": max(0, healthy - desired) if allowed is None else allowed,
            "observedGeneration": 1,
        },
    }


SCRATCH = [{"name": "cache", "emptyDir": {}}]
CASES = {
    "a replicated pod": (pod(), "evict"),
    "a mirror pod": (pod(annotations={choosing.MIRROR: "x"}), "stays"),
    "a DaemonSet's": (pod({"kind": "DaemonSet", "name": "agent", "controller": True}, volumes=SCRATCH), "stays"),
    "on its way out": (pod(deletionTimestamp="2026-01-01T00:00:00Z"), "leaving"),
    "alone": (pod(None), "refused"),
    "owned but not controlled": (pod({"kind": "ReplicaSet", "name": "web"}), "refused"),
    "alone, but ended": (pod(None, {"phase": "Succeeded"}), "evict"),
    "with scratch data": (pod(volumes=SCRATCH), "refused"),
    "ended, with scratch data": (pod(None, {"phase": "Failed"}, SCRATCH), "evict"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_becomes_of_a_pod(case):
    given, action = CASES[case]
    assert choosing.choose(given, [], delete_empty_dir=False).action == action


def test_what_is_refused_names_its_way_out():
    alone = choosing.choose(pod(None), [], delete_empty_dir=True)
    assert "unmanaged_pods: [shop/web-1]" in alone.why
    scratch = choosing.choose(pod(volumes=SCRATCH), [], delete_empty_dir=False)
    assert "cache" in scratch.why and "delete_empty_dir: true" in scratch.why
    assert choosing.choose(pod(None, volumes=SCRATCH), ["shop/web-*"], delete_empty_dir=True).action == "evict"
    assert choosing.choose(pod(None), ["other/web-*", "web-*"], delete_empty_dir=True).action == "refused"


UNREADY = {"phase": "Running", "conditions": [{"type": "Ready", "status": "False"}]}
VERDICTS = {
    "no budget": (pod(), [], "now"),
    "another's budget": (pod(), [budget(1, 1, 1, selector={"matchLabels": {"app": "db"}})], "now"),
    "another namespace's": (pod(), [{**budget(1, 1, 1), "metadata": {"name": "web", "namespace": "bank", "generation": 1}}], "now"),
    "one is allowed": (pod(), [budget(3, 2, 3)], "now"),
    "none is allowed now": (pod(), [budget(2, 2, 3)], "later"),
    "never": (pod(), [budget(2, 2, 2)], "never"),
    "never, with one down": (pod(), [budget(1, 2, 2)], "never"),
    "not looked at": (pod(), [budget(3, 1, 3, generation=2)], "later"),
    "two of them": (pod(), [budget(3, 1, 3), budget(3, 1, 3, "all", selector={})], "never"),
    "pending": (pod(status={"phase": "Pending"}), [budget(2, 2, 2)], "now"),
    "ended": (pod(status={"phase": "Failed"}), [budget(2, 2, 2)], "now"),
    "unready among enough": (pod(status=UNREADY), [budget(2, 2, 3)], "now"),
    "unready among too few": (pod(status=UNREADY), [budget(1, 2, 2)], "later"),
    "unready, always allowed": (pod(status=UNREADY), [budget(1, 2, 2, unhealthyPodEvictionPolicy="AlwaysAllow")], "now"),
}


@pytest.mark.parametrize("case", VERDICTS)
def test_when_a_pod_may_go(case):
    given, known, when = VERDICTS[case]
    verdict = budgets.judge(given, known)
    assert verdict.when == when
    assert bool(verdict.budget) is (when != "now")


def test_a_verdict_names_budget_and_figures():
    verdict = budgets.judge(pod(), [budget(2, 2, 2)])
    assert verdict.budget == "shop/web" and "2 healthy pods of 2" in verdict.why and "more replicas" in verdict.why
    assert budgets.judge(pod(), [budget(3, 1, 3), budget(3, 1, 3, "all", selector={})]).budget == "shop/all, shop/web"

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""manifest_set and cluster_connection_info on a real API server, driven by ansible-playbook as an operator would."""

from __future__ import annotations

import base64
import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.plays import Outcome
from tests.support.plays import config_map
from tests.support.plays import namespace
from tests.support.plays import play
from tests.support.plays import tell

KINDS = yaml.safe_load((Path(__file__).parent / "manifest_set_kinds.yml").read_text(encoding="utf-8"))
PASSWORD = "correct-horse-battery"
SCHEDULED = {"labels": {"app": "web"}}


def deployment(name: str, where: str, **spec: Any) -> dict:
    pod = {
        "containers": [{"name": "main", "image": "example.invalid/web:1", "resources": {"requests": {"cpu": "1000m"}}}],
        **spec.pop("pod", {}),
    }
    body = {"replicas": 1, "selector": {"matchLabels": {"app": name}}, "template": {"metadata": {"labels": {"app": name}}, "spec": pod}}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": where}, "spec": {**body, **spec}}


def service(name: str, where: str, kind: str = "ClusterIP") -> dict:
    spec = {"type": kind, "selector": {"app": name}, "ports": [{"name": "http", "port": 80, "targetPort": 8080}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": where}, "spec": spec}


NODE = {
    "apiVersion": "v1",
    "kind": "Node",
    "metadata": {"name": "node-a", "annotations": {"kwok.x-k8s.io/node": "fake"}, "labels": {"pool": "general"}},
}
SCHEMA = {"type": "object", "properties": {"spec": {"type": "object", "properties": {"size": {"type": "integer"}}}}}
DEFINITION = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "gadgets.story.example"},
    "spec": {
        "group": "story.example",
        "scope": "Namespaced",
        "names": {"kind": "Gadget", "plural": "gadgets"},
        "versions": [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": SCHEMA}}],
    },
}
GADGET = {"apiVersion": "story.example/v1", "kind": "Gadget", "metadata": {"name": "gadget", "namespace": "story"}, "spec": {"size": 1}}
SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "login", "namespace": "story"}, "stringData": {"password": PASSWORD}}
# Out of order on purpose.
COMPONENT = [
    GADGET,
    deployment("web", "story"),
    service("web", "story"),
    config_map("settings", mode="first", extra="1"),
    SECRET,
    DEFINITION,
    {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": "web", "namespace": "story"},
        "spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "web"}}},
    },
    namespace("story"),
]
CHANGED = copy.deepcopy(COMPONENT)
CHANGED[0]["spec"]["size"] = 2
CHANGED[1]["spec"]["template"]["spec"]["containers"][0]["image"] = "example.invalid/web:2"
# A removed field is a change as well.
del CHANGED[3]["data"]["extra"]
CHANGED[4]["stringData"]["password"] = f"{PASSWORD}-new"
ROWS = [("check", True), ("real", False), ("check again", True), ("real again", False)]
TWELVE = [
    {"step": f"{verb} {row}", "check": check, "state": state, "manifests": manifests}
    for verb, state, manifests in (("create", "present", COMPONENT), ("change", "present", CHANGED), ("delete", "absent", CHANGED))
    for row, check in ROWS
]

LATE = [
    namespace("late"),
    deployment("homeless", "late", pod={"nodeSelector": {"pool": "nowhere"}}),
    service("public", "late", "LoadBalancer"),
    deployment("denied", "late"),
    {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "tight", "namespace": "late"},
        "spec": {"hard": {"pods": "1"}},
    },
]
HOPELESS = [deployment("hopeless", "story", progressDeadlineSeconds=1, pod={"nodeSelector": {"pool": "nowhere"}})]
INVALID_SERVICE = {**service("bad", "story"), "spec": {"ports": [{"port": 99999}]}}
INVALID_SERVICE_TOO = {**service("worse", "story"), "spec": {"type": "Nonsense", "ports": [{"port": 80}]}}
TYPO = deployment("typo", "story", replicaz=3)
STORY = [
    {"step": "nodes", "manifests": [NODE]},
    *TWELVE,
    {"step": "all kinds", "manifests": KINDS, "wait": False},
    {"step": "all kinds again", "manifests": KINDS, "wait": False},
    {"step": "all kinds check", "manifests": KINDS, "check": True},
    {"step": "ground", "manifests": [namespace("story"), config_map("shared", key="theirs")], "field_manager": "somebody-else"},
    {"step": "conflict check", "manifests": [config_map("shared", key="ours")], "check": True},
    {"step": "conflict", "manifests": [config_map("shared", key="ours")]},
    {"step": "conflict forced", "manifests": [config_map("shared", key="ours")], "force_conflicts": True},
    {"step": "refused", "manifests": [INVALID_SERVICE, INVALID_SERVICE_TOO, config_map("early", a="b"), deployment("never", "story")]},
    {"step": "typo", "manifests": [TYPO]},
    {"step": "no namespace", "manifests": [config_map("lost", "nowhere", a="b")]},
    {"step": "no namespace check", "manifests": [config_map("lost", "nowhere", a="b")], "check": True},
    {"step": "no kind", "manifests": [{"apiVersion": "nobody.example/v1", "kind": "Nothing", "metadata": {"name": "x"}}]},
    {
        "step": "no kind check",
        "manifests": [{"apiVersion": "nobody.example/v1", "kind": "Nothing", "metadata": {"name": "x"}}],
        "check": True,
    },
    {
        "step": "absent of absent",
        "state": "absent",
        "manifests": [config_map("lost", "nowhere"), {"apiVersion": "nobody.example/v1", "kind": "Nothing", "metadata": {"name": "x"}}],
    },
    {"step": "duplicates", "manifests": [config_map("twin"), config_map("twin")]},
    {"step": "nameless", "manifests": [config_map("fine"), {"apiVersion": "v1", "kind": "ConfigMap"}, {}]},
    {"step": "late", "manifests": LATE, "wait_timeout": 4},
    {"step": "hopeless", "manifests": HOPELESS, "wait_timeout": 60},
    {"step": "ready", "state": "ready", "manifests": [namespace("story"), config_map("shared")], "wait_timeout": 5},
    {"step": "not ready", "state": "ready", "manifests": [config_map("missing")], "wait_timeout": 1},
    {"step": "phoenix", "manifests": [namespace("phoenix"), config_map("ash", "phoenix", a="b")]},
    {"step": "phoenix leaves", "state": "absent", "wait": False, "manifests": [namespace("phoenix")]},
    {"step": "phoenix check", "check": True, "manifests": [namespace("phoenix"), config_map("ash", "phoenix", a="b")]},
    {"step": "phoenix returns", "manifests": [namespace("phoenix"), config_map("ash", "phoenix", a="b")], "wait_timeout": 60},
    {"step": "async", "manifests": [namespace("never")], "keywords": {"async": 10, "poll": 1}},
    {"step": "become", "manifests": [namespace("never")], "keywords": {"become": True}},
    {"step": "delegate", "manifests": [namespace("never")], "keywords": {"delegate_to": "elsewhere"}},
]


@pytest.fixture(scope="module")
def story(control_plane) -> dict[str, Outcome]:
    return tell(STORY, control_plane)


@pytest.mark.parametrize("verb", ["create", "change", "delete"])
def test_twelve_steps(story, verb):
    check, real, check_again, real_again = (story[f"{verb} {row}"] for row, _check in ROWS)
    for outcome in (check, real, check_again, real_again):
        assert not outcome.failed, outcome.message
    assert (check.changed, real.changed, check_again.changed, real_again.changed) == (True, True, False, False)
    assert check.actions == real.actions
    assert check_again.actions == real_again.actions
    assert real.mutating
    assert check.mutating == check_again.mutating == real_again.mutating == []


def test_create_and_delete_follow_the_order_of_kinds(story):
    def kinds(outcome: Outcome) -> list[str]:
        return [request.split("/")[-2] for request in outcome.mutating]

    created, deleted = kinds(story["create real"]), kinds(story["delete real"])
    assert sorted(created[:2]) == ["customresourcedefinitions", "namespaces"]
    assert created.index("secrets") < created.index("services") < created.index("deployments") < created.index("gadgets")
    assert created.index("deployments") < created.index("poddisruptionbudgets")
    assert deleted.index("gadgets") < deleted.index("deployments") < deleted.index("services") < deleted.index("secrets")
    assert sorted(deleted[-2:]) == ["customresourcedefinitions", "namespaces"]


def test_change_touches_only_what_differs(story):
    outcome = story["change real"]
    configured = {name for name, action in outcome.actions.items() if action == "configured"}
    assert configured == {"Gadget/gadget", "Deployment/web", "ConfigMap/settings", "Secret/login"}
    assert len(outcome.mutating) == 4
    assert outcome.result["summary"] == {"created": 0, "configured": 4, "unchanged": 4, "deleted": 0}


def test_everything_is_ready_after_the_wait(story):
    assert all(entry["ready"] for entry in story["create real"].result["objects"])


def test_removed_field_is_in_the_diff(story):
    (entry,) = [entry for entry in story["change real"].result["diff"] if entry["before_header"] == "ConfigMap/story/settings"]
    assert "extra: '1'" in entry["before"]
    assert "extra" not in entry["after"]
    assert "managedFields" not in entry["before"] + entry["after"]


def test_diff_of_check_and_real_are_equal(story):
    assert story["change check"].result["diff"] == story["change real"].result["diff"]


def test_secret_is_never_shown(story, control_plane):
    (entry,) = [entry for entry in story["change real"].result["diff"] if entry["before_header"].startswith("Secret")]
    assert entry["before"] != entry["after"]
    assert entry["before"].count("sha256:") == entry["after"].count("sha256:") == 1
    printed = (control_plane.directory / "printed").read_text(encoding="utf-8")
    for value in (PASSWORD, base64.b64encode(PASSWORD.encode()).decode()[:20]):
        assert value not in printed


def test_second_run_of_every_kind_sends_nothing(story):
    first, again, check = story["all kinds"], story["all kinds again"], story["all kinds check"]
    assert not first.failed, first.message
    assert len(first.actions) == len(KINDS)
    # A node's controllers write into its spec at once, so it may be ours to correct once more.
    assert [request for request in again.mutating if "/nodes/" not in request] == []
    assert not again.changed
    assert not check.changed
    assert check.mutating == []


def test_conflict_names_the_other_manager_and_the_remedy(story):
    for step in ("conflict", "conflict check"):
        outcome = story[step]
        assert outcome.failed
        for words in ("ConfigMap story/shared", ".data.key", '"somebody-else"', "take_over_from: [somebody-else]", "remove them from the manifest"):
            assert words in outcome.message
    assert story["conflict forced"].changed
    assert not story["conflict forced"].failed


def test_refusals_are_collected_and_what_was_done_is_listed(story):
    outcome = story["refused"]
    assert outcome.failed
    assert outcome.changed
    assert "Service story/bad was refused: field spec.ports[0].port: Invalid value: 99999" in outcome.message
    assert "Service story/worse was refused: field spec.type" in outcome.message
    assert "created ConfigMap story/early" in outcome.message
    assert outcome.actions == {
        "Service/bad": "refused",
        "Service/worse": "refused",
        "ConfigMap/early": "created",
        "Deployment/never": "skipped",
    }
    assert {error["status"] for error in outcome.result["errors"]} == {422}


def test_unknown_field_is_refused(story):
    assert "Deployment story/typo was refused: " in story["typo"].message
    assert "replicaz" in story["typo"].message


def test_missing_namespace(story):
    assert "add the Namespace to 'manifests'" in story["no namespace"].message
    check = story["no namespace check"]
    assert check.actions == {"ConfigMap/lost": "created"}
    assert "not validated" in check.result["objects"][0]["message"]


def test_unknown_kind(story):
    assert "does not serve Nothing (nobody.example/v1)" in story["no kind"].message
    assert story["no kind check"].actions == {"Nothing/x": "created"}


def test_absent_of_what_never_was(story):
    outcome = story["absent of absent"]
    assert not outcome.failed, outcome.message
    assert not outcome.changed
    assert set(outcome.actions.values()) == {"absent"}


def test_faulty_manifests_are_refused_before_anything_is_sent(story):
    assert "manifests[1] is the same object as manifests[0] (ConfigMap story/twin)" in story["duplicates"].message
    assert "manifests[1] (ConfigMap) has no metadata.name" in story["nameless"].message
    assert "manifests[2] is empty" in story["nameless"].message
    assert story["duplicates"].mutating == story["nameless"].mutating == []


def test_late_objects_are_named_with_their_reason(story):
    outcome = story["late"]
    assert outcome.failed
    assert outcome.changed
    assert "3 of 5 objects are not ready after 4 s" in outcome.message or "2 of 5 objects are not ready after 4 s" in outcome.message
    assert "Service late/public: its load balancer has no address yet" in outcome.message
    assert "raise 'wait_timeout'" in outcome.message
    ready = {entry["name"]: entry["ready"] for entry in outcome.result["objects"]}
    assert ready["late"]
    assert not ready["public"]
    # One pod is all the quota allows: either Deployment is late, in the words of the scheduler or of the quota.
    assert "Unschedulable" in outcome.message or "exceeded quota: tight" in outcome.message


def test_failed_workload_fails_at_once(story):
    outcome = story["hopeless"]
    assert outcome.failed
    assert "Deployment story/hopeless has failed: progress deadline exceeded" in outcome.message
    assert "node(s) didn't match Pod's node affinity/selector" in outcome.message


def test_state_ready_only_waits(story):
    assert not story["ready"].failed
    assert not story["ready"].changed
    assert "ConfigMap story/missing: does not exist" in story["not ready"].message
    assert story["ready"].mutating == story["not ready"].mutating == []


def test_object_that_is_still_being_deleted_is_made_anew(story):
    for step in ("phoenix", "phoenix returns"):
        assert not story[step].failed, story[step].message
        assert story[step].actions == {"Namespace/phoenix": "created", "ConfigMap/ash": "created"}
    assert story["phoenix check"].actions["Namespace/phoenix"] == "created"
    assert story["phoenix check"].mutating == []


@pytest.mark.parametrize(("step", "keyword"), [("async", "async"), ("become", "become"), ("delegate", "delegate_to")])
def test_keywords_that_mean_nothing_here_are_refused(story, step, keyword):
    assert story[step].failed
    assert keyword in story[step].message
    assert story[step].mutating == []


def test_cluster_connection_info(control_plane, tmp_path):
    foreign = yaml.safe_load(control_plane.kubeconfig.read_text(encoding="utf-8"))
    foreign["clusters"][0]["cluster"]["server"] = "https://203.0.113.1:6443"
    (tmp_path / "foreign").write_text(yaml.safe_dump(foreign), encoding="utf-8")
    module = "llmops.platform.cluster_connection_info"
    own = str(control_plane.kubeconfig)
    tasks = [
        {module: {"require_loopback": True, "kubeconfig": own}, "ignore_errors": True, "check_mode": True},
        {module: {"require_loopback": True, "kubeconfig": str(tmp_path / "foreign")}, "ignore_errors": True},
        {module: {"kubeconfig": own, "context": "other"}, "ignore_errors": True},
        {module: {"kubeconfig": str(tmp_path / "none")}, "ignore_errors": True},
    ]
    (good, refused, context, missing), _printed = play(tasks, control_plane)
    assert good["connection"]["uid"] == control_plane.get("namespace", "kube-system")["metadata"]["uid"]
    assert good["connection"]["server"].startswith("https://127.0.0.1:")
    assert len(good["connection"]["ca_sha256"]) == 64
    assert not good["changed"]
    assert "https://203.0.113.1:6443, which is not this machine" in refused["msg"]
    assert "has no context 'other'" in context["msg"]
    assert "does not exist; set option 'kubeconfig'" in missing["msg"]

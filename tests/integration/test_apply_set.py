# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What leaves an apply set is deleted, exactly that, and never after a failure."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._k8s.apply_set import VERSION_OF
from tests.support.plays import Outcome
from tests.support.plays import config_map
from tests.support.plays import namespace
from tests.support.plays import tell

GROUP = {"name": "demo", "namespace": "sets"}
OTHER = {"name": "other", "namespace": "sets"}
CLAIM = {
    "apiVersion": "v1",
    "kind": "PersistentVolumeClaim",
    "metadata": {"name": "data", "namespace": "sets"},
    "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "none", "resources": {"requests": {"storage": "1Gi"}}},
}
ACCOUNT = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "robot", "namespace": "elsewhere"}}
BROKEN = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "broken", "namespace": "sets"}, "spec": {"ports": [{"port": 99999}]}}


def maps(*names: str) -> list[dict]:
    return [config_map(name, "sets", key="value") for name in names]


def versions(*numbers: int) -> list[dict]:
    rows = [config_map(f"settings-{number}", "sets", key=str(number)) for number in numbers]
    for row in rows:
        row["metadata"]["labels"] = {VERSION_OF: "settings"}
    return rows


def deployment(configuration: str) -> dict:
    container = {"name": "main", "image": "example.invalid/web:1", "envFrom": [{"configMapRef": {"name": configuration}}]}
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [container]}}
    spec = {"replicas": 0, "selector": {"matchLabels": {"app": "web"}}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "sets"}, "spec": spec}


FULL = [*maps("a", "b"), ACCOUNT, CLAIM]
STORY = [
    {"step": "ground", "manifests": [namespace("sets"), namespace("elsewhere"), config_map("bystander", "sets", key="value")]},
    {"step": "join", "manifests": FULL, "apply_set": GROUP, "wait": False},
    {"step": "again", "manifests": FULL, "apply_set": GROUP, "wait": False},
    {"step": "leave check", "manifests": maps("a"), "apply_set": GROUP, "check": True, "wait": False},
    {"step": "broken", "manifests": [*maps("a"), BROKEN], "apply_set": GROUP, "wait": False},
    {"step": "late", "manifests": [*maps("a"), CLAIM], "apply_set": GROUP, "wait_timeout": 1},
    {"step": "nothing", "manifests": [], "apply_set": GROUP},
    {"step": "kept", "manifests": maps("a"), "apply_set": {**GROUP, "keep": maps("b")}, "wait": False},
    {"step": "leave", "manifests": maps("a"), "apply_set": GROUP, "wait": False},
    {"step": "leave again", "manifests": maps("a"), "apply_set": GROUP, "wait": False},
    {"step": "allowed", "manifests": maps("a"), "apply_set": {**GROUP, "allow_delete": ["PersistentVolumeClaim/sets/data"]}},
    {"step": "foreign member", "manifests": maps("a"), "apply_set": OTHER},
    {"step": "foreign parent", "manifests": maps("z"), "apply_set": {"name": "bystander", "namespace": "sets"}},
    {"step": "no namespace", "manifests": maps("z"), "apply_set": {"name": "demo", "namespace": "nowhere"}},
    *({"step": f"version {number}", "manifests": [*versions(number), *maps("a")], "apply_set": GROUP} for number in (1, 2, 3, 4)),
    {"step": "workload", "manifests": [*versions(4), deployment("settings-2"), *maps("a")], "apply_set": {**GROUP, "keep_versions": 9}, "wait": False},
    {"step": "version 5", "manifests": [*versions(5), deployment("settings-2"), *maps("a")], "apply_set": {**GROUP, "keep_versions": 2}},
    {"step": "dissolve check", "state": "absent", "manifests": maps("a"), "apply_set": GROUP, "check": True},
    {"step": "dissolve", "state": "absent", "manifests": maps("a"), "apply_set": GROUP},
    {"step": "dissolve again", "state": "absent", "manifests": maps("a"), "apply_set": GROUP},
]


@pytest.fixture(scope="module")
def story(control_plane) -> dict[str, Outcome]:
    return tell(STORY, control_plane)


def deleted(outcome: Outcome) -> set[str]:
    return {name for name, action in outcome.actions.items() if action == "deleted"}


def test_joining_writes_the_parent_first_and_again_writes_nothing(story):
    assert not story["join"].failed, story["join"].message
    assert story["join"].mutating[0] == "patch /api/v1/namespaces/sets/configmaps/demo"
    assert not story["again"].changed
    assert story["again"].mutating == []


def test_check_mode_tells_what_would_be_deleted_and_deletes_nothing(story):
    assert deleted(story["leave check"]) == {"ConfigMap/b", "ServiceAccount/robot"}
    assert story["leave check"].mutating == []


@pytest.mark.parametrize(("step", "words"), [("broken", "was refused"), ("late", "are not ready"), ("nothing", "use 'state: absent'")])
def test_nothing_is_deleted_on_a_partial_render(story, step, words):
    assert story[step].failed
    assert words in story[step].message
    assert not [request for request in story[step].mutating if request.startswith("delete")]


def test_exactly_what_left_is_deleted(story):
    assert deleted(story["kept"]) == {"ServiceAccount/robot"}
    assert deleted(story["leave"]) == {"ConfigMap/b"}
    assert [request for request in story["leave"].mutating if request.startswith("delete")] == ["delete /api/v1/namespaces/sets/configmaps/b"]
    assert not story["leave again"].changed
    assert story["leave again"].mutating == []


def test_data_stays_until_it_is_named(story):
    (warning,) = story["leave again"].result["warnings"]
    assert "PersistentVolumeClaim sets/data is no longer declared but is kept" in warning
    assert "to delete it add 'PersistentVolumeClaim/sets/data' to 'apply_set.allow_delete'" in warning
    assert deleted(story["allowed"]) == {"PersistentVolumeClaim/data"}


def test_foreign_members_and_parents_are_refused(story):
    assert "ConfigMap sets/a belongs to applyset-" in story["foreign member"].message
    assert "is not the parent of our apply set" in story["foreign parent"].message
    assert "namespace nowhere of 'apply_set' does not exist" in story["no namespace"].message


def test_versions_stay_for_a_rollback(story):
    assert [deleted(story[f"version {number}"]) for number in (1, 2, 3, 4)] == [set(), set(), set(), {"ConfigMap/settings-1"}]
    # The newest besides the one in use is settings-4; settings-2 is what a ReplicaSet would start with.
    assert deleted(story["version 5"]) == {"ConfigMap/settings-3"}


def test_a_new_version_tells_what_it_changes(story):
    (created,) = [row for row in story["version 5"].result["objects"] if row["action"] == "created"]
    assert created["name"] == "settings-5"
    assert created["fields"] == ["data.key: 4 → 5"]


def test_absent_takes_all_members_and_the_parent(story, control_plane):
    expected = {"ConfigMap/a", "ConfigMap/settings-2", "ConfigMap/settings-4", "ConfigMap/settings-5", "Deployment/web"}
    assert deleted(story["dissolve check"]) == deleted(story["dissolve"]) == expected
    assert story["dissolve check"].mutating == []
    assert not story["dissolve again"].changed
    names = {entry["metadata"]["name"] for entry in control_plane.get("configmaps", "-n", "sets")["items"]}
    assert names == {"bystander", "kube-root-ca.crt"}

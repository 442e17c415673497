# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""helm_release with the real helm on a real API server: the twelve steps, drift, and what a dead helm leaves behind."""

from __future__ import annotations

import base64
import gzip
import json
import subprocess
import time

import pytest
import yaml

from tests.support.modules import ROOT
from tests.support.modules import run_module
from tests.support.plays import play

BIN = ROOT / ".local" / "bin"
PASSWORD = "correct-horse-battery"
CHART = {
    "Chart.yaml": "apiVersion: v2\nname: demo\nversion: 1.0.0\n",
    "values.yaml": "colour: red\npassword: ''\nextra: true\nhook: one\nfail: ''\n",
    "crds/gadget.yaml": yaml.safe_dump(
        {
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": "gadgets.helm.example"},
            "spec": {
                "group": "helm.example",
                "scope": "Namespaced",
                "names": {"kind": "Gadget", "plural": "gadgets"},
                "versions": [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {"type": "object"}}}],
            },
        }
    ),
    "templates/settings.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {colour: {{ .Values.colour }}}\n",
    "templates/login.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: login}\nstringData: {password: {{ .Values.password | quote }}}\n",
    "templates/extra.yaml": "{{ if .Values.extra }}\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra}\n{{ end }}\n",
    "templates/fail.yaml": '{{ if .Values.fail }}{{ fail (printf "password %s is weak" .Values.password) }}{{ end }}\n',
    "templates/hook.yaml": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: hook\n  annotations: {helm.sh/hook: 'pre-install,pre-upgrade'}\ndata: {hook: {{ .Values.hook }}}\n"
    ),
    "templates/web.yaml": yaml.safe_dump(
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": "web"},
            "spec": {
                "replicas": 1,
                "selector": {"matchLabels": {"app": "web"}},
                "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "web", "image": "example.invalid/web:1"}]}},
            },
        }
    ),
}
NODE = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "helm-a", "annotations": {"kwok.x-k8s.io/node": "fake"}}}
CAPACITY = {amount: {"cpu": "8", "memory": "16Gi", "pods": "50"} for amount in ("capacity", "allocatable")}
ROWS = (("check", True), ("real", False), ("check again", True), ("real again", False))
FIRST = {"values": {"colour": "red"}, "secret_values": {"password": PASSWORD}}
SECOND = {"values": {"colour": "blue", "extra": False}, "secret_values": {"password": f"{PASSWORD}-new"}}


@pytest.fixture(scope="module")
def chart(tmp_path_factory):
    folder = tmp_path_factory.mktemp("chart") / "demo"
    for name, text in CHART.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def base(control_plane, chart):
    """Arguments of every call."""
    built = run_module("go_tool", {"module": str(ROOT / "tools" / "helm"), "destination": str(BIN), "programs": {"helm": "helm.sh/helm/v4/cmd/helm"}})
    assert not built["failed"], built
    control_plane.kubectl("apply", "-f", "-", stdin=yaml.safe_dump_all([{**NODE, "status": CAPACITY}]))
    control_plane.kubectl("create", "namespace", "helm")
    return {
        "kubeconfig": str(control_plane.kubeconfig),
        "name": "demo",
        "namespace": "helm",
        "source": "directory",
        "chart": str(chart),
        "command": str(BIN / "helm"),
        "timeout": 60,
        "stuck_after": 0,
    }


def tell(base, control_plane, *steps):
    """Results of calls one after another, in one run of ansible-playbook."""
    tasks = [
        {"name": step["step"], "llmops.platform.helm_release": {**base, **step.get("with", {})}, "check_mode": step.get("check", False), "ignore_errors": True}
        for step in steps
    ]
    results, printed = play(tasks, control_plane, "--diff")
    return dict(zip([step["step"] for step in steps], results, strict=True)), printed


def actions(result):
    return {f"{row['kind']}/{row['name']}": row["action"] for row in result["objects"]}


@pytest.fixture(scope="module")
def twelve(base, control_plane):
    steps = [
        {"step": f"{verb} {row}", "check": check, "with": arguments}
        for verb, arguments in (("create", FIRST), ("change", SECOND), ("delete", {"state": "absent"}))
        for row, check in ROWS
    ]
    return tell(base, control_plane, *steps)


@pytest.mark.parametrize("verb", ["create", "change", "delete"])
def test_changed_and_check_mode_tell_the_truth(twelve, verb):
    told = {row: twelve[0][f"{verb} {row}"] for row, _check in ROWS}
    assert not any(result.get("failed") for result in told.values()), told
    # What was deleted is still there for the check after it only in check mode.
    assert [told[row]["changed"] for row, _check in ROWS] == [True, True, False, False]
    assert actions(told["check"]) == actions(told["real"])
    assert told["real again"]["reasons"] == []


def test_each_object_is_told(twelve):
    results, _printed = twelve
    created = actions(results["create real"])
    assert created == dict.fromkeys(
        ["CustomResourceDefinition/gadgets.helm.example", "ConfigMap/settings", "ConfigMap/extra", "Secret/login", "Deployment/web"], "created"
    )
    changed = actions(results["change real"])
    assert changed["ConfigMap/settings"] == changed["Secret/login"] == "configured"
    assert changed["ConfigMap/extra"] == "deleted"
    assert changed["Deployment/web"] == "unchanged"
    assert all(row["ready"] for row in results["create real"]["objects"])
    assert (results["create real"]["revision"], results["change real"]["revision"], results["change real"]["chart"]) == (1, 2, "demo-1.0.0")


def test_nothing_secret_is_printed(twelve):
    _results, printed = twelve
    assert PASSWORD not in printed
    assert base64.b64encode(PASSWORD.encode()).decode() not in printed
    assert "sha256:" in printed


@pytest.fixture(scope="module")
def story(base, control_plane, twelve):
    """What happens to a release in its life; each step on the state that the one before left."""
    told = {}

    def step(name, **more):
        told[name] = tell(base, control_plane, {"step": name, "with": {**FIRST, **more}})[0][name]

    step("install")
    control_plane.kubectl("patch", "configmap", "settings", "-n", "helm", "--type=merge", "-p", '{"data":{"colour":"green"}}', "--field-manager=kubectl-patch")
    step("conflict")
    step("taken back", take_over_from=["kubectl-patch"])
    step("hook", values={"colour": "red", "hook": "two"})
    step("no difference", values={"colour": "red", "hook": "two", "unused": 1})
    _get_stuck(control_plane, "pending-upgrade")
    step("recovered", values={"colour": "red", "hook": "two"})
    step("after", values={"colour": "red", "hook": "two"})
    step("refused", values={"fail": "yes"})
    step("no chart", chart="/no/such/chart")
    step("no helm", command="/no/such/helm")
    return told


def _get_stuck(plane, status):
    """As a helm that is killed leaves it."""
    record = plane.get("secret", "-n", "helm", "-l", "owner=helm,status=deployed")["items"][0]
    release = json.loads(gzip.decompress(base64.b64decode(base64.b64decode(record["data"]["release"]))))
    release["info"]["status"], release["version"] = status, release["version"] + 1
    packed = base64.b64encode(base64.b64encode(gzip.compress(json.dumps(release).encode()))).decode()
    labels = {**record["metadata"]["labels"], "status": status, "version": str(release["version"]), "modifiedAt": str(int(time.time()) - 60)}
    name = f"sh.helm.release.v1.demo.v{release['version']}"
    metadata = {"name": name, "namespace": "helm", "labels": labels}
    secret = {"apiVersion": "v1", "kind": "Secret", "type": record["type"], "metadata": metadata, "data": {"release": packed}}
    plane.kubectl("create", "-f", "-", stdin=json.dumps(secret))


def test_a_change_by_hand_is_found_and_taken_back_only_from_whom_it_may(story):
    assert story["conflict"]["failed"]
    assert "kubectl-patch" in story["conflict"]["msg"]
    assert actions(story["taken back"])["ConfigMap/settings"] == "configured"


def test_hooks_count_and_unused_values_do_not(story):
    assert story["hook"]["reasons"] == ["its hooks differ"]
    assert not story["no difference"]["changed"]


def test_a_stuck_release_is_recovered_and_said(story):
    assert story["recovered"]["changed"]
    assert "pending-upgrade" in story["recovered"]["recovered"]
    assert story["recovered"]["reasons"] == ["revision 4 is failed"]
    assert (story["after"]["changed"], story["after"]["recovered"], story["after"]["revision"]) == (False, "", 5)


def test_helm_itself_agrees(story, base, control_plane):
    listed = subprocess.run(
        [base["command"], "list", "-n", "helm", "-o", "json", "--kubeconfig", base["kubeconfig"]], capture_output=True, text=True, check=True
    ).stdout
    assert [(release["name"], release["status"]) for release in json.loads(listed)] == [("demo", "deployed")]


@pytest.mark.parametrize(("step", "words"), [("refused", "is weak"), ("no chart", "/no/such/chart; correct helm_release_chart"), ("no helm", "install helm 4")])
def test_bad_input_is_told_with_the_remedy(story, step, words):
    assert story[step]["failed"]
    assert words in story[step]["msg"]
    assert PASSWORD not in story[step]["msg"]

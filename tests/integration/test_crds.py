# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The definitions of all operators on a real API server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.support.modules import ROOT
from tests.support.modules import run_module

COUNTS = {name: int(count) for name, count in re.findall(r"^\| `(\w+)` \|.*\| (\d+) \|$", (ROOT / "docs" / "crds.md").read_text(), re.MULTILINE)}


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, str]:
    """Path of each operator's file, fetched as the role does it."""
    table = yaml.safe_load((ROOT / "roles" / "local_platform" / "vars" / "main" / "crds.yml").read_text())["__local_platform_crds"]
    modules = [{**entry, "module": str(ROOT / "tools" / "crds" / entry["name"])} for entry in table]
    result = run_module("go_module_files", {"modules": modules, "destination": str(tmp_path_factory.mktemp("crds")), "descriptions": False})
    assert not result["failed"], result["msg"]
    return result["files"]


@pytest.fixture(scope="module")
def apply(files, control_plane):
    def applied(check: bool = False, refused: bool = False, force: bool = False) -> tuple[dict, list[str]]:
        first = len(control_plane.audit_log.read_text().splitlines())
        arguments = {
            "kubeconfig": str(control_plane.kubeconfig),
            "files": sorted(files.values()),
            "force_conflicts": force,
            "wait_timeout": 900,
            "parallelism": 2,
        }
        result = run_module("manifest_set", arguments, check=check)
        assert result["failed"] == refused, result["msg"]
        return result, control_plane.mutating(first)

    return applied


def test_the_documentation_counts_right(files):
    assert {name: Path(path).read_text().count("\n---\n") for name, path in files.items()} == COUNTS


def test_all_are_accepted_and_established_and_a_second_run_sends_nothing(apply, control_plane):
    total = sum(COUNTS.values())
    result, sent = apply(check=True)
    assert (result["summary"]["created"], sent) == (total, [])
    result, sent = apply()
    # A busy server may be asked twice.
    assert (result["summary"]["created"], len(set(sent))) == (total, total)
    assert all(entry["ready"] for entry in result["objects"])
    live = control_plane.get("customresourcedefinitions")["items"]
    conditions = [{entry["type"]: entry["status"] for entry in item["status"]["conditions"]} for item in live]
    assert len(live) >= total
    assert all(found["Established"] == found["NamesAccepted"] == "True" and "NonStructuralSchema" not in found for found in conditions)
    for check in (True, False):
        result, sent = apply(check=check)
        assert (result["changed"], result["summary"]["unchanged"], sent) == (False, total, [])


def test_drift_in_one_field_of_a_schema_is_noticed(apply, control_plane):
    patch = '[{"op": "add", "path": "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/drifted", "value": {"type": "string"}}]'
    control_plane.kubectl("patch", "crd", "backups.velero.io", "--type=json", "-p", patch)
    result, _sent = apply(refused=True)
    assert "backups.velero.io" in result["msg"] and "kubectl-patch" in result["msg"]
    result, sent = apply(force=True)
    assert (result["summary"]["configured"], len(sent)) == (1, 1)
    assert apply()[1] == []


def test_an_object_is_validated_against_its_definition(control_plane):
    certificate = {
        "apiVersion": "cert-manager.io/v1",
        "kind": "Certificate",
        "metadata": {"name": "demo", "namespace": "default"},
        "spec": {"secretName": "demo", "issuerRef": {"name": "demo"}},
    }
    arguments = {"kubeconfig": str(control_plane.kubeconfig), "wait": False}
    result = run_module("manifest_set", {**arguments, "manifests": [certificate]})
    assert not result["failed"], result["msg"]
    del certificate["spec"]["secretName"]
    result = run_module("manifest_set", {**arguments, "manifests": [{**certificate, "metadata": {"name": "worse", "namespace": "default"}}]})
    assert result["failed"] and "spec.secretName" in result["msg"]


def test_files_that_cannot_be_read_are_named(control_plane, tmp_path):
    (tmp_path / "broken.yml").write_text("kind: [\n")
    for name, said in (("broken.yml", "no YAML"), ("lost.yml", "No such file")):
        result = run_module("manifest_set", {"kubeconfig": str(control_plane.kubeconfig), "files": [str(tmp_path / name)]})
        assert result["failed"] and name in result["msg"] and said in result["msg"]
    result = run_module("manifest_set", {"kubeconfig": str(control_plane.kubeconfig)})
    assert result["failed"] and "neither 'manifests' nor 'files'" in result["msg"]

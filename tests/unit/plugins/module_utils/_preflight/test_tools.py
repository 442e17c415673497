# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions of programs, collections and libraries."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ansible_collections.llmops.platform.plugins.module_utils._preflight import tools

ROOT = Path(__file__).resolve().parents[5]
VARIABLES = yaml.safe_load((ROOT / "roles" / "preflight" / "vars" / "main.yml").read_text(encoding="utf-8"))
TABLE = VARIABLES["__preflight_tools"]
PRINTED = {
    "kubectl": ('{\n  "clientVersion": {\n    "gitVersion": "v1.36.3",\n', "1.36.3"),
    "helm": ("v3.19.0+g3d8990f", "3.19.0"),
    "istioctl": ("client version: 1.31.1\n", "1.31.1"),
    "docker": ("Docker version 24.0.7, build afdd53b", "24.0.7"),
    "argocd": ("argocd: v2.14.1+3d901f2", "2.14.1"),
    "aws": ("aws-cli/2.31.5 Python/3.13.7 Linux/6.8.0 exe/x86_64.debian.12", "2.31.5"),
}


def level(probe: dict | None, row: dict | None = None, components=("cluster",), overrides: dict | None = None, cluster: str = "1.36") -> dict | None:
    row = row or {"minimum": "1.28", "skew": 1, "needed_by": ["cluster"]}
    found = tools.judge_tools({"kubectl": probe} if probe else {}, {"kubectl": row}, components, overrides or {}, cluster)
    assert len(found) <= 1
    return found[0] if found else None


def probe(version: str | None = "1.36.1", problem: str | None = None) -> dict:
    return {"path": "/bin/kubectl", "version": version, "problem": problem}


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if "argv" in row])
def test_patterns_fit_what_the_programs_print(name):
    printed, version = PRINTED[name]
    assert tools.read_version(printed, TABLE[name]["pattern"]) == version
    assert TABLE[name]["argv"][0] == name


def test_a_reference_is_only_said():
    found = tools.judge_tools({}, {"terraform": TABLE["terraform"]}, ["network"], {}, "1.36")
    assert [row["level"] for row in found] == ["info"] and "1.6" in found[0]["wanted"]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (probe(), "ok"),
        (probe("1.35.0"), "ok"),
        (probe("1.37.2"), "ok"),
        (probe("1.34.9"), "error"),
        (probe("1.27.0"), "error"),
        (probe(None, "missing"), "error"),
        (None, "error"),
        (probe(None, "printed 'nonsense', exit status 0"), "warning"),
    ],
)
def test_a_needed_program(found, expected):
    assert level(found)["level"] == expected


@pytest.mark.parametrize(("found", "expected"), [(probe(None, "missing"), "info"), (probe("1.1.0"), "warning"), (probe(), "ok")])
def test_an_optional_program_never_stops_a_run(found, expected):
    assert level(found, {"minimum": "1.28", "optional_for": ["cluster"]})["level"] == expected


def test_what_no_component_needs_is_not_judged():
    assert level(None, components=["application"]) is None


@pytest.mark.parametrize(("required", "expected"), [(True, "error"), (False, "info")])
def test_an_inventory_may_ask_otherwise(required, expected):
    assert level(probe(None, "missing"), components=["application"], overrides={"kubectl": {"required": required}})["level"] == expected


def test_an_inventory_may_raise_the_minimum():
    row = level(probe("1.36.1"), overrides={"kubectl": {"minimum": "1.36.2"}})
    assert row["level"] == "error" and "1.36.2" in row["remedy"]


@pytest.mark.parametrize(
    ("version", "minimum", "good"),
    [("24.0.7", "24.0", True), ("24", "24.0", True), ("v3.9.0", "3.13", False), ("1.36.3-eks-ab", "1.36.3", True), ("2.0", "10.0", False)],
)
def test_versions_compare_by_number(version, minimum, good):
    assert tools.at_least(version, minimum) is good


def test_majors_are_not_minors_apart():
    assert tools.minors_apart("2.36", "1.36") is None


READ = {"python": "3.13.0", "ansible_core": "2.21.5", "collections": {"a.b": "1.2.0"}, "libraries": {"botocore": "1.44.0"}}
WANTED = {
    "python": {"minimum": "3.12"},
    "ansible_core": {"minimum": "2.20.0", "below": "2.22"},
    "collections": {"a.b": {"minimum": "1.0.0", "below": "2.0.0"}},
    "libraries": {"botocore": {"minimum": "1.35.0", "when": "aws"}},
}


@pytest.mark.parametrize(
    ("changes", "what", "expected"),
    [
        ({}, "python", "ok"),
        ({"python": "3.11.9"}, "python", "error"),
        ({"ansible_core": "2.22.0"}, "ansible-core", "warning"),
        ({"collections": {"a.b": None}}, "collection a.b", "error"),
        ({"collections": {"a.b": "2.0.0"}}, "collection a.b", "warning"),
        ({"libraries": {"botocore": None}}, "Python library botocore", "error"),
    ],
)
def test_what_runs_ansible(changes, what, expected):
    found = {row["what"]: row["level"] for row in tools.judge_controller({**READ, **changes}, WANTED, {"aws": True})}
    assert found[what] == expected


def test_a_library_counts_only_where_it_is_used():
    found = tools.judge_controller({**READ, "libraries": {"botocore": None}}, WANTED, {"aws": False})
    assert {row["level"] for row in found} == {"ok"}


def test_the_wanted_collections_are_those_of_the_galaxy_file():
    dependencies = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["dependencies"]
    wanted = {name: f">={row['minimum']},<{row['below']}" for name, row in VARIABLES["__preflight_controller"]["collections"].items()}
    assert wanted == dependencies


def test_the_wanted_core_is_that_of_the_runtime_file():
    wanted = VARIABLES["__preflight_controller"]["ansible_core"]["minimum"]
    assert yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))["requires_ansible"] == f">={wanted}"


def test_the_cluster_providers_are_those_of_role_cluster():
    tasks = (ROOT / "roles" / "cluster" / "tasks" / "main.yml").read_text(encoding="utf-8")
    assert f"cluster_provider in {VARIABLES['__preflight_clusters_built']}" in tasks

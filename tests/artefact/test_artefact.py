# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The built collection, installed where no checkout answers for it, and used as an operator uses it: by a repository of their own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
ENVIRONMENTS = ("dev", "staging", "production")
PLAYBOOKS = {path.stem for path in (ROOT / "playbooks").glob("*.yml")}
# Phases of site that are also called alone.
ALONE = {"cost_report"}
PHASES = {Path(play["ansible.builtin.import_playbook"]).stem for play in yaml.safe_load((ROOT / "playbooks" / "site.yml").read_text())}
OPERATIONS = sorted(name for name in PLAYBOOKS - (PHASES - ALONE) - {"new_project"} if not name.startswith("local_"))
SHIPPED = {"CHANGELOG.rst", "CONTRIBUTING.md", "FILES.json", "LICENSE", "MANIFEST.json", "README.md", "SECURITY.md", "changelogs", "docs", "extensions"}
SHIPPED |= {"meta", "playbooks", "plugins", "requirements.txt", "requirements.yml", "roles"}


class Place:
    """A folder, and commands run in it as on a machine that has no checkout."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "PYTHON", "KUBECONFIG", "AWS_"))}
        self.environment = {**kept, "HOME": str(folder.parent / "home"), "PATH": f"{BIN}:{os.environ['PATH']}", "PWD": str(folder), **environment}

    def run(self, *command: str, status: int = 0) -> str:
        result = subprocess.run(
            command, cwd=self.folder, env=self.environment, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300
        )
        assert result.returncode == status, f"{' '.join(command)} ended with {result.returncode}:\n{result.stdout}"
        return result.stdout


@pytest.fixture(scope="session")
def artefact(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([str(BIN / "ansible-galaxy"), "collection", "build", "--output-path", str(folder)], cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("llmops-platform-*.tar.gz"))


@pytest.fixture(scope="session")
def installed(artefact, tmp_path_factory) -> Place:
    folder = tmp_path_factory.mktemp("installed")
    place = Place(folder, ANSIBLE_COLLECTIONS_PATH=str(folder))
    place.run("ansible-galaxy", "collection", "install", str(artefact), "-p", str(folder), "--offline")
    return place


@pytest.fixture(scope="session")
def project(installed, artefact, tmp_path_factory) -> Place:
    """The new repository, with the artefact in its own folder of collections."""
    folder = tmp_path_factory.mktemp("operator") / "platforms"
    installed.run("ansible-playbook", "llmops.platform.new_project", "-e", f"new_project_directory={folder}")
    place = Place(folder)
    place.run("ansible-galaxy", "collection", "install", str(artefact), "-p", "collections", "--offline")
    return place


def playbook(place: Place, environment: str, name: str, *more: str, status: int = 0) -> str:
    return place.run("ansible-playbook", "-i", f"inventories/{environment}.yml", f"playbooks/{name}.yml", *more, status=status)


def test_what_is_shipped(artefact):
    with tarfile.open(artefact) as archive:
        names = {name.split("/")[0] for name in archive.getnames()}
    assert names <= SHIPPED, "name it in build_ignore of galaxy.yml, or here"
    assert {"meta", "playbooks", "plugins", "roles"} <= names


def test_the_installed_one_answers_and_is_whole(installed):
    listed = json.loads(installed.run("ansible-galaxy", "collection", "list", "llmops.platform", "--format", "json").split("[WARNING]")[0])
    assert list(listed) == [str(installed.folder / "ansible_collections")]
    installed.run("ansible-galaxy", "collection", "verify", "llmops.platform", "--offline")
    assert "server-side apply" in installed.run("ansible-doc", "--type", "module", "llmops.platform.manifest_set")


def test_the_runner_of_the_local_mesh_starts(installed):
    files = installed.folder / "ansible_collections" / "llmops" / "platform" / "roles" / "local_platform" / "files"
    assert "--bootstrap" in Place(installed.folder, PYTHONPATH=str(files)).run("python", "-m", "mesh_runner", "--help")
    for name in ("envoy_bootstrap.json", "stages.yml", "pod_addresses.yml"):
        assert (files / name).stat().st_size


def test_the_environment_local_of_the_checkout(installed):
    installed.run("ansible-playbook", "-i", str(ROOT / "inventories" / "local.yml"), "llmops.platform.site", "--syntax-check")


def test_the_project_calls_site_and_every_operation(project):
    assert "site" in OPERATIONS
    assert sorted(path.stem for path in (project.folder / "playbooks").iterdir()) == OPERATIONS
    for path in (project.folder / "playbooks").iterdir():
        assert len(path.read_text().splitlines()) == 3


def test_the_project_holds_no_variable_twice(project):
    names = [key for path in (project.folder / "inventories" / "group_vars").iterdir() for key in yaml.safe_load(path.read_text())]
    assert len(set(names)) == len(names) - 2 * (len(ENVIRONMENTS) - 1)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_inventory_names_the_deployments(project, environment):
    hosts = json.loads(project.run("ansible-inventory", "-i", f"inventories/{environment}.yml", "--list"))["_meta"]["hostvars"]
    sides = ["primary", "standby"] if environment == "production" else ["primary"]
    assert sorted(hosts) == [f"example_{environment}_{side}" for side in sides]
    assert {variables["platform_environment"] for variables in hosts.values()} == {environment}
    assert [hosts[host]["platform_region_group"] for host in sorted(hosts)] == sides


@pytest.mark.parametrize("name", OPERATIONS)
def test_syntax(project, name):
    playbook(project, "dev", name, "--syntax-check")


def test_site_lists_the_roles_of_all_phases(project):
    listed = playbook(project, "production", "site", "--list-tasks")
    for role in ("preflight", "cluster", "cluster_baseline", "istio", "application"):
        assert f"llmops.platform.{role} : " in listed


def test_the_project_has_its_costs_reported(project):
    output = playbook(project, "dev", "cost_report")
    reports = project.folder / ".local" / "reports" / "cost" / "example-dev"
    assert "example-dev" in output, "the table"
    assert {"report.txt", "report.md", "report.html", "focus.csv", "infracost.json"} <= {path.name for path in reports.iterdir()}


def test_site_asks_for_confirmation(project):
    output = playbook(project, "production", "site", status=2)
    assert "preflight_confirm=production" in output.replace("\n", "")
    assert "changed=0" in output
    assert "[phase 1/" in output, "callback phases"


@pytest.mark.parametrize("more", [("-e", "preflight_confirm=dev"), ("--check",)], ids=["confirmed", "check"])
def test_site_comes_as_far_as_the_missing_cluster(project, more):
    output = " ".join(playbook(project, "dev", "site", *more, status=2).split())
    assert f"{project.environment['HOME']}/.kube/example-dev.yml" in output
    assert "changed=0" in output


def test_the_services_are_valid(project, tmp_path):
    """Everything of role application that needs no cluster, with the commented example switched on as well."""
    path = project.folder / "inventories" / "group_vars" / "example.yml"
    text = path.read_text()
    sample = re.sub("^#  ", "  ", text, flags=re.MULTILINE)
    assert len(yaml.safe_load(sample)["application_services"]) == 2
    play = [{"hosts": "all", "gather_facts": False, "tasks": [{"include_role": {"name": "llmops.platform.application", "tasks_from": "validate"}}]}]
    (tmp_path / "validate.yml").write_text(yaml.safe_dump(play))
    try:
        for content in (text, sample):
            path.write_text(content)
            project.run("ansible-playbook", "-i", "inventories/dev.yml", str(tmp_path / "validate.yml"))
    finally:
        path.write_text(text)


def test_the_project_passes_the_linters(project):
    project.run("yamllint", "--strict", "-c", str(ROOT / ".yamllint"), "inventories", "playbooks", "requirements.yml")
    project.run("ansible-lint", "--offline", "--profile", "production", "playbooks", "inventories", "requirements.yml")


def test_a_folder_in_use_is_refused(installed, project):
    before = sorted(project.folder.rglob("*"))
    output = installed.run("ansible-playbook", "llmops.platform.new_project", "-e", f"new_project_directory={project.folder}", status=2)
    assert "is not empty; nothing was written" in " ".join(output.split())
    assert sorted(project.folder.rglob("*")) == before


@pytest.mark.parametrize(
    ("variable", "message"),
    [
        ("new_project_directory=platforms", "give an absolute path"),
        ("new_project_platform=My-Platform", "new_project_platform is 'My-Platform'"),
        ({"new_project_environments": ["dev", "local"]}, "none of all, ungrouped, existing, local, primary, standby"),
    ],
)
def test_what_cannot_be_used_is_refused(installed, tmp_path, variable, message):
    given = variable if isinstance(variable, str) else json.dumps(variable)
    output = installed.run("ansible-playbook", "llmops.platform.new_project", "-e", f"new_project_directory={tmp_path / 'new'}", "-e", given, status=2)
    assert message in " ".join(output.split())
    assert not (tmp_path / "new").exists()


def test_a_fresh_clone_is_no_folder_in_use(installed, tmp_path):
    (tmp_path / ".git").mkdir()
    installed.run("ansible-playbook", "llmops.platform.new_project", "-e", f"new_project_directory={tmp_path}", "--check")

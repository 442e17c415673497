# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workflows of CI: pinned actions, least permissions, and the two scripts that they call."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
WORKFLOWS = sorted((ROOT / ".github").rglob("*.yml"))
PINNED = re.compile(r"^\s*(?:- )?uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
WRITERS = {("release.yml", "github"): {"contents"}}


JOBS = [pytest.param(path, name, job, id=f"{path.stem}-{name}") for path in WORKFLOWS for name, job in yaml.safe_load(path.read_text()).get("jobs", {}).items()]


def unpinned(text: str) -> list[str]:
    return [line for line in text.splitlines() if re.match(r"\s*(- )?uses:", line) and not PINNED.match(line)]


def test_there_are_workflows():
    assert {"ci.yml", "release.yml"} <= {path.name for path in WORKFLOWS}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_by_commit_and_says_its_version(path):
    assert unpinned(path.read_text()) == []


@pytest.mark.parametrize("action", ["actions/checkout@v6", f"actions/checkout@{'a' * 40}", f"actions/checkout@{'a' * 39} # v6.0.2", f"a/b@{'a' * 40} # main"])
def test_what_counts_as_unpinned(action):
    assert unpinned(f"      - uses: {action}") != []


@pytest.mark.parametrize(("path", "name", "job"), JOBS)
def test_permissions_are_least(path, name, job):
    assert yaml.safe_load(path.read_text())["permissions"] == {"contents": "read"}
    written = {scope for scope, access in job.get("permissions", {}).items() if access != "read"}
    assert written == WRITERS.get((path.name, name), set())
    for step in job["steps"]:
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False, "the token would stay in .git/config"


@pytest.mark.parametrize(("path", "name", "job"), JOBS)
def test_no_foreign_text_reaches_a_shell(path, name, job):
    # An expression in `run` is pasted into the script; a title or branch name could then be code.
    assert job["timeout-minutes"] <= 60
    for step in job["steps"]:
        assert "${{" not in step.get("run", ""), f"{path.name} {name}: pass it by env"


@pytest.fixture
def repository(tmp_path):
    """A small repository with the scripts of CI, and a function that commits files and returns the commit before."""
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")

    def git(*arguments: str) -> str:
        identity = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
        return subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True, capture_output=True, text=True).stdout.strip()

    def commit(*names: str) -> str:
        for name in names:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text("changed\n")
        git("add", "-A")
        git("commit", "-q", "-m", "x")
        return git("rev-parse", "HEAD")

    git("init", "-q")
    base = commit("galaxy.yml")
    return tmp_path, commit, base


def script(folder: Path, *command: str) -> subprocess.CompletedProcess:
    return subprocess.run([f".ci/{command[0]}", *command[1:]], cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        (("plugins/filter/a.py",), 1),
        (("roles/a/tasks/main.yml", "changelogs/fragments/notes.txt"), 1),
        (("plugins/filter/a.py", "changelogs/fragments/2-a.yml"), 0),
        (("galaxy.yml", "changelogs/changelog.yaml"), 0),
        (("tests/unit/test_a.py", "README.md"), 0),
    ],
)
def test_what_reaches_users_needs_a_fragment(repository, changed, status):
    folder, commit, base = repository
    commit(*changed)
    result = script(folder, "changelog_fragment", base)
    assert result.returncode == status, result.stderr
    assert status == 0 or (changed[0] in result.stderr and "CONTRIBUTING.md" in result.stderr)


def test_an_unknown_base_is_no_pass(repository):
    assert script(repository[0], "changelog_fragment", "0" * 40).returncode not in (0, 1)


def test_a_tag_is_the_version_and_in_the_changelog(tmp_path):
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    (tmp_path / "galaxy.yml").write_text("version: 1.2.3\n")
    (tmp_path / "CHANGELOG.rst").write_text("v1.2.30\n=======\n")
    assert "galaxy.yml says version 1.2.3" in script(tmp_path, "release_ready", "1.2.4").stderr
    assert "antsibull-changelog release" in script(tmp_path, "release_ready", "1.2.3").stderr
    (tmp_path / "CHANGELOG.rst").write_text("v1.2.3\n======\n")
    assert script(tmp_path, "release_ready", "1.2.3").returncode == 0

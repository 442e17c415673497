# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guides: what they show is short, loads, and does what they say; what they name exists."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import textwrap
from pathlib import Path

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.llmops.platform.plugins.module_utils._inventory.layering import merge
from tests.support.programs import program

ROOT = Path(__file__).resolve().parents[3]
GUIDES = sorted((ROOT / "docs" / "docsite" / "rst").glob("*.rst"))
SNIPPET = re.compile(r"^\.\. code-block:: yaml\n    :caption: (\S+)\n\n((?:    .*\n|\n)+)", re.MULTILINE)


def snippets(guide: str) -> dict[str, str]:
    """Text by the path that it is shown for."""
    text = (ROOT / "docs" / "docsite" / "rst" / f"{guide}.rst").read_text()
    return {path: textwrap.dedent(block).strip() for path, block in SNIPPET.findall(text)}


def hosts(folder: Path, inventory: str) -> dict:
    command = [program("ansible-inventory"), "-i", str(folder / "inventories" / inventory), "--list"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout)["_meta"]["hostvars"]


@pytest.fixture
def written(tmp_path):
    """The inventories with a guide's snippets merged into them."""

    def write(guide: str) -> Path:
        shutil.copytree(ROOT / "inventories", tmp_path / "inventories")
        for path, text in snippets(guide).items():
            target = tmp_path / path
            before = yaml.safe_load(target.read_text()) if target.exists() else {}
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(yaml.safe_dump(merge(before, yaml.safe_load(text))))
        return tmp_path

    return write


def refused(services: dict) -> list[str]:
    options = yaml.safe_load((ROOT / "roles" / "application" / "meta" / "argument_specs.yml").read_text())["argument_specs"]["service"]["options"]
    return [message for service in services.values() for message in ArgumentSpecValidator(options).validate(service).error_messages]


@pytest.mark.parametrize("guide", ["add_an_environment", "add_a_platform", "add_a_service"])
def test_each_snippet_has_at_most_ten_lines(guide):
    assert len(snippets(guide)) == 2
    for path, text in snippets(guide).items():
        assert len(text.splitlines()) <= 10, path


def test_an_environment(written):
    found = hosts(written("add_an_environment"), "qa.yml")
    assert list(found) == ["connector_hub_qa_primary"]
    variables = found["connector_hub_qa_primary"]
    assert (variables["platform_environment"], variables["platform_name"], variables["platform_provider"]) == ("qa", "connector_hub", "existing")
    assert variables["cluster_kubeconfig"].endswith("qa.yml")


def test_a_platform(written):
    before = hosts(ROOT, "local.yml")
    found = hosts(written("add_a_platform"), "local.yml")
    assert set(found) - set(before) == {"search_local_primary"}
    variables = found["search_local_primary"]
    assert (variables["platform_environment"], variables["platform_name"], variables["platform_provider"]) == ("local", "search", "existing")
    assert variables["cluster_provider"] == "local"
    assert refused(variables["application_services"]) == []


def test_a_service(written):
    shown = yaml.safe_load(snippets("add_a_service")["inventories/group_vars/connector_hub/application.yml"])["application_services"]
    assert refused(shown) == []
    assert refused({"wrong": {**shown["usage-report"], "replica": 2}}) != [], "the spec judges"
    found = hosts(written("add_a_service"), "production.yml")["connector_hub_production_primary"]
    assert set(found["application_services"]) > set(shown)
    assert found["application_services_environment"]["usage-report"]["replicas"] == 4


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_what_a_guide_names_exists(guide):
    text = guide.read_text()
    targets = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for target in re.findall(r"(?:``|^    )make ([a-z-]+)", text, re.MULTILINE):
        assert target in targets, target
    for name in re.findall(r"playbooks/(\w+)\.yml|llmops\.platform\.(new_project|site)\b", text):
        assert (ROOT / "playbooks" / f"{name[0] or name[1]}.yml").exists(), name
    for path in re.findall(r"``((?:inventories|roles|plugins|playbooks|tests|docs)/[^`\s]+)", text):
        pattern = re.sub(r"<[a-z]+>", "*", path).replace("*_*.yml", "*_dev.yml").rstrip("/")
        known = list(ROOT.glob(pattern)) or path in ("inventories/dev.yml", "inventories/group_vars/example.yml")
        assert known, path


def test_every_guide_is_in_the_table_of_contents():
    sections = yaml.safe_load((ROOT / "docs" / "docsite" / "extra-docs.yml").read_text())["sections"]
    assert sorted(name for section in sections for name in section["toctree"]) == [path.stem for path in GUIDES]

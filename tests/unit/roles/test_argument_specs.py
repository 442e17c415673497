# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each role's argument spec and its defaults tell the same."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
import yaml
from ansible import release

ROOT = Path(__file__).resolve().parents[3]
ROLES = sorted(path for path in (ROOT / "roles").iterdir() if path.is_dir())


def loaded(path: Path) -> dict:
    return yaml.safe_load(path.read_text()) or {}


@pytest.mark.parametrize("role", ROLES, ids=lambda path: path.name)
def test_spec_and_defaults_agree(role):
    options = loaded(role / "meta" / "argument_specs.yml")["argument_specs"]["main"]["options"]
    defaults = loaded(role / "defaults" / "main.yml")
    assert set(options) >= set(defaults), "a default without a documented option"
    for name, option in options.items():
        assert name.startswith(f"{role.name}_"), name
        if option.get("required"):
            assert name not in defaults
            continue
        assert name in defaults, f"{name} is documented but has no default"
        computed = "{{" in str(defaults[name]) and "default" not in option
        if not computed:
            assert option.get("default") == defaults[name], name
        else:
            # What is computed cannot stand in the spec; its description says from what.
            assert "default" not in option and "Defaults to" in str(option["description"]), name


@pytest.mark.parametrize("role", ROLES, ids=lambda path: path.name)
def test_public_and_private_variables_bear_the_roles_name(role):
    for path in (role / "tasks").rglob("*.yml"):
        for name in re.findall(r"^\s+register: (\S+)", path.read_text(), re.MULTILINE):
            assert name.startswith(f"__{role.name}_"), f"{path.name}: {name}"


def test_the_programs_versions_are_those_of_go_mod():
    defaults = loaded(ROOT / "roles" / "local_platform" / "defaults" / "main.yml")
    for tool, module in (("kubernetes", "k8s.io/kubernetes"), ("kwok", "sigs.k8s.io/kwok"), ("etcd", "go.etcd.io/etcd/server/v3")):
        pinned = re.search(rf"^(?:require|\t)\s*{re.escape(module)} v(\S+)", (ROOT / "tools" / tool / "go.mod").read_text(), re.MULTILINE)
        assert pinned[1] == defaults[f"local_platform_{tool}_version"]


def test_the_clusters_version_is_that_of_the_local_programs():
    version = loaded(ROOT / "inventories" / "group_vars" / "all" / "versions.yml")["cluster_version"]
    assert loaded(ROOT / "roles" / "local_platform" / "defaults" / "main.yml")["local_platform_kubernetes_version"].startswith(f"{version}.")


@pytest.mark.skipif(release.__version__.startswith("2.20."), reason="the package for ansible-core 2.20 carries older ones")
@pytest.mark.skipif(not (ROOT / ".venv").exists(), reason="ansible-test, in its own copy, brings ansible-core alone")
def test_collections_are_those_of_the_pinned_package():
    wanted = {entry["name"]: entry["version"] for entry in loaded(ROOT / "requirements.yml")["collections"]}
    for name in wanted:
        package = importlib.import_module(f"ansible_collections.{name}")
        manifest = loaded(Path(next(iter(package.__path__))) / "MANIFEST.json")["collection_info"]
        assert wanted[name] == manifest["version"]

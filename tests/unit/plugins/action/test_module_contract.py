# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every module that is done by an action plugin: the documentation is the contract, so it must be complete and true."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest
import yaml
from ansible.plugins.loader import fragment_loader
from ansible.utils.plugin_docs import get_docstring

PLUGINS = Path(__file__).resolve().parents[4] / "plugins"
ACTIONS = sorted(path.stem for path in (PLUGINS / "action").glob("*.py") if not path.stem.startswith("_"))


# What it gets in option `analysis` it judges by the other's contract.
OTHER_CONTRACTS = {"release_watch": "canary_analysis"}


def documentation(name: str) -> tuple[dict, dict]:
    doc, _examples, returned, _metadata = get_docstring(
        str(PLUGINS / "modules" / f"{name}.py"), fragment_loader, collection_name="llmops.platform", plugin_type="module"
    )
    return doc, yaml.safe_load(returned) if isinstance(returned, str) else returned


def options_read(name: str) -> set[str]:
    """Keys that the action, or the module_utils it hands its arguments to, takes from a dict called `arguments`."""
    tree = ast.parse((PLUGINS / "action" / f"{name}.py").read_text(encoding="utf-8"))
    files = [PLUGINS / "action" / f"{name}.py"]
    files += [
        PLUGINS.parent / f"{node.module.removeprefix('ansible_collections.llmops.platform.').replace('.', '/')}.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and "module_utils" in node.module
        # Release_watch gives the analysis options of its own, validated by the documentation of canary_analysis.
        if name == "canary_analysis" or "._canary." not in node.module
    ]
    return {key for file in files if file.exists() for key in _keys(ast.parse(file.read_text(encoding="utf-8")))}


def _keys(tree: ast.AST):
    for node in ast.walk(tree):
        owner, key = None, None
        if isinstance(node, ast.Subscript):
            owner, key = node.value, node.slice
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
            owner, key = node.func.value, node.args[0]
        if isinstance(owner, ast.Name) and owner.id == "arguments" and isinstance(key, ast.Constant):
            yield key.value


def test_there_are_actions():
    assert {"manifest_set", "cluster_connection_info"} <= set(ACTIONS)


@pytest.mark.parametrize("name", ACTIONS)
def test_module_documents_its_action(name):
    doc, returned = documentation(name)
    assert doc["module"] == name
    assert doc["version_added"]
    assert not doc["short_description"].endswith(".")
    assert {"check_mode", "diff_mode", "async", "become", "delegation"} <= doc["attributes"].keys()
    assert returned, "RETURN is missing"
    for key, entry in returned.items():
        assert entry.get("returned"), f"RETURN {key} does not say when"
        assert "sample" in entry or "contains" in entry, f"RETURN {key} has no sample"


@pytest.mark.parametrize("name", ACTIONS)
def test_options_the_action_reads_are_documented(name):
    documented = documentation(name)[0]["options"].keys()
    if name in OTHER_CONTRACTS:
        documented |= documentation(OTHER_CONTRACTS[name])[0]["options"].keys()
    assert options_read(name) - documented == set()


@pytest.mark.parametrize("name", ACTIONS)
def test_defaults_fit_their_choices(name):
    for option, entry in documentation(name)[0]["options"].items():
        if "choices" in entry and "default" in entry:
            assert entry["default"] in entry["choices"], option
        assert not (entry.get("required") and "default" in entry), option


@pytest.mark.parametrize(
    ("name", "option"),
    [("container_image_info", "password"), ("helm_release", "secret_values"), ("service_level_info", "token")],
)
def test_secrets_are_not_logged(name, option):
    action = importlib.import_module(f"ansible_collections.llmops.platform.plugins.action.{name}").ActionModule
    assert action.spec(f"llmops.platform.{name}")[option]["no_log"] is True


@pytest.mark.parametrize("name", sorted(path.stem for path in (PLUGINS / "modules").glob("*.py")))
def test_every_module_has_its_action(name):
    assert name in ACTIONS

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every variable that is planned for data services, telemetry and backups is read by the bill, or named as free with the reason."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.free import FREE
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.volumes import CLASSES

yaml = pytest.importorskip("yaml")
ROOT = Path(__file__).resolve().parents[5]
BILL = ROOT / "plugins" / "module_utils" / "_cost" / "bill"
LAYERS = ("_shared", "_environment", "_deployment", "_common")
SOURCES = {
    "postgresql": ("postgresql", "database_backups", "volumes", "backup", "backup_targets"),
    "redis": ("redis", "volumes", "backup_targets"),
    "kafka": ("kafka", "volumes", "backup_targets"),
    "elasticsearch": ("elasticsearch", "volumes", "backup_targets"),
    "rabbitmq": ("rabbitmq", "volumes", "backup_targets"),
    "object_storage": ("object_storage", "objects"),
    "vault": ("vault",),
    "monitoring": ("monitoring",),
    "logging": ("logging",),
    "tracing": ("tracing",),
    "backup": ("backup", "schedules", "database_backups", "restore_tests"),
}


def words(component: str) -> set[str]:
    """Every text in the code that reads a component's variables, also where it is a part of a longer one; docstrings are none of it."""
    found = set()
    for source in (*SOURCES[component], "data"):
        tree = ast.parse((BILL / f"{source}.py").read_text(encoding="utf-8"))
        documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
                found |= {node.value, f"{component}{node.value}"}
    return found


@cache
def planned() -> dict[str, dict]:
    return yaml.safe_load((ROOT / "roles" / "preflight" / "files" / "planned_roles.yml").read_text(encoding="utf-8"))


def figures(component: str) -> set[str]:
    """Variables, and keys of the values of maps that are keyed by free names."""
    found = set()
    for name, option in planned().get(component, {}).get("options", {}).items():
        if name.endswith(LAYERS):
            continue
        found.add(name)
        found |= {f"{name}.{key}" for key in ((option.get("values") or {}).get("options") or {})}
    return found


@pytest.mark.parametrize("component", SOURCES)
def test_every_figure_is_read_or_free(component):
    read, left = words(component), []
    for path in sorted(figures(component)):
        whole = path.partition(".")[0]
        if path not in FREE and whole not in FREE and path.rpartition(".")[2] not in read:
            left.append(path)
    assert left == []


def test_nothing_is_called_free_that_is_read_or_unknown():
    known = {path: component for component in SOURCES for path in figures(component)}
    for path in FREE:
        if any(component in planned() for component in SOURCES if path.startswith(component)):
            assert path in known, f"{path} is no variable any more"


@pytest.mark.parametrize("provider", CLASSES)
def test_storage_classes_are_those_of_the_role_that_makes_them(provider):
    text = (ROOT / "roles" / "cluster_baseline" / "vars" / "main" / "storage.yml").read_text(encoding="utf-8")
    made = yaml.safe_load(text)["__cluster_baseline_provider_storage_classes"][provider]
    for name, parameters in CLASSES[provider].items():
        theirs = made[name]["parameters"]
        assert {key: theirs[key] for key in parameters} == parameters
        # Nothing that is billed is left out.
        assert set(theirs) & {"type", "iops", "throughput", "skuName", "tier"} == set(parameters)

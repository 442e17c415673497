# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operators' definitions: pins, the role's table, its switch and the documentation tell the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from ansible_collections.llmops.platform.plugins.plugin_utils._local import go_files

ROOT = Path(__file__).resolve().parents[3]
ROLE = ROOT / "roles" / "local_platform"
PINS = {path.parent.name: go_files.pinned(path.parent) for path in sorted((ROOT / "tools" / "crds").glob("*/go.mod"))}
TABLE = {entry["name"]: entry for entry in yaml.safe_load((ROLE / "vars" / "main" / "crds.yml").read_text())["__local_platform_crds"]}
ROWS = re.findall(r"^\| `(\w+)` \| [^|]+ \| (\S+) \| (\S+) \| (\d+) \|$", (ROOT / "docs" / "crds.md").read_text(), re.MULTILINE)


def test_every_pin_is_in_the_roles_table_and_has_a_switch():
    switch = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text())["local_platform_crds"]
    assert PINS
    assert set(PINS) == set(TABLE) == set(switch)
    assert set(switch.values()) == {True}


def test_the_documentation_lists_the_pins():
    assert [(name, version, path) for name, version, path, _count in ROWS] == [(name, pin.version, pin.path) for name, pin in PINS.items()]


@pytest.mark.parametrize("name", sorted(PINS))
def test_the_table_finds_its_pin(name):
    assert TABLE[name]["module"] == f"{{{{ __local_platform_crds_pins }}}}/{name}"
    assert TABLE[name]["files"]
    assert f"module llmops.platform/tools/crds/{name}\n" in (ROOT / "tools" / "crds" / name / "go.mod").read_text()

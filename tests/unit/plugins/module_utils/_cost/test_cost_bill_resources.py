# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each type in the roles' templates is billed by somebody or said to be free. What the templates render to is compared in tests/integration."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.registry import COMPONENTS
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.resources import FREE
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.resources import MAPPED

ROOT = Path(__file__).resolve().parents[5]
TYPE = re.compile(r"Type: (AWS::[A-Za-z0-9]+::[A-Za-z0-9]+)\s*$", re.MULTILINE)
TEMPLATES = sorted((ROOT / "roles").glob("*/templates/*.yml.j2"))


def in_templates() -> set[str]:
    return {kind for template in TEMPLATES for kind in TYPE.findall(template.read_text(encoding="utf-8"))}


def in_permissions() -> set[str]:
    table = yaml.safe_load((ROOT / "roles" / "stacks" / "files" / "permissions.yml").read_text(encoding="utf-8"))
    return set(table["types"])


@pytest.mark.parametrize("types", [in_templates(), in_permissions()], ids=["templates", "permissions"])
def test_every_type_is_mapped_or_free(types):
    assert len(types) > 40
    assert types - set(MAPPED) - set(FREE) == set()


def test_no_type_is_both():
    assert set(MAPPED) & set(FREE) == set()


def test_mapped_types_are_billed_by_components_that_there_are():
    assert {name for names in MAPPED.values() for name in names} <= set(COMPONENTS)


def test_what_is_free_says_why():
    assert all(len(why) > 15 for why in FREE.values())

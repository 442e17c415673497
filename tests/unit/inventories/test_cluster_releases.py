# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the catalogue says of EKS: the same days as the table of ends of life, and versions that fit each other."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ansible_collections.llmops.platform.plugins.module_utils._cluster import addons
from ansible_collections.llmops.platform.plugins.module_utils._cluster import versions

ROOT = Path(__file__).resolve().parents[3]
CATALOGUE = yaml.safe_load((ROOT / "inventories" / "group_vars" / "all" / "versions.yml").read_text(encoding="utf-8"))
RELEASES = CATALOGUE["cluster_eks_releases"]
ENDS = yaml.safe_load((ROOT / "roles" / "preflight" / "files" / "end_of_life.yml").read_text(encoding="utf-8"))["amazon-eks"]["cycles"]


def test_the_default_version_has_a_row():
    assert CATALOGUE["cluster_version"] in RELEASES


@pytest.mark.parametrize("minor", RELEASES)
def test_days_are_those_of_the_table(minor):
    row = RELEASES[minor]
    assert (row["until"], row["extended_until"]) == (str(ENDS[minor]["end_of_life"]), str(ENDS[minor]["extended"]))


@pytest.mark.parametrize("minor", RELEASES)
def test_every_add_on_that_is_built_has_a_version_that_fits(minor):
    assert list(versions.problems(minor, RELEASES, "standard", "2026-11-21")) == []
    for name in addons.ADDONS:
        assert versions.addon_version(name, minor, RELEASES)

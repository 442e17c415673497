# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes .local/inventory.schema.json, the contract of all variables for editors."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

# It makes the collection importable, so it comes first.
from tests.conftest import ROOT

# isort: split

from ansible_collections.llmops.platform.plugins.action.inventory_check import contract_files
from ansible_collections.llmops.platform.plugins.module_utils._inventory.contract import Contract
from ansible_collections.llmops.platform.plugins.module_utils._inventory.contract import build
from ansible_collections.llmops.platform.plugins.module_utils._inventory.json_schema import json_schema

FILE = ROOT / ".local" / "inventory.schema.json"


def contract() -> Contract:
    """The contract of this collection."""
    files = [Path(file) for file in contract_files()]
    return build((str(file), file.parent.parent.name, yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files)


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(json_schema(contract()), indent=1) + "\n", encoding="utf-8")
    print(f"wrote {FILE}")

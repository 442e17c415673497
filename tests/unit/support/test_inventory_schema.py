# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make schema`, in a process of its own as make runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.skipif(not (ROOT / ".collections").exists(), reason="ansible-test, in its own copy, has no link to it")
def test_the_schema_knows_the_roles_variables():
    done = subprocess.run([sys.executable, "-m", "tests.support.inventory_schema"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    schema = json.loads((ROOT / ".local" / "inventory.schema.json").read_text(encoding="utf-8"))
    assert {"application_services", "istio_services", "release_strategy"} <= schema["properties"].keys()

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs one module of the collection as an operator would, in an ansible process of its own."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import yaml

from tests.support.programs import program

ROOT = Path(__file__).resolve().parents[2]
# Of role local_platform: among them the versions of the programs.
DEFAULTS = yaml.safe_load((ROOT / "roles" / "local_platform" / "defaults" / "main.yml").read_text(encoding="utf-8"))


def run_module(name: str, arguments: dict[str, Any], check: bool = False) -> dict[str, Any]:
    """The module's result; `failed` is always there, `msg` with a failed one."""
    command = [program("ansible"), "localhost", "-i", "localhost,", "-c", "local"]
    command += ["-m", f"llmops.platform.{name}", "-a", json.dumps(arguments), *(["--check"] if check else [])]
    environment = {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_CALLBACK_RESULT_FORMAT": "json"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=ROOT)
    begin = done.stdout.find("=> {")
    if begin < 0:
        raise AssertionError(f"no result of {name}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return {"failed": "FAILED!" in done.stdout[:begin], **json.loads(done.stdout[begin + 3 :])}

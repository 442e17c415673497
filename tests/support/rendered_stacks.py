# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stacks of all roles for all hosts, as ansible-playbook renders them, without any account."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.support.inventories import FILES
from tests.support.inventories import ROOT

JSON_OUTPUT = {"ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json", "ANSIBLE_CALLBACKS_ENABLED": "llmops.platform.phases", "ANSIBLE_NOCOLOR": "1"}
ROLES = sorted(path.parts[-3] for path in (ROOT / "roles").glob("*/tasks/stacks.yml"))


@dataclass(frozen=True)
class Rendered:
    """One stack of one host."""

    environment: str
    host: str
    role: str
    key: str
    stack: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.host}:{self.key}"


@cache
def rendered(environment: str) -> tuple[Rendered, ...]:
    """All stacks of one inventory. Raises RuntimeError with what the play said."""
    play = ["tests/policy/stacks.yml", "--extra-vars", json.dumps({"stacks_rendered_roles": ROLES})]
    command = [sys.executable, "-m", "ansible", "playbook", "-i", f"inventories/{environment}.yml", *play]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, env={**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), **JSON_OUTPUT}
    )
    start = done.stdout.find('{\n    "custom_stats"')
    if start < 0:
        raise RuntimeError(f"the stacks of {environment} cannot be rendered:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    report = json.JSONDecoder().raw_decode(done.stdout[start:])[0]
    found, failed = [], []
    for task in report["plays"][0]["tasks"]:
        for host, result in task["hosts"].items():
            if result.get("failed"):
                failed.append(f"{host}: {task['task']['name']}: {result.get('msg')}")
            for name, value in result.get("ansible_facts", {}).items():
                if name.endswith("_stacks"):
                    found += [Rendered(environment, host, name.removesuffix("_stacks"), key, stack) for key, stack in value.items()]
    if failed:
        raise RuntimeError(f"the stacks of {environment} cannot be rendered:\n" + "\n".join(failed))
    return tuple(found)


def graphs(environment: str) -> dict[str, dict[str, dict[str, Any]]]:
    """`{platform: {key: stack}}`: the stacks of all hosts of each platform, and of `shared`."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for one in rendered(environment):
        found.setdefault(one.host.rsplit("_", 2)[0], {})[one.key] = one.stack
    return found


def everything() -> list[Rendered]:
    """Of all inventories."""
    return [one for path in FILES for one in rendered(path.stem)]

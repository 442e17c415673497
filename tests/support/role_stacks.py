# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stacks of a role as it renders them for the hosts of an inventory: `tasks/stacks.yml` of the role, run by ansible-playbook, touching nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.support.inventories import ROOT
from tests.support.inventories import Inventory


class RenderingFailed(Exception):
    """What the play said, by host."""

    def __init__(self, messages: Mapping[str, str]) -> None:
        super().__init__("\n".join(f"{host}: {message}" for host, message in messages.items()))
        self.messages = dict(messages)


def hosts_with(inventory: Inventory, role: str) -> list[str]:
    """Hosts that declare the component and are at AWS."""
    return [host for host in inventory.hosts if inventory.value(host, "platform_components").get(role) and inventory.value(host, "platform_provider") == "aws"]


def stacks_of(role: str, inventory: Path, hosts: list[str], **variables: Any) -> dict[str, dict[str, Any]]:
    """`{host: {key: stack}}`. `variables` win over the inventory's. Raises RenderingFailed."""
    return {host: found[role] for host, found in _rendered([role], inventory, hosts, variables).items() if role in found}


def graph_of(roles: list[str], inventory: Path, host: str, **variables: Any) -> dict[str, Any]:
    """`{key: stack}` of several roles for one host. Raises RenderingFailed."""
    found = _rendered(roles, inventory, [host], variables)[host]
    return {key: stack for role in roles for key, stack in found[role].items()}


def _rendered(roles: list[str], inventory: Path, hosts: list[str], variables: Mapping[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
    """`{host: {role: {key: stack}}}`."""
    tasks = [{"name": "Render", "ansible.builtin.include_role": {"name": f"llmops.platform.{role}", "tasks_from": "stacks"}} for role in roles]
    with TemporaryDirectory() as directory:
        play = Path(directory) / "play.json"
        play.write_text(json.dumps([{"hosts": ",".join(hosts), "gather_facts": False, "tasks": tasks}]), encoding="utf-8")
        extra = Path(directory) / "extra.json"
        extra.write_text(json.dumps(variables), encoding="utf-8")
        environment = {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json"}
        command = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", str(inventory), str(play), "--extra-vars", f"@{extra}"]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=False)
    if '{\n    "custom_stats"' not in done.stdout:
        raise RenderingFailed({"ansible-playbook": (done.stdout + done.stderr)[-3000:]})
    report = json.JSONDecoder().raw_decode(done.stdout[done.stdout.index('{\n    "custom_stats"') :])[0]
    found: dict[str, dict[str, dict[str, Any]]] = {}
    failed: dict[str, str] = {}
    for task in report["plays"][0]["tasks"]:
        for host, result in task["hosts"].items():
            if result.get("failed"):
                failed[host] = result.get("msg", "failed")
            for role in roles:
                if f"{role}_stacks" in result.get("ansible_facts", {}):
                    found.setdefault(host, {})[role] = result["ansible_facts"][f"{role}_stacks"]
    if failed:
        raise RenderingFailed(failed)
    return found

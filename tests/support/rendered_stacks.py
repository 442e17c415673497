# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stacks of all roles for all hosts, as ansible-playbook renders them, without any account."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from dataclasses import asdict
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.support.inventories import FILES
from tests.support.inventories import ROOT
from tests.support.inventories import Inventory
from tests.support.role_stacks import hosts_with

JSON_OUTPUT = {
    "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
    "ANSIBLE_CALLBACKS_ENABLED": "llmops.platform.preload,llmops.platform.phases",
}
# A rendering takes a minute and several checks look at it: it is kept as long as nothing that it is made of changes.
KEPT = ROOT / ".local" / "reports" / "stacks"
SOURCES = ("inventories", "roles", "plugins", "tests/policy", "uv.lock")
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
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = KEPT / f"{environment}.json"
    with open(KEPT / f"{environment}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        digest = _digest()
        if kept.exists() and (found := json.loads(kept.read_text(encoding="utf-8")))["digest"] == digest:
            return tuple(Rendered(**one) for one in found["stacks"])
        stacks = _rendered(environment)
        kept.write_text(json.dumps({"digest": digest, "stacks": [asdict(one) for one in stacks]}), encoding="utf-8")
        return stacks


@cache
def _digest() -> str:
    """Of all files that a rendering may read."""
    digest = hashlib.sha256()
    for source in SOURCES:
        path = ROOT / source
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _rendered(environment: str) -> tuple[Rendered, ...]:
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


def of_role(role: str) -> dict[str, dict[str, Any]]:
    """`{host: {key: stack}}` of every platform's AWS host of every inventory that declares the role."""
    found: dict[str, dict[str, Any]] = {}
    for path in FILES:
        for host in hosts_with(Inventory(path), role):
            found[host] = {one.key: one.stack for one in rendered(path.stem) if (one.host, one.role) == (host, role)}
    return found

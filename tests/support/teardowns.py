# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role teardown as an operator runs it, for a deployment that is only its stacks."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support.modules import ROOT
from tests.support.programs import program
from tests.support.stack_graphs import GUARDS
from tests.support.stack_graphs import stack
from tests.support.stack_graphs import template

ACCOUNT = "123456789012"
HOST = "shop_dev_primary"
REGION = "us-east-1"
TAGS = {"platform": "shop", "environment": "dev"}
GROUPS = {"shop": HOST, "dev": HOST, "primary": HOST}
DENY = {"Effect": "Deny", "Action": ["Update:Replace", "Update:Delete"], "Principal": "*", "Resource": "*"}
POLICY = {"Statement": [{"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}, DENY]}
VARIABLES = {
    "ansible_connection": "local",
    "platform_name": "shop",
    "platform_environment": "dev",
    "platform_provider": "aws",
    "platform_account": ACCOUNT,
    "platform_region": REGION,
    "platform_regions": {"primary": REGION},
    "platform_components": {},
    "teardown_regions": [REGION],
    "teardown_poll_seconds": 1,
    "teardown_load_balancer_timeout": 3,
}


def guarded(kind: str, **properties: Any) -> dict[str, Any]:
    """A resource that holds data, as our templates write it."""
    return {"Type": kind, **GUARDS, "Properties": properties}


def shop(name: str, resources: dict[str, Any], data: bool = False, **more: Any) -> dict[str, Any]:
    """One stack of the deployment."""
    guards = {"protection": True, "policy": POLICY} if data else {"protection": True}
    outputs = more.pop("outputs", None)
    parameters = tuple(more.get("parameters", ()))
    text = template(resources, parameters, outputs)
    return stack(f"shop-dev-{name}", text, tags=TAGS, **guards, **more)


def bucket(name: str) -> dict[str, Any]:
    """A bucket with versions."""
    return guarded("AWS::S3::Bucket", BucketName=name, VersioningConfiguration={"Status": "Enabled"})


class Outcome:
    """What a run printed and did, by the names of its tasks."""

    def __init__(self, code: int, output: str) -> None:
        assert '"plays"' in output, output[-3000:]
        document = json.JSONDecoder().raw_decode(output[output.index('{\n    "custom_stats"') :])[0]
        self.code, self.output = code, output
        self.tasks = [(task["task"]["name"], result) for play in document["plays"] for task in play["tasks"] for result in task["hosts"].values()]
        stats = next(iter(document["stats"].values()), {})
        self.failed, self.changed = bool(stats.get("failures")), stats.get("changed", 0)

    def result(self, words: str) -> dict[str, Any]:
        """Of the last task with these words in its name. Raises AssertionError where none ran."""
        found = [result for name, result in self.tasks if words in name]
        assert found, [name for name, _result in self.tasks]
        return found[-1]

    @property
    def message(self) -> str:
        return " ".join(str(result.get("msg", "")) for _name, result in self.tasks if result.get("failed"))

    @property
    def plan(self) -> list[str]:
        """Steps in their order, `<action> <what>`."""
        return [f"{step['action']} {step['what']}" for _name, result in self.tasks for step in result.get("plan") or []]


class Teardowns:
    """Runs below `folder` with the variables of `environment` for AWS."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self._environment = folder, dict(environment)

    def run(self, stacks: Mapping[str, Any], check: bool = False, **variables: Any) -> Outcome:
        """To its end."""
        running = self.start(stacks, check, **variables)
        output, errors = running.communicate(timeout=300)
        return Outcome(running.returncode, output + errors)

    def start(self, stacks: Mapping[str, Any], check: bool = False, **variables: Any) -> subprocess.Popen[str]:
        """The running playbook, in a process group of its own."""
        values = {**VARIABLES, "teardown_confirm": "shop_dev", **variables}
        groups = {name: {"hosts": {host: {}}} for name, host in {**GROUPS, **values.pop("groups", {})}.items()}
        inventory, play, extra = (self.folder / name for name in ("inventory.json", "play.json", "extra.json"))
        inventory.write_text(json.dumps({"all": {"hosts": {HOST: values}, "children": groups}}), encoding="utf-8")
        # Read as it is: a template may hold references that look like Jinja.
        extra.write_text(json.dumps(stacks), encoding="utf-8")
        graph = {"teardown_stacks": f"{{{{ lookup('ansible.builtin.file', '{extra}') | from_json }}}}"}
        role = [{"role": "llmops.platform.teardown", "vars": graph}]
        play.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "environment": self._environment, "roles": role}]), encoding="utf-8")
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return subprocess.Popen(
            [program("ansible-playbook"), "-i", str(inventory), *(["--check"] if check else []), str(play)],
            cwd=ROOT,
            env={**kept, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module aws_stacks as an operator runs it: in a playbook of its own, its result read from the JSON of the run."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from collections.abc import Iterator
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil
import yaml

from tests.support.modules import ROOT
from tests.support.programs import program

# Our calls, by their user agent.
OURS = "llmops.platform/"
PLAY = """
- name: Stacks
  hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - name: Do
      llmops.platform.{module}:
        # Read as it is: a template may hold references that look like Jinja.
        stacks: "{{{{ lookup('ansible.builtin.file', graph) | from_json }}}}"
        {options}
      environment: {environment}
"""


class Stacks:
    """Runs below `folder`, with the variables of `environment` for AWS."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.environment = folder, dict(environment)
        self._number = 0

    def run(self, stacks: Mapping[str, Any], check: bool = False, **options: Any) -> dict[str, Any]:
        """The result of aws_stacks; `failed` is always in it. Raises AssertionError where the run gave none."""
        return result_of(self.start(stacks, check, **options))

    def info(self, stacks: Mapping[str, Any], **options: Any) -> dict[str, Any]:
        """The same of aws_stacks_info."""
        return result_of(self._start("aws_stacks_info", {key: _named(stack) for key, stack in stacks.items()}, False, options))

    def start(self, stacks: Mapping[str, Any], check: bool = False, **options: Any) -> subprocess.Popen[str]:
        """The running playbook, in a process group of its own."""
        defaults = {"deployment": "llm_marketplace/test", "state_directory": str(self.folder / "state"), "poll_seconds": 0.5}
        return self._start("aws_stacks", stacks, check, {**defaults, **options})

    def words(self, module: str, stacks: Mapping[str, Any], check: bool, options: Mapping[str, Any]) -> list[str]:
        """The command, its playbook and graph written."""
        self._number += 1
        graph, play = (self.folder / f"{self._number}.{kind}" for kind in ("json", "yml"))
        graph.write_text(json.dumps(stacks), encoding="utf-8")
        text = PLAY.format(
            module=module,
            options="\n        ".join(f"{name}: {json.dumps(value)}" for name, value in options.items()),
            environment=json.dumps(self.environment),
        )
        play.write_text(text, encoding="utf-8")
        return [program("ansible-playbook"), "-i", "localhost,", "-e", f"graph={graph}", *(["--check"] if check else []), str(play)]

    @property
    def process_environment(self) -> dict[str, str]:
        """Of the playbook's process: results as JSON, and no credentials but those of the task."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return {
            **kept,
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
        }

    def _start(self, module: str, stacks: Mapping[str, Any], check: bool, options: Mapping[str, Any]) -> subprocess.Popen[str]:
        words = self.words(module, stacks, check, options)
        return subprocess.Popen(
            words,
            cwd=ROOT,
            env=self.process_environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )


def result_of(running: subprocess.Popen[str], seconds: float = 300) -> dict[str, Any]:
    """Wait for a playbook and read the result of its task. Raises AssertionError where there is none."""
    try:
        output, errors = running.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        kill(running)
        raise
    try:
        return read_result(output)
    except AssertionError as error:
        raise AssertionError(f"{error}{errors[-2000:]}") from None


def read_result(output: str) -> dict[str, Any]:
    """The result in the output of a playbook. Raises AssertionError where there is none."""
    try:
        run, _end = json.JSONDecoder().raw_decode(output, max(output.find("{\n"), 0))
        task = run["plays"][0]["tasks"][0]["hosts"]["localhost"]
    except (LookupError, ValueError):
        raise AssertionError(f"the playbook gave no result: {output[-2000:]}") from None
    return {"failed": False, **task}


def kill(running: subprocess.Popen[str]) -> None:
    """By SIGKILL, all at once, as a machine that goes down: nothing is put in order. Ansible's tasks are in sessions of their own."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(running.pid)
        for one in (process, *process.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
    running.communicate()


def _named(stack: Mapping[str, Any]) -> dict[str, Any]:
    return {name: stack[name] for name in ("name", "region")}


def dump(template: Mapping[str, Any]) -> str:
    """YAML as CloudFormation reads it, without aliases."""
    return yaml.safe_dump(json.loads(json.dumps(template)), sort_keys=True)


class Direct:
    """The same without a playbook: what the action does, in the test's own process. `environment` replaces that of the process while it runs."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder, self.environment = folder, dict(environment)
        self.said: list[str] = []

    def run(self, stacks: Mapping[str, Any], check: bool = False, **options: Any) -> dict[str, Any]:
        """The result, with `failed`, and `msg` where it is one."""
        from ansible_collections.llmops.platform.plugins.module_utils._aws import session as aws
        from ansible_collections.llmops.platform.plugins.module_utils._stacks import identity
        from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import Calls
        from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError
        from ansible_collections.llmops.platform.plugins.module_utils._stacks.keeping import Who
        from ansible_collections.llmops.platform.plugins.module_utils._stacks.running import Run
        from ansible_collections.llmops.platform.plugins.plugin_utils._lock import holder

        arguments = {**_defaults(), "deployment": "llm_marketplace/test", "state_directory": str(self.folder / "state"), "poll_seconds": 0.3, **options}
        allow = {kind: [] for kind in ("replace", "delete", "skip")} | dict(arguments["allow"])
        self.said = []
        with _environment(self.environment):
            try:
                session = aws.new_session()
                self.said.append(identity.ready(session))
                me = holder.me()
                who = Who(me, lambda other: "pid" in other and holder.has_ended(other, me), holder.described)
                calls = Calls(session, arguments["parallel"])
                run = Run({**arguments, "allow": allow, "stacks": stacks}, calls, who, self.said.append, identity.known_regions(session))
                return {"failed": False, **run.run(check)}
            except (aws.AwsError, StackError) as error:
                return {"changed": False, "stacks": {}, **getattr(error, "result", {}), "failed": True, "msg": str(error)}


def _defaults() -> dict[str, Any]:
    from ansible_collections.llmops.platform.plugins.modules.aws_stacks import DOCUMENTATION

    return {name: option.get("default") for name, option in yaml.safe_load(DOCUMENTATION)["options"].items()}


@contextlib.contextmanager
def _environment(wanted: Mapping[str, str]) -> Iterator[None]:
    before = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    for name in before:
        del os.environ[name]
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name in wanted:
            os.environ.pop(name, None)
        os.environ.update(before)

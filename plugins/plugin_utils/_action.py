# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What every action of this collection shares: it runs in the controller's own process and talks to APIs."""

from __future__ import annotations

import datetime
import os
import signal
import threading
import time
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible.plugins.loader import fragment_loader
from ansible.plugins.loader import module_loader
from ansible.utils.display import Display
from ansible.utils.plugin_docs import get_docstring

# What check mode says of something that only the real run will know.
UNKNOWN = "(known after apply)"
SPEC_KEYS = ("type", "required", "default", "choices", "elements", "aliases", "no_log")


def argument_spec(options: Mapping[str, Any]) -> dict[str, dict]:
    """Ansible's argument spec out of a module's documented options, so that there is one contract only."""
    spec: dict[str, dict] = {}
    for name, option in options.items():
        spec[name] = {key: option[key] for key in SPEC_KEYS if key in option}
        if "suboptions" in option:
            spec[name]["options"] = argument_spec(option["suboptions"])
    return spec


def plain(value: Any) -> Any:
    """Ordinary, JSON-serialisable Python data out of Ansible's tagged and lazy containers; YAML dates become ISO 8601."""
    if isinstance(value, Mapping):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    for kind in (str, int, float):
        if isinstance(value, kind) and type(value) not in (kind, bool):
            return kind(value)
    return value


def _end_with(parent: int, farewell: float) -> None:
    """Ansible runs each task in a session of its own, which outlives a killed run and would go on changing things."""
    while os.getppid() == parent:
        time.sleep(0.2)
    if farewell:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(farewell)
    os._exit(1)


class ApiAction(ActionBase):
    """Subclasses implement `work`; arguments come validated from the documentation of the module of the same name."""

    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False

    #: Seconds that an action with a handler of SIGTERM has to end in order when the run was killed.
    farewell: float = 0.0

    #: Errors an operator can act on: shown as they are, without a traceback.
    errors: tuple[type[Exception], ...] = ()

    #: Options that hold secrets, by their path: documentation has no word for it.
    secrets: tuple[tuple[str, ...], ...] = ()

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Do the task. Returns the result's keys; raises one of `errors` to fail."""
        raise NotImplementedError

    @property
    def check_mode(self) -> bool:
        return self._task.check_mode

    @property
    def diff_wanted(self) -> bool:
        return self._task.diff

    @property
    def progress(self):
        """A function that prints one line at once, for long waits."""
        return Display().display

    @contextmanager
    def task_environment(self) -> Iterator[None]:
        """With the keyword `environment` of task, block and play in effect, as a module would run; for client libraries that read it."""
        variables: dict[str, Any] = {}
        self._compute_environment_string(variables)
        before = dict(os.environ)
        os.environ.update({str(name): str(value) for name, value in variables.items()})
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        name = self._task.resolved_action or self._task.action
        self._refuse(name)
        threading.Thread(target=_end_with, args=(os.getppid(), self.farewell), daemon=True).start()
        result = super().run(tmp, task_vars)
        arguments = self.validate_argument_spec(argument_spec=self.spec(name))[1]
        try:
            result.update(self.work(plain(arguments), task_vars or {}))
        except self.errors as error:
            result.update(getattr(error, "result", {}), failed=True, msg=str(error))
        return result

    def _refuse(self, name: str) -> None:
        """Keywords that would run the task elsewhere, or as somebody else, mean nothing here."""
        if self._task.async_val:
            raise AnsibleActionFail(f"{name} waits and shows progress itself; remove 'async' from the task")
        if self._task.delegate_to:
            raise AnsibleActionFail(f"{name} always runs on the controller; remove 'delegate_to' from the task")
        if self._task.become:
            raise AnsibleActionFail(f"{name} runs as the user who started Ansible; remove 'become' from the task or the play")

    @classmethod
    def spec(cls, name: str) -> dict[str, dict]:
        """What module `name` documents, its secrets kept out of logs. Raises AnsibleActionFail where the collection is not whole."""
        path = module_loader.find_plugin(name)
        if not path or not Path(path).exists():
            raise AnsibleActionFail(f"the documentation of {name} is not installed; install the whole collection")
        documentation = get_docstring(path, fragment_loader, collection_name="llmops.platform", plugin_type="module")[0]
        found = argument_spec(documentation["options"])
        for *parents, option in cls.secrets:
            options = found
            for parent in parents:
                options = options[parent]["options"]
            options[option]["no_log"] = True
        return found

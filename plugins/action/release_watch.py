# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits at a stage of a release; documented in the module of the same name."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s import connection
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError
from ansible_collections.llmops.platform.plugins.module_utils._release import record
from ansible_collections.llmops.platform.plugins.module_utils._release.watching import Watch
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction


class ActionModule(ApiAction):
    """All thinking is in module_utils/_release and module_utils/_canary."""

    errors = (KubernetesError,)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        look = self._look(arguments)
        if self.check_mode:
            return {"changed": False, "decision": "go_on", "reason": look({})["reason"] if look else "check mode decides nothing"}
        client = Client(connection.load(arguments["kubeconfig"], arguments["context"]), "release_watch")
        namespace, service = arguments["namespace"], arguments["service"]
        settings = {key: arguments[key] for key in ("stage", "every", "hold", "deadline", "on_deadline", "needs", "gate", "until")}
        try:
            decision, reason = Watch(**settings, look=look).wait(
                lambda: record.read(client, namespace, service),
                lambda values, event="": record.write(client, namespace, service, values, event),
                clock=time.time,
                sleep=time.sleep,
                say=self.progress,
            )
        finally:
            client.close()
        return {"changed": False, "decision": decision, "reason": reason}

    def _look(self, arguments: dict[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]] | None:
        return None

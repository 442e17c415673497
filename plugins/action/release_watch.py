# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits at a stage of a release; documented in the module of the same name."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.llmops.platform.plugins.module_utils._canary import look as looking
from ansible_collections.llmops.platform.plugins.module_utils._canary import report
from ansible_collections.llmops.platform.plugins.module_utils._canary.prometheus import PrometheusError
from ansible_collections.llmops.platform.plugins.module_utils._canary.settings import SettingsError
from ansible_collections.llmops.platform.plugins.module_utils._canary.templates import TemplateError
from ansible_collections.llmops.platform.plugins.module_utils._k8s import connection
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError
from ansible_collections.llmops.platform.plugins.module_utils._release import record
from ansible_collections.llmops.platform.plugins.module_utils._release.watching import Watch
from ansible_collections.llmops.platform.plugins.module_utils._release.watching import still_open
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction
from ansible_collections.llmops.platform.plugins.plugin_utils._action import plain
from ansible_collections.llmops.platform.plugins.plugin_utils._reports import write

ANALYSIS = "llmops.platform.canary_analysis"


class ActionModule(ApiAction):
    """All thinking is in module_utils/_release and module_utils/_canary."""

    errors = (KubernetesError, SettingsError, TemplateError, PrometheusError)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        look = self._look(arguments)
        if self.check_mode:
            return {"changed": False, "decision": "go_on", "reason": look({})["reason"] if look else "check mode decides nothing"}
        client = Client(connection.load(arguments["kubeconfig"], arguments["context"]), "release_watch")
        namespace, service = arguments["namespace"], arguments["service"]
        settings = {key: arguments[key] for key in ("stage", "every", "hold", "deadline", "on_deadline", "needs", "least", "gate", "until")}
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
        """A function that looks once, as module canary_analysis does, and writes the report; None if nothing is judged."""
        if not arguments["analysis"]:
            return None
        validated = ArgumentSpecValidator(self.spec(ANALYSIS)).validate({**arguments["analysis"], "now": None, "state": None})
        if validated.error_messages:
            raise SettingsError(f"release_analysis: {'; '.join(validated.error_messages)}")
        options = plain(validated.validated_parameters)
        if arguments["needs"] == "slo":
            # There is no other version to compare with: objectives kept in three looks are the proof.
            options["threshold"] = {**(options.get("threshold") or {}), "steps": 3}

        def look(state: dict[str, Any]) -> dict[str, Any]:
            result = json.loads(json.dumps(looking.take({**options, "since": state.get("since"), "state": still_open(state.get("analysis"), options["mode"])})))
            if arguments["report"] and not self.check_mode:
                Path(arguments["report"]).parent.mkdir(parents=True, exist_ok=True)
                write(f"{arguments['report']}.json", json.dumps(result["evidence"], indent=2, sort_keys=True) + "\n")
                write(f"{arguments['report']}.md", report.markdown(result["evidence"]))
                write(f"{arguments['report']}.html", report.page(result["evidence"]))
            return result

        return look

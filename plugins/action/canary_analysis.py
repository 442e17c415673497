# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes one look at a canary; documented in the module of the same name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._canary import look
from ansible_collections.llmops.platform.plugins.module_utils._canary import report
from ansible_collections.llmops.platform.plugins.module_utils._canary.prometheus import PrometheusError
from ansible_collections.llmops.platform.plugins.module_utils._canary.settings import SettingsError
from ansible_collections.llmops.platform.plugins.module_utils._canary.templates import TemplateError
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction
from ansible_collections.llmops.platform.plugins.plugin_utils._reports import write


class ActionModule(ApiAction):
    """Reads only, but for its own reports."""

    errors = (SettingsError, TemplateError, PrometheusError)
    secrets = (("prometheus", "token"), ("prometheus", "headers"))

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        with self.task_environment():
            result = look.take(arguments)
        # Those who look at the state next time read what JSON gives back.
        result = json.loads(json.dumps(result))
        files = {
            "evidence_file": lambda: json.dumps(result["evidence"], indent=2, sort_keys=True) + "\n",
            "report_markdown": lambda: report.markdown(result["evidence"]),
            "report_html": lambda: report.page(result["evidence"]),
        }
        changed = False
        for option, text in files.items():
            path = arguments[option]
            if not path or self._holds(path, content := text()):
                continue
            changed = True
            if not self.check_mode:
                write(path, content)
        return {"changed": changed, **result}

    @staticmethod
    def _holds(path: str, text: str) -> bool:
        try:
            return Path(path).expanduser().read_text(encoding="utf-8") == text
        except (OSError, UnicodeDecodeError):
            return False

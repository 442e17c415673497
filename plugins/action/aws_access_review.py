# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reviews an account's IAM; documented in the module of the same name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws import session as aws
from ansible_collections.llmops.platform.plugins.module_utils._canary.settings import SettingsError
from ansible_collections.llmops.platform.plugins.module_utils._identity import caller
from ansible_collections.llmops.platform.plugins.module_utils._identity import reading
from ansible_collections.llmops.platform.plugins.module_utils._identity import report
from ansible_collections.llmops.platform.plugins.module_utils._identity import review
from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import Calls
from ansible_collections.llmops.platform.plugins.plugin_utils import _reports
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction


class ReviewError(Exception):
    """A failure to show as it is, with what was found."""

    def __init__(self, message: str, result: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.result = result or {}


class ActionModule(ApiAction):
    """Read-only at AWS; in check mode no file is written."""

    errors = (aws.AwsError, SettingsError, ReviewError)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        with self.task_environment():
            found = self._review(arguments)
        changed = False
        files = [(arguments[option], text) for option, text in self._texts(found) if arguments[option]]
        for path, text in files:
            changed = self._write(path, text) or changed
        result = {"changed": changed, "report": found, "files": [path for path, _text in files]}
        if review.reached(found["findings"], arguments["fail_on"]):
            said = f" See {', '.join(result['files'])}." if files else ""
            raise ReviewError(f"account {found['account']} has findings of severity {arguments['fail_on']} or worse. {found['words']}{said}", result)
        return result

    def _review(self, arguments: dict[str, Any]) -> dict[str, Any]:
        session = aws.new_session()
        account, region = arguments["account"], arguments["region"]
        caller.checked(session, account, region)
        calls = Calls(session)
        details, unknown = reading.read(calls, region, account, arguments["trail"])
        try:
            judged = review.review(details, arguments)
        except ValueError as error:
            raise ReviewError(str(error)) from error
        label = reading.label(session.create_client("iam", region_name=region).meta.endpoint_url)
        return {
            "account": account,
            "date": arguments["date"],
            "label": label,
            "words": report.words(judged["figures"], label),
            "findings": judged["findings"],
            "accepted": judged["accepted"],
            "figures": {name: {"value": value, "label": label, "source": report.source(name)} for name, value in judged["figures"].items()},
            "limits": {name: arguments[name] for name in ("unused_days", "key_days")},
            "unknown": unknown,
        }

    @staticmethod
    def _texts(found: dict[str, Any]) -> list[tuple[str, str]]:
        return [("json_file", report.as_json(found)), ("markdown_file", report.as_markdown(found))]

    def _write(self, path: str, text: str) -> bool:
        target = Path(path).expanduser()
        try:
            if target.is_file() and target.read_text(encoding="utf-8") == text:
                return False
            if not self.check_mode:
                target.parent.mkdir(parents=True, exist_ok=True)
                _reports.write(path, text)
        except OSError as error:
            raise ReviewError(f"{path} cannot be written: {error.strerror}; name a file in a folder that is yours") from error
        return True

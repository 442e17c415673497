# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the reports of estimates; documented in the module of the same name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost import history
from ansible_collections.llmops.platform.plugins.module_utils._cost.folder import baseline
from ansible_collections.llmops.platform.plugins.module_utils._cost.folder import files
from ansible_collections.llmops.platform.plugins.module_utils._cost.gate import gate
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.summary import shown
from ansible_collections.llmops.platform.plugins.module_utils._cost.summary import summarised
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import judged
from ansible_collections.llmops.platform.plugins.module_utils._cost.variance import variance
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction


class ActionModule(ApiAction):
    """Local files only."""

    errors = (CostError,)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        actuals = arguments["actuals"] or {}
        if unknown := sorted(set(actuals) - {document["name"] for document in arguments["documents"]}):
            raise CostError(f"actuals are given for {', '.join(unknown)}, of which there is no estimate")
        folder = Path(arguments["directory"])
        documents, problems, kept = [], [], {}
        for document in arguments["documents"]:
            rule = document["gate"]
            earlier, unusable = None, False
            try:
                earlier = baseline(rule["baseline"], document)
            except CostError as error:
                # The reports are written all the same.
                unusable = True
                problems.append({"estimate": document["name"], "name": "baseline_unusable", "message": str(error)})
            actual = variance(document["estimate"], actuals[document["name"]]) if document["name"] in actuals else None
            document = {**document, "baseline": earlier, "actual": actual}
            entries = history.added(history.read(folder / document["name"]), history.entry(document))
            kept[f"{document['name']}/{history.FILE}"] = history.text(entries)
            documents.append({**document, "history": history.until(entries, document["estimate"]["as_of"])})
            limit = (document["budget"] or {}).get("limit") if rule["budget"] else None
            # There is nothing to count growth from, which is said already.
            growth = None if unusable else rule["growth_percent"]
            # Nothing is asked of an estimate without either.
            if limit is not None or growth is not None:
                found = gate(judged(document["estimate"]), earlier and judged(earlier), limit, growth, actuals.get(document["name"]))
                problems += [{"estimate": document["name"], **problem} for problem in found]
        contents = {**files(documents, arguments["formats"]), **kept}
        changed = [name for name, content in sorted(contents.items()) if self._write(folder / name, content)]
        summary = summarised(documents)
        for line in shown(summary):
            self.progress(line)
        self.progress(f"{len(changed)} of {len(contents)} files {'would be ' if self.check_mode else ''}written below {folder}")
        return {"changed": bool(changed), "directory": str(folder), "files": changed, "estimates": summary, "problems": problems}

    def _write(self, file: Path, content: str) -> bool:
        # Line ends as they are: CSV has its own.
        wanted = content.encode()
        try:
            if file.exists() and file.read_bytes() == wanted:
                return False
            if not self.check_mode:
                file.parent.mkdir(parents=True, exist_ok=True)
                # Whoever reads meanwhile sees the old report or the new one.
                beside = file.with_name(f".{file.name}.{os.getpid()}")
                beside.write_bytes(wanted)
                beside.replace(file)
        except OSError as error:
            raise CostError(f"{file} cannot be written: {error.strerror}; free it, or set cost_reports_directory") from error
        return True

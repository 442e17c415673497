# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""An access review as files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._identity.review import SEVERITIES


def as_json(report: Mapping[str, Any]) -> str:
    return json.dumps(report, indent=2, sort_keys=True) + "\n"


def _cell(text: Any) -> str:
    """Names are other people's: neither a table's line nor HTML comes out of them."""
    return str(text).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace(">", "&gt;").replace("\n", " ").replace("\r", " ")


def _table(head: list[str], rows: list[list[Any]]) -> list[str]:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return [*lines, *(f"| {' | '.join(map(_cell, row))} |" for row in rows), ""]


def as_markdown(report: Mapping[str, Any]) -> str:
    """For people: what was found, worst first, then what somebody answers for, then figures and what was not looked at."""
    lines = [f"# Access review of account {_cell(report['account'])}, {_cell(report['date'])}", ""]
    lines += [report["words"], ""]
    if report["findings"]:
        keys = ["severity", "kind", "subject", "detail", "remedy"]
        lines += ["## Findings", "", *_table(keys, [[one[key] for key in keys] for one in report["findings"]])]
    else:
        lines += ["Nothing was found.", ""]
    if report["accepted"]:
        keys = ["severity", "kind", "subject", "detail", "reason", "until"]
        lines += ["## Accepted", "", *_table(keys, [[one[key] for key in keys] for one in report["accepted"]])]
    figures = [[name, figure["value"], figure["label"], figure["source"]] for name, figure in sorted(report["figures"].items())]
    lines += ["## Figures", "", *_table(["figure", "value", "label", "source"], figures)]
    if report["unknown"]:
        lines += ["## Not looked at", "", *(f"- {_cell(text)}" for text in report["unknown"]), ""]
    return "\n".join(lines).rstrip() + "\n"


def words(figures: Mapping[str, int], label: str) -> str:
    """One line: how many of each severity, and what the figures are worth."""
    counted = ", ".join(f"{figures[f'findings_{severity}']} {severity}" for severity in SEVERITIES)
    worth = "measured at AWS" if label == "measured" else "of an endpoint that stands in for AWS (contract)"
    return f"Findings: {counted}. The figures are {worth}."


def source(figure: str) -> str:
    """Where a figure comes from."""
    if figure.startswith("findings_"):
        return "this review"
    return "GetCredentialReport" if figure == "active_access_keys" else "GetAccountAuthorizationDetails"

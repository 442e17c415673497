# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The folder of reports: a folder for each platform and environment, and one for all together."""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.diff import diff
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import focus
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import html
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import infracost
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import markdown
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import table
from ansible_collections.llmops.platform.plugins.module_utils._cost.summary import LOCAL
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import combined
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import judged

FORMATS = {
    "table": ("report.txt", table.render),
    "markdown": ("report.md", markdown.render),
    "infracost": ("infracost.json", infracost.render),
    "focus": ("focus.csv", focus.render),
    "html": ("report.html", html.render),
}
# What a later run is compared with.
ESTIMATE = "estimate.json"
ALL = "all"


def files(documents: Sequence[Mapping[str, Any]], formats: Iterable[str]) -> dict[str, str]:
    """Content by path below the folder. Several documents also make one of all. Raises CostError for an unknown format."""
    found: dict[str, str] = {}
    renderers = []
    for name in formats:
        if name not in FORMATS:
            raise CostError(f"there is no report {name!r}; give some of {', '.join(FORMATS)}")
        renderers.append(FORMATS[name])
    for document in (*documents, *whole(documents)):
        found[f"{document['name']}/{ESTIMATE}"] = json.dumps(document["estimate"], indent=1, ensure_ascii=False) + "\n"
        for file, render in renderers:
            found[f"{document['name']}/{file}"] = render(document)
    return found


def whole(documents: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One document of all that is billed, where there are several: sums only, as advice and budgets are each account's own."""
    billed = [document for document in documents if document.get("environment") != LOCAL]
    if len(billed) < 2:
        return []
    first: dict[str, Any] = dict.fromkeys(billed[0])
    named = {"name": ALL, "title": "All platforms and environments that are billed", "generated": billed[0]["generated"]}
    found = combined([document["estimate"] for document in billed])
    others = sorted(host for document in billed for host in document.get("run_by_others") or ())
    return [{**first, **named, "run_by_others": others, "estimate": found}]


def baseline(folder: str, document: Mapping[str, Any]) -> dict[str, Any] | None:
    """An earlier estimate of the document's platform and environment; None where there was none.

    Raises CostError: no folder, no estimate in the file, one of another platform or environment, or one in another currency or month.
    """
    if not folder:
        return None
    if not Path(folder).expanduser().is_dir():
        raise CostError(f"cost_gate.baseline is {folder!r}, which is no folder; give an earlier cost_reports_directory")
    file = Path(folder).expanduser() / document["name"] / ESTIMATE
    if not file.exists():
        return None
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise CostError(f"{file} cannot be read as an estimate: {error}; restore it, or take another baseline") from error
    try:
        judged(found)
        diff(found, found)
        owners = {(line["platform"], line["environment"]) for line in found["lines"]}
        differing = [key for key in ("currency", "hours_per_month") if found[key] != document["estimate"][key]]
    except (ArithmeticError, AttributeError, KeyError, TypeError, CostError) as error:
        raise CostError(f"{file} is no estimate; restore it, or take another baseline") from error
    if others := sorted(owners - {(document["platform"], document["environment"])}):
        of = ", ".join(f"{platform} in {environment}" for platform, environment in others)
        raise CostError(f"{file} is an estimate of {of}, not of {document['name']}; restore it, or take another baseline")
    if differing:
        said = " and ".join(f"{key} {found[key]} in place of {document['estimate'][key]}" for key in differing)
        raise CostError(f"{file} has {said}, which cannot be compared; write the baseline anew")
    return found

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of role preflight: what was read, as findings; findings, as a table."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from functools import wraps
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.llmops.platform.plugins.module_utils._preflight import access
from ansible_collections.llmops.platform.plugins.module_utils._preflight import aws
from ansible_collections.llmops.platform.plugins.module_utils._preflight import components
from ansible_collections.llmops.platform.plugins.module_utils._preflight import findings
from ansible_collections.llmops.platform.plugins.module_utils._preflight import tools


def said_as_filter(name: str, function: Callable) -> Callable:
    """What is wrong with an input, in Ansible's own words for a filter."""

    @wraps(function)
    def filtered(*arguments: Any, **options: Any) -> Any:
        try:
            return function(*arguments, **options)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise AnsibleFilterError(f"{name} - {error}") from error

    return filtered


def preflight_component_findings(
    declared: Mapping, built: Iterable, allowed: Mapping, local: bool, providers: Mapping[str, str], clusters: Iterable
) -> list[dict[str, str]]:
    """Components and providers against what is built."""
    judged = components.judge_provider(providers["platform"], providers["cluster"], list(clusters))
    return judged + components.judge_components(declared, list(built), allowed, local)


def preflight_tool_findings(
    read: Mapping, tools_table: Mapping, controller: Mapping, needs: Mapping[str, bool], used: Iterable, overrides: Mapping, cluster_version: str
) -> list[dict[str, str]]:
    """Programs, collections and libraries against what the components need."""
    judged = tools.judge_controller(read["controller"], controller, needs)
    return judged + tools.judge_tools(read["tools"], tools_table, list(used), overrides, cluster_version)


def preflight_end_of_life_rows(judged: Iterable[Mapping], quiet: bool) -> list[dict[str, str]]:
    """Findings of filter end_of_life_findings as rows of the table; with `quiet` an error is only said."""
    levels = {"ok": "ok", "warning": "warning", "unknown": "warning", "overridden": "info", "error": "warning" if quiet else "error"}
    remedy = "Pin a supported version, or accept this one for a while with preflight_end_of_life_overrides: {item: {reason, until}}."
    return [
        findings.finding("end of life", row["item"], row["message"], "a supported version", levels[row["level"]], remedy if row["level"] == "error" else "")
        for row in judged
    ]


def preflight_left_out(reasons: Mapping[str, str], looked_at: Mapping[str, bool]) -> list[dict[str, str]]:
    """A row for each check that did not look, with its reason."""
    return [findings.finding(check, "not looked at", reason.strip(), "-", "info") for check, reason in reasons.items() if not looked_at[check]]


def preflight_permissions_needed(permissions: Mapping[str, Mapping], used: Iterable) -> dict[str, Any]:
    """The permissions that the components in use need."""
    components_used = set(used)
    return {name: dict(entry) for name, entry in permissions.items() if components_used & set(entry["needed_by"])}


FILTERS = {
    "preflight_access_findings": access.judge_access,
    "preflight_aws_findings": aws.judge_aws,
    "preflight_component_findings": preflight_component_findings,
    "preflight_components_declared": components.declared,
    "preflight_end_of_life_rows": preflight_end_of_life_rows,
    "preflight_left_out": preflight_left_out,
    "preflight_permissions_needed": preflight_permissions_needed,
    "preflight_sentences": findings.sentences,
    "preflight_table": findings.table,
    "preflight_tool_findings": preflight_tool_findings,
}


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict:
        return {name: said_as_filter(name, function) for name, function in FILTERS.items()}

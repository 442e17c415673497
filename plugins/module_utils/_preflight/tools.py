# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Versions of what is installed on the controller against what a deployment needs."""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._preflight.findings import finding

CHECK = "tools"


def numbers(version: str) -> tuple[int, ...]:
    """`v3.13.2+g1` as (3, 13, 2). Raises ValueError for text without a number at its begin."""
    match = re.match(r"v?(\d+(?:\.\d+)*)", str(version).strip())
    if not match:
        raise ValueError(f"'{version}' is no version")
    return tuple(int(part) for part in match[1].split("."))


def at_least(version: str, minimum: str) -> bool:
    """Whether `version` is `minimum` or newer; 24 is as good as 24.0."""
    have, want = numbers(version), numbers(minimum)
    length = max(len(have), len(want))
    return have + (0,) * (length - len(have)) >= want + (0,) * (length - len(want))


def minors_apart(one: str, other: str) -> int | None:
    """By how many minor versions two versions differ; None where their majors do."""
    first, second = (*numbers(one), 0)[:2], (*numbers(other), 0)[:2]
    return abs(first[1] - second[1]) if first[0] == second[0] else None


def read_version(output: str, pattern: str) -> str | None:
    """The first group of `pattern` in what a program printed."""
    match = re.search(pattern, output)
    return match[1] if match else None


def judge_tools(
    probed: Mapping[str, Mapping[str, Any]],
    tools: Mapping[str, Mapping[str, Any]],
    components: Collection[str],
    overrides: Mapping[str, Mapping[str, Any]],
    cluster_version: str,
) -> list[dict[str, str]]:
    """A finding for each of `tools` that `components` need or can use, and for each that is only named for reference.

    `tools`: `{name: {minimum, needed_by, optional_for, skew, reference, remedy}}`; `overrides`: `{name: {minimum, required}}`;
    `probed`: `{name: {path, version, problem}}`.
    """
    found = []
    for name, row in tools.items():
        if row.get("reference"):
            found.append(finding(CHECK, name, "not looked for", row["reference"], "info"))
            continue
        override = overrides.get(name) or {}
        users = [component for component in row.get("needed_by") or [] if component in components]
        needed = bool(users) if override.get("required") is None else bool(override["required"])
        optional = any(component in components for component in row.get("optional_for") or []) or override.get("required") is False
        if needed or optional or users:
            minimum = str(override.get("minimum") or row["minimum"])
            why = f"needed by {', '.join(users)}" if users else "preflight_tools asks for it" if needed else "optional"
            found.append(_judged(name, row, probed.get(name), minimum, needed, why, cluster_version))
    return found


def _judged(name: str, row: Mapping[str, Any], probe: Mapping[str, Any] | None, minimum: str, needed: bool, why: str, cluster_version: str) -> dict[str, str]:
    wanted = f">= {minimum} ({why})"
    serious = "error" if needed else "info"
    if not probe or probe.get("problem") == "missing":
        return finding(CHECK, name, "not on PATH", wanted, serious, f"Install {name} {minimum} or newer. {row.get('remedy', '')}".strip())
    version = probe.get("version")
    if not version:
        return finding(
            CHECK, name, probe.get("problem") or "no version", wanted, "warning", f"Run {probe.get('path') or name} by hand; its version is unknown."
        )
    if not at_least(version, minimum):
        return finding(CHECK, name, version, wanted, "error" if needed else "warning", f"Update {probe['path']} to {minimum} or newer.")
    if row.get("skew") is not None:
        apart = minors_apart(version, cluster_version)
        if apart is None or apart > int(row["skew"]):
            wanted = f"within {row['skew']} minor of the cluster's {cluster_version} ({why})"
            return finding(
                CHECK,
                name,
                version,
                wanted,
                "error" if needed else "warning",
                f"Install {name} {cluster_version}; {probe['path']} is too far from the cluster.",
            )
    return finding(CHECK, name, version, wanted, "ok")


def judge_controller(found: Mapping[str, Any], wanted: Mapping[str, Any], components_need: Mapping[str, bool]) -> list[dict[str, str]]:
    """Python, ansible-core, collections and Python libraries.

    `found`: `{python, ansible_core, collections: {name: version or None}, libraries: {name: version or None}}`.
    `wanted`: the same with `{minimum, below, when}`; a row with `when` counts only where `components_need[when]`.
    """
    judged = []
    for what, version, want in _pairs(found, wanted):
        if want.get("when") and not components_need.get(want["when"]):
            continue
        text = f">= {want['minimum']}" + (f", < {want['below']}" if want.get("below") else "")
        remedy = want.get("remedy") or f"Install {what} {want['minimum']} or newer for the Python that runs ansible-playbook."
        if not version:
            judged.append(finding(CHECK, what, "not installed", text, "error", remedy))
        elif not at_least(version, str(want["minimum"])):
            judged.append(finding(CHECK, what, version, text, "error", remedy))
        elif want.get("below") and at_least(version, str(want["below"])):
            judged.append(finding(CHECK, what, version, text, "warning", f"{what} {version} is newer than what this collection is tested with."))
        else:
            judged.append(finding(CHECK, what, version, text, "ok"))
    return judged


def _pairs(found: Mapping[str, Any], wanted: Mapping[str, Any]):
    for what in ("python", "ansible_core"):
        yield what.replace("_", "-"), found[what], wanted[what]
    for kind, prefix in (("collections", "collection"), ("libraries", "Python library")):
        for name, want in wanted[kind].items():
            yield f"{prefix} {name}", found[kind].get(name), want


def judge(
    read: Mapping[str, Any],
    tools: Mapping[str, Mapping[str, Any]],
    controller: Mapping[str, Any],
    needs: Mapping[str, bool],
    components: Collection[str],
    overrides: Mapping[str, Mapping[str, Any]],
    cluster_version: str,
) -> list[dict[str, str]]:
    """Both, of what module controller_info read."""
    return judge_controller(read["controller"], controller, needs) + judge_tools(read["tools"], tools, components, overrides, cluster_version)

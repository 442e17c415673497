# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Managed add-ons of EKS: what is installed, what fits a minor, what to take."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

LATEST, DEFAULT = "latest", "default"
# Needed before the pods of new nodes run, so they go first; the others need nodes.
BEFORE_NODES = ("vpc-cni", "kube-proxy", "eks-pod-identity-agent")


def order_of(version: str) -> tuple[int, ...]:
    """`v1.19.0-eksbuild.2` as numbers to compare."""
    return tuple(int(number) for number in re.findall(r"\d+", version))


def offered(described: Iterable[Mapping[str, Any]], minor: str) -> dict[str, dict[str, Any]]:
    """`{add-on: {default, newest, versions}}` for one minor out of answers of DescribeAddonVersions; versions newest first."""
    found = {}
    for addon in described:
        fitting = {}
        for one in addon.get("addonVersions") or []:
            for fits in one.get("compatibilities") or []:
                if fits.get("clusterVersion") == minor:
                    fitting[one["addonVersion"]] = bool(fits.get("defaultVersion"))
        versions = sorted(fitting, key=order_of, reverse=True)
        default = next((version for version in versions if fitting[version]), None)
        found[addon["addonName"]] = {"default": default, "newest": versions[0] if versions else None, "versions": versions}
    return found


def judged(
    minor: str, installed: Mapping[str, Mapping[str, Any]], wanted: Mapping[str, Any], choices: Mapping[str, Mapping[str, Any]]
) -> tuple[list[dict[str, Any]], list[str], list[str]]:
    """`(rows, problems, warnings)` for one minor.

    Rows: `{minor, name, installed, wanted, compatible, installed_compatible, choices, action}`. `wanted` is the version to have then: the one asked for,
    else what is installed where that fits, else EKS' default; null where nothing fits. `action`: `none`, `update` or `create`.
    """
    rows, problems, warnings = [], [], []
    for name in sorted({*installed, *wanted}, key=lambda one: (BEFORE_NODES.index(one) if one in BEFORE_NODES else len(BEFORE_NODES), one)):
        present = (installed.get(name) or {}).get("version")
        choice = choices.get(name) or {"default": None, "newest": None, "versions": []}
        asked = str(wanted.get(name) or "").strip()
        version = _version(asked, present, choice)
        fits = version in choice["versions"]
        known = ", ".join(choice["versions"][:3]) or "none"
        row = {"minor": minor, "name": name, "installed": present, "wanted": version, "compatible": fits}
        row |= {"installed_compatible": present in choice["versions"] if present else None, "choices": choice}
        rows.append({**row, "action": "none" if version == present else "update" if present else "create"})
        if not choice["versions"]:
            problems.append(f"add-on {name}: EKS has no version for Kubernetes {minor}; take it out of addons, or wait until EKS offers one")
        elif not fits:
            problems.append(f"add-on {name} {version} does not fit Kubernetes {minor}; write one of {known}, or `latest`, at addons.{name}")
        elif present and order_of(version) < order_of(present):
            warnings.append(f"add-on {name} goes down from {present} to {version} at Kubernetes {minor}")
        status = (installed.get(name) or {}).get("status") or "ACTIVE"
        if status in ("CREATE_FAILED", "DEGRADED", "UPDATE_FAILED", "DELETE_FAILED"):
            warnings.append(f"add-on {name} is {status}; correct what its health says before the upgrade")
    return rows, problems, warnings


def _version(asked: str, present: str | None, choice: Mapping[str, Any]) -> str | None:
    if asked == LATEST:
        return choice["newest"]
    if asked in ("", DEFAULT):
        if not asked and present in choice["versions"]:
            return present
        return choice["default"] or choice["newest"]
    # `v1.19` is its newest build, `v1.19.0-eksbuild.2` that build.
    parts = order_of(asked)
    builds = [version for version in choice["versions"] if order_of(version)[: len(parts)] == parts]
    return asked if asked in choice["versions"] or not builds else builds[0]

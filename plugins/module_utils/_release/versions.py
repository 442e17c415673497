# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Gate version: how a version is written, and how it compares with the one that runs."""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._release.findings import ERROR
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import INFO
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import SETTINGS
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import WARNING
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import Finding
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import finding
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import wrong

NUMBER = r"(?:0|[1-9][0-9]*)"
IDENTIFIER = rf"(?:{NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
# https://semver.org, with the "v" that many tags bear. Build metadata (+...) cannot stand in an image's tag.
SEMVER = re.compile(rf"v?({NUMBER})\.({NUMBER})\.({NUMBER})(?:-({IDENTIFIER}(?:\.{IDENTIFIER})*))?")
# A tag that is a label's value as well: application marks what runs a version with it.
TAG = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
FORMATS = ("semver", "any")


def precedence(version: str) -> tuple | None:
    """What orders semantic versions; None if it is none."""
    match = SEMVER.fullmatch(version)
    if not match:
        return None
    identifiers = match[4].split(".") if match[4] else []
    # Numbers are below words, and a version without identifiers is above all of its own with some.
    parts = tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in identifiers)
    return (int(match[1]), int(match[2]), int(match[3]), not identifiers, parts)


def judge(version: Any, live: Any, written: str = "semver") -> list[Finding]:
    """`live`: the version that runs, empty where nothing runs yet; `written`: `release_version_format`."""
    if written not in FORMATS:
        return [wrong("release_version_format", f"is {written!r}", f"Use one of {', '.join(FORMATS)}.")]
    if isinstance(version, (int, float)):
        return [finding(SETTINGS, ERROR, f"release_version is the number {version!r}, which YAML may have shortened", "Put it in quotes, or give it with -e.")]
    version, live = str(version or ""), str(live or "")
    if not TAG.fullmatch(version):
        what = "release_version is missing" if not version else f"release_version is '{version}', which can be no image tag and label"
        return [finding(SETTINGS, ERROR, what, "Give up to 63 letters, digits, dots, hyphens and underscores: -e release_version=2.0.0.")]
    if version == "latest":
        return [finding(SETTINGS, ERROR, "release_version is 'latest', which says nothing about what runs", "Name the version.")]
    found = []
    new = precedence(version)
    if written == "semver" and new is None:
        remedy = "Write <major>.<minor>.<patch>, for example 2.0.0 or 2.0.0-rc.1; or set release_version_format to any."
        found.append(finding("version", ERROR, f"release_version is '{version}', no semantic version", remedy))
    if not live:
        found.append(finding("version", INFO, f"no version runs yet, {version} is the first"))
    elif version == live:
        found.append(finding("version", ERROR, f"release_version is {version}, which runs already", "Give a new version, or run playbooks/site.yml."))
    elif new is not None and (old := precedence(live)) is not None and new <= old:
        lower = "lower than" if new < old else "of the same precedence as"
        remedy = "To go back to the version before, playbooks/rollback.yml is faster and asks fewer questions."
        found.append(finding("version", WARNING, f"release_version is {version}, {lower} {live} that runs", remedy))
    return found

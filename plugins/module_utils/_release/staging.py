# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Gate staging_first: what staging writes down when it has promoted a version, and what production makes of it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._release.findings import ERROR
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import INFO
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import Finding
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import finding

SCHEMA = "llmops.platform/release-record/v1"
REQUIRED = ("service", "version", "platform", "environment", "promoted_at", "signed_off_by")
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def record(facts: Mapping[str, Any]) -> str:
    """The record as text, sealed by a checksum of its content, so that a file that was cut or edited is noticed."""
    missing = [key for key in REQUIRED if not facts.get(key)]
    if missing:
        raise ValueError(f"a release record needs {', '.join(missing)}")
    content = {"schema": SCHEMA, **{key: value for key, value in facts.items() if value not in (None, "")}}
    return json.dumps({**content, "checksum": _checksum(content)}, indent=2, sort_keys=True) + "\n"


def _checksum(content: Mapping[str, Any]) -> str:
    canonical = json.dumps({key: value for key, value in content.items() if key != "checksum"}, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(canonical.encode()).hexdigest()}"


def judge(wanted: Mapping[str, Any], text: str | None, states: list[Mapping[str, Any]] | None) -> list[Finding]:
    """Whether staging has promoted the version.

    `wanted`: `{service, version, platform, digest, path}`, the digest is that of the image here, if known; `text`: the record's file, None where there is none;
    `states`: ConfigMaps `release-<service>` read from staging, None where no cluster was named.
    """
    problems = []
    if states is not None:
        problem = _state_problem(wanted, states)
        if problem is None:
            return [finding("staging_first", INFO, f"staging's cluster says that {wanted['version']} of {wanted['service']} was promoted there")]
        problems.append(problem)
    if wanted.get("path"):
        problem, found = _record_problem(wanted, text)
        if problem is None:
            when = f"promoted {found['promoted_at']}, signed off by {found['signed_off_by']}"
            return [finding("staging_first", INFO, f"staging's record of {wanted['version']}: {when}")]
        problems.append(problem)
    if not problems:
        problems = ["release_staging_evidence names neither a directory nor a cluster of staging"]
    remedy = (
        f"Release it in staging first: ansible-playbook -i inventories/staging.yml playbooks/release.yml -e release_service={wanted['service']} "
        f"-e release_version={wanted['version']}; its record, or the cluster, is named by release_staging_evidence."
    )
    return [finding("staging_first", ERROR, f"nothing says that staging has promoted {wanted['version']}: {'; '.join(problems)}", remedy)]


def _state_problem(wanted: Mapping[str, Any], states: list[Mapping[str, Any]]) -> str | None:
    data = next((state.get("data") or {} for state in states if state["metadata"]["name"] == f"release-{wanted['service']}"), None)
    if data is None:
        return f"its cluster has no ConfigMap release-{wanted['service']}"
    if data.get("version") != wanted["version"] or data.get("phase") != "promoted":
        return f"its cluster's last release is {data.get('version')}, {data.get('phase')}"
    return _digest_problem(wanted, data.get("digest"))


def _record_problem(wanted: Mapping[str, Any], text: str | None) -> tuple[str | None, Mapping[str, Any]]:
    path = wanted["path"]
    if text is None:
        return f"there is no record {path}", {}
    try:
        found = json.loads(text)
    except ValueError:
        return f"{path} is no JSON", {}
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        return f"{path} is no record of schema {SCHEMA}", {}
    if missing := [key for key in REQUIRED if not found.get(key)]:
        return f"{path} lacks {', '.join(missing)}", {}
    if found.get("checksum") != _checksum(found):
        return f"the checksum of {path} is not that of its content, so it was changed after it was written", {}
    for key, value in (("service", wanted["service"]), ("version", wanted["version"]), ("platform", wanted["platform"]), ("environment", "staging")):
        if found[key] != value:
            return f"{path} is of {key} '{found[key]}', not '{value}'", {}
    return _digest_problem(wanted, found.get("digest")), found


def _digest_problem(wanted: Mapping[str, Any], digest: Any) -> str | None:
    """A tag may have moved since: what is released must be what staging had."""
    here = wanted.get("digest")
    if not here or not digest or not DIGEST.fullmatch(str(digest)) or digest == here:
        return None
    return f"the image of {wanted['version']} is another one than staging had ({here} here, {digest} there), so the tag was moved"

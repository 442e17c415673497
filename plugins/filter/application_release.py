# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract with role release: a ConfigMap `release-<service>` says whose turn it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LABEL = "llmops.platform/release"
IN_PROGRESS = ("progressing", "paused")


def _states(services: Mapping[str, Any], records: list[Mapping[str, Any]]) -> dict[str, Mapping[str, str]]:
    """{service: data of its release record}."""
    found = {(record["metadata"]["namespace"], record["metadata"]["labels"][LABEL]): record.get("data") or {} for record in records}
    return {name: found[service["namespace"], name] for name, service in services.items() if (service["namespace"], name) in found}


def held_services(services: Mapping[str, Any], records: list[Mapping[str, Any]]) -> list[str]:
    """Names of the services with a release in progress."""
    return [name for name, state in _states(services, records).items() if state.get("phase") in IN_PROGRESS]


def release_problems(services: Mapping[str, Any], records: list[Mapping[str, Any]]) -> list[str]:
    """Versions that the inventory would set back, or forward, behind the back of a release."""
    found = []
    for name, state in _states(services, records).items():
        declared, phase = str(services[name]["image"]["tag"]), state.get("phase")
        variable = f"application_services.{name}.image.tag"
        if phase == "promoted" and state.get("version") != declared:
            found.append(
                f"{variable} is {declared}, but {state.get('version')} was released and promoted; "
                f"write {state.get('version')} into the inventory, or go back with playbooks/rollback.yml"
            )
        if phase == "rolled_back" and state.get("version") == declared and state.get("stable_version") != declared:
            found.append(
                f"{variable} is {declared}, which a release rolled back to {state.get('stable_version')}; "
                f"write {state.get('stable_version')} into the inventory, or release a new version with playbooks/release.yml"
            )
    return found


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict:
        return {"held_services": held_services, "release_problems": release_problems}

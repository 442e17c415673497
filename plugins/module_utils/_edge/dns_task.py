# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""One task of dns_records: read, compare, act; and again where it is not clear what an action did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from typing import Protocol

from ansible_collections.llmops.platform.plugins.module_utils._edge import ownership
from ansible_collections.llmops.platform.plugins.module_utils._edge import planning
from ansible_collections.llmops.platform.plugins.module_utils._edge.errors import EdgeError
from ansible_collections.llmops.platform.plugins.module_utils._edge.errors import NoZone
from ansible_collections.llmops.platform.plugins.module_utils._edge.errors import Unclear
from ansible_collections.llmops.platform.plugins.module_utils._edge.records import Key
from ansible_collections.llmops.platform.plugins.module_utils._edge.records import Record
from ansible_collections.llmops.platform.plugins.module_utils._edge.records import canonical
from ansible_collections.llmops.platform.plugins.module_utils._edge.records import host_name

LOOKS = 4


class Provider(Protocol):
    """Whoever holds the zone."""

    name: str

    def read(self, owner: str) -> planning.Zone: ...

    def resolved(self, records: dict[Key, Record]) -> dict[Key, Record]: ...

    def apply(self, changes: planning.Changes, owner: str) -> list[str]: ...

    def wait(self, ids: list[str], timeout: float) -> None: ...


def wanted(arguments: Mapping[str, Any]) -> dict[Key, Record]:
    """The declared records; none where they are to be absent. Raises EdgeError."""
    zone = host_name(arguments["zone"], "zone")
    ownership.check_owner(arguments["owner"])
    return canonical(arguments["records"], zone) if arguments["state"] == "present" else {}


def unread(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What check mode says of a zone that only the real run makes."""
    declared = wanted(arguments)
    steps = [planning.Step("create", key, None, record, planning.differences({}, record), "the zone does not exist yet") for key, record in declared.items()]
    return _result(planning.Changes(steps, [], []), arguments["provider"], 0)


def run(arguments: Mapping[str, Any], provider: Provider, check: bool) -> dict[str, Any]:
    """The task's result. Raises EdgeError: a record of somebody else's in the way (nothing is written then), or what the provider said."""
    declared = provider.resolved(wanted(arguments))
    try:
        return _run(arguments, provider, declared, check)
    except NoZone:
        if arguments["state"] != "absent":
            raise
        return _result(planning.Changes([], [], []), provider.name, 0)


def _run(arguments: Mapping[str, Any], provider: Provider, declared: dict[Key, Record], check: bool) -> dict[str, Any]:
    purge = arguments["purge"] or arguments["state"] == "absent"
    first: planning.Changes | None = None
    ids: list[str] = []
    for look in range(1, LOOKS + 1):
        found = planning.changes(declared, provider.read(arguments["owner"]), arguments["owner"], purge=purge, take_over=arguments["take_over"])
        if found.conflicts:
            raise EdgeError("\n".join(found.conflicts))
        # What this task changes is what it found at first; a change that had its effect without an answer is no longer found.
        first = first or found
        if check or not (found.steps or found.marks):
            break
        try:
            ids += provider.apply(found, arguments["owner"])
            break
        except Unclear as error:
            if look == LOOKS:
                raise EdgeError(f"{error}; looked again {LOOKS} times, run again later") from error
    if arguments["wait"] and ids:
        provider.wait(ids, arguments["wait_timeout"])
    return _result(first, provider.name, len(declared))


def _result(found: planning.Changes, name: str, declared: int) -> dict[str, Any]:
    changed = bool(found.steps or found.marks)
    rows = planning.rows(found, name)
    return {"changed": changed, "plan": rows, "records": declared, "diff": planning.compared(found)}

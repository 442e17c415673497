# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What has to happen to a zone: declared against live, by ownership. Pure."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._edge import ownership
from ansible_collections.llmops.platform.plugins.module_utils._edge.records import Key
from ansible_collections.llmops.platform.plugins.module_utils._edge.records import Record
from ansible_collections.llmops.platform.plugins.module_utils._edge.records import differences
from ansible_collections.llmops.platform.plugins.module_utils._edge.records import shown


@dataclass(frozen=True)
class Zone:
    """What is there. `records`: all but marks, by key. `marks`: values by (name, type) of what they mark.

    `strangers`: single records of others beside ours at the same key, where the provider tells them apart.
    """

    records: Mapping[Key, Record]
    marks: Mapping[tuple[str, str], list[str]]
    strangers: Mapping[Key, Record] = field(default_factory=dict)

    def owner_of(self, key: Key) -> str:
        """Who has marked it, else ""."""
        return ownership.owners(self.marks.get(key[:2], [])).get(key[2], "")


@dataclass(frozen=True)
class Step:
    """`action` is create, update or delete."""

    action: str
    key: Key
    before: Record | None
    after: Record | None
    fields: list[str]
    note: str = ""


@dataclass(frozen=True)
class Changes:
    """`marks`: `(name, values before, values after)` of the marks to be written with the steps. `conflicts`: sentences; with one nothing is done."""

    steps: list[Step]
    marks: list[tuple[str, list[str], list[str]]]
    conflicts: list[str]


def changes(wanted: Mapping[Key, Record], zone: Zone, owner: str, *, purge: bool, take_over: Collection[str] = ()) -> Changes:
    """Steps from `zone` to `wanted`. `purge`: what is ours and not wanted goes. `take_over`: names whose records, whoever made them, become ours."""
    steps: list[Step] = []
    conflicts: list[str] = []
    for key, record in sorted(wanted.items()):
        live, owned, taken = zone.records.get(key), zone.owner_of(key) == owner, key[0] in take_over
        if (foreign := _foreign(key, zone, owner)) and not taken:
            conflicts.append(foreign)
        elif live is None and key not in zone.strangers:
            steps.append(Step("create", key, None, record, differences({}, record)))
        else:
            before = _joined(live, zone.strangers.get(key))
            fields = differences(before, record)
            if fields or not owned or key in zone.strangers:
                steps.append(Step("update", key, before, record, fields, "" if owned and key not in zone.strangers else "taken over"))
    for key, live in sorted(zone.records.items()):
        # What carries a mark of ours and is not what we made is nobody's to delete.
        ours = zone.owner_of(key) == owner and zone.strangers.get(key) is not live
        if key not in wanted and ours and (purge or _in_the_way(key, wanted)):
            steps.append(Step("delete", key, live, None, differences(live, {})))
    return Changes(steps, _marks(steps, zone, owner) + (_left_over(wanted, zone, owner) if purge else []), conflicts)


def _joined(ours: Record | None, others: Record | None) -> Record:
    """Both as one, where what others made is taken over."""
    if ours is None or others is None or ours is others:
        return ours or others or {}
    handles = {**(others.get("handles") or {}), **(ours.get("handles") or {})}
    return {**ours, "values": sorted({*ours["values"], *others["values"]}), "handles": handles}


def _left_over(wanted: Mapping[Key, Record], zone: Zone, owner: str) -> list[tuple[str, list[str], list[str]]]:
    """Marks of ours whose records somebody has deleted by hand."""
    found = []
    there = {key[:2] for key in (*zone.records, *wanted)}
    for (name, kind), values in sorted(zone.marks.items()):
        if (name, kind) not in there:
            after = sorted(value for value in values if owner not in ownership.owners([value]).values())
            if after != sorted(values):
                found.append((ownership.mark_name(name, kind), sorted(values), after))
    return found


def _in_the_way(key: Key, wanted: Mapping[Key, Record]) -> bool:
    """A record of ours that cannot stand beside what is wanted: another routing of the same name and type, a CNAME beside others."""
    for name, kind, identifier in wanted:
        if name == key[0] and ((kind != key[1] and "CNAME" in (kind, key[1])) or (kind == key[1] and bool(identifier) != bool(key[2]))):
            return True
    return False


def _foreign(key: Key, zone: Zone, owner: str) -> str:
    """Why the key is not ours to write, else ""."""
    strange = [(other, record, "") for other, record in zone.strangers.items()]
    marked = [(other, record, zone.owner_of(other)) for other, record in zone.records.items() if zone.strangers.get(other) is not record]
    for other, record, whose in strange + marked:
        if other[0] != key[0] or whose == owner:
            continue
        same = other == key
        beside = other[1] == key[1] and bool(other[2]) != bool(key[2])
        if same or beside or (other[1] != key[1] and "CNAME" in (other[1], key[1])):
            value = ", ".join(record["values"]) or (record["alias"] or {}).get("name", "")
            return (
                f"{shown(other)} ({value}) is {f'of {whose}' if whose else 'nobody of ours: it carries no mark'}, {shown(key)} was not written; "
                f"delete it, or name {key[0]!r} in `take_over`"
            )
    return ""


def _marks(steps: list[Step], zone: Zone, owner: str) -> list[tuple[str, list[str], list[str]]]:
    """The marks that the steps bring with them; values of others stay."""
    touched: dict[tuple[str, str], list[Step]] = {}
    for step in steps:
        touched.setdefault(step.key[:2], []).append(step)
    found = []
    for (name, kind), of_key in sorted(touched.items()):
        before = sorted(zone.marks.get((name, kind), []))
        # Taken over, it is no longer the other's.
        replaced = {step.key[2] for step in of_key}
        after = {value for value in before if not replaced & set(ownership.owners([value]))}
        after |= {ownership.mark_value(owner, step.key[2]) for step in of_key if step.action != "delete"}
        if sorted(after) != before:
            found.append((ownership.mark_name(name, kind), before, sorted(after)))
    return found


def rows(found: Changes, provider: str) -> list[dict[str, Any]]:
    """The steps as callback `plan` takes them."""
    action = {"delete": "destroy"}
    told = [
        {"action": action.get(step.action, step.action), "what": f"DNS {shown(step.key)} at {provider}", "fields": step.fields, "note": step.note}
        for step in found.steps
    ]
    with_steps = {ownership.mark_name(*step.key[:2]) for step in found.steps}
    alone = [name for name, *_values in found.marks if name not in with_steps]
    return told + [{"action": "destroy", "what": f"DNS TXT {name} at {provider}", "fields": [], "note": "mark of a record that is gone"} for name in alone]


def compared(found: Changes) -> dict[str, dict[str, Any]]:
    """`{before, after}` for --diff: the records that change, by name."""

    def plain(record: Record | None) -> Any:
        return record and {key: item for key, item in record.items() if key != "handles" and item not in (None, "", [], False)}

    return {side: {shown(step.key): plain(getattr(step, side)) for step in found.steps if getattr(step, side) is not None} for side in ("before", "after")}

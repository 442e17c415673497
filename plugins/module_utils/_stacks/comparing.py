# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Two templates with the values of their parameters: which resources change, by which properties, and what that does to them."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks import secrets
from ansible_collections.llmops.platform.plugins.module_utils._stacks import stateful
from ansible_collections.llmops.platform.plugins.module_utils._stacks.intrinsics import UNKNOWN
from ansible_collections.llmops.platform.plugins.module_utils._stacks.intrinsics import Resolver
from ansible_collections.llmops.platform.plugins.module_utils._stacks.intrinsics import has_unknown
from ansible_collections.llmops.platform.plugins.module_utils._stacks.intrinsics import same
from ansible_collections.llmops.platform.plugins.module_utils._stacks.replacement import verdict
from ansible_collections.llmops.platform.plugins.module_utils._stacks.templates import Template
from ansible_collections.llmops.platform.plugins.module_utils._stacks.templates import references

# The strongest of a resource's properties is what happens to it.
STRENGTH = ("update", "restart", "unknown", "may replace", "replace")
ATTRIBUTES = ("CreationPolicy", "DeletionPolicy", "UpdatePolicy", "UpdateReplacePolicy")
KEEPING = ("Retain", "RetainExceptOnCreate")


def _resources(template: Template | None, values: Mapping[str, str], region: str, stack: str) -> dict[str, dict[str, Any]]:
    """{logical id: resource with resolved properties}, without those whose condition does not hold; `uncertain` where that is not known."""
    if template is None:
        return {}
    resolver = Resolver(template, values, region, stack)
    found = {}
    for name, resource in template.resources.items():
        truth = resolver.condition(resource["Condition"]) if isinstance(resource.get("Condition"), str) else True
        if truth is not False:
            properties = resolver.value(resource.get("Properties") or {})
            properties = properties if isinstance(properties, Mapping) else {}
            found[name] = {**resource, "Type": str(resource.get("Type")), "Properties": properties, "uncertain": truth is None}
    return found


def _plain(value: Any) -> bool:
    """A map of properties, not a function."""
    return (
        isinstance(value, Mapping)
        and not (len(value) == 1 and next(iter(value)) in ("Ref", "Condition"))
        and not any(str(key).startswith("Fn::") for key in value)
    )


def differences(old: Any, new: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """`(path, old, new)` of what differs. Lists are compared as a whole; a missing map counts as an empty one, so that each of its properties is named."""
    if (_plain(old) and (_plain(new) or new is None)) or (old is None and _plain(new)):
        for key in sorted({*(old or {}), *(new or {})}, key=str):
            yield from differences((old or {}).get(key), (new or {}).get(key), f"{path}.{key}" if path else str(key))
        if path and not (old or new) and old != new:
            yield path, old, new
    elif not same(old, new):
        yield path, old, new


def _changed(kind: str, path: str, old: Any, new: Any, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    found = verdict(kind, path, before["Properties"], after["Properties"], after.get("UpdatePolicy") or before.get("UpdatePolicy"))
    action, source = found.action, found.source
    if action == "replace" and (has_unknown(new) or has_unknown(old)):
        action, source = "may replace", f"{source}, if the value turns out to be another"
    if action == "unknown" and not stateful.is_stateful(kind):
        action, source = "may replace", "not known to this collection; it holds no data"
    return {"path": path, "before": secrets.shown(path, old), "after": secrets.shown(path, new), "verdict": action, "source": source, "remedy": found.remedy}


def _both(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any] | None:
    kind = after["Type"]
    if before["Type"] != kind:
        remedy = f"give the new resource a logical id of its own; CloudFormation refuses another Type for {name}"
        change = {"path": "Type", "before": before["Type"], "after": kind, "verdict": "unknown", "source": "CloudFormation guide", "remedy": remedy}
        return {"resource": name, "type": before["Type"], "action": "unknown", "properties": [change], "note": remedy}
    changes = [_changed(kind, path, old, new, before, after) for path, old, new in differences(before["Properties"], after["Properties"])]
    for attribute in ATTRIBUTES:
        old, new = before.get(attribute), after.get(attribute)
        if not same(old, new):
            changes.append({"path": f"({attribute})", "before": old, "after": new, "verdict": "update", "source": "CloudFormation guide", "remedy": ""})
    if not changes:
        return None
    return _row(name, kind, changes)


def _row(name: str, kind: str, changes: list[dict[str, Any]]) -> dict[str, Any]:
    strongest = max((change["verdict"] for change in changes), key=STRENGTH.index)
    note = "restarts" if strongest == "restart" else next((change["remedy"] for change in changes if change["verdict"] == strongest and change["remedy"]), "")
    return {"resource": name, "type": kind, "action": strongest, "properties": changes, "note": note}


def _one_side(name: str, resource: Mapping[str, Any], action: str) -> dict[str, Any]:
    note = "if its condition holds, which is not known yet" if resource["uncertain"] else ""
    return {"resource": name, "type": resource["Type"], "action": action, "properties": [], "note": note}


def _follow(rows: dict[str, dict[str, Any]], before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Rows of resources that refer to one that gets another identity: their property changes with it."""
    users: dict[str, list[tuple[str, str, str]]] = {}
    for name, resource in after.items():
        if name in before and before[name]["Type"] == resource["Type"]:
            for path, value in _leaves(resource["Properties"]):
                for function, other, _attribute in references(value):
                    users.setdefault(other, []).append((name, path, function))
    waiting = [name for name, row in rows.items() if row["action"] in ("replace", "may replace")]
    done = set()
    while waiting:
        name = waiting.pop()
        if (name, rows[name]["action"]) in done:
            continue
        done.add((name, rows[name]["action"]))
        for user, path, function in users.get(name, ()):
            kind = after[user]["Type"]
            changes = list(rows[user]["properties"]) if user in rows else []
            if user == name or any(change["path"] == path for change in changes):
                continue
            value = _value_at(after[user]["Properties"], path)
            change = _changed(kind, path, value, UNKNOWN, before[user], after[user])
            if change["verdict"] == "may replace" and function == "Ref" and rows[name]["action"] == "replace":
                change |= {"verdict": "replace", "source": change["source"].removesuffix(", if the value turns out to be another")}
            change["source"] += f"; follows {name}"
            rows[user] = _row(user, kind, [*changes, change])
            waiting.append(user)


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if _plain(value):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else str(key))
    elif path:
        yield path, value


def _value_at(properties: Mapping[str, Any], path: str) -> Any:
    return next((value for found, value in _leaves(properties) if found == path), None)


def resource_rows(
    before: Template | None,
    after: Template | None,
    before_values: Mapping[str, str],
    after_values: Mapping[str, str],
    region: str = "",
    stack: str = "",
) -> list[dict[str, Any]]:
    """`[{resource, type, action, properties: [{path, before, after, verdict, source, remedy}], note}]` by logical id, without unchanged resources.

    action: create | update | restart | replace | may replace | destroy | retain | unknown. Secret values are masked. A template of None = no stack.
    """
    old, new = _resources(before, before_values, region, stack), _resources(after, after_values, region, stack)
    rows: dict[str, dict[str, Any]] = {}
    for name in sorted({*old, *new}):
        if name not in old:
            rows[name] = _one_side(name, new[name], "create")
        elif name not in new:
            kept = old[name].get("DeletionPolicy") in KEEPING
            rows[name] = _one_side(name, old[name], "retain" if kept else "destroy")
        else:
            row = _both(name, old[name], new[name])
            if new[name]["uncertain"] and not old[name]["uncertain"]:
                row = {**_one_side(name, old[name], "destroy"), "note": "unless its condition holds, which is not known yet"}
            if row:
                rows[name] = row
    _follow(rows, old, new)
    return [rows[name] for name in sorted(rows)]

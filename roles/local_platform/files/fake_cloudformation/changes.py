# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a change set says: which resources would be added, changed, replaced, removed, and why.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
"""

from __future__ import annotations

import json
from typing import Any

from fake_cloudformation import schemas
from fake_cloudformation.desired import graph
from fake_cloudformation.desired import scope_of
from fake_cloudformation.functions import Scope
from fake_cloudformation.functions import Unknown
from fake_cloudformation.functions import attribute_of
from fake_cloudformation.functions import causes_of
from fake_cloudformation.model import Desired
from fake_cloudformation.model import Place
from fake_cloudformation.model import Resource
from fake_cloudformation.model import Stack
from fake_cloudformation.replacement import changed
from fake_cloudformation.replacement import plan_words
from fake_cloudformation.service import Service
from fake_cloudformation.template import references

KNOWN_AFTER_APPLY = "{{changeSet:KNOWN_AFTER_APPLY}}"
DEFINED = ("Metadata", "CreationPolicy", "UpdatePolicy", "DeletionPolicy", "UpdateReplacePolicy")


class Comparison:
    """A stack as it is with what it would be; nothing is called that changes anything."""

    def __init__(self, service: Service, place: Place, stack: Stack, desired: Desired, imports: dict[str, dict[str, str]]) -> None:
        self._place = place
        self._stack = stack
        self._desired = desired
        self._imports = imports
        self._scope: Scope = scope_of(service.sources, place, stack.name, stack.id, desired, self._reference)
        # By logical id: the change, None where the resource stays as it is.
        self._found: dict[str, dict[str, Any] | None] = {}
        self.problems: list[tuple[Resource, str]] = []
        self._parameters = {name for name, value in desired.parameters.items() if stack.desired.parameters.get(name, value).value != value.value}

    def changes(self) -> list[dict[str, Any]]:
        waits = graph(self._scope)
        for name in self._sorted(waits):
            self._found[name] = self._change(name)
        gone = [self._removal(resource) for name, resource in self._stack.resources.items() if name not in waits and resource.physical_id]
        return [change for change in self._found.values() if change] + gone

    @staticmethod
    def _sorted(waits: dict[str, set[str]]) -> list[str]:
        order: list[str] = []
        while len(order) < len(waits):
            order += sorted(name for name, needs in waits.items() if name not in order and needs <= set(order))
        return order

    def _reference(self, name: str, attribute: str | None) -> Any:
        change = self._found.get(name)
        entity = f"{name}.{attribute}" if attribute else name
        cause = ("ResourceAttribute", entity) if attribute else ("ResourceReference", entity)
        current = self._stack.resources.get(name)
        if current is None or current.physical_id is None or (change and (attribute or change["Action"] != "Modify" or change["Replacement"] != "False")):
            return Unknown(frozenset({cause}))
        if attribute is None:
            return current.physical_id
        try:
            return attribute_of(current.attributes, attribute)
        except KeyError:
            return current.properties.get(attribute, "")

    def _change(self, name: str) -> dict[str, Any] | None:
        declared = self._desired.template.resources[name]
        kind = schemas.type_of(self._place.region, declared["Type"])
        assert kind is not None  # noqa: S101 - judged with the template
        current = self._stack.resources.get(name)
        properties = kind.coerced(self._scope.value(declared.get("Properties") or {}))
        resource = Resource(name, declared["Type"], properties=properties)
        self.problems += [(resource, words) for words in kind.problems(properties)]
        change: dict[str, Any] = {"LogicalResourceId": name, "ResourceType": declared["Type"]}
        if name in self._imports:
            return {"Action": "Import", "PhysicalResourceId": "|".join(self._imports[name].values()), **change, "AfterContext": _context(properties, declared)}
        if current is None or current.physical_id is None:
            return {"Action": "Add", **change, "Scope": [], "Details": [], "AfterContext": _context(properties, declared)}
        details = self._details(kind, declared, current, properties)
        if not details:
            return None
        words = {(detail["Evaluation"], detail["Target"]["RequiresRecreation"]) for detail in details if detail["Target"].get("Name")}
        replacement = "True" if ("Static", "Always") in words else "Conditional" if any(word != "Never" for _unused, word in words) else "False"
        own = {} if replacement == "False" else {"PolicyAction": _replace_action(declared.get("UpdateReplacePolicy", "Delete"))}
        return {
            "Action": "Modify",
            "PhysicalResourceId": current.physical_id,
            **change,
            **own,
            "Replacement": replacement,
            "Scope": sorted({detail["Target"]["Attribute"] for detail in details}),
            "Details": details,
            "BeforeContext": _context(current.properties, {**current.definition}),
            "AfterContext": _context(properties, declared),
        }

    def _removal(self, resource: Resource) -> dict[str, Any]:
        policy = resource.deletion_policy
        return {
            "Action": "Remove",
            "LogicalResourceId": resource.logical_id,
            "PhysicalResourceId": resource.physical_id,
            "ResourceType": resource.type,
            "PolicyAction": {"Snapshot": "Snapshot", "Delete": "Delete"}.get(policy, "Retain"),
            "Scope": [],
            "Details": [],
            "BeforeContext": _context(resource.properties, resource.definition),
        }

    def _details(self, kind: schemas.ResourceType, declared: dict[str, Any], current: Resource, properties: dict[str, Any]) -> list[dict[str, Any]]:
        details: list[dict[str, Any]] = []
        update_policy = self._scope.value(declared.get("UpdatePolicy") or {})
        for path, (before, after) in changed(current.properties, properties).items():
            name = path.split("/")[0]
            target = {
                "Attribute": "Tags" if name == kind.tag_property else "Properties",
                "Name": name,
                "RequiresRecreation": plan_words(kind, path, update_policy),
                "Path": f"/Properties/{path}",
                "BeforeValue": _shown(before),
                "AfterValue": _shown(after),
                "AttributeChangeType": "Add" if before is None else "Remove" if after is None else "Modify",
            }
            details += self._sources(declared, name, after, {key: value for key, value in target.items() if value is not None})
        if kind.tag_property and self._desired.tags != self._stack.desired.tags:
            target = {"Attribute": "Tags", "Name": kind.tag_property, "RequiresRecreation": "Never"}
            details.append({"Target": target, "Evaluation": "Static", "ChangeSource": "DirectModification"})
        for attribute in DEFINED:
            if self._scope.value(declared.get(attribute)) != current.definition.get(attribute):
                target = {"Attribute": attribute, "RequiresRecreation": "Never"}
                details.append({"Target": target, "Evaluation": "Static", "ChangeSource": "DirectModification"})
        if not details and current.status in ("UPDATE_FAILED", "CREATE_FAILED"):
            target = {"Attribute": "Properties", "RequiresRecreation": "Never" if current.status == "UPDATE_FAILED" else "Conditionally"}
            details.append({"Target": target, "Evaluation": "Dynamic", "ChangeSource": "Automatic"})
        return details

    def _sources(self, declared: dict[str, Any], name: str, after: Any, target: dict[str, Any]) -> list[dict[str, Any]]:
        """One detail for each source: a parameter's or another resource's change is named, and again as what it does here."""
        by_resource = sorted(causes_of(after))
        if by_resource:
            return [{"Target": target, "Evaluation": "Dynamic", "ChangeSource": source, "CausingEntity": entity} for source, entity in by_resource]
        used = {reference.name for reference in references((declared.get("Properties") or {}).get(name))}
        by_parameter = sorted(used & self._parameters)
        found = [{"Target": target, "Evaluation": "Static", "ChangeSource": "ParameterReference", "CausingEntity": entity} for entity in by_parameter]
        return [*found, {"Target": target, "Evaluation": "Dynamic" if found else "Static", "ChangeSource": "DirectModification"}]


def _replace_action(policy: str) -> str:
    return {"Delete": "ReplaceAndDelete", "Retain": "ReplaceAndRetain", "Snapshot": "ReplaceAndSnapshot"}[policy]


def _shown(value: Any) -> str | None:
    if value is None:
        return None
    plain = _plain(value)
    return plain if isinstance(plain, str) else json.dumps(plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Unknown):
        return KNOWN_AFTER_APPLY
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _context(properties: dict[str, Any], declared: dict[str, Any]) -> str:
    more = {key: declared[key] for key in ("Metadata", "DeletionPolicy", "UpdateReplacePolicy", "UpdatePolicy") if declared.get(key) is not None}
    return json.dumps({"Properties": _plain(properties), **more})


def nothing_differs(stack: Stack, desired: Desired, changes: list[dict[str, Any]]) -> bool:
    """Outputs may change alone; parameters that nothing uses, descriptions and line breaks are no change."""
    outputs = stack.desired.template.section("Outputs") == desired.template.section("Outputs")
    conditions = stack.desired.template.section("Conditions") == desired.template.section("Conditions")
    values = {name: value.value for name, value in stack.desired.parameters.items()} == {name: value.value for name, value in desired.parameters.items()}
    # The same outputs can come to other values.
    return not changes and outputs and (not desired.template.section("Outputs") or (conditions and values)) and stack.desired.tags == desired.tags

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Which live resource each resource of a template is: given by id, by its declared name, by what refers to it, or among what its service lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._adoption import kinds
from ansible_collections.llmops.platform.plugins.module_utils._adoption.values import Found
from ansible_collections.llmops.platform.plugins.module_utils._adoption.values import Values
from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.intrinsics import has_unknown
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Stack
from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import CallError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import Unreachable
from ansible_collections.llmops.platform.plugins.module_utils._stacks.templates import references

WORD = re.compile(r"\{([^}]+)\}")
# References follow one another: a rule needs its group, which needs its network, which may be another stack's output.
ROUNDS = 25

Place = tuple[str, str]


class Matching:
    """`owned`: physical ids of what is in its stack already, by (stack key, logical id). `given`: identifiers by the same."""

    def __init__(
        self, stacks: Mapping[str, Stack], outputs: Mapping[str, Mapping[str, str]], owned: Mapping[Place, str], given: Mapping[Place, str], reader: Any
    ) -> None:
        self._stacks, self._owned, self._given, self._reader = stacks, owned, given, reader
        self.found: dict[Place, Found] = {}
        self.values = Values(stacks, outputs, self.found)
        # Why something was not matched that may be there.
        self.doubts: dict[Place, str] = {}
        self._used: set[tuple[str, str, str]] = set()

    def places(self) -> Iterator[tuple[Place, Stack, str]]:
        """Every resource that is to be, with its stack and type."""
        for key, stack in self._stacks.items():
            for name, resource in stack.template.resources.items():
                condition = resource.get("Condition")
                if condition is None or self.values.condition(stack, condition) is not False:
                    yield (key, name), stack, str(resource.get("Type"))

    def run(self) -> None:
        """Match until nothing more is found. Raises Unreachable."""
        places = list(self.places())
        for _round in range(ROUNDS):
            before = len(self.found)
            for place, stack, kind in places:
                if place not in self.found:
                    self._try(place, stack, kind)
            if len(self.found) == before:
                return

    def _try(self, place: Place, stack: Stack, kind: str) -> None:
        self.doubts.pop(place, None)
        try:
            found = self._find(place, stack, kind)
        except Unreachable:
            raise
        except (CallError, StackError) as error:
            self.doubts[place] = str(error)
            return
        if found is None:
            return
        mark = (stack.region, kind, found.identifier)
        if mark in self._used:
            other = next(f"{key.partition('/')[2]}/{name}" for (key, name), one in self.found.items() if (one.type, one.identifier) == mark[1:])
            self.doubts[place] = f"{found.identifier} is {other} already, and one resource cannot be two"
            return
        self._used.add(mark)
        self.found[place] = found

    def _find(self, place: Place, stack: Stack, kind: str) -> Found | None:
        if kinds.unsupported(kind):
            return None
        how, identifier = self._identified(place, stack, kind)
        if not identifier:
            return None
        properties = self._reader.properties(stack.region, kind, identifier)
        if properties is None:
            if how == "given":
                raise StackError(f"{kind} {identifier}, given for it, does not exist in {stack.region}; correct the id")
            return None
        return Found(kind, identifier, properties, how)

    def _identified(self, place: Place, stack: Stack, kind: str) -> tuple[str, str]:
        """(how, identifier), the identifier empty where there is none yet."""
        if place in self._owned:
            return "owned", self.whole(stack.region, kind, self._owned[place])
        if place in self._given:
            return "given", self.whole(stack.region, kind, self._given[place])
        row, declared = kinds.kind_of(kind), self.values.properties(stack, place[1])
        name = self._named(kind, row, stack, declared)
        if name:
            return "name", name
        for other, path in row.through:
            value = self._through(place, stack, other, path)
            if value:
                return f"{path} of its {other.rpartition('::')[2]}", self.whole(stack.region, kind, value)
        return self._listed(place, stack, kind, row, declared)

    def _named(self, kind: str, row: kinds.Kind, stack: Stack, declared: Mapping[str, Any]) -> str:
        template = row.name or ("" if row.search else "|".join(f"{{{path}}}" for path in kinds.identifier_of(kind)))
        known = {":account": stack.account, ":partition": str(self.values.resolve(stack, {"Ref": "AWS::Partition"}))}
        missing = False

        def put(match: re.Match[str]) -> str:
            nonlocal missing
            values = [known.get(name) or declared.get(name) for name in match.group(1).split("|")]
            value = next((one for one in values if isinstance(one, str) and one and not has_unknown(one)), "")
            missing = missing or not value
            return value.removeprefix("https://")

        found = WORD.sub(put, template)
        return "" if missing else found

    def _through(self, place: Place, stack: Stack, other: str, path: str) -> str:
        for name, resource in stack.template.resources.items():
            found = self.found.get((place[0], name))
            if resource.get("Type") == other and found is not None:
                named = {one for _function, one, _attribute in references((resource.get("Properties") or {}).get(path))}
                if place[1] in named and isinstance(found.properties.get(path), str):
                    return found.properties[path].rpartition("/")[2] if found.properties[path].startswith("arn:") else found.properties[path]
        return ""

    def whole(self, region: str, kind: str, known: str) -> str:
        """The identifier of which `known` is all, or one part: an address is found by its allocation."""
        search = kinds.kind_of(kind).search
        if "|" in known or len(kinds.identifier_of(kind)) == 1 or search is None:
            return known
        for item in self._reader.listed(region, search):
            if known in (item["id"], *item["id"].split("|")):
                return item["id"]
        return known

    def _listed(self, place: Place, stack: Stack, kind: str, row: kinds.Kind, declared: Mapping[str, Any]) -> tuple[str, str]:
        if row.search is None or not row.match:
            return "", ""
        values = {**declared, "Tags.Name": _tag(declared.get("Tags"))}
        for rule in row.match:
            wanted = {name.removesuffix("?"): values.get(name.removesuffix("?")) for name in rule}
            if any(has_unknown(value) for value in wanted.values()) or any(wanted[name] is None for name in rule if not name.endswith("?")):
                continue
            items = [item for item in self._reader.listed(stack.region, row.search) if not item["system"] and _fits(wanted, item["fields"])]
            items = [item for item in items if (stack.region, kind, item["id"]) not in self._used]
            if len(items) > 1:
                self.doubts[place] = f"could be any of {', '.join(sorted(item['id'] for item in items))}; name one in adopt_resources"
            if len(items) == 1:
                return ", ".join(name.removesuffix("?").replace("Tags.Name", "tag Name") for name in rule if wanted[name.removesuffix("?")] is not None), items[
                    0
                ]["id"]
            if items:
                break
        return "", ""

    def is_used(self, region: str, kind: str, identifier: str) -> bool:
        """Whether something of the graph is this resource."""
        return (region, kind, identifier) in self._used


def _fits(wanted: Mapping[str, Any], fields: Mapping[str, Any]) -> bool:
    return all(_text(value) == _text(fields.get(name)) for name, value in wanted.items())


def _text(value: Any) -> str:
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    # An absent range of ports is -1 to EC2, a name of a zone ends in a dot to Route 53.
    return "" if text == "-1" else text.removesuffix(".")


def _tag(tags: Any) -> Any:
    if isinstance(tags, Mapping):
        return tags.get("Name")
    return next((tag.get("Value") for tag in tags or [] if isinstance(tag, Mapping) and tag.get("Key") == "Name"), None)

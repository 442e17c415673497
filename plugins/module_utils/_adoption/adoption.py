# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""One task of aws_adoption from its arguments to its result. Nothing is changed here."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._adoption import comparing
from ansible_collections.llmops.platform.plugins.module_utils._adoption import importing
from ansible_collections.llmops.platform.plugins.module_utils._adoption import kinds
from ansible_collections.llmops.platform.plugins.module_utils._adoption import showing
from ansible_collections.llmops.platform.plugins.module_utils._adoption import terraform
from ansible_collections.llmops.platform.plugins.module_utils._adoption.leftover import leftovers
from ansible_collections.llmops.platform.plugins.module_utils._adoption.matching import Matching
from ansible_collections.llmops.platform.plugins.module_utils._adoption.matching import Place
from ansible_collections.llmops.platform.plugins.module_utils._adoption.reading import Reader
from ansible_collections.llmops.platform.plugins.module_utils._adoption.values import Found
from ansible_collections.llmops.platform.plugins.module_utils._stacks import identity
from ansible_collections.llmops.platform.plugins.module_utils._stacks import surveying
from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Stack
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import read_graph

# An import was made, and nothing has been updated since: it is compared again.
FRESH = ("IMPORT_COMPLETE", "IMPORT_IN_PROGRESS")


@dataclass
class Row:
    """What becomes of one declared resource. `status`: import | imported | in stack | create | refused | left out."""

    stack: str
    resource: str
    type: str
    status: str
    id: str = ""
    how: str = ""
    reasons: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    terraform: list[str] = field(default_factory=list)


class Adoption:
    """`arguments` are the module's, `calls` a `_stacks.calls.Calls`."""

    def __init__(self, arguments: Mapping[str, Any], calls: Any, say: Callable[[str], Any]) -> None:
        self._arguments, self._calls, self._say = arguments, calls, say
        self._raw = arguments["stacks"]
        outside = surveying.references(self._raw) - set(self._raw)
        self._outside = outside
        self._stacks = read_graph(self._raw, outside=outside)
        self._only = {self._key(name, "only") for name in arguments["only"]}
        self._given = {self._place(name, "resources"): str(value) for name, value in arguments["resources"].items()}
        self._skip = {self._place(name, "skip") for name in arguments["skip"]}
        self._replace = {self._place(name, "allow_replace") for name in arguments["allow_replace"]}
        path = arguments["terraform_state"]
        self._managed = terraform.read(_text(path), path) if path else []
        self._released = set(arguments["released"])
        unknown = sorted(self._released - {one.address for one in self._managed})
        if unknown and path:
            say(f"released: {', '.join(unknown)} {'are' if len(unknown) > 1 else 'is'} not in {path}, which is as it should be")
        self._reader = Reader(calls)

    def _key(self, name: str, option: str) -> str:
        keys = [key for key, stack in self._stacks.items() if name in (key, stack.name)]
        if len(keys) == 1:
            return keys[0]
        remedy = f"give one of {', '.join(keys)}" if keys else f"stacks are {', '.join(sorted(stack.name for stack in self._stacks.values()))}"
        raise StackError(f"{option}: {name!r} is {'several stacks' if keys else 'no stack'} of the graph; {remedy}")

    def _place(self, name: str, option: str) -> Place:
        stack, _slash, resource = name.rpartition("/")
        key = self._key(stack, option)
        if resource not in self._stacks[key].template.resources:
            raise StackError(f"{option}: {name} is no resource of the rendered stack; it has {', '.join(sorted(self._stacks[key].template.resources))}")
        return key, resource

    def run(self) -> dict[str, Any]:
        """The module's result. Raises AwsError, StackError."""
        regions = sorted({stack.region for stack in self._stacks.values()})
        identity.check_account(self._calls, regions, {key: stack.account for key, stack in self._stacks.items()})
        rows = [(key, stack.region, stack.name) for key, stack in self._stacks.items()]
        survey = surveying.survey(self._calls, rows, (), set(), self._arguments["parallel"])
        if survey.silent:
            raise StackError("; ".join(f"{region} does not answer: {why}" for region, why in sorted(survey.silent.items())))
        self._live = survey.found
        outputs = {key: found["outputs"] for key, found in self._live.items() if found}
        outputs |= surveying.outside_outputs(self._calls, self._outside, {}, False)
        self._owned = self._resources()
        whole = {key for key in self._stacks if self._whole(key)}
        # What stands whole in its stack is not read again: others need its outputs only.
        matching = Matching({key: stack for key, stack in self._stacks.items() if key not in whole}, outputs, self._owned, self._given, self._reader)
        matching.run()
        return self._result(matching)

    def _resources(self) -> dict[Place, str]:
        found: dict[Place, str] = {}
        for key, live in self._live.items():
            if live and live["status"] != "REVIEW_IN_PROGRESS":
                for row in self._calls.pages(self._stacks[key].region, "ListStackResources", "StackResourceSummaries", StackName=self._stacks[key].name):
                    if row.get("PhysicalResourceId") and row["ResourceStatus"] not in ("DELETE_COMPLETE", "DELETE_SKIPPED"):
                        found[key, row["LogicalResourceId"]] = row["PhysicalResourceId"]
        return found

    def _whole(self, key: str) -> bool:
        live = self._live.get(key)
        return bool(live) and live["status"] not in FRESH and all((key, name) in self._owned for name in self._stacks[key].template.resources)

    def _result(self, matching: Matching) -> dict[str, Any]:
        rows = [self._row(matching, place, stack, kind) for place, stack, kind in matching.places()]
        rows = [row for row in rows if not self._only or row.stack in self._only]
        stacks: dict[str, Any] = {}
        imports: dict[str, Any] = {}
        for key in sorted({row.stack for row in rows if row.status in ("import", "imported")}):
            stack, wanted = self._stacks[key], [row for row in rows if row.stack == key and row.status in ("import", "imported")]
            found = {row.resource: matching.found[key, row.resource] for row in wanted}
            resources = {name: importing.resource(stack, name, one, matching.values, found.keys()) for name, one in found.items()}
            stacks[key] = importing.stack_of(self._raw[key], stack, self._live.get(key), resources)
            imports[key] = {name: importing.identifiers(one) for name, one in found.items()}
        left = leftovers(matching, self._reader, {key: stack for key, stack in self._stacks.items() if not self._only or key in self._only}, self._managed)
        lines = sorted({line for row in rows for line in row.terraform})
        return {
            "changed": any(row.status == "import" for row in rows),
            "rows": [asdict(row) for row in rows],
            "unmatched": left,
            "refused": [f"{row.stack}/{row.resource}: {reason}" for row in rows if row.status == "refused" for reason in row.reasons],
            "stacks": stacks,
            "imports": imports,
            "terraform": lines,
            "table": showing.table(rows, left, [row.line for row in self._unreleased(rows)]),
            "plan": showing.steps(rows),
            "calls": self._calls.calls,
        }

    def _row(self, matching: Matching, place: Place, stack: Stack, kind: str) -> Row:
        found = matching.found.get(place)
        row = Row(stack.key, place[1], kind, "create")
        if found is None:
            row.reasons = [reason for reason in (matching.doubts.get(place, ""), kinds.unsupported(kind)) if reason]
            if place in self._given:
                row.status = "refused"
            return row
        row.id, row.how = found.identifier, found.how
        declared = matching.values.properties(stack, place[1])
        differing = comparing.differences(kind, declared, found.properties, stack.template.resources[place[1]].get("UpdatePolicy"))
        row.changes = [f"{one.words} ({one.action})" for one in differing]
        owned = self._managing(found)
        row.terraform = [one.line for one in owned]
        if place in self._owned:
            row.status = "imported" if (self._live[stack.key] or {}).get("status") in FRESH else "in stack"
            row.reasons = [] if row.status == "in stack" else self._still(owned)
        elif place in self._skip:
            row.status, row.reasons, row.terraform = "left out", ["by adopt_skip; the next deployment would make another one"], []
        else:
            replaced = [one for one in differing if one.action in ("replace", "unknown")]
            row.reasons = [*self._owner(stack, found), *self._still(owned), *([] if place in self._replace else map(_replacing, replaced))]
            row.status = "refused" if row.reasons else "import"
        return row

    def _unreleased(self, rows: list[Row]) -> list[terraform.Managed]:
        lines = {line for row in rows for line in row.terraform}
        return [one for one in self._managed if one.line in lines and one.address not in self._released]

    def _managing(self, found: Found) -> list[terraform.Managed]:
        kind = kinds.kind_of(found.type)
        names = {found.identifier, found.id, str(found.properties.get("Arn") or found.identifier)}
        if found.type in kinds.REFERENCES:
            names |= set(found.identifier.split("|"))
        return terraform.owners(self._managed, (*kind.terraform, *kind.parts), names)

    def _still(self, owned: list[terraform.Managed]) -> list[str]:
        return [f"Terraform still lists it as {one.address}, and nothing may have two owners" for one in owned if one.address not in self._released]

    def _owner(self, stack: Stack, found: Found) -> list[str]:
        tags = found.properties.get("Tags") or {}
        if isinstance(tags, list):
            tags = {tag.get("Key"): tag.get("Value") for tag in tags if isinstance(tag, Mapping)}
        owner = self._reader.owner(stack.region, found.id, {**tags, **self._reader.tags(stack.region, found)})
        if owner is None:
            return []
        return [f"it belongs to {owner[0]}/{owner[1]}, a stack; take it out there first (DeletionPolicy: Retain, deploy, remove it, deploy), or leave it out"]


def _replacing(one: comparing.Difference) -> str:
    remedy = "declare what is live, or name it in adopt_allow_replace" if one.action == "replace" else "declare what is live"
    return f"{one.words}: an update would {'replace it' if one.action == 'replace' else 'perhaps replace it'}; {remedy}"


def _text(path: str) -> str:
    try:
        return Path(path).expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StackError(f"terraform_state {path} cannot be read: {error}") from error

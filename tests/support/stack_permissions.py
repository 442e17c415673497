# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes roles/stacks/files/permissions.yml: what CloudFormation's handlers of the types in the roles' templates call.
By the resource schemas in cfn-lint's package.

`python -m tests.support.stack_permissions` writes it, a unit test compares.
"""

from __future__ import annotations

import fnmatch
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "roles" / "stacks" / "files" / "permissions.yml"
# Of the stacks that are made before there is a service role: who makes them needs the same.
FOUNDATION = ROOT / "roles" / "identity" / "files" / "foundation_permissions.yml"
HANDLERS = ("create", "read", "update", "delete", "list")
HEAD = """\
---
# What CloudFormation calls for each type, by the handlers in its resource schema, and the types in each role's templates.
# Generated: python -m tests.support.stack_permissions
"""
# `Type: AWS::KMS::Key`, and with a choice by Jinja in it: AWS::KMS::{{ 'ReplicaKey' if ... else 'Key' }}.
TYPE = re.compile(r"^\s+[\"']?Type[\"']?:\s+[\"']?(AWS::[A-Za-z0-9]+::)((?:\{\{.*?\}\}|[A-Za-z0-9])+)", re.MULTILINE)
QUOTED = re.compile(r"'([A-Z][A-Za-z0-9]+)'")
# Template parameters have types of their own: AWS::EC2::VPC::Id, AWS::SSM::Parameter::Value<String>.
PARAMETER = re.compile(r"(?:List<)?AWS::[A-Za-z0-9]+::[A-Za-z0-9]+::")


def types_in(text: str) -> set[str]:
    """Resource types that a template of Jinja may render."""
    found = set()
    for match in TYPE.finditer(text):
        if PARAMETER.match(text[match.start(1) : match.start(1) + 200].split("\n", 1)[0]):
            continue
        prefix, rest = match.groups()
        choices = re.findall(r"\{\{.*?\}\}", rest)
        names = [rest] if not choices else [rest.replace(choices[0], word) for word in QUOTED.findall(choices[0])]
        found |= {prefix + name for name in names}
    return found


def types_by_role(roles: Path = ROOT / "roles") -> dict[str, list[str]]:
    """`{role: types}` of all roles that render stacks."""
    found: dict[str, list[str]] = {}
    for role in sorted(path.parent.parent for path in roles.glob("*/tasks/stacks.yml")):
        texts = [path.read_text(encoding="utf-8") for path in sorted((role / "templates").rglob("*.yml.j2"))]
        found[role.name] = sorted(set().union(*map(types_in, texts)))
    return found


def exists(action: str, known: Mapping[str, Any]) -> bool:
    """Whether IAM has the action. Some schemas name calls of the service's API or of its audit log instead."""
    service, _colon, name = action.partition(":")
    return bool(fnmatch.filter(known.get(service, {}).get("Actions", ()), name.lower()))


def of_schema(schema: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, list[str]]:
    """Actions by handler, and those that tagging needs. `known`: actions by service, in lower case, as in cfn-lint's package."""
    handlers = schema.get("handlers") or {}
    actions = {name: handlers.get(name, {}).get("permissions", []) for name in HANDLERS}
    actions["tag"] = (schema.get("tagging") or {}).get("permissions", [])
    kept = {name: sorted({action for action in found if exists(action, known)}) for name, found in actions.items()}
    return {name: found for name, found in kept.items() if found}


def generated(roles: Mapping[str, list[str]]) -> dict[str, Any]:
    """The document: `types: {type: {handler: actions}}`, `roles: {role: types}`. Raises LookupError for a type that has no schema."""
    from cfnlint.data import AdditionalSpecs
    from cfnlint.helpers import load_resource
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

    known = load_resource(AdditionalSpecs, "Policies.json")
    types = {}
    for name in sorted({name for names in roles.values() for name in names}):
        try:
            types[name] = of_schema(PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", name).schema, known)
        except Exception as error:
            raise LookupError(f"cfn-lint has no schema of {name}: {error!r}") from error
        if not types[name]:
            raise LookupError(f"the schema of {name} has no handlers")
    return {"roles": dict(roles), "types": types}


def text(document: Mapping[str, Any]) -> str:
    """The file."""

    class Indented(yaml.SafeDumper):
        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
            super().increase_indent(flow, False)

    return HEAD + yaml.dump(dict(document), Dumper=Indented, width=150, default_flow_style=False)


def foundation(document: Mapping[str, Any]) -> dict[str, Any]:
    """What role identity gives to who makes the foundation: the part of role stacks."""
    return {"types": {name: document["types"][name] for name in document["roles"]["stacks"]}}


def main() -> int:
    document = generated(types_by_role())
    for file, content in ((FILE, text(document)), (FOUNDATION, text(foundation(document)))):
        changed = not file.exists() or file.read_text(encoding="utf-8") != content
        file.write_text(content, encoding="utf-8")
        print(f"{file.relative_to(ROOT)}: {'written' if changed else 'unchanged'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Templates: read without resolving anything, and held against the limits of the service and of this collection."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks.reading import read

# The service's own limits (CloudFormation quotas): 51,200 bytes inline, 500 resources, 200 parameters, 200 outputs. Some resources stay free for a repair.
MAXIMUM_BYTES = 51_200
MAXIMUM_RESOURCES = 450
MAXIMUM_PARAMETERS = 200
MAXIMUM_OUTPUTS = 200
SECTIONS = ("AWSTemplateFormatVersion", "Conditions", "Description", "Mappings", "Metadata", "Outputs", "Parameters", "Resources", "Rules")
ATTRIBUTES = (
    "Type", "Properties", "DependsOn", "Condition", "CreationPolicy", "DeletionPolicy", "Metadata", "UpdatePolicy", "UpdateReplacePolicy",
)  # fmt: skip
# Each of them hides from the plan and from the guard what a change does.
FORBIDDEN_TYPES = {
    "AWS::CloudFormation::Stack": "a nested stack",
    "AWS::CloudFormation::StackSet": "a stack set",
    "AWS::CloudFormation::CustomResource": "a custom resource",
    "AWS::CloudFormation::Macro": "a macro",
    "AWS::CloudFormation::HookVersion": "a hook",
}
FORBIDDEN_FUNCTIONS = ("Fn::ImportValue", "Fn::Transform", "Fn::ForEach")
LOGICAL_ID = re.compile(r"[A-Za-z0-9]{1,255}")
TYPE = re.compile(r"(?:[A-Za-z0-9]{2,64}::){2}[A-Za-z0-9]{2,64}(?:::MODULE)?")
# Left by Jinja; `{{resolve:` is CloudFormation's.
LEFT_OVER = re.compile(r"\{%|\{#|\{\{(?!resolve:)")


@dataclass(frozen=True)
class Template:
    """A template in long form. `digest`: SHA-256 of the text's bytes, 64 hex digits."""

    digest: str
    body: Mapping[str, Any]

    def _section(self, name: str) -> Mapping[str, Any]:
        found = self.body.get(name)
        return found if isinstance(found, Mapping) else {}

    @cached_property
    def resources(self) -> Mapping[str, Any]:
        return {name: one for name, one in self._section("Resources").items() if isinstance(one, Mapping)}

    @cached_property
    def parameters(self) -> Mapping[str, Any]:
        return {name: one for name, one in self._section("Parameters").items() if isinstance(one, Mapping)}

    @cached_property
    def outputs(self) -> Mapping[str, Any]:
        return self._section("Outputs")


def load(text: str) -> Template:
    """The template, YAML (short-form tags become long form) or JSON. Raises StackError: not readable, twice the same key, aliases, unknown tags."""
    return Template(digest=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() if isinstance(text, str) else "", body=read(text))


def walk(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """`(path, value)` of the value and all that is in it; keys and positions joined by dots."""
    yield path, value
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from walk(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from walk(inner, f"{path}.{number}")


def _sizes(template: Template, text: str) -> Iterator[str]:
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAXIMUM_BYTES:
        yield f"the template has {size} bytes, more than {MAXIMUM_BYTES}; split the stack by thing and lifetime"
    for name, section, most in (
        ("resources", template.resources, MAXIMUM_RESOURCES),
        ("parameters", template.parameters, MAXIMUM_PARAMETERS),
        ("outputs", template.outputs, MAXIMUM_OUTPUTS),
    ):
        if len(section) > most:
            yield f"the template has {len(section)} {name}, more than {most}; split the stack by thing and lifetime"


def _sections(template: Template) -> Iterator[str]:
    for name in template.body:
        if name == "Transform":
            yield "the template has a Transform; macros hide from the plan what is made, write the resources out"
        elif name not in SECTIONS:
            yield f"the template has the section {name!r}; sections are {', '.join(SECTIONS)}"
    for name in ("Resources", "Parameters", "Outputs", "Conditions", "Mappings"):
        section = template.body.get(name)
        if section is not None and not isinstance(section, Mapping):
            yield f"section {name} of the template is not a map"
            continue
        for key, one in (section or {}).items():
            if not LOGICAL_ID.fullmatch(key):
                yield f"{key!r} in {name} of the template is no logical id; use letters and digits"
            if name != "Conditions" and not isinstance(one, Mapping):
                yield f"{key} in {name} of the template is not a map"
    if not template.resources:
        yield "the template has no Resources; a stack needs at least one"


def _resources(template: Template) -> Iterator[str]:
    for name, resource in template.resources.items():
        kind = resource.get("Type")
        if not isinstance(kind, str) or not (TYPE.fullmatch(kind) or kind.startswith("Custom::")):
            yield f"resource {name} has the Type {kind!r}; give one as AWS::EC2::VPC"
            continue
        if kind in FORBIDDEN_TYPES or kind.startswith("Custom::") or kind.endswith("::MODULE"):
            what = FORBIDDEN_TYPES.get(kind, "a module" if kind.endswith("::MODULE") else "a custom resource")
            yield f"resource {name} is {what} ({kind}), which hides from the plan what it does; use resources of AWS, or an operation for what they cannot"
        unknown = sorted(set(resource) - set(ATTRIBUTES))
        if unknown:
            yield f"resource {name} has {', '.join(map(repr, unknown))}; attributes are {', '.join(ATTRIBUTES)}"
        if not isinstance(resource.get("Properties", {}), Mapping):
            yield f"Properties of resource {name} are not a map"


def references(value: Any) -> Iterator[tuple[str, str, str]]:
    """`(function, name, attribute)` of every Ref, Fn::GetAtt and variable of Fn::Sub in the value that is not the Sub's own."""
    for _path, found in walk(value):
        if not isinstance(found, Mapping) or len(found) != 1:
            continue
        ((function, argument),) = found.items()
        if function == "Ref" and isinstance(argument, str):
            yield "Ref", argument, ""
        elif function == "Fn::GetAtt":
            parts = argument.split(".", 1) if isinstance(argument, str) else argument if isinstance(argument, list) else []
            if len(parts) == 2 and isinstance(parts[0], str):
                yield "Fn::GetAtt", parts[0], parts[1] if isinstance(parts[1], str) else ""
        elif function == "Fn::Sub":
            text, own = (argument[0], argument[1]) if isinstance(argument, list) and len(argument) == 2 else (argument, {})
            if isinstance(text, str):
                for variable in re.findall(r"\$\{([^!}][^}]*)\}", text):
                    name, _dot, attribute = variable.strip().partition(".")
                    if variable.strip() not in own:
                        yield "Fn::Sub", name, attribute


def _functions(template: Template) -> Iterator[str]:
    seen = set()
    for path, found in walk(template.body):
        if isinstance(found, Mapping):
            for function in found:
                short = function if function in FORBIDDEN_FUNCTIONS else "Fn::ForEach" if str(function).startswith("Fn::ForEach::") else ""
                if short and (path, short) not in seen:
                    seen.add((path, short))
                    remedy = "give the value by a parameter from the other stack's output" if short == "Fn::ImportValue" else "write the resources out"
                    yield f"{short} at {path or 'the top'} is not allowed; {remedy}"
        elif isinstance(found, str) and LEFT_OVER.search(found):
            yield f"{path} holds {LEFT_OVER.search(found).group()!r}, left over by Jinja; render the template before it is given here"
    known = {**template.parameters, **template.resources}
    places = [("Resources", template.resources), ("Outputs", template.outputs), ("Conditions", template._section("Conditions"))]
    for section, content in places:
        for function, name, attribute in references(content):
            allowed = template.parameters if section == "Conditions" else template.resources if attribute else known
            if name not in allowed and not name.startswith("AWS::"):
                seen_as = (section, function, name)
                if seen_as not in seen:
                    seen.add(seen_as)
                    yield f"{function} in {section} names {name!r}, which is neither a resource nor a parameter of the template"


def _depends(template: Template) -> Iterator[str]:
    for name, resource in template.resources.items():
        wanted = resource.get("DependsOn", [])
        for other in [wanted] if isinstance(wanted, str) else wanted if isinstance(wanted, list) else []:
            if other not in template.resources:
                yield f"DependsOn of resource {name} names {other!r}, which is no resource of the template"


def problems(template: Template, text: str) -> list[str]:
    """What the service or this collection does not take: limits, forbidden types and functions, dangling references inside the template."""
    return [*_sizes(template, text), *_sections(template), *_resources(template), *_functions(template), *_depends(template)]

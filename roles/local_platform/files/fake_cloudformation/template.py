# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates: YAML with the short forms or JSON, their limits, and what refers to what.

Limits: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from typing import NamedTuple

import yaml

from fake_cloudformation.errors import invalid

BODY_LIMIT = 51_200
SECTION_LIMITS = {"Parameters": 200, "Mappings": 200, "Resources": 500, "Outputs": 200}
SECTIONS = {"AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Rules", "Mappings", "Conditions", "Transform", "Resources", "Outputs"}
ATTRIBUTES = {
    "Type",
    "Properties",
    "DependsOn",
    "Condition",
    "Metadata",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "UpdatePolicy",
    "CreationPolicy",
    "Description",
}
POLICIES = {"DeletionPolicy": {"Delete", "Retain", "RetainExceptOnCreate", "Snapshot"}, "UpdateReplacePolicy": {"Delete", "Retain", "Snapshot"}}
PSEUDO = {
    "AWS::AccountId",
    "AWS::NotificationARNs",
    "AWS::NoValue",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
}
CONDITION_FUNCTIONS = ("Fn::And", "Fn::Equals", "Fn::If", "Fn::Not", "Fn::Or")
FUNCTIONS = ("Fn::Base64", "Fn::Cidr", "Fn::FindInMap", "Fn::GetAZs", "Fn::GetAtt", "Fn::Join", "Fn::Select", "Fn::Split", "Fn::Sub", "Ref")
PLACEHOLDER = re.compile(r"\$\{([^!}][^}]*)\}")


class Reference(NamedTuple):
    """What a Ref (attribute None) or a GetAtt points at."""

    name: str
    attribute: str | None


@dataclass(frozen=True)
class Template:
    body: str
    content: dict[str, Any]

    def section(self, name: str) -> dict[str, Any]:
        return self.content.get(name) or {}

    @property
    def resources(self) -> dict[str, dict[str, Any]]:
        return self.section("Resources")

    @property
    def parameters(self) -> dict[str, dict[str, Any]]:
        return self.section("Parameters")


class _Loader(yaml.SafeLoader):
    """Dates stay text, as a policy's Version is one."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _short_form(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_form)


def parse(body: str) -> Template:
    """A checked template. Raises ApiError in CloudFormation's words."""
    if len(body.encode()) > BODY_LIMIT:
        shown = f"{body[:60]}..."
        raise invalid(
            f"1 validation error detected: Value '{shown}' at 'templateBody' failed to satisfy constraint: "
            f"Member must have length less than or equal to {BODY_LIMIT}"
        )
    kind = "JSON" if body.lstrip().startswith("{") else "YAML"
    try:
        content = json.loads(body) if kind == "JSON" else yaml.load(body, _Loader)  # noqa: S506 - a safe loader
    except (ValueError, yaml.YAMLError) as error:
        where = getattr(error, "problem_mark", None)
        line, column = (where.line + 1, where.column + 1) if where else (getattr(error, "lineno", 0), getattr(error, "colno", 0))
        raise invalid(f"Template format error: {kind} not well-formed. (line {line}, column {column})") from error
    if not isinstance(content, dict):
        raise invalid("Template format error: unsupported structure.")
    content = _normal(content)
    _check(content)
    return Template(body, content)


def _normal(value: Any) -> Any:
    """Fn::GetAtt always as a list, so that two ways to write it are equal."""
    if isinstance(value, list):
        return [_normal(item) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Fn::GetAtt"} and isinstance(value["Fn::GetAtt"], str):
        return {"Fn::GetAtt": value["Fn::GetAtt"].split(".", 1)}
    return {str(key): _normal(item) for key, item in value.items()}


def _check(content: dict[str, Any]) -> None:
    unknown = sorted(set(content) - SECTIONS)
    if unknown:
        raise invalid(f"Invalid template property or properties [{', '.join(unknown)}]")
    if content.get("Transform"):
        raise invalid("Transforms are not supported by this fake of CloudFormation")
    if not content.get("Resources"):
        raise invalid("Template format error: At least one Resources member must be defined.")
    for section, limit in SECTION_LIMITS.items():
        count = len(content.get(section) or {})
        if count > limit:
            raise invalid(f"Template format error: Number of {section.lower()}, {count}, is greater than maximum allowed, {limit}")
    for name, resource in content["Resources"].items():
        _check_resource(name, resource)
    for name, output in (content.get("Outputs") or {}).items():
        if not isinstance(output, dict) or output.get("Value") is None:
            raise invalid(f"Template format error: Every Outputs member must contain a Value object ({name})")


def _check_resource(name: str, resource: Any) -> None:
    if not re.fullmatch("[A-Za-z0-9]+", name):
        raise invalid(f"Template format error: Resource name {name} is non alphanumeric.")
    if not isinstance(resource, dict) or not isinstance(resource.get("Type"), str):
        raise invalid(f"Template format error: [/Resources/{name}] Every Resources object must contain a Type member.")
    for attribute in resource:
        if attribute not in ATTRIBUTES:
            raise invalid(f"Invalid template resource property '{attribute}'")
    for attribute, known in POLICIES.items():
        value = resource.get(attribute)
        if value is not None and not isinstance(value, dict) and value not in known:
            raise invalid(f"Template format error: Unrecognized {attribute} {value} for resource {name}")


def walk(value: Any) -> Iterator[tuple[str, Any]]:
    """Every function in a value as (name, arguments), outermost first; placeholders of a Sub come as Ref or Fn::GetAtt."""
    if isinstance(value, list):
        for item in value:
            yield from walk(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if len(value) == 1 and (key in ("Ref", "Condition") or key.startswith("Fn::")):
                yield key, item
                if key == "Fn::Sub":
                    yield from _placeholders(item)
            yield from walk(item)


def _placeholders(argument: Any) -> Iterator[tuple[str, Any]]:
    text, own = argument if isinstance(argument, list) and len(argument) == 2 else (argument, {})
    for name in PLACEHOLDER.findall(text if isinstance(text, str) else ""):
        if name.strip() not in own:
            yield ("Fn::GetAtt", name.strip().split(".", 1)) if "." in name else ("Ref", name.strip())


def references(value: Any) -> set[Reference]:
    found = set()
    for function, argument in walk(value):
        if function == "Ref" and isinstance(argument, str):
            found.add(Reference(argument, None))
        elif function == "Fn::GetAtt" and isinstance(argument, list) and len(argument) == 2 and isinstance(argument[1], str):
            found.add(Reference(argument[0], argument[1]))
    return found


def dependencies(resource: dict[str, Any]) -> set[str]:
    """Names that a resource points at, by DependsOn or in its properties; parameters are among them."""
    explicit = resource.get("DependsOn") or []
    return {explicit} | _names(resource) if isinstance(explicit, str) else set(explicit) | _names(resource)


def _names(resource: dict[str, Any]) -> set[str]:
    return {reference.name for reference in references([resource.get("Properties"), resource.get("Metadata")])}

# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resource types as AWS describes them, out of cfn-lint's packaged resource schemas."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from typing import Any

from fake_cloudformation.functions import causes_of

_LOCK = threading.Lock()


@functools.cache
def _cfnlint() -> tuple[Any, Any, type[Exception]]:
    """Imported at the first use: it takes seconds."""
    from cfnlint.jsonschema import StandardValidator
    from cfnlint.schema import ResourceNotFoundError
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

    return PROVIDER_SCHEMA_MANAGER, StandardValidator, ResourceNotFoundError


class ResourceType:
    """One type: its properties, attributes, what cannot change in place, what names it."""

    def __init__(self, schema: Any) -> None:
        self._schema = schema
        self.schema: dict[str, Any] = schema.schema
        self.attributes = schema.get_atts
        self.create_only = self._paths("createOnlyProperties")
        self.conditional = self._paths("conditionalCreateOnlyProperties")
        self.write_only = self._paths("writeOnlyProperties")
        self.read_only = self._paths("readOnlyProperties")
        self.identifier = self._paths("primaryIdentifier")
        tagging = self.schema.get("tagging") or {}
        tags = tagging.get("tagProperty", "/properties/Tags").rpartition("/")[2]
        self.tag_property: str | None = tags if tagging.get("taggable", tags in self.schema.get("properties", {})) else None

    def _paths(self, key: str) -> list[str]:
        """JSON pointers without their prefix: `KubernetesNetworkConfig/IpFamily`."""
        return [path.removeprefix("/properties/").replace("/properties/", "/") for path in self.schema.get(key, [])]

    def has_attribute(self, name: str) -> bool:
        return self.attributes.get(name) is not None

    def name_of(self, properties: dict[str, Any]) -> str | None:
        """The name that the properties give to the resource, if all of its identifier can be declared."""
        if not self.identifier or any(path in self.read_only or not isinstance(properties.get(path), str) for path in self.identifier):
            return None
        return "|".join(properties[path] for path in self.identifier)

    def custom_name(self, properties: dict[str, Any]) -> str | None:
        """The name that a template gives to the resource, so that no second one can be made beside it."""
        if len(self.identifier) == 1 and self.name_of(properties):
            return self.name_of(properties)
        short = self.schema["typeName"].rpartition("::")[2]
        own = [path for path in self.create_only if path.endswith("Name") and short.endswith(path.removesuffix("Name"))]
        return next((properties[path] for path in own if isinstance(properties.get(path), str)), None)

    def of(self, path: list[str | int]) -> dict[str, Any]:
        """The schema of the value at a path, empty where there is none."""
        found: dict[str, Any] = self.schema
        for part in path:
            found = self._resolved(found)
            found = found.get("items", {}) if isinstance(part, int) else found.get("properties", {}).get(part, {})
        return self._resolved(found)

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        while isinstance(schema, dict) and "$ref" in schema:
            _unused, schema = self._schema.resolver.resolve(schema["$ref"])
        return schema if isinstance(schema, dict) else {}

    def coerced(self, value: Any, path: tuple[str | int, ...] = ()) -> Any:
        """Scalars in the type that the schema wants: templates may write "true" and 5432 for one another."""
        schema = self.of(list(path))
        if isinstance(value, dict):
            return {key: self.coerced(item, (*path, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self.coerced(item, (*path, number)) for number, item in enumerate(value)]
        return _scalar(value, schema.get("type"))

    def problems(self, properties: dict[str, Any]) -> list[str]:
        """What the schema has against coerced properties, in CloudFormation's words; what is not known yet is not judged."""
        _unused, validator, _unused2 = _cfnlint()
        found = [f"#: extraneous key [{name}] is not permitted" for name in sorted(set(properties) & set(self.read_only))]
        with _LOCK:
            errors = list(validator(schema=self.schema, resolver=self._schema.resolver).iter_errors(properties))
        for error in errors:
            if not causes_of(error.instance) or error.validator in ("required", "additionalProperties"):
                found.append(_words(error))
        return sorted(set(found))


def _scalar(value: Any, wanted: Any) -> Any:
    if isinstance(value, bool) and wanted == "string":
        return "true" if value else "false"
    if isinstance(value, int | float) and not isinstance(value, bool) and wanted == "string":
        return str(value)
    if isinstance(value, str) and wanted == "boolean" and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if isinstance(value, str) and wanted in ("integer", "number"):
        try:
            return int(value) if wanted == "integer" or value.lstrip("-").isdigit() else float(value)
        except ValueError:
            return value
    return value


def _words(error: Any) -> str:
    path = [str(part) for part in error.path]
    if error.validator == "required":
        missing = error.message.split("'")[1]
        return f"{_pointer(path)}: required key [{missing}] not found"
    if error.validator == "additionalProperties":
        return f"{_pointer(path[:-1])}: extraneous key [{path[-1]}] is not permitted"
    if error.validator == "type":
        return f"{_pointer(path)}: expected type: {str(error.validator_value).capitalize()}, found: {_kind(error.instance)}"
    if error.validator == "enum":
        return f"{_pointer(path)}: {error.instance} is not a valid enum value"
    if error.validator == "pattern":
        return f"{_pointer(path)}: failed validation constraint for keyword [pattern]"
    return f"{_pointer(path)}: {error.message}"


def _pointer(path: list[str]) -> str:
    return "/".join(["#", *path])


def _kind(value: Any) -> str:
    names = {bool: "Boolean", int: "Integer", float: "Number", str: "String", list: "JSONArray", dict: "JSONObject"}
    return names.get(type(value), type(value).__name__)


@functools.lru_cache(maxsize=2048)
def type_of(region: str, name: str) -> ResourceType | None:
    """None where CloudFormation has no such type in the region."""
    manager, _unused, missing = _cfnlint()
    try:
        with _LOCK:
            return ResourceType(manager.get_resource_schema(region, name))
    except (missing, KeyError):
        return None


def flattened(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Leaves of nested maps as (`A/B`, value); a list is a leaf."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from flattened(item, f"{path}/{key}" if path else str(key))
    else:
        yield path, value

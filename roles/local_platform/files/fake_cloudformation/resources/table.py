# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine under the tables: one resource type is a row of calls, and where its values lie in their answers.

In a row `{Name}` stands for a property, an attribute, or one of `id` (what Ref gives), `region`, `account`, `partition`; an argument that is
one such word alone keeps its type, and is left out where there is no value. Answers are read by JMESPath.
"""

from __future__ import annotations

import contextlib
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from typing import Any

import jmespath
from botocore import xform_name
from botocore.exceptions import ClientError

from fake_cloudformation.contract import Context
from fake_cloudformation.contract import Handler
from fake_cloudformation.contract import Made
from fake_cloudformation.resources import errors
from fake_cloudformation.resources import shapes
from fake_cloudformation.resources.tagging import Tagging

Scope = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One call of a service.

    `takes`: properties handed over under their own or, by `renames`, another name; None = all. `given`: further arguments. `answer`: where the
    value lies in the answer. `service`: another one than the row's.
    """

    operation: str
    given: dict[str, Any] = field(default_factory=dict)
    takes: tuple[str, ...] | None = ()
    renames: dict[str, str] = field(default_factory=dict)
    answer: str = "@"
    service: str = ""

    def __call__(self, context: Context, service: str, scope: Scope, properties: dict[str, Any] | None = None) -> Any:
        client = context.client(self.service or service)
        method = xform_name(self.operation)
        shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method]).input_shape
        argued = self.argued(shape, scope, properties or {}) if shape else {}
        return jmespath.search(shapes.fill(" " + self.answer, scope), getattr(client, method)(**argued))

    def argued(self, shape: Any, scope: Scope, properties: dict[str, Any]) -> dict[str, Any]:
        """The call's arguments."""
        handed = {self.renames.get(key, key): item for key, item in properties.items() if self.takes is None or key in self.takes}
        return shapes.arguments(shape, handed | shapes.fill(self.given, scope))


Source = str | Call | Callable[[Context, Scope], Any]
"""Where a value is: a JMESPath into what `find` found, "=" and a template, a call, or a function."""


@dataclass(frozen=True)
class Part:
    """Properties with a call of their own. `made`: the creating call has them already. `remove`: what undoes them once they are not declared."""

    properties: tuple[str, ...]
    put: Call | Callable[[Context, Scope, dict[str, Any], dict[str, Any]], None]
    remove: Call | None = None
    made: bool = False
    default: Any = None


@dataclass(frozen=True)
class Name:
    """A name that CloudFormation makes up where none is declared."""

    property: str
    limit: int
    lower: bool = False

    def made_up(self, context: Context, logical_id: str) -> str:
        tail = uuid.uuid4().hex[:12]
        name = f"{context.stack_name}-{logical_id}"[: self.limit - 13] + "-" + (tail if self.lower else tail.upper())
        return name.lower() if self.lower else name


@dataclass(frozen=True)
class Row(Handler):
    """A resource type. `find` gives the live thing, or None (or a not-found error) where it is gone. `live` says where a declared property's
    value is where `find`'s answer does not have it under its own name; what neither knows moto does not keep, and read gives it back as declared."""

    type: str
    service: str
    create_by: Call | Callable[[Context, Scope, dict[str, Any]], Any]
    ref: str
    find: Call | Callable[[Context, str, Scope], Any]
    delete_by: Call | Callable[[Context, Scope, dict[str, Any]], None]
    attributes: dict[str, Source] = field(default_factory=dict)
    live: dict[str, Source] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    update_by: Call | Callable[[Context, Scope, dict[str, Any], dict[str, Any]], None] | None = None
    tagging: Tagging | None = None
    name: Name | None = None

    def create(self, context: Context, logical_id: str, properties: dict[str, Any]) -> Made:
        if self.name and not properties.get(self.name.property):
            properties = properties | {self.name.property: self.name.made_up(context, logical_id)}
        scope = _scope(context, properties, logical_id=logical_id, token=uuid.uuid4().hex)
        own = {key for part in self.parts if not part.made for key in part.properties} | ({self.tagging.property} if self.tagging else set())
        handed = {key: item for key, item in properties.items() if key not in own}
        with errors.told(self._called(context)):
            answer = _do(self.create_by, context, self.service, scope, handed)
            scope["id"] = shapes.fill(self.ref[1:], scope) if self.ref.startswith("=") else jmespath.search(self.ref, answer)
            try:
                return self._complete(context, logical_id, scope, properties)
            except ClientError:
                # CloudFormation deletes what it began; here nothing but this call knows of it.
                with contextlib.suppress(ClientError):
                    _do(self.delete_by, context, self.service, scope, properties)
                raise

    def _complete(self, context: Context, logical_id: str, scope: Scope, properties: dict[str, Any]) -> Made:
        thing = self._thing(context, scope)
        for part in self.parts:
            if not part.made and any(properties.get(key) is not None for key in part.properties):
                _change(part.put, context, self.service, scope, {}, properties)
        if self.tagging:
            self.tagging.apply(context, self.service, scope, properties.get(self.tagging.property), logical_id)
        return self._made(context, scope, thing if not self.parts else None)

    def update(self, context: Context, physical_id: str, before: dict[str, Any], after: dict[str, Any]) -> Made:
        if self.name and not after.get(self.name.property):
            after = after | {self.name.property: _own_name(physical_id)}
        scope = _scope(context, after, id=physical_id)
        changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        with errors.told(self._called(context)):
            if self._thing(context, scope) is None:
                raise errors.not_found(self.type, physical_id)
            for part in self.parts:
                if changed & set(part.properties):
                    self._change_part(part, context, scope, before, after)
                    changed -= set(part.properties)
            if self.tagging:
                changed.discard(self.tagging.property)
                self.tagging.apply(context, self.service, scope, after.get(self.tagging.property), None, before.get(self.tagging.property))
            if changed and self.update_by:
                _change(self.update_by, context, self.service, scope, before, after)
            return self._made(context, scope, None)

    def _change_part(self, part: Part, context: Context, scope: Scope, before: dict[str, Any], after: dict[str, Any]) -> None:
        wanted = {key: after.get(key) for key in part.properties}
        if all(item is None for item in wanted.values()):
            if part.remove:
                _change(part.remove, context, self.service, _scope(context, before, **scope), before, after)
                return
            after = after | dict.fromkeys(part.properties, part.default)
            if part.default is None and isinstance(part.put, Call):
                return
        _change(part.put, context, self.service, _scope(context, after, **{key: item for key, item in scope.items() if key not in after}), before, after)

    def delete(self, context: Context, physical_id: str, properties: dict[str, Any]) -> None:
        scope = _scope(context, properties, id=physical_id)
        with errors.told(self._called(context)):
            if self._thing(context, scope) is not None:
                try:
                    _do(self.delete_by, context, self.service, scope, properties)
                except ClientError as error:
                    # Something else that is gone already, a rule's group, must not pass for this.
                    if not errors.gone(error) or self._thing(context, _scope(context, properties, id=physical_id)) is not None:
                        raise
        if self.tagging:
            self.tagging.forget(context, physical_id)

    def read(self, context: Context, physical_id: str, properties: dict[str, Any]) -> dict[str, Any] | None:
        scope = _scope(context, properties, id=physical_id)
        with errors.told(self._called(context)):
            thing = self._thing(context, scope)
            if thing is None:
                return None
            found: dict[str, Any] = {}
            lower = {str(key).lower(): key for key in thing} if isinstance(thing, dict) else {}
            for key, declared in properties.items():
                if self.tagging and key == self.tagging.property:
                    found[key] = self.tagging.read(context, self.service, scope, declared)
                elif key in self.live:
                    if (value := self._value(self.live[key], context, scope, thing)) is not None:
                        found[key] = shapes.like(declared, value)
                else:
                    value = thing[lower[key.lower()]] if key.lower() in lower else None
                    found[key] = declared if value is None else shapes.like(declared, value)
            return found

    def describe(self, context: Context, physical_id: str, known: dict[str, Any], names: list[str]) -> dict[str, Any] | None:
        """All live values of these properties and attributes, in the service's own form; None where there is no such thing."""
        scope = _scope(context, known, id=physical_id)
        with errors.told(self._called(context)):
            thing = self._thing(context, scope)
            if thing is None:
                return None
            lower = {str(key).lower(): item for key, item in thing.items()} if isinstance(thing, dict) else {}
            found = {key: lower[key.lower()] for key in names if lower.get(key.lower()) is not None}
            for key, source in {**self.live, **self.attributes}.items():
                _put(found, key.split("."), self._value(source, context, scope, thing))
            if self.tagging and self.tagging.property in names:
                found.pop(self.tagging.property, None)
                tags = {key: item for key, item in self.tagging.all(context, self.service, scope).items() if not key.startswith("aws:")}
                if tags:
                    found[self.tagging.property] = [{"Key": key, "Value": item} for key, item in sorted(tags.items())]
            return known | found

    def adopted(self, context: Context, physical_id: str, properties: dict[str, Any]) -> Made | None:
        """What creating it would have given; None where there is no such thing."""
        with errors.told(self._called(context)):
            scope = _scope(context, properties, id=physical_id)
            thing = self._thing(context, scope)
            return None if thing is None else self._made(context, scope, thing)

    def _thing(self, context: Context, scope: Scope) -> Any:
        try:
            thing = self.find(context, self.service, scope)
        except ClientError as error:
            if errors.gone(error):
                return None
            raise
        if isinstance(thing, dict):
            # Rows name attributes in templates: an ARN for the tags, an allocation for an address.
            scope.update({key: item for key, item in thing.items() if key not in scope})
            scope["thing"] = thing
        for key, source in self.attributes.items():
            if thing is not None and isinstance(source, str):
                scope[key] = self._value(source, context, scope, thing)
        return thing

    def _made(self, context: Context, scope: Scope, thing: Any) -> Made:
        thing = self._thing(context, scope) if thing is None else thing
        if thing is None:
            raise errors.not_found(self.type, scope["id"])
        values = {key: self._value(source, context, scope, thing) for key, source in self.attributes.items()}
        return Made(str(scope["id"]), {key: item for key, item in values.items() if item is not None})

    def _value(self, source: Source, context: Context, scope: Scope, thing: Any) -> Any:
        if isinstance(source, str):
            return shapes.fill(source[1:], scope) if source.startswith("=") else jmespath.search(source, thing)
        try:
            return source(context, self.service, scope) if isinstance(source, Call) else source(context, scope | {"thing": thing})
        except ClientError as error:
            if errors.gone(error):
                return None
            raise

    def _called(self, context: Context) -> str:
        return errors.named(context.client(self.service))


def _scope(context: Context, properties: dict[str, Any], **more: Any) -> Scope:
    return {"partition": "aws", "region": context.region, "account": context.account} | properties | more


def _put(found: dict[str, Any], path: list[str], value: Any) -> None:
    """A nested attribute at its place; what is not known is left out."""
    if value is None:
        return
    for part in path[:-1]:
        inner = found.get(part)
        found[part] = inner = dict(inner) if isinstance(inner, dict) else {}
        found = inner
    found[path[-1]] = value


def _own_name(physical_id: str) -> str:
    """The name in an ARN or path; most physical ids are the name itself."""
    return re.split(r"[/:]", physical_id)[-1]


def _do(how: Any, context: Context, service: str, scope: Scope, properties: dict[str, Any]) -> Any:
    return how(context, service, scope, properties) if isinstance(how, Call) else how(context, scope, properties)


def _change(how: Any, context: Context, service: str, scope: Scope, before: dict[str, Any], after: dict[str, Any]) -> None:
    if isinstance(how, Call):
        how(context, service, scope, after)
    else:
        how(context, scope, before, after)

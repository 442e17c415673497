# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags: the resource's own, the stack's and CloudFormation's three, in each service's spelling."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Any

import jmespath
from botocore import xform_name

from fake_cloudformation.contract import Context
from fake_cloudformation.resources import shapes

SYSTEM = "aws:"
# What a stack put on a resource last, as a tag that the stack no longer has goes and one of another origin stays.
_given: dict[tuple[str, str, str], dict[str, str]] = {}


@dataclass(frozen=True)
class Tagging:
    """How a service tags. `target`: the arguments that name the resource, templates as in rows. `listed`: where the answer of `listing` has them.
    `as_list`: the service wants [{Key, Value}] where its model does not say so itself."""

    add: str
    remove: str
    listing: str
    target: dict[str, Any]
    listed: str
    list_target: dict[str, Any] | None = None
    property: str = "Tags"
    fixed: dict[str, Any] = field(default_factory=dict)

    def apply(self, context: Context, service: str, scope: dict[str, Any], declared: Any, logical_id: str | None, earlier: Any = None) -> None:
        """Sets the wanted tags and removes those that the stack gave and gives no longer."""
        live = self.all(context, service, scope)
        if logical_id is None:
            logical_id = live.get("aws:cloudformation:logical-id", "")
        system = {"stack-name": context.stack_name, "stack-id": context.stack_id, "logical-id": logical_id}
        wanted = {f"aws:cloudformation:{key}": value for key, value in system.items()} | dict(context.tags) | as_map(declared)
        key = (context.account, context.region, str(scope["id"]))
        stale = sorted((_given.get(key, {}).keys() | as_map(earlier).keys()) & live.keys() - wanted.keys())
        missing = {name: value for name, value in wanted.items() if live.get(name) != value}
        if stale:
            self._call(context, service, scope, self.remove, stale)
        if missing:
            self._call(context, service, scope, self.add, missing)
        _given[key] = wanted

    def forget(self, context: Context, physical_id: str) -> None:
        _given.pop((context.account, context.region, physical_id), None)

    def read(self, context: Context, service: str, scope: dict[str, Any], declared: Any) -> Any:
        """The live tags in the declared form, without those that come from the stack itself."""
        wanted = as_map(declared)
        live = self.all(context, service, scope)
        own = {key: value for key, value in live.items() if not key.startswith(SYSTEM) and (key in wanted or context.tags.get(key) != value)}
        if isinstance(declared, dict):
            return own
        return shapes.like(declared, [{"Key": key, "Value": value} for key, value in own.items()])

    def all(self, context: Context, service: str, scope: dict[str, Any]) -> dict[str, str]:
        client = context.client(service)
        target = shapes.fill(self.list_target if self.list_target is not None else self.target, scope)
        return as_map(jmespath.search(self.listed, getattr(client, xform_name(self.listing))(**target)))

    def _call(self, context: Context, service: str, scope: dict[str, Any], operation: str, tags: dict[str, str] | list[str]) -> None:
        client = context.client(service)
        method = xform_name(operation)
        shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method]).input_shape
        target = shapes.fill(self.target, scope)
        names = [name for name in shape.members if name not in target and "tag" in name.lower()]
        removing = operation == self.remove
        name = next((name for name in names if removing == ("key" in name.lower() or "remove" in name.lower())), names[0])
        getattr(client, method)(**target, **{name: spelled(shape.members[name], tags)})


def spelled(shape: Any, tags: dict[str, str] | list[str]) -> Any:
    """Tags (or only their names) as the model's shape wants them: a map, a list of names, or a list of pairs under whatever names."""
    if shape.type_name == "map":
        return tags
    if shape.member.type_name == "string":
        return list(tags)
    members = {("key" if "key" in name.lower() else "value"): name for name in shape.member.members if name.lower().endswith(("key", "value"))}
    if isinstance(tags, dict):
        return [{members["key"]: key, members["value"]: value} for key, value in tags.items()]
    return [{members["key"]: key} for key in tags]


def as_map(tags: Any) -> dict[str, str]:
    """Tags of any spelling as a map."""
    if isinstance(tags, dict):
        return {str(key): shapes.text(value) for key, value in tags.items()}
    found: dict[str, str] = {}
    for tag in tags or []:
        pair = {("key" if "key" in name.lower() else "value"): value for name, value in tag.items() if name.lower().endswith(("key", "value"))}
        found[str(pair["key"])] = shapes.text(pair.get("value") or "")
    return found

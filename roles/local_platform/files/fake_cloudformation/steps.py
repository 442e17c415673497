# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to one resource: create, update, delete, with its events and its failures in CloudFormation's words."""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING
from typing import Any

from botocore.exceptions import BotoCoreError
from botocore.exceptions import ClientError

from fake_cloudformation import dynamic
from fake_cloudformation import records
from fake_cloudformation import rules
from fake_cloudformation.contract import Handler
from fake_cloudformation.contract import Made
from fake_cloudformation.contract import ResourceFailed
from fake_cloudformation.errors import ApiError
from fake_cloudformation.model import Resource
from fake_cloudformation.resources import identity
from fake_cloudformation.resources.errors import refusal

if TYPE_CHECKING:
    from fake_cloudformation.operation import Operation

LOG = logging.getLogger("fake_cloudformation")


class Failed(Exception):
    """The resource's failure is written down already."""


class Cancelled(Exception):
    """Another resource failed, or somebody cancelled."""


class Misfit(Exception):
    """The properties do not fit the type's schema: CloudFormation says so before it calls the handler."""


def create(operation: Operation, resource: Resource, verb: str = "CREATE", reason: str | None = None) -> None:
    """`verb` is UPDATE where the new resource replaces another. Raises Failed."""
    say = operation.say
    say(f"{verb}_IN_PROGRESS", reason, resource)
    try:
        kind = operation.type_of(resource.type)
        handler = operation.service.handler_of(resource.type)
        resource.real = handler is not None
        problems = kind.problems(resource.properties)
        if problems:
            shown = "\n".join(problems)
            raise Misfit(f"Properties validation failed for resource {resource.logical_id} with message:\n{shown}")
        operation.meet_fault(resource, "create")
        rules.before_create(operation.world, operation.place, resource, kind, resource.real)
        made = _make(operation, resource, handler)
        resource.physical_id, resource.attributes = made.physical_id, made.attributes
        say(f"{verb}_IN_PROGRESS", "Resource creation Initiated", resource)
        operation.pause(operation.world.settings.lasting(resource.type, "create"))
        while rules.waits_for_others(operation.world, resource):
            operation.pause(0.2)
        rules.check_stable(operation.world, operation.place, operation.context, resource)
        say(f"{verb}_COMPLETE", None, resource)
    except Exception as error:
        say(f"{verb}_FAILED", words(error, "Resource creation cancelled"), resource)
        raise Failed(resource.logical_id) from error


def _make(operation: Operation, resource: Resource, handler: Handler | None) -> Made:
    if handler is None:
        return records.made(operation.place, operation.stack.name, resource.logical_id, operation.type_of(resource.type), resource.properties)
    return handler.create(operation.context, resource.logical_id, dynamic.resolved(operation.context, resource.properties))


def update(operation: Operation, resource: Resource, after: dict[str, Any], fault: str = "update", before: dict[str, Any] | None = None) -> None:
    """In place. `before` is what was tried last, where that differs from what is known to be. Raises Failed."""
    say = operation.say
    say("UPDATE_IN_PROGRESS", None, resource)
    try:
        kind = operation.type_of(resource.type)
        problems = kind.problems(after)
        if problems:
            shown = "\n".join(problems)
            raise Misfit(f"Properties validation failed for resource {resource.logical_id} with message:\n{shown}")
        operation.meet_fault(resource, fault)
        if fault == "update":
            rules.before_update(resource, after)
        handler = operation.service.handler_of(resource.type)
        if handler is not None:
            context = operation.context
            old = dynamic.resolved(context, before if before is not None else resource.properties)
            made = handler.update(context, str(resource.physical_id), old, dynamic.resolved(context, after))
            resource.physical_id, resource.attributes = made.physical_id, made.attributes
        else:
            gone = set(resource.properties) - set(after)
            resource.attributes = {key: value for key, value in resource.attributes.items() if key not in gone} | after
        resource.properties = after
        operation.pause(operation.world.settings.lasting(resource.type, "update"))
        say("UPDATE_COMPLETE", None, resource)
    except Exception as error:
        say("UPDATE_FAILED", words(error, "Resource update cancelled"), resource)
        raise Failed(resource.logical_id) from error


def delete(operation: Operation, resource: Resource, policy: str, faults: tuple[str, ...] = ("delete",)) -> None:
    """`policy` is what the template wants to become of it. Raises Failed."""
    say = operation.say
    world = operation.world
    if resource.physical_id is None:
        say("DELETE_COMPLETE", None, resource)
        return
    if policy == "Retain":
        say("DELETE_SKIPPED", None, resource)
        world.retained.append((operation.place, resource))
        return
    say("DELETE_IN_PROGRESS", None, resource)
    try:
        operation.meet_fault(resource, *faults)
        handler = operation.service.handler_of(resource.type)
        rules.before_delete(resource, handler is not None)
        if policy == "Snapshot":
            world.snapshots.append({"type": resource.type, "of": resource.physical_id, "stack": operation.stack.name})
        if handler is not None:
            handler.delete(operation.context, resource.physical_id, dynamic.resolved(operation.context, resource.properties))
        operation.pause(world.settings.lasting(resource.type, "delete"))
        say("DELETE_COMPLETE", None, resource)
    except Exception as error:
        say("DELETE_FAILED", words(error, "Resource deletion cancelled"), resource)
        raise Failed(resource.logical_id) from error


def adopt(operation: Operation, resource: Resource, identifier: dict[str, str]) -> None:
    """Take over what is there already. Raises Failed."""
    say = operation.say
    kind = operation.type_of(resource.type)
    resource.physical_id = identity.physical_id(resource.type, kind.identifier, identifier)
    say("IMPORT_IN_PROGRESS", "Resource import started.", resource)
    try:
        operation.meet_fault(resource, "create")
        handler = operation.service.handler_of(resource.type)
        resource.real = handler is not None
        known = identity.known(operation.context, resource.type, identifier) if handler is not None else {}
        if handler is not None:
            live = handler.read(operation.context, resource.physical_id, dynamic.resolved(operation.context, {**known, **resource.properties}))
        else:
            left = [own for place, own in operation.world.retained if place == operation.place and own.physical_id == resource.physical_id]
            live = left[0].attributes if left else None
        if live is None:
            raise ResourceFailed("NotFound", f"Resource of type '{resource.type}' with identifier '{resource.physical_id}' was not found.")
        made = handler.adopted(operation.context, resource.physical_id, {**known, **resource.properties}) if handler is not None else None
        resource.attributes = {**resource.properties, **identifier, **(made.attributes if made else live)}
        operation.world.retained = [item for item in operation.world.retained if item[1].physical_id != resource.physical_id or item[1].type != resource.type]
        say("IMPORT_COMPLETE", "Resource import completed.", resource)
    except Exception as error:
        say("IMPORT_FAILED", words(error, "Resource import cancelled"), resource)
        raise Failed(resource.logical_id) from error


def words(error: Exception, cancelled: str) -> str:
    """The reason that an event gives."""
    if isinstance(error, Cancelled):
        return cancelled
    if isinstance(error, Misfit):
        return str(error)
    if isinstance(error, ApiError):
        return error.message
    if isinstance(error, ResourceFailed):
        return _handler_words(error.message, error.code)
    if isinstance(error, ClientError):
        return words(refusal(error), cancelled)
    if not isinstance(error, BotoCoreError):
        LOG.exception("A handler failed by itself")
    return _handler_words(str(error) or type(error).__name__, "InternalFailure")


def _handler_words(message: str, code: str) -> str:
    return f'Resource handler returned message: "{message}" (RequestToken: {uuid.uuid4()}, HandlerErrorCode: {code})'

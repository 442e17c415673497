# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""GetResource of the Cloud Control API: a live resource in the form in which a template would write it.

https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/API_GetResource.html
"""

from __future__ import annotations

import datetime
import json
import logging
from typing import Any

from botocore.exceptions import BotoCoreError
from botocore.exceptions import ClientError

from fake_cloudformation import schemas
from fake_cloudformation.contract import Context
from fake_cloudformation.contract import ResourceFailed
from fake_cloudformation.errors import ApiError
from fake_cloudformation.model import Place
from fake_cloudformation.resources import identity
from fake_cloudformation.service import Service

LOG = logging.getLogger("fake_cloudformation")
TARGET = "CloudApiService."


def answer(service: Service, place: Place, target: str, body: bytes) -> tuple[int, bytes]:
    """Status and JSON."""
    try:
        if target != f"{TARGET}GetResource":
            raise ApiError("UnsupportedActionException", f"This fake of the Cloud Control API has no {target.removeprefix(TARGET)}")
        return 200, json.dumps(get_resource(service, place, json.loads(body or b"{}"))).encode()
    except ApiError as error:
        return error.status, json.dumps({"__type": error.code, "message": error.message}).encode()
    except Exception as error:
        LOG.exception("%s failed by itself", target)
        return 500, json.dumps({"__type": "ServiceInternalErrorException", "message": f"{type(error).__name__}: {error}"}).encode()


def get_resource(service: Service, place: Place, request: dict[str, Any]) -> dict[str, Any]:
    """Raises ApiError."""
    name, identifier = request["TypeName"], request["Identifier"]
    kind, handler = schemas.type_of(place.region, name), service.handler_of(name)
    if kind is None:
        raise ApiError("TypeNotFoundException", f"The type '{name}' cannot be found.")
    describe = getattr(handler, "describe", None)
    if "read" not in kind.schema.get("handlers", {}) or describe is None:
        raise ApiError("UnsupportedActionException", f"Resource type {name} does not support READ action")
    parts = identifier.split("|") if len(kind.identifier) > 1 else [identifier]
    if len(parts) != len(kind.identifier):
        raise ApiError("InvalidRequestException", f"Identifier {identifier} is not valid for identifier [/properties/{', /properties/'.join(kind.identifier)}]")
    named = dict(zip(kind.identifier, parts, strict=True))
    context = Context(place.region, place.account, "", "", {}, lambda which: service.clients(place, which))
    try:
        live = describe(context, identity.physical_id(name, kind.identifier, named), identity.known(context, name, named), list(kind.schema["properties"]))
    except (ResourceFailed, ClientError, BotoCoreError) as error:
        if getattr(error, "code", "") == "NotFound":
            live = None
        else:
            raise ApiError("GeneralServiceException", str(error)) from error
    if live is None:
        raise ApiError("ResourceNotFoundException", f"Resource of type '{name}' with identifier '{identifier}' was not found.")
    shaped = {key: value for key, item in {**named, **live}.items() if (value := _shaped(kind, item, [key])) is not None and key not in kind.write_only}
    return {"TypeName": name, "ResourceDescription": {"Identifier": identifier, "Properties": json.dumps(shaped)}}


def _shaped(kind: schemas.ResourceType, value: Any, path: list[str | int]) -> Any:
    """A service's value with the schema's names and types."""
    schema = kind.of(path)
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    wanted = schema.get("type")
    if isinstance(value, str) and value[:1] in "{[" and (wanted == "object" or (isinstance(wanted, list) and "object" in wanted)):
        return _document(value)
    if isinstance(value, dict):
        return _structure(kind, schema, value, path)
    if isinstance(value, list | tuple):
        return [_shaped(kind, item, [*path, 0]) for item in value]
    return kind.coerced(value, tuple(path)) if wanted else value


def _document(text: str) -> Any:
    """A policy as services keep it; what only looks like one stays text."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _structure(kind: schemas.ResourceType, schema: dict[str, Any], value: dict[str, Any], path: list[str | int]) -> dict[str, Any]:
    members = schema.get("properties")
    if not members:
        return dict(value)
    lower = {str(key).lower(): item for key, item in value.items()}
    found = {name: _shaped(kind, lower[name.lower()], [*path, name]) for name in members if lower.get(name.lower()) is not None}
    hidden = {one.rpartition("/")[2] for one in kind.write_only if one.rpartition("/")[0] == "/".join(str(part) for part in path)}
    return {name: item for name, item in found.items() if item is not None and name not in hidden}

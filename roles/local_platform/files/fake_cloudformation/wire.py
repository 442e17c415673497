# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Query protocol, by botocore's own model of the service: requests in, XML out.

https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

import botocore.session
from botocore.model import OperationModel
from botocore.model import Shape

from fake_cloudformation.errors import ApiError
from fake_cloudformation.errors import invalid

SERVICE = botocore.session.get_session().get_service_model("cloudformation")
NAMESPACE = SERVICE.metadata["xmlNamespace"]


def operation(action: str) -> OperationModel:
    if action not in SERVICE.operation_names:
        raise ApiError("InvalidAction", f"Could not find operation {action} for version {SERVICE.api_version}")
    return SERVICE.operation_model(action)


def read_request(model: OperationModel, form: dict[str, str]) -> dict[str, Any]:
    """The form fields as the operation's input, judged by the constraints that the model carries."""
    if model.input_shape is None:
        return {}
    values = _structure(model.input_shape, form, "")
    problems = list(_problems(model.input_shape, values, ""))
    if problems:
        raise invalid(f"{len(problems)} validation error{'s' if len(problems) > 1 else ''} detected: {'; '.join(problems)}")
    return values


def _structure(shape: Shape, form: dict[str, str], prefix: str) -> dict[str, Any]:
    found = {name: _read(member, form, f"{prefix}{name}") for name, member in shape.members.items()}
    return {name: value for name, value in found.items() if value is not None}


def _read(shape: Shape, form: dict[str, str], prefix: str) -> Any:
    if shape.type_name == "structure":
        return _structure(shape, form, f"{prefix}.") if _below(form, prefix) else None
    if shape.type_name == "list":
        numbers = _numbers(form, f"{prefix}.member.")
        # An empty list is sent as an empty field.
        return [_read(shape.member, form, f"{prefix}.member.{number}") for number in numbers] or ([] if prefix in form else None)
    if shape.type_name == "map":
        entries = (f"{prefix}.entry.{number}" for number in _numbers(form, f"{prefix}.entry."))
        return {form[f"{entry}.key"]: _read(shape.value, form, f"{entry}.value") for entry in entries} or None
    value = form.get(prefix)
    if value is None or shape.type_name == "string":
        return value
    return value.lower() == "true" if shape.type_name == "boolean" else int(value)


def _below(form: dict[str, str], prefix: str) -> bool:
    return any(key.startswith(f"{prefix}.") for key in form)


def _numbers(form: dict[str, str], prefix: str) -> list[int]:
    return sorted({int(key[len(prefix) :].split(".")[0]) for key in form if key.startswith(prefix)})


def _problems(shape: Shape, value: Any, path: str) -> Iterable[str]:
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            where = f"{path}.{_lower(name)}" if path else _lower(name)
            if name in value:
                yield from _problems(member, value[name], where)
            elif name in shape.required_members:
                yield f"Value null at '{where}' failed to satisfy constraint: Member must not be null"
        return
    if shape.type_name == "list":
        for number, item in enumerate(value, 1):
            yield from _problems(shape.member, item, f"{path}.{number}.member")
    words = _broken(shape, value)
    if words:
        shown = value if shape.type_name != "list" else f"[{', '.join(map(str, value))}]"
        yield f"Value '{shown}' at '{path}' failed to satisfy constraint: Member must {words}"


def _broken(shape: Shape, value: Any) -> str | None:
    if shape.type_name not in ("string", "list"):
        return None
    least, most, pattern, enum = (shape.metadata.get(key) for key in ("min", "max", "pattern", "enum"))
    if least is not None and len(value) < least:
        return f"have length greater than or equal to {least}"
    if most is not None and len(value) > most:
        return f"have length less than or equal to {most}"
    if enum and value not in enum:
        return f"satisfy enum value set: [{', '.join(enum)}]"
    # The model escapes Java's way; what Python cannot read is not judged.
    if pattern and isinstance(value, str) and _compiled(pattern) and not _compiled(pattern).fullmatch(value):
        return f"satisfy regular expression pattern: {pattern}"
    return None


def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(pattern)
    except re.error:
        return None


def _lower(name: str) -> str:
    return name[0].lower() + name[1:]


def answer(model: OperationModel, values: dict[str, Any], request_id: str) -> bytes:
    shape = model.output_shape
    inner = ""
    if shape is not None:
        wrapper = shape.serialization.get("resultWrapper", f"{model.name}Result")
        inner = f"<{wrapper}>{_members(shape, values)}</{wrapper}>"
    meta = f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>"
    return f'<{model.name}Response xmlns="{NAMESPACE}">{inner}{meta}</{model.name}Response>'.encode()


def error_answer(error: ApiError, request_id: str) -> bytes:
    kind = "Sender" if error.status < 500 else "Receiver"
    inner = f"<Error><Type>{kind}</Type><Code>{error.code}</Code><Message>{_text(error.message)}</Message></Error>"
    return f'<ErrorResponse xmlns="{NAMESPACE}">{inner}<RequestId>{request_id}</RequestId></ErrorResponse>'.encode()


def _members(shape: Shape, values: dict[str, Any]) -> str:
    unknown = set(values) - set(shape.members)
    if unknown:
        raise KeyError(f"{shape.name} has no {sorted(unknown)}")
    return "".join(f"<{name}>{_written(shape.members[name], value)}</{name}>" for name, value in values.items() if value is not None)


def _written(shape: Shape, value: Any) -> str:
    if shape.type_name == "structure":
        return _members(shape, value)
    if shape.type_name == "list":
        return "".join(f"<member>{_written(shape.member, item)}</member>" for item in value)
    if shape.type_name == "map":
        return "".join(f"<entry><key>{_text(key)}</key><value>{_written(shape.value, item)}</value></entry>" for key, item in value.items())
    if shape.type_name == "boolean":
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    return _text(str(value))


def _text(value: str) -> str:
    # Line ends survive an XML parser only as references.
    return escape(value, {"\r": "&#13;"})
